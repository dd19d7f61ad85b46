"""What the rules refuse stands beside the field it is about, in the words of the form."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from desk.forms.act import ActForm
from desk.forms.refusals import placed, said
from desk.parts import Desk
from rules import acceptance
from rules.acceptance import Refused, check
from rules.directory import Person
from rules.facts import Entry, Fact, parse_fact
from rules.vocabulary import Role
from tests.desk.casework import around, working
from tests.register.samples import opening

TODAY = date(2026, 6, 30)
D0 = date(2026, 6, 1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with working(tmp_path_factory.mktemp("desk")) as parts:
        yield parts


def fact(kind: str, fact_id: str = "f-1", on: date = TODAY, **fields: Any) -> Fact:
    return parse_fact({"kind": kind, "id": fact_id, "on": on, "by": "iro-1", **fields})


def day(number: int) -> date:
    return D0 + timedelta(days=number)


HELD = fact("review_held", "held", day(10), participation="PN1")
MADE = fact("decision_made", "made", day(10), decision="d-1", text="x", owner="carer", due=day(60))
RAISED = fact("challenge_raised", "c-1", day(5), rung="informal_resolution", addressee="team_manager", about="x")
CHANGE = fact("significant_change", "s-1", day(5), change="missing", happened_on=day(4))
IRO = fact("iro_appointed", "a", day(1), iro="iro-1")
_ABOUT: dict[str, Any] = {"matter": "health", "about": "x", "stage": "team_manager"}
_REFERRED: dict[str, Any] = {
    "failure": "implement_decision", "about": "x", "done_so_far": "x", "raised_with": ["director"], "childs_view": "x",
    "asks": "x",
}  # fmt: skip
DISPUTE = fact("dispute_raised", "d-1", day(5), **_ABOUT)
CLOSED = (IRO, DISPUTE, fact("dispute_withdrawn", "w", day(6), dispute="d-1", reason="x"))
ANSWERED = (IRO, DISPUTE, fact("dispute_answered", "da", day(6), dispute="d-1", answer="x"))
CONSIDERED = (IRO, DISPUTE, fact("cafcass_considered", "cc", day(6), dispute="d-1", refer=False, reason="x"))
COURT = fact("proceedings_issued", "p-1", day(5), about="placement")
COURT_OVER = (COURT, fact("proceedings_ended", "pe", day(9), proceedings="p-1", outcome="no_order"))
LISTED = (COURT, fact("hearing_listed", "h-1", day(6), proceedings="p-1", hearing="final", held_on=day(20)))
RECEIVED = (COURT, fact("court_document_received", "cd", day(6), proceedings="p-1", document="order"))
WANTED = fact("child_wants_proceedings", "cw", day(5), words="x")
COMPLAINT = fact("complaint_made", "cm", day(5), about="authority", by_child=True, words="x")
WISH = fact("child_wished", "wi", day(5), wish="place", words="x")

MATTERS = ("dispute", "challenge", "follows", "referral", "request", "proceedings", "hearing", "document", "complaint",
           "wish", "change", "decision", "notice", "step")  # fmt: skip
ENGLISH = {"a", "made", "held", "e", "s"}
"""Ids of the facts above that are words as well."""

CASES: list[tuple[str, tuple[Fact, ...], Fact]] = [
    ("on", (), fact("discussion_held", on=day(60))),
    ("on", (), fact("discussion_held", on=date(2026, 5, 1))),
    ("on", (HELD,), fact("review_held", on=day(10), participation="PN1")),
    ("participation", (), fact("review_held", participation="PN0")),
    ("opened_on", (), fact("review_held", on=day(5), opened_on=day(9), participation="PN1")),
    ("ways", (), fact("child_consulted", outcome="spoke")),
    ("reason", (), fact("child_consulted", outcome="too_young")),
    ("reason", (), fact("views_gathered", source="parents", given=False)),
    ("planned_for", (), fact("review_arranged", planned_for=day(1))),
    ("planned_for", (), fact("review_arranged", planned_for=date(2036, 1, 1))),
    ("before", (), fact("early_review_required", ground="iro_asked", before=day(1))),
    ("reconvene_on", (), fact("review_adjourned", reason="x", reconvene_on=day(90), child_wishes_sought=True)),
    ("reconvene_on", (), fact("review_adjourned", reason="x", reconvene_on=day(1), child_wishes_sought=True)),
    ("review", (HELD,), fact("record_completed", review=day(11))),
    ("due", (HELD,), fact("decision_made", decision="d-2", text="x", owner="carer", due=day(1))),
    ("decision", (HELD, MADE), fact("decision_carried_out", decision="d-9")),
    ("on", (HELD, MADE), fact("decision_carried_out", on=day(9), decision="d-1")),
    ("decision", (HELD, MADE, fact("decision_dropped", "dd", day(12), decision="d-1", reason="x")),
     fact("decision_carried_out", decision="d-1")),
    ("due", (HELD, MADE), fact("decision_changed", decision="d-1", due=day(1), reason="x")),
    ("reason", (HELD, fact("decisions_sent", "s", day(10))), fact("manager_replied", outcome="rejected")),
    ("until", (), fact("step_exempted", step="first_review", reason="x", until=day(1))),
    ("step", (), fact("exemption_ended", step="first_review")),
    ("kin", (), fact("kin_known", kin="child-1", relation="sibling")),
    ("iro", (fact("iro_appointed", "a", day(1), iro="iro-7"),), fact("iro_appointed", iro="iro-7")),
    ("cover", (fact("iro_appointed", "a", day(1), iro="iro-7"),), fact("iro_cover_arranged", cover="iro-7")),
    ("notice", (), fact("notice_delivered", notice="n-1", way="letter")),
    ("challenge", (), fact("challenge_answered", challenge="c-9", answer="x")),
    ("follows", (), fact("challenge_raised", rung="management_alert", addressee="director", about="x", follows="c-9")),
    ("answer_by", (), fact("challenge_raised", rung="management_alert", addressee="director", about="x",
                           answer_by=day(1))),
    ("reason", (CHANGE,), fact("change_considered", change="s-1", answer="noted")),
    ("before", (CHANGE,), fact("change_considered", change="s-1", answer="brought_review_forward")),
    ("change", (), fact("change_considered", change="s-9", answer="noted", reason="x")),
    ("challenge", (CHANGE,), fact("change_considered", change="s-1", answer="challenged")),
    ("change", (CHANGE, fact("change_considered", "ch", day(6), change="s-1", answer="noted", reason="x")),
     fact("change_considered", change="s-1", answer="noted", reason="x")),
    ("challenge", (CHANGE,), fact("change_considered", change="s-1", answer="challenged", challenge="c-9")),
    ("happened_on", (), fact("significant_change", change="missing", happened_on=day(-5))),
    ("", (), fact("dispute_raised", **_ABOUT)),
    ("needed_by", (IRO,), fact("dispute_raised", needed_by=day(1), **_ABOUT)),
    ("apart_from", (IRO, DISPUTE), fact("dispute_raised", **_ABOUT)),
    ("follows", (IRO,), fact("dispute_raised", follows="c-9", **_ABOUT)),
    ("follows", (IRO, DISPUTE), fact("dispute_raised", follows="d-1", **_ABOUT)),
    ("dispute", (), fact("dispute_answered", dispute="d-9", answer="x")),
    ("dispute", CLOSED, fact("dispute_answered", dispute="d-1", answer="x")),
    ("stage", (DISPUTE,), fact("dispute_answered", dispute="d-1", stage="director", answer="x")),
    ("stage", ANSWERED, fact("dispute_answered", dispute="d-1", answer="x")),
    ("to", (IRO, DISPUTE), fact("dispute_taken_up", dispute="d-1", to="team_manager", reason="x")),
    ("on", (IRO, DISPUTE), fact("dispute_taken_up", on=day(3), dispute="d-1", to="director", reason="x")),
    ("until", (IRO, DISPUTE), fact("dispute_paused", dispute="d-1", until=day(6), reason="x")),
    ("dispute", ANSWERED, fact("dispute_paused", dispute="d-1", until=day(40), reason="x")),
    ("dispute", CLOSED, fact("dispute_resolved", dispute="d-1", outcome="agreed")),
    ("dispute", CONSIDERED, fact("cafcass_considered", dispute="d-1", refer=True, reason="x")),
    ("dispute", (), fact("legal_advice_asked", about="x", dispute="d-9")),
    ("referral", (), fact("cafcass_replied", referral="r-9", outcome="advice")),
    ("request", (), fact("legal_advice_given", request="r-9")),
    ("with_children", (), fact("proceedings_issued", about="placement", with_children=("child-1",))),
    ("proceedings", (), fact("guardian_appointed", proceedings="p-9")),
    ("proceedings", COURT_OVER, fact("guardian_appointed", proceedings="p-1")),
    ("proceedings", (COURT,), fact("spoke_with_guardian", proceedings="p-1", topics=("care_plan",))),
    ("proceedings", COURT_OVER, fact("proceedings_ended", on=day(9), proceedings="p-1", outcome="no_order")),
    ("held_on", LISTED, fact("hearing_listed", on=day(9), proceedings="p-1", hearing="final", held_on=day(20))),
    ("held_on", LISTED, fact("hearing_moved", on=day(9), hearing="h-1", held_on=day(20), reason="x")),
    ("about", (COURT,), fact("proceedings_issued", on=day(5), about="placement")),
    ("about", (COURT,), fact("proceedings_issued", on=day(6), about="placement")),
    ("about", COURT_OVER, fact("proceedings_issued", on=day(8), about="placement")),
    ("held_on", (COURT,), fact("hearing_listed", proceedings="p-1", hearing="final", held_on=day(20))),
    ("proceedings", COURT_OVER, fact("spoke_with_guardian", proceedings="p-1", topics=("care_plan",))),
    ("on", (COURT,), fact("guardian_appointed", on=day(4), proceedings="p-1")),
    ("on", LISTED, fact("hearing_moved", on=day(5), hearing="h-1", held_on=day(30), reason="x")),
    ("hearing", (*LISTED, fact("hearing_reported", "hr", day(21), hearing="h-1", words="x")),
     fact("hearing_reported", hearing="h-1", words="x")),
    ("document", (*RECEIVED, fact("court_document_given", "cg", day(7), document="cd")),
     fact("court_document_given", document="cd")),
    ("follows", CLOSED, fact("dispute_raised", on=day(5), follows="d-1", **_ABOUT)),
    ("challenge", (fact("challenge_resolved", "cr", day(6), challenge="c-1", outcome="agreed"),),
     fact("challenge_answered", challenge="c-1", answer="x")),
    ("follows", (IRO, fact("challenge_withdrawn", "cr", day(6), challenge="c-1", reason="x")),
     fact("dispute_raised", follows="c-1", **_ABOUT)),
    ("on", (), fact("challenge_answered", on=day(4), challenge="c-1", answer="x")),
    ("referral", (IRO, fact("cafcass_referred", "cf", day(6), **_REFERRED),
                  fact("cafcass_replied", "cp", day(7), referral="cf", outcome="advice")),
     fact("cafcass_replied", referral="cf", outcome="advice")),
    ("on", (IRO, fact("legal_advice_asked", "la", day(6), about="x")),
     fact("legal_advice_given", on=day(5), request="la")),
    ("hearing", (), fact("hearing_moved", hearing="h-9", reason="x")),
    ("hearing", LISTED, fact("hearing_moved", hearing="h-1", reason="x")),
    ("held_on", LISTED, fact("hearing_moved", on=day(10), hearing="h-1", held_on=day(9), reason="x")),
    ("on", LISTED, fact("hearing_reported", on=day(10), hearing="h-1", words="x")),
    ("document", (), fact("court_document_given", document="cd-9")),
    ("on", RECEIVED, fact("court_document_given", on=day(5), document="cd")),
    ("request", (), fact("adult_sought", request="cw-9", found=True, reason="x")),
    ("on", (WANTED,), fact("adult_sought", on=day(4), request="cw", found=True, reason="x")),
    ("request", (WANTED, fact("child_wants_no_more", "nm", day(6), request="cw", words="x")),
     fact("child_wants_no_more", request="cw", words="x")),
    ("complaint", (), fact("complaint_answered", complaint="cm-9", answer="x")),
    ("complaint", (COMPLAINT,), fact("complaint_weighed", complaint="cm", stays=True, reason="x")),
    ("complaint", (COMPLAINT, fact("complaint_passed_on", "cp", day(6), complaint="cm")),
     fact("complaint_passed_on", complaint="cm")),
    ("request", (), fact("child_wants_no_more", request="cw-9", words="x")),
    ("on", (WANTED,), fact("child_wants_no_more", on=day(4), request="cw", words="x")),
    ("request", (), fact("advocate_provided", request="aa-9")),
    ("who", (), fact("child_wished", wish="not_there", words="x")),
    ("wish", (), fact("child_wish_answered", wish="wi-9", met="met")),
    ("reason", (WISH,), fact("child_wish_answered", wish="wi", met="not_met")),
    ("step", (), fact("step_exempted", step="answer_dispute.d-1", reason="x")),
    ("on", (), fact("care_ended", on=D0, reason="E4A")),
    ("", (fact("care_ended", "e", day(9), reason="E4A"),), fact("care_ended", on=day(9), reason="E4A")),
    ("", (), fact("iro_handed_over")),
]  # fmt: skip


@pytest.mark.parametrize(("field", "before", "refused"), CASES, ids=lambda each: getattr(each, "kind", None))
def test_a_refusal_stands_beside_its_field(desk: Desk, field: str, before: tuple[Fact, ...], refused: Fact) -> None:
    at = datetime(2026, 6, 29, 9, tzinfo=UTC)
    entries = [Entry(fact=each, at=at) for each in (opening(), RAISED, *before)]
    with pytest.raises(Refused) as caught:
        check(entries, refused, TODAY)
    form = ActForm(refused.kind)
    name, words = placed(str(caught.value), form.names(), around(desk))
    assert name == field, str(caught.value)
    assert "_" not in words
    named = {getattr(refused, field, None) for field in MATTERS} | {
        each.id for each in before if each.id not in ENGLISH
    }
    assert not named & set(re.findall(r"[\w-]+", words)), words
    assert not re.search(r"\((?:fact\b|\w+\))", words), words


def put_right(wrong: str, to: Fact, **fields: Any) -> Fact:
    return fact("fact_corrected", corrects=wrong, reason="x", to={**to.model_dump(mode="json"), **fields})


MOVED = fact("dispute_moved_up", "mu-1", day(7), dispute="d-1", unanswered="team_manager", to="director",
             last_day=day(6))  # fmt: skip
UNDELIVERED = fact("notice_undelivered", "nu-1", day(6), notice="n-1", name="iro_appointed", recipient="carer",
                   about="ap-1", reason="x")  # fmt: skip


@pytest.mark.parametrize(
    ("before", "refused", "named", "words"),
    [
        ((), opening(), "opening", "correct what was recorded of it."),
        ((), fact("fact_withdrawn", withdraws="w-9", reason="x"), "w-9", "There is no such record in the open part of"),
        ((IRO,), put_right("a", IRO, by="iro-9"), "a", "It was recorded by iro-1, and that stays as it is;"),
        ((IRO,), put_right("a", COURT), "a", "What was recorded as “Appoint an IRO” cannot become “Court proceedings"),
        ((IRO, DISPUTE, MOVED), fact("fact_withdrawn", withdraws="mu-1", reason="x"), "mu-1",
         "What is recorded of 8 June 2026 came by itself on that day, and stands."),
        ((UNDELIVERED,), UNDELIVERED.model_copy(update={"id": "nu-2"}), "nu-1",
         "That this notice reached nobody is recorded already; record what became of it then."),
    ],
    ids=["opened twice", "no such fact", "another recorder", "another kind", "of a clock", "undelivered twice"],
)  # fmt: skip
def test_what_is_put_right_is_called_by_what_it_is(
    desk: Desk, before: tuple[Fact, ...], refused: Fact, named: str, words: str
) -> None:
    entries = [Entry(fact=each, at=datetime(2026, 6, 29, 9, tzinfo=UTC)) for each in (opening(), *before)]
    with pytest.raises(Refused, match=rf"fact {named}\)") as caught:
        check(entries, refused, TODAY)
    told = said(str(caught.value), around(desk))
    assert words in told
    assert named == "a" or named not in told


NAMES = re.compile(
    r"\.id$|^(?:name|reference)$"
    r"|\b(?:fact|known)\.(?:change|challenge|notice|dispute|step|decision|corrects|withdraws|proceedings|hearing"
    r"|document|request|complaint|wish|referral|follows|apart_from|review_of)$"
)
"""What names a fact, a step or a notice, as the rules write it."""


def _sentences() -> Iterator[tuple[str, ast.JoinedStr]]:
    for file in sorted(Path(acceptance.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.JoinedStr) and " " in ast.unparse(node):
                yield file.name, node


def test_no_refusal_names_a_fact_in_its_running_text() -> None:
    named = 0
    for file, sentence in _sentences():
        for before, each in pairwise([ast.Constant(""), *sentence.values]):
            if isinstance(each, ast.FormattedValue) and NAMES.search(ast.unparse(each.value)):
                named += 1
                literal = str(before.value) if isinstance(before, ast.Constant) else ""
                where = f"{file}:{sentence.lineno}"
                assert re.search(r"[(,] ?fact $|\([a-z_]+=$", literal), f"{where}: {ast.unparse(sentence)}"
    assert named > 40


SECOND = (
    "The dispute of 6 June 2026 about health is open, with the team manager. If it is the same matter, take that one"
    " up; if it is another, say so."
)
PAST = (
    "21 June 2026 is before 30 June 2026, when it was listed, and a hearing is listed before it is held. Check the day"
    " on which it is to be held; if it has been held, check the day on which it was listed, or record the document that"
    " came of it."
)
TWICE = "The team manager answered on 7 June 2026; correct that, or have the dispute taken up."
LISTED_FOR: dict[str, Any] = {"proceedings": "p-1", "hearing": "final", "held_on": day(20)}


@pytest.mark.parametrize(
    ("before", "refused", "words"),
    [
        ((IRO, DISPUTE), fact("dispute_raised", **_ABOUT), SECOND),
        (ANSWERED, fact("dispute_answered", dispute="d-1", answer="x"), TWICE),
        (LISTED, fact("hearing_listed", on=day(9), **LISTED_FOR), "That hearing is listed for 21 June 2026 already."),
        ((COURT,), fact("hearing_listed", **LISTED_FOR), PAST),
    ],
    ids=["second dispute", "answered twice", "listed twice", "listed for a past day"],
)
def test_a_matter_is_called_by_what_it_is_and_its_day(
    desk: Desk, before: tuple[Fact, ...], refused: Fact, words: str
) -> None:
    entries = [Entry(fact=each, at=datetime(2026, 6, 29, 9, tzinfo=UTC)) for each in (opening(), *before)]
    with pytest.raises(Refused, match=r"\(fact |\(held_on\)") as caught:
        check(entries, refused, TODAY)
    assert said(str(caught.value), around(desk)) == words


def test_brackets_that_are_words_of_people_stay(desk: Desk) -> None:
    sentence = "Care ended on 3 July 2026 (adopted); what is recorded is of another day (on)."
    assert said(sentence, around(desk)) == "Care ended on 3 July 2026 (adopted); what is recorded is of another day."


def test_people_are_told_by_name_and_acts_by_their_titles(desk: Desk) -> None:
    person = Person(reference="iro-7", name="Example Person", role=Role.IRO, authority="822")
    case = around(desk)
    case.__dict__["names"] = {person.reference: person.name, "iro": "Nobody"}
    told = placed("iro-7 is the child's IRO already; record that first (decisions_sent).", {"iro": "iro"}, case)
    assert told == ("iro", "Example Person is the child's IRO already; record that first.")
    words = placed("Care lasted less than 24 hours; record care_voided instead.", {}, case)[1]
    assert words == "Care lasted less than 24 hours; record “The child was never looked after” instead."
