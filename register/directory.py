"""The directory: who the people of the service are, their absences and bars. Every change is checked and noted.

Each change is one transaction, and they wait for each other, so that what was checked is what stands and the highest
change that can be seen is the directory's version.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Select, and_, bindparam, delete, exists, func, insert, select, update

from register.engine import reading, take_turn, writing
from register.service_tables import AbsenceRow, BarRow, DirectoryChangeRow, IroTermsRow, PersonRow
from register.upserts import insert_or_replace
from rules.clock import london_date
from rules.directory import (
    Absence,
    Bar,
    BarKind,
    DirectoryChange,
    DirectoryChangeKind,
    IroTerms,
    Person,
    PersonChanges,
)
from rules.directory_checks import (
    Directory,
    DirectoryRefused,
    Newcomer,
    absence_on,
    changed,
    check_absence,
    check_added,
    check_bar,
    check_last_day,
    known,
)
from rules.vocabulary import Role

_PEOPLE = select(PersonRow).order_by(PersonRow.reference)
_TERMS = select(IroTermsRow).order_by(IroTermsRow.iro)
_ABSENCES = select(AbsenceRow).order_by(AbsenceRow.person, AbsenceRow.since)
_BARS = select(BarRow).order_by(BarRow.iro, BarRow.against, BarRow.kind)
_CHANGES = select(DirectoryChangeRow).order_by(DirectoryChangeRow.id)
_ANYONE = select(exists(select(PersonRow.reference)))
_VERSION = select(func.max(DirectoryChangeRow.id)).where(exists(select(IroTermsRow.iro)))
_NOTE: Insert = insert(DirectoryChangeRow).inline()
_ADD_PEOPLE: Insert = insert(PersonRow)
_DROP_TERMS = delete(IroTermsRow).where(IroTermsRow.iro == bindparam("who"))
_LAST_DAY = update(PersonRow).where(PersonRow.reference == bindparam("who")).values(until=bindparam("day"))
_THE_ABSENCE = and_(AbsenceRow.person == bindparam("who"), AbsenceRow.since == bindparam("first_day"))
_END_ABSENCE = update(AbsenceRow).where(_THE_ABSENCE).values(until=bindparam("last_day"))
_DROP_ABSENCE = delete(AbsenceRow).where(_THE_ABSENCE)
_DROP_BAR = delete(BarRow).where(
    BarRow.iro == bindparam("who"), BarRow.against == bindparam("whom"), BarRow.kind == bindparam("why")
)


# --- Reading -----------------------------------------------------------------------------------------------------


def is_empty(engine: Engine) -> bool:
    """Whether the directory holds nobody at all.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        return not connection.scalar(_ANYONE)


def directory_version(register: Engine | Connection) -> str:
    """What changes whenever the directory does; empty while it holds no IRO.

    Args:
        register: the register, or a connection to it.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(register) as connection:
        return str(connection.scalar(_VERSION) or "")


def person(engine: Engine, reference: str) -> Person | None:
    """The person of a reference; None when there is none.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        row = connection.execute(_PEOPLE.where(PersonRow.reference == reference)).first()
    return Person.model_validate(row, from_attributes=True) if row else None


def people(engine: Engine, authority: str | None = None, role: Role | None = None) -> list[Person]:
    """The people of the directory, by reference, those who have left too.

    Args:
        engine: the register.
        authority: only those of this one, by its three-digit code.
        role: only those who hold this post.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _PEOPLE
    if authority is not None:
        wanted = wanted.where(PersonRow.authority == authority)
    if role is not None:
        wanted = wanted.where(PersonRow.role == role)
    with reading(engine) as connection:
        return _people(connection, wanted)


def terms(engine: Engine, iro: str) -> IroTerms | None:
    """An IRO's hours, limit and fitness; None for somebody who is no IRO.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    with reading(engine) as connection:
        row = connection.execute(_TERMS.where(IroTermsRow.iro == iro)).first()
    return IroTerms.model_validate(row, from_attributes=True) if row else None


def absences(engine: Engine, reference: str | None = None) -> list[Absence]:
    """Times away, past, present and to come, by person and first day.

    Args:
        engine: the register.
        reference: only this person's.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _ABSENCES if reference is None else _ABSENCES.where(AbsenceRow.person == reference)
    with reading(engine) as connection:
        return _absences(connection, wanted)


def bars(engine: Engine, iro: str | None = None) -> list[Bar]:
    """Who may not review for whom.

    Args:
        engine: the register.
        iro: only the bars on this one.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _BARS if iro is None else _BARS.where(BarRow.iro == iro)
    with reading(engine) as connection:
        return [Bar.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]


def directory_changes(engine: Engine, reference: str | None = None) -> list[DirectoryChange]:
    """What was changed in the directory, when and by whom, in order.

    Args:
        engine: the register.
        reference: only what was changed of this person.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    wanted = _CHANGES if reference is None else _CHANGES.where(DirectoryChangeRow.person == reference)
    with reading(engine) as connection:
        return [DirectoryChange.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]


# --- Changing ----------------------------------------------------------------------------------------------------


def add_person(engine: Engine, person: Person, terms: IroTerms | None, by: str, at: datetime) -> None:
    """Add somebody to the directory.

    Args:
        engine: the register.
        person: who.
        terms: hours, limit and fitness, for an IRO; None for anyone else.
        by: who adds them: an opaque reference.
        at: when, an instant.

    Raises:
        DirectoryRefused: the directory does not take them; says why in one sentence.
        RegisterUnavailable: the database cannot be used.
    """
    add_people(engine, [(person, terms)], by, at)


def add_people(engine: Engine, newcomers: Sequence[Newcomer], by: str, at: datetime) -> None:
    """Add several people at once: all, or nobody when one of them is refused. They may name each other.

    Args:
        engine: the register.
        newcomers: who, each with terms if an IRO; may be none.
        by: who adds them: an opaque reference.
        at: when, an instant.

    Raises:
        DirectoryRefused: the directory does not take one of them; says why in one sentence.
        RegisterUnavailable: the database cannot be used.
    """
    if not newcomers:
        return
    with _changing(engine) as (connection, directory):
        check_added(directory, newcomers)
        connection.execute(_ADD_PEOPLE, [person.model_dump() for person, _ in newcomers])
        _write_terms(connection, [terms for _, terms in newcomers if terms])
        _note(connection, DirectoryChangeKind.ADDED, [person.reference for person, _ in newcomers], by, at)


def change_person(engine: Engine, reference: str, changes: PersonChanges, by: str, at: datetime) -> None:
    """Change what is said of somebody. An IRO who takes another post loses the terms.

    Args:
        engine: the register.
        reference: who.
        changes: only what is given changes.
        by: who changes it: an opaque reference.
        at: when, an instant.

    Raises:
        DirectoryRefused: nobody has the reference, or what would come of it cannot be.
        RegisterUnavailable: the database cannot be used.
    """
    with _changing(engine) as (connection, directory):
        person, terms = changed(directory, reference, changes)
        insert_or_replace(connection, PersonRow, [person.model_dump()])
        if terms:
            _write_terms(connection, [terms])
        else:
            connection.execute(_DROP_TERMS, {"who": reference})
        _note(connection, DirectoryChangeKind.CHANGED, [reference], by, at)


def set_last_day(engine: Engine, reference: str, day: date | None, by: str, at: datetime) -> None:
    """Say when somebody's post ends, or that it does not.

    Args:
        engine: the register.
        reference: who.
        day: the last day, a London date; None when they stay after all.
        by: who says so: an opaque reference.
        at: when, an instant.

    Raises:
        DirectoryRefused: nobody has the reference, or the day comes before their first.
        RegisterUnavailable: the database cannot be used.
    """
    with _changing(engine) as (connection, directory):
        person = check_last_day(directory, reference, day)
        connection.execute(_LAST_DAY, {"who": reference, "day": person.until})
        what = DirectoryChangeKind.LEAVES if day else DirectoryChangeKind.STAYS
        _note(connection, what, [reference], by, at)


def record_absence(engine: Engine, absence: Absence, by: str, at: datetime) -> None:
    """Record a time away. Recorded again with the same first day, its end and its cover are changed.

    Args:
        engine: the register.
        absence: who, when, and who covers.
        by: who records it: an opaque reference.
        at: when, an instant.

    Raises:
        DirectoryRefused: the person is unknown, gone or away already, or the cover cannot be; says which.
        RegisterUnavailable: the database cannot be used.
    """
    with _changing(engine) as (connection, directory):
        check_absence(directory, absence)
        insert_or_replace(connection, AbsenceRow, [absence.model_dump()])
        _note(connection, DirectoryChangeKind.ABSENT, [absence.person], by, at)


def end_absence(engine: Engine, reference: str, last_day: date, by: str, at: datetime) -> None:
    """Record that somebody is back.

    Args:
        engine: the register.
        reference: who.
        last_day: the last day they were or will be away.
        by: who records it: an opaque reference.
        at: when, an instant.

    Raises:
        DirectoryRefused: nobody has the reference, or they are not away on that day.
        RegisterUnavailable: the database cannot be used.
    """
    with _changing(engine) as (connection, directory):
        absence = absence_on(directory, reference, last_day)
        ended = {"who": reference, "first_day": absence.since, "last_day": last_day}
        connection.execute(_END_ABSENCE, ended)
        _note(connection, DirectoryChangeKind.BACK, [reference], by, at)


def withdraw_absence(engine: Engine, reference: str, since: date, by: str, at: datetime) -> None:
    """Take back an absence that did not happen or will not.

    Args:
        engine: the register.
        reference: who.
        since: its first day.
        by: who takes it back: an opaque reference.
        at: when, an instant.

    Raises:
        DirectoryRefused: no absence of theirs begins on that day.
        RegisterUnavailable: the database cannot be used.
    """
    with _changing(engine) as (connection, _):
        if not connection.execute(_DROP_ABSENCE, {"who": reference, "first_day": since}).rowcount:
            raise DirectoryRefused(f"No absence of {reference} begins on that day: give the first day of one.")
        _note(connection, DirectoryChangeKind.ABSENCE_WITHDRAWN, [reference], by, at)


def add_bar(engine: Engine, bar: Bar, by: str, at: datetime) -> None:
    """Bar an IRO from a child, or from the children of a worker or a team. A bar that stands gets the new reason.

    Args:
        engine: the register.
        bar: who, against whom and why.
        by: who bars them: an opaque reference.
        at: when, an instant.

    Raises:
        DirectoryRefused: they are no IRO, or have left, or a conflict of interest has no reason.
        RegisterUnavailable: the database cannot be used.
    """
    with _changing(engine) as (connection, directory):
        check_bar(directory, bar, london_date(at))
        insert_or_replace(connection, BarRow, [bar.model_dump()])
        _note(connection, DirectoryChangeKind.BARRED, [bar.iro], by, at)


def withdraw_bar(engine: Engine, iro: str, against: str, kind: BarKind, by: str, at: datetime) -> None:
    """Take a bar back.

    Args:
        engine: the register.
        iro: on whom.
        against: the child, worker or team.
        kind: which bar.
        by: who takes it back: an opaque reference.
        at: when, an instant.

    Raises:
        DirectoryRefused: there is no such bar.
        RegisterUnavailable: the database cannot be used.
    """
    with _changing(engine) as (connection, directory):
        known(directory, iro)
        if not connection.execute(_DROP_BAR, {"who": iro, "whom": against, "why": kind}).rowcount:
            raise DirectoryRefused(
                f"{iro} is not barred from {against} on that ground: look at the bars there are, and give one."
            )
        _note(connection, DirectoryChangeKind.BAR_WITHDRAWN, [iro], by, at)


@contextmanager
def _changing(engine: Engine) -> Iterator[tuple[Connection, Directory]]:
    """A connection for changing the directory, and the directory as it stands until then."""
    with writing(engine) as connection:
        take_turn(connection, "directory")
        terms = [IroTerms.model_validate(row, from_attributes=True) for row in connection.execute(_TERMS)]
        yield (
            connection,
            Directory(
                people={person.reference: person for person in _people(connection, _PEOPLE)},
                terms={each.iro: each for each in terms},
                absences=_absences(connection, _ABSENCES),
            ),
        )


def _people(connection: Connection, wanted: Select[Any]) -> list[Person]:
    return [Person.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]


def _absences(connection: Connection, wanted: Select[Any]) -> list[Absence]:
    return [Absence.model_validate(row, from_attributes=True) for row in connection.execute(wanted)]


def _write_terms(connection: Connection, terms: Sequence[IroTerms]) -> None:
    insert_or_replace(connection, IroTermsRow, [each.model_dump() for each in terms])


def _note(connection: Connection, what: DirectoryChangeKind, references: Sequence[str], by: str, at: datetime) -> None:
    connection.execute(_NOTE, [{"at": at, "by": by, "what": what, "person": each} for each in references])
