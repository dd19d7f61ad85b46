"""What those who run the service ask of the register: its size and version, and how far behind the post is."""

from datetime import timedelta

from sqlalchemy import Engine

from register.directory import add_person
from register.publish import publish
from register.work_operations import post_ages, register_state
from register.work_raised import raised_for
from rules.directory import IroTerms
from rules.network import DispatchState
from tests.register.mail import NOW, written_to
from tests.register.samples import MORNING, agenda, escalation, iro, notice, publication, step


def test_an_empty_register_says_so(engine: Engine) -> None:
    state = register_state(engine)
    assert state.database == engine.dialect.name and state.bytes > 0
    assert state.migration and state.migration.isdigit()
    assert {each.rows for each in state.tables} == {0} and state.last_published is None
    assert post_ages(engine).model_dump() == {"unaddressed": None, "unsent": None}


def test_the_register_tells_how_much_it_holds_and_when_it_was_last_published(engine: Engine) -> None:
    for number in range(3):
        at = MORNING + timedelta(minutes=number)
        publish(engine, publication(agenda(step()), episode=f"episode-{number}", at=at))
    state = register_state(engine)
    assert {each.table: each.rows for each in state.tables}["episode"] == 3
    assert state.last_published == MORNING + timedelta(minutes=2)


def test_the_oldest_of_what_waits_is_told(engine: Engine) -> None:
    publish(engine, publication(agenda(step(), notices=(notice(),))))
    assert post_ages(engine).unaddressed is None  # Held: the directory holds nobody yet.
    add_person(engine, iro(), IroTerms(iro="iro-1"), "test", MORNING)
    assert post_ages(engine).unaddressed == MORNING
    written_to(engine, "iro-1")
    assert post_ages(engine).unsent is None
    written_to(engine, "iro-1", state=DispatchState.OWED)
    assert post_ages(engine).unsent == NOW


def test_who_was_told_is_told_for_the_steps_asked_about_alone(engine: Engine) -> None:
    raised = (escalation("breach"), escalation("breach", key="report.opening"))
    for number in range(2):
        derived = agenda(step(), step("report.opening"), raised=raised)
        publish(engine, publication(derived, episode=f"episode-{number}"))
    found = raised_for(engine, [("episode-0", "report.opening"), ("episode-1", "first_review.opening")])
    assert found == {
        ("episode-0", "report.opening"): (raised[1],),
        ("episode-1", "first_review.opening"): (raised[0],),
    }
    assert raised_for(engine, []) == {}
