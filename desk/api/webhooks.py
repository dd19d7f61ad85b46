"""Webhooks: where an authority's systems are told of steps, what became of telling them, and telling them once more."""

from contextlib import suppress
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator
from temporalio.service import RPCError

from client.connection import ServerUnreachable
from client.schedules import wake_webhooks
from client.sealing import Seal
from desk.api.bodies import Sent, sends
from desk.api.callers import Caller, TheDesk
from desk.api.notes import detailed, note
from desk.api.problems import ApiProblem, Fault, Kinds, invalid
from desk.parts import Desk
from post.webhook_address import LONGEST, WebhookRefused, check_address
from post.webhook_messages import WebhookKind, WebhookState
from register import webhooks
from register.audit import Outcome
from register.webhook_deliveries import Delivery, deliveries, send_again
from register.webhooks import TooManyWebhooks, Webhook

MOST_LISTED = 200
HIGHEST = 2_147_483_647

router = APIRouter(tags=["Webhooks"])

EXAMPLE = {"every event": {"url": "https://cases.example.org/hooks"}}


class WebhookToAdd(BaseModel):
    """Where to tell of steps, and of what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(max_length=LONGEST, description="Where the receiver is, by https.")
    events: tuple[WebhookKind, ...] = Field(
        tuple(WebhookKind),
        description="What it is told; everything when left out.",
        json_schema_extra={"minItems": 1},
    )

    @field_validator("events")
    @classmethod
    def _tells_something(cls, events: tuple[WebhookKind, ...]) -> tuple[WebhookKind, ...]:
        if not events:
            raise ValueError("name an event, or leave events out to be told everything")
        return events


class AddedWebhook(BaseModel):
    """A receiver that is told of steps."""

    id: int
    url: str
    events: tuple[WebhookKind, ...]
    made_at: AwareDatetime
    made_by: str
    revoked_at: AwareDatetime | None = Field(description="Since when it is told nothing; null while it is in use.")
    failing_since: AwareDatetime | None = Field(description="Since when it takes nothing; null while all is well.")

    @classmethod
    def of(cls, webhook: Webhook) -> Self:
        """The webhook as the register has it."""
        return cls.model_validate(webhook.model_dump(include=set(AddedWebhook.model_fields)))


class NewWebhook(BaseModel):
    """A webhook that was added just now."""

    webhook: AddedWebhook
    secret: str = Field(description="What its requests are signed with. It cannot be had again.")


class Webhooks(BaseModel):
    """An authority's webhooks, those revoked too, in the order they were made."""

    webhooks: tuple[AddedWebhook, ...]


class Deliveries(BaseModel):
    """Events that a receiver was to be told of, the latest first."""

    deliveries: tuple[Delivery, ...]
    next: int | None = Field(description="The `before` of the next page; null on the last one.")


class SentAgain(BaseModel):
    """How many events are sent once more."""

    again: int


async def their_webhook(
    caller: Caller,
    desk: TheDesk,
    number: Annotated[
        str,
        Path(
            alias="webhook",
            description="The webhook's number.",
            examples=["3"],
            json_schema_extra={"pattern": "^[0-9]{1,9}$"},
        ),
    ],
) -> Webhook:
    """A webhook of the caller's authority.

    Raises:
        ApiProblem: there is none, or it is another authority's: that is not told apart.
    """
    found = await run_in_threadpool(webhooks.webhooks, desk.register, caller.authority, _number(number))
    if not found:
        raise ApiProblem(Kinds.NOT_FOUND, "Your authority has no webhook of that number: list the webhooks.")
    return found[0]


TheirWebhook = Annotated[Webhook, Depends(their_webhook)]


def _number(said: str) -> int:
    """A number as an address has it; 0, which nothing has, for what is none."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0


@router.post(
    "/webhooks",
    name="add_webhook",
    status_code=201,
    summary="Add a webhook",
    openapi_extra=sends(WebhookToAdd, EXAMPLE),
)
async def add(
    request: Request,
    response: Response,
    desk: TheDesk,
    caller: Caller,
    given: Annotated[WebhookToAdd, Depends(Sent(WebhookToAdd))],
) -> NewWebhook:
    """Be told from now on when a step of the authority's episodes opens, slips or closes. The secret is given once."""
    try:
        url = check_address(given.url, desk.settings.post.webhooks.networks)
        made, secret = await run_in_threadpool(_added, desk, caller.authority, url, given, caller.reference)
    except WebhookRefused as refused:
        raise invalid((Fault(pointer="#/url", detail=str(refused)),)) from None
    except TooManyWebhooks as refused:
        raise invalid((Fault(detail=str(refused)),)) from None
    await note(request, Outcome.DONE, detail=f"webhook-{made.id}")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Location"] = f"{request.scope['root_path']}/webhooks/{made.id}"
    return NewWebhook(webhook=AddedWebhook.of(made), secret=secret)


def _added(desk: Desk, authority: str, url: str, given: WebhookToAdd, by: str) -> tuple[Webhook, str]:
    return webhooks.add_webhook(
        desk.register,
        authority=authority,
        url=url,
        events=given.events,
        seal=Seal(desk.keys).close,
        by=by,
        at=desk.clock(),
    )


@router.get("/webhooks", name="list_webhooks", summary="List webhooks")
async def list_(request: Request, desk: TheDesk, caller: Caller) -> Webhooks:
    """The authority's webhooks, and which of them take nothing."""
    found = await run_in_threadpool(webhooks.webhooks, desk.register, caller.authority)
    await note(request, Outcome.SEEN)
    return Webhooks(webhooks=tuple(map(AddedWebhook.of, found)))


@router.get("/webhooks/{webhook}", name="read_webhook", summary="Read a webhook")
async def read(request: Request, webhook: TheirWebhook) -> AddedWebhook:
    """A webhook, and whether it takes what it is sent."""
    await note(request, Outcome.SEEN, detail=f"webhook-{webhook.id}")
    return AddedWebhook.of(webhook)


@router.delete("/webhooks/{webhook}", name="revoke_webhook", status_code=204, summary="Revoke a webhook")
async def revoke(request: Request, desk: TheDesk, caller: Caller, webhook: TheirWebhook) -> None:
    """Be told nothing more there, not even what is still owed. A webhook that was revoked before stays so."""
    detailed(request, f"webhook-{webhook.id}")
    await run_in_threadpool(
        webhooks.revoke_webhook, desk.register, webhook.id, caller.reference, desk.clock(), caller.authority
    )
    await note(request, Outcome.DONE)


# --- What became of the events --------------------------------------------------------------------------------------


class Wanted(BaseModel):
    """Which deliveries are listed, and which page of them."""

    model_config = ConfigDict(extra="forbid")

    state: WebhookState | None = Field(None, description="Only those of which this became.")
    before: int | None = Field(None, ge=1, le=HIGHEST, description="The `next` of the page before.")
    limit: int = Field(50, ge=1, le=MOST_LISTED, description="How many at most.")


@router.get("/webhooks/{webhook}/deliveries", name="list_deliveries", summary="List what a receiver was told")
async def list_deliveries(
    request: Request, desk: TheDesk, webhook: TheirWebhook, wanted: Annotated[Wanted, Query()]
) -> Deliveries:
    """The events for a receiver, the latest first: which it took, which are owed, and which failed and why."""
    found = await run_in_threadpool(_deliveries, desk, webhook.id, wanted)
    await note(request, Outcome.SEEN, detail=f"webhook-{webhook.id}")
    shown = found[: wanted.limit]
    return Deliveries(deliveries=tuple(shown), next=shown[-1].id if len(found) > wanted.limit else None)


def _deliveries(desk: Desk, webhook: int, wanted: Wanted) -> list[Delivery]:
    states = [wanted.state] if wanted.state else []
    return deliveries(desk.register, webhook=webhook, states=states, before=wanted.before, limit=wanted.limit + 1)


@router.post("/webhooks/{webhook}/again", name="send_failed_again", summary="Send again all that failed")
async def send_failed_again(request: Request, desk: TheDesk, webhook: TheirWebhook) -> SentAgain:
    """Send a receiver once more, under the ids they had, all events that failed; none where it was revoked."""
    again = await run_in_threadpool(lambda: send_again(desk.register, desk.clock(), failed_of=webhook.id))
    return await _owed_again(request, desk, webhook, again)


@router.post(
    "/webhooks/{webhook}/deliveries/{delivery}/again", name="send_delivery_again", summary="Send one event again"
)
async def send_delivery_again(
    request: Request,
    desk: TheDesk,
    webhook: TheirWebhook,
    delivery: Annotated[
        str, Path(description="The delivery's number.", examples=["17"], json_schema_extra={"pattern": "^[0-9]{1,9}$"})
    ],
) -> SentAgain:
    """Send a receiver one event once more, under the id it had; none where it is still owed, or was revoked."""
    again = await run_in_threadpool(_send_one_again, desk, webhook.id, _number(delivery))
    return await _owed_again(request, desk, webhook, again)


def _send_one_again(desk: Desk, webhook: int, number: int) -> int:
    found = deliveries(desk.register, webhook=webhook, before=number + 1, limit=1)
    if not found or found[0].id != number:
        raise ApiProblem(Kinds.NOT_FOUND, "That webhook has no delivery of that number: list its deliveries.")
    return send_again(desk.register, desk.clock(), number=number)


async def _owed_again(request: Request, desk: Desk, webhook: Webhook, again: int) -> SentAgain:
    await note(request, Outcome.DONE, detail=f"webhook-{webhook.id}")
    if again:
        # A round comes in a few minutes all the same.
        with suppress(ServerUnreachable, RPCError):
            await wake_webhooks(await desk.client(), desk.settings.task_queue)
    return SentAgain(again=again)
