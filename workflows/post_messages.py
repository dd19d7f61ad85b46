"""What passes between the post room's round and its activities."""

from datetime import datetime

from rules.network import Way
from rules.vocabulary import Frozen

ADDRESS_POST = "address_post"
SEND_POST = "send_post"
TAKE_RECEIPTS = "take_receipts"
TELL_UNDELIVERED = "tell_undelivered"


class SendPost(Frozen):
    """A batch to be sent.

    Attributes:
        now: the instant, UTC.
        but_not: the ways by which nothing can be sent at present.
    """

    now: datetime
    but_not: tuple[Way, ...] = ()


class SentPost(Frozen):
    """What came of a batch.

    Attributes:
        tried: how many messages were taken up; none when nothing more can go now.
        sent: how many went out.
        failed: how many never will.
        blocked: the ways found to be down.
    """

    tried: int
    sent: int
    failed: int
    blocked: tuple[Way, ...] = ()


class PostRound(Frozen):
    """What came of a round.

    Attributes:
        addressed: notices for which somebody was found, or nobody.
        sent, failed: messages.
        receipts: messages of which it was heard what became.
        told: episodes told of a notice that reached nobody, or did after all.
        blocked: the ways that were down.
    """

    addressed: int
    sent: int
    failed: int
    receipts: int
    told: int
    blocked: tuple[Way, ...] = ()
