"""The things that happen in an episode, as its timeline tells them. No names."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from register.outbox import Waiting
from register.post_queries import Dispatch
from rules.addressing import NotSent
from rules.clock import end_of
from rules.ending import TURNED_EIGHTEEN
from rules.facts import Fact
from rules.facts.care import BecameLookedAfter
from rules.network import DispatchState, Way
from rules.steps import Escalation
from rules.vocabulary import Frozen, Role
from rules.wording import plain, with_capital
from workflows.messages import Derived


class Kind(StrEnum):
    """What sort of thing happened."""

    FACT = "fact"
    """Somebody recorded a fact."""
    UNPUBLISHED = "unpublished"
    """A fact was taken in, and is not published yet."""
    REMINDED = "reminded"
    """Somebody was told that a last day comes near."""
    SLIPPED = "slipped"
    """A last day passed with the step undone, or a rung further up was reached."""
    MOVED = "moved"
    """A due date became another one."""
    SILENCE = "silence"
    """Nobody answered in time, which counts as agreement."""
    ALARM = "alarm"
    """The clock rang, and nobody had to be told."""
    ASKED = "asked"
    """The calendar, the policy or the directory changed."""
    RULES = "rules"
    """From here on these editions of rules, policy and calendar decide."""
    ENDED = "ended"
    """Care ended by itself, on the 18th birthday."""
    CLOSED = "closed"
    """The episode finished."""
    SENT = "sent"
    """A message went out."""
    DELIVERED = "delivered"
    """A message is known to have arrived."""
    FAILED = "failed"
    """A message did not arrive."""
    HELD_BACK = "held_back"
    """A message that was owed is not to go out any more."""
    NOT_SENT = "not_sent"
    """Somebody, or nobody of a role, did not get a notice."""


OF_THE_POST = frozenset({Kind.SENT, Kind.DELIVERED, Kind.FAILED, Kind.HELD_BACK, Kind.NOT_SENT})
"""What the post room did: `what` is then the notice, as it follows "the notice of"."""

COMES_FIRST = frozenset({Kind.FACT, Kind.ASKED, Kind.RULES})
"""Of what has the same instant, these are what set off the others."""


class Happening(Frozen):
    """One thing that happened.

    Attributes:
        at: when it was recorded, raised or derived, UTC.
        kind: what sort of thing.
        what: in words.
        step: the key of the step it is about.
        due: that step's last day as it then stood; the new one, where it moved.
        was_due: its last day before it moved.
        rung: the rung raised.
        covers: lower rungs raised with it, which had passed before anyone could have known.
        tell: the roles told.
        fact: what was recorded.
        role: of a notice, to which role it was owed.
        way: by which way it went.
        why: why it did not arrive, or was not sent; without a name or an address.
    """

    at: datetime
    kind: Kind
    what: str
    step: str | None = None
    due: date | None = None
    was_due: date | None = None
    rung: str | None = None
    covers: tuple[str, ...] = ()
    tell: tuple[Role, ...] = ()
    fact: Fact | None = None
    role: Role | None = None
    way: Way | None = None
    why: str | None = None


class Timeline(Frozen):
    """What happened in an episode, earliest first.

    Attributes:
        episode: its id.
        happenings: what happened.
        history_from: history reaches back to this instant only, and what came before is told from the register;
            None when history is whole.
    """

    episode: str
    happenings: tuple[Happening, ...]
    history_from: datetime | None = None


def recorded(at: datetime, fact: Fact, kind: Kind = Kind.FACT) -> Happening:
    """That a fact was recorded."""
    return Happening(at=at, kind=kind, what=_words(fact), fact=fact)


def raised(escalation: Escalation, title: str) -> Happening:
    """That a rung was raised: before the last day has ended it reminds, later it tells of a slip.

    Args:
        escalation: the rung.
        title: what its step is called.
    """
    slipped = escalation.at >= end_of(escalation.due)
    return Happening(
        at=escalation.at,
        kind=Kind.SLIPPED if slipped else Kind.REMINDED,
        what=title,
        step=escalation.step,
        due=escalation.due,
        rung=escalation.rung,
        covers=escalation.covers,
        tell=escalation.tell,
    )


def changed(before: Derived | None, after: Derived) -> list[Happening]:
    """What one agenda has otherwise than the one before it.

    Args:
        before: None for the first agenda.
        after: the later one.
    """
    found: list[Happening] = []
    if before is None or _editions(before) != _editions(after):
        rules, policy, calendar = _editions(after)
        words = f"Dates by rules {rules}, policy {policy}, {calendar}"
        found.append(Happening(at=after.at, kind=Kind.RULES, what=words))
    if before is None:
        return found
    dues = {step.key: step.due for step in before.steps}
    for step in after.steps:
        was_due = dues.get(step.key, step.due)
        if was_due != step.due:
            moved = {"step": step.key, "due": step.due, "was_due": was_due}
            found.append(Happening(at=after.at, kind=Kind.MOVED, what=step.title, **moved))
    if after.end_reason == TURNED_EIGHTEEN and not before.ended_on:
        words = "Care ended: the 18th birthday"
        found.append(Happening(at=after.at, kind=Kind.ENDED, what=words, due=after.ended_on))
    return found


def posted(message: Dispatch) -> Iterator[Happening]:
    """That a message went out, and what became of it."""
    said: dict[str, Any] = {"what": message.notice.words, "role": message.role, "way": message.way}
    if message.sent_at:
        yield Happening(at=message.sent_at, kind=Kind.SENT, **said)
    kind = _OUTCOMES.get(message.state)
    if kind and message.outcome_at:
        yield Happening(at=message.outcome_at, kind=kind, why=message.reason, **said)


_OUTCOMES = {
    DispatchState.DELIVERED: Kind.DELIVERED,
    DispatchState.FAILED: Kind.FAILED,
    DispatchState.DROPPED: Kind.HELD_BACK,
}


def not_posted(notice: Waiting, found: NotSent) -> Happening:
    """That somebody did not get a notice, and why."""
    why = f"{found.why.words}: {found.reason}" if found.reason else found.why.words
    return Happening(at=notice.owed_at, kind=Kind.NOT_SENT, what=notice.name.words, role=found.role, why=why)


def details_of(fact: Fact) -> dict[str, Any]:
    """A fact's own fields that say something, without its id, its day and who recorded it."""
    return fact.model_dump(mode="json", exclude={"id", "on", "by", "kind"}, exclude_defaults=True)


def _words(fact: Fact) -> str:
    if isinstance(fact, BecameLookedAfter):
        return "The child became looked after"
    return with_capital(plain(fact.kind))


def _editions(derived: Derived) -> tuple[str, str, str]:
    return derived.rules_version, derived.policy_version, derived.calendar_version
