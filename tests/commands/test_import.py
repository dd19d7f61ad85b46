"""`starter.py import`: a return is taken on whole, once, whatever happens on the way."""

import asyncio
import csv
import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

import client.importing
from client.connection import connect_to
from client.episodes import Opened
from client.errors import NotAnswered
from client.importing import AT_ONCE, MOST_UNANSWERED, TRIES, Imported, ToOpen, import_episodes
from client.keys import Keys
from commands.importing import cases_of
from commands.sample import import_sample
from intake.sample import SamplePaths, write_sample
from intake.ssda903 import read_return
from register import open_register
from register.queries import facts, list_episodes, open_episode_ids, reviews
from rules.vocabulary import Phase
from tests.commands.conftest import Typed, days_ago, program, today
from tests.commands.processes import started
from tests.commands.stack import Stack, running
from workflows.messages import Receipt

AUTHORITY = "810"
SHARED = Path(__file__).parents[3] / "shared" / "ssda903"
AS_OF = date(2018, 3, 31)
IN_THE_SAMPLE = 13


@pytest.fixture
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of each test's own, so that what is there can be counted."""
    with running(tmp_path_factory.mktemp("import")) as started:
        yield started


def words(tables: SamplePaths, as_of: date, *more: str) -> tuple[str, ...]:
    """The command for a return."""
    named = [part for name, path in zip(tables._fields, tables, strict=True) for part in (f"--{name}", str(path))]
    return ("import", "--authority", AUTHORITY, "--nation", "england", *named, "--as-of", str(as_of), *more)


def slice_of(folder: Path, source: Path, children: int) -> SamplePaths:
    """The rows of the first children of a return that are looked after on the as-of day."""
    tables = tables_in(source)
    wanted = {child.child for child in read_return(*tables, AS_OF).children[:children]}
    for table in tables:
        names, *rows = rows_of(table)
        write(folder / table.name, [names, *(row for row in rows if row[0] in wanted)])
    return tables_in(folder)


def sample_times(number: int, folder: Path) -> SamplePaths:
    """The sample return, each of its children so many times under other references."""
    tables = write_sample(folder, today())
    for table in tables:
        names, *rows = rows_of(table)
        write(table, [names, *([f"{row[0]}-{copy}", *row[1:]] for copy in range(number) for row in rows)])
    return tables


def tables_in(folder: Path) -> SamplePaths:
    return SamplePaths(*(folder / f"{name}.csv" for name in SamplePaths._fields))


def rows_of(table: Path) -> list[list[str]]:
    with table.open(newline="") as file:
        return list(csv.reader(file))


def write(table: Path, rows: list[list[str]]) -> None:
    with table.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def test_the_sample_is_taken_on_once_however_often_it_is_imported(typed: Typed, stack: Stack, tmp_path: Path) -> None:
    tables = write_sample(tmp_path, today())
    first = typed(*words(tables, today(), "--json")).json
    assert (first["opened"], first["already_open"], first["refused"]) == (IN_THE_SAMPLE, 0, [])
    again = typed(*words(tables, today(), "--json")).json
    assert (again["opened"], again["already_open"], again["refused"]) == (0, IN_THE_SAMPLE, [])
    register = open_register(stack.environment["REGISTER_URL"])
    lines = list_episodes(register, today=today())
    assert len(lines) == IN_THE_SAMPLE
    read = {child.child: child for child in read_return(*tables, today()).children}
    for line in lines:
        held = [review.completed_on for review in reviews(register, line.id)]
        assert held == [review.on for review in read[line.child].reviews]
        kinds = Counter(entry.fact.kind for entry in facts(register, line.id))
        assert (kinds["became_looked_after"], kinds["case_taken_on"]) == (1, 1)


def test_every_bad_row_is_told_by_file_line_field_and_reason(typed: Typed, tmp_path: Path) -> None:
    tables = write_sample(tmp_path, today())
    problems = typed(*words(tables, today(), "--json")).json["report"]["problems"]
    assert len(problems) == 2
    for problem in problems:
        assert problem["file"] == "reviews.csv"
        assert problem["line"] > 1
        assert problem["field"] in ("REVIEW", "REVIEW_CODE")
        assert problem["reason"]
    told = typed(*words(tables, today()))
    assert told.code == 0
    assert told.err == ""
    assert f"reviews.csv line {problems[0]['line']}: {problems[0]['field']}:" in told.out
    assert f"0 episodes opened, {IN_THE_SAMPLE} open already, 0 refused." in told.out
    assert max(map(len, told.out.splitlines())) <= 80


def test_a_child_who_contradicts_what_is_known_is_refused_by_reference_and_never_by_birth_date(
    typed: Typed, tmp_path: Path
) -> None:
    tables = write_sample(tmp_path, today())
    typed(*words(tables, today()))
    rows = rows_of(tables.header)
    rows[1][2] = "01/02/2015"
    write(tables.header, rows)
    told = typed(*words(tables, today(), "--json")).json
    (refused,) = told["refused"]
    assert refused["child"] == rows[1][0]
    assert "says otherwise (birth_date" in refused["reason"]
    assert told["already_open"] == IN_THE_SAMPLE - 1
    said = typed(*words(tables, today()))
    births = {date(*map(int, reversed(row[2].split("/")))) for row in rows[1:]}
    for birth in births:
        for written in (str(birth), f"{birth:%d/%m/%Y}", f"{birth.day} {birth:%B %Y}"):
            assert written not in said.out + json.dumps(told)


def test_what_cannot_be_imported_at_all_is_told_in_one_sentence(alone: Typed, tmp_path: Path) -> None:
    tables = write_sample(tmp_path, today())
    future = alone(*words(tables, days_ago(-1))).sentence
    assert "has not come yet" in future
    wales = [word if word != "england" else "wales" for word in words(tables, today())]
    assert "return of English authorities" in alone(*wales).sentence
    cardiff = [word if word != AUTHORITY else "681" for word in words(tables, today())]
    assert "is in Wales" in alone(*cardiff).sentence
    nowhere = [word if word != AUTHORITY else "999" for word in words(tables, today())]
    assert "999" in alone(*nowhere).sentence
    missing = SamplePaths(tables.header, tables.episodes, tmp_path / "none.csv")
    assert "none.csv cannot be read" in alone(*words(missing, today())).sentence
    assert "There is no keys file" in alone(*words(tables, today())).sentence


def test_an_import_killed_on_the_way_is_finished_by_running_it_again(stack: Stack, tmp_path: Path) -> None:
    tables = sample_times(6, tmp_path)
    children = {child.child for child in read_return(*tables, today()).children}
    register = open_register(stack.environment["REGISTER_URL"])
    with started(*words(tables, today(), "--json"), **stack.environment) as process:
        while len(open_episode_ids(register)) < AT_ONCE:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    time.sleep(1)
    assert AT_ONCE <= len(open_episode_ids(register)) < len(children)
    done = program(words(tables, today(), "--json"), stack.environment).json
    assert done["opened"] + done["already_open"] == len(children) == 6 * IN_THE_SAMPLE
    assert done["already_open"] >= AT_ONCE
    lines = list_episodes(register, today=today())
    assert Counter(line.child for line in lines) == Counter(children)
    for line in lines:
        assert set(Counter(entry.fact.id for entry in facts(register, line.id)).values()) == {1}


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared return is not here ({SHARED})")
def test_children_of_the_shared_return_are_taken_on_with_their_reviews(
    typed: Typed, stack: Stack, tmp_path: Path
) -> None:
    tables = slice_of(tmp_path, SHARED, 60)
    read = {child.child: child for child in read_return(*tables, AS_OF).children}
    told = typed(*words(tables, AS_OF, "--json")).json
    assert (told["opened"], told["refused"], told["unanswered"]) == (len(read), [], []) == (60, [], [])
    register = open_register(stack.environment["REGISTER_URL"])
    for line in list_episodes(register, today=today()):
        held = [review.completed_on for review in reviews(register, line.id)]
        assert held == [review.on for review in read[line.child].reviews]
        assert line.became_looked_after == read[line.child].period.first_day


async def test_the_sample_is_imported_once_for_a_folder_and_one_cut_short_is_finished(
    stack: Stack, tmp_path: Path
) -> None:
    keys = Keys.load_or_create(Path(stack.environment["KEYS_FILE"]))
    register = open_register(stack.environment["REGISTER_URL"])
    connected = await connect_to(stack.address, keys)
    first = await import_sample(connected, keys, register, tmp_path, days_ago(1))
    assert first and len(first.imported.opened) == IN_THE_SAMPLE
    assert await import_sample(connected, keys, register, tmp_path, today()) is None
    note = tmp_path / "sample" / "sample.json"
    finished = note.read_text()
    note.write_text(finished.replace("true", "false"))
    second = await import_sample(connected, keys, register, tmp_path, today())
    assert second and len(second.imported.already_open) == IN_THE_SAMPLE
    assert note.read_text() == finished


# --- A server that is slow, or does not answer ----------------------------------------------------------------------


class SlowServer:
    """Stands in for `open_episode`: it gives no answer so many times for each child, and counts what it saved."""

    def __init__(self, silent: int) -> None:
        """Be silent so many times."""
        self.silent = silent
        self.asked: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0

    async def open_episode(self, _client: Any, _keys: Any, _register: Any, opening: Any, _facts: Any) -> Opened:
        """Answer, or not."""
        child = opening.child
        self.asked[child] += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.001)
        self.at_once -= 1
        if self.asked[child] <= self.silent:
            raise NotAnswered("No answer came in time.")
        receipt = Receipt(fact="opening", revision=1, stage=Phase.ALLOCATION, next_due=None, overdue=0)
        return Opened(episode=f"episode-{child}", existed=self.asked[child] > 1, receipt=receipt)


def cases(folder: Path) -> list[ToOpen]:
    return cases_of(read_return(*sample_times(10, folder), today()), AUTHORITY)


async def slow_import(
    silent: int, monkeypatch: pytest.MonkeyPatch, given: list[ToOpen]
) -> tuple[SlowServer, Imported, int]:
    server, done = SlowServer(silent), []
    monkeypatch.setattr(client.importing, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(client.importing, "open_episode", server.open_episode)
    monkeypatch.setattr(client.importing, "open_episode_ids", lambda _: [])
    nothing: Client = None  # type: ignore[assignment]
    imported = await import_episodes(
        nothing,
        Keys.new(),
        None,  # type: ignore[arg-type]
        given,
        on_each=lambda: done.append(1),
    )
    return server, imported, len(done)


async def test_what_gets_no_answer_is_sent_again_and_none_is_lost(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = cases(tmp_path)
    server, imported, done = await slow_import(TRIES - 1, monkeypatch, given)
    assert imported.complete
    assert imported.opened == tuple(f"episode-{each.opening.child}" for each in given)
    assert set(server.asked.values()) == {TRIES}
    assert server.most_at_once == AT_ONCE
    assert done == len(given)


async def test_where_nobody_answers_it_stops_soon_and_says_how_many_are_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = cases(tmp_path)
    _, imported, done = await slow_import(TRIES, monkeypatch, given)
    assert not imported.complete
    assert MOST_UNANSWERED <= len(imported.unanswered) <= MOST_UNANSWERED + AT_ONCE
    assert len(imported.unanswered) + imported.not_tried == len(given)
    assert done == len(imported.unanswered)
