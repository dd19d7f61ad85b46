"""The fields of a form: how each is shown, and how what a browser sends is read back as plain JSON, and filled in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from desk.forms.words import Look
from register.drafts import Body
from rules.vocabulary import Frozen
from rules.wording import in_full

ANOTHER_DAY = "other"
YES, NO = "yes", "no"
AS_IT_STANDS = "As it stands now"
DAY_PARTS = ("day", "month", "year")

_TIME = re.compile(r"^(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?$", re.IGNORECASE)
_MONTHS = {date(2000, month, 1).strftime("%B").lower()[:3]: month for month in range(1, 13)}


class Choice(Frozen):
    """Something that may be chosen; `then` are the fields that are asked with it alone."""

    value: str
    text: str
    then: "tuple[Control, ...]" = ()


class Control(Frozen):
    """One field as a page shows it.

    Attributes:
        name: as the browser sends it; the boxes of a day have a dash and the part after it.
        look: how it is filled in.
        label: what it asks, to stand after "Enter" or "Select".
        hint: what helps to answer.
        needed: it must be answered; others say that they are optional.
        longest: the most characters it takes; 0 where that is not said.
        choices: what may be chosen.
        none: what is said where there is nothing to choose.
        default: what is chosen until somebody chooses otherwise; empty where nothing is.
        depends: whether it must be answered depends on the case, as the hint says.
    """

    name: str
    look: Look
    label: str
    hint: str = ""
    needed: bool = False
    longest: int = 0
    choices: tuple[Choice, ...] = ()
    none: str = ""
    default: str = ""
    depends: bool = False

    @property
    def shown_label(self) -> str:
        """The label as the page has it."""
        return self.label if self.needed or self.depends else f"{self.label} (optional)"

    @property
    def has_nothing(self) -> bool:
        """There is nothing to choose, which the page says instead."""
        return bool(self.none) and not self.choices

    @property
    def has_more(self) -> bool:
        """Something is asked with one of its choices alone."""
        return any(choice.then for choice in self.choices)

    @property
    def missing(self) -> str:
        """What is said when it was left out and must not be."""
        entered = self.look in (Look.WORDS, Look.LINE, Look.SEVERAL, Look.TIME, Look.DAY)
        return f"{'Enter' if entered else 'Select'} {as_clause(self.label)}"

    @property
    def anchor(self) -> str:
        """What an error summary leads to: the first box, the first choice."""
        return f"{self.name}-day" if self.look is Look.DAY else self.name

    def every(self) -> "Iterator[Control]":
        """It, and the fields asked with one of its choices."""
        yield self
        for choice in self.choices:
            yield from choice.then


class Unreadable(Exception):
    """What was given cannot be read; the message says what to do, and does not repeat what was given."""


def as_clause(label: str) -> str:
    """A label within a sentence: its first letter small, but for a word such as IRO."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def one(body: Body, name: str) -> str:
    """The first thing given under a name, without blanks around it; empty where nothing was."""
    return next(iter(body.get(name, ())), "").strip()


def recent_days(today: date) -> tuple[Choice, ...]:
    """The quick choices of a day that has come."""
    yesterday = today - timedelta(days=1)
    return (
        Choice(value=today.isoformat(), text=f"Today, {in_full(today)}"),
        Choice(value=yesterday.isoformat(), text=f"Yesterday, {in_full(yesterday)}"),
    )


# --- Reading --------------------------------------------------------------------------------------------------------


def value_of(control: Control, body: Body) -> Any:
    """What was given for a field, as JSON would have it; None where nothing was.

    Raises:
        Unreadable: it is no day, or no time of day.
    """
    given = one(body, control.name)
    match control.look:
        case Look.DAY:
            return _day(control, body)
        case Look.DAY_PAST:
            return _day(control, body) if given in ("", ANOTHER_DAY) else given
        case Look.TIME:
            return _time(control, given)
        case Look.YES_NO:
            return {YES: True, NO: False}.get(given)
        case Look.CHECKBOXES:
            return body.get(control.name) or None
        case Look.SEVERAL:
            return [part.strip() for part in given.split(",") if part.strip()] or None
        case Look.WORDS:
            return given.replace("\r\n", "\n") or None
    return given or None


def _day(control: Control, body: Body) -> str | None:
    parts = [one(body, f"{control.name}-{part}") for part in DAY_PARTS]
    if not any(parts):
        return None
    missing = [name for name, part in zip(DAY_PARTS, parts, strict=True) if not part]
    if missing:
        raise Unreadable(f"{control.label}: enter the {' and the '.join(missing)} too")
    day, month, year = parts
    month = str(_MONTHS.get(month.lower()[:3], month))
    try:
        if len(year) != 4 or not all(part.isascii() and part.isdigit() for part in (day, month, year)):
            raise ValueError
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise Unreadable(f"{control.label}: enter a day that exists, such as 27 3 2026") from None


def _time(control: Control, given: str) -> str | None:
    if not given:
        return None
    found = _TIME.match(given)
    hour, minute, half = (int(found[1]), int(found[2] or 0), (found[3] or "").lower()) if found else (99, 0, "")
    if half and not 1 <= hour <= 12:
        hour = 99
    elif half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if found is None or hour > 23 or minute > 59 or not (half or found[2]):
        raise Unreadable(f"{control.label}: enter a time of day, such as 14:30 or 2:30pm")
    return f"{hour:02}:{minute:02}"


# --- Filling in -----------------------------------------------------------------------------------------------------


def filled(control: Control, value: Any) -> Body:
    """The fields of a body that stand for a value.

    Args:
        control: the field.
        value: as JSON has it; None for nothing.
    """
    if value is None:
        return {}
    if control.look is Look.DAY:
        return _boxes(control.name, str(value))
    if control.look is Look.DAY_PAST:
        return as_shown(control, {control.name: [str(value)]})
    if control.look is Look.YES_NO:
        return {control.name: [YES if value in (True, YES) else NO]}
    if control.look is Look.CHECKBOXES:
        return {control.name: [str(each) for each in ([value] if isinstance(value, str) else value)]}
    if control.look is Look.SEVERAL and not isinstance(value, str):
        return {control.name: [", ".join(value)]}
    if control.look is Look.TIME:
        return {control.name: [str(value)[:5]]}
    return {control.name: [str(value)]}


def as_shown(control: Control, body: Body) -> Body:
    """What of a body a field shows. A day that is not among the quick choices any more stands in the boxes."""
    given = one(body, control.name)
    if control.look is not Look.DAY_PAST or given in ("", ANOTHER_DAY, *(each.value for each in control.choices)):
        names = (control.name, *(f"{control.name}-{part}" for part in DAY_PARTS))
        return {name: body[name] for name in names if name in body}
    return {control.name: [ANOTHER_DAY], **_boxes(control.name, given)}


def _boxes(name: str, day: str) -> Body:
    try:
        known = date.fromisoformat(day)
    except ValueError:
        return {}
    return {f"{name}-day": [str(known.day)], f"{name}-month": [str(known.month)], f"{name}-year": [str(known.year)]}


def with_choices(control: Control, values: Any, words: Mapping[str, str]) -> Control:
    """The field with what stands now among its choices, where it is not offered any more.

    Args:
        control: the field.
        values: what stands, as JSON has it.
        words: what some of that is called.
    """
    if control.look not in (Look.SELECT, Look.RADIOS, Look.CHECKBOXES) or not values:
        return control
    offered = {choice.value for choice in control.choices}
    standing = [str(value) for value in ([values] if isinstance(values, str) else values)]
    more = (Choice(value=value, text=words.get(value, AS_IT_STANDS)) for value in standing if value not in offered)
    return control.model_copy(update={"choices": (*control.choices, *more)})


def choices_of(words: Mapping[str, str]) -> tuple[Choice, ...]:
    """Choices from codes and their words."""
    return tuple(Choice(value=value, text=text) for value, text in words.items())


def every_control(controls: Iterable[Control]) -> Iterator[Control]:
    """The fields, and those asked with one of their choices."""
    for control in controls:
        yield from control.every()
