"""A case system says over the API where it is told of steps, sees what became of that, and of its authority's alone."""

import asyncio
from typing import Any

from sqlalchemy import text

from register import writing
from tests.desk.api.calls import CaseSystem, problem
from tests.desk.town import known_authority, next_code

URL = "https://cases.invalid/hooks?token=made-up"


async def added(cms: CaseSystem, **more: Any) -> dict[str, Any]:
    answer = await cms.post("/webhooks", {"url": URL, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def told(cms: CaseSystem, number: int, **wanted: Any) -> list[dict[str, Any]]:
    """What a receiver was to be told, once it was tried."""
    for _ in range(200):
        found: list[dict[str, Any]] = (await cms.get(f"/webhooks/{number}/deliveries", **wanted)).json()["deliveries"]
        if any(each["tries"] for each in found):
            return found
        await asyncio.sleep(0.1)
    raise TimeoutError("nothing was tried")


async def test_a_webhook_is_added_and_its_secret_given_once(alone: CaseSystem) -> None:
    answer = await alone.post("/webhooks", {"url": URL, "events": ["step.slipped"]})
    made = answer.json()
    assert made["secret"].startswith("whsec_") and answer.headers["cache-control"] == "no-store"
    number = made["webhook"]["id"]
    assert answer.headers["location"] == f"/api/v1/webhooks/{number}"
    assert made["webhook"]["events"] == ["step.slipped"] and made["webhook"]["made_by"] == alone.reference
    read = await alone.get(f"/webhooks/{number}")
    assert read.json() == made["webhook"] and made["secret"] not in read.text
    assert made["secret"] not in (await alone.get("/webhooks")).text
    assert [(each.what, each.detail) for each in alone.noted()][:2] == [
        ("add_webhook", f"webhook-{number}"),
        ("read_webhook", f"webhook-{number}"),
    ]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"url": "http://cases.example.org/"}, "#/url"),
    ({"url": "https://127.0.0.1/"}, "#/url"),
    ({"url": "https://[::ffff:169.254.169.254]/latest"}, "#/url"),
    ({"url": "not an address"}, "#/url"),
    ({"url": "https://a.example.org/" + "x" * 3000}, "#/url"),
    ({}, "#/url"),
    ({"url": URL, "events": []}, "#/events"),
    ({"url": URL, "events": ["step.vanished"]}, "#/events/0"),
    ({"url": URL, "secret": "mine"}, "#/secret"),
]


async def test_what_cannot_be_a_webhook_is_told_beside_the_field(alone: CaseSystem) -> None:
    for body, pointer in WRONG:
        told = problem(await alone.post("/webhooks", body), 422, "invalid")
        assert [each["pointer"] for each in told["errors"]] == [pointer]
    assert (await alone.get("/webhooks")).json() == {"webhooks": []}


async def test_an_authority_has_no_more_than_it_may(alone: CaseSystem) -> None:
    for _ in range(20):
        await added(alone)
    refused = problem(await alone.post("/webhooks", {"url": URL}), 422, "invalid")
    assert "has 20 webhooks already: revoke one first" in refused["detail"]


async def test_a_webhook_of_another_authority_is_as_if_there_were_none(alone: CaseSystem) -> None:
    code = next_code()
    with known_authority(code):
        other = CaseSystem.of(alone.desk, alone.http, authority=code)
        theirs = (await added(other))["webhook"]["id"]
        await other.child()
        delivery = (await told(other, theirs))[0]["id"]
        for place in (theirs, 999999, 0, "x", "-1", "%00", "9" * 30):
            for method, path in (
                ("GET", f"/webhooks/{place}"),
                ("DELETE", f"/webhooks/{place}"),
                ("GET", f"/webhooks/{place}/deliveries"),
                ("POST", f"/webhooks/{place}/again"),
                ("POST", f"/webhooks/{place}/deliveries/{delivery}/again"),
            ):
                answer = problem(await alone.call(method, path), 404, "not-found")
                assert answer["detail"] == "Your authority has no webhook of that number: list the webhooks."
        mine = (await added(alone))["webhook"]["id"]
        problem(await alone.call("POST", f"/webhooks/{mine}/deliveries/{delivery}/again"), 404, "not-found")
        assert [each["id"] for each in (await alone.get("/webhooks")).json()["webhooks"]] == [mine]
        assert (await other.get(f"/webhooks/{theirs}")).json()["revoked_at"] is None


async def test_a_webhook_is_revoked_and_stays_so(alone: CaseSystem) -> None:
    number = (await added(alone))["webhook"]["id"]
    for _ in range(2):
        answer = await alone.call("DELETE", f"/webhooks/{number}")
        assert (answer.status_code, answer.content) == (204, b"")
    first = (await alone.get(f"/webhooks/{number}")).json()["revoked_at"]
    assert first and (await alone.post(f"/webhooks/{number}/again", None)).json() == {"again": 0}


async def test_what_became_of_each_event_is_read_page_by_page_and_sent_again(alone: CaseSystem) -> None:
    number = (await added(alone))["webhook"]["id"]
    episode = await alone.child()
    found = await told(alone, number)
    assert {each["episode"] for each in found} == {episode}
    assert any(each["reason"] == "The receiver's name is not known." for each in found)
    read: list[int] = []
    page: dict[str, Any] = {"next": None}
    while page["next"] or not read:
        more = {"before": page["next"]} if page["next"] else {}
        page = (await alone.get(f"/webhooks/{number}/deliveries", limit=4, **more)).json()
        read += [each["id"] for each in page["deliveries"]]
    assert read == [each["id"] for each in found]
    with writing(alone.desk.register) as connection:
        connection.execute(text("UPDATE webhook_delivery SET state = 'failed' WHERE webhook_id = :id"), {"id": number})
    assert (await alone.get(f"/webhooks/{number}/deliveries", state="owed")).json()["deliveries"] == []
    one = f"/webhooks/{number}/deliveries/{read[0]}/again"
    assert (await alone.post(one, None)).json() == {"again": 1}
    assert (await alone.post(one, None)).json() == {"again": 0}
    assert (await alone.post(f"/webhooks/{number}/again", None)).json() == {"again": len(read) - 1}


async def test_a_page_that_cannot_be_is_refused(alone: CaseSystem) -> None:
    number = (await added(alone))["webhook"]["id"]
    for wanted in ({"limit": 0}, {"limit": 201}, {"before": 0}, {"before": 10**20}, {"state": "sent"}):
        problem(await alone.get(f"/webhooks/{number}/deliveries", **wanted), 422, "invalid")
