"""A young person's private link: made, found by its address alone, and revoked."""

from datetime import timedelta

from sqlalchemy import Engine, select, text

from register import reading
from register.desk_tables import PrivateLinkRow
from register.private_links import LASTS, MOST, PrivateLink, find_link, links, make_link, note_use, revoke_link
from tests.register.samples import MORNING

LATER = MORNING + timedelta(hours=1)
THEIRS = {"authority": "822", "child": "child-1"}


def made(engine: Engine, child: str = "child-1") -> tuple[PrivateLink, str]:
    return make_link(engine, authority="822", child=child, by="iro-1", at=MORNING)


def test_a_link_is_found_by_its_address_and_by_no_other(engine: Engine) -> None:
    (first, token), (second, other) = made(engine), made(engine)
    assert find_link(engine, token) == first != second
    assert (first.child, first.made_by, first.made_at, first.used_at) == ("child-1", "iro-1", MORNING, None)
    for wrong in (token[:-1], token + "x", token.swapcase(), other[::-1], "", str(first.id)):
        assert find_link(engine, wrong) is None


def test_addresses_cannot_be_guessed_and_are_not_kept(engine: Engine) -> None:
    _, token = made(engine)
    assert len(token) >= 43
    with reading(engine) as connection:
        kept = " ".join(str(value) for value in connection.execute(select(PrivateLinkRow)).one())
    assert token not in kept
    assert token[:16] not in kept


def test_a_link_serves_for_a_year(engine: Engine) -> None:
    link, _ = made(engine)
    assert link.serves(MORNING + LASTS - timedelta(seconds=1))
    assert not link.serves(MORNING + LASTS)


def test_a_revoked_link_is_known_and_serves_no_more(engine: Engine) -> None:
    link, token = made(engine)
    assert revoke_link(engine, link.id, **THEIRS, by="mgr-1", at=LATER)
    found = find_link(engine, token)
    assert found and not found.serves(LATER)
    assert (found.revoked_at, found.revoked_by) == (LATER, "mgr-1")


def test_a_link_is_revoked_once_and_whoever_did_so_first_stands(engine: Engine) -> None:
    link, token = made(engine)
    assert revoke_link(engine, link.id, **THEIRS, by="mgr-1", at=LATER)
    assert not revoke_link(engine, link.id, **THEIRS, by="iro-1", at=LATER + timedelta(hours=1))
    found = find_link(engine, token)
    assert found and found.revoked_by == "mgr-1"


def test_another_childs_link_is_left_alone(engine: Engine) -> None:
    link, token = made(engine, "child-2")
    assert not revoke_link(engine, link.id, **THEIRS, by="iro-1", at=LATER)
    assert not revoke_link(engine, link.id, authority="823", child="child-2", by="iro-1", at=LATER)
    assert not revoke_link(engine, link.id + 99, **THEIRS, by="iro-1", at=LATER)
    found = find_link(engine, token)
    assert found and found.serves(LATER)


def test_when_a_link_was_last_opened_is_noted_about_once_a_minute(engine: Engine) -> None:
    link, token = made(engine)
    for seconds, noted in ((0, 0), (59, 0), (60, 60)):
        found = find_link(engine, token)
        assert found
        note_use(engine, found, LATER + timedelta(seconds=seconds))
        found = find_link(engine, token)
        assert found and found.used_at == LATER + timedelta(seconds=noted)
    assert link.used_at is None


def test_those_that_serve_are_listed_first_and_then_the_latest(engine: Engine) -> None:
    oldest, *others = [made(engine)[0] for _ in range(MOST + 5)]
    made(engine, "child-2")
    for link in others:
        revoke_link(engine, link.id, **THEIRS, by="iro-1", at=LATER)
    listed = [link.id for link in links(engine, **THEIRS, now=LATER)]
    assert listed == [oldest.id, *[link.id for link in reversed(others)][: MOST - 1]]
    assert links(engine, "823", "child-1", LATER) == []
    expired = links(engine, **THEIRS, now=MORNING + LASTS)
    assert expired[0].id == others[-1].id


def test_no_number_is_given_twice(engine: Engine) -> None:
    link, _ = made(engine)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM private_link"))
    assert made(engine)[0].id > link.id
