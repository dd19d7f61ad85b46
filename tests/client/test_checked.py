"""Faults are told by field and in words, and never repeat what was given."""

from typing import Any

import pytest

from client.checked import Faulty, checked
from client.episodes import Notification
from rules.facts import FactCorrected
from rules.facts.reviews import ChildConsulted, DecisionMade, ReviewHeld

SECRET = "Jane Doe of Nowhere"


def faults(kind: Any, **data: Any) -> dict[str, str]:
    with pytest.raises(Faulty) as caught:
        checked(kind, data)
    return {fault.field: fault.sentence for fault in caught.value.faults}


def test_each_fault_is_told_by_its_field() -> None:
    told = faults(ReviewHeld, id=SECRET, on="2026-02-30", by="iro-1", participation="PN9", partcipants=["child"])
    assert set(told) == {"id", "on", "participation", "partcipants"}
    assert told["on"] == "on must be a day that exists, written yyyy-mm-dd."
    assert told["participation"].endswith("PN6 or PN7.")
    assert SECRET not in " ".join(told.values())


def test_in_short_all_that_is_missing_is_told_first() -> None:
    with pytest.raises(Faulty, match="^on and outcome are missing$"):
        checked(ChildConsulted, {"id": SECRET, "by": "iro-1"})


def test_what_was_probably_meant_is_told() -> None:
    data = {"id": "a", "by": "iro-1", "on": "2026-06-01", "participation": "PN1", "atended": ["child"]}
    with pytest.raises(Faulty, match=r"^there is no field atended \(did you mean attended\?\)$"):
        checked(ReviewHeld, data)


def test_the_way_to_a_fault_within_a_correction_leaves_out_the_kind() -> None:
    right = {"kind": "review_held", "id": "r", "on": "soon", "by": "iro-1", "participation": "PN1", "atended": []}
    told = faults(FactCorrected, id="c", on="2026-06-01", by="iro-1", corrects="r", reason="x", to=right)
    assert told["to.on"] == "to.on must be a day that exists, written yyyy-mm-dd."
    assert "did you mean attended?" in told["to.atended"]


@pytest.mark.parametrize("day", ["2091-01-01", "2100-01-01", "1969-12-31"])
def test_a_day_beyond_the_calendar_is_told(day: str) -> None:
    told = faults(DecisionMade, id="d", on="2026-06-01", by="i", decision="d", text=SECRET, owner="iro", due=day)
    assert told == {"due": "due must lie in 1970 to 2090, the years this calendar covers."}


def test_data_are_read_as_strictly_as_json() -> None:
    given = {"authority": 383, "nation": "france", "child": "c", "birth_date": "2016-01-01"}
    told = faults(Notification, **given, became_looked_after=20260601)
    assert told["authority"] == "authority must be text, in quotes."
    assert "england or wales" in told["nation"]
    assert "yyyy-mm-dd" in told["became_looked_after"]


def test_a_number_in_quotes_is_no_day() -> None:
    assert "yyyy-mm-dd" in faults(ChildConsulted, id="a", by="iro-1", on="86400", outcome="spoke")["on"]


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_what_no_database_keeps_is_no_text(text: str) -> None:
    told = faults(ChildConsulted, id="a", by="iro-1", on="2026-06-01", outcome="spoke", reason=text)
    assert text not in " ".join(told.values())


def test_of_thousands_of_faults_a_few_are_told_and_in_good_time() -> None:
    unknown = {f"field{number}" * 100: 1 for number in range(5000)}
    assert len(faults(ChildConsulted, **unknown)) <= 20


def test_nothing_nested_without_end_is_read() -> None:
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]
    assert faults(ChildConsulted, id=deep)
