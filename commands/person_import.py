"""Setting up a directory from a file: everybody in one change, or nobody; then the children are looked at once."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import RenderableType

from commands.directory import Said
from commands.fields import OPERATOR
from commands.output import table
from commands.people_file import PeopleRead, read_people
from commands.running import AtWork, at_work, register_of
from commands.without_iro import tell_those_without, told_words
from intake.problems import RowProblem
from register import directory
from rules.vocabulary import Role
from rules.wording import counted


def import_people(file: str, _: dict[str, Any]) -> Said:
    """Add everybody in a file. Where one row is wrong nobody is added, and each wrong row is told."""
    path = Path(file)
    read = read_people(path, register_of())
    if read.problems:
        return _refused(path, read)

    async def added(work: AtWork) -> int:
        directory.add_people(work.register, read.new, OPERATOR, datetime.now(UTC))
        # Of all IROs in the file, new or not: so an import that was cut short here is made good by the next.
        codes = sorted({person.authority for person, terms in read.people if terms})
        return sum([await tell_those_without(work, code) for code in codes])

    told = at_work(added)
    roles = Counter(person.role for person, _ in read.new)
    there = len(read.people) - len(read.new)
    return Said(
        {"added": roles, "already_there": there, "told": told, "problems": []},
        f"{_people(len(read.new))} added to the directory, {there} there already.",
        (_added_table(roles) if roles else "", told_words(told)),
    )


def _refused(path: Path, read: PeopleRead) -> Said:
    rows = len({problem.line for problem in read.problems})
    are, them = ("is", "it") if rows == 1 else ("are", "them")
    return Said(
        {"added": {}, "already_there": len(read.people) - len(read.new), "told": 0, "problems": read.problems},
        f"What is wrong in {path.name} (the column names are line 1)",
        (_problems_table(read.problems),),
        fault=(
            f"Nobody was added, because {counted(rows, 'row')} of {path.name} {are} wrong: put {them} right as shown,"
            " then import the file again."
        ),
    )


def _people(number: int) -> str:
    return f"{number} {'person' if number == 1 else 'people'}"


def _added_table(roles: Counter[Role]) -> RenderableType:
    drawn = table("Post", "Added")
    for role in Role:
        if role in roles:
            drawn.add_row(role.words, str(roles[role]))
    return drawn


def _problems_table(problems: Sequence[RowProblem]) -> RenderableType:
    drawn = table("Line", "Column", "What is wrong", whole=("Line", "Column"))
    for problem in problems:
        drawn.add_row(str(problem.line), problem.field, problem.reason)
    return drawn
