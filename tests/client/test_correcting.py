"""Putting a fact right: as it stands, with what is changed in it."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from client.checked import Faulty
from client.correcting import NoSuchFact, correction, put_right, standing_fact
from register import migrate, open_register
from register.publish import publish
from rules.codes import ParticipationCode
from rules.facts import Entry
from rules.facts.reviews import ReviewHeld
from rules.vocabulary import Role
from tests.register.samples import MORNING, TODAY, agenda, opening, publication

HELD = ReviewHeld(
    id="review-1",
    on=TODAY,
    by="iro-1",
    participation=ParticipationCode.PN2,
    attended=(Role.CHILD, Role.CARER),
)


@pytest.fixture
def register(tmp_path: Path) -> Engine:
    url = f"sqlite:///{tmp_path}/register.db"
    migrate(url)
    engine = open_register(url)
    entries = (Entry(fact=opening(), at=MORNING), Entry(fact=HELD, at=MORNING))
    publish(engine, publication(agenda(), entries=entries))
    return engine


def test_what_is_not_changed_stays_as_it_is(register: Engine) -> None:
    wrong = standing_fact(register, "episode-1", "review-1")
    made = correction(wrong, {"on": "2026-06-02"}, reason="The day was mistyped.", by="iro-1", on=TODAY)
    assert made.corrects == "review-1"
    assert made.to == HELD.model_copy(update={"on": date(2026, 6, 2)})


def test_a_correction_is_made_of_the_fact_as_it_was_last_corrected(register: Engine) -> None:
    wrong = standing_fact(register, "episode-1", "review-1")
    first = correction(wrong, {"participation": "PN1"}, reason="x", by="iro-1", on=TODAY)
    publish(register, publication(agenda(), revision=2, entries=(Entry(fact=first, at=MORNING),)))
    stands = standing_fact(register, "episode-1", "review-1")
    assert isinstance(stands, ReviewHeld) and stands.participation is ParticipationCode.PN1


def test_what_is_taken_away_is_left_open_again(register: Engine) -> None:
    wrong = standing_fact(register, "episode-1", "review-1")
    assert "attended" not in put_right(wrong, {"attended": None})


def test_a_wrong_field_is_told_under_to(register: Engine) -> None:
    wrong = standing_fact(register, "episode-1", "review-1")
    with pytest.raises(Faulty) as caught:
        correction(wrong, {"on": "soon"}, reason="x", by="iro-1", on=TODAY)
    assert [fault.at for fault in caught.value.faults] == [("to", "on")]


def test_who_recorded_a_fact_stays_whoever_corrects_it(register: Engine) -> None:
    wrong = standing_fact(register, "episode-1", "review-1")
    made = correction(wrong, {"on": "2026-06-02"}, reason="x", by="iro-2", on=TODAY)
    assert (made.by, made.to.by) == ("iro-2", "iro-1")
    for recorder in ("system", "iro-2", None):
        with pytest.raises(Faulty) as caught:
            correction(wrong, {"by": recorder}, reason="x", by="iro-2", on=TODAY)
        assert [(fault.at, fault.wrong) for fault in caught.value.faults] == [(("to", "by"), "stays as it is")]


def test_a_fact_that_does_not_stand_cannot_be_put_right(register: Engine) -> None:
    for episode in ("episode-1", "episode-none"):
        with pytest.raises(NoSuchFact, match="No fact of that id"):
            standing_fact(register, episode, "none")
