"""What the audit log tells of calls: every one about a child, every act, and every refusal."""

import re

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from desk.parts import desk_of
from register.audit import AuditEntry, Door, Outcome, audit
from rules.vocabulary import EPISODE_ID, NOBODY, Frozen


class Call(Frozen):
    """A call that was let in, or was not, as the audit log tells it.

    Attributes:
        endpoint: what was called, by its name.
        who: the case system, by reference; `nobody` while it is not known.
        scopes: what its token allows.
        episode: about which.
    """

    endpoint: str
    who: str = NOBODY
    scopes: tuple[str, ...] = ()
    episode: str | None = None


def begun(request: Request) -> Call:
    """A call as it comes in, by somebody who is not known yet."""
    about = str(request.path_params.get("episode", ""))
    return Call(
        endpoint=str(getattr(request.scope.get("route"), "name", "unknown")),
        episode=about if re.fullmatch(EPISODE_ID, about) else None,
    )


def is_about(request: Request, episode: str) -> None:
    """Say which episode a call is about, where its address does not name it."""
    request.state.call = request.state.call.model_copy(update={"episode": episode})


async def note(request: Request, outcome: Outcome, *, detail: str | None = None) -> None:
    """Add a line to the audit log about the call.

    Args:
        request: the call, which `let_in` has looked at.
        outcome: what came of it.
        detail: such as a fact's id; what `detailed` said when left out. Never a name or anybody's words.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    call: Call = request.state.call
    desk = desk_of(request)
    entry = AuditEntry(
        at=desk.clock(),
        who=call.who,
        roles=call.scopes,
        way=Door.API,
        what=call.endpoint,
        outcome=outcome,
        episode=call.episode,
        detail=detail or getattr(request.state, "detail", None),
    )
    await run_in_threadpool(audit, desk.register, entry)


def detailed(request: Request, detail: str) -> None:
    """Say what the audit log is to tell of the call, whatever comes of it, such as a fact's id."""
    request.state.detail = detail
