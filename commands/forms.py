"""Forms: what an act on the people of the service takes as `name=value`, how each is read, and what then does it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from rich.console import RenderableType
from rich.text import Text
from typer.core import TyperCommand

from commands.directory import Said
from commands.fields import parts_of, texts_of
from commands.output import facts_about, heading, indented, note
from commands.reading import day_of
from commands.running import Fault, today
from rules.wording import listed, nearest


class Blank(NamedTuple):
    """One thing that a form asks for.

    Attributes:
        name: as it is typed.
        says: what it is, in words.
        field: what the model calls it.
        read: from the name and the text typed to a plain value; nothing typed is None, or none of several.
    """

    name: str
    says: str
    field: str
    read: Callable[[str, str], object]


class Form(NamedTuple):
    """One act of a command, and what it takes.

    Attributes:
        says: what the act does, in words.
        does: the act itself, of whoever's reference comes first (or of a file) and what was given.
        blanks: what may be given; in a file, the columns.
        needed: the names of those that must be.
        shown_as: what to show in place of the blanks, where another act of the command takes the same.
        of_file: a file is given in place of a reference, and nothing after it.
    """

    says: str
    does: Callable[[str, dict[str, Any]], Said]
    blanks: tuple[Blank, ...] = ()
    needed: tuple[str, ...] = ()
    shown_as: str = ""
    of_file: bool = False


def text(_: str, given: str) -> str | None:
    """Anything, as it was typed."""
    return given or None


def code(_: str, given: str) -> str | None:
    """One of a set of codes; dashes and blanks serve for underlines."""
    return given.lower().replace("-", "_").replace(" ", "_") or None


def codes(name: str, given: str) -> list[str | None]:
    """Several codes with commas between."""
    return [code(name, part) for part in parts_of(given)]


def words(_: str, given: str) -> list[str]:
    """Several words with commas between, in small letters."""
    return [part.lower() for part in parts_of(given)]


def day(name: str, given: str) -> str | None:
    """A day, yyyy-mm-dd or today."""
    if not given:
        return None
    return (today() if given == "today" else day_of(given, f"{name}=")).isoformat()


def form_named(command: str, forms: Mapping[str, Form], word: str) -> Form:
    """The form of an act.

    Raises:
        Fault: the command has no such act.
    """
    if word not in forms:
        raise Fault(f"`{command}` has no such act{nearest(word, forms)}: say {_either(forms)}.")
    return forms[word]


def filled(command: str, form: Form, given: list[str]) -> dict[str, Any]:
    """What was given, by the model's own names. Nothing typed after a name takes away what may be left open.

    Args:
        command: what was typed, to be named in a fault.
        form: what may be given.
        given: the `name=value` pairs.

    Raises:
        Fault: something is unknown, missing or cannot be read.
    """
    if form.of_file:
        if given:
            raise Fault(f"`{command} FILE.csv` takes nothing more: leave out what stands after the file.")
        return {}
    known = {blank.name: blank for blank in form.blanks}
    texts = texts_of(given, f"`{command} --help`")
    for name in texts:
        if name not in known:
            raise Fault(f"`{command}` takes no {_shown(name)}{nearest(name, known)}; it takes {listed(known)}.")
    missing = [f"{name}=" for name in form.needed if not texts.get(name)]
    if missing:
        raise Fault(f"Give {listed(missing)} too: `{command} --help` shows what to give.")
    return {known[name].field: known[name].read(name, given) for name, given in texts.items()}


def _shown(name: str) -> str:
    """A name as typed, where it is one: a person's own words are never repeated."""
    return name if name.isidentifier() and len(name) < 20 else "field of that name"


def _either(choices: Mapping[str, Form]) -> str:
    *first, last = choices
    return f"{', '.join(first)} or {last}"


# --- What is shown without words ------------------------------------------------------------------------------------


def guide(command: str, forms: Mapping[str, Form], examples: tuple[str, ...]) -> Iterator[RenderableType]:
    """Each act in a few lines, and what it takes."""
    yield heading(f"{command} {'|'.join(forms)}")
    yield heading(f"{' ' * len(command)} REFERENCE name=value ...")
    for name, form in forms.items():
        yield Text.assemble("\n", (name, "bold"), f"  {form.says}")
        yield indented(form.shown_as or facts_about(*_blanks(form)))
    yield note("\nA star marks what is needed. A day is yyyy-mm-dd or today. For example:")
    for example in examples:
        yield indented(note(example))


def guide_lines(forms: Mapping[str, Form]) -> list[str]:
    """The same for `--help`, as plain lines."""
    lines = []
    for name, form in forms.items():
        lines.append(f"  {name}: {form.says}")
        said = [f"{each:<15}{says}" for each, says in _blanks(form)]
        lines += [f"      {line}" for line in ([form.shown_as] if form.shown_as else said)]
    return lines


def guide_data(forms: Mapping[str, Form]) -> dict[str, dict[str, str]]:
    """The same for programs: of each act, what it takes."""
    return {name: dict(_blanks(form)) for name, form in forms.items()}


def guided(forms: Mapping[str, Form]) -> type[TyperCommand]:
    """A command whose `--help` shows its forms as well."""

    class GuidedCommand(TyperCommand):
        """A command with forms."""

        def format_epilog(self, ctx: Any, formatter: Any) -> None:
            """Write the forms below the options."""
            formatter.write("\nWhat can be done:\n" + "\n".join(guide_lines(forms)) + "\n")

    return GuidedCommand


def _blanks(form: Form) -> Iterator[tuple[str, str]]:
    for blank in form.blanks:
        yield blank.name + (" *" if blank.name in form.needed else ""), blank.says
