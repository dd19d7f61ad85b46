"""What the rules refuse stands beside the field it is about, in the words of the form."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from desk.forms.act import ActForm
from desk.forms.refusals import placed
from desk.parts import Desk
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
    ("happened_on", (), fact("significant_change", change="missing", happened_on=day(-5))),
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


def test_people_are_told_by_name_and_acts_by_their_titles(desk: Desk) -> None:
    person = Person(reference="iro-7", name="Example Person", role=Role.IRO, authority="822")
    case = around(desk)
    case.__dict__["names"] = {person.reference: person.name, "iro": "Nobody"}
    told = placed("iro-7 is the child's IRO already; record that first (decisions_sent).", {"iro": "iro"}, case)
    assert told == ("iro", "Example Person is the child's IRO already; record that first.")
    words = placed("Care lasted less than 24 hours; record care_voided instead.", {}, case)[1]
    assert words == "Care lasted less than 24 hours; record “The child was never looked after” instead."
