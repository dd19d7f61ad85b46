"""The project's own sample return: written once into a data folder, and imported once."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine
from temporalio.client import Client

from client.importing import Imported, ToOpen, import_episodes
from client.keys import Keys
from commands.importing import cases_of
from intake.report import Report, report_on
from intake.sample import SamplePaths, write_sample
from intake.sample_people import SOCIAL_WORKER, TEAM_MANAGER, sample_iro, sample_networks, sample_staff
from intake.ssda903 import read_return
from register.contacts import add_contact
from register.directory import add_people, people
from rules.facts.iro import IroAppointed
from rules.vocabulary import Frozen

AUTHORITY = "810"
FOLDER = "sample"
NOTE = "sample.json"
BY = "sample"


class _Note(Frozen):
    """What is noted beside the sample: the day it was made for, and whether all of it was imported."""

    as_of: date
    imported: bool


class SampleImported(Frozen):
    """What came of importing the sample."""

    folder: Path
    imported: Imported
    report: Report


async def import_sample(
    client: Client, keys: Keys, register: Engine, data_dir: Path, today: date
) -> SampleImported | None:
    """Write the sample return and import it, once for each data folder.

    One that was interrupted is finished as it was begun, by its own dates; a new one is not made, since its
    children would be the same ones on other days.

    Args:
        client: a connected client.
        keys: for the opaque ids.
        register: the database.
        data_dir: where the sample's folder is to be.
        today: the day the sample is made for, if it is.

    Returns:
        What came of it; None when it was imported before.
    """
    folder = data_dir / FOLDER
    note = _read(folder / NOTE)
    if note and note.imported:
        return None
    if note is None:
        write_sample(folder, today)
        note = _Note(as_of=today, imported=False)
        _write(folder / NOTE, note)
    _add_people(register, note.as_of)
    tables = SamplePaths(*(folder / f"{name}.csv" for name in SamplePaths._fields))
    read = read_return(*tables, note.as_of)
    imported = await import_episodes(client, keys, register, [_with_people(case) for case in cases_of(read, AUTHORITY)])
    if imported.complete:
        _write(folder / NOTE, _Note(as_of=note.as_of, imported=True))
    return SampleImported(folder=folder, imported=imported, report=report_on(read))


def _with_people(case: ToOpen) -> ToOpen:
    """Who works on the sample's cases, and who the IROs are: a return says neither."""
    workers = {"social_worker": SOCIAL_WORKER, "team_manager": TEAM_MANAGER}
    opening = case.opening.model_copy(update=workers)
    iro = sample_iro(opening.child)
    if iro is None:
        return ToOpen(opening, case.facts)
    return ToOpen(opening, (*case.facts, IroAppointed(id="sample-iro", on=opening.on, by=BY, iro=iro)))


def _add_people(register: Engine, as_of: date) -> None:
    """The posts of the service and the children's networks, so that there is somebody to write to; once."""
    now = datetime.now(UTC)
    if not people(register, AUTHORITY):
        add_people(register, sample_staff(AUTHORITY), BY, now)
    for contact in sample_networks(AUTHORITY, as_of):
        add_contact(register, contact, BY, now)


def _read(file: Path) -> _Note | None:
    try:
        return _Note.model_validate(json.loads(file.read_text()))
    except (OSError, ValueError):
        return None


def _write(file: Path, note: _Note) -> None:
    draft = file.with_suffix(".new")
    draft.write_text(note.model_dump_json() + "\n")
    draft.replace(file)
