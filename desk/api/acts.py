"""Reporting what happened: one endpoint an act, each with its fields; and putting a fact right."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Path, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field, JsonValue

from client.acts import says_of
from client.checked import Faulty
from client.correcting import NoSuchFact, correction, correction_again, standing_fact
from client.episodes import record
from desk.access import API_ACTS, act_endpoint, scope_to_revise
from desk.api import examples
from desk.api.answers import Recorded, Standing
from desk.api.bodies import SentByCaller, reported, sends
from desk.api.callers import Caller, TheDesk, beyond_its_scopes
from desk.api.notes import detailed, note
from desk.api.problems import fault_in_body, invalid
from desk.api.theirs import TheirEpisode
from desk.parts import Desk
from register.api_clients import ApiClient
from register.audit import Outcome
from register.recorded import facts_begun
from rules.acceptance import Refused
from rules.facts import FACT_TYPES, Fact, FactCorrected, FactWithdrawn
from rules.facts.base import FactBase
from rules.vocabulary import Reference, Words

router = APIRouter(tags=["Acts"])

TO, CHANGES = "to", "changes"


def _endpoint_of(act: str) -> None:
    """Make the endpoint of one act."""
    kind = FACT_TYPES[act]

    @router.post(
        f"/episodes/{{episode}}/acts/{act}",
        name=act_endpoint(act),
        summary=f"Report {act}",
        description=f"{says_of(act)}\n\n{_ONCE}",
        openapi_extra=sends(kind, lambda: {act: examples.of_act(act)}, name=reported(act), by_caller=True),
    )
    async def report(
        request: Request,
        desk: TheDesk,
        caller: Caller,
        line: TheirEpisode,
        fact: Annotated[FactBase, Depends(SentByCaller(kind))],
    ) -> Recorded:
        detailed(request, fact.id)
        if isinstance(fact, FactCorrected | FactWithdrawn):
            revised = fact.corrects if isinstance(fact, FactCorrected) else fact.withdraws
            if not await run_in_threadpool(_may_revise, desk, caller, line.id, revised):
                raise Refused(_NOT_THERE)
        return await _recorded(request, desk, line.id, cast(Fact, fact))


_ONCE = (
    "The `id` is yours to choose: the same fact sent again under it is recorded once, however much later. It is"
    " answered when it is published, so that what is read next has it."
)


async def _recorded(request: Request, desk: Desk, episode: str, fact: Fact) -> Recorded:
    receipt = await record(await desk.client(), episode, fact, desk.register)
    await note(request, Outcome.DONE)
    return Recorded(episode=episode, act=fact.kind, id=fact.id, standing=Standing.of(receipt))


for _act in API_ACTS:
    _endpoint_of(_act)


# --- Putting a fact right -------------------------------------------------------------------------------------------


class Correction(FactBase):
    """What was wrong in a fact, and why. Whatever is not named stays as it is."""

    reason: Words = Field(description="Why it was wrong, in your own words; no names.")
    changes: dict[str, JsonValue] = Field(
        min_length=1, description="The right value of each field that was wrong; null takes a field away."
    )


FactId = Annotated[Reference, Path(description="The id of the fact that was wrong.", examples=["review-1"])]


@router.post(
    "/episodes/{episode}/facts/{fact}/correction",
    name="correct_fact",
    summary="Correct some fields of a fact",
    openapi_extra=sends(Correction, examples.CORRECTION, name="CorrectionReported", by_caller=True),
)
async def correct(
    request: Request,
    desk: TheDesk,
    caller: Caller,
    line: TheirEpisode,
    fact: FactId,
    given: Annotated[Correction, Depends(SentByCaller(Correction))],
) -> Recorded:
    """Record a `fact_corrected` that keeps whatever is not changed. To take a fact back, report `fact_withdrawn`.

    To correct the opening fact, the token needs the scope `episodes:open` too. What a young person wrote, and facts of
    a kind that the system alone records, are changed by no token.
    """
    detailed(request, given.id)
    if not await run_in_threadpool(_may_revise, desk, caller, line.id, fact):
        raise NoSuchFact(_NOT_THERE)
    made = await run_in_threadpool(_correction, desk, line.id, fact, given)
    return await _recorded(request, desk, line.id, made)


_NOT_THERE = "No fact of that id is recorded in this episode: its timeline has the facts and their ids."


def _may_revise(desk: Desk, caller: ApiClient, episode: str, fact: str) -> bool:
    """Whether there is a fact to be corrected or withdrawn, of a kind that the caller's token allows.

    Raises:
        ApiProblem: its token does not allow it.
        RegisterUnavailable: the database cannot be used.
    """
    begun = facts_begun(desk.register, episode, fact).get(fact)
    if begun is None:
        return False
    needed = scope_to_revise(begun.fact.kind)
    if needed is None or needed not in caller.scopes:
        raise beyond_its_scopes(needed)
    return True


def _correction(desk: Desk, episode: str, fact: str, given: Correction) -> FactCorrected:
    said: dict[str, Any] = {"reason": given.reason, "by": given.by, "fact_id": given.id}
    again = correction_again(desk.register, episode, fact, given.changes, **said)
    if again and again.on == given.on:
        return again
    wrong = standing_fact(desk.register, episode, fact)
    try:
        return correction(wrong, given.changes, on=given.on, **said)
    except Faulty as faulty:
        # What is wrong stands in the changes, as the caller sent them.
        moved = (
            fault._replace(at=(CHANGES, *fault.at[1:])) if fault.at[:1] == (TO,) else fault for fault in faulty.faults
        )
        raise invalid(tuple(fault_in_body(fault) for fault in moved)) from None
