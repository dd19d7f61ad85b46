"""The forms: words for every act and field, what is filled in is read back, and every fault stands beside its field."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from client.acts import KIND, OF_EVERY_ACT, act_said
from desk.access import may_do
from desk.forms.act import ActForm
from desk.forms.base import FORM_FACT, FormFaulty
from desk.forms.catalogue import FORM_OF_ACT, FORMS, listed_for
from desk.forms.controls import Choice, Control, Unreadable, value_of
from desk.forms.words import WORDS, Look
from desk.forms.words.choices import ROLES
from desk.parts import Desk
from desk.seen.facts import Speaker
from desk.viewer import DeskRole
from register.drafts import Body
from rules.case import Case
from rules.facts import OF_THE_CLOCKS, Entry, Fact, parse_fact
from rules.facts.reviews import DecisionMade, RecordDistributed, RecordWithheld
from rules.vocabulary import Role
from tests.desk.casework import MORNING, TODAY, acts_of_the_desk, around, sample, viewer, working
from tests.register.samples import opening, review

BY_DESK = sorted(acts_of_the_desk())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with working(tmp_path) as parts:
        yield parts


# --- Words ----------------------------------------------------------------------------------------------------------


def test_every_act_of_the_desk_has_a_form() -> None:
    in_forms = {*FORMS, *FORM_OF_ACT, "iro_appointed"}
    assert set(BY_DESK) <= in_forms
    assert set(WORDS) == set(BY_DESK)


@pytest.mark.parametrize("act", BY_DESK)
def test_every_act_and_field_has_words(act: str) -> None:
    words = WORDS[act]
    assert words.title and words.on and words.done.endswith(".")
    asked = {field.name for field in act_said(act).fields} - {*OF_EVERY_ACT, KIND}
    assert set(words.fields) == asked
    assert all(field.label[0].isupper() and "_" not in field.label for field in words.fields.values())


@pytest.mark.parametrize("act", BY_DESK)
def test_every_code_is_offered_in_words(act: str) -> None:
    for field in act_said(act).fields:
        if not field.choices:
            continue
        words = WORDS[act].fields[field.name].choices
        assert set(words) <= set(field.choices)
        # Of the roles, those are offered whom it may concern.
        assert set(words) == set(field.choices) or set(words) <= set(ROLES)
        assert all("_" not in text and text[0].isupper() for text in words.values())


def test_everyone_but_the_system_has_a_name_as_a_role() -> None:
    assert set(ROLES) == set(Role) - {Role.SYSTEM}


def test_each_role_is_offered_what_it_may_record_and_nothing_else() -> None:
    for role in DeskRole:
        somebody = viewer(role)
        offered = {form.name for forms in listed_for(somebody).values() for form in forms}
        assert offered == {form.name for form in FORMS.values() if may_do(somebody, form.acts[0])}
    assert not listed_for(viewer(DeskRole.OPERATOR))


@pytest.mark.parametrize("kind", [*BY_DESK, *sorted(OF_THE_CLOCKS)])
def test_what_a_fact_says_is_told_in_words(kind: str) -> None:
    fact = sample(kind, full=True)
    said = Speaker(Case([Entry(fact=opening(), at=MORNING)]), {}, {}).said(fact)
    assert said or not set(type(fact).model_fields) - {*OF_EVERY_ACT, KIND}
    for each in said:
        assert each.label[0].isupper() and "_" not in each.label + each.value, each


# --- Filled in, and read back ---------------------------------------------------------------------------------------


def answered_by(act: str) -> list[Fact]:
    """What an answer is an answer to: it alone is offered."""
    raised = [f"{name}_raised" for name in ("challenge", "dispute") if act == f"{name}_answered"]
    return [sample(kind, full=False).model_copy(update={"id": "ref-7"}) for kind in raised]


@pytest.mark.parametrize("full", [False, True], ids=["short", "full"])
@pytest.mark.parametrize("act", BY_DESK)
def test_what_fills_in_a_form_is_read_back_from_it(desk: Desk, act: str, full: bool) -> None:
    form, fact = ActForm(act, lenient=True), sample(act, full=full)
    case = around(desk, *answered_by(act))
    body = {**form.filled_with(case, fact), FORM_FACT: [fact.id]}
    not_asked = {name: getattr(fact, name) for name, words in WORDS[act].fields.items() if not words.asked}
    found = form.fact(case, body, "iro-1", fact.id, **not_asked)
    # Of what is asked with another answer alone, the next test speaks.
    conditional = {name for name, words in WORDS[act].fields.items() if words.when}
    assert found.model_dump(exclude=conditional) == fact.model_dump(exclude=conditional)


def test_what_is_asked_with_another_answer_alone_is_left_out(desk: Desk) -> None:
    form = ActForm("significant_change")
    body = {
        "on": [TODAY.isoformat()],
        "happened_on": [TODAY.isoformat()],
        "change": ["missing"],
        "takes_effect-day": ["1"],
        "takes_effect-month": ["8"],
        "takes_effect-year": ["2026"],
    }
    assert "takes_effect" not in form.fact(around(desk), body, "iro-1", "f-1").model_dump(exclude_none=True)
    body["change"] = ["care_plan_change_proposed"]
    assert form.fact(around(desk), body, "iro-1", "f-1").model_dump()["takes_effect"].isoformat() == "2026-08-01"


def faults(desk: Desk, act: str, body: Body) -> dict[str, str]:
    with pytest.raises(FormFaulty) as caught:
        ActForm(act).fact(around(desk), body, "iro-1", "f-1")
    return caught.value.faults


def test_everything_missing_is_told_at_once_and_in_order(desk: Desk) -> None:
    told = faults(desk, "review_adjourned", {})
    assert told == {
        "on": "Select on which day it was adjourned",
        "reason": "Enter why it is adjourned",
        "child_wishes_sought": "Select whether the child was asked about adjourning it",
        "reconvene_on": "Enter on which day it goes on",
    }
    assert list(told) == ["on", "reason", "child_wishes_sought", "reconvene_on"]


def test_a_fault_never_repeats_what_was_given(desk: Desk) -> None:
    secret = "Jane Doe of Nowhere"
    body = {"on": [secret], "kin": [secret], "relation": [secret]}
    told = faults(desk, "kin_known", body)
    assert set(told) == {"on", "kin", "relation"}
    assert secret not in str(told)


def test_words_that_are_too_long_are_told_beside_their_field(desk: Desk) -> None:
    told = faults(desk, "iro_change_declined", {"on": [TODAY.isoformat()], "reason": ["x" * 2001]})
    assert "2000 characters" in told["reason"]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (("27", "3", ""), "By when: enter the year too"),
        (("", "", "2026"), "By when: enter the day and the month too"),
        (("30", "2", "2026"), "By when: enter a day that exists, such as 27 3 2026"),
        (("3", "12", "26"), "By when: enter a day that exists, such as 27 3 2026"),
        (("1_1", "1", "2026"), "By when: enter a day that exists, such as 27 3 2026"),
    ],
)
def test_a_day_that_is_none_is_told_in_words(parts: tuple[str, str, str], told: str) -> None:
    control = Control(name="due", look=Look.DAY, label="By when")
    with pytest.raises(Unreadable) as caught:
        value_of(control, dict(zip(("due-day", "due-month", "due-year"), ([part] for part in parts), strict=True)))
    assert str(caught.value) == told


@pytest.mark.parametrize("month", ["3", "03", "mar", "March"])
def test_a_month_may_be_written_as_a_word(month: str) -> None:
    body = {"due-day": ["7"], "due-month": [month], "due-year": ["2026"]}
    assert value_of(Control(name="due", look=Look.DAY, label="By when"), body) == "2026-03-07"


@pytest.mark.parametrize(
    ("given", "meant"), [("14:30", "14:30"), ("9.05", "09:05"), ("2pm", "14:00"), ("12:15 am", "00:15"), ("", None)]
)
def test_a_time_of_day_is_taken_as_people_write_it(given: str, meant: str | None) -> None:
    assert value_of(Control(name="at", look=Look.TIME, label="When"), {"at": [given]}) == meant


@pytest.mark.parametrize("given", ["25:00", "half past two", "14", "13pm", "9:75"])
def test_a_time_that_is_none_is_told(given: str) -> None:
    with pytest.raises(Unreadable, match="enter a time of day"):
        value_of(Control(name="at", look=Look.TIME, label="When"), {"at": [given]})


def test_today_chosen_yesterday_stays_the_day_it_was(desk: Desk) -> None:
    """A draft kept before midnight means that day."""
    yesterday = (TODAY - timedelta(days=3)).isoformat()
    fact = ActForm("discussion_held").fact(around(desk), {"on": [yesterday]}, "iro-1", "f-1")
    assert fact.on == TODAY - timedelta(days=3)


def test_a_link_fills_in_references_and_codes_and_never_words(desk: Desk) -> None:
    form = FORMS["views_gathered"]
    body = form.fresh(around(desk), {"source": ["parents"], "reason": ["Written in a link"], "given": ["maybe"]})
    assert body["source"] == ["parents"]
    assert body["given"] == ["yes"]
    assert "reason" not in body


# --- Several facts in one sitting -------------------------------------------------------------------------------------


def decisions(*rows: tuple[str, str, str], **more: list[str]) -> Body:
    body: Body = {FORM_FACT: ["f-0123456789abcdef"], "on": [TODAY.isoformat()], "review": ["2026-06-26"], "row": []}
    for number, (text, owner, day) in enumerate(rows):
        key = f"00000{number}"
        body["row"].append(key)
        body |= {f"row-{key}-text": [text], f"row-{key}-owner": [owner], f"row-{key}-due-day": [day]}
        body |= {f"row-{key}-due-month": ["8" if day else ""], f"row-{key}-due-year": ["2026" if day else ""]}
    return {**body, **more}


def items(desk: Desk, name: str, body: Body) -> list[Any]:
    return [item.fact for item in FORMS[name].items(around(desk, reviews=(review(),)), body, "iro-1")]


def test_each_decision_is_a_fact_with_an_id_and_a_reference_of_its_own(desk: Desk) -> None:
    made = items(desk, "decisions", decisions(("Dentist.", "carer", "3"), ("School.", "social_worker", "4")))
    assert [type(fact) for fact in made] == [DecisionMade, DecisionMade]
    assert [fact.id for fact in made] == ["f-0123456789abcdef.000000", "f-0123456789abcdef.000001"]
    assert len({fact.decision for fact in made}) == 2


def test_a_row_that_was_left_empty_is_passed_over(desk: Desk) -> None:
    assert len(items(desk, "decisions", decisions(("Dentist.", "carer", "3"), ("", "", "")))) == 1


def test_the_faults_of_a_row_stand_in_that_row(desk: Desk) -> None:
    with pytest.raises(FormFaulty) as caught:
        items(desk, "decisions", decisions(("Dentist.", "carer", "3"), ("School.", "", "")))
    assert set(caught.value.faults) == {"row-000001-owner", "row-000001-due"}


def test_that_the_decisions_were_sent_comes_last(desk: Desk) -> None:
    sent = decisions(("Dentist.", "carer", "3"), sent=["yes"], sent_on=[TODAY.isoformat()])
    assert [fact.kind for fact in items(desk, "decisions", sent)] == ["decision_made", "decisions_sent"]
    with pytest.raises(FormFaulty) as caught:
        items(desk, "decisions", decisions(("Dentist.", "carer", "3"), sent=["yes"]))
    assert set(caught.value.faults) == {"sent_on"}


def circulated(**more: list[str]) -> Body:
    return {FORM_FACT: ["f-0123456789abcdef"], "on": [TODAY.isoformat()], "review": ["2026-06-26"], **more}


def test_the_record_goes_to_several_at_once_and_is_withheld_for_a_reason(desk: Desk) -> None:
    body = circulated(given=["child", "carer"], withheld=["parents"], **{"reason-parents": ["The court said so."]})
    made = items(desk, "circulate_record", body)
    assert [(type(fact), fact.recipient) for fact in made] == [
        (RecordDistributed, Role.CHILD),
        (RecordDistributed, Role.CARER),
        (RecordWithheld, Role.PARENTS),
    ]
    assert made[-1].reason == "The court said so."


def test_a_reason_is_asked_for_each_from_whom_it_is_withheld(desk: Desk) -> None:
    with pytest.raises(FormFaulty) as caught:
        items(desk, "circulate_record", circulated(withheld=["parents"]))
    assert caught.value.faults == {"reason-parents": "Enter why it is withheld"}


def test_nobody_has_the_record_and_has_it_not(desk: Desk) -> None:
    body = circulated(given=["parents"], withheld=["parents"], **{"reason-parents": ["The court said so."]})
    with pytest.raises(FormFaulty) as caught:
        items(desk, "circulate_record", body)
    assert set(caught.value.faults) == {"withheld"}


def test_how_somebody_was_told_is_asked_only_where_somebody_was(desk: Desk) -> None:
    not_told = {**circulated(withheld=["parents"], **{"reason-parents": ["The court said so."]}), "way": [""]}
    assert [fact.kind for fact in items(desk, "iro_told", not_told)] == ["iro_not_made_known"]
    with pytest.raises(FormFaulty) as caught:
        items(desk, "iro_told", circulated(given=["child"]))
    assert caught.value.faults == {"way": "Select how they were told"}


def test_who_may_not_say_why_somebody_is_not_told_is_not_asked(desk: Desk) -> None:
    for role, sections in ((DeskRole.SOCIAL_WORKER, 1), (DeskRole.IRO_ADMINISTRATOR, 2)):
        case = around(desk, roles=(role,))
        assert len(FORMS["iro_told"].sections(case, {}, {})) == sections


def test_choices_that_are_none_offer_what_is_said_instead(desk: Desk) -> None:
    controls = ActForm("decision_carried_out").controls(around(desk), {})
    assert controls[1].choices == ()
    assert controls[1].none == "No decision waits to be carried out."
    assert isinstance(controls[0].choices[0], Choice)


# --- What there is to choose from -----------------------------------------------------------------------------------


def raised(fact_id: str, whom: str, kind: str = "challenge") -> Fact:
    """A challenge to somebody, or a dispute that begins with them."""
    of = {"rung": "management_alert", "addressee": whom} if kind == "challenge" else {"matter": "drift", "stage": whom}
    said = {"id": fact_id, "on": TODAY - timedelta(days=1), "by": "iro-1", "about": "No plan.", **of}
    return parse_fact({"kind": f"{kind}_raised", **said})


CHALLENGES = [raised(f"to-{whom}", whom) for whom in ("social_worker", "team_manager", "head_of_service")]
EVERYONES = ["to-social_worker", "to-team_manager", "to-head_of_service"]


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (DeskRole.SOCIAL_WORKER, EVERYONES[:1]),
        (DeskRole.TEAM_MANAGER, EVERYONES[1:2]),
        (DeskRole.IRO, EVERYONES),
        (DeskRole.IRO_MANAGER, EVERYONES),
    ],
)
def test_a_challenge_is_answered_by_whom_it_is_addressed_to_or_recorded_by_the_iro_service(
    desk: Desk, role: DeskRole, offered: list[str]
) -> None:
    case, form = around(desk, *CHALLENGES, roles=(role,)), ActForm("challenge_answered")
    (control,) = [each for each in form.controls(case, {}) if each.name == "challenge"]
    assert {choice.value for choice in control.choices} == set(offered)
    for challenge in EVERYONES:
        body = {"on": [TODAY.isoformat()], "challenge": [challenge], "answer": ["It is done."]}
        if challenge in offered:
            assert form.fact(case, body, "p-1", "f-1").model_dump()["challenge"] == challenge
            continue
        with pytest.raises(FormFaulty) as caught:
            form.fact(case, body, "p-1", "f-1")
        assert list(caught.value.faults) == ["challenge"]
        assert "for somebody else to answer" in caught.value.faults["challenge"]


def test_a_team_manager_answers_a_dispute_that_stands_with_them_for_nobody_else(desk: Desk) -> None:
    disputes = [raised("theirs", "team_manager", "dispute"), raised("above", "chief_executive", "dispute")]
    case, form = around(desk, *disputes, roles=(DeskRole.TEAM_MANAGER,)), ActForm("dispute_answered")
    assert [[choice.value for choice in each.choices] for each in form.controls(case, {})[1:3]] == [
        ["theirs"],
        ["team_manager"],
    ]
    body = {"on": [TODAY.isoformat()], "dispute": ["theirs"], "answer": ["It is done."]}
    form.fact(case, body, "p-1", "f-1")
    for field, given in (("dispute", "above"), ("stage", "chief_executive")):
        with pytest.raises(FormFaulty) as caught:
            form.fact(case, {**body, field: [given]}, "p-1", "f-1")
        assert list(caught.value.faults) == [field]
    iro = around(desk, *disputes, roles=(DeskRole.IRO,))
    assert len(form.controls(iro, {})[1].choices) == 2 and len(form.controls(iro, {})[2].choices) == 6


@pytest.mark.parametrize("facts", [(), CHALLENGES[:1]], ids=["none", "one"])
def test_that_a_change_was_challenged_is_offered_once_there_is_a_challenge(desk: Desk, facts: tuple[Fact, ...]) -> None:
    controls = ActForm("change_considered").controls(around(desk, *facts), {})
    (answer,) = [each for each in controls if each.name == "answer"]
    assert ("challenged" in [choice.value for choice in answer.choices]) is bool(facts)
    assert ("raise the challenge first" in answer.hint) is (not facts)


def test_what_has_nothing_to_choose_is_missed_with_the_reason(desk: Desk) -> None:
    told = faults(desk, "hearing_listed", {"on": [TODAY.isoformat()]})
    assert told["proceedings"] == "No proceedings are under way: record their issue first."
