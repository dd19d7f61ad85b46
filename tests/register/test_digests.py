"""Who is sent the weekly digest, which an authority decides for itself; and the weeks that are kept."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from register.digests import DigestSetting, KeptWeek, change_digest_setting, digest_setting, kept_weeks
from register.queries import owed_notices
from register.service import keep_digest
from rules.calendar import WorkingCalendar
from rules.digest import ServiceWeek, digest
from rules.vocabulary import Nation, Role
from tests.register.samples import MORNING

MONDAY = date(2026, 6, 8)


def keep(engine: Engine, authority: str = "822", monday: date = MONDAY) -> bool:
    week = digest(ServiceWeek(authority=authority, day=monday), WorkingCalendar(Nation.ENGLAND))
    return keep_digest(engine, week, MORNING)


def told(engine: Engine, authority: str = "822") -> list[Role]:
    return [each.recipient for each in owed_notices(engine) if each.service == authority]


def test_the_digest_goes_to_the_iro_manager_where_nothing_else_is_decided(engine: Engine) -> None:
    assert digest_setting(engine, "822") == DigestSetting(recipients=(Role.IRO_MANAGER,))
    assert keep(engine)
    assert told(engine) == [Role.IRO_MANAGER]


def test_the_digest_goes_to_those_whom_the_authority_has_decided_on(engine: Engine) -> None:
    decided = change_digest_setting(engine, "822", (Role.DIRECTOR, Role.IRO_ADMINISTRATOR), "mgr-1", MORNING)
    assert digest_setting(engine, "822") == decided
    assert (decided.changed_by, decided.changed_at) == ("mgr-1", MORNING)
    keep(engine)
    keep(engine, "823")
    assert told(engine) == [Role.IRO_ADMINISTRATOR, Role.DIRECTOR]
    assert told(engine, "823") == [Role.IRO_MANAGER]


def test_with_nobody_decided_on_the_digest_is_kept_and_nobody_written_to(engine: Engine) -> None:
    change_digest_setting(engine, "822", (), "mgr-1", MORNING)
    assert keep(engine)
    assert told(engine) == []
    assert kept_weeks(engine, "822") == [KeptWeek(week=MONDAY, made_at=MORNING)]


def test_a_decision_is_changed_as_often_as_wanted_and_the_last_one_stands(engine: Engine) -> None:
    for roles in ((), (Role.DIRECTOR,), (Role.IRO_MANAGER,)):
        change_digest_setting(engine, "822", roles, "mgr-1", MORNING)
    assert digest_setting(engine, "822").recipients == (Role.IRO_MANAGER,)


@pytest.mark.parametrize("role", [Role.CHILD, Role.PARENTS, Role.SYSTEM, Role.IRO])
def test_the_digest_is_for_posts_of_the_service_alone(engine: Engine, role: Role) -> None:
    with pytest.raises(ValueError, match="choose among those there are"):
        change_digest_setting(engine, "822", (Role.IRO_MANAGER, role), "mgr-1", MORNING)
    assert digest_setting(engine, "822") == DigestSetting()


def test_the_weeks_that_are_kept_are_told_the_latest_first(engine: Engine) -> None:
    for weeks in (2, 0, 1):
        keep(engine, monday=MONDAY - timedelta(weeks=weeks))
    keep(engine, "823")
    assert [each.week for each in kept_weeks(engine, "822", limit=2)] == [MONDAY, MONDAY - timedelta(weeks=1)]
