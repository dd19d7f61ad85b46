"""The timeline from the register alone, for when the workflow server cannot be asked."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from client.errors import UnknownEpisode
from client.happenings import Kind
from client.timeline import timeline_from_register
from register import migrate, open_register
from register.publish import publish
from tests.register.samples import agenda, entry, escalation, publication, step

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def test_it_tells_the_facts_and_what_slipped(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/register.db"
    migrate(url)
    register = open_register(url)
    late = escalation(at=datetime(2026, 6, 30, 1, tzinfo=UTC))
    publish(register, publication(agenda(step(), raised=(late,)), entries=(entry(),)))
    told = timeline_from_register(register, "episode-1", NOW)
    assert [(each.kind, each.what) for each in told.happenings] == [
        (Kind.FACT, "IRO service notified"),
        (Kind.SLIPPED, "First review"),
    ]
    assert told.history_from == NOW
    with pytest.raises(UnknownEpisode):
        timeline_from_register(register, "episode-none", NOW)
