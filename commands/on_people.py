"""What the commands on people share, `iro` and `person`: the words typed, the form they fill, what came of it."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import typer

from commands.directory import Said, as_data, draw_said, person_of
from commands.forms import Form, filled, form_named, guide, guide_data
from commands.output import show
from commands.running import Fault, register_of, today
from commands.without_iro import told_words
from register.outbox import address_posts_again

Act = Annotated[str | None, typer.Argument(metavar="ACT", help="What is to be done, as below.")]
About = Annotated[str | None, typer.Argument(metavar="REFERENCE", help="Theirs, never a name; or a file.")]
Given = Annotated[list[str] | None, typer.Argument(metavar="name=value", help="As below.")]


class PeopleCommand(NamedTuple):
    """A command on people.

    Attributes:
        word: as it is typed, and what programs find the reference under.
        forms: its acts.
        examples: some, as they are typed.
    """

    word: str
    forms: Mapping[str, Form]
    examples: tuple[str, ...]


def carry_out(command: PeopleCommand, act: str | None, about: str | None, given: list[str], as_json: bool) -> None:
    """Do what was typed and print what came of it; without an act, show what can be done.

    Args:
        command: which.
        act: the name of the act.
        about: whose reference, or for some acts which file.
        given: the `name=value` pairs.
        as_json: print it for programs.

    Raises:
        Fault: it cannot be done; the sentence says what to do.
    """
    typed = f"starter.py {command.word}"
    if act is None:
        show(guide_data(command.forms), as_json, lambda: guide(typed, command.forms, command.examples))
        return
    form, typed = form_named(typed, command.forms, act), f"{typed} {act}"
    if about is None and form.of_file:
        raise Fault(f"Say which file: `{typed} FILE.csv`.")
    if about is None or ("=" in about and not form.of_file):
        raise Fault(f"Say who, by reference: `{typed} REFERENCE name=value ...`.")
    said = form.does(about, filled(typed, form, given))
    if not said.fault:
        address_posts_again(register_of())  # What had nobody to go to may have somebody now; the next round finds out.
    answer = {"file" if form.of_file else command.word: about, **said.data}
    show(answer, as_json, lambda: draw_said(said, register_of(), today()))
    if said.fault:
        raise Fault(said.fault)


def standing(reference: str, title: str, told: int = 0) -> Said:
    """Somebody as they stand after a change.

    Args:
        reference: who.
        title: the change, in one sentence.
        told: how many children without an IRO are looked at again because of it.
    """
    register = register_of()
    person = person_of(register, reference)
    return Said(as_data(register, person) | {"told": told}, title, (told_words(told),), person)
