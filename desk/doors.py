"""The doors: nobody comes to a page but through one of these. Each refusal is noted in the audit log.

A page takes `Annotated[Viewer, May(Page.TASKS)]`; a page about a child takes `Annotated[Child, MayForChild(...)]`.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from secrets import compare_digest
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine

from desk.access import Page, is_theirs, may_see
from desk.forms.keeping import CSRF_FIELD, DRAFT_EPISODE, DRAFT_FORM, NoSuchForm, TooMuch, body_of, keep_body
from desk.parts import Desk, desk_of
from desk.viewer import DeskRole, Viewer
from register import desk_sessions
from register.audit import AuditEntry, Door, Outcome, audit
from register.desk_sessions import Session
from register.drafts import Body
from register.queries import EpisodeLine, episode
from rules.vocabulary import EPISODE_ID, NOBODY

EpisodeId = Annotated[str, Path(pattern=EPISODE_ID)]


class SignInFirst(Exception):
    """Nobody is signed in."""


class NotTheirs(Exception):
    """They may not, or there is no such child: both look the same where a child is asked for."""

    def __init__(self, status: int) -> None:
        """Say so with this status: 403 where the role may not, 404 where the child is not theirs."""
        super().__init__(str(status))
        self.status = status


class FormNotOurs(Exception):
    """A form came without what our own pages put into it."""


def cookie_name(desk: Desk) -> str:
    """What the session's cookie is called: over TLS with the prefix that binds it to this host and to TLS."""
    return "__Host-desk" if desk.desk.is_secure else "desk"


async def signed_in(request: Request, desk: Annotated[Desk, Depends(desk_of)]) -> Viewer:
    """Whoever is signed in; for a form that is sent, once it is seen to be our own.

    Raises:
        SignInFirst: nobody is, or the session has ended; what was written in a form is kept.
        FormNotOurs: the form does not carry the session's own word.
    """
    token = request.cookies.get(cookie_name(desk))
    session = await run_in_threadpool(desk_sessions.find, desk.register, token) if token else None
    if token is None or session is None:
        raise SignInFirst
    if request.method == "POST":
        await _require_our_form(request, session)
    now = desk.clock()
    if not session.is_alive(now):
        if request.method == "POST":
            await _keep_what_was_written(request, session, desk)
        raise SignInFirst
    await run_in_threadpool(desk_sessions.note_use, desk.register, token, session, now)
    viewer = viewer_of(session)
    request.state.viewer = viewer
    return viewer


def viewer_of(session: Session) -> Viewer:
    """Who a session is of."""
    return Viewer(
        person=session.person,
        name=session.name,
        authority=session.authority,
        roles=frozenset(DeskRole(role) for role in session.roles),
        csrf=session.csrf,
    )


async def _require_our_form(request: Request, session: Session) -> None:
    form = await request.form()
    sent = form.get(CSRF_FIELD)
    if not (isinstance(sent, str) and compare_digest(sent.encode(), session.csrf.encode())):
        raise FormNotOurs


async def _keep_what_was_written(request: Request, session: Session, desk: Desk) -> None:
    """A session may end while somebody writes: what they send then waits for them as a draft."""
    form = await request.form()
    about, name = form.get(DRAFT_EPISODE), form.get(DRAFT_FORM)
    if not (isinstance(about, str) and isinstance(name, str)) or session.ended_at is not None:
        return
    await run_in_threadpool(_keep_theirs, desk, viewer_of(session), about, name, body_of(form))


def _keep_theirs(desk: Desk, viewer: Viewer, about: str, name: str, body: Body) -> None:
    """Keep it within the bounds of any draft: what is no form of a child of theirs is let go."""
    line = _find(desk.register, about, desk) if re.fullmatch(EPISODE_ID, about) else None
    if line is None or not is_theirs(viewer, line):
        return
    with suppress(NoSuchForm, TooMuch):
        keep_body(desk, viewer, about, name, body)


SignedIn = Annotated[Viewer, Depends(signed_in)]
TheDesk = Annotated[Desk, Depends(desk_of)]


class May:
    """Lets in those whose role may see a page. Every page names one of these; `tests/desk` look for it."""

    def __init__(self, page: Page) -> None:
        """Guard this page."""
        self.page = page

    async def __call__(self, viewer: SignedIn, desk: TheDesk) -> Viewer:
        """Let somebody in.

        Raises:
            NotTheirs: their role may not.
        """
        if not may_see(viewer, self.page):
            await run_in_threadpool(note, desk, viewer, self.page, Outcome.DENIED)
            raise NotTheirs(403)
        return viewer


@dataclass(frozen=True)
class Child:
    """A child's page, opened by somebody who may see it."""

    viewer: Viewer
    line: EpisodeLine


class MayForChild:
    """Lets in those whose role may see a page about a child, and whose child it is; and notes that they saw it."""

    def __init__(self, page: Page) -> None:
        """Guard this page. What it is about stands in the path as `episode`."""
        self.page = page

    async def __call__(
        self, viewer: SignedIn, desk: TheDesk, episode_id: Annotated[EpisodeId, Path(alias="episode")]
    ) -> Child:
        """Let somebody in.

        Raises:
            NotTheirs: their role may not, or the child is not theirs, or there is none: that is not told apart.
        """
        if not may_see(viewer, self.page):
            await run_in_threadpool(note, desk, viewer, self.page, Outcome.DENIED, episode_id)
            raise NotTheirs(403)
        line = await run_in_threadpool(_find, desk.register, episode_id, desk)
        if line is None or not is_theirs(viewer, line):
            await run_in_threadpool(note, desk, viewer, self.page, Outcome.DENIED, episode_id)
            raise NotTheirs(404)
        await run_in_threadpool(note, desk, viewer, self.page, Outcome.SEEN, episode_id)
        return Child(viewer, line)


def _find(register: Engine, episode_id: str, desk: Desk) -> EpisodeLine | None:
    return episode(register, episode_id, today=desk.today)


def note(
    desk: Desk, viewer: Viewer | None, what: str, outcome: Outcome, about: str | None = None, detail: str | None = None
) -> None:
    """Add a line to the audit log about somebody at a page.

    Args:
        desk: the parts.
        viewer: who; None where nobody is signed in.
        what: the page or the act.
        outcome: what came of it.
        about: the episode.
        detail: such as a fact's id; never a name or anybody's words.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    entry = AuditEntry(
        at=desk.clock(),
        who=viewer.person if viewer else NOBODY,
        roles=tuple(sorted(viewer.roles)) if viewer else (),
        way=Door.PAGE,
        what=what,
        outcome=outcome,
        episode=about,
        detail=detail,
    )
    audit(desk.register, entry)
