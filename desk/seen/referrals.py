"""Referrals to Cafcass and requests for independent legal advice, made ready to be shown."""

from collections.abc import Iterator, Sequence

from desk.access import may_read_of_advice
from desk.forms.controls import as_clause
from desk.forms.words.choices_beside import CAFCASS_OUTCOMES, FAILURES
from desk.seen.changes import Told, told
from desk.seen.matters import cafcass_name, matter_words, replies, whom
from desk.seen.steps import Scene
from desk.settling import Link
from rules.case import Case, Known
from rules.disputes import disputes_of
from rules.facts.cafcass import (
    CafcassConsidered,
    CafcassReferred,
    CafcassReplied,
    LegalAdviceAsked,
    LegalAdviceGiven,
)
from rules.reading import key
from rules.referral import ADVICE, REFER, REPLY
from rules.steps import Step
from rules.wording import in_full, listed


def referrals(scene: Scene, case: Case, steps: Sequence[Step], dispute: str | None = None) -> list[Told]:
    """What was considered, referred and asked of others, the latest first; of all disputes at once, each with its own.

    Args:
        scene: what they are looked at with.
        case: the facts that stand, the whole history of them.
        steps: what is owed.
        dispute: only what goes with this dispute, by its name.
    """
    found = [*_considered(scene, case, steps), *_referred(scene, case, steps), *_advice(scene, case, steps)]
    found.sort(key=lambda each: (each[0].on, each[0].at), reverse=True)
    if dispute:
        return [seen for known, seen in found if known.fact.dispute == dispute]
    goes_with = {
        each.id: [
            f"Formal dispute: {matter_words(each.raised.fact.matter).lower()}, raised on {in_full(each.raised.on)}."
        ]
        for each in disputes_of(case)
    }
    return [seen._replace(lines=[*goes_with.get(known.fact.dispute or "", []), *seen.lines]) for known, seen in found]


def referral_path(episode: str, referral: str) -> str:
    """The path of a referral as a document."""
    return f"/children/{episode}/referrals/{referral}.pdf"


_Any = Known[CafcassConsidered] | Known[CafcassReferred] | Known[LegalAdviceAsked]


def _considered(scene: Scene, case: Case, steps: Sequence[Step]) -> Iterator[tuple[_Any, Told]]:
    for known in case.all(CafcassConsidered):
        owed = _owed(steps, key(REFER, known.id))
        what = "the case is to be referred" if known.fact.refer else "the case is not to be referred"
        title = f"Considered on {in_full(known.on)}: {what}"
        yield known, told(scene, title, [known.fact.reason], owed, still_open=any(step.is_open for step in owed))


def _referred(scene: Scene, case: Case, steps: Sequence[Step]) -> Iterator[tuple[_Any, Told]]:
    replied = replies(case)
    for known in case.all(CafcassReferred):
        reply = replied.get(known.id)
        title = f"Referral to {cafcass_name(scene.line.nation)}, {in_full(known.on)}"
        lines = [*_said(known.fact), *_reply(reply, scene)]
        seen = told(scene, title, lines, _owed(steps, key(REPLY, known.id)), still_open=reply is None)
        document = Link("", "The referral as a document (PDF)", referral_path(scene.line.id, known.id))
        yield known, seen._replace(links=[document, *seen.links])


def _said(fact: CafcassReferred) -> Iterator[str]:
    yield f"What the authority failed in: {as_clause(FAILURES[fact.failure])}."
    yield fact.about
    yield f"Done so far: {fact.done_so_far}"
    yield f"Raised with: {listed(whom(role) for role in fact.raised_with)}."
    yield f"The child's view: {fact.childs_view}"
    yield f"What is asked: {fact.asks}"


def _reply(reply: Known[CafcassReplied] | None, scene: Scene) -> Iterator[str]:
    name = cafcass_name(scene.line.nation)
    if reply is None:
        yield f"{name} has not answered yet."
        return
    words = f" {reply.fact.words}" if reply.fact.words else ""
    yield f"{name} answered on {in_full(reply.on)}: {as_clause(CAFCASS_OUTCOMES[reply.fact.outcome])}.{words}"


def _advice(scene: Scene, case: Case, steps: Sequence[Step]) -> Iterator[tuple[_Any, Told]]:
    given = {known.fact.request: known for known in reversed(case.all(LegalAdviceGiven))}
    for known in case.all(LegalAdviceAsked):
        done = given.get(known.id)
        about = [known.fact.about] if may_read_of_advice(scene.viewer) else []
        lines = [*about, f"Had on {in_full(done.on)}." if done else "Not had yet."]
        title = f"Independent legal advice, asked for on {in_full(known.on)}"
        yield known, told(scene, title, lines, _owed(steps, key(ADVICE, known.id)), still_open=done is None)


def _owed(steps: Sequence[Step], wanted: str) -> list[Step]:
    return [step for step in steps if step.key == wanted]
