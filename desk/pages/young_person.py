"""A young person's own page, behind a private link: their IRO, their next review, what was decided, and a form to say
what they think.

Nobody is signed in here and no cookie is set: the address is the key. Whatever is wrong with an address is told in the
same words, so that nobody learns from them.
"""

import re
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from secrets import token_hex
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from client.connection import ServerUnreachable
from client.episodes import record
from client.errors import EpisodeClosed, EpisodeError, UnknownEpisode
from desk.doors import TheDesk
from desk.helplines import ADVOCACY, CHILDLINE
from desk.my_review import MyReview, episode_of, language_of, my_review
from desk.parts import Desk
from desk.security import TooOften, policy_with_picture_from, tries_of
from desk.templating import RETRY_SECONDS, render
from post.wording import says_day, says_time
from register import RegisterUnavailable
from register.audit import AuditEntry, Door, Outcome, audit
from register.private_links import PrivateLink, find_link, note_use
from register.queries import EpisodeLine
from rules.acceptance import Refused
from rules.facts.changes import ChildWrote
from rules.network import Language
from rules.vocabulary import NOBODY
from rules.wording import with_capital

PAGE, ACT = "my_review", "child_wrote"
MOST = 2000
"""So many characters are taken at once: as many as a fact's words may have."""
MOST_BYTES = 200_000
"""A form that is larger is not read."""
_ONCE = re.compile(r"[0-9a-f]{32}")
_ORIGIN = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Characters that nobody types; a database may not take them."""

router = APIRouter(prefix="/my-review")


class LeadsNowhere(Exception):
    """A link that does not serve, or never was one."""


@dataclass(frozen=True)
class Opened:
    """A private link that serves, and the period of care that it is of."""

    link: PrivateLink
    line: EpisodeLine


@router.get("/{token}")
def opened(request: Request, token: str, desk: TheDesk, sent: str | None = None) -> Response:
    """Show it."""
    try:
        found = _open(request, desk, token)
    except LeadsNowhere:
        return _nowhere(request)
    _note(desk, found.link.name, PAGE, Outcome.SEEN, found.line.id)
    note_use(desk.register, found.link, desk.clock())
    return _page(request, desk, token, found.line, sent=sent is not None)


@router.post("/{token}")
async def written(request: Request, token: str, desk: TheDesk) -> Response:
    """Take in what they think. Whatever comes between, what they wrote goes back to them; only what was too much to be
    read does not, and they are told so.
    """
    sent, language = await _form(request), Language.ENGLISH
    try:
        found = await run_in_threadpool(_open, request, desk, token)
        language = await run_in_threadpool(language_of, desk.register, found.line)
        if sent.was_read and (fault := _fault(sent.words)):
            again = partial(_page, request, desk, token, found.line, fault=fault, words=sent.words, once=sent.once)
            return await run_in_threadpool(again)
        tries_of(request).count(f"private link {found.link.id}", request)
        why = await _send(desk, found, sent.words.strip(), sent.once) if sent.was_read else "too_long"
    except LeadsNowhere:
        return _nowhere(request, sent.words)
    except TooOften:
        why = "too_often"
    except RegisterUnavailable:
        why = "down"
    if why is None:
        return RedirectResponse(f"/my-review/{token}?sent=yes", status_code=303, headers=_OF_A_SECRET)
    # Whatever else came between: their words are not there to be sent again.
    return _not_sent(request, token, sent, language, why if sent.was_read else "too_long")


# --- The link --------------------------------------------------------------------------------------------------------


def _open(request: Request, desk: Desk, token: str) -> Opened:
    """Find what a link is of.

    Raises:
        LeadsNowhere: nothing, for whatever reason; that is noted, and counts as a try.
        TooOften: there were too many such tries from this address.
        RegisterUnavailable: the database cannot be used.
    """
    tries = tries_of(request)
    tries.require("private link", request)
    link = find_link(desk.register, token)
    line = episode_of(desk.register, link, desk.today) if link and link.serves(desk.clock()) else None
    if link is None or line is None:
        _note(desk, link.name if link else NOBODY, PAGE, Outcome.DENIED, None)
        tries.count("private link", request)
        raise LeadsNowhere
    return Opened(link, line)


def _note(desk: Desk, who: str, what: str, outcome: Outcome, episode: str | None, detail: str | None = None) -> None:
    entry = AuditEntry(
        at=desk.clock(), who=who, way=Door.LINK, what=what, outcome=outcome, episode=episode, detail=detail
    )
    audit(desk.register, entry)


# --- What they write -------------------------------------------------------------------------------------------------


class Sent(NamedTuple):
    """What a form holds: the words, what makes them be recorded once, and whether it was read at all."""

    words: str
    once: str
    was_read: bool = True


async def _form(request: Request) -> Sent:
    """Read the form, unless it is too much."""
    # Every browser says how much comes; whoever does not might send without end.
    if int(request.headers.get("content-length") or MOST_BYTES + 1) > MOST_BYTES:
        return Sent("", token_hex(16), was_read=False)
    form = await request.form()
    words, once = form.get("words"), form.get("once")
    written = _UNSEEN.sub("", words.replace("\r\n", "\n")) if isinstance(words, str) else ""
    return Sent(written, once if isinstance(once, str) and _ONCE.fullmatch(once) else token_hex(16))


def _fault(words: str) -> str | None:
    """What is wrong with what they wrote, by its name in the templates of words."""
    if not words.strip():
        return "empty"
    return "too_long" if len(words.strip()) > MOST else None


async def _send(desk: Desk, found: Opened, words: str, once: str) -> str | None:
    """Record what they wrote.

    Returns:
        None when it is recorded; else why it is not: down or refused.
    """
    link, episode, today = found.link, found.line.id, desk.today
    # The same words from the same form are one fact, however often they are sent; other words are another.
    digest = sha256(f"{link.name}\n{once}\n{today}\n{words}".encode()).hexdigest()[:32]
    fact = ChildWrote(id=f"wrote-{digest}", on=today, by=link.name, text=words)
    outcome, why = Outcome.DONE, None
    try:
        await record(await desk.client(), episode, fact, desk.register)
    except (Refused, EpisodeClosed, UnknownEpisode):
        outcome, why = Outcome.REFUSED, "refused"
    except (ServerUnreachable, EpisodeError):
        outcome, why = Outcome.FAILED, "down"
    await run_in_threadpool(_note, desk, link.name, ACT, outcome, episode, fact.id)
    return why


# --- Pages -----------------------------------------------------------------------------------------------------------

_OF_A_SECRET = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
_STATUS = {"too_long": 413, "too_often": 429, "refused": 409, "down": 503}


def _page(
    request: Request,
    desk: Desk,
    token: str,
    line: EpisodeLine,
    *,
    sent: bool = False,
    fault: str | None = None,
    words: str = "",
    once: str | None = None,
) -> Response:
    """All that they may read, with the form."""
    mine = my_review(desk.register, line, desk.today)
    origin = _picture_origin(mine)
    answer = _render(
        request,
        "my_review.html",
        mine.language,
        422 if fault else 200,
        my=mine,
        picture=mine.iro.picture if mine.iro and origin else None,
        token=token,
        most=MOST,
        advocacy=ADVOCACY[mine.nation],
        own_advocate=desk.policy.post.advocate,
        complaints=desk.policy.post.complaints,
        sent=sent,
        fault=fault,
        words=words,
        once=once or token_hex(16),
    )
    if origin:
        answer.headers["Content-Security-Policy"] = policy_with_picture_from(origin)
    return answer


def _picture_origin(mine: MyReview) -> str | None:
    """The server that a picture of the IRO is on; None where there is none, or it could say more in a policy."""
    if not (mine.iro and mine.iro.picture):
        return None
    parts = urlsplit(mine.iro.picture)
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin if _ORIGIN.fullmatch(origin) else None


def _not_sent(request: Request, token: str, sent: Sent, language: Language, why: str) -> Response:
    shown = {"token": token, "words": sent.words, "once": sent.once, "why": why}
    answer = _render(request, "not_sent.html", language, _STATUS[why], **shown)
    if why in ("too_often", "down"):
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def _nowhere(request: Request, words: str = "") -> Response:
    return _render(request, "no_link.html", Language.ENGLISH, 404, words=words)


def _render(request: Request, template: str, language: Language, status: int, **shown: Any) -> HTMLResponse:
    """A page in a language, of which nobody else is told the address."""
    answer = render(
        request,
        f"young_person/{template}",
        status=status,
        lang=language.value,
        day=lambda day: says_day(day, language),
        after_ar=lambda day: f"d{says_day(day, Language.WELSH)}",
        time=lambda at: says_time(at, language),
        cap=with_capital,
        childline=CHILDLINE,
        **shown,
    )
    answer.headers.update(_OF_A_SECRET)
    return answer
