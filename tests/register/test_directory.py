"""The directory keeps who the people of the service are, and every change of it is checked and noted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine

from register.directory import (
    absences,
    add_bar,
    add_people,
    add_person,
    bars,
    change_person,
    directory_changes,
    directory_version,
    end_absence,
    is_empty,
    people,
    person,
    record_absence,
    set_last_day,
    terms,
    withdraw_absence,
    withdraw_bar,
)
from rules.directory import Absence, Bar, BarKind, IroTerms, Person, PersonChanges
from rules.directory_checks import DirectoryRefused
from rules.vocabulary import Nation, Role
from tests.register.samples import MORNING, TODAY, iro

MANAGER = Person(
    reference="mgr-1",
    name="Test Manager",
    role=Role.IRO_MANAGER,
    authority="822",
    team="quality",
    email="iro.service@example.org",
    phone="01234 496 000",
    since=date(2019, 4, 1),
)
WORKER = Person(reference="sw-7", name="Mary Seacole", role=Role.SOCIAL_WORKER, authority="823")
FULL = IroTerms(
    iro="iro-1", hours=0.6, full_time_limit=65, nations=(Nation.ENGLAND, Nation.WALES), offers=("welsh", "makaton")
)
NOTED: dict[str, Any] = {"by": "mgr-1", "at": MORNING}


def stand(engine: Engine, *references: str) -> None:
    """Have a manager and some IROs in the directory."""
    add_people(engine, [(MANAGER, None), *((iro(each), IroTerms(iro=each)) for each in references)], **NOTED)


def noted(engine: Engine, reference: str | None = None) -> list[tuple[str, str]]:
    return [(each.what.value, each.person) for each in directory_changes(engine, reference)]


def refused(act: Callable[..., None], engine: Engine, *given: Any) -> str:
    before = (directory_changes(engine), people(engine), absences(engine), bars(engine))
    with pytest.raises(DirectoryRefused) as caught:
        act(engine, *given, **NOTED)
    assert (directory_changes(engine), people(engine), absences(engine), bars(engine)) == before
    return str(caught.value)


def test_an_empty_directory_says_so_and_has_no_version(engine: Engine) -> None:
    assert is_empty(engine)
    assert directory_version(engine) == ""
    add_person(engine, MANAGER, None, **NOTED)
    assert not is_empty(engine)
    assert directory_version(engine) == ""  # it holds no IRO


def test_people_are_read_back_as_they_were_added(engine: Engine) -> None:
    one = iro("iro-1", line_manager="mgr-1", deputy="mgr-1", until=date(2027, 3, 31))
    add_person(engine, MANAGER, None, **NOTED)
    add_person(engine, one, FULL, **NOTED)
    add_person(engine, WORKER, None, **NOTED)
    assert people(engine) == [one, MANAGER, WORKER]
    assert people(engine, authority="822") == [one, MANAGER]
    assert people(engine, role=Role.IRO) == people(engine, authority="822", role=Role.IRO) == [one]
    assert person(engine, "mgr-1") == MANAGER and person(engine, "nobody") is None
    assert terms(engine, "iro-1") == FULL and terms(engine, "mgr-1") is None


def test_every_change_makes_a_new_version_and_is_noted(engine: Engine) -> None:
    versions = []

    def now() -> None:
        versions.append(directory_version(engine))

    stand(engine, "iro-1", "iro-2")
    now()
    change_person(engine, "iro-1", PersonChanges(phone="01234 496 001"), **NOTED)
    now()
    record_absence(engine, Absence(person="iro-1", since=TODAY, cover="iro-2"), **NOTED)
    now()
    end_absence(engine, "iro-1", TODAY + timedelta(3), **NOTED)
    now()
    withdraw_absence(engine, "iro-1", TODAY, **NOTED)
    now()
    set_last_day(engine, "iro-2", TODAY + timedelta(30), **NOTED)
    now()
    set_last_day(engine, "iro-2", None, **NOTED)
    now()
    add_bar(engine, Bar(iro="iro-1", against="sw-7", kind=BarKind.PAST_CASEWORK), **NOTED)
    now()
    withdraw_bar(engine, "iro-1", "sw-7", BarKind.PAST_CASEWORK, **NOTED)
    now()
    assert versions == sorted(versions, key=int) and len(set(versions)) == len(versions)
    assert noted(engine, "iro-1") == [
        ("added", "iro-1"),
        ("changed", "iro-1"),
        ("absent", "iro-1"),
        ("back", "iro-1"),
        ("absence_withdrawn", "iro-1"),
        ("barred", "iro-1"),
        ("bar_withdrawn", "iro-1"),
    ]
    assert noted(engine, "iro-2") == [("added", "iro-2"), ("leaves", "iro-2"), ("stays", "iro-2")]
    last = directory_changes(engine)[-1]
    assert (str(last.id), last.by, last.at) == (versions[-1], "mgr-1", MORNING)


def test_of_several_added_together_nobody_is_when_one_is_refused(engine: Engine) -> None:
    newcomers = [(MANAGER, None), (iro("iro-1", deputy="nobody"), FULL)]
    assert "The deputy nobody is not in the directory" in refused(add_people, engine, newcomers)
    assert is_empty(engine)
    add_people(engine, [], **NOTED)
    assert directory_changes(engine) == []


def test_what_is_changed_is_read_back(engine: Engine) -> None:
    stand(engine, "iro-1", "iro-2")
    changes = PersonChanges(line_manager="mgr-1", hours=0.5, offers=("polish",), nations=(Nation.WALES,))
    change_person(engine, "iro-1", changes, **NOTED)
    assert person(engine, "iro-1") == iro("iro-1", line_manager="mgr-1")
    assert terms(engine, "iro-1") == IroTerms(iro="iro-1", hours=0.5, offers=("polish",), nations=(Nation.WALES,))
    change_person(engine, "iro-1", PersonChanges(role=Role.IRO_MANAGER), **NOTED)
    assert terms(engine, "iro-1") is None
    assert terms(engine, "iro-2") == IroTerms(iro="iro-2")


def test_a_change_that_cannot_be_is_refused_and_leaves_nothing(engine: Engine) -> None:
    stand(engine, "iro-1", "iro-2")
    add_bar(engine, Bar(iro="iro-1", against="sw-7", kind=BarKind.RESOURCES), **NOTED)
    record_absence(engine, Absence(person="iro-1", since=TODAY), **NOTED)
    circle = PersonChanges(line_manager="mgr-1")
    change_person(engine, "iro-1", circle, **NOTED)
    up = PersonChanges(line_manager="iro-1")
    assert "in a circle" in refused(change_person, engine, "mgr-1", up)
    assert "in the directory already" in refused(add_person, engine, iro("iro-1"), FULL)
    assert "is away from 3 June 2026 on already" in refused(
        record_absence, engine, Absence(person="iro-1", since=TODAY + timedelta(9))
    )
    assert "is not away on 2 June 2026" in refused(end_absence, engine, "iro-1", TODAY - timedelta(1))
    assert "No absence of iro-1 begins on that day" in refused(withdraw_absence, engine, "iro-1", TODAY + timedelta(1))
    assert "last day comes before the first" in refused(set_last_day, engine, "mgr-1", date(2019, 3, 31))
    assert "needs a reason" in refused(add_bar, engine, Bar(iro="iro-1", against="child-1", kind=BarKind.CONFLICT))
    assert "is not barred from sw-8" in refused(withdraw_bar, engine, "iro-1", "sw-8", BarKind.RESOURCES)
    assert "iro-9 is not in the directory" in refused(withdraw_bar, engine, "iro-9", "sw-7", BarKind.RESOURCES)


def test_absences_are_kept_by_person_and_day(engine: Engine) -> None:
    stand(engine, "iro-1", "iro-2")
    leave = Absence(person="iro-1", since=TODAY, until=TODAY + timedelta(4), cover="iro-2")
    later = Absence(person="iro-1", since=TODAY + timedelta(60))
    other = Absence(person="iro-2", since=TODAY + timedelta(20), until=TODAY + timedelta(30))
    for each in (other, later, leave):
        record_absence(engine, each, **NOTED)
    assert absences(engine) == [leave, later, other]
    assert absences(engine, "iro-2") == [other]
    record_absence(engine, leave.model_copy(update={"cover": None}), **NOTED)
    end_absence(engine, "iro-1", TODAY + timedelta(1), **NOTED)
    assert absences(engine, "iro-1") == [Absence(person="iro-1", since=TODAY, until=TODAY + timedelta(1)), later]


def test_whether_an_iro_has_left_is_told_by_the_london_day_of_the_change(engine: Engine) -> None:
    stand(engine, "iro-1")
    set_last_day(engine, "iro-1", TODAY, **NOTED)
    bar = Bar(iro="iro-1", against="sw-7", kind=BarKind.RESOURCES)
    after_midnight_in_london = MORNING.replace(hour=23, minute=30)
    with pytest.raises(DirectoryRefused, match="iro-1 left on 3 June 2026"):
        add_bar(engine, bar, "mgr-1", after_midnight_in_london)
    add_bar(engine, bar, "mgr-1", after_midnight_in_london.replace(hour=22))


def test_bars_are_kept_by_iro_and_a_standing_one_gets_the_new_reason(engine: Engine) -> None:
    stand(engine, "iro-1", "iro-2")
    one = Bar(iro="iro-1", against="child-1", kind=BarKind.CONFLICT, reason="neighbours")
    other = Bar(iro="iro-2", against="team-9", kind=BarKind.LINE_MANAGEMENT)
    for each in (other, one.model_copy(update={"reason": "friends"}), one):
        add_bar(engine, each, **NOTED)
    assert bars(engine) == [one, other]
    assert bars(engine, "iro-2") == [other]
    withdraw_bar(engine, "iro-1", "child-1", BarKind.CONFLICT, **NOTED)
    assert bars(engine) == [other]


def test_of_two_changes_that_make_a_circle_at_the_same_instant_one_stands(engine: Engine) -> None:
    stand(engine, "iro-1", "iro-2")
    ready = Barrier(2)

    def stand_in(who: str, deputy: str) -> bool:
        ready.wait(10)
        try:
            change_person(engine, who, PersonChanges(deputy=deputy), **NOTED)
        except DirectoryRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        for _ in range(5):
            assert sum(threads.map(stand_in, ("iro-1", "iro-2"), ("iro-2", "iro-1"))) == 1
            for who in ("iro-1", "iro-2"):
                change_person(engine, who, PersonChanges(deputy=None), **NOTED)
