"""Who holds which post, and where what goes to an empty post is sent instead."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer
from rich.console import RenderableType
from sqlalchemy import Engine

from commands.directory import coming_and_going
from commands.iros import Authority
from commands.output import AsJson, cell, heading, indented, note, show, table
from commands.running import Fault, register_of, today
from commands.styles import DIM, SOON
from register import directory
from rules.authorities import authority as authority_of
from rules.directory import Person
from rules.posts import MANAGEMENT, Addressee, CasePeople, addressee
from rules.vocabulary import Frozen, Role
from rules.wording import nearest


class EmptyPost(Frozen):
    """A post of management in which nobody is, and who gets what goes there.

    Attributes:
        authority: whose, by its three-digit code.
        post: which, and who gets it instead, and why.
    """

    authority: str
    post: Addressee


def people(
    role: Annotated[str | None, typer.Option(help="Only those in this post, such as team_manager.")] = None,
    authority: Authority = None,
    as_json: AsJson = False,
) -> None:
    """Show who holds which post, and which posts are empty."""
    register, day = register_of(), today()
    if authority is not None:
        authority_of(authority)
    wanted = _role(role) if role is not None else None
    found = directory.people(register, authority=authority, role=wanted)
    empty = [each for each in _empty_posts(register, authority, day) if wanted in (None, each.post.role)]
    answer = {
        "people": [person.model_dump(mode="json") | {"notes": _notes(register, person, day)} for person in found],
        "empty_posts": empty,
    }
    show(answer, as_json, lambda: _draw(register, found, empty, day))


def _role(word: str) -> Role:
    name = word.strip().lower().replace("-", "_").replace(" ", "_")
    if name not in set(Role):
        raise Fault(f"There is no such role{nearest(name, set(Role))}; `starter.py people` shows who holds which.")
    return Role(name)


def _empty_posts(register: Engine, authority: str | None, day: date) -> Iterator[EmptyPost]:
    """The posts of management in which nobody is, of each authority that has anybody."""
    everyone, absences = directory.people(register, authority=authority), directory.absences(register)
    for code in sorted({person.authority for person in everyone}):
        held = {person.role for person in everyone if person.authority == code and person.holds_on(day)}
        for role in MANAGEMENT:
            if role not in held:
                post = addressee(role, CasePeople(authority=code), everyone, absences, day)
                if role is Role.TEAM_MANAGER and post.person:  # It would speak of a child, and here is none.
                    post = post.model_copy(update={"instead_because": "nobody has the post, so it goes up the line"})
                yield EmptyPost(authority=code, post=post)


def _notes(register: Engine, person: Person, day: date) -> list[str]:
    return coming_and_going(person, directory.absences(register, person.reference), day)


# --- Drawn --------------------------------------------------------------------------------------------------------


def _draw(register: Engine, found: list[Person], empty: list[EmptyPost], day: date) -> Iterator[RenderableType]:
    if not found:
        yield heading("Nobody in the directory is like that, or it is empty.")
        yield note('Add somebody: starter.py person add REFERENCE name="..." role=... authority=CODE')
        yield note("Or everybody at once, from a file: starter.py person import FILE.csv")
    else:
        yield _table(register, found, day)
    if empty:
        yield heading("\nPosts of management with nobody in them")
        for each in empty:
            yield indented(_instead(each))


def _table(register: Engine, found: list[Person], day: date) -> RenderableType:
    drawn = table("Post", "Who", "Above, and deputy")
    ranks = {role: rank for rank, role in enumerate((*MANAGEMENT, *Role))}
    before = ""
    for person in sorted(found, key=lambda each: (each.authority, ranks[each.role], each.reference)):
        post = f"{person.role.words}, {person.authority}"
        drawn.add_row(
            post if post != before else "",
            cell(
                person.name,
                (person.reference + (f", team {person.team}" if person.team else ""), DIM),
                *((words, SOON) for words in _notes(register, person, day)),
            ),
            cell(person.line_manager or "", (f"deputy {person.deputy}" if person.deputy else "", DIM)),
        )
        before = post
    return drawn


def _instead(each: EmptyPost) -> RenderableType:
    post = each.post
    what = f"{post.role.words}, {each.authority}: "
    if post.person is None:
        return cell(what + "nobody gets it", (post.instead_because or "", DIM))
    return cell(what + f"{post.person} gets it", (post.instead_because or "", DIM))
