"""A child's private links, as an IRO makes and revokes them."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from playwright.async_api import BrowserContext
from sqlalchemy import event

from desk.viewer import DeskRole
from register.audit import Outcome
from register.private_links import LASTS, PrivateLink, links, make_link
from register.queries import episode as find_episode
from tests.audit_log import audited
from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.town import Town, today


def of_child(town: Town, episode: str) -> list[PrivateLink]:
    """The links of an episode's child."""
    line = find_episode(town.register, episode, today=today())
    assert line
    return links(town.register, line.authority, line.child, datetime.now(UTC))


def shown_address(page: str) -> str:
    """The address that a page shows."""
    found = re.search(r"http://[^\s<]+/my-review/([\w-]+)", page)
    assert found
    return found[0]


async def test_an_iro_makes_a_link_which_is_shown_once_and_revokes_it(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    visitor = town.visitor(DeskRole.IRO)
    await visitor.sign_in(window)
    page = await window.new_page()
    await page.goto(f"/children/{episode}/links")
    assert await page.get_by_text("No link has been made").is_visible()
    await require_accessible(page)
    await picture(page, pictures, "links-none")
    await page.get_by_role("button", name="Make a private link").click()
    address = (await page.locator("#address").inner_text()).strip()
    assert await page.get_by_role("img", name="The link as a square").is_visible()
    await require_accessible(page)
    await picture(page, pictures, "links-made")
    await page.get_by_role("link", name="Go on to the private links").click()
    assert address.rpartition("/")[2] not in await page.content()
    here = town.served.url + "/my-review/" + address.rpartition("/")[2]
    assert httpx.get(here).status_code == 200
    await page.reload()
    assert "Never" not in await page.get_by_role("row").nth(1).inner_text()
    await require_accessible(page)
    await picture(page, pictures, "links-one")
    await page.get_by_role("button", name=re.compile("Revoke link")).click()
    (link,) = of_child(town, episode)
    assert await page.get_by_role("alert").get_by_text(f"Link {link.id} is revoked").is_visible()
    await require_accessible(page)
    await picture(page, pictures, "links-revoked")
    assert (link.made_by, link.revoked_by) == (visitor.person, visitor.person)
    assert httpx.get(here).status_code == 404


async def test_it_is_made_and_revoked_without_script_on_a_telephone(
    town: Town, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    await town.visitor(DeskRole.IRO_MANAGER).sign_in(window_without_script)
    page = await window_without_script.new_page()
    await page.goto(f"/children/{episode}/links")
    await page.get_by_role("button", name="Make a private link").click()
    await require_whole(page)
    await picture(page, pictures, "links-made-phone")
    await page.get_by_role("link", name="Go on to the private links").click()
    await require_whole(page)
    await picture(page, pictures, "links-one-phone")
    await page.get_by_role("button", name=re.compile("Revoke link")).click()
    assert of_child(town, episode)[0].revoked_at


async def test_links_that_are_many_are_shown_as_far_as_the_latest(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    episode = await town.child()
    line = find_episode(town.register, episode, today=today())
    assert line
    for age in range(500, 0, -1):
        at = datetime.now(UTC) - timedelta(days=age)
        make_link(town.register, authority=town.code, child=line.child, by="somebody-who-left", at=at)
    await town.visitor(DeskRole.IRO).sign_in(window)
    page = await window.new_page()
    await page.goto(f"/children/{episode}/links")
    assert await page.get_by_role("row").count() == 51
    assert await page.get_by_text("Only 50 are shown").is_visible()
    await require_accessible(page)
    await page.set_viewport_size({"width": 360, "height": 740})
    await require_whole(page)


async def test_a_code_on_paper_leads_to_the_link_on_the_page(town: Town) -> None:
    episode = await town.child()
    answer = town.visitor(DeskRole.IRO).post(f"/children/{episode}/links")
    import segno

    wanted = segno.make(shown_address(answer.text), error="m", micro=False)
    path = re.search(r'class="qrline"[^>]* d="([^"]+)"', answer.text)
    assert path and path[1] in wanted.svg_inline(scale=4, border=4)


async def test_what_was_done_with_links_is_in_the_audit_log_without_their_addresses(town: Town) -> None:
    episode = await town.child()
    visitor = town.visitor(DeskRole.IRO)
    address = shown_address(visitor.post(f"/children/{episode}/links").text)
    (link,) = of_child(town, episode)
    visitor.post(f"/children/{episode}/links/{link.id}/revoke")
    visitor.post(f"/children/{episode}/links/{link.id}/revoke")
    log = [each for each in audited(town.register, episode=episode) if each.what.startswith("link_")]
    assert [(each.what, each.outcome, each.detail, each.who) for each in log] == [
        ("link_revoked", Outcome.REFUSED, link.name, visitor.person),
        ("link_revoked", Outcome.DONE, link.name, visitor.person),
        ("link_made", Outcome.DONE, link.name, visitor.person),
    ]
    assert all(address.rpartition("/")[2] not in str(each) for each in audited(town.register))


async def test_another_childs_link_cannot_be_revoked_by_its_number(town: Town) -> None:
    ours, other = await town.child(), await town.child(iro=None)
    line = find_episode(town.register, other, today=today())
    assert line
    theirs, _ = make_link(town.register, authority=town.code, child=line.child, by="iro", at=datetime.now(UTC))
    visitor = town.visitor(DeskRole.IRO)
    assert visitor.post(f"/children/{ours}/links/{theirs.id}/revoke").headers["location"].endswith("/links")
    assert visitor.post(f"/children/{other}/links/{theirs.id}/revoke").status_code == 404
    assert of_child(town, other)[0].revoked_at is None


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999"])
async def test_a_number_that_is_none_is_not_there(town: Town, number: str) -> None:
    episode = await town.child()
    assert town.visitor(DeskRole.IRO).post(f"/children/{episode}/links/{number}/revoke").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (DeskRole.IRO, 200),
        (DeskRole.IRO_MANAGER, 200),
        (DeskRole.IRO_ADMINISTRATOR, 200),
        (DeskRole.SOCIAL_WORKER, 403),
        (DeskRole.TEAM_MANAGER, 403),
        (DeskRole.OPERATOR, 403),
    ],
)
async def test_those_who_may_make_links_are_those_of_the_reviewing_service(
    town: Town, role: DeskRole, status: int
) -> None:
    episode = await town.child()
    visitor = town.visitor(role)
    assert visitor.get(f"/children/{episode}/links").status_code == status
    assert visitor.post(f"/children/{episode}/links").status_code == status
    assert len(of_child(town, episode)) == (1 if status == 200 else 0)


async def test_a_form_of_another_page_makes_no_link(town: Town) -> None:
    episode = await town.child()
    visitor = town.visitor(DeskRole.IRO)
    assert visitor.post(f"/children/{episode}/links", csrf="another").status_code == 403
    assert of_child(town, episode) == []


async def test_when_care_has_ended_no_link_is_made_and_the_others_are_said_to_be_over(
    town: Town, window: BrowserContext
) -> None:
    episode = await town.child()
    visitor = town.visitor(DeskRole.IRO)
    address = shown_address(visitor.post(f"/children/{episode}/links").text)
    await town.record(episode, "care_ended", reason="E4A")
    refused = visitor.post(f"/children/{episode}/links")
    assert refused.status_code == 409 and "Care has ended" in refused.text
    assert len(of_child(town, episode)) == 1
    await visitor.sign_in(window)
    page = await window.new_page()
    await page.goto(f"/children/{episode}/links")
    assert "has ended" in await page.get_by_role("row").nth(1).inner_text()
    assert await page.get_by_role("button", name="Make a private link").count() == 0
    await require_accessible(page)
    assert httpx.get(address.replace("http://127.0.0.1:8200", town.served.url)).status_code == 404


async def test_the_names_of_those_who_made_the_links_are_read_at_once(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    line = find_episode(town.register, episode, today=today())
    assert line

    def statements() -> int:
        said = list[str]()

        def note(*given: object) -> None:
            said.append(str(given[2]))

        event.listen(town.register, "before_cursor_execute", note)
        page = visitor.get(f"/children/{episode}/links").text
        event.remove(town.register, "before_cursor_execute", note)
        assert all(f"Example Iro {town.code}" in row for row in page.partition("<tbody")[2].split("<tr")[1:])
        return len(said)

    makers = [town.person(DeskRole.IRO, f"maker-{number}") for number in range(8)]
    make_link(town.register, authority=town.code, child=line.child, by=makers[0], at=datetime.now(UTC))
    few = statements()
    for maker in makers:
        make_link(town.register, authority=town.code, child=line.child, by=maker, at=datetime.now(UTC))
    assert statements() == few


async def test_a_link_that_ran_out_is_said_to_have(town: Town) -> None:
    episode = await town.child()
    line = find_episode(town.register, episode, today=today())
    assert line
    then = datetime.now(UTC) - LASTS - timedelta(days=1)
    make_link(town.register, authority=town.code, child=line.child, by=town.ref("iro"), at=then)
    text = town.visitor(DeskRole.IRO).get(f"/children/{episode}/links").text
    assert "it ran out" in text and "Revoke" not in text.partition("<tbody")[2]
