"""To whom a notice goes and by which way, or why it goes to nobody."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.addressing import (
    Addressed,
    AgeBand,
    CareOver,
    CaseNow,
    Destination,
    NotSent,
    Surroundings,
    WhyNot,
    address,
    age_band,
)
from rules.directory import Absence, Person
from rules.network import AccessNeed, Language, NetworkContact, Suppression, Way
from rules.notice_names import NoticeName
from rules.posts import OUTSIDE, CasePeople, is_post
from rules.steps import Notice
from rules.vocabulary import Role

pytestmark = pytest.mark.duty("sent_or_said_why_not")

DAY = date(2026, 7, 3)
HOME = ("1 Test Street", "Testby", "TE1 1ST")
PEOPLE = CasePeople(authority="383", iro="iro-1", social_worker="sw-1", team_manager="tm-1")
CASE = CaseNow(people=PEOPLE, child="child-1", birth_date=date(2014, 5, 1))


def notice(role: Role, name: NoticeName = NoticeName.IRO_APPOINTED, *, if_involved: bool = False) -> Notice:
    return Notice(key=f"{name}:x:{role}", name=name, recipient=role, about="x", if_involved=if_involved)


def contact(reference: str, role: Role, **fields: Any) -> NetworkContact:
    said = {"reference": reference, "authority": "383", "child": "child-1", "role": role, "name": "Test Name"}
    return NetworkContact(**said | fields)


def person(reference: str, role: Role, **fields: Any) -> Person:
    said = {"reference": reference, "name": "Test Name", "role": role, "authority": "383"}
    return Person(**said | {"email": f"{reference}@example.org"} | fields)


CARER = contact("f-1", Role.CARER, address=HOME)
SERVICE = (
    person("sw-1", Role.SOCIAL_WORKER),
    person("tm-1", Role.TEAM_MANAGER),
    person("iro-1", Role.IRO),
    person("im-1", Role.IRO_MANAGER),
)


def addressed(owed: Notice, *contacts: NetworkContact, case: CaseNow = CASE, **around: Any) -> Addressed:
    return address(owed, case, Surroundings(**{"people": SERVICE, "contacts": contacts} | around), DAY)


def only(found: Addressed) -> Destination:
    assert found.not_sent == ()
    [destination] = found.to
    return destination


def refused(found: Addressed) -> NotSent:
    assert found.to == ()
    [not_sent] = found.not_sent
    return not_sent


# --- Posts of the service ---------------------------------------------------------------------------------------------


def test_a_post_is_written_to_by_email() -> None:
    found = only(addressed(notice(Role.SOCIAL_WORKER)))
    assert (found.reference, found.of_the_service, found.way) == ("sw-1", True, Way.EMAIL)


def test_a_post_without_email_is_texted_and_without_either_it_is_undeliverable() -> None:
    texted = (person("im-1", Role.IRO_MANAGER, email=None, phone="07700 900123"),)
    assert only(addressed(notice(Role.IRO_MANAGER), people=texted)).way is Way.TEXT
    mute = (person("im-1", Role.IRO_MANAGER, email=None),)
    not_sent = refused(addressed(notice(Role.IRO_MANAGER), people=mute))
    assert (not_sent.why, not_sent.reference, not_sent.undeliverable) == (WhyNot.NO_WAY, "im-1", True)


@pytest.mark.duty("never_to_nobody")
def test_an_empty_post_falls_back_up_the_line_and_says_so() -> None:
    found = only(addressed(notice(Role.IRO_ADMINISTRATOR)))
    assert found.reference == "im-1"
    assert found.instead_because == "the post of IRO administrator is empty, so it goes to the IRO manager"


@pytest.mark.duty("never_to_nobody")
def test_whoever_is_away_is_stood_in_for() -> None:
    away = (Absence(person="sw-1", since=DAY),)
    found = only(addressed(notice(Role.SOCIAL_WORKER), absences=away))
    assert found.reference == "tm-1" and found.instead_because


def test_an_empty_directory_reaches_nobody_and_that_is_undeliverable() -> None:
    not_sent = refused(addressed(notice(Role.IRO_MANAGER), people=()))
    assert (not_sent.why, not_sent.undeliverable) == (WhyNot.NOBODY_OF_THAT_ROLE, True)


def test_where_it_depends_on_involvement_an_empty_post_falls_back_to_nobody() -> None:
    owed = notice(Role.IRO_MANAGER, NoticeName.DECISIONS_SENT, if_involved=True)
    assert only(addressed(owed)).reference == "im-1"
    not_sent = refused(addressed(owed, people=SERVICE[:3]))
    assert (not_sent.why, not_sent.undeliverable) == (WhyNot.NOBODY_OF_THAT_ROLE, False)


def test_legal_is_involved_while_there_is_a_guardian_that_is_while_proceedings_go_on() -> None:
    people = (*SERVICE, person("legal-1", Role.LEGAL))
    owed = notice(Role.LEGAL, if_involved=True)
    guardian = contact("g-1", Role.GUARDIAN, until=DAY)
    assert only(addressed(owed, guardian, people=people)).reference == "legal-1"
    former = guardian.model_copy(update={"until": DAY - timedelta(days=1)})
    assert refused(addressed(owed, former, people=people)).why is WhyNot.NOBODY_OF_THAT_ROLE


def test_a_notice_about_a_service_needs_no_child() -> None:
    service = CaseNow(people=CasePeople(authority="383"))
    assert only(addressed(notice(Role.IRO_MANAGER, NoticeName.WEEKLY_DIGEST), case=service)).reference == "im-1"


# --- The network ------------------------------------------------------------------------------------------------------


def test_each_of_two_parents_gets_it() -> None:
    parents = (
        contact("p-1", Role.PARENTS, email="one@example.org", language=Language.WELSH),
        contact("p-2", Role.PARENTS, address=HOME, needs=(AccessNeed.LARGE_PRINT,), barred=True),
    )
    one, two = addressed(notice(Role.PARENTS), *parents).to
    assert (one.reference, one.way, one.language, one.barred) == ("p-1", Way.EMAIL, Language.WELSH, False)
    assert (two.reference, two.way, two.needs, two.barred) == ("p-2", Way.LETTER, (AccessNeed.LARGE_PRINT,), True)


REACH: dict[str, Any] = {"address": HOME, "email": "one@example.org", "phone": "07700 900123"}


@pytest.mark.parametrize(
    ("fields", "way"),
    [
        (REACH, Way.LETTER),
        (REACH | {"way": Way.EMAIL}, Way.EMAIL),
        (REACH | {"way": Way.TEXT}, Way.TEXT),
        (REACH | {"way": Way.TEXT, "phone": None}, Way.LETTER),
        (REACH | {"way": Way.TEXT, "phone": "01632 960123"}, Way.LETTER),
        (REACH | {"needs": (AccessNeed.NO_POST,)}, Way.EMAIL),
        (REACH | {"needs": (AccessNeed.NO_POST,), "way": Way.LETTER}, Way.EMAIL),
        (REACH | {"needs": (AccessNeed.READ_ALOUD,), "way": Way.EMAIL}, Way.LETTER),
        (REACH | {"needs": (AccessNeed.READ_ALOUD, AccessNeed.NO_POST), "way": Way.TEXT}, Way.EMAIL),
        ({"phone": "+44 7700 900123"}, Way.TEXT),
        ({"phone": "+353 20 910 0000"}, Way.TEXT),
        ({"phone": "+44 (0)1632 960123"}, None),
        ({"address": HOME, "needs": (AccessNeed.NO_POST,)}, None),
        ({}, None),
    ],
)
def test_the_way_is_the_one_preferred_if_it_can_be_else_letter_email_text(
    fields: dict[str, Any], way: Way | None
) -> None:
    found = addressed(notice(Role.PARENTS), contact("p-1", Role.PARENTS, **fields))
    if way:
        assert only(found).way is way
    else:
        assert (refused(found).why, refused(found).undeliverable) == (WhyNot.NO_WAY, True)


def test_nobody_is_written_to_who_is_not_involved_that_day() -> None:
    former = CARER.model_copy(update={"until": DAY - timedelta(days=1)})
    coming = contact("f-2", Role.CARER, address=HOME, since=DAY + timedelta(days=1))
    now = contact("f-3", Role.CARER, address=HOME, since=DAY, until=DAY)
    assert only(addressed(notice(Role.CARER), former, coming, now)).reference == "f-3"


def test_a_role_that_nobody_has_any_longer_is_undeliverable_where_it_is_owed() -> None:
    former = CARER.model_copy(update={"until": DAY - timedelta(days=1)})
    found = addressed(notice(Role.CARER), former)
    assert found.to == ()
    assert [(each.reference, each.why, each.undeliverable) for each in found.not_sent] == [
        ("f-1", WhyNot.NO_LONGER_INVOLVED, False),
        (None, WhyNot.NOBODY_OF_THAT_ROLE, True),
    ]
    assert found.undeliverable == "nobody of that role is known"
    settled = refused(addressed(notice(Role.CARER, if_involved=True), former))
    assert (settled.why, settled.undeliverable) == (WhyNot.NO_LONGER_INVOLVED, False)


def test_a_role_that_is_told_only_where_involved_may_have_nobody() -> None:
    found = addressed(notice(Role.SCHOOL, if_involved=True))
    assert refused(found).why is WhyNot.NOBODY_OF_THAT_ROLE
    assert found.undeliverable is None


def test_a_virtual_school_head_is_the_authoritys_where_the_child_has_none_of_their_own() -> None:
    gone = person("vsh-9", Role.VIRTUAL_SCHOOL_HEAD, until=DAY - timedelta(days=1))
    people = (*SERVICE, person("vsh-1", Role.VIRTUAL_SCHOOL_HEAD), gone)
    assert only(addressed(notice(Role.VIRTUAL_SCHOOL_HEAD), people=people)).reference == "vsh-1"
    conditional = addressed(notice(Role.VIRTUAL_SCHOOL_HEAD, if_involved=True), people=people)
    assert refused(conditional).why is WhyNot.NOBODY_OF_THAT_ROLE
    own = contact("v-1", Role.VIRTUAL_SCHOOL_HEAD, email="v@example.org")
    assert only(addressed(notice(Role.VIRTUAL_SCHOOL_HEAD), own, people=people)).reference == "v-1"


def test_contacts_of_another_child_or_authority_are_nobodys() -> None:
    others = (CARER.model_copy(update={"child": "child-2"}), CARER.model_copy(update={"authority": "000"}))
    assert refused(addressed(notice(Role.CARER), *others)).why is WhyNot.NOBODY_OF_THAT_ROLE


# --- The child --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (DAY.replace(year=2019) + timedelta(days=1), AgeBand.UNDER_7),
        (DAY.replace(year=2019), AgeBand.FROM_7),
        (DAY.replace(year=2014) + timedelta(days=1), AgeBand.FROM_7),
        (DAY.replace(year=2014), AgeBand.FROM_12),
    ],
)
def test_the_childs_age_is_that_of_the_day(born: date, band: AgeBand) -> None:
    assert age_band(born, DAY) is band


OWN = contact("c-1", Role.CHILD, email="child@example.org", language=Language.WELSH)


def test_a_child_with_a_way_of_their_own_is_written_to() -> None:
    found = only(addressed(notice(Role.CHILD), OWN, CARER))
    assert (found.reference, found.way, found.age_band, found.for_child) == ("c-1", Way.EMAIL, AgeBand.FROM_12, False)


@pytest.mark.parametrize(
    ("born", "own"),
    [
        (date(2020, 1, 1), OWN),
        (date(2020, 1, 1), None),
        (date(2014, 5, 1), None),
        (date(2014, 5, 1), OWN.model_copy(update={"email": None})),
        (date(2014, 5, 1), OWN.model_copy(update={"needs": (AccessNeed.READ_ALOUD,)})),
    ],
    ids=["under 7", "under 7, no contact", "no contact", "no way of their own", "read aloud"],
)
def test_the_carer_gets_the_childs_letter_for_the_child(born: date, own: NetworkContact | None) -> None:
    case = CASE.model_copy(update={"birth_date": born})
    contacts = [each for each in (own, CARER) if each]
    found = only(addressed(notice(Role.CHILD), *contacts, case=case))
    assert (found.reference, found.role, found.for_child, found.way) == ("f-1", Role.CHILD, True, Way.LETTER)
    assert found.age_band is age_band(born, DAY)
    assert found.language is (Language.WELSH if own else Language.ENGLISH)


def test_one_carer_gets_the_childs_letter_and_not_one_who_is_barred_from_it() -> None:
    second = contact("f-2", Role.CARER, address=HOME)
    against = (Suppression(contact="f-1", reason="complaint"),)
    assert only(addressed(notice(Role.CHILD), CARER, second)).reference == "f-1"
    assert only(addressed(notice(Role.CHILD), CARER, second, suppressions=against)).reference == "f-2"


def test_a_child_whose_post_is_not_safe_gets_none_by_the_carer_either() -> None:
    own = OWN.model_copy(update={"email": None, "needs": (AccessNeed.NO_POST,)})
    carer = CARER.model_copy(update={"email": "carer@example.org"})
    assert only(addressed(notice(Role.CHILD), own, carer)).way is Way.EMAIL


def test_a_child_whom_nobody_can_reach_is_undeliverable() -> None:
    not_sent = refused(addressed(notice(Role.CHILD)))
    assert (not_sent.why, not_sent.reference, not_sent.undeliverable) == (WhyNot.NO_WAY, "child-1", True)


def test_a_young_child_with_no_carer_is_written_to_all_the_same() -> None:
    case = CASE.model_copy(update={"birth_date": date(2020, 1, 1)})
    assert only(addressed(notice(Role.CHILD), OWN, case=case)).reference == "c-1"


# --- Suppressed, or no longer to be sent ------------------------------------------------------------------------------


@pytest.mark.parametrize("named", [None, NoticeName.IRO_APPOINTED])
def test_what_is_suppressed_is_not_sent_and_says_why(named: str | None) -> None:
    against = (Suppression(contact="p-1", notice=named, reason="court order"),)
    parents = contact("p-1", Role.PARENTS, address=HOME), contact("p-2", Role.PARENTS, address=HOME)
    found = addressed(notice(Role.PARENTS), *parents, suppressions=against)
    assert [each.reference for each in found.to] == ["p-2"]
    [not_sent] = found.not_sent
    assert (not_sent.reference, not_sent.why, not_sent.reason) == ("p-1", WhyNot.SUPPRESSED, "court order")
    assert found.undeliverable is None


def test_a_suppression_of_another_notice_suppresses_nothing() -> None:
    against = (Suppression(contact="p-1", notice="record_completed", reason="court order"),)
    parent = contact("p-1", Role.PARENTS, address=HOME)
    assert only(addressed(notice(Role.PARENTS), parent, suppressions=against)).reference == "p-1"


@pytest.mark.parametrize("reference", ["child-1", "c-1"])
def test_what_is_suppressed_for_the_child_is_not_sent_by_the_carer_either(reference: str) -> None:
    against = (Suppression(contact=reference, reason="too young to be told"),)
    own = OWN.model_copy(update={"email": None})
    assert refused(addressed(notice(Role.CHILD), own, CARER, suppressions=against)).why is WhyNot.SUPPRESSED


@pytest.mark.duty("death_silences")
@pytest.mark.parametrize(("over", "why"), [(CareOver.DEATH, WhyNot.AFTER_DEATH), (CareOver.VOID, WhyNot.VOID)])
@pytest.mark.parametrize("role", [Role.CHILD, Role.PARENTS, Role.SOCIAL_WORKER])
def test_nothing_is_sent_after_a_death_or_for_care_that_never_was(role: Role, over: CareOver, why: WhyNot) -> None:
    found = addressed(notice(role), CARER, case=CASE.model_copy(update={"over": over}))
    assert refused(found).why is why
    assert found.undeliverable is None


def test_what_is_still_owed_when_care_has_ended_is_sent() -> None:
    over = CASE.model_copy(update={"over": CareOver.ENDED})
    assert only(addressed(notice(Role.CARER, NoticeName.RECORD_COMPLETED), CARER, case=over)).reference == "f-1"


def test_nobody_is_reminded_of_what_is_done_but_a_slip_is_told() -> None:
    done = CASE.model_copy(update={"step_is_open": False})
    assert refused(addressed(notice(Role.IRO, NoticeName.REMINDER), case=done)).why is WhyNot.DONE_MEANWHILE
    assert only(addressed(notice(Role.IRO, NoticeName.ESCALATION), case=done)).reference == "iro-1"


# --- Whatever is known ------------------------------------------------------------------------------------------------

ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
NAMES = (NoticeName.IRO_APPOINTED, NoticeName.REMINDER, NoticeName.ESCALATION, NoticeName.RECORD_COMPLETED)


@st.composite
def contacts(draw: st.DrawFn) -> list[NetworkContact]:
    """A network of up to six, however they are reached."""
    some = st.booleans()
    return [
        contact(
            f"n-{number}",
            draw(st.sampled_from(sorted(OUTSIDE))),
            email="one@example.org" if draw(some) else None,
            phone=draw(st.sampled_from((None, "07700 900123", "01632 960123"))),
            address=HOME if draw(some) else (),
            way=draw(st.sampled_from((None, *Way))),
            needs=tuple(draw(st.sets(st.sampled_from(sorted(AccessNeed)), max_size=2))),
            barred=draw(some),
            since=DAY + timedelta(days=draw(st.integers(-3, 1))),
            until=DAY + timedelta(days=draw(st.integers(2, 3))) if draw(some) else None,
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@settings(derandomize=True, deadline=None, max_examples=400)
@given(
    owed=st.builds(notice, st.sampled_from(ROLES), st.sampled_from(NAMES), if_involved=st.booleans()),
    network=contacts(),
    born=st.dates(date(2009, 1, 1), DAY),
    over=st.sampled_from((None, None, *CareOver)),
    step_is_open=st.booleans(),
    people=st.lists(st.sampled_from(SERVICE), unique=True),
    suppressed=st.sets(st.integers(0, 6), max_size=3),
)
def test_everyone_owed_is_written_to_or_named_never_both_and_never_nobody(
    owed: Notice,
    network: list[NetworkContact],
    born: date,
    over: CareOver | None,
    step_is_open: bool,
    people: list[Person],
    suppressed: set[int],
) -> None:
    case = CASE.model_copy(update={"birth_date": born, "over": over, "step_is_open": step_is_open})
    against = tuple(Suppression(contact=f"n-{number}", reason="by order") for number in suppressed)
    found = addressed(owed, *network, case=case, people=tuple(people), suppressions=against)
    written, named = {each.reference for each in found.to}, {each.reference for each in found.not_sent}
    assert found.to or found.not_sent
    assert not written & named
    assert len(written) == len(found.to) and len(named) == len(found.not_sent)
    roles = {each.role for each in found.to} | {each.role for each in found.not_sent}
    assert roles == {owed.recipient}
    stopped = {each.why for each in found.not_sent} & {WhyNot.AFTER_DEATH, WhyNot.VOID, WhyNot.DONE_MEANWHILE}
    involved = {each.reference for each in network if each.role is owed.recipient and each.is_involved_on(DAY)}
    if not is_post(owed.recipient) and owed.recipient is not Role.CHILD and not stopped:
        assert involved <= written | named
        assert not written - involved
    assert not written & {f"n-{number}" for number in suppressed}
    for each in found.to:
        assert each.way is not Way.LETTER or not each.of_the_service
        assert each.for_child is (owed.recipient is Role.CHILD and each.reference not in involved)
    unsettled = [each for each in found.not_sent if each.undeliverable]
    assert not (unsettled and owed.if_involved)
    assert (found.undeliverable is not None) == bool(unsettled)
