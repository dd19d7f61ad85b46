"""`starter.py open` on what it cannot take: one sentence, and nothing is sent anywhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import NOBODY, Typed, days_ago, notification, program, today

BIRTH = notification("child-1")["birth_date"]


def opening(typed: Typed, tmp_path: Path, content: bytes) -> str:
    file = tmp_path / "case.json"
    file.write_bytes(content)
    return typed("open", str(file)).sentence


MALFORMED = [
    (b"", "is empty"),
    (b"  \n", "is empty"),
    (b"{", "not valid JSON"),
    (b'{"authority": "383",}', "line 1, column"),
    (b"[]", "one JSON object"),
    (b'"a child"', "one JSON object"),
    (b"null", "one JSON object"),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"child": "a", "child": "b"}', "names the field child twice"),
    ('{"child": "Zoë"}'.encode("latin-1"), "not UTF-8"),
    ('{"child": "a"}'.encode("utf-16"), "not UTF-8"),
    (b"\xff\xfe\x00", "not UTF-8"),
    (b'{"child": "' + b"a" * 1_000_001 + b'"}', "far larger"),
]


@pytest.mark.parametrize(("content", "said"), MALFORMED, ids=range(len(MALFORMED)))
def test_a_file_that_is_no_notification_is_refused(alone: Typed, tmp_path: Path, content: bytes, said: str) -> None:
    assert said in opening(alone, tmp_path, content)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"birth_date": None}, "birth_date is missing"),
    ({"birth_date": None, "nation": None}, "nation and birth_date are missing"),
    ({"birthdate": BIRTH}, "no field birthdate (did you mean birth_date?)"),
    ({"authority": "999"}, "No local authority of England or Wales has the code 999"),
    ({"authority": "Leeds"}, "three-digit"),
    ({"authority": 383}, "authority must be text"),
    ({"authority": "909"}, "942 (Cumberland)"),
    ({"authority": "681"}, "correct one of them"),
    ({"nation": "scotland"}, "England and Wales only"),
    ({"nation": "northern_ireland"}, "England and Wales only"),
    ({"nation": 5}, "England and Wales only"),
    ({"child": "Jo Bloggs"}, "child must be a reference"),
    ({"child": ""}, "child must be a reference"),
    ({"birth_date": str(today())}, "birth date is after"),
    ({"birth_date": "2000-01-01"}, "18 or over"),
    ({"birth_date": "31/01/2015"}, "birth_date must be a day"),
    ({"birth_date": 0}, "birth_date must be a day"),
    ({"birth_date": "2015-02-30"}, "birth_date must be a day"),
    ({"became_looked_after": str(days_ago(-1))}, "has not come yet"),
    ({"became_looked_after": str(days_ago(5)), "notified_on": str(days_ago(-1))}, "has not come yet"),
    ({"legal_status": "V9"}, "legal_status must be C1"),
    ({"legal_status": None, "social_worker": "Jane Doe"}, "social_worker must be a reference"),
]


@pytest.mark.parametrize(("changes", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_is_wrong_is_named_and_never_repeated(
    typed: Typed, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    told = {name: value for name, value in {**notification("child-1"), **changes}.items() if value is not None}
    sentence = opening(typed, tmp_path, json.dumps(told).encode())
    assert said in sentence
    for secret in ("Bloggs", "Jane", "2000-01-01", "2015-02-30", "31/01/2015"):
        assert secret not in sentence
    assert "child-1" not in [line["child"] for line in typed("list", "--json").json]


def test_a_file_that_is_not_there(alone: Typed, tmp_path: Path) -> None:
    assert "There is no file" in alone("open", str(tmp_path / "none.json")).sentence
    assert "cannot be read" in alone("open", str(tmp_path)).sentence
    assert "cannot be read" in alone("open", "").sentence


def test_standard_input_is_refused_the_same_way(tmp_path: Path) -> None:
    done = program(("open", "-"), {"TEMPORAL_ADDRESS": NOBODY, "DATA_DIR": str(tmp_path)}, b"{]")
    assert "standard input is not valid JSON" in done.sentence
