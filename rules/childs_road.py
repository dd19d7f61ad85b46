"""Phase 9, the child's own road: proceedings of their own, a complaint, an advocate, how their review is to be.

Each thing the child asks for sets off who owes an answer and by when; none is ever taken off the page by anything but
an answer (practice notes 4.6, 4.8 and 8; CPPCR 2010 reg 45(2); Children Act 1989 ss.26 and 26A).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

from rules.case import Known
from rules.cycles import Cycle, cycle_on
from rules.exemptions import missed, not_required
from rules.facts.base import FactBase
from rules.facts.childs_road import (
    ASKED_BY_THE_CHILD,
    NEVER_TAKEN_BACK,
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
from rules.facts.iro import IroAppointed
from rules.named_iro import named_iro, vacancies
from rules.reading import Reading, owed
from rules.steps import Basis, Step
from rules.vocabulary import Phase

__all__ = ["ASKED_BY_THE_CHILD", "NEVER_TAKEN_BACK", "STEPS_OF_THE_CHILD", "steps"]

F = TypeVar("F", bound=FactBase)

SEEK, HELP = "seek_adult", "help_to_advice"
PASS_ON, WEIGH, ANSWER = "pass_on_complaint", "weigh_complaint", "answer_complaint"
REPLACE = "find_another_iro"
ADVOCATE = "provide_advocate"
WISH, WISH_BEFORE = "answer_child_wish", "wish_before_review"
STEPS_OF_THE_CHILD = (SEEK, HELP, PASS_ON, WEIGH, REPLACE, ANSWER, ADVOCATE, WISH, "answer_change_request")
"""None of them is ever exempted: the child would not be answered."""
NO_MORE = "wanted_no_more"
_OF_THE_LIVING = (SEEK, HELP, ADVOCATE)
_OF_AN_IRO = (WEIGH, REPLACE)


def steps(reading: Reading) -> Iterator[Step]:
    """What each thing that the child asked for sets off."""
    for wanted in reading.case.all(ChildWantsProceedings):
        yield from _own_proceedings(reading, wanted)
    for made in reading.case.all(ComplaintMade):
        yield from _complaint(reading, made)
    for asked in reading.case.all(AdvocateAsked):
        provided = [known for known in reading.case.all(AdvocateProvided) if known.fact.request == asked.id]
        yield _owed(reading, ADVOCATE, asked, _first(provided) or _no_more(reading, asked))
    for wished in reading.case.all(ChildWished):
        yield _wish(reading, wished)


def _own_proceedings(reading: Reading, wanted: Known[ChildWantsProceedings]) -> Iterator[Step]:
    """An appropriate adult who helps, or else the IRO helps the child to legal advice."""
    sought = [known for known in reading.case.all(AdultSought) if known.fact.request == wanted.id]
    no_more = _no_more(reading, wanted)
    outcome = ("found" if sought[-1].fact.found else "none_found") if sought else None
    yield _owed(reading, SEEK, wanted, _first(sought) or no_more, outcome=outcome)
    without = [known for known in sought if not known.fact.found]
    if without:
        helped = _helped_since(reading, wanted, sought[: sought.index(without[-1])])
        step = _owed(reading, HELP, wanted, _first(helped) or no_more, since=without[-1])
        found_since = sought[-1].fact.found and step.is_open
        yield _over(reading, step, sought[-1].on, "an adult was found to help") if found_since else step


def _helped_since(
    reading: Reading, wanted: Known[ChildWantsProceedings], before: Sequence[Known[AdultSought]]
) -> list[Known[ChildHelpedToAdvice]]:
    """The help since an adult was last found: what came before was for a need that was over by then."""
    found = [known for known in before if known.fact.found]
    helped = [known for known in reading.case.all(ChildHelpedToAdvice) if known.fact.request == wanted.id]
    return [known for known in helped if not found or known.when > found[-1].when]


def _complaint(reading: Reading, made: Known[ComplaintMade]) -> Iterator[Step]:
    """Told to the IRO, unless it is they who recorded it; weighed, where it is about them; and answered."""
    passed_on = [known for known in reading.case.all(ComplaintPassedOn) if known.fact.complaint == made.id]
    knows = made if made.fact.by == named_iro(reading.case, made.on).iro else None
    yield _owed(reading, PASS_ON, made, knows or _first(passed_on))
    if made.fact.about is ComplaintAbout.IRO:
        yield from _about_the_iro(reading, made)
    answered = [known for known in reading.case.all(ComplaintAnswered) if known.fact.complaint == made.id]
    # It is the IRO who says that the child wants no more: that never closes a complaint about themselves.
    no_more = None if made.fact.about is ComplaintAbout.IRO else _no_more(reading, made)
    yield _owed(reading, ANSWER, made, _first(answered) or no_more)


def _about_the_iro(reading: Reading, made: Known[ComplaintMade]) -> Iterator[Step]:
    """Whether they can stay. That they cannot is no vacancy yet: it is owed until there is one, or another IRO."""
    left = _left(reading, made)
    weighed = _first([known for known in reading.case.all(ComplaintWeighed) if known.fact.complaint == made.id])
    outcome = ("stays" if weighed.fact.stays else "another_iro") if weighed else None
    step = _owed(reading, WEIGH, made, weighed, outcome=outcome)
    yield _over(reading, step, left.on, "the IRO had left the child") if left and step.is_open else step
    if weighed and not weighed.fact.stays:
        yield _owed(reading, REPLACE, made, left, since=weighed)


def _left(reading: Reading, made: Known[ComplaintMade]) -> Known[FactBase] | None:
    """What ended the time of the IRO of whom a complaint was made: the post fell vacant, or another has it."""
    case = reading.case
    in_post = case.within(IroAppointed, None, made.on)
    whom = in_post[-1].fact.iro if in_post else None
    vacant = [each.since for each in vacancies(case) if each.left == whom and each.since.on >= made.on]
    others = [known for known in case.all(IroAppointed) if known.fact.iro != whom and known.on >= made.on]
    return min((*vacant, *others), key=lambda known: known.on, default=None)


def _wish(reading: Reading, wished: Known[ChildWished]) -> Step:
    """Answered within the days of local policy, and before the review it is about."""
    answered = _first([known for known in reading.case.all(ChildWishAnswered) if known.fact.wish == wished.id])
    cycle = reading.cycles[cycle_on(reading.cycles, wished.on) - 1]
    governs, *others = _by_when(reading, wished, cycle)
    arranged = (cycle.held,) if cycle.held else (cycle.arranged, cycle.opening)
    step = owed(
        reading,
        Phase.CHILDS_ROAD,
        governs,
        name=WISH,
        cycle=cycle.number,
        anchor=wished.id,
        others=tuple(others),
        known_at=reading.case.known_at(wished, *(arranged if others else ())),
        done=answered or _no_more(reading, wished),
        outcome=answered.fact.met.value if answered else _no_more_code(reading, wished),
    )
    step = step.model_copy(update={"title": f"{step.title}: {wished.fact.wish.words}"})
    ending = reading.ending
    return _over(reading, step, ending.on, "no review is to come") if ending and step.is_open else step


def _by_when(reading: Reading, wished: Known[ChildWished], cycle: Cycle) -> list[Basis]:
    """Local policy's days and the day before the review, which comes after the wish: the earlier governs."""
    days = [cycle.review_day, *((cycle.held.on,) if cycle.held else ())]
    bases = [reading.book.basis(WISH, wished.on)]
    if meeting := min((day for day in days if day >= wished.on), default=None):
        bases.append(reading.book.not_before(reading.book.basis(WISH_BEFORE, meeting), wished.on))
    return sorted(bases, key=lambda basis: basis.due)


def _no_more(reading: Reading, asked: Known[FactBase]) -> Known[ChildWantsNoMore] | None:
    return _first([known for known in reading.case.all(ChildWantsNoMore) if known.fact.request == asked.id])


def _no_more_code(reading: Reading, asked: Known[FactBase]) -> str | None:
    return NO_MORE if _no_more(reading, asked) else None


def _first(found: Sequence[Known[F]]) -> Known[F] | None:
    return found[0] if found else None


def _owed(
    reading: Reading,
    rule: str,
    asked: Known[FactBase],
    done: Known[FactBase] | None,
    *,
    since: Known[FactBase] | None = None,
    outcome: str | None = None,
) -> Step:
    begun, ending = since or asked, reading.ending
    step = owed(
        reading,
        Phase.CHILDS_ROAD,
        reading.book.basis(rule, begun.on),
        cycle=cycle_on(reading.cycles, begun.on),
        anchor=asked.id,
        known_at=reading.case.known_at(asked, since),
        done=done,
        outcome=outcome or (NO_MORE if done and isinstance(done.fact, ChildWantsNoMore) else None),
    )
    if ending and step.is_open and (rule in _OF_AN_IRO or (ending.death and rule in _OF_THE_LIVING)):
        return _over(reading, step, ending.on, f"care ended: {ending.words}")
    return step


def _over(reading: Reading, step: Step, on: date, words: str) -> Step:
    """A step that has lost its object: missed where its last day had passed by then, else not required."""
    return missed(reading, step, on, words) if step.due < on else not_required(step, words)
