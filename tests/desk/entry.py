"""Who comes to which page: addresses of every route as each role would have them, and what was noted of it.

A module of tests makes the fixtures its own by importing them; they share one authority.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

import pytest
from fastapi import FastAPI
from temporalio.client import Client

from desk.app import make_app
from desk.viewer import DeskRole
from register.audit import Outcome
from register.queries import facts
from tests.audit_log import audited
from tests.desk.ledgers import Ledger
from tests.desk.routes import Guarded, routes
from tests.desk.town import Served, Town, Visitor, known_authority, next_code

IRO, WORKER, TEAM_MANAGER = DeskRole.IRO, DeskRole.SOCIAL_WORKER, DeskRole.TEAM_MANAGER
MANAGER, ADMINISTRATOR, OPERATOR = DeskRole.IRO_MANAGER, DeskRole.IRO_ADMINISTRATOR, DeskRole.OPERATOR
_NUMBERS = count(1)
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
    ledger.add("dispute_raised", 3, id="dispute", matter="drift", about="Made up.", stage="team_manager")
    ledger.add(
        "cafcass_referred", 2, id="referral", failure="prepare_plan", about="Made up.", done_so_far="Made up.",
        raised_with=["director"], childs_view="Made up.", asks="Made up.", dispute="dispute",
    )  # fmt: skip
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
        dispute="dispute",
        referral="referral",
    )


def denied(town: Town, visitor: Visitor, since: datetime) -> list[tuple[str, str | None]]:
    """What somebody was not let to, in order: the page or the act, and about which episode."""
    found = audited(town.register, who=visitor.person, since=since, limit=5000)
    return [(each.what, each.episode) for each in reversed(found) if each.outcome is Outcome.DENIED]


def about(route: Guarded, episode: str) -> str | None:
    return episode if "{episode}" in route.path and route.of_a_child else None


RECORDED = ["opening", "notified", "needs", "appointed", "dispute", "referral"]
"""What stands in the case of a child as `everybodys` makes it."""


def recorded(town: Town, episode: str) -> list[str]:
    """What stands in a case, by the facts' ids."""
    return [entry.fact.id for entry in facts(town.register, episode)]
