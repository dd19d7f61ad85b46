"""An email, built from a message: headers that nobody can add to, plain text, and what goes into a calendar."""

import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import quote

from post.ways import CannotBeDelivered, Message, TryLater
from post.wording import one_line

# Every part is plain ASCII on the way, so that no server between here and there need understand more.
_ASCII = SMTP.clone(cte_type="7bit")

# What both a file's name and a Message-ID may be: dots only between other characters, no slash, no space.
_REFERENCE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_+=~-]*(\.[A-Za-z0-9_+=~-]+)*")

# Quoted local parts ("a b"@example.org) exist on paper alone; without them an address has no character that could
# end it, in a header or in a command to a mail server.
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,:;\"\x00-\x1f\x7f]+@[^\s@<>()\[\]\\,:;\"\x00-\x1f\x7f]+")
_LONGEST_ADDRESS = 254

_NEEDS_QUOTING = re.compile(r"[()<>\[\]:;@\\,\"]")
_LONGEST_QUOTED = 60


def email_message(message: Message, sender: str) -> EmailMessage:
    """Build an email.

    Args:
        message: what it says, and to whom.
        sender: the From address. Its domain is the second half of the Message-ID, which is thus the same whenever
            the message is tried again.

    Returns:
        The email: text alone, or with what goes into the reader's calendar as the other way to read it.

    Raises:
        CannotBeDelivered: the address of the reader is none.
        TryLater: the one for answers is none, which is ours to correct.
    """
    if not is_address(message.to):
        raise CannotBeDelivered("What is kept as the reader's email address is none: correct it.")
    if message.reply_to is not None and not (message.reply_to.isascii() and is_address(message.reply_to)):
        raise TryLater("What is kept as our own email address for answers is none: correct it.", whole=False)
    email = EmailMessage(policy=_ASCII)
    email["From"] = _addressed(message.sender, sender)
    email["To"] = _addressed(message.to_name or "", message.to)
    if message.reply_to is not None:
        email["Reply-To"] = _addressed("", message.reply_to)
    email["Subject"] = one_line(message.written.subject)
    email["Date"] = datetime.now(UTC)
    email["Message-ID"] = f"<{reference_of(message)}@{sender.rpartition('@')[2]}>"
    # RFC 3834: no out-of-office answer to what no person wrote.
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(plain(message.written.body))
    if message.calendar is not None:
        # Outlook and Google show an invitation only where it is an alternative that names its method.
        email.add_alternative(message.calendar.ics, subtype="calendar", params={"method": message.calendar.method})
    # Last, as what holds the content is made anew with the content.
    email["Content-Language"] = message.written.language.value
    return email


def as_bytes(email: EmailMessage) -> bytes:
    """The email as it is kept in a file.

    Args:
        email: as `email_message` built it.

    Returns:
        The whole of it, in ASCII, unless an address has other letters: those only stand in UTF-8.
    """
    addresses = [address.addr_spec for header in ("From", "To", "Reply-To") for address in _of(email, header)]
    policy = _ASCII if all(map(str.isascii, addresses)) else SMTPUTF8.clone(cte_type="7bit")
    return email.as_bytes(policy=policy)


def plain(body: str) -> str:
    """The words of a notice as plain text.

    Args:
        body: as `Written.body` is marked.

    Returns:
        The same, with headings on a line of their own and without their mark. Lists keep theirs.
    """
    lines = (line.removeprefix("# ") for line in body.splitlines())
    return "\n".join(lines).strip("\n") + "\n"


def is_address(value: str) -> bool:
    """Whether a value has the form of an email address, and holds nothing that could end one.

    Args:
        value: what may be one.

    Returns:
        True where it has.
    """
    return len(value) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(value) is not None


def reference_of(message: Message) -> str:
    """The message's reference, once it is sure that it can name a file and a Message-ID.

    Args:
        message: whose.

    Returns:
        The reference.

    Raises:
        CannotBeDelivered: it cannot.
    """
    if len(message.reference) > 200 or not _REFERENCE.fullmatch(message.reference):
        raise CannotBeDelivered("The message's reference cannot be the name of a file: this is a fault of the program.")
    return message.reference


def _addressed(name: str, address: str) -> Address:
    name = one_line(name)
    # Python breaks a long name over several lines without the quotation marks it needs: a part of the name that looks
    # like an address would become one. What needs no marks is broken as it should be.
    if len(quote(name)) > _LONGEST_QUOTED:
        name = " ".join(_NEEDS_QUOTING.sub(" ", name).split())
    username, _, domain = address.rpartition("@")
    return Address(display_name=name, username=username, domain=domain)


def _of(email: EmailMessage, header: str) -> tuple[Address, ...]:
    value = email[header]
    return () if value is None else tuple(value.addresses)
