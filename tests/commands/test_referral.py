"""`starter.py referral`: the document of a referral, made from the register with nothing else running."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from register import migrate, open_register
from register.publish import publish
from rules.agenda import derive
from rules.case import Case
from tests.commands.conftest import Typed
from tests.register.samples import publication
from tests.rules.build import Story, child

EPISODE, REFERRAL = "episode-1", "cafcass_referred-1"
STORY = (
    child("2026-06-05")
    .iro_appointed("2026-06-08")
    .cafcass_referred(
        "2026-07-27",
        failure="review_case",
        about="No review was held.",
        done_so_far="Asked twice.",
        raised_with=["director"],
        childs_view="Not known yet.",
        asks="Look at it.",
    )
)


@pytest.fixture
def written(alone: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Commands beside a register with one referral in it."""
    url = f"sqlite:///{tmp_path}/register.db"
    migrate(url)
    _publish(url, STORY)
    monkeypatch.setenv("REGISTER_URL", url)
    return alone


def _publish(url: str, story: Story) -> None:
    now, register = datetime.now(UTC), open_register(url)
    agenda, opening = derive(story.entries, story.book, now), Case(story.entries).opening.fact
    publish(register, publication(agenda, EPISODE, entries=story.entries, opened_by=opening, at=now, today=now.date()))
    register.dispose()


def test_it_is_written_as_a_pdf_for_its_owner_alone(written: Typed, tmp_path: Path) -> None:
    file = tmp_path / "referral.pdf"
    done = written("referral", EPISODE, REFERRAL, "--out", str(file))
    assert done.code == 0, done.err
    assert f"Thereferralstandsin{file}." in "".join(done.out.split())
    assert file.read_bytes().startswith(b"%PDF-") and file.stat().st_mode & 0o777 == 0o600
    answer = written("referral", EPISODE, REFERRAL, "--out", str(file), "--json").json
    assert answer == {"episode": EPISODE, "referral": REFERRAL, "file": str(file)}


@pytest.mark.parametrize(
    ("episode", "referral", "sentence"),
    [
        ("episode-9", REFERRAL, "There is no episode episode-9"),
        (EPISODE, "opening", "There is no referral opening in episode-1: those that stand are cafcass_referred-1"),
    ],
)
def test_what_is_not_there_is_said_and_nothing_is_written(
    written: Typed, tmp_path: Path, episode: str, referral: str, sentence: str
) -> None:
    file = tmp_path / "referral.pdf"
    assert sentence in written("referral", episode, referral, "--out", str(file)).sentence
    assert not file.exists()


def test_a_file_that_cannot_be_written_is_said(written: Typed, tmp_path: Path) -> None:
    file = tmp_path / "no-such-folder" / "referral.pdf"
    assert "cannot be written" in written("referral", EPISODE, REFERRAL, "--out", str(file)).sentence
