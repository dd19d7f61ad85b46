"""Messages of people who are plainly made up, and what every error about them must keep to itself."""

from datetime import date
from typing import Any

from post.notice import Written
from post.ways import Calendar, Message
from rules.network import Language, Way

EMAIL = "tilly.example@example.org"
PHONE = "07700 900123"
BODY = "Dear Tilly\n\n# What happens next\n\nAt the review we talk about:\n\n* school\n* home\n\nWe hope to see you."
ICS = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Example//Review//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "UID:review-1@example.org",
        "DTSTAMP:20260105T090000Z",
        "DTSTART:20260120T100000Z",
        "SUMMARY:Adolygiad – Tŷ Enghraifft",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
)
INVITATION = Calendar(method="REQUEST", ics=ICS)


def message(way: Way = Way.EMAIL, **changes: Any) -> Message:
    """A message that can be sent, with some of it changed."""
    to = {Way.EMAIL: EMAIL, Way.TEXT: PHONE, Way.LETTER: ""}[way]
    address = ("Tilly Example", "1 Sample Street", "Sampleton", "SW1A 1AA") if way is Way.LETTER else ()
    values: dict[str, Any] = {
        "reference": f"notice-17.{way}",
        "way": way,
        "to_name": "Tilly Example",
        "to": to,
        "address": address,
        "written": written(),
        "sender": "Sampleshire County Council",
        "sender_address": ("County Hall", "Sampleton", "SW1A 2AA"),
        "reply_to": "reviews@example.org",
        "on": date(2026, 1, 5),
    }
    return Message(**{**values, **changes})


def written(body: str = BODY, subject: str = "Your review") -> Written:
    """Words."""
    return Written(subject=subject, body=body, text="Your review is on 20 January.", language=Language.ENGLISH)


def told(error: BaseException) -> str:
    """All that a log or a reader would see of an error, once it is sure that nobody's address is in it."""
    shown = ""
    one: BaseException | None = error
    while one is not None:
        shown += f"{one!r} {vars(one)}\n"
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
    for secret in ("tilly", "900123", "7700", "Sample Street"):
        assert secret.lower() not in shown.lower(), shown
    return str(error)
