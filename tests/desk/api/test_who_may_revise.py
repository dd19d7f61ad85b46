"""What a case system may put right or take back: what it may report itself, and the opening where it may open."""

from typing import Any

import pytest

from client.episodes import record
from desk.access import API_ACTS, Scope, scope_to_revise
from register.audit import Outcome
from register.queries import facts
from rules.case import Case
from rules.facts import FACT_TYPES, OF_THE_SYSTEM, parse_fact
from rules.facts.care import BecameLookedAfter
from tests.desk.api.calls import CaseSystem, problem
from tests.desk.town import days_ago, today

WROTE = {"kind": "child_wrote", "id": "wrote-1", "by": "link-7", "text": "I do not like it here."}
UNDELIVERED = {
    "kind": "notice_undelivered",
    "id": "undelivered-1",
    "by": "system",
    "notice": "41",
    "name": "review_arranged",
    "recipient": "child",
    "about": "review-1",
    "reason": "The address was refused.",
}


async def has(cms: CaseSystem, episode: str, fact: dict[str, Any]) -> str:
    """Have a fact in an episode that comes by another way than the API, and give its id."""
    await record(await cms.desk.client(), episode, parse_fact({"on": str(today()), **fact}), cms.desk.register)
    return str(fact["id"])


def standing(cms: CaseSystem, episode: str, fact_id: str) -> dict[str, Any]:
    [found] = [each.fact for each in Case(facts(cms.desk.register, episode)).standing if each.id == fact_id]
    return found.model_dump(mode="json")


async def revised(cms: CaseSystem, episode: str, fact: str, **changes: Any) -> list[Any]:
    """Try to change a fact in each of the ways that there are, and give the answers."""
    to = standing(cms, episode, fact) | changes
    said = {"id": "right-1", "on": str(today()), "reason": "It was mistyped."}
    return [
        await cms.post(f"/episodes/{episode}/facts/{fact}/correction", {**said, "changes": changes}),
        await cms.report(episode, "fact_corrected", **{**said, "id": "right-2", "corrects": fact, "to": to}),
    ]


async def withdrawn(cms: CaseSystem, episode: str, fact: str) -> Any:
    return await cms.report(episode, "fact_withdrawn", id="back-1", withdraws=fact, reason="It was another child.")


def test_every_kind_that_may_be_reported_may_be_revised_and_no_other_but_the_opening() -> None:
    assert {act: scope_to_revise(act) for act in FACT_TYPES} == {
        **dict.fromkeys(API_ACTS, Scope.ACTS_WRITE),
        **dict.fromkeys(OF_THE_SYSTEM, None),
        "child_wrote": None,
        "became_looked_after": Scope.EPISODES_OPEN,
    }


@pytest.mark.parametrize(
    ("fact", "changes"), [(WROTE, {"text": "I like it here."}), (UNDELIVERED, {"reason": "Nobody was in."})]
)
async def test_no_token_changes_what_a_young_person_wrote_or_the_system_recorded(
    cms: CaseSystem, fact: dict[str, Any], changes: dict[str, Any]
) -> None:
    episode = await cms.child()
    name = await has(cms, episode, fact)
    before = standing(cms, episode, name)
    for answer in (*await revised(cms, episode, name, **changes), await withdrawn(cms, episode, name)):
        assert "No token allows this" in problem(answer, 403, "scope-needed")["detail"]
    assert standing(cms, episode, name) == before
    assert [(each.what, each.outcome, each.detail) for each in cms.noted(episode)[1:]] == [
        ("correct_fact", Outcome.DENIED, "right-1"),
        ("report_fact_corrected", Outcome.DENIED, "right-2"),
        ("report_fact_withdrawn", Outcome.DENIED, "back-1"),
    ]


async def test_the_opening_is_put_right_by_a_token_that_may_open_episodes(cms: CaseSystem) -> None:
    episode = await cms.child()
    birth = f"{days_ago(0).year - 9}-01-31"
    writer = cms.with_token(Scope.ACTS_WRITE)
    for answer in await revised(writer, episode, "opening", birth_date=birth):
        assert "episodes:open" in problem(answer, 403, "scope-needed")["detail"]
        assert 'scope="episodes:open"' in answer.headers["www-authenticate"]
    assert [each.outcome for each in writer.noted(episode)] == [Outcome.DENIED] * 2
    opener = cms.with_token(Scope.ACTS_WRITE, Scope.EPISODES_OPEN)
    assert [each.status_code for each in await revised(opener, episode, "opening", birth_date=birth)] == [200, 200]
    opening = Case(facts(cms.desk.register, episode)).opening.fact
    assert isinstance(opening, BecameLookedAfter) and str(opening.birth_date) == birth


async def test_the_opening_is_withdrawn_by_nobody(cms: CaseSystem) -> None:
    episode = await cms.child()
    told = problem(await withdrawn(cms, episode, "opening"), 409, "refused")
    assert "The opening fact cannot be withdrawn" in told["detail"]


async def test_a_fact_that_is_not_there_is_neither_put_right_nor_withdrawn(cms: CaseSystem) -> None:
    episode = await cms.child()
    said = {"id": "right-1", "on": str(today()), "reason": "It was mistyped."}
    to = standing(cms, episode, "opening")
    problem(
        await cms.post(f"/episodes/{episode}/facts/none/correction", {**said, "changes": {"on": "x"}}), 404, "not-found"
    )
    problem(await cms.report(episode, "fact_corrected", **{**said, "corrects": "none", "to": to}), 409, "refused")
    problem(await withdrawn(cms, episode, "none"), 409, "refused")


async def test_the_same_correction_and_the_same_withdrawal_sent_again_are_recorded_once(cms: CaseSystem) -> None:
    episode = await cms.child()
    await cms.report(episode, "iro_appointed", id="iro", iro="IRO-7")
    sent = {"id": "right-2", "corrects": "iro", "reason": "x", "to": standing(cms, episode, "iro") | {"iro": "IRO-8"}}
    assert [(await cms.report(episode, "fact_corrected", **sent)).status_code for _ in range(2)] == [200, 200]
    assert [(await withdrawn(cms, episode, "iro")).status_code for _ in range(2)] == [200, 200]
    recorded = [entry.fact.id for entry in facts(cms.desk.register, episode)]
    assert (recorded.count("right-2"), recorded.count("back-1")) == (1, 1)


# --- Who recorded it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["system", "nobody", "link-7"])
async def test_no_case_system_records_as_the_system_nobody_or_a_private_link(cms: CaseSystem, by: str) -> None:
    episode = await cms.child()
    await cms.report(episode, "iro_appointed", id="iro", iro="IRO-7")
    answers = [
        await cms.report(episode, "discussion_held", by=by),
        await cms.post("/episodes", cms.notification(by=by)),
        await cms.post(
            f"/episodes/{episode}/facts/iro/correction",
            {"id": "right-1", "on": str(today()), "by": by, "reason": "x", "changes": {"iro": "IRO-8"}},
        ),
    ]
    for answer in answers:
        [fault] = problem(answer, 422, "invalid")["errors"]
        assert fault["pointer"] == "#/by"


@pytest.mark.parametrize("by", ["system", "link-7", "SW-7"])
async def test_a_correction_does_not_say_anew_who_recorded_the_fact(cms: CaseSystem, by: str) -> None:
    episode = await cms.child()
    await cms.report(episode, "iro_appointed", id="iro", iro="IRO-7")
    by_field, whole = await revised(cms, episode, "iro", iro="IRO-8", by=by)
    assert [each["pointer"] for each in problem(by_field, 422, "invalid")["errors"]] == ["#/changes/by"]
    assert "and that stays as it is (fact iro)" in problem(whole, 409, "refused")["detail"]
    assert standing(cms, episode, "iro")["by"] == cms.reference
