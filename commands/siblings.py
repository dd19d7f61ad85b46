"""Brothers and sisters who are looked after: their IROs, their reviews, and the limit that governs a shared day."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from commands.cases import Episode
from commands.look import known
from commands.output import AsJson, cell, heading, note, show, table
from commands.running import register_of
from commands.styles import DIM, SOON
from register.kin import GroupDues, group_dues
from rules.wording import in_full, short


def siblings(episode: Episode, as_json: AsJson = False) -> None:
    """Show a child's brothers and sisters in care."""
    line = known(episode)
    dues = group_dues(register_of(), episode)
    show({"episode": episode, **dues.model_dump(mode="json")}, as_json, lambda: _draw(line.child, dues))


def _draw(child: str, dues: GroupDues) -> Iterator[RenderableType]:
    if not [each for each in dues.children if each.child != child]:
        yield heading("No brother or sister of this child is known to be looked after.")
        yield note("Record one: starter.py record EPISODE kin_known on=today kin=CHILD relation=sibling")
        return
    drawn = table("Child", "IRO", "Review due", whole=("Review due",))
    for each in dues.children:
        governs = each.due is not None and each.due == dues.earliest
        drawn.add_row(
            cell(each.child + (" (this child)" if each.child == child else ""), (each.episode, DIM)),
            each.iro or "none",
            cell(short(each.due) if each.due else "none owed", ("the earliest" if governs else "", SOON)),
        )
    yield drawn
    yield Text("")
    if dues.earliest:
        yield Text(
            f"A day that they share can be no later than {in_full(dues.earliest)}: the earliest limit governs."
            " Each child still has a review of their own, with its own record."
        )
    if len({each.iro for each in dues.children if each.iro}) > 1:
        yield note("They have several IROs: starter.py explain EPISODE propose_iro says why, where one was chosen.")
