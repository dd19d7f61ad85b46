"""The timeline of a practice case as a person sees it: 80 columns, words first, calm colours."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from practice.happenings import Happening, Standing, What
from practice.scenarios import Scenario
from practice.words import capital, day_and_year, day_words, step_words
from rules.clock import london_date
from rules.steps import ReviewLine
from rules.vocabulary import Role

WIDTH = 80

_WORDS: dict[What, tuple[str, str]] = {
    What.FACT: ("", ""),
    What.DONE: ("done", "green"),
    What.DONE_LATE: ("done late", "yellow"),
    What.REVIEW: ("review", "bold"),
    What.AGREED: ("silence", "yellow"),
    What.MISSED: ("missed", "red"),
    What.NOT_OWED: ("not owed", "dim"),
    What.REMINDER: ("reminder", "cyan"),
    What.SLIPPED: ("slipped", "bold red"),
    What.RAISED: ("raised", "bold magenta"),
    What.REFUSED: ("refused", "yellow"),
    What.ENDED: ("ended", "bold"),
    What.CLOSED: ("closed", "bold"),
}
_RUNGS = {
    "reminder": ("1 reminder", "{} reminders"),
    "breach": ("1 breach", "{} breaches"),
    "service_manager": ("1 raised to the service manager", "{} raised to the service manager"),
    "assistant_director": ("1 to the assistant director", "{} to the assistant director"),
}


class Picture:
    """Draws a case as it goes on; it remembers which day it drew last."""

    def __init__(self) -> None:
        """Begin before the first day."""
        self._day: date | None = None

    def begin(self, scenario: Scenario) -> Iterator[RenderableType]:
        """What the case is about."""
        yield Padding(Text(scenario.title, "bold"), (1, 1, 0, 1))
        yield Padding(Text(scenario.story, "dim"), (0, 1))

    def show(self, happenings: Sequence[Happening]) -> Iterator[RenderableType]:
        """What happened at one time: a group of lines for each kind."""
        for what, group in groupby(happenings, lambda each: each.what):
            these = list(group)
            day = london_date(these[0].at)
            if self._day is None or (day.year, day.month) != (self._day.year, self._day.month):
                yield _rule(f"{day:%B %Y}")
            yield _lines("" if day == self._day else f"{day:%a} {day.day:>2}", what, these)
            self._day = day

    def end(self, standing: Standing) -> Iterator[RenderableType]:
        """How it stands at the end."""
        yield _rule(f"How it stands on {standing.on:%A} {standing.on.day} {standing.on:%B %Y}")
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", width=9)
        table.add_column()
        for name, said in _standing_lines(standing):
            table.add_row(name, said)
        yield Padding(table, (0, 1, 1, 1))


def _rule(words: str) -> RenderableType:
    return Padding(Rule(Text(words, "bold"), style="dim", align="left"), (1, 1, 0, 1))


def _lines(day: str, what: What, these: list[Happening]) -> RenderableType:
    word, style = _WORDS[what]
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=6, style="dim")
    grid.add_column(width=9)
    grid.add_column(width=WIDTH - 6 - 9 - 6)
    grid.add_row(day, Text(word, style), Group(*_texts(what, these)))
    return Padding(grid, (0, 1))


def _texts(what: What, these: list[Happening]) -> Iterator[Text]:
    if what is What.DONE:
        yield Text(capital(" · ".join(_name(each) for each in these)))
    elif what is What.NOT_OWED:
        yield from _not_owed(these)
    else:
        for each in these:
            yield _text(each)


def _not_owed(these: list[Happening]) -> Iterator[Text]:
    for reason, group in groupby(these, lambda each: each.detail):
        names = [_name(each) for each in group]
        if len(names) == 1:
            yield Text(f"{capital(names[0])}: {reason}")
        else:
            yield Text(f"{len(names)} steps that were still to come")


def _name(each: Happening) -> str:
    return step_words(each.step, each.title) if each.step else each.title


# Spaces stand at the end of a part, not at its beginning: some programs that draw SVG leave out the first.
def _text(each: Happening) -> Text:
    name = capital(_name(each))
    if each.what is What.REVIEW:
        return _review_held(each)
    if each.what is What.DONE_LATE:
        return Text.assemble(f"{name}, ", (f"{_days(each.days_late)} late", "yellow"))
    if each.what is What.AGREED:
        return Text.assemble(f"{name}: ", ("none in time, taken as agreed", "yellow"))
    if each.what is What.MISSED:
        return Text.assemble(f"{name}: ", (each.detail or "", "dim"))
    if each.told:
        style = "" if each.what is What.REMINDER else "bold"
        return Text.assemble((name, style), f"{_when(each)} ", (f"→ {_people(each.told)}", "dim"))
    return Text(name)


def _review_held(each: Happening) -> Text:
    how = (f"{_days(each.days_late)} late", "yellow") if each.days_late else ("in time", "green")
    return Text.assemble((f"{each.title} held ", "bold"), how, f"; {each.detail}" if each.detail else "")


def _when(each: Happening) -> str:
    if each.what is What.REMINDER and each.due:
        return f", by {day_words(each.due)}"
    if each.what is What.RAISED or each.covers:
        return f", {_days(each.days_late)} over"
    return f", due {day_words(each.due)}" if each.due else ""


def _standing_lines(standing: Standing) -> Iterator[tuple[str, RenderableType]]:
    if standing.reviews:
        yield "Reviews", Group(*(_review(line) for line in standing.reviews))
    missed = f", {standing.missed} missed" if standing.missed else ""
    yield "Steps", f"{standing.in_time} done in time, {standing.late} done late{missed}; {_open(standing)}"
    rungs = [(one if count == 1 else several).format(count) for one, several, count in _counted_rungs(standing)]
    yield "Told", f"{', '.join(rungs) or 'nobody was reminded'}; {standing.notices} messages in all"
    if standing.next_step and standing.next_title and standing.next_due:
        name = capital(step_words(standing.next_step, standing.next_title))
        yield "Next", f"{name}, by {day_and_year(standing.next_due)}"


def _counted_rungs(standing: Standing) -> Iterator[tuple[str, str, int]]:
    for name, (one, several) in _RUNGS.items():
        if standing.rungs.get(name):
            yield one, several, standing.rungs[name]


def _review(line: ReviewLine) -> Text:
    held = "in time" if line.statutory_in_time else "late"
    name = line.name.replace("_", " ").capitalize()
    text = Text(f"{name:<19}{day_and_year(line.completed_on):<17}")
    text.append(f"{held} ", "green" if line.statutory_in_time else "yellow")
    if line.late_reason:
        text.append(f"({line.late_reason.replace('_', ' ')}) ", "dim")
    if line.indicator_in_time != line.statutory_in_time:
        text.append(f"{'but ' if line.statutory_in_time else ''}not by the 91/183-day measure", "dim")
    return text


def _open(standing: Standing) -> str:
    if standing.closed:
        return "none open"
    return f"{standing.overdue} overdue" if standing.overdue else "none overdue"


def _people(roles: Iterable[Role]) -> str:
    return ", ".join(role.words for role in roles)


def _days(number: int | None) -> str:
    return "1 working day" if number == 1 else f"{number or 0} working days"
