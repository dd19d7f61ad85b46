"""Notices that reached nobody, and how they were delivered after all."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from rules.facts.base import FactBase
from rules.notice_names import NoticeName
from rules.vocabulary import FewWords, Reference, Role, WayTold

About = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,200}$")]
"""What a notice speaks of, as it stands in the outbox: a fact, a step, or a rung of a step."""


class NoticeUndelivered(FactBase):
    """A notice reached nobody, or nobody could be found for it; it is to be delivered in another way."""

    kind: Literal["notice_undelivered"] = "notice_undelivered"
    notice: Reference
    """The notice, by its place in the outbox."""
    name: NoticeName
    recipient: Role
    about: About
    reason: FewWords
    """Why, without a name or an address."""


class NoticeDelivered(FactBase):
    """A notice that had reached nobody was delivered after all, and in which way."""

    kind: Literal["notice_delivered"] = "notice_delivered"
    notice: Reference
    """The notice, or the fact that says it reached nobody (the reference behind `deliver_notice.` in the agenda)."""
    way: WayTold
