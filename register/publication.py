"""What one publication says: an episode after one change."""

from datetime import date

from pydantic import AwareDatetime

from rules.facts import Entry
from rules.facts.care import BecameLookedAfter
from rules.facts.iro import KinKnown
from rules.steps import Agenda
from rules.vocabulary import Frozen


class Publication(Frozen):
    """An episode as one change left it.

    Attributes:
        episode: the episode's id.
        revision: counts the episode's changes, upwards; with `episode` it names this publication.
        at: the instant of the change, UTC.
        today: the London date the agenda was derived for.
        opening: how the child became looked after, corrections applied.
        child_digest: the same for every episode of this child, and tells nobody who the child is.
        short_breaks: the child is looked after in a series of short breaks.
        entries: the facts recorded since the last revision.
        agenda: every open step, and the closed ones derived again; all reviews; what is raised and owed now.
        rules_version, policy_version, calendar_version: what decided the dates.
        result: what is to be answered to one who asks for this revision again; JSON.
        kin: every fact about kin that stands now, corrections applied; None when nothing changed of them.
        settled: the ids of the facts that the workflow does not go on with.
        unheard: how many publications just before this one the workflow never heard of, so that it holds what they
            say is settled.
    """

    episode: str
    revision: int
    at: AwareDatetime
    today: date
    opening: BecameLookedAfter
    child_digest: str
    short_breaks: bool
    entries: tuple[Entry, ...]
    agenda: Agenda
    rules_version: str
    policy_version: str
    calendar_version: str
    result: str
    kin: tuple[KinKnown, ...] | None = None
    settled: tuple[str, ...] = ()
    unheard: int = 0


class PublishedOutOfOrder(Exception):
    """A later revision of this episode stands in the register and this one does not. Nothing was written."""
