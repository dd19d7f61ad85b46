"""Who is signed in: recognised by what their browser holds, for so long as they use it."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from register import desk_sessions
from register.desk_sessions import IDLE, LONGEST, NOTED_EVERY, Session
from tests.register.samples import MORNING


def begun(engine: Engine) -> tuple[str, Session]:
    token = desk_sessions.begin(engine, "iro-1", "Example Iro", "822", ("iro", "iro_manager"), MORNING)
    session = desk_sessions.find(engine, token)
    assert session is not None
    return token, session


def test_somebody_is_recognised_by_what_their_browser_holds(engine: Engine) -> None:
    _, session = begun(engine)
    assert (session.person, session.name, session.authority) == ("iro-1", "Example Iro", "822")
    assert session.roles == ("iro", "iro_manager")
    assert session.is_alive(MORNING)


def test_what_the_browser_holds_is_not_in_the_register(engine: Engine) -> None:
    token, _ = begun(engine)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM desk_session")).one()
    assert not any(token in str(value) for value in row)


def test_each_session_has_words_of_its_own(engine: Engine) -> None:
    (token, session), (other_token, other) = begun(engine), begun(engine)
    assert len({token, other_token, session.csrf, other.csrf}) == 4


@pytest.mark.parametrize("made_up", ["", "guessed", "x" * 43, "é", "a\x00b"])
def test_a_made_up_word_lets_nobody_in(engine: Engine, made_up: str) -> None:
    begun(engine)
    assert desk_sessions.find(engine, made_up) is None


def test_a_session_that_nobody_uses_ends_by_itself(engine: Engine) -> None:
    _, session = begun(engine)
    assert session.is_alive(MORNING + IDLE - timedelta(seconds=1))
    assert not session.is_alive(MORNING + IDLE)


def test_a_session_that_is_used_ends_after_half_a_day_all_the_same(engine: Engine) -> None:
    token, session = begun(engine)
    now = MORNING
    while now < MORNING + LONGEST - IDLE / 2:
        now += IDLE / 2
        desk_sessions.note_use(engine, token, session, now)
        session = desk_sessions.find(engine, token) or session
    assert session.is_alive(MORNING + LONGEST - timedelta(seconds=1))
    assert not session.is_alive(MORNING + LONGEST)


def test_use_is_noted_about_once_a_minute(engine: Engine) -> None:
    token, session = begun(engine)
    desk_sessions.note_use(engine, token, session, MORNING + NOTED_EVERY - timedelta(seconds=1))
    assert desk_sessions.find(engine, token) == session
    desk_sessions.note_use(engine, token, session, MORNING + NOTED_EVERY)
    used = desk_sessions.find(engine, token)
    assert used and used.seen_at == MORNING + NOTED_EVERY


def test_signing_out_ends_it_for_good(engine: Engine) -> None:
    token, session = begun(engine)
    desk_sessions.end(engine, token, MORNING + timedelta(minutes=1))
    desk_sessions.note_use(engine, token, session, MORNING + timedelta(minutes=2))
    desk_sessions.end(engine, token, MORNING + timedelta(minutes=3))
    ended = desk_sessions.find(engine, token)
    assert ended and not ended.is_alive(MORNING + timedelta(minutes=2))
    assert ended.ended_at == MORNING + timedelta(minutes=1) and ended.seen_at == MORNING
