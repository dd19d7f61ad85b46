"""Messages and notices, as the commands on the post show them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from commands.output import heading, indented
from commands.running import Fault
from commands.styles import LATE
from post.ways import Message
from register.contacts import Network
from register.post_queries import Tally
from rules.addressing import NotSent
from rules.network import DispatchState, Way
from rules.notice_names import NoticeName
from rules.vocabulary import Role
from rules.wording import counted, in_full, listed, nearest, plain, with_capital

STATES = {
    DispatchState.OWED: "owed",
    DispatchState.SENT: "sent",
    DispatchState.DELIVERED: "delivered",
    DispatchState.FAILED: "failed",
    DispatchState.DROPPED: "held back",
}


def notice_named(word: str) -> NoticeName:
    """The notice a person means; dashes serve for underlines.

    Raises:
        Fault: there is none of that name.
    """
    name = word.strip().lower().replace("-", "_")
    if name not in set(NoticeName):
        raise Fault(f"There is no such notice{nearest(name, set(NoticeName))}: the notices are {listed(NoticeName)}.")
    return NoticeName(name)


def role_named(word: str) -> Role:
    """The role a person means; dashes and blanks serve for underlines.

    Raises:
        Fault: there is none of that name.
    """
    name = word.strip().lower().replace("-", "_").replace(" ", "_")
    if name not in set(Role):
        raise Fault(f"There is no such role{nearest(name, set(Role))}: the roles are {listed(Role)}.")
    return Role(name)


def notice_words(name: NoticeName) -> str:
    """What a notice tells, to begin a line with."""
    return with_capital(name.words)


def to_whom(role: Role, way: Way | None) -> str:
    """To which role, and how: parents, by email."""
    return f"{role.words}, by {way}" if way else role.words


def why_not(found: NotSent) -> str:
    """Why something is not sent to somebody; where that was a person's decision, in their words."""
    return f"{found.why.words}: {found.reason}" if found.reason else found.why.words


def tally_words(numbers: Tally) -> Iterator[tuple[str, RenderableType]]:
    """The post room in numbers, each told on a line; what there is none of is left out."""
    gone = numbers.sent + numbers.delivered
    arrived = f", of which {numbers.delivered} are known to have arrived" if numbers.delivered else ""
    vain = f", {numbers.stuck} of them tried in vain" if numbers.stuck else ""
    if numbers.waiting:
        yield "To come", f"{counted(numbers.waiting, 'notice')} not addressed yet; reminders wait for the morning"
    if numbers.held:
        yield "Held up", f"{counted(numbers.held, 'notice')} until anybody of the authority is in the directory"
    if numbers.owed:
        yield "Owed", counted(numbers.owed, "message") + vain
    yield "Sent", counted(gone, "message") + arrived
    if numbers.failed:
        yield "Failed", counted(numbers.failed, "message")
    if numbers.dropped:
        yield "Held back", f"{counted(numbers.dropped, 'message')} that nobody was to get any more"
    if numbers.undelivered:
        yield "Undelivered", Text(f"{counted(numbers.undelivered, 'notice')} that did not arrive", style=LATE)


def message_data(message: Message) -> dict[str, Any]:
    """A message as programs read it: what is shown of it, and no more."""
    written = message.written
    return {
        "to_name": message.to_name,
        "to": message.to or None,
        "address": message.address,
        "needs": message.needs,
        "language": written.language,
        "dated": message.on,
        "subject": None if message.way is Way.TEXT else written.subject,
        "words": written.text if message.way is Way.TEXT else written.body,
        "invitation": message.calendar is not None,
    }


def message_facts(message: Message) -> Iterator[tuple[str, RenderableType]]:
    """To whom a message goes and how, each on a line."""
    yield "To", Text("\n".join(filter(None, (message.to_name, message.to, *message.address))), overflow="fold")
    yield "Way", f"{message.way}, in {message.written.language.words}"
    if message.needs:
        yield "Needs", listed(plain(each) for each in message.needs)
    yield "Dated", in_full(message.on)
    if message.calendar:
        yield "With it", "an invitation for their calendar"


def draw_words(message: Message) -> Iterator[RenderableType]:
    """The words of a message."""
    if message.way is Way.TEXT:
        yield indented(Text(message.written.text))
        return
    yield indented(heading(message.written.subject))
    for block in message.written.body.split("\n\n"):
        yield Text("")
        yield indented(heading(block[2:]) if block.startswith("# ") else Text(block, overflow="fold"))


def kept_as(message: Message, folder: Path) -> Path | None:
    """The file that the folder way out wrote of a message; None where there is none."""
    from post.email import reference_of

    return next((folder / str(message.on)).glob(f"{reference_of(message)}.*"), None)


def suppressed_words(network: Network, reference: str) -> Iterator[str]:
    """What is not to be sent to somebody, and why."""
    for each in network.suppressions:
        if each.contact == reference:
            what = f"the notice of {notice_named(each.notice).words} is" if each.notice else "nothing is"
            yield f"{what} {'not ' if each.notice else ''}to be sent: {each.reason}"
