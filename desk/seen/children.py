"""The children as a list, made ready to be shown: at what stage each is, the next review, what is due next."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from desk.access import REACH, Reach, reaches_the_service
from desk.seen.dues import Calendars, day_said, day_words
from desk.viewer import DeskRole, Viewer
from register.queries import EpisodeLine
from register.work import EpisodeFilters, ListedEpisode
from register.work_more import MoreOfEpisodes, NextReview
from rules.vocabulary import Phase
from rules.wording import plain

STAGES = tuple(phase for phase in Phase if phase is not Phase.VOID)
_OWN = {DeskRole.IRO: "iro", DeskRole.SOCIAL_WORKER: "social_worker", DeskRole.TEAM_MANAGER: "team_manager"}
"""The filter that finds the children of somebody in a post of the case."""


class ChildSeen(NamedTuple):
    """A child in the list.

    Attributes:
        name: where the network has it; else the reference.
        reference: by the authority.
        href: the child's page.
        stage: in words, and that care has ended.
        review: the next review, in words.
        review_href: why its last day is what it is; None where none is owed.
        due, due_style: what is due next, in words, and the class of its colour.
        overdue: how many steps are overdue.
        iro: who it is, and who covers or is proposed, in words.
    """

    name: str
    reference: str
    href: str
    stage: str
    review: str
    review_href: str | None
    due: str
    due_style: str
    overdue: int
    iro: str


def own_posts(viewer: Viewer) -> list[DeskRole]:
    """The posts in which somebody has children of their own; none for those who see the whole service."""
    if reaches_the_service(viewer):
        return []
    return [role for role in DeskRole if role in viewer.roles and REACH[role] is Reach.OWN]


def within_reach(viewer: Viewer, post: DeskRole | None) -> EpisodeFilters:
    """The episodes that somebody sees.

    Args:
        viewer: who.
        post: as what, for those who have children of their own; None for those who see the whole service.
    """
    if post is None:
        return EpisodeFilters(authority=viewer.authority)
    return EpisodeFilters.model_validate({"authority": viewer.authority, _OWN[post]: viewer.person})


def children_seen(
    listed: Iterable[ListedEpisode], more: MoreOfEpisodes | None, today: date, calendars: Calendars
) -> list[ChildSeen]:
    """A page of children.

    Args:
        listed: the page's.
        more: what is said beside them; None where it could not be read.
        today: a London date.
        calendars: whose working days are counted.
    """
    more = more or MoreOfEpisodes()
    return [_seen(each, more, today, calendars) for each in listed]


def review_words(review: NextReview | None, today: date) -> str:
    """The next review in words.

    Args:
        review: as the register has it; None where none is owed.
        today: a London date.
    """
    if review is None:
        return "None is owed"
    last = day_said(review.due, today)
    if review.opened:
        return f"Has opened; complete it by {last}"
    if review.planned:
        was = "Was planned" if review.planned < today else "Planned"
        limit = "after its last day," if review.planned > review.due else "last day"
        return f"{was} for {day_said(review.planned, today)}; {limit} {last}"
    return f"Last day {last}"


def stage_words(stage: Phase) -> str:
    """A stage as people say it."""
    return plain(stage).capitalize()


def iro_words(line: EpisodeLine, names: Mapping[str, str]) -> str:
    """Who is a child's IRO, and who covers for them or is proposed.

    Args:
        line: the child's episode.
        names: of people of the directory, by reference.
    """
    if line.iro is None:
        return f"None; {names.get(line.proposed_iro, line.proposed_iro)} is proposed" if line.proposed_iro else "None"
    cover = f", covered by {names.get(line.cover, line.cover)}" if line.cover else ""
    return f"{names.get(line.iro, line.iro)}{cover}"


def _ended(line: EpisodeLine, today: date) -> str:
    if line.void or line.ended_on is None or line.stage is Phase.ENDED:
        return ""
    return f"; care ended {day_said(line.ended_on, today)}"


def _seen(each: ListedEpisode, more: MoreOfEpisodes, today: date, calendars: Calendars) -> ChildSeen:
    line, review = each.line, more.reviews.get(each.line.id)
    due = day_words(line.next_due, today, calendars.of(line.nation)) if line.next_due else ("Nothing is owed", "")
    return ChildSeen(
        name=each.child_name or line.child,
        reference=line.child,
        href=f"/children/{line.id}",
        stage=stage_words(line.stage) + _ended(line, today),
        review=review_words(review, today),
        review_href=f"/children/{line.id}/steps/{review.step}" if review else None,
        due=due[0],
        due_style=due[1],
        overdue=line.overdue,
        iro=iro_words(line, more.names),
    )
