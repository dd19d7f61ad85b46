"""Whose child it is, ids that were guessed, forms that are not our own, and nobody at all."""

from datetime import datetime
from itertools import product

import httpx
import pytest
from fastapi import FastAPI

from desk.access import PAGES, REACH, Reach, is_theirs
from desk.viewer import DeskRole, Viewer
from register.audit import Outcome
from register.queries import facts
from tests.desk.entry import (
    FORM_OF,
    IRO,
    MANAGER,
    OPERATOR,
    RECORDED,
    TEAM_MANAGER,
    WORKER,
    address,
    app,
    denied,
    episode,
    everybodys,
    of_pages,
    recorded,
    since,
    town,
)
from tests.desk.ledgers import Ledger
from tests.desk.managers import audit_of, line
from tests.desk.routes import routes
from tests.desk.town import POSTS, Town

__all__ = ["app", "episode", "since", "town"]

# --- Whose child it is --------------------------------------------------------------------------------------------


def not_theirs(town: Town, role: DeskRole) -> list[str]:
    """Children who are not somebody's of a role, though everybody else's of the town they may be."""
    elsewhere = everybodys(town, "elsewhere", authority="998")
    if REACH[role] is Reach.SERVICE:
        return [elsewhere]
    return [elsewhere, everybodys(town, "of-another", **{role.value: "somebody-else"})]


@pytest.mark.parametrize("role", POSTS)
def test_a_child_who_is_not_theirs_is_not_there_on_any_page(
    town: Town, app: FastAPI, role: DeskRole, since: datetime
) -> None:
    visitor = town.visitor(role)
    for child in not_theirs(town, role):
        for route in routes(app):
            if not (route.of_a_child and route.page and role in PAGES[route.page]):
                continue
            before = len(denied(town, visitor, since))
            path = address(route, role, child)
            answer = visitor.get(path) if route.method == "GET" else visitor.post(path, {"iro": town.ref("iro")})
            assert answer.status_code == 404, (route.method, path)
            assert denied(town, visitor, since)[before:] == [(route.page.value, child)]
        assert not any(each.outcome in (Outcome.SEEN, Outcome.DONE) for each in audit_of(town, child))
        assert {entry.fact.by for entry in facts(town.register, child)} == {"test"}


@pytest.mark.parametrize("role", POSTS)
def test_a_child_who_is_not_theirs_looks_the_same_as_one_who_is_not_there(
    town: Town, app: FastAPI, role: DeskRole, since: datetime
) -> None:
    visitor = town.visitor(role)
    (other, *_) = not_theirs(town, role)
    made_up = "episode-" + "a" * len(other.removeprefix("episode-"))
    for route in of_pages(app, "GET"):
        if route.of_a_child and role in PAGES[route.page]:  # type: ignore[index]
            one, none = (visitor.get(address(route, role, each)) for each in (other, made_up))
            assert (one.status_code, none.status_code) == (404, 404)
            assert one.text == none.text
            assert one.headers.get("content-length") == none.headers.get("content-length")
    assert {about for _, about in denied(town, visitor, since)} == {other, made_up}


@pytest.mark.parametrize(
    "made_up",
    ["episode-", "../tasks", "..%2Ftasks", "%00", "a" * 81, "e%27%20OR%201=1--", "<script>", "1;DROP", ".hidden", "é"],
)
def test_an_id_that_was_guessed_leads_to_no_child(town: Town, app: FastAPI, made_up: str) -> None:
    manager = town.visitor(MANAGER)
    for route in of_pages(app, "GET"):
        if route.of_a_child:
            path = address(route, MANAGER, made_up)
            if ".." in made_up and "%" not in made_up:
                continue  # httpx tidies such an address up before it is sent.
            answer = manager.get(path)
            assert answer.status_code == 404, path
            assert "<script>" not in answer.text


def test_whoever_covers_for_the_iro_sees_the_child_too(town: Town) -> None:
    town.person(IRO, "covering")
    ledger = Ledger(town.code, f"covered-{town.code}", since=30)
    ledger.add("iro_appointed", 30, iro=town.ref("iro"))
    ledger.add("iro_cover_arranged", 10, cover=town.ref("covering"))
    episode = ledger.publish(town.register)
    for name, status in (("iro", 200), ("covering", 200), ("other", 404)):
        assert town.visitor(IRO, name).get(f"/children/{episode}").status_code == status


def test_a_role_reaches_no_further_with_another_roles_reference(town: Town, episode: str) -> None:
    """A social worker who is signed in as an IRO is nobody's IRO."""
    known = line(town, episode)
    for role, person in product((IRO, WORKER, TEAM_MANAGER), (known.iro, known.social_worker, known.team_manager)):
        viewer = Viewer(person=str(person), name="x", authority=town.code, roles=frozenset({role}), csrf="-")
        own = {IRO: known.iro, WORKER: known.social_worker, TEAM_MANAGER: known.team_manager}[role]
        assert is_theirs(viewer, known) == (person == own)


def test_what_was_not_finished_is_kept_only_for_a_child_who_is_theirs(town: Town, since: datetime) -> None:
    other = everybodys(town, "elsewhere", authority="998")
    for role in POSTS:
        visitor = town.visitor(role)
        assert visitor.post(f"/drafts/{other}/{FORM_OF[role]}", {"views": "Made up."}).status_code == 404
        assert denied(town, visitor, since) == [("drafts", other)]


def test_an_operator_sees_no_case_of_another_authority_even_without_names(town: Town, episode: str) -> None:
    other = everybodys(town, "elsewhere", authority="998")
    operator = town.visitor(OPERATOR)
    assert operator.get(f"/operations/episodes/{episode}").status_code == 200
    for each in (other, f"episode-nobody-{town.code}"):
        assert operator.get(f"/operations/episodes/{each}").status_code == 404
        latest = audit_of(town, each)[0]
        assert (latest.who, latest.what, latest.outcome) == ("operator", "case_without_names", Outcome.DENIED)


# --- Forms that are not our own, and nobody at all ----------------------------------------------------------------


@pytest.mark.parametrize("csrf", ["", "another", None])
@pytest.mark.parametrize("role", DeskRole)
def test_no_form_is_taken_without_the_sessions_own_word(
    town: Town, app: FastAPI, episode: str, role: DeskRole, csrf: str | None
) -> None:
    visitor = town.visitor(role)
    sent = {} if csrf is None else {"csrf": csrf}
    forms = [route for route in routes(app) if route.method != "GET" and (route.page or route.signed_in)]
    assert len(forms) >= 10
    for route in forms:
        answer = visitor.http.post(address(route, role, episode), data=sent)
        assert answer.status_code == 403, route.path
        assert "This form cannot be taken" in answer.text
    assert recorded(town, episode) == RECORDED
    assert visitor.get("/").status_code == 303  # Still signed in.


def test_the_word_of_another_session_is_not_ones_own(town: Town, episode: str) -> None:
    mine, theirs = town.visitor(MANAGER), town.visitor(MANAGER)
    assert mine.post(f"/allocation/{episode}", {"iro": town.ref("iro")}, csrf=theirs.csrf).status_code == 403


def test_nobody_comes_to_a_page_without_signing_in(town: Town, app: FastAPI, episode: str) -> None:
    anybody = httpx.Client(base_url=town.served.url)
    for route in routes(app):
        if route.page or route.signed_in:
            answer = anybody.request(route.method, address(route, MANAGER, episode))
            assert answer.status_code == 303, route.path
            assert answer.headers["location"].startswith("/sign-in?next=")
    assert audit_of(town, episode) == []


def test_no_page_is_kept_by_a_browser_or_framed_or_given_a_script_of_others(
    town: Town, app: FastAPI, episode: str
) -> None:
    manager = town.visitor(MANAGER)
    for route in of_pages(app, "GET"):
        headers = manager.get(address(route, MANAGER, episode)).headers
        assert headers["cache-control"] == "no-store", route.path
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe-inline" not in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
