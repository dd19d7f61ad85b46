"""A child's network: who is in it and how each is reached, and what is not to be sent to whom."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import RenderableType
from rich.text import Text

from commands.blanks import NAME, NEVER
from commands.directory import Said, draw_said
from commands.fields import OPERATOR
from commands.forms import Blank, Form, code, codes, day, filled, guide, guide_data, guided, text
from commands.look import known
from commands.output import AsJson, cell, facts_about, heading, note, show, table
from commands.post_words import notice_named, suppressed_words
from commands.running import Fault, register_of, today
from commands.styles import DIM, SOON
from register import contacts, directory, queries
from register.outbox import address_again
from register.queries import EpisodeLine
from register.undelivered import undelivered
from rules.network import AccessNeed, Language, NetworkContact, Suppression, Way
from rules.posts import OUTSIDE
from rules.vocabulary import Role
from rules.wording import counted, listed, nearest, plain, short

_YES_NO = {"yes": True, "no": False}

What = Annotated[
    str | None, typer.Argument(metavar="EPISODE|ACT", help="Whose network to show; or what is to be done, as below.")
]
Given = Annotated[
    list[str] | None, typer.Argument(metavar="REFERENCE name=value", help="Whom it is about, never a name; as below.")
]


def contact(what: What = None, given: Given = None, as_json: AsJson = False) -> None:
    """Show or change a child's network: who is written to, and how.

    `contact EPISODE` shows everyone, `contact REFERENCE` one of them in full.
    """
    words = given or []
    if what is None:
        show(guide_data(FORMS), as_json, lambda: guide(COMMAND, FORMS, EXAMPLES))
    elif what in FORMS:
        about, said = _carried_out(what, words)
        show({"contact": about, **said.data}, as_json, lambda: draw_said(said, register_of(), today()))
    elif words:
        raise Fault(f"`{COMMAND}` has no such act{nearest(what, FORMS)}: say {listed(FORMS)}.")
    else:
        _look(what, as_json)


def _carried_out(act: str, words: list[str]) -> tuple[str, Said]:
    """Do what was typed; gives whom it was about, and what came of it."""
    form, typed = FORMS[act], f"{COMMAND} {act}"
    before = 2 if act == "add" else 1
    named, given = words[:before], words[before:]
    if len(named) < before or any("=" in each for each in named):
        which = "whose network, by the case, and who, by reference" if act == "add" else "who, by reference"
        raise Fault(f"Say {which}: `{typed} {'EPISODE ' if act == 'add' else ''}REFERENCE name=value ...`.")
    return named[-1], form.does(" ".join(named), filled(typed, form, given))


# --- Acts -----------------------------------------------------------------------------------------------------------


def _add(named: str, given: dict[str, Any]) -> Said:
    episode, _, reference = named.partition(" ")
    line, register = known(episode), register_of()
    told = {name: value for name, value in given.items() if value not in (None, [])}
    added = _read({"reference": reference, "authority": line.authority, "child": line.child, **told})
    if directory.person(register, reference):
        raise Fault(f"{reference} is in the directory: give somebody in a child's network another reference.")
    new = contacts.add_contact(register, added, OPERATOR, datetime.now(UTC))
    return _standing(added, f"{reference} is in the child's network{'' if new else ' already'}.")


def _change(reference: str, given: dict[str, Any]) -> Said:
    there = _somebody(reference)
    if not given:
        raise Fault(f"Say what is to change, such as way=letter: `{COMMAND} --help` shows what can.")
    _read({**there.model_dump(), **given})
    changed = contacts.change_contact(register_of(), reference, given, OPERATOR, datetime.now(UTC))
    return _standing(changed, f"{reference} is changed.")


def _end(reference: str, given: dict[str, Any]) -> Said:
    last = date.fromisoformat(given["until"]) if given["until"] else None
    _read({**_somebody(reference).model_dump(), "until": last})
    ended = contacts.end_involvement(register_of(), reference, last, OPERATOR, datetime.now(UTC))
    return _standing(ended, f"The last day of {reference} is {short(last)}." if last else f"{reference} stays.")


def _suppress(reference: str, given: dict[str, Any]) -> Said:
    there, notice = _somebody(reference), _notice(given)
    try:
        wanted = Suppression(contact=reference, notice=notice, reason=given["reason"])
    except ValidationError:
        raise Fault("The reason cannot be taken: give it in words, at most 2,000 characters, no names.") from None
    new = contacts.suppress(register_of(), wanted, OPERATOR, datetime.now(UTC))
    return _standing(there, f"{'That is noted' if new else 'That stood already'}; the reason stays visible.")


def _send(reference: str, given: dict[str, Any]) -> Said:
    there = _somebody(reference)
    if not contacts.lift(register_of(), reference, _notice(given), OPERATOR, datetime.now(UTC)):
        raise Fault(f"Nothing of that kind is kept from {reference}: `{COMMAND} {reference}` shows what is.")
    return _standing(there, f"{reference} is sent it again from now on; what was owed meanwhile stays unsent.")


def _somebody(reference: str) -> NetworkContact:
    found = contacts.contact(register_of(), reference)
    if found is None:
        raise Fault(f"Nobody in a child's network has that reference: `{COMMAND} EPISODE` shows who is in it.")
    return found


def _notice(given: dict[str, Any]) -> str | None:
    return notice_named(given["notice"]).value if given.get("notice") else None


def _standing(there: NetworkContact, title: str) -> Said:
    """Somebody as they stand now; where notices had nobody to go to, they are looked at again."""
    again = 0
    if there.is_involved_on(today()):
        again = address_again(register_of(), there.authority, there.child, there.role)
    lines: list[RenderableType] = [facts_about(*_in_full(there, _network(there)))]
    if again:
        # Temporal takes a second to load: only what speaks to it pays for that.
        from commands.post_round import wake_quietly

        when = "now" if wake_quietly() else "with the next round of the post room"
        lines.append(f"{counted(again, 'notice')} that had nobody to go to {_is(again)} looked at again {when}.")
    return Said(_data(there, _network(there)) | _private(there) | {"looked_at_again": again}, title, tuple(lines))


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


# --- What is given --------------------------------------------------------------------------------------------------


def _read(data: Mapping[str, Any]) -> NetworkContact:
    """Somebody, from plain data. A fault names the field and never shows what was typed: it may be an address."""
    try:
        return NetworkContact.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    if not first["loc"]:
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise Fault(f"{reason[:1].upper()}{reason[1:].replace('person add', 'starter.py person add')}.")
    raise Fault(_WANTED[str(first["loc"][0])])


_WANTED = {
    "reference": "That is no reference: give letters, digits, points, hyphens and underscores, at most 48.",
    "name": "The name cannot be taken: give one of at most 120 characters.",
    "role": f"There is no such role: give one of {', '.join(sorted(OUTSIDE))}.",
    "email": "The email cannot be taken: give a whole address, as name@example.org.",
    "phone": "The telephone number cannot be taken: give one of 3 to 120 characters.",
    "address": "The address cannot be taken: give at most 6 lines of at most 80 characters, with semicolons between.",
    "language": "There is no such language here: give english or welsh.",
    "way": f"There is no such way: give {' or '.join(Way)}.",
    "needs": f"There is no such need: give any of {', '.join(AccessNeed)}, with commas.",
    "since": "The first day is no day: give one from 1970 to 2090, as 2026-09-01.",
    "until": "The last day is no day: give one from 1970 to 2090, as 2026-09-01.",
}


def _lines_of_address(_: str, given: str) -> list[str]:
    return [part.strip() for part in given.split(";") if part.strip()]


def _language(_: str, given: str) -> str | None:
    named = {language.words.lower(): language.value for language in Language}
    return named.get(given.lower(), given or None)


def _yes_no(name: str, given: str) -> bool:
    if given.lower() not in _YES_NO:
        raise Fault(f"{name} must be yes or no.")
    return _YES_NO[given.lower()]


def _last_day(name: str, given: str) -> str | None:
    return None if given == NEVER else day(name, given)


_ROLE = Blank("role", "what they are to the child: child, parents, carer, school ...", "role", code)
_HOW = (
    Blank("email", "to reach them by", "email", text),
    Blank("phone", "to reach them by; a mobile can be texted", "phone", text),
    Blank("address", "its lines, with semicolons: 1 Made-up Street; Leeds; LS1 1AA", "address", _lines_of_address),
    Blank("language", "english or welsh; english if left out", "language", _language),
    Blank("way", "letter, email or text, as they like it best", "way", code),
    Blank("needs", "any of large_print, read_aloud, no_post, with commas", "needs", codes),
    Blank("barred", "yes: may not learn where the child lives or is to be met", "barred", _yes_no),
    Blank("since", "the first day they are involved", "since", day),
    Blank("until", "the last day, where it is known", "until", day),
)
_LAST_DAY = Blank("on", "the last day they are involved; never, if they stay after all", "until", _last_day)
_REASON = Blank("reason", "why, in your own words, no names", "reason", text)
_NOTICE = Blank("notice", "which, such as review_arranged; every one if left out", "notice", text)

COMMAND = "starter.py contact"
FORMS = {
    "add": Form("Somebody new: first the EPISODE, then the REFERENCE.", _add, (NAME, _ROLE, *_HOW), ("name", "role")),
    "change": Form(
        "Only what is given changes; email= takes the email away.",
        _change,
        (NAME, *_HOW),
        shown_as="what add takes, but for the role",
    ),
    "end": Form("They cease to be involved; nothing is sent to them after.", _end, (_LAST_DAY,), ("on",)),
    "suppress": Form("Something is not to be sent to them, and why.", _suppress, (_NOTICE, _REASON), ("reason",)),
    "send": Form("It is to be sent to them again.", _send, (_NOTICE,)),
}
EXAMPLES = (
    'starter.py contact add EPISODE MUM-1 name="Test Parent" role=parents email=mum@example.org',
    'starter.py contact suppress MUM-1 notice=review_arranged reason="Court order"',
)
COMMAND_CLASS = guided(FORMS)


# --- Looking --------------------------------------------------------------------------------------------------------


def _look(word: str, as_json: bool) -> None:
    """Show the network of a case, or one of a network."""
    register = register_of()
    line = queries.episode(register, word, today=today())
    if line is not None:
        _show_network(line, as_json)
        return
    one = contacts.contact(register, word)
    if one is None:
        meant = nearest(word, FORMS)
        raise Fault(f"There is no such case, and nobody of that reference{meant}; `starter.py list` shows the cases.")
    around = _network(one)
    show(_data(one, around) | _private(one), as_json, lambda: iter([facts_about(*_in_full(one, around))]))


def _network(of: NetworkContact) -> contacts.Network:
    return contacts.network(register_of(), of.authority, of.child)


def _show_network(line: EpisodeLine, as_json: bool) -> None:
    around = contacts.network(register_of(), line.authority, line.child)
    lost = [each for each in undelivered(register_of()) if each.episode == line.id]
    nobody = sorted({each.recipient for each in lost if each.dispatch is None})
    answer = {
        "episode": line.id,
        "contacts": [_data(each, around) for each in around.contacts],
        "nobody_found_for": nobody,
    }
    show(answer, as_json, lambda: _draw(around, nobody))


def _data(of: NetworkContact, around: contacts.Network) -> dict[str, Any]:
    """Somebody without a name and without an address."""
    return {
        **of.model_dump(mode="json", include={"reference", "role", "way", "needs", "barred", "since", "until"}),
        "language": of.language.words,
        "reached_by": _reached_by(of),
        "involved": of.is_involved_on(today()),
        "suppressed": [
            each.model_dump(mode="json", include={"notice", "reason", "recorded_at", "recorded_by"})
            for each in around.suppressions
            if each.contact == of.reference
        ],
    }


def _private(of: NetworkContact) -> dict[str, Any]:
    return of.model_dump(mode="json", include={"name", "email", "phone", "address"})


def _reached_by(of: NetworkContact) -> list[str]:
    return [name for name, there in (("letter", of.address), ("email", of.email), ("phone", of.phone)) if there]


def _draw(around: contacts.Network, nobody: list[Role]) -> Iterator[RenderableType]:
    if not around.contacts:
        yield heading("Nobody of this child's network is known.")
        yield note('Add somebody: starter.py contact add EPISODE REFERENCE role=parents name="..." email=...')
    else:
        drawn = table("Who", "Reached by", "Note")
        for each in around.contacts:
            drawn.add_row(
                cell(each.role.words, (each.reference, DIM)),
                cell(*_how(each)),
                cell(*((words, SOON) for words in _notes(each, around))),
            )
        yield drawn
    if nobody:
        yield Text(f"\nThere were notices that had nobody to go to: {listed(role.words for role in nobody)}.", SOON)


def _how(of: NetworkContact) -> Iterator[str | tuple[str, str]]:
    yield listed(_reached_by(of)) or ("nothing", SOON)
    yield f"in {of.language.words}" + (f", best by {of.way}" if of.way else "")
    if of.needs:
        yield listed(plain(each) for each in of.needs)


def _notes(of: NetworkContact, around: contacts.Network) -> Iterator[str]:
    """When they are involved, and what is kept from them."""
    day = today()
    if of.since and of.since > day:
        yield f"involved from {short(of.since)}"
    if of.until:
        yield f"{'no longer involved since' if of.until < day else 'involved until'} {short(of.until)}"
    if of.barred:
        yield "may not learn where the child lives or is to be met"
    yield from suppressed_words(around, of.reference)


def _in_full(of: NetworkContact, around: contacts.Network) -> Iterator[tuple[str, RenderableType]]:
    yield "Name", of.name
    yield "Role", f"{of.role.words} of {of.child}, {of.authority}"
    for name, said in (("Email", of.email), ("Phone", of.phone), ("Address", "\n".join(of.address))):
        if said:
            yield name, said
    yield "Language", of.language.words
    if of.way:
        yield "Best by", of.way.value
    if of.needs:
        yield "Needs", listed(plain(each) for each in of.needs)
    for words in _notes(of, around):
        yield "Note", words
