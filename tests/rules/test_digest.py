"""The IRO manager's week in one digest: what is counted, what is to come, and in plain words; no names."""

from rules.calendar import WorkingCalendar
from rules.concerns import Concern, ConcernKind
from rules.digest import (
    Away,
    Caseload,
    Count,
    EscalationLine,
    Leaving,
    OverdueLine,
    ProposalLine,
    ReviewDue,
    ServiceWeek,
    digest,
    in_words,
)
from rules.directory import Absence, Person
from rules.vocabulary import Nation, Role
from tests.rules.build import day

CALENDAR = WorkingCalendar(Nation.ENGLAND)
MONDAY = day("2026-03-09")


def person(reference: str, role: Role = Role.IRO, until: str | None = None) -> Person:
    return Person(reference=reference, name="A Name", role=role, authority="383", until=day(until) if until else None)


def review(number: int, due: str, arranged: str | None = None) -> ReviewDue:
    return ReviewDue(episode=f"episode-{number}", due=day(due), arranged=day(arranged) if arranged else None)


def raised(rung: str, on: str) -> EscalationLine:
    return EscalationLine(episode="episode-1", step="report", rung=rung, on=day(on))


EMPTY = ServiceWeek(authority="383", day=MONDAY)
FULL = ServiceWeek(
    authority="383",
    day=MONDAY,
    caseloads=(
        Caseload(iro="iro-1", children=60, places=70),
        Caseload(iro="iro-2", children=36, places=35),
        Caseload(iro="iro-3", children=70, places=70),
    ),
    without_iro=("episode-9", "episode-8"),
    proposals=(
        ProposalLine(episode="episode-8", iro="iro-1", since=day("2026-03-06")),
        ProposalLine(episode="episode-9", iro="iro-1", since=day("2026-03-05")),
    ),
    overdue=(
        OverdueLine(episode="episode-1", step="report", team="team-1"),
        OverdueLine(episode="episode-1", step="appoint_iro", team="team-1"),
        OverdueLine(episode="episode-2", step="report", team="team-2"),
        OverdueLine(episode="episode-3", step="report"),
    ),
    escalations=(
        raised("breach", "2026-03-01"),
        raised("breach", "2026-03-02"),
        raised("service_manager", "2026-03-05"),
        raised("breach", "2026-03-08"),
        raised("breach", "2026-03-09"),
    ),
    reviews=(
        review(4, "2026-03-20"),
        review(3, "2026-03-09"),
        review(5, "2026-03-12", arranged="2026-03-11"),
        review(6, "2026-03-23"),
        review(7, "2026-03-06"),
    ),
    concerns=(
        Concern(
            team="environment_2",
            step="manager_reply",
            since=day("2026-02-16"),
            until=day("2026-03-03"),
            episodes=("episode-1", "episode-2", "episode-3"),
        ),
    ),
    people=(
        person("iro-1", until="2026-04-05"),
        person("iro-2"),
        person("iro-3", until="2026-04-06"),
        person("office-1", Role.IRO_ADMINISTRATOR, until="2026-03-08"),
    ),
    absences=(
        Absence(person="iro-2", since=day("2026-03-30"), cover="iro-3"),
        Absence(person="iro-3", since=day("2026-03-02"), until=day("2026-03-09")),
        Absence(person="iro-1", since=day("2026-03-01"), until=day("2026-03-08")),
        Absence(person="iro-1", since=day("2026-04-06"), until=day("2026-04-08")),
        Absence(person="office-1", since=day("2026-01-01")),
        Absence(person="unknown-1", since=day("2026-03-10")),
    ),
)


def test_the_fullest_iro_for_their_places_comes_first() -> None:
    made = digest(FULL, CALENDAR)
    assert [each.iro for each in made.caseloads] == ["iro-2", "iro-3", "iro-1"]
    assert [(each.iro, each.over) for each in made.over] == [("iro-2", 1)]
    assert [(each.iro, each.under) for each in made.under] == [("iro-1", 10)]


def test_children_without_an_iro_and_proposals_that_wait_are_told() -> None:
    made = digest(FULL, CALENDAR)
    assert made.without_iro == ("episode-8", "episode-9")
    assert [each.episode for each in made.proposals] == ["episode-9", "episode-8"]


def test_overdue_steps_are_counted_by_name_and_by_team() -> None:
    made = digest(FULL, CALENDAR)
    assert made.overdue_by_step == (Count(name="report", count=3), Count(name="appoint_iro", count=1))
    assert made.overdue_by_team == (
        Count(name="team-1", count=2),
        Count(name="team-2", count=1),
        Count(name=None, count=1),
    )


def test_escalations_of_the_seven_days_before_are_counted_by_rung() -> None:
    made = digest(FULL, CALENDAR)
    assert (made.first_day, made.last_day) == (day("2026-03-02"), day("2026-03-08"))
    assert made.escalations_by_rung == (Count(name="breach", count=2), Count(name="service_manager", count=1))


def test_reviews_due_in_the_next_ten_working_days_without_a_day_are_told() -> None:
    unarranged = digest(FULL, CALENDAR).unarranged
    assert unarranged is not None
    assert [each.episode for each in unarranged] == ["episode-3", "episode-4"]


def test_the_ten_working_days_leave_out_easter() -> None:
    week = ServiceWeek(authority="383", day=day("2026-03-30"), reviews=(review(1, "2026-04-14"),))
    assert digest(week, CALENDAR).unarranged == (review(1, "2026-04-14"),)
    later = ServiceWeek(authority="383", day=day("2026-03-30"), reviews=(review(1, "2026-04-15"),))
    assert digest(later, CALENDAR).unarranged == ()


def test_where_arrangements_are_not_known_nothing_is_said_of_them() -> None:
    assert digest(EMPTY, CALENDAR).unarranged is None


def test_whoever_leaves_or_is_away_in_the_next_four_weeks_is_told() -> None:
    made = digest(FULL, CALENDAR)
    assert made.leaving == (Leaving(person="iro-1", role=Role.IRO, last_day=day("2026-04-05")),)
    assert made.away == (
        Away(person="iro-3", role=Role.IRO, since=day("2026-03-02"), until=day("2026-03-09")),
        Away(person="iro-2", role=Role.IRO, since=day("2026-03-30"), cover="iro-3"),
    )


def test_the_digest_in_words() -> None:
    assert in_words(digest(FULL, CALENDAR)) == [
        "The IRO service from 2 March 2026 to 8 March 2026.",
        "3 IROs have 166 children and 175 places.",
        "Over their places: iro-2 (36 of 35).",
        "With places to spare: iro-1 (60 of 70).",
        "2 children have no IRO: episode-8, episode-9.",
        "2 proposals wait for your word, the oldest since 5 March 2026.",
        "4 steps are overdue: report 3, appoint IRO 1.",
        "By team: team-1 2, team-2 1, no team named 1.",
        "Escalations of the week: breach 2, service manager 1.",
        "2 reviews fall due in the next 10 working days unarranged, the first on 9 March 2026: episode-3, episode-4.",
        "3 children of environment_2 slipped at manager reply between 16 February 2026 and 3 March 2026.",
        "iro-1 (IRO) leaves on 5 April 2026.",
        "iro-3 (IRO) is away from 2 March 2026 until 9 March 2026, without cover.",
        "iro-2 (IRO) is away from 30 March 2026, covered by iro-3.",
    ]


def test_a_quiet_week_is_short() -> None:
    assert in_words(digest(EMPTY, CALENDAR)) == [
        "The IRO service from 2 March 2026 to 8 March 2026.",
        "0 IROs have 0 children and 0 places.",
        "Every child has an IRO.",
        "Nothing is overdue.",
    ]


def test_one_of_anything_is_told_as_one() -> None:
    one = ServiceWeek(
        authority="383",
        day=MONDAY,
        caseloads=(Caseload(iro="iro-1", children=1, places=1),),
        without_iro=("episode-1",),
        proposals=FULL.proposals[:1],
        overdue=FULL.overdue[:1],
        reviews=(review(1, "2026-03-09"),),
        concerns=(FULL.concerns[0].model_copy(update={"since": day("2026-03-03")}),),
    )
    assert in_words(digest(one, CALENDAR))[1:] == [
        "1 IRO has 1 child and 1 place.",
        "1 child has no IRO: episode-1.",
        "1 proposal waits for your word, the oldest since 6 March 2026.",
        "1 step is overdue: report 1.",
        "By team: team-1 1.",
        "1 review falls due in the next 10 working days unarranged, the first on 9 March 2026: episode-1.",
        "3 children of environment_2 slipped at manager reply on 3 March 2026.",
    ]


def test_a_pattern_of_poor_practice_is_told_as_one() -> None:
    pattern = FULL.concerns[0].model_copy(update={"kind": ConcernKind.POOR_PRACTICE, "step": "visits_missed"})
    week = ServiceWeek(authority="383", day=MONDAY, concerns=(pattern,))
    assert in_words(digest(week, CALENDAR))[-1] == (
        "Poor practice (visits missed) was noted with 3 children of environment_2 between 16 February 2026 and"
        " 3 March 2026."
    )


def test_a_long_list_names_the_first_few_and_counts_the_rest() -> None:
    week = ServiceWeek(authority="383", day=MONDAY, without_iro=tuple(f"episode-{n}" for n in range(1, 9)))
    line = in_words(digest(week, CALENDAR))[2]
    assert line == "8 children have no IRO: episode-1, episode-2, episode-3, episode-4, episode-5 and 3 more."


def test_no_name_is_told_only_references_and_counts() -> None:
    made = digest(FULL, CALENDAR)
    assert "A Name" not in made.model_dump_json() + "".join(in_words(made))


def test_what_it_is_made_from_may_come_in_any_order() -> None:
    turned = ServiceWeek(
        authority="383",
        day=MONDAY,
        caseloads=FULL.caseloads[::-1],
        without_iro=FULL.without_iro[::-1],
        proposals=FULL.proposals[::-1],
        overdue=FULL.overdue[::-1],
        escalations=FULL.escalations[::-1],
        reviews=FULL.reviews[::-1] if FULL.reviews else None,
        concerns=FULL.concerns[::-1],
        people=FULL.people[::-1],
        absences=FULL.absences[::-1],
    )
    assert digest(turned, CALENDAR) == digest(FULL, CALENDAR)
