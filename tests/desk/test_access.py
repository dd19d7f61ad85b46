"""Who may see and do what: every route, every role, every act. Each refusal is noted."""

import asyncio
import re
from dataclasses import replace
from datetime import datetime
from itertools import product

import pytest
from fastapi import FastAPI

from client.acts import ACTS as ACTS_THERE_ARE
from desk.access import ACTS, NOBODY, PAGES, REACH, Page, Reach, may_do, may_see
from desk.app import make_app
from desk.forms.catalogue import FORM_OF_ACT, FORMS
from desk.settings import DeskSettings, OidcSettings
from desk.templating import first_page
from desk.viewer import DeskRole, Viewer
from register.audit import Outcome
from tests.desk.entry import (
    ADMINISTRATOR,
    IRO,
    MANAGER,
    OPERATOR,
    RECORDED,
    WORKER,
    about,
    address,
    app,
    denied,
    episode,
    of_pages,
    recorded,
    since,
    town,
)
from tests.desk.managers import audit_of
from tests.desk.routes import PUBLIC, SIGNED_IN_ALONE, routes
from tests.desk.town import POSTS, Served, Town, Visitor

__all__ = ["app", "episode", "since", "town"]

NO_FORM_OF_THEIR_OWN = {"fact_corrected", "fact_withdrawn"}
"""Acts that are recorded from the page of the fact they are about."""


@pytest.fixture(scope="module")
def with_provider(served: Served) -> FastAPI:
    """The application of an authority that has a provider to sign in with."""
    oidc = OidcSettings.model_validate(
        {"issuer": "https://id.example.org", "client_id": "desk", "client_secret": "made-up", "authority": "822"}
    )
    settings = DeskSettings(url="https://reviews.example.org", oidc=oidc)
    return make_app(replace(served.desk, desk=settings, _dialling=asyncio.Lock()))


# --- The table itself ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["app", "with_provider"])
def test_every_route_is_guarded_or_is_one_of_the_few_that_anybody_may_ask_for(
    request: pytest.FixtureRequest, which: str
) -> None:
    found = routes(request.getfixturevalue(which))
    assert len(found) > 60
    open_ones = {(route.method, route.path) for route in found if not (route.page or route.by_token)}
    assert open_ones - SIGNED_IN_ALONE <= set(PUBLIC)
    assert all(route.signed_in for route in found if (route.method, route.path) in SIGNED_IN_ALONE or route.page)
    assert not any(route.by_token for route in found if not route.path.startswith("/api/"))


def test_every_way_in_that_is_public_is_there_in_one_application_or_the_other(
    app: FastAPI, with_provider: FastAPI
) -> None:
    there = {(route.method, route.path) for each in (app, with_provider) for route in routes(each)}
    assert set(PUBLIC) | SIGNED_IN_ALONE <= there


def test_every_page_of_the_table_is_a_page_and_every_page_is_in_the_table(app: FastAPI) -> None:
    assert {route.page for route in routes(app) if route.page} == set(PAGES) == set(Page)


def test_whatever_is_about_a_child_asks_whose_child_it_is(app: FastAPI) -> None:
    asked = {route.path for route in routes(app) if route.of_a_child}
    besides = {route.path for route in routes(app) if "{episode}" in route.path and route.page} - asked
    # These ask for themselves: a draft is kept for its writer alone, and the case without names has no child.
    assert besides == {"/drafts/{episode}/{key}", "/drafts/{episode}/{key}/discard", "/operations/episodes/{episode}"}


def test_every_act_there_is_stands_in_the_table_and_none_besides() -> None:
    assert set(ACTS) == set(ACTS_THERE_ARE)
    assert all(roles <= frozenset(DeskRole) - {OPERATOR} for roles in ACTS.values())


def test_an_operator_reaches_no_child_and_sees_no_page_with_names() -> None:
    assert REACH[OPERATOR] is Reach.NONE
    assert {page for page, roles in PAGES.items() if OPERATOR in roles} == {
        Page.HOME, Page.OPERATIONS, Page.CASE_WITHOUT_NAMES,
    }  # fmt: skip


def test_may_see_is_the_table() -> None:
    for role, page in product(DeskRole, Page):
        viewer = Viewer(person="x", name="x", authority="822", roles=frozenset({role}), csrf="-")
        assert may_see(viewer, page) == (role in PAGES[page])


# --- Every role, every page ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", DeskRole)
def test_each_role_sees_its_pages_and_no_other(
    town: Town, app: FastAPI, episode: str, role: DeskRole, since: datetime
) -> None:
    visitor, wrong, expected = town.visitor(role), [], []
    for route in of_pages(app, "GET"):
        assert route.page
        answer = visitor.get(address(route, role, episode))
        may = role in PAGES[route.page]
        wanted = (303 if route.page is Page.HOME else 200) if may else 403
        if answer.status_code != wanted:
            wrong.append((route.path, answer.status_code, wanted))
        if not may:
            expected.append((route.page.value, about(route, episode)))
            assert "You cannot see this page" in answer.text
    assert wrong == []
    assert denied(town, visitor, since) == expected


@pytest.mark.parametrize("role", DeskRole)
def test_each_role_begins_at_a_page_of_its_own(town: Town, role: DeskRole, since: datetime) -> None:
    visitor = town.visitor(role)
    home = visitor.get("/")
    viewer = Viewer(person="x", name="x", authority=town.code, roles=frozenset({role}), csrf="-")
    assert home.headers["location"] == first_page(viewer)
    assert visitor.get(home.headers["location"]).status_code == 200


@pytest.mark.parametrize("role", DeskRole)
def test_the_bar_at_the_top_leads_nowhere_that_a_role_may_not_go(town: Town, role: DeskRole, since: datetime) -> None:
    visitor = town.visitor(role)
    page = visitor.get(visitor.get("/").headers["location"]).text
    links = re.findall(r'class="govuk-service-navigation__link" href="([^"]+)"', page)
    assert links
    assert {visitor.get(link).status_code for link in links if link != "/"} == {200}


@pytest.mark.parametrize("role", DeskRole)
def test_each_role_sends_the_forms_of_its_pages_and_of_no_other(
    town: Town, app: FastAPI, episode: str, role: DeskRole, since: datetime
) -> None:
    visitor, expected = town.visitor(role), []
    for route in of_pages(app, "POST"):
        assert route.page
        if role in PAGES[route.page]:
            continue
        answer = visitor.post(address(route, role, episode), {"iro": town.ref("iro")})
        assert answer.status_code == 403, route.path
        expected.append((route.page.value, about(route, episode)))
    assert denied(town, visitor, since) == expected
    assert recorded(town, episode) == RECORDED


@pytest.mark.parametrize("roles", [(IRO, MANAGER), (WORKER, ADMINISTRATOR), (IRO, OPERATOR)])
def test_whoever_has_several_roles_sees_the_pages_of_each(
    town: Town, app: FastAPI, episode: str, roles: tuple[DeskRole, ...]
) -> None:
    visitor = Visitor(town.served, town.ref("iro"), "Example", town.code, *roles)
    for route in of_pages(app, "GET"):
        assert route.page
        may = any(role in PAGES[route.page] for role in roles)
        answer = visitor.get(address(route, roles[0], episode))
        assert answer.status_code in ((200, 303) if may else (403,)), route.path


def test_what_somebody_saw_of_a_child_is_noted(town: Town, app: FastAPI, episode: str) -> None:
    manager, expected = town.visitor(MANAGER), []
    for route in of_pages(app, "GET"):
        if route.of_a_child and MANAGER in PAGES[route.page]:  # type: ignore[index]
            manager.get(address(route, MANAGER, episode))
            expected.append(route.page)
    seen = [each for each in reversed(audit_of(town, episode)) if each.outcome is Outcome.SEEN]
    assert [each.what for each in seen] == expected
    assert {(each.who, each.roles, each.way) for each in seen} == {(manager.person, (MANAGER,), "page")}


# --- Every role, every act ----------------------------------------------------------------------------------------


def first_of_its_form(act: str) -> str:
    """The act by which it is decided who is given the form: several acts may share one."""
    way = FORM_OF_ACT.get(act)
    return FORMS[way.form].acts[0] if way else act


@pytest.mark.parametrize("role", DeskRole)
def test_each_role_is_given_the_forms_of_its_acts_and_of_no_other(
    town: Town, episode: str, role: DeskRole, since: datetime
) -> None:
    visitor, wrong = town.visitor(role), []
    visitor.http.follow_redirects = True
    for act in ACTS:
        before = len(denied(town, visitor, since))
        answer = visitor.get(f"/children/{episode}/record/{act}")
        may = role in ACTS[first_of_its_form(act)] and act not in NO_FORM_OF_THEIR_OWN
        is_noted = len(denied(town, visitor, since)) > before
        if answer.status_code != (200 if may else 403) or is_noted == may:
            wrong.append((act, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", DeskRole)
def test_each_role_is_given_the_shared_forms_whose_first_act_is_theirs(
    town: Town, episode: str, role: DeskRole
) -> None:
    visitor = town.visitor(role)
    for name, form in FORMS.items():
        answer = visitor.get(f"/children/{episode}/record/{name}")
        assert answer.status_code == (200 if role in ACTS[form.acts[0]] else 403), name


def test_a_form_that_is_shared_records_no_act_that_is_not_of_their_role(town: Town, episode: str) -> None:
    assert WORKER in ACTS["iro_made_known"] and WORKER not in ACTS["iro_not_made_known"]
    worker = town.visitor(WORKER)
    page = worker.get(f"/children/{episode}/record/iro_told").text
    hidden = dict(re.findall(r'<input type="hidden" name="(form_[a-z]+)" value="([^"]*)"', page))
    withheld = {**hidden, "withheld": "parents", "reason-parents": "Made up.", "on-day": "1", "on-month": "6"}
    answer = worker.post(f"/children/{episode}/record/iro_told", {**withheld, "on-year": "2026", "on": "2026-06-01"})
    assert answer.status_code in (403, 422)
    assert recorded(town, episode) == RECORDED


@pytest.mark.parametrize("role", DeskRole)
def test_nobody_records_an_act_that_is_not_of_their_role(
    town: Town, episode: str, role: DeskRole, since: datetime
) -> None:
    visitor, wrong = town.visitor(role), []
    for act, roles in ACTS.items():
        if role in roles and act not in NO_FORM_OF_THEIR_OWN:
            continue
        before = len(denied(town, visitor, since))
        answer = visitor.post(f"/children/{episode}/record/{act}", {"iro": town.ref("iro"), "reason": "Made up."})
        if answer.status_code not in (303, 403) or (answer.status_code == 403) == (
            len(denied(town, visitor, since)) == before
        ):
            wrong.append((act, answer.status_code))
    assert wrong == []
    assert recorded(town, episode) == RECORDED


@pytest.mark.parametrize("role", POSTS)
def test_a_fact_is_put_right_only_by_those_who_may_record_it(
    town: Town, episode: str, role: DeskRole, since: datetime
) -> None:
    visitor = town.visitor(role)
    for (fact, kind), what in product(
        (("opening", "became_looked_after"), ("notified", "iro_service_notified"), ("needs", "needs_known")),
        ("correct", "withdraw"),
    ):
        answer = visitor.get(f"/children/{episode}/facts/{fact}/{what}")
        assert answer.status_code == (200 if role in ACTS[kind] else 403), (fact, what)
        if role not in ACTS[kind]:
            assert denied(town, visitor, since)[-1] == (kind, episode)


def test_what_nobody_may_record_nobody_may() -> None:
    everything = Viewer(person="x", name="x", authority="822", roles=frozenset(DeskRole), csrf="-")
    assert [act for act, roles in ACTS.items() if roles == NOBODY] == [
        "became_looked_after", "case_taken_on", "child_wrote",
    ]  # fmt: skip
    assert not any(
        may_do(everything, act) for act in ("became_looked_after", "case_taken_on", "child_wrote", "no_such")
    )
