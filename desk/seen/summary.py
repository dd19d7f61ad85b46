"""Where a child's case stands, in few lines."""

from datetime import date
from typing import NamedTuple

from desk.forms.words.choices import LEGAL_STATUSES
from desk.seen.child import ChildRead
from desk.seen.children import review_words, stage_words
from register.queries import EpisodeLine
from register.work import ChildOfEpisode
from register.work_more import COMPLETION, NextReview
from rules.codes import LegalStatus
from rules.facts.reviews import ReviewArranged
from rules.vocabulary import Phase, age_on
from rules.wording import counted

_YEAR = 365


class Row(NamedTuple):
    """One line of the summary, with where it leads."""

    label: str
    value: str
    href: str | None = None
    link: str = ""


def summary(read: ChildRead) -> list[Row]:
    """Where the case stands."""
    line, review = read.line, next_review(read.page)
    age = age_on(line.birth_date, line.ended_on or read.today)
    rows = [
        Row("Age", f"{age}, born {_day(line.birth_date)}"),
        Row("Looked after since", _day(line.became_looked_after) + _for_how_long(line, read.today)),
        Row("Legal status", _legal_status(read.case.legal_status)),
        Row("Stage", stage_words(line.stage)),
    ]
    if line.ended_on is None and not line.void:
        why = f"/children/{line.id}/steps/{review.step}" if review else None
        rows.append(
            Row("Next review", f"{review_words(review, read.today)}{_where(read, review)}", why, "Why this date")
        )
    if line.overdue:
        rows.append(Row("Overdue", counted(line.overdue, "step")))
    return rows


def next_review(page: ChildOfEpisode) -> NextReview | None:
    """The review that is owed, or has opened and is to be completed; None where none is.

    Args:
        page: what the register has of the child.
    """
    step = next((each for each in page.open_steps if each.phase is Phase.REVIEW), None)
    if step is None:
        return None
    opened = step.name == COMPLETION
    key = "consult_child" + step.key.removeprefix(step.name)
    talk = next((each for each in (*page.open_steps, *page.closed_steps) if each.key == key), None)
    planned = talk.basis.counted_from if talk and not opened else None
    return NextReview(
        step=step.key,
        due=step.due,
        planned=None if planned == step.basis.practical_due else planned,
        opened=opened,
    )


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _legal_status(status: LegalStatus) -> str:
    return LEGAL_STATUSES.get(status, status.value)


def _for_how_long(line: EpisodeLine, today: date) -> str:
    if line.ended_on or line.void:
        return ""
    days = (today - line.became_looked_after).days
    if days < 0:
        return ", which is to come"
    return f", {counted(days, 'day')}" if days < _YEAR // 2 else f", {counted(days * 12 // _YEAR, 'month')}"


def _where(read: ChildRead, review: NextReview | None) -> str:
    """At what time and where it is planned, as it was last arranged."""
    arranged = read.case.last(ReviewArranged)
    if review is None or review.planned is None or arranged is None or arranged.fact.planned_for != review.planned:
        return ""
    at = f" at {arranged.fact.at:%H:%M}" if arranged.fact.at else ""
    place = f"{' in' if not at else ','} {arranged.fact.place}" if arranged.fact.place else ""
    return f". It begins{at}{place}" if at or place else ""
