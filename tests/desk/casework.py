"""A made-up case in a register of its own, and whoever fills in forms about it: no server."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from client.acts import KIND, OF_EVERY_ACT, Field, Shape, act_said
from client.keys import Keys
from client.settings import Settings
from desk.access import ACTS
from desk.forms.around import Around
from desk.parts import Desk
from desk.settings import DeskSettings
from desk.viewer import DeskRole, Viewer
from register import migrate, open_register
from register.publish import publish
from register.queries import episode
from rules.clock import london_date
from rules.facts import Entry, Fact, parse_fact
from rules.steps import ReviewLine, Step
from tests.register.samples import agenda, publication
from tests.register.samples import opening as opened

MORNING = datetime(2026, 6, 30, 8, 30, tzinfo=UTC)
TODAY = london_date(MORNING)
EPISODE = "episode-1"


def desk_of(folder: Path) -> Desk:
    """The parts over a register of their own; the clock stands."""
    url = f"sqlite:///{folder}/register.db"
    shutil.copy(_migrated(), folder / "register.db")
    settings = Settings.from_environment(folder, {})
    keys = Keys.load_or_create(settings.keys_file)
    return Desk(open_register(url), keys, settings, DeskSettings(), clock=lambda: MORNING)


@cache
def _migrated() -> Path:
    """An empty register, made once."""
    file = Path(tempfile.mkdtemp()) / "register.db"
    migrate(f"sqlite:///{file}")
    return file


def viewer(*roles: DeskRole) -> Viewer:
    """Somebody of these roles; of all of them where none is named."""
    return Viewer(person="iro-1", name="Example", authority="822", roles=frozenset(roles or DeskRole), csrf="-")


def around(
    desk: Desk,
    *facts: Fact,
    steps: tuple[Step, ...] = (),
    reviews: tuple[ReviewLine, ...] = (),
    roles: tuple[DeskRole, ...] = (),
) -> Around:
    """A case with some facts, steps and reviews, as somebody's form sees it."""
    entries = [Entry(fact=each, at=MORNING - timedelta(days=1)) for each in (opened(), *facts)]
    publish(desk.register, publication(agenda(*steps, reviews=reviews), EPISODE, entries=tuple(entries), at=MORNING))
    line = episode(desk.register, EPISODE, today=desk.today)
    assert line is not None
    return Around(desk, viewer(*roles), line)


def acts_of_the_desk() -> Iterator[str]:
    """Every act that somebody may record, corrections and withdrawals apart."""
    return (act for act, roles in ACTS.items() if roles and not act.startswith("fact_"))


def sample(act: str, *, full: bool) -> Fact:
    """A fact of a kind: with what it must have, or with all that it may."""
    fields = (field for field in act_said(act).fields if field.name not in (*OF_EVERY_ACT, KIND))
    given = {field.name: _value(field) for field in fields if full or field.required}
    return parse_fact({"kind": act, "id": "f-0123456789abcdef", "on": TODAY, "by": "iro-1", **given})


def _value(field: Field) -> Any:
    return {
        Shape.DAY: TODAY,
        Shape.TIME: time(14, 30),
        Shape.YES_NO: False,
        Shape.CHOICE: field.choices[0] if field.choices else None,
        Shape.CHOICES: field.choices[:2],
        Shape.SEVERAL: ("welsh", "makaton"),
        Shape.STEP: "first_review.opening",
        Shape.REFERENCE: "ref-7",
        Shape.WORDS: "Agreed.",
    }[field.shape]


@contextmanager
def working(folder: Path) -> Iterator[Desk]:
    """The parts, for as long as the block runs."""
    desk = desk_of(folder)
    try:
        yield desk
    finally:
        desk.register.dispose()
