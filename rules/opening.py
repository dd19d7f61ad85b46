"""Opening an episode: the facts it begins with, and whether a second notification says the same."""

from collections.abc import Sequence
from datetime import date, datetime

from rules.facts import Entry, Fact
from rules.facts.care import BecameLookedAfter, CaseTakenOn
from rules.facts.reviews import ReviewHeld

_TELLS_THE_SAME = ("authority", "nation", "child", "birth_date", "on", "legal_status")


def opening_entries(opening: BecameLookedAfter, facts: Sequence[Fact], at: datetime) -> tuple[Entry, ...]:
    """The ledger an episode begins with.

    In a case taken on from another system every past review but the last is settled: what followed it was that
    system's to follow.

    Args:
        opening: that the child became looked after.
        facts: what else is known.
        at: the instant all of it is recorded, UTC.
    """
    reviews = [fact for fact in facts if isinstance(fact, ReviewHeld)]
    last = max((fact.on for fact in reviews), default=None)
    taken_on = any(isinstance(fact, CaseTakenOn) for fact in facts)
    return (
        Entry(fact=opening, at=at),
        *(
            Entry(fact=fact, at=at, settled=taken_on and isinstance(fact, ReviewHeld) and fact.on != last)
            for fact in facts
        ),
    )


def contradiction(
    notification: BecameLookedAfter, first: BecameLookedAfter, corrected: BecameLookedAfter
) -> str | None:
    """What a second notification says otherwise than the first, in one sentence; None when they agree.

    A notification that agrees with what was first said, or with how that was corrected, is the same one.

    Args:
        notification: the second one.
        first: the one that opened the episode.
        corrected: how that reads now.
    """
    differing = [
        [name for name in _TELLS_THE_SAME if getattr(notification, name) != getattr(known, name)]
        for known in (first, corrected)
    ]
    if not all(differing):
        return None
    return (
        f"This child's episode is open already and says otherwise ({', '.join(differing[0])});"
        " if the notification is right, record a fact_corrected."
    )


def second_episode(first_day: date, episode: str) -> str:
    """What to say to a notification of a child who is looked after already, under another first day.

    Args:
        first_day: of the episode that is open.
        episode: its id.
    """
    return (
        f"This child is looked after already, since {first_day.day} {first_day:%B %Y}, in {episode}."
        " Correct its first day, or end it before opening another."
    )
