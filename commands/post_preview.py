"""A notice as it would be written, to look at before it ever goes out. Nothing is sent, and nothing is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.text import Text
from sqlalchemy import Engine

from commands.files import write_privately
from commands.look import known
from commands.output import facts_about, heading, note
from commands.post_room import addresser
from commands.post_words import draw_words, message_data, message_facts, notice_named, role_named, why_not
from commands.running import Fault, register_of
from commands.styles import DIM
from post.letters import letter
from post.notice import Reader
from post.wording import WRITTEN_FOR, Audience
from register.outbox import Waiting, notices_ever_owed
from register.post import NewDispatch
from register.queries import EpisodeLine, facts, steps
from rules.addressing import NotSent
from rules.network import Way
from rules.notice_names import NoticeName
from rules.notices import TOLD
from rules.vocabulary import Role
from rules.wording import listed

_OF_THE_SERVICE = {
    NoticeName.COLLECTIVE_CONCERN: "`starter.py digest` shows the service's concerns",
    NoticeName.POOR_PRACTICE_PATTERN: "`starter.py digest` shows the patterns of the week",
    NoticeName.WEEKLY_DIGEST: "`starter.py digest` shows it",
    NoticeName.DAILY_DIGEST: "preview a reminder, of which it is made",
}
"""What is not about one child, and what to do instead."""
_OF_A_RUNG = {NoticeName.REMINDER: "reminder", NoticeName.ESCALATION: "breach"}
_ANY = (Role.CHILD, Role.PARENTS, Role.SOCIAL_WORKER)
"""To whom a notice is shown that nothing owes yet."""


@dataclass(frozen=True)
class Previewed:
    """A notice as it would be.

    Attributes:
        name: which.
        about: the fact or step it is about.
        made_up: nothing in this case owes it, so that it is an example.
        messages: what each who would get it would get.
        not_sent: who would not, and why.
    """

    name: NoticeName
    about: str
    made_up: bool
    messages: tuple[NewDispatch, ...]
    not_sent: tuple[NotSent, ...]

    @property
    def data(self) -> dict[str, Any]:
        """The same for programs."""
        messages = [
            {"role": each.role, "recipient": each.recipient, "way": each.message.way, **message_data(each.message)}
            for each in self.messages
        ]
        return {
            "notice": self.name,
            "about": self.about,
            "made_up": self.made_up,
            "messages": messages,
            "not_sent": [each.model_dump() | {"words": why_not(each)} for each in self.not_sent],
        }


def previewed(notice: str, episode: str, to: str | None, about: str | None) -> Previewed:
    """Write a notice as it would be today.

    Args:
        notice: which, as a person names it.
        episode: the case.
        to: only to this role; to everyone who would get it when left out.
        about: the fact it is to be about; the latest that owes it when left out.

    Raises:
        Fault: there is no such notice, role, episode or fact, or no such words for that role.
    """
    name, role = notice_named(notice), role_named(to) if to is not None else None
    if name in _OF_THE_SERVICE:
        raise Fault(f"{name} is not about one child: {_OF_THE_SERVICE[name]}.")
    line, register = known(episode), register_of()
    if role and not _is_written_for(name, role):
        raise Fault(f"There are no words of {name} for the {role.words}: it is written for {_audiences(name)}.")
    owed = _owed(register, line, name, about)
    made_up = not owed
    wanted = [each for each in owed or _example(register, line, name) if role in (None, each.recipient)]
    if role and not wanted:
        [one, *_] = owed or _example(register, line, name)
        wanted = [one.model_copy(update={"recipient": role, "if_involved": False})]
    settled, messages = addresser(register).at_once(wanted)
    return Previewed(
        name=name,
        about=wanted[0].about,
        made_up=made_up,
        messages=tuple(messages),
        not_sent=tuple(each for one in settled for each in one.not_sent),
    )


def _is_written_for(name: NoticeName, role: Role) -> bool:
    return Audience.of(Reader(role=role)) in WRITTEN_FOR[name]


def _audiences(name: NoticeName) -> str:
    return listed("those who work on the case" if each == "staff" else str(each) for each in sorted(WRITTEN_FOR[name]))


def _owed(register: Engine, line: EpisodeLine, name: NoticeName, about: str | None) -> list[Waiting]:
    """The notices of the fact it is to be about, or of the latest that owes it."""
    ever = notices_ever_owed(register, line.id, name)
    if about is None:
        return [each for each in reversed(ever) if each.about == ever[0].about]
    if about not in {entry.fact.id for entry in facts(register, line.id)} | {each.about for each in ever}:
        raise Fault(f"{line.id} has no such fact: `starter.py timeline {line.id}` shows those it has, with their ids.")
    of_it = [each for each in reversed(ever) if each.about == about]
    return of_it or [each.model_copy(update={"about": about}) for each in _example(register, line, name)]


def _example(register: Engine, line: EpisodeLine, name: NoticeName) -> list[Waiting]:
    """The notices that would be owed, where nothing owes them: about a fact of its kind where there is one."""
    told = TOLD.get(name)
    roles = (*told.owed, *told.if_involved) if told else tuple(each for each in _ANY if _is_written_for(name, each))
    return [
        Waiting(
            id=0,
            episode=line.id,
            service=None,
            key=f"{name}:preview:{role}",
            name=name,
            recipient=role,
            about=_about(register, line, name),
            if_involved=told is not None and role in told.if_involved,
            owed_at=datetime.now(UTC),
        )
        for role in roles
    ]


def _about(register: Engine, line: EpisodeLine, name: NoticeName) -> str:
    if name in _OF_A_RUNG:
        owed = steps(register, line.id, only_open=True)
        return (
            f"{owed[0].key}:{_OF_A_RUNG[name]}:{owed[0].due}"
            if owed
            else f"first_review:reminder:{line.published_at:%Y-%m-%d}"
        )
    alike = [entry.fact.id for entry in facts(register, line.id) if entry.fact.kind == name]
    return alike[-1] if alike else "example"


def write_letter(made: Previewed, file: Path) -> None:
    """Write the first letter of a preview as it would be printed.

    Args:
        made: the preview.
        file: where; for its owner alone to read, as names stand in it.

    Raises:
        Fault: nobody would get a letter, or the file cannot be written.
    """
    letters = [each.message for each in made.messages if each.message.way is Way.LETTER]
    if not letters:
        raise Fault("Nobody would get this as a letter, so there is none to print: leave out --pdf.")
    write_privately(file, letter(letters[0]))


def draw_previewed(made: Previewed, pdf: Path | None) -> Iterator[RenderableType]:
    """Draw a preview."""
    yield heading(f"The notice of {made.name.words}, as it would be today. Nothing is sent.")
    if made.made_up:
        yield note("Nothing in this case owes it, so this is a made-up example: some of the words may be missing.")
    else:
        yield note(f"About {made.about}.")
    for each in made.messages:
        yield Text("")
        yield facts_about(("For", f"{each.role.words} ({each.recipient})"), *message_facts(each.message))
        yield Text("")
        yield from draw_words(each.message)
    if made.not_sent:
        yield Text("")
        yield heading("Who would not get it")
        for one in made.not_sent:
            yield Text(f"  {one.role.words}{f' ({one.reference})' if one.reference else ''}: {why_not(one)}", style=DIM)
    if pdf is not None:
        yield note(f"\nThe first letter stands in {pdf}.")
