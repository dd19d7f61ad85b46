"""The IRO manager's week, as of now: one digest instead of a storm of messages."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text
from sqlalchemy import Engine

from commands.iros import Authority, authorities_of
from commands.output import AsJson, heading, indented, note, show
from commands.running import register_of, today
from register.closed_days import closed_days
from register.service import authorities, compose_digest
from rules.authorities import authority as authority_of
from rules.calendar import WorkingCalendar
from rules.digest import WeeklyDigest, in_words


def digest(authority: Authority = None, as_json: AsJson = False) -> None:
    """Show the IRO service's week, as of now."""
    register, day = register_of(), today()
    changes = closed_days(register)
    made = [
        compose_digest(register, code, WorkingCalendar(authority_of(code).nation, changes), day)
        for code in _authorities(register, authority)
    ]
    show(made, as_json, lambda: _draw(made))


def _authorities(register: Engine, authority: str | None) -> list[str]:
    """Those that have an IRO, or children in care."""
    if authority is not None:
        return [authority]
    return sorted({*authorities_of(register, None), *(code for code, _ in authorities(register))})


def _draw(made: list[WeeklyDigest]) -> Iterator[RenderableType]:
    if not made:
        yield heading("There is no IRO and no child in care, so there is no service to tell of.")
        yield note('Add one: starter.py iro add REFERENCE name="..." authority=CODE')
    for week in made:
        yield heading(f"{authority_of(week.authority).name} ({week.authority})")
        for line in in_words(week):
            yield indented(Text(line))
