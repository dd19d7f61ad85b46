"""The directory refuses what cannot be, in one sentence that says what to do and names nobody."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from rules.directory import Absence, Bar, BarKind, IroTerms, Person, PersonChanges
from rules.directory_checks import (
    Directory,
    DirectoryRefused,
    KinLink,
    absence_on,
    changed,
    check_absence,
    check_added,
    check_bar,
    check_kin,
    check_last_day,
    read,
    sibling_group,
)
from rules.vocabulary import KinRelation, Nation, Role

TODAY = date(2026, 6, 3)
LEEDS = "383"
SIBLING, PARENT, CHILD = KinRelation.SIBLING, KinRelation.PARENT, KinRelation.CHILD


def someone(reference: str, role: Role = Role.IRO, **more: Any) -> Person:
    return Person(**{"reference": reference, "name": "Test Person", "role": role, "authority": LEEDS} | more)


def directory_of(*people: Person, absences: tuple[Absence, ...] = ()) -> Directory:
    return Directory(
        people={each.reference: each for each in people},
        terms={each.reference: IroTerms(iro=each.reference) for each in people if each.role is Role.IRO},
        absences=absences,
    )


def added(*people: Person, to: Directory | None = None) -> None:
    newcomers = [(each, IroTerms(iro=each.reference) if each.role is Role.IRO else None) for each in people]
    check_added(to or Directory(), newcomers)


def refusal(act: Callable[..., object], *given: Any, **more: Any) -> str:
    with pytest.raises(DirectoryRefused) as caught:
        act(*given, **more)
    sentence = str(caught.value)
    assert sentence.endswith(".") and sentence.count(". ") == 0 and "\n" not in sentence
    assert "Test Person" not in sentence
    return sentence


def away(person: str, since: date, until: date | None = None, cover: str | None = None) -> Absence:
    return Absence(person=person, since=since, until=until, cover=cover)


# --- People ------------------------------------------------------------------------------------------------------


def test_people_who_name_each_other_may_be_added_together() -> None:
    manager = someone("mgr-1", Role.IRO_MANAGER, deputy="iro-1")
    added(someone("iro-1", line_manager="mgr-1"), manager)


def test_nobody_is_added_twice() -> None:
    one = someone("iro-1")
    assert "is in the directory already: change that entry" in refusal(added, one, to=directory_of(one))
    assert "is in the directory already" in refusal(added, one, one)


@pytest.mark.parametrize("code", ["999", "909"])
def test_an_authority_that_is_none_is_refused(code: str) -> None:
    assert code in refusal(added, someone("iro-1", authority=code))


@pytest.mark.parametrize("post", ["line_manager", "deputy"])
def test_a_manager_or_deputy_is_somebody_in_the_directory(post: str) -> None:
    sentence = refusal(added, someone("iro-1", Role.IRO, **{post: "nobody"}))
    assert sentence == f"The {post.replace('_', ' ')} nobody is not in the directory: add them first, or name another."


@pytest.mark.parametrize("post", ["line_manager", "deputy"])
def test_managers_and_deputies_never_go_round_in_a_circle(post: str) -> None:
    standing = directory_of(
        *(someone(who, Role.IRO, **{post: above}) for who, above in (("b", "a"), ("c", "b"))), someone("a")
    )
    sentence = refusal(changed, standing, "a", PersonChanges.model_validate({post: "c"}))
    assert "in a circle, a to c to b to a: name another" in sentence
    assert "a to a" in refusal(changed, standing, "a", PersonChanges.model_validate({post: "a"}))


def test_a_circle_of_others_is_not_held_against_somebody_new() -> None:
    standing = directory_of(someone("a", deputy="b"), someone("b", deputy="a"))
    added(someone("c", deputy="a"), to=standing)


def test_an_iro_has_terms_and_nobody_else_has() -> None:
    assert "give their hours or their limit" in refusal(check_added, Directory(), [(someone("iro-1"), None)])
    lawyer = someone("law-1", Role.LEGAL)
    assert "only an IRO has hours" in refusal(check_added, Directory(), [(lawyer, IroTerms(iro="law-1"))])
    assert "give those of iro-1" in refusal(check_added, Directory(), [(someone("iro-1"), IroTerms(iro="iro-2"))])


def test_only_what_is_given_changes() -> None:
    before = someone("iro-1", phone="0113 496 0000", team="north")
    person, terms = changed(directory_of(before), "iro-1", PersonChanges(hours=0.6, team=None))
    assert person == before.model_copy(update={"team": None})
    assert terms == IroTerms(iro="iro-1", hours=0.6)


def test_an_iro_who_takes_another_post_loses_the_terms() -> None:
    standing = directory_of(someone("iro-1"))
    assert changed(standing, "iro-1", PersonChanges(role=Role.IRO_MANAGER))[1] is None
    assert "only an IRO has" in refusal(changed, standing, "iro-1", PersonChanges(role=Role.LEGAL, hours=0.5))


def test_somebody_who_becomes_an_iro_needs_hours_or_a_limit() -> None:
    standing = directory_of(someone("sw-1", Role.SOCIAL_WORKER))
    assert "is to be an IRO" in refusal(changed, standing, "sw-1", PersonChanges(role=Role.IRO))
    person, terms = changed(standing, "sw-1", PersonChanges(role=Role.IRO, hours=1))
    assert person.role is Role.IRO and terms == IroTerms(iro="sw-1")


@pytest.mark.parametrize("field", ["name", "role", "hours", "full_time_limit", "nations"])
def test_what_everyone_has_cannot_be_taken_away(field: str) -> None:
    refusal(changed, directory_of(someone("iro-1")), "iro-1", PersonChanges.model_validate({field: None}))


def test_a_change_of_nobody_is_refused() -> None:
    assert "iro-1 is not in the directory" in refusal(changed, Directory(), "iro-1", PersonChanges())


def test_a_last_day_comes_on_or_after_the_first_and_may_be_taken_back() -> None:
    standing = directory_of(someone("iro-1", since=TODAY))
    assert check_last_day(standing, "iro-1", TODAY).until == TODAY
    assert check_last_day(standing, "iro-1", None).until is None
    assert "last day comes before the first" in refusal(check_last_day, standing, "iro-1", date(2026, 6, 2))
    assert "last day is no day" in refusal(check_last_day, standing, "iro-1", date(1926, 6, 2))
    assert "not in the directory" in refusal(check_last_day, standing, "iro-2", TODAY)


# --- Absences ----------------------------------------------------------------------------------------------------

SERVICE = directory_of(
    someone("iro-1"),
    someone("iro-2"),
    someone("iro-3", since=date(2026, 6, 10)),
    someone("iro-4", until=date(2026, 6, 10)),
    someone("tm-1", Role.TEAM_MANAGER),
    someone("tm-2", Role.TEAM_MANAGER),
    absences=(away("iro-2", date(2026, 6, 20), date(2026, 6, 26)), away("iro-1", date(2026, 9, 1))),
)


@pytest.mark.parametrize(
    ("absence", "words"),
    [
        (away("iro-9", TODAY), "iro-9 is not in the directory"),
        (away("iro-1", TODAY, date(2026, 6, 2)), "last day away comes before the first"),
        (away("iro-4", date(2026, 6, 11)), "leaves on 10 June 2026"),
        (away("iro-1", TODAY, TODAY, "iro-1"), "cannot cover for themselves"),
        (away("iro-1", TODAY, TODAY, "iro-9"), "The cover iro-9 is not in the directory"),
        (away("iro-1", TODAY, TODAY, "tm-1"), "tm-1 is not an IRO"),
        (away("iro-1", TODAY, TODAY, "iro-3"), "iro-3 is not there for all of that time"),
        (away("iro-1", TODAY, date(2026, 6, 11), "iro-4"), "iro-4 is not there for all of that time"),
        (away("iro-1", TODAY, date(2026, 6, 20), "iro-2"), "away from 20 June 2026 to 26 June 2026: name another"),
        (away("iro-1", date(2026, 6, 26), date(2026, 8, 1), "iro-2"), "iro-2 is away"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(absence: Absence, words: str) -> None:
    assert words in refusal(check_absence, SERVICE, absence)


@pytest.mark.parametrize(
    "absence",
    [
        away("iro-1", TODAY, date(2026, 6, 19), "iro-2"),
        away("iro-1", date(2026, 6, 10), date(2026, 6, 10), "iro-3"),
        away("iro-1", TODAY, date(2026, 8, 31)),
        away("iro-4", date(2026, 6, 10)),
        away("tm-1", TODAY, None, "tm-2"),
        away("iro-3", TODAY, None, "iro-2"),
    ],
)
def test_an_absence_that_can_be_is_taken(absence: Absence) -> None:
    check_absence(SERVICE, absence)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        (date(2026, 6, 1), date(2026, 6, 20)),
        (date(2026, 6, 26), None),
        (date(2026, 6, 22), date(2026, 6, 23)),
        (date(2026, 6, 1), None),
    ],
)
def test_nobody_is_away_twice_at_once(since: date, until: date | None) -> None:
    assert "already: end that absence first" in refusal(check_absence, SERVICE, away("iro-2", since, until))


def test_after_an_absence_without_end_comes_no_other() -> None:
    assert "1 September 2026 on already" in refusal(check_absence, SERVICE, away("iro-1", date(2027, 1, 4)))


def test_an_absence_may_be_recorded_anew_from_the_same_day() -> None:
    check_absence(SERVICE, away("iro-2", date(2026, 6, 20), date(2026, 7, 10), "iro-1"))


def test_the_absence_that_ends_is_the_one_of_that_day() -> None:
    assert absence_on(SERVICE, "iro-2", date(2026, 6, 22)) == away("iro-2", date(2026, 6, 20), date(2026, 6, 22))
    assert absence_on(SERVICE, "iro-1", date(2026, 9, 9)).until == date(2026, 9, 9)
    assert "is not away on 19 June 2026" in refusal(absence_on, SERVICE, "iro-2", date(2026, 6, 19))
    assert "not in the directory" in refusal(absence_on, SERVICE, "iro-9", TODAY)


# --- Bars --------------------------------------------------------------------------------------------------------


def bar(iro: str, kind: BarKind = BarKind.RESOURCES, reason: str | None = None) -> Bar:
    return Bar(iro=iro, against="team-1", kind=kind, reason=reason)


def test_a_bar_is_on_an_iro_who_is_there() -> None:
    check_bar(SERVICE, bar("iro-4"), date(2026, 6, 10))
    assert "iro-9 is not in the directory" in refusal(check_bar, SERVICE, bar("iro-9"), TODAY)
    assert "tm-1 is team manager, not an IRO" in refusal(check_bar, SERVICE, bar("tm-1"), TODAY)
    assert "iro-4 left on 10 June 2026" in refusal(check_bar, SERVICE, bar("iro-4"), date(2026, 6, 11))


def test_a_conflict_of_interest_says_what_it_is() -> None:
    check_bar(SERVICE, bar("iro-1", BarKind.CONFLICT, "lives next door"), TODAY)
    assert "needs a reason" in refusal(check_bar, SERVICE, bar("iro-1", BarKind.CONFLICT), TODAY)


# --- Kin ---------------------------------------------------------------------------------------------------------


def kin(child: str, relation: KinRelation, other: str) -> KinLink:
    return KinLink(child=child, relation=relation, kin=other)


FAMILY = (kin("b", SIBLING, "a"), kin("b", SIBLING, "c"), kin("a", PARENT, "mother"))


def test_a_link_told_from_the_other_side_is_the_same_link() -> None:
    assert kin("a", PARENT, "mother").inverse == kin("mother", CHILD, "a")
    assert kin("a", SIBLING, "b").inverse.inverse == kin("a", SIBLING, "b")


def test_siblings_of_siblings_are_siblings() -> None:
    both_ways = [each for link in FAMILY for each in (link, link.inverse)]
    assert sibling_group("c", both_ways) == {"a", "b", "c"}
    assert sibling_group("mother", both_ways) == {"mother"}


def test_nobody_is_kin_of_themselves() -> None:
    assert "cannot be kin of themselves" in refusal(check_kin, kin("a", SIBLING, "a"), ())


@pytest.mark.parametrize(
    "new",
    [
        kin("c", SIBLING, "mother"),
        kin("mother", SIBLING, "b"),
        kin("c", PARENT, "a"),
        kin("a", CHILD, "c"),
    ],
)
def test_no_sibling_group_includes_a_parent(new: KinLink) -> None:
    assert "parent and child in one sibling group" in refusal(check_kin, new, FAMILY)


def test_nobody_is_both_parent_and_child_of_another() -> None:
    assert "both parent and child of mother" in refusal(check_kin, kin("mother", PARENT, "a"), FAMILY)


@pytest.mark.parametrize(
    "new", [kin("c", PARENT, "mother"), kin("c", PARENT, "father"), kin("mother", SIBLING, "aunt")]
)
def test_a_family_that_can_be_is_taken(new: KinLink) -> None:
    check_kin(new, FAMILY)


# --- What was typed ----------------------------------------------------------------------------------------------

PERSON = {"reference": "iro-1", "name": "Test Person", "role": "iro", "authority": LEEDS}


def test_what_was_typed_is_read() -> None:
    assert read(Person, PERSON) == someone("iro-1")
    assert read(IroTerms, {"iro": "iro-1", "nations": ["wales"]}).nations == (Nation.WALES,)


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        (IroTerms, {"iro": "iro-1", "hours": 1.2}, "give more than 0 and at most 1"),
        (IroTerms, {"iro": "iro-1", "hours": 0}, "give more than 0 and at most 1"),
        (IroTerms, {"iro": "iro-1", "full_time_limit": 0}, "a whole number from 1 to 200"),
        (IroTerms, {"iro": "iro-1", "nations": []}, "give england, wales or both"),
        (IroTerms, {"iro": "iro-1", "nations": ["scotland"]}, "give england, wales or both"),
        (IroTerms, {"iro": "iro-1", "offers": ["Welsh language"]}, "one word each, in small letters"),
        (Person, PERSON | {"role": "chief_cook"}, "give one of child, parents"),
        (Person, PERSON | {"authority": "Leeds"}, "three-digit DfE code"),
        (Person, PERSON | {"name": "Test Person" * 20}, "at most 120 characters"),
        (Person, PERSON | {"deputy": "Test Person"}, "The deputy is no reference"),
        (Person, PERSON | {"since": "Test Person"}, "The first day is no day"),
        (Person, PERSON | {"since": "2026-06-03", "until": "2026-06-02"}, "The last day comes before the first"),
        (Person, {"reference": "iro-1"}, "The name is missing: give it"),
        (Person, PERSON | {"nickname": "Test"}, "nothing called nickname to give here: give reference, name"),
        (Bar, {"iro": "iro-1", "against": "sw-1", "kind": "grudge"}, "give one of line_management"),
        (Absence, {"person": "iro-1", "since": "2026-06-03", "until": "soon"}, "The last day is no day"),
    ],
)
def test_what_cannot_be_read_is_told_without_showing_it(kind: Any, typed: dict[str, Any], words: str) -> None:
    assert words in refusal(read, kind, typed)
