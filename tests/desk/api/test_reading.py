"""Reading over HTTP: an episode, its agenda, timeline and reviews; and lists, a page at a time."""

from typing import Any

import pytest

from register.audit import Outcome
from tests.desk.api.calls import CaseSystem, problem
from tests.desk.town import days_ago, today


async def test_an_episode_is_read_without_a_name_or_a_birth_date(cms: CaseSystem) -> None:
    episode = await cms.child(child="EXAMPLE-1", social_worker="SW-7")
    read = (await cms.get(f"/episodes/{episode}")).json()
    assert (read["id"], read["child"], read["social_worker"]) == (episode, "EXAMPLE-1", "SW-7")
    assert read["became_looked_after"] == str(days_ago(5))
    assert "birth_date" not in read and f"{days_ago(5).year - 10}-01-31" not in str(read)


async def test_the_agenda_tells_each_step_with_its_law_overdue_first(cms: CaseSystem) -> None:
    episode = await cms.child(became_looked_after=str(days_ago(60)), notified_on=str(days_ago(60)))
    agenda = (await cms.get(f"/episodes/{episode}/agenda")).json()
    steps = agenda["steps"]
    assert [step["due"] for step in steps] == sorted(step["due"] for step in steps)
    assert agenda["overdue"] == sum(step["overdue"] for step in steps) > 0
    assert steps[0]["overdue"] and steps[0]["urgency"] == "late" and "overdue by" in steps[0]["when"]
    [review] = [step for step in steps if step["key"].startswith("first_review")]
    assert (review["owner"], review["force"]) == ("iro", "regulation")
    assert "33(1)" in review["source"]
    assert agenda["as_of"] == str(today())


async def test_the_timeline_tells_the_facts_with_their_ids(cms: CaseSystem) -> None:
    episode = await cms.child()
    await cms.report(episode, "iro_appointed", id="act-1", iro="IRO-7")
    told = (await cms.get(f"/episodes/{episode}/timeline")).json()
    found = [each["fact"]["id"] for each in told["happenings"] if each["kind"] == "fact"]
    assert found == ["opening", "notified", "act-1"]
    assert told["history_from"] is None


async def test_the_reviews_say_whether_they_were_in_time(cms: CaseSystem) -> None:
    episode = await cms.child()
    assert (await cms.get(f"/episodes/{episode}/reviews")).json() == {"episode": episode, "reviews": []}
    await cms.report(episode, "review_held", id="review-1", participation="PN1")
    [review] = (await cms.get(f"/episodes/{episode}/reviews")).json()["reviews"]
    assert (review["key"], review["name"], review["statutory_in_time"]) == ("review-1", "first_review", True)


async def test_every_read_of_a_child_is_in_the_audit_log(alone: CaseSystem) -> None:
    episode = await alone.child()
    for part in ("", "/agenda", "/timeline", "/reviews"):
        await alone.get(f"/episodes/{episode}{part}")
    seen = [(entry.what, entry.outcome) for entry in alone.noted(episode)[1:]]
    assert seen == [(f"read_{what}", Outcome.SEEN) for what in ("episode", "agenda", "timeline", "reviews")]
    await alone.get("/episodes")
    assert (alone.noted()[-1].what, alone.noted()[-1].detail) == ("list_episodes", "1 episodes")


# --- Lists ----------------------------------------------------------------------------------------------------------


async def listed(cms: CaseSystem, **params: Any) -> list[str]:
    answer = await cms.get("/episodes", **params)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["episodes"]]


async def test_a_list_is_read_page_by_page_and_what_comes_meanwhile_shifts_nothing(alone: CaseSystem) -> None:
    assert (await alone.get("/episodes")).json() == {"episodes": [], "next": None}
    opened = [await alone.child() for _ in range(5)]
    first = (await alone.get("/episodes", limit=2)).json()
    late = await alone.child(became_looked_after=str(days_ago(100)), notified_on=str(days_ago(100)))
    pages, cursor = [first["episodes"]], first["next"]
    while cursor:
        page = (await alone.get("/episodes", limit=2, cursor=cursor)).json()
        pages.append(page["episodes"])
        cursor = page["next"]
    read = [each["id"] for page in pages for each in page]
    assert sorted(read) == sorted(opened)
    assert (await listed(alone))[0] == late


async def test_a_list_is_of_an_iro_a_stage_or_what_is_overdue(alone: CaseSystem) -> None:
    quiet, late = await alone.child(), await alone.child(became_looked_after=str(days_ago(60)))
    await alone.report(quiet, "iro_appointed", iro="IRO-7")
    assert await listed(alone, iro="IRO-7") == [quiet]
    assert late in await listed(alone, overdue=True)
    stage = (await alone.get(f"/episodes/{late}")).json()["stage"]
    assert late in await listed(alone, stage=stage)
    assert await listed(alone, stage="ended") == []


async def test_a_list_holds_its_own_authoritys_episodes_alone(alone: CaseSystem) -> None:
    other = alone.of_another_authority()
    mine, theirs = await alone.child(), await other.child()
    assert await listed(alone) == [mine]
    assert theirs in await listed(other, limit=200) and mine not in await listed(other, limit=200)


WRONG = [
    ({"limit": "0"}, "limit"),
    ({"limit": "201"}, "limit"),
    ({"limit": "many"}, "limit"),
    ({"stage": "reviewing"}, "stage"),
    ({"overdue": "perhaps"}, "overdue"),
    ({"iro": "Jane Doe"}, "iro"),
    ({"cursor": "forged"}, "cursor"),
    ({"cursor": "x" * 2000}, "cursor"),
    ({"overdu": "true"}, "overdu"),
]


@pytest.mark.parametrize(("params", "name"), WRONG, ids=[str(params)[:30] for params, _ in WRONG])
async def test_a_list_that_is_asked_for_wrongly_says_what_is_wrong(
    cms: CaseSystem, params: dict[str, str], name: str
) -> None:
    told = problem(await cms.get("/episodes", **params), 422, "invalid")
    assert [error["parameter"] for error in told["errors"]] == [name]
    assert "Jane" not in str(told)


async def test_a_cursor_opens_nothing_that_is_not_the_callers(alone: CaseSystem) -> None:
    mine = [await alone.child() for _ in range(2)]
    cursor = (await alone.get("/episodes", limit=1)).json()["next"]
    assert not set(await listed(alone.of_another_authority(), cursor=cursor, limit=200)) & set(mine)
