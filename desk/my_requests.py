"""What a young person reads of what they asked for, and of what came of it.

Somebody at home may see their page, and a child may have told their IRO in confidence. So, whoever asks:

- No words of the child's are shown that somebody else wrote down: they may say why, and of whom. Nor are words about
  the child: a complaint's answer, who was asked to help, whether an IRO can stay. Two answers alone are written for
  the child, "as the child was told": that to a wish, and that the IRO stays.
- A wish that somebody does not come is left out, unless it is about somebody who surely is not at home.
- A complaint about the authority is left out altogether: its carers are the authority's, so whoever reads "you made a
  complaint" over the child's shoulder may rightly take it to be about them. The answer reaches the child otherwise.
- So is a complaint that somebody else made for the child, who may not know of it.
- That a child wants to go to court is called help with their rights: it may be about those they live with.

The page says, to every child, that it does not hold everything: that tells nothing of this one.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import TypeVar

from rules.case import Case, Known
from rules.changes_of_iro import ANSWER as ANSWER_CHANGE
from rules.changes_of_iro import answer_to
from rules.childs_road import ADVOCATE, ANSWER, HELP, SEEK, WISH
from rules.facts.base import FactBase
from rules.facts.childs_road import (
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
    ReviewWish,
    WishMet,
)
from rules.facts.iro import IroChangeAsked, IroChangeDeclined
from rules.reading import key
from rules.steps import Step
from rules.vocabulary import Frozen, Role

MOST_ANSWERED = 10
"""So many of those that wait no more are shown: those answered last."""
NOT_AT_HOME = frozenset(
    {
        Role.SOCIAL_WORKER,
        Role.TEAM_MANAGER,
        Role.IRO,
        Role.VIRTUAL_SCHOOL_HEAD,
        Role.HEALTH,
        Role.ADVOCATE,
        Role.PERSONAL_ADVISER,
    }
)
"""Of whom it may be shown that the child does not want them there. A school may be where a child lives."""


class Wanted(StrEnum):
    """What was asked for, by its name in the templates of words."""

    PLACE = "place"
    TIME = "time"
    CHAIR = "chair"
    NOT_THERE = "not_there"
    RIGHTS = "rights"
    COMPLAINT = "complaint"
    ADVOCATE = "advocate"
    IRO = "iro"


class Outcome(StrEnum):
    """What came of it, by its name in the templates of words."""

    MET = "met"
    IN_PART = "in_part"
    NOT_MET = "not_met"
    ADULT = "adult"
    ADVICE = "advice"
    ANSWERED = "answered"
    ADVOCATE = "advocate"
    NEW_IRO = "new_iro"
    IRO_STAYS = "iro_stays"
    NO_MORE = "no_more"


class MyAnswer(Frozen):
    """What came of something.

    Attributes:
        on: the day.
        outcome: what.
        reason: why, as the child was told.
    """

    on: date
    outcome: Outcome
    reason: str | None = None


class MyRequest(Frozen):
    """Something that the young person asked for.

    Attributes:
        on: the day they did.
        wanted: what.
        who: who is not to be there; None unless that was asked for.
        by_me: they asked themselves; else somebody did for them.
        by: where it waits for an answer: the day by which one is owed; None once that is past.
        answer: what came of it; None while it waits.
    """

    on: date
    wanted: Wanted
    who: Role | None = None
    by_me: bool = True
    by: date | None = None
    answer: MyAnswer | None = None


F = TypeVar("F", bound=FactBase)
_Found = tuple[Known[FactBase], MyRequest]


def my_requests(
    case: Case,
    owed: Iterable[Step],
    today: date,
    *,
    since: date,
    told_days: bool,
    told_change: bool,
) -> tuple[MyRequest, ...]:
    """What the young person asked for, the latest first: all that waits, and what was answered lately.

    Args:
        case: the facts that stand, the whole history of them.
        owed: the steps that are open.
        today: a London date.
        since: what was answered before that day is not shown.
        told_days: the child may be told when and where reviews are; the reason for an answer may say so.
        told_change: the child may be told whether the IRO changes.
    """
    due = {step.key: step.due for step in owed}
    reader = _Reader(case, due, today, told_days)
    found = [*reader.wishes(), *reader.rights(), *reader.complaints(), *reader.advocates()]
    if told_change:
        found.extend(reader.changes())
    found.sort(key=lambda each: (each[0].on, each[0].at), reverse=True)
    latest_first = [request for _, request in found]
    answered = [(each.answer.on, place) for place, each in enumerate(latest_first) if each.answer]
    lately = {place for on, place in sorted(answered, reverse=True)[:MOST_ANSWERED] if on >= since}
    return tuple(each for place, each in enumerate(latest_first) if each.answer is None or place in lately)


class _Reader:
    """Reads what was asked for, kind by kind."""

    def __init__(self, case: Case, due: dict[str, date], today: date, told_days: bool) -> None:
        self._case, self._due, self._today, self._told_days = case, due, today, told_days

    def wishes(self) -> Iterator[_Found]:
        """What they wish of their review."""
        for known in self._case.all(ChildWished):
            wish, who = known.fact.wish, known.fact.who
            if wish is ReviewWish.NOT_THERE and who not in NOT_AT_HOME:
                continue
            answered = _first(each for each in self._case.all(ChildWishAnswered) if each.fact.wish == known.id)
            answer = self._wish_answer(answered) if answered else None
            yield self._request(known, Wanted(wish.value), WISH, answer=answer, who=who)

    def rights(self) -> Iterator[_Found]:
        """Proceedings of their own. Until somebody helps them, it waits: whether an adult can is no answer yet."""
        for known in self._case.all(ChildWantsProceedings):
            helped: list[Known[AdultSought] | Known[ChildHelpedToAdvice]] = [
                *(each for each in self._case.all(AdultSought) if each.fact.request == known.id and each.fact.found),
                *(each for each in self._case.all(ChildHelpedToAdvice) if each.fact.request == known.id),
            ]
            last = max(helped, key=lambda each: each.when, default=None)
            waits = any(key(step, known.id) in self._due for step in (SEEK, HELP))
            answer = None
            if last and not waits:
                outcome = Outcome.ADULT if isinstance(last.fact, AdultSought) else Outcome.ADVICE
                answer = MyAnswer(on=last.on, outcome=outcome)
            yield self._request(known, Wanted.RIGHTS, SEEK, HELP, answer=answer)

    def complaints(self) -> Iterator[_Found]:
        """Those about an IRO, and of those only what they made themselves."""
        for known in self._case.all(ComplaintMade):
            if known.fact.about is ComplaintAbout.IRO and known.fact.by_child:
                answered = _first(each for each in self._case.all(ComplaintAnswered) if each.fact.complaint == known.id)
                answer = MyAnswer(on=answered.on, outcome=Outcome.ANSWERED) if answered else None
                yield self._request(known, Wanted.COMPLAINT, ANSWER, answer=answer)

    def advocates(self) -> Iterator[_Found]:
        """An advocate, whoever asked for one."""
        for known in self._case.all(AdvocateAsked):
            provided = _first(each for each in self._case.all(AdvocateProvided) if each.fact.request == known.id)
            answer = MyAnswer(on=provided.on, outcome=Outcome.ADVOCATE) if provided else None
            yield self._request(known, Wanted.ADVOCATE, ADVOCATE, answer=answer, by_me=known.fact.by_child)

    def changes(self) -> Iterator[_Found]:
        """Another IRO."""
        for known in self._case.all(IroChangeAsked):
            first = answer_to(self._case, known)
            yield self._request(known, Wanted.IRO, ANSWER_CHANGE, answer=_change_answer(first) if first else None)

    def _wish_answer(self, answered: Known[ChildWishAnswered]) -> MyAnswer:
        # Where it is met no reason is owed to the child: what stands there is a note of whoever recorded it.
        reason = answered.fact.reason if self._told_days and answered.fact.met is not WishMet.MET else None
        return MyAnswer(on=answered.on, outcome=_OF_A_WISH[answered.fact.met], reason=reason)

    def _request(
        self,
        asked: Known[FactBase],
        wanted: Wanted,
        *steps: str,
        answer: MyAnswer | None,
        who: Role | None = None,
        by_me: bool = True,
    ) -> _Found:
        answer = answer or self._no_more(asked)
        due = min((self._due[name] for step in steps if (name := key(step, asked.id)) in self._due), default=None)
        by = due if due and due >= self._today and answer is None else None
        return asked, MyRequest(on=asked.on, wanted=wanted, who=who, by_me=by_me, by=by, answer=answer)

    def _no_more(self, asked: Known[FactBase]) -> MyAnswer | None:
        said = _first(each for each in self._case.all(ChildWantsNoMore) if each.fact.request == asked.id)
        return MyAnswer(on=said.on, outcome=Outcome.NO_MORE) if said else None


_OF_A_WISH = {WishMet.MET: Outcome.MET, WishMet.IN_PART: Outcome.IN_PART, WishMet.NOT_MET: Outcome.NOT_MET}


def _first(found: Iterable[Known[F]]) -> Known[F] | None:
    return next(iter(found), None)


def _change_answer(known: Known[FactBase]) -> MyAnswer:
    if isinstance(known.fact, IroChangeDeclined):
        return MyAnswer(on=known.on, outcome=Outcome.IRO_STAYS, reason=known.fact.reason)
    return MyAnswer(on=known.on, outcome=Outcome.NEW_IRO)
