"""What receivers are told of a publication, written within its transaction: so none is lost, and none told of twice.

Where the authority has no webhook nothing is done but to see that, along with what a publication reads anyway.
"""

from collections.abc import Collection, Iterator, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, select

from post.webhook_messages import StepTold, WebhookEvent, WebhookKind, WebhookState
from register.episode_tables import StepRow
from register.publication import Publication
from register.rows import Row
from register.upserts import insert_new
from register.webhook_tables import WebhookDeliveryRow, WebhookEventRow, WebhookRow
from rules.clock import end_of
from rules.policy import BREACH
from rules.steps import Escalation
from rules.vocabulary import StepState

_LISTENS = and_(WebhookRow.authority == bindparam("authority"), WebhookRow.revoked_at.is_(None))

SOMEBODY_LISTENS: ColumnElement[bool] = exists().where(_LISTENS)
"""Whether an `authority` has a webhook; asked along with what a publication asks anyway."""

_RECEIVERS = select(WebhookRow.id, WebhookRow.events).where(_LISTENS).order_by(WebhookRow.id)
_STEPS = select(StepRow.key, StepRow.name, StepRow.title, StepRow.phase, StepRow.owner, StepRow.due).where(
    StepRow.episode_id == bindparam("episode"), StepRow.key.in_(bindparam("keys", expanding=True))
)


class _Happened(NamedTuple):
    """Something that happened to a step."""

    kind: WebhookKind
    step: str
    rung: str | None = None


def tell_webhooks(
    connection: Connection,
    publication: Publication,
    before: Mapping[str, StepState],
    rungs: Mapping[str, tuple[str, ...]],
) -> bool:
    """Write what there is to tell of a publication, and to whom.

    Args:
        connection: one whose transaction is the publication's.
        publication: what is being published.
        before: how the steps stood before it: all that were open, and those it carries.
        rungs: the rungs each step has reached, lowest first.

    Returns:
        Whether somebody is to be told of something.
    """
    happened = list(_happened(publication, before, rungs))
    if not happened:
        return False
    receivers = connection.execute(_RECEIVERS, {"authority": publication.opening.authority}).all()
    wanted = {kind for receiver in receivers for kind in receiver.events}
    told = [each for each in happened if each.kind in wanted]
    if not told:
        return False
    events = [_event_row(event) for event in _events(connection, publication, told)]
    insert_new(connection, WebhookEventRow, events)
    owed = [_delivery_row(event, each.id) for event in events for each in receivers if event["kind"] in each.events]
    insert_new(connection, WebhookDeliveryRow, owed)
    return True


def _happened(
    publication: Publication, before: Mapping[str, StepState], rungs: Mapping[str, tuple[str, ...]]
) -> Iterator[_Happened]:
    """What happened to the steps: first to those that stood before, then to those that were opened."""
    steps = publication.agenda.steps
    was_open = {key for key, state in before.items() if state is StepState.OPEN}
    opened = {step.key for step in steps if step.is_open and step.key not in was_open}
    slipped = [each for each in publication.agenda.raised if _is_slip(each, rungs[each.step])]
    closed = [step.key for step in steps if not step.is_open and step.key in was_open]
    vanished = sorted(was_open - {step.key for step in steps})
    yield from _slips(each for each in slipped if each.step not in opened)
    for key in (*closed, *vanished):
        yield _Happened(WebhookKind.CLOSED, key)
    for step in steps:
        if step.key in opened:
            yield _Happened(WebhookKind.OPENED, step.key)
    yield from _slips(each for each in slipped if each.step in opened)


def _slips(raised: Iterator[Escalation]) -> Iterator[_Happened]:
    for escalation in raised:
        yield _Happened(WebhookKind.SLIPPED, escalation.step, escalation.rung)


def _is_slip(escalation: Escalation, rungs: tuple[str, ...]) -> bool:
    """Whether a rung tells that the last day has passed: the breach, or what comes above it. A reminder does not."""
    if BREACH in escalation.rungs:
        return True
    reached = rungs[: rungs.index(escalation.rung)]
    return BREACH in reached and escalation.at >= end_of(escalation.due)


def _events(connection: Connection, publication: Publication, told: Collection[_Happened]) -> Iterator[WebhookEvent]:
    steps = _steps_told(connection, publication, {each.step for each in told})
    for each in told:
        step = steps[each.step].model_copy(update={"rung": each.rung})
        yield WebhookEvent(type=each.kind, timestamp=publication.at, data=step)


def _steps_told(connection: Connection, publication: Publication, keys: set[str]) -> dict[str, StepTold]:
    """The steps as the publication leaves them; those it took away, as the register has them."""
    told = {step.key: _told(publication, step, step.state) for step in publication.agenda.steps if step.key in keys}
    if vanished := keys - told.keys():
        asked = {"episode": publication.episode, "keys": list(vanished)}
        for row in connection.execute(_STEPS, asked):
            told[row.key] = _told(publication, row, StepState.NOT_REQUIRED)
    return told


def _told(publication: Publication, step: Any, state: StepState) -> StepTold:
    """What is told of a step.

    Args:
        publication: what is being published.
        step: the step, or its row.
        state: how it stands now.
    """
    return StepTold(
        authority=publication.opening.authority,
        episode=publication.episode,
        step=step.key,
        name=step.name,
        title=step.title,
        phase=step.phase,
        owner=step.owner,
        due=step.due,
        state=state,
        revision=publication.revision,
    )


def _event_row(event: WebhookEvent) -> Row:
    told = event.data
    about = (told.episode, str(told.revision), event.type, told.step, told.rung or "")
    return {
        "reference": f"evt_{blake2b('|'.join(about).encode(), digest_size=16).hexdigest()}",
        "episode_id": told.episode,
        "revision": told.revision,
        "kind": event.type,
        "step": told.step,
        "rung": told.rung or "",
        "at": event.timestamp,
        "body": event.body(),
    }


def _delivery_row(event: Row, webhook: int) -> Row:
    return {
        "event": event["reference"],
        "webhook_id": webhook,
        "episode": event["episode_id"],
        "state": WebhookState.OWED,
        "tries": 0,
        "owed_at": event["at"],
        "not_before": event["at"],
    }
