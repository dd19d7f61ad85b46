"""What a child asked for, or somebody for them, and what came of it, made ready to be shown."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from desk.forms.controls import as_clause
from desk.forms.words.choices_beside import WISHES, WISHES_MET
from desk.seen.changes import Told, told
from desk.seen.steps import Scene
from rules.case import Case, Known
from rules.childs_road import ADVOCATE, ANSWER, HELP, PASS_ON, REPLACE, SEEK, WEIGH, WISH
from rules.facts.base import FactBase
from rules.facts.childs_road import (
    ASKED_BY_THE_CHILD,
    AdultSought,
    AdvocateAsked,
    AdvocateProvided,
    ChildHelpedToAdvice,
    ChildWantsNoMore,
    ChildWantsProceedings,
    ChildWishAnswered,
    ChildWished,
    ComplaintAbout,
    ComplaintAnswered,
    ComplaintMade,
    ComplaintPassedOn,
    ComplaintWeighed,
)
from rules.reading import key
from rules.steps import Step
from rules.wording import in_full

F = TypeVar("F", bound=FactBase)

_STEPS = {
    ChildWantsProceedings: (SEEK, HELP),
    ComplaintMade: (PASS_ON, WEIGH, REPLACE, ANSWER),
    AdvocateAsked: (ADVOCATE,),
    ChildWished: (WISH,),
}
"""What each thing that is asked for sets off, in order."""


def asked(scene: Scene, case: Case, steps: Sequence[Step]) -> list[Told]:
    """What the child asked for, what is open first, then the latest.

    Args:
        scene: what it is looked at with.
        case: the facts that stand, the whole history of them.
        steps: what is owed.
    """
    every = [known for kind in ASKED_BY_THE_CHILD for known in case.all(kind)]
    latest_first = sorted(every, key=lambda each: each.when, reverse=True)
    found = [_asked(scene, case, known, steps) for known in latest_first]
    return sorted(found, key=lambda each: not each.still_open)


def _asked(scene: Scene, case: Case, known: Known[FactBase], steps: Sequence[Step]) -> Told:
    keys = [key(name, known.id) for name in _STEPS[type(known.fact)]]
    owed = [step for wanted in keys for step in steps if step.key == wanted and step.is_open]
    title, lines = _said(case, known)
    said = [f"{in_full(known.on)}.", *lines, *_no_more(case, known.id)]
    return told(scene, title, said, owed, still_open=bool(owed))


def _said(case: Case, known: Known[FactBase]) -> tuple[str, list[str]]:
    fact = known.fact
    if isinstance(fact, ChildWantsProceedings):
        return "To bring proceedings of their own", [fact.words, *_of_proceedings(case, fact.id)]
    if isinstance(fact, ComplaintMade):
        whom = "the IRO" if fact.about is ComplaintAbout.IRO else "the authority"
        by = "" if fact.by_child else ", made for the child"
        return f"A complaint about {whom}{by}", [fact.words, *_of_complaint(case, fact.id)]
    if isinstance(fact, ChildWished):
        who = f": the {fact.who.words}" if fact.who else ""
        return f"For the review: {as_clause(WISHES[fact.wish])}{who}", [fact.words, *_of_wish(case, fact.id)]
    if isinstance(fact, AdvocateAsked):
        by = "" if fact.by_child else ", asked for by somebody for the child"
        return f"An advocate{by}", [*([fact.words] if fact.words else []), *_of_advocate(case, fact.id)]
    raise ValueError(f"{type(fact).__name__} is nothing that a child asks for")


def _of_proceedings(case: Case, name: str) -> Iterator[str]:
    for sought in (known for known in case.all(AdultSought) if known.fact.request == name):
        found = "an adult is able and willing to help" if sought.fact.found else "no adult is able and willing to help"
        yield f"The IRO established on {in_full(sought.on)}: {found}. {sought.fact.reason}"
    for helped in _first(known for known in case.all(ChildHelpedToAdvice) if known.fact.request == name):
        yield " ".join(filter(None, (f"Helped to legal advice on {in_full(helped.on)}.", helped.fact.words)))


def _of_complaint(case: Case, name: str) -> Iterator[str]:
    for passed in _first(known for known in case.all(ComplaintPassedOn) if known.fact.complaint == name):
        yield f"The IRO was told on {in_full(passed.on)}."
    for weighed in _first(known for known in case.all(ComplaintWeighed) if known.fact.complaint == name):
        stays = "the IRO stays" if weighed.fact.stays else "another IRO is to be found"
        yield f"The IRO manager weighed it on {in_full(weighed.on)}: {stays}. {weighed.fact.reason}"
    for answered in _first(known for known in case.all(ComplaintAnswered) if known.fact.complaint == name):
        yield f"Answered on {in_full(answered.on)}: {answered.fact.answer}"


def _of_advocate(case: Case, name: str) -> Iterator[str]:
    for provided in _first(known for known in case.all(AdvocateProvided) if known.fact.request == name):
        yield f"Has one since {in_full(provided.on)}."


def _of_wish(case: Case, name: str) -> Iterator[str]:
    for answered in _first(known for known in case.all(ChildWishAnswered) if known.fact.wish == name):
        reason = f". {answered.fact.reason}" if answered.fact.reason else ""
        yield f"Answered on {in_full(answered.on)}: {as_clause(WISHES_MET[answered.fact.met])}{reason}"


def _no_more(case: Case, name: str) -> Iterator[str]:
    for known in _first(known for known in case.all(ChildWantsNoMore) if known.fact.request == name):
        yield f"The child said on {in_full(known.on)} that they want no more of it: {known.fact.words}"


def _first(found: Iterable[Known[F]]) -> list[Known[F]]:
    """The first of them, if there is one."""
    return list(found)[:1]
