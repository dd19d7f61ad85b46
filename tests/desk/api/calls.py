"""Case systems that call the API: each of an authority of its own, with whatever token a test gives it."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from desk.access import Scope
from desk.parts import Desk
from register.api_clients import make_api_client, revoke_api_client
from register.audit import AuditEntry
from rules.authorities import AUTHORITIES
from rules.vocabulary import Nation
from tests.audit_log import audited
from tests.desk.town import days_ago

ALL = tuple(Scope)
OTHER, SHARED = sorted(code for code, each in AUTHORITIES.items() if each.nation is Nation.ENGLAND)[-2:]
"""Authorities that these tests share: there are not as many as there are tests."""
_NUMBERS: Iterator[int] = itertools.count(1)


@dataclass(frozen=True)
class CaseSystem:
    """A case system with a token."""

    desk: Desk
    http: httpx.AsyncClient
    authority: str
    reference: str
    token: str
    number: int

    @classmethod
    def of(
        cls,
        desk: Desk,
        http: httpx.AsyncClient,
        *scopes: Scope,
        authority: str | None = None,
        lasts: timedelta = timedelta(days=1),
    ) -> "CaseSystem":
        """Make one, of the shared authority unless another is given."""
        code, now = authority or SHARED, datetime.now(UTC)
        reference = f"cms-{code}-{next(_NUMBERS)}"
        made, token = make_api_client(
            desk.register, reference, code, scopes or ALL, by="test", at=now, expires=now + lasts
        )
        return cls(desk, http, code, reference, token, made.id)

    def of_another_authority(self) -> "CaseSystem":
        """One of another authority."""
        return self.of(self.desk, self.http, authority=OTHER)

    def with_token(self, *scopes: Scope, lasts: timedelta = timedelta(days=1)) -> "CaseSystem":
        """Another of the same authority, with another token."""
        return self.of(self.desk, self.http, *scopes, authority=self.authority, lasts=lasts)

    def revoke(self) -> None:
        """Take the token away."""
        assert revoke_api_client(self.desk.register, self.number, "test", datetime.now(UTC))

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Call an address of the API with the token."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return await self.http.request(method, f"/api/v1{path}", headers=headers, **more)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        """Read."""
        return await self.call("GET", path, params=params)

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        """Send."""
        return await self.call("POST", path, json=body, headers=headers)

    async def report(self, episode: str, act: str, **fields: Any) -> httpx.Response:
        """Report an act of yesterday, unless it says otherwise."""
        fact = {"id": f"{act.replace('_', '-')}-{next(_NUMBERS)}", "on": str(days_ago(1)), **fields}
        return await self.post(f"/episodes/{episode}/acts/{act}", fact)

    def notification(self, child: str | None = None, **changes: Any) -> dict[str, Any]:
        """What opens the episode of a child of ten who became looked after five days ago."""
        first = days_ago(5)
        return {
            "authority": self.authority,
            "nation": "england",
            "child": child or f"child-{next(_NUMBERS)}",
            "birth_date": f"{first.year - 10}-01-31",
            "became_looked_after": str(first),
            **changes,
        }

    async def child(self, **changes: Any) -> str:
        """Open an episode and give its id."""
        answer = await self.post("/episodes", self.notification(**changes))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["episode"])

    def noted(self, episode: str | None = None) -> list[AuditEntry]:
        """What the audit log has of it, the latest last."""
        return audited(self.desk.register, who=self.reference, episode=episode)[::-1]


def problem(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """A problem, as RFC 9457 has it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["type"] == f"urn:iro-review-cycle:problem:{kind}", told
    assert told["status"] == status and told["title"] and told["detail"]
    return told
