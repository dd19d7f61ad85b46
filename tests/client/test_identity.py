"""Opaque ids: always the same for the same child, never telling, never mixed up."""

import re
from datetime import date, timedelta

from client.identity import child_digest, digest, episode_id, spread_offset
from client.keys import Keys

KEYS = Keys.new()
DAY = date(2026, 3, 2)


def test_the_same_notification_finds_the_same_episode() -> None:
    assert episode_id(KEYS, "E10000001", "C123", DAY) == episode_id(KEYS, "E10000001", "C123", DAY)


def test_an_id_is_short_plain_and_tells_nothing() -> None:
    id = episode_id(KEYS, "E10000001", "C123", DAY)
    assert re.fullmatch(r"episode-[a-z2-7]{26}", id)
    assert "c123" not in id


def test_another_authority_child_day_or_key_gives_another_id() -> None:
    ids = {
        episode_id(KEYS, "E10000001", "C123", DAY),
        episode_id(KEYS, "E10000002", "C123", DAY),
        episode_id(KEYS, "E10000001", "C124", DAY),
        episode_id(KEYS, "E10000001", "C123", DAY + timedelta(days=1)),
        episode_id(Keys.new(), "E10000001", "C123", DAY),
    }
    assert len(ids) == 5


def test_parts_are_not_run_together() -> None:
    assert digest(KEYS, "ab", "c") != digest(KEYS, "a", "bc")
    assert digest(KEYS, "ab") != digest(KEYS, "ab", "")


def test_a_rotated_payload_key_changes_no_id() -> None:
    assert child_digest(KEYS, "E10000001", "C123") == child_digest(KEYS.rotated(), "E10000001", "C123")


def test_alarms_are_spread_over_two_hours_and_stay_where_they_are() -> None:
    offsets = [spread_offset(f"episode-{number}") for number in range(2000)]
    assert offsets == [spread_offset(f"episode-{number}") for number in range(2000)]
    assert all(timedelta(0) <= offset < timedelta(hours=2) and not offset.microseconds for offset in offsets)
    # A thousand at one midnight: never more than a handful in one second.
    assert max(offsets.count(offset) for offset in set(offsets[:1000])) <= 6
    assert max(offsets) - min(offsets) > timedelta(minutes=115)
