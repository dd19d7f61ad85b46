"""The audit log about one child, made ready to be shown: who looked, and who did what."""

from collections.abc import Iterable
from typing import NamedTuple

from desk.access import Page
from desk.templating import moment
from register.audit import AuditEntry, Door, Outcome
from register.work_audit import AuditLine
from rules.vocabulary import NOBODY
from rules.wording import listed, plain, with_capital

_WENT = {
    Outcome.SEEN: "looked at",
    Outcome.DONE: "done",
    Outcome.REFUSED: "refused by the rules",
    Outcome.DENIED: "not allowed",
    Outcome.FAILED: "could not be done just then",
}
_PAGES = {
    Page.CHILD: "The child's page",
    Page.STEP: "Why a date is what it is",
    Page.DISPUTE: "A formal dispute",
    Page.REFERRAL: "A referral to Cafcass, as a document",
    Page.RECORD: "The form of an act",
    Page.LINKS: "The child's private links",
    Page.ALLOCATION: "Who might be the IRO",
    Page.AUDIT: "This list",
    Page.CASE_WITHOUT_NAMES: "The case without names",
}
_BY = {Door.PAGE: "at the desk", Door.API: "through the API", Door.LINK: "through a private link"}


class AuditSeen(NamedTuple):
    """A line.

    Attributes:
        when: in London's time.
        who: by name, where the directory has it.
        reference: theirs, where that is not what `who` says.
        roles: what they were signed in as, and by which door they came.
        what: the page or the act.
        outcome: what came of it.
        was_stopped: they were not let, or the rules said no.
        detail: such as a fact's id; empty for none.
    """

    when: str
    who: str
    reference: str
    roles: str
    what: str
    outcome: str
    was_stopped: bool
    detail: str


def audit_seen(lines: Iterable[AuditLine]) -> list[AuditSeen]:
    """A page of the log."""
    return [_line(line.entry, line.name) for line in lines]


def _line(entry: AuditEntry, name: str | None) -> AuditSeen:
    who = name or ("Nobody signed in" if entry.who == NOBODY else entry.who)
    roles = listed(plain(role) for role in entry.roles)
    return AuditSeen(
        when=moment(entry.at),
        who=who,
        reference=entry.who if name else "",
        roles=f"{roles}, {_BY[entry.way]}" if roles else _BY[entry.way],
        what=_what(entry.what),
        outcome=_WENT[entry.outcome],
        was_stopped=entry.outcome in (Outcome.DENIED, Outcome.REFUSED),
        detail=entry.detail or "",
    )


def _what(what: str) -> str:
    """A page, or an act by its name."""
    said = _PAGES.get(Page(what)) if what in set(Page) else None
    return with_capital(said or plain(what))
