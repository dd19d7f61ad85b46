"""What was sent about a child and what was not, made ready to be shown."""

from collections.abc import Mapping
from typing import NamedTuple

from desk.seen.names import Names, called
from desk.settling import record_path
from desk.templating import moment
from register.post_queries import Dispatch
from register.undelivered import Undelivered
from register.work import ChildOfEpisode, NotSentNotice
from rules.case import Case
from rules.facts.notices import NoticeUndelivered
from rules.network import DispatchState
from rules.steps import Step
from rules.undelivered import step_key
from rules.wording import listed, with_capital

_STATES: Mapping[DispatchState, str] = {
    DispatchState.OWED: "Waits to go out",
    DispatchState.SENT: "Sent",
    DispatchState.DELIVERED: "Arrived",
    DispatchState.FAILED: "Did not arrive",
    DispatchState.DROPPED: "Held back",
}


class Unreached(NamedTuple):
    """A notice that reached nobody.

    Attributes:
        words: which, to whom, and why it did not arrive.
        when: when that was found.
        href: where its delivery by hand is recorded; None where they may not, or nothing is owed for it.
    """

    words: str
    when: str
    href: str | None


class Sent(NamedTuple):
    """A message.

    Attributes:
        notice: what it tells.
        whom: to whom it goes: the name, and the role it was owed to.
        way: by which way.
        state: what became of it, and when.
        why: why it did not arrive or was held back; empty where it did.
        badly: it did not arrive.
    """

    notice: str
    whom: str
    way: str
    state: str
    why: str
    badly: bool


class Unsent(NamedTuple):
    """A notice that somebody does not get.

    Attributes:
        notice: what it tells.
        when: when it came to be owed.
        whom: who does not get it, and why, one by one.
    """

    notice: str
    when: str
    whom: list[str]


def unreached(child: ChildOfEpisode, case: Case, may_record: bool) -> list[Unreached]:
    """The notices that reached nobody and are not put right.

    Args:
        child: what the register has of the child.
        case: the facts that stand.
        may_record: whether whoever looks may record that one was delivered by hand.
    """
    steps = {step.key: step for step in child.open_steps}
    owed = {known.fact.notice: steps.get(step_key(known.fact)) for known in case.all(NoticeUndelivered)}
    return [
        _unreached(each, child.line.id, owed.get(str(each.outbox)) if may_record else None)
        for each in child.undelivered
    ]


def sent(child: ChildOfEpisode, names: Names) -> list[Sent]:
    """The messages about the child, the latest first."""
    return [_sent(each, names) for each in child.dispatches]


def unsent(child: ChildOfEpisode, names: Names) -> list[Unsent]:
    """The notices that somebody does not get, the latest first."""
    return [_unsent(each, names) for each in child.not_sent]


def _unreached(each: Undelivered, episode: str, step: Step | None) -> Unreached:
    href = None
    if step:
        href = record_path(episode, "notice_delivered", step=step.key, notice=step.key.partition(".")[2])
    words = f"{with_capital(each.notice.words)}, to the {each.recipient.words}: {each.reason}"
    return Unreached(words, moment(each.at), href)


def _sent(each: Dispatch, names: Names) -> Sent:
    at = each.outcome_at or each.sent_at
    name = called(each.recipient, names)
    role = f" ({listed([role.words for role in each.roles or (each.role,)])})"
    return Sent(
        notice=with_capital(each.notice.words),
        whom=f"{name}{role}",
        way=each.way.value,
        state=_STATES[each.state] + (f", {moment(at)}" if at else ""),
        why=each.reason or "",
        badly=each.state is DispatchState.FAILED,
    )


def _unsent(each: NotSentNotice, names: Names) -> Unsent:
    return Unsent(
        notice=with_capital(each.notice.words),
        when=moment(each.owed_at),
        whom=[
            f"{called(one.reference, names) if one.reference else 'The ' + one.role.words}: "
            + one.why.words
            + (f". {one.reason}" if one.reason else "")
            for one in each.not_sent
        ],
    )
