"""Why one date is what it is, made ready to be shown: the working, who is told when it slips, the choice of an IRO."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from client.explaining import Explained, RungSaid
from desk.access import Page, may_see
from desk.seen.allocation import ChoiceSeen, choice_seen
from desk.seen.names import Names, called
from desk.templating import moment
from desk.viewer import Viewer
from rules.posts import Addressee
from rules.vocabulary import Role
from rules.wording import in_full, plain, with_capital


class RungSeen(NamedTuple):
    """A rung of a step's ladder.

    Attributes:
        name: what it is called.
        when: the day, and how far that is from the last day.
        told: who is told, with who is behind each role today.
        raised: when it was raised; empty while it was not.
    """

    name: str
    when: str
    told: list[str]
    raised: str


class ChoiceMade(NamedTuple):
    """The choice of an IRO behind a step.

    Attributes:
        when: when it was made.
        because: the reason.
        chosen: who was chosen; None when nobody could be.
        candidates: everyone who was looked at; None for those who are not to see it.
        by_hand: that somebody else was appointed, and why; empty where nobody was.
    """

    when: str
    because: str
    chosen: str | None
    candidates: ChoiceSeen | None
    by_hand: str


def rungs(told: Explained, names: Names) -> list[RungSeen]:
    """Who is told when the step slips, lowest rung first.

    Args:
        told: the date explained.
        names: by reference.
    """
    return [_rung(each, names) for each in told.ladder]


def choice_made(told: Explained, viewer: Viewer, names: Mapping[str, str]) -> ChoiceMade | None:
    """The choice of an IRO that was made for the step; None where none was.

    What speaks against a colleague, and how many children they have, is for those who allocate.

    Args:
        told: the date explained.
        viewer: who looks.
        names: by reference.
    """
    made = told.choice
    if made is None:
        return None
    choice, appointed = made.choice, told.appointed
    by_hand = ""
    if appointed and appointed.iro != choice.iro:
        why = f": {appointed.reason}" if appointed.reason else ""
        by_hand = f"{called(appointed.iro, names)} was appointed by hand on {in_full(appointed.on)}{why}"
    return ChoiceMade(
        when=moment(made.at),
        because=with_capital(choice.because).removesuffix("."),
        chosen=called(choice.iro, names) if choice.iro else None,
        candidates=choice_seen(choice, names) if may_see(viewer, Page.ALLOCATION) else None,
        by_hand=by_hand,
    )


def people_of(told: Explained) -> set[str]:
    """Everybody of whom the page says a name, by reference."""
    found = {each.person for rung in told.ladder for each in rung.behind if each.person}
    if told.choice:
        found |= {each.iro for each in told.choice.choice.considered}
    return found | ({told.appointed.iro} if told.appointed else set())


def _rung(each: RungSaid, names: Names) -> RungSeen:
    when = in_full(each.on) + (f", {each.when}" if each.when else "")
    return RungSeen(
        name=with_capital(plain(each.rung)),
        when=when,
        told=[_behind(role, each.behind, names) for role in each.tell],
        raised=moment(each.raised) if each.raised else "",
    )


def _behind(role: Role, found: Iterable[Addressee], names: Names) -> str:
    each = next((each for each in found if each.role is role), None)
    if each is None or each.person is None:
        return with_capital(role.words)
    why = f" ({each.instead_because})" if each.instead_because else ""
    return f"{with_capital(role.words)}: {called(each.person, names)}{why}"
