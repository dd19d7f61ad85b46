"""Who may see and do what: every route, every role, every act, and whose child it is. Each refusal is noted."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count, product

import httpx
import pytest
from fastapi import FastAPI
from temporalio.client import Client

from client.acts import ACTS as ACTS_THERE_ARE
from desk.access import ACTS, NOBODY, PAGES, REACH, Page, Reach, is_theirs, may_do, may_see
from desk.app import make_app
from desk.forms.catalogue import FORM_OF_ACT, FORMS
from desk.settings import DeskSettings, OidcSettings
from desk.templating import first_page
from desk.viewer import DeskRole, Viewer
from register.audit import Outcome, audited
from register.queries import facts
from tests.desk.ledgers import Ledger
from tests.desk.managers import audit_of, line
from tests.desk.routes import PUBLIC, SIGNED_IN_ALONE, Guarded, routes
from tests.desk.town import POSTS, Served, Town, Visitor, known_authority, next_code

IRO, WORKER, TEAM_MANAGER = DeskRole.IRO, DeskRole.SOCIAL_WORKER, DeskRole.TEAM_MANAGER
MANAGER, ADMINISTRATOR, OPERATOR = DeskRole.IRO_MANAGER, DeskRole.IRO_ADMINISTRATOR, DeskRole.OPERATOR
_NUMBERS = count(1)
NO_FORM_OF_THEIR_OWN = {"fact_corrected", "fact_withdrawn"}
"""Acts that are recorded from the page of the fact they are about."""

FORM_OF = {
    IRO: "child_consulted",
    WORKER: "discussion_held",
    TEAM_MANAGER: "significant_change",
    MANAGER: "iro_change_declined",
    ADMINISTRATOR: "invitations_sent",
    OPERATOR: "child_consulted",
}
"""An act that each role may record; the operator may none."""
FACT_OF = {IRO: "needs", OPERATOR: "needs"}
"""A fact that each role may correct, where that is not the notification."""


@pytest.fixture(scope="module")
def app(served: Served) -> FastAPI:
    return make_app(served.desk)


@pytest.fixture(scope="module")
def with_provider(served: Served) -> FastAPI:
    """The application of an authority that has a provider to sign in with."""
    oidc = OidcSettings.model_validate(
        {"issuer": "https://id.example.org", "client_id": "desk", "client_secret": "made-up", "authority": "822"}
    )
    settings = DeskSettings(url="https://reviews.example.org", oidc=oidc)
    return make_app(replace(served.desk, desk=settings, _dialling=asyncio.Lock()))


@pytest.fixture(scope="module")
def town(served: Served, temporal: Client) -> Iterator[Town]:
    """One authority for all of these tests: each looks only at what was noted since it began."""
    code = next_code()
    with known_authority(code):
        yield Town.founded(served, temporal, code)


@pytest.fixture
def since() -> datetime:
    """When this test began."""
    return datetime.now(UTC)


@pytest.fixture
def episode(town: Town) -> str:
    """A child of everybody in the town."""
    return everybodys(town)


def everybodys(town: Town, name: str = "child", **other: str) -> str:
    """A child whose IRO and workers are the town's own, or others."""
    name = f"{name}{next(_NUMBERS)}"
    people = {
        "iro": town.ref("iro"),
        "social_worker": town.ref("social-worker"),
        "team_manager": town.ref("team-manager"),
    }
    given = people | other
    ledger = Ledger(
        other.get("authority", town.code), f"{name}-{town.code}", since=60,
        social_worker=given["social_worker"], team_manager=given["team_manager"],
    )  # fmt: skip
    ledger.add("needs_known", 50, id="needs", needs=("welsh",))
    ledger.add("iro_appointed", 60, id="appointed", iro=given["iro"])
    return ledger.publish(town.register)


def of_pages(app: FastAPI, method: str) -> Iterator[Guarded]:
    return (route for route in routes(app) if route.page and route.method == method)


def address(route: Guarded, role: DeskRole, episode: str) -> str:
    """An address of a route that somebody of a role would have in front of them."""
    return route.filled(
        episode=episode,
        step="first_review",
        name=FORM_OF[role],
        fact=FACT_OF.get(role, "notified"),
        key=FORM_OF[role],
        number="1",
    )


def denied(town: Town, visitor: Visitor, since: datetime) -> list[tuple[str, str | None]]:
    """What somebody was not let to, in order: the page or the act, and about which episode."""
    found = audited(town.register, who=visitor.person, since=since, limit=5000)
    return [(each.what, each.episode) for each in reversed(found) if each.outcome is Outcome.DENIED]


def about(route: Guarded, episode: str) -> str | None:
    return episode if "{episode}" in route.path and route.of_a_child else None


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
    assert [entry.fact.id for entry in facts(town.register, episode)] == ["opening", "notified", "needs", "appointed"]


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
    assert [entry.fact.id for entry in facts(town.register, episode)] == ["opening", "notified", "needs", "appointed"]


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
    assert [entry.fact.id for entry in facts(town.register, episode)] == ["opening", "notified", "needs", "appointed"]


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
    for episode in not_theirs(town, role):
        for route in routes(app):
            if not (route.of_a_child and route.page and role in PAGES[route.page]):
                continue
            before = len(denied(town, visitor, since))
            path = address(route, role, episode)
            answer = visitor.get(path) if route.method == "GET" else visitor.post(path, {"iro": town.ref("iro")})
            assert answer.status_code == 404, (route.method, path)
            assert denied(town, visitor, since)[before:] == [(route.page.value, episode)]
        assert not any(each.outcome in (Outcome.SEEN, Outcome.DONE) for each in audit_of(town, episode))
        assert {entry.fact.by for entry in facts(town.register, episode)} == {"test"}


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
    for each in (other, "episode-nobody-has"):
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
    assert [entry.fact.id for entry in facts(town.register, episode)] == ["opening", "notified", "needs", "appointed"]
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


def test_may_see_is_the_table(town: Town) -> None:
    for role, page in product(DeskRole, Page):
        viewer = Viewer(person="x", name="x", authority="822", roles=frozenset({role}), csrf="-")
        assert may_see(viewer, page) == (role in PAGES[page])
