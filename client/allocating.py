"""The IRO manager's word on who a child's IRO is to be: what may be, what needs a reason, and the fact that says it.

Nothing here records anything: `client.episodes.record` does, with the fact made here.
"""

import secrets
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from client.checked import checked
from register import directory, reading
from register.allocations import by_hand
from register.asking import asked_for
from register.gathering import AllocationAsked, candidates, child_to_allocate
from register.queries import EpisodeLine, facts
from rules.choosing import Choice, choose
from rules.facts.iro import IroAppointed
from rules.vocabulary import Role
from rules.wording import nearest


class NotAppointed(Exception):
    """An IRO cannot be appointed; the message is one sentence for a person."""


class ReasonWanted(NotAppointed):
    """Another than the expected one needs a reason; the message says who is expected."""


def refuse_without_child(episode: EpisodeLine) -> None:
    """Refuse an appointment where there is no child to have an IRO.

    Raises:
        NotAppointed: care has ended, or never was.
    """
    if episode.ended_on or episode.void:
        raise NotAppointed("The child is not looked after any longer, so no IRO can be appointed.")


def choice_now(register: Engine, episode: EpisodeLine) -> Choice:
    """Whom the rules would choose now, and what speaks for and against each candidate. Nothing is written.

    Args:
        register: the database.
        episode: the child's.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    asked = _asked(register, episode)
    with reading(register) as connection:
        child = child_to_allocate(connection, asked)
        iros = candidates(connection, asked.authority, asked.day, child)
    return choose(child, iros, asked.day)


def expected_iro(register: Engine, episode: EpisodeLine) -> str | None:
    """Whom the rules would have, who needs no reason: the one proposed, or where nobody is, the one who would be.

    None where the child has an IRO already: any other needs a reason.

    Args:
        register: the database.
        episode: the child's.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    if episode.iro:
        return None
    return episode.proposed_iro or choice_now(register, episode).iro


def appointment(
    register: Engine, episode: EpisodeLine, iro: str, reason: str | None, *, by: str, on: date, fact_id: str = ""
) -> IroAppointed:
    """The fact that appoints an IRO: the one proposed, or another for a reason.

    Args:
        register: the database.
        episode: the child's.
        iro: who is to be, by reference.
        reason: why this one, where another was expected.
        by: who says so, a reference.
        on: the day, a London date.
        fact_id: the fact's id; a fresh one when left out.

    Raises:
        NotAppointed: this one cannot be.
        ReasonWanted: this one may be, for a reason.
        Faulty: a field of the fact is not what is wanted, such as a reason far too long.
        RegisterUnavailable: the database cannot be used.
    """
    refuse_without_child(episode)
    _refuse_who_is_no_iro(register, iro)
    if iro == episode.iro:
        raise NotAppointed(f"{iro} is the child's IRO already.")
    found = by_hand(register, _asked(register, episode), iro)
    if found.bar:
        raise NotAppointed(found.bar)
    if not reason:
        _refuse_unless_expected(register, episode, iro)
    fields = {
        "id": fact_id or f"f-{secrets.token_hex(4)}",
        "on": on,
        "by": by,
        "iro": iro,
        "reason": reason or None,
        "over_capacity": found.over_capacity,
        "shares_with": found.shares_with,
    }
    return checked(IroAppointed, fields)


def _refuse_who_is_no_iro(register: Engine, iro: str) -> None:
    found = directory.person(register, iro)
    if found is None:
        meant = nearest(iro, [each.reference for each in directory.people(register)])
        raise NotAppointed(f"Nobody in the directory has that reference{meant}: choose an IRO who is there.")
    if found.role is not Role.IRO:
        raise NotAppointed(f"{iro} is {found.role.words}, not an IRO: choose an IRO.")


def _refuse_unless_expected(register: Engine, episode: EpisodeLine, iro: str) -> None:
    if episode.iro:
        raise ReasonWanted(f"Say why it is to be {iro}: {episode.iro} is the child's IRO now.")
    expected = expected_iro(register, episode)
    if iro == expected:
        return
    if episode.proposed_iro:
        raise ReasonWanted(f"Say why it is to be {iro}: {expected} is proposed.")
    raise ReasonWanted(f"Say why it is to be {iro}: the rules would have {expected or 'nobody'}.")


def _asked(register: Engine, episode: EpisodeLine) -> AllocationAsked:
    entries = facts(register, episode.id)
    return asked_for(episode.id, entries, datetime.now(UTC), former_iro=episode.former_iro)
