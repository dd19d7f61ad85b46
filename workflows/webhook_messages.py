"""What passes between a round of webhooks and its activity."""

from datetime import datetime

from rules.vocabulary import Frozen

SEND_WEBHOOKS = "send_webhooks"


class SentWebhooks(Frozen):
    """What came of sending what could be sent.

    Attributes:
        receivers: how many were this activity's to send to; none when nothing more can go now.
        delivered: events that receivers took.
        failed: events that they never will.
        again_at: the instants from which something that was put off may be tried again, UTC.
    """

    receivers: int
    delivered: int
    failed: int
    again_at: tuple[datetime, ...] = ()


class WebhookRound(Frozen):
    """What came of a round: how many events were delivered, and how many never will be."""

    delivered: int
    failed: int
