"""Whose messages were many, what reached nobody and what is stuck, made ready to be shown with what to do."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from desk.access import Page, may_do, may_see
from desk.settling import Link, record_path
from desk.templating import moment
from desk.viewer import Viewer
from register.work_mail import Recipient
from register.work_post import PostTroubles, ReachedNobody, Stuck
from rules.notice_names import NoticeName
from rules.vocabulary import Role
from rules.wording import with_capital

DELIVERED = "notice_delivered"
DAYS = 7
"""The messages of so many days are counted, today's among them."""
FEW = 5
"""Whoever had no more than so many, one on a working day, is not listed."""


class Show(StrEnum):
    """Which list is shown; the value stands in the address."""

    MANY = "many"
    NOBODY = "nobody"
    STUCK = "stuck"

    @property
    def words(self) -> str:
        """The list as a heading."""
        return {
            "many": f"Who was written to most in the last {DAYS} days",
            "nobody": "Notices that reached nobody",
            "stuck": "Messages that are stuck",
        }[self.value]


class BoxSeen(NamedTuple):
    """A number that leads to its list."""

    words: str
    number: int
    show: Show
    shown: bool


class RecipientSeen(NamedTuple):
    """Somebody who was written to.

    Attributes:
        name, reference: who.
        role: the post they hold, or what they are to which child.
        messages: how many went to them.
        is_many: more than the policy has for a week.
        of: what they were about, most first.
        advice: what can be done; empty where they are not many.
        link: where; None for nowhere.
    """

    name: str
    reference: str
    role: str
    messages: int
    is_many: bool
    of: list[str]
    advice: str
    link: Link | None


class TroubleSeen(NamedTuple):
    """A notice or a message that did not arrive.

    Attributes:
        what: which, and for whom.
        child: the child's name, else the reference; None where it is about no one child.
        reference: the child's; None where it is about no one child.
        child_href: the child's page.
        since: since when.
        why: what is known of it.
        advice: what to do.
        link: where; None for nowhere.
    """

    what: str
    child: str | None
    reference: str | None
    child_href: str
    since: str
    why: str
    advice: str
    link: Link | None


def boxes_seen(too_many: int | None, troubles: PostTroubles | None, many: int, shown: Show) -> list[BoxSeen]:
    """The numbers that are known.

    Args:
        too_many: how many people had many messages; None where that cannot be read.
        troubles: of what did not arrive; None where they cannot be read.
        many: more than this to one person are many.
        shown: which list is.
    """
    boxes = []
    if too_many is not None:
        words = f"{'person' if too_many == 1 else 'people'} with more than {many} messages in {DAYS} days"
        boxes.append(BoxSeen(words, too_many, Show.MANY, shown is Show.MANY))
    if troubles:
        notices = "notice" if troubles.reached_nobody == 1 else "notices"
        boxes.append(BoxSeen(f"{notices} reached nobody", troubles.reached_nobody, Show.NOBODY, shown is Show.NOBODY))
        messages = "message is" if troubles.stuck == 1 else "messages are"
        boxes.append(BoxSeen(f"{messages} stuck", troubles.stuck, Show.STUCK, shown is Show.STUCK))
    return boxes


def recipients_seen(viewer: Viewer, found: Iterable[Recipient], many: int) -> list[RecipientSeen]:
    """A page of those who were written to.

    Args:
        viewer: who looks.
        found: the page's.
        many: more than this are many.
    """
    return [_recipient(viewer, each, is_many=each.messages > many) for each in found]


def reached_nobody_seen(viewer: Viewer, found: Iterable[ReachedNobody]) -> list[TroubleSeen]:
    """A page of the notices that reached nobody.

    Args:
        viewer: who looks.
        found: the page's.
    """
    return [
        TroubleSeen(
            what=f"The notice of {each.notice.words}, for the {each.role.words}",
            child=each.child_name or each.child,
            reference=each.child,
            child_href=f"/children/{each.episode}",
            since=moment(each.at),
            why=each.reason if each.nobody_found else f"Tried by {each.way}: {each.reason}",
            advice=_advice(each),
            link=_delivery(viewer, each),
        )
        for each in found
    ]


def stuck_seen(found: Iterable[Stuck]) -> list[TroubleSeen]:
    """A page of the messages that are stuck."""
    return [
        TroubleSeen(
            what=f"The notice of {each.notice.words}, by {each.way} for the {each.role.words}",
            child=each.child_name or each.child,
            reference=each.child,
            child_href=f"/children/{each.episode}",
            since=moment(each.owed_at),
            why=f"{each.reason} Tried {'once' if each.tries == 1 else f'{each.tries} times'}.",
            advice=f"It is tried again by itself, next on {moment(each.not_before)}. If it cannot wait, telephone.",
            link=None,
        )
        for each in found
    ]


def _recipient(viewer: Viewer, each: Recipient, *, is_many: bool) -> RecipientSeen:
    slipped = each.by_notice.get(NoticeName.ESCALATION, 0)
    about_slips = is_many and slipped * 2 > each.messages and each.child is None
    return RecipientSeen(
        name=each.name,
        reference=each.reference,
        role=with_capital(each.role.words) + (f" of child {each.child}" if each.child else ""),
        messages=each.messages,
        is_many=is_many,
        of=[f"{number} about {notice.words}" for notice, number in each.by_notice.items()],
        advice=_less_mail(each, about_slips=about_slips) if is_many else "",
        link=_overdue(viewer, each.role) if about_slips else None,
    )


def _less_mail(each: Recipient, *, about_slips: bool) -> str:
    if about_slips:
        return "Most are about steps that slipped: what is done, or exempted for a reason, is written about no more."
    if each.child:
        return "Ask whether they want all of it: what is not wanted can be withheld, with a reason."
    return "Reminders come as one message a day already. Whom a step that slips is told to is set in the policy."


def _overdue(viewer: Viewer, role: Role) -> Link | None:
    if not may_see(viewer, Page.OVERDUE):
        return None
    return Link("", f"What {role.words}s owe and is overdue", f"/overdue?owner={role}")


def _advice(each: ReachedNobody) -> str:
    if each.episode is None:
        return "Ask the people who run this to put the directory right; it is sent then."
    if each.nobody_found:
        known = "Where somebody is known now, have them added and it is sent."
        return f"{known} Until then, deliver it in another way and record that."
    return "Have the address put right and it can be sent again; or deliver it in another way and record that."


def _delivery(viewer: Viewer, each: ReachedNobody) -> Link | None:
    if not (each.episode and each.step and may_do(viewer, DELIVERED)):
        return None
    notice = each.step.partition(".")[2]
    path = record_path(each.episode, DELIVERED, step=each.step, notice=notice)
    return Link(DELIVERED, "Record that it was delivered", path)
