"""Forms in which several people are told or given something at once, or one of them is not, for a reason."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from desk.forms.act import ON, checked_fact, controls_of
from desk.forms.around import Around
from desk.forms.base import Form, FormFaulty, Item, Section, id_of
from desk.forms.controls import Choice, Control
from desk.forms.reading import read
from desk.forms.words import WORDS, Look
from desk.forms.words.choices import ROLES
from register.drafts import Body
from register.recorded import RecordedFact
from rules.facts.base import ToSomeone
from rules.vocabulary import Reference, Role
from rules.wording import people

RECIPIENT, REASON = "recipient", "reason"
GIVEN, WITHHELD = "given", "withheld"


class Telling(NamedTuple):
    """What several people are told or given.

    Attributes:
        name: what its form is called.
        given, withheld: the two acts.
        owed: those to whom it is owed, who alone can be without it for a reason.
        steps: the names of the steps by which it is owed.
        who: what is asked of those who have it.
        who_not: what is asked of those who are not to have it.
    """

    name: str
    given: str
    withheld: str
    owed: tuple[Role, ...]
    steps: tuple[str, ...]
    who: str
    who_not: str


class ToSeveral(Form):
    """Who was told or given something, all of them at once, and who was not."""

    def __init__(self, telling: Telling) -> None:
        """Make it."""
        self.name = telling.name
        self.acts = (telling.given, telling.withheld)
        self.title = WORDS[telling.given].title
        self._telling = telling

    def sections(self, around: Around, body: Body, stands: Mapping[str, RecordedFact]) -> list[Section]:
        """The day and what is the same for all; then who was, and who was not. Those recorded are not asked again."""
        shared, given, withheld = self._controls(around)
        done = {each.fact.recipient for each in stands.values() if isinstance(each.fact, ToSomeone)}
        found = [Section(hint=self._owed(around), controls=(*shared, _without(given, done)))]
        if around.may(self._telling.withheld):
            found.append(Section(key="not", controls=(_without(withheld, done),)))
        if told := [ROLES[role] for role in ROLES if role in done]:
            found.append(Section(key="done", title="Recorded already", stands=", ".join(told)))
        return found

    def items(self, around: Around, body: Body, by: Reference) -> list[Item]:
        """A fact for each of them."""
        shared, given, withheld = self._controls(around)
        controls = (*shared, given, withheld)
        values, faults = read((*self._of_both(shared), _not_needed(given), withheld), body)
        has, has_not = values.get(GIVEN) or [], values.get(WITHHELD) or []
        if not (has or has_not):
            faults.setdefault(GIVEN, given.missing)
        for role in has:
            if role in has_not:
                faults.setdefault(WITHHELD, f"{ROLES[Role(role)]}: select either that they have it, or have not")
        if faults:
            raise FormFaulty(faults)
        fact_id = id_of(body)
        return [
            *(self._item(self._telling.given, f"{fact_id}.g-{role}", role, values, by, controls) for role in has),
            *(
                self._item(self._telling.withheld, f"{fact_id}.w-{role}", role, values, by, controls)
                for role in has_not
            ),
        ]

    def _of_both(self, shared: tuple[Control, ...]) -> Iterator[Control]:
        """What is asked for all: what only those who have it were asked is missed once somebody has it."""
        for control in shared:
            both = control.name == ON or control.name in WORDS[self._telling.withheld].fields
            yield control if both else _not_needed(control)

    def _owed(self, around: Around) -> str:
        """To whom it is still owed, in words; empty where it is to nobody."""
        owed = [role for step in around.open_steps if step.name in self._telling.steps for role in step.outstanding]
        return f"Still owed to: {people(dict.fromkeys(owed))}." if owed else ""

    def _controls(self, around: Around) -> tuple[tuple[Control, ...], Control, Control]:
        """What is the same for all, who was, and who was not."""
        every = controls_of(self._telling.given, around)
        recipient = every.pop(RECIPIENT)
        reason = controls_of(self._telling.withheld, around)[REASON]
        hint = "Select all that apply."
        given = recipient.model_copy(
            update={"name": GIVEN, "look": Look.CHECKBOXES, "label": self._telling.who, "hint": hint}
        )
        withheld = Control(
            name=WITHHELD,
            look=Look.CHECKBOXES,
            label=self._telling.who_not,
            choices=tuple(_who_not(role, reason) for role in self._telling.owed),
        )
        return tuple(every.values()), given, withheld

    def _item(
        self, act: str, fact_id: str, role: str, values: Mapping[str, Any], by: str, controls: tuple[Control, ...]
    ) -> Item:
        """One recipient's fact, of what was given for all and, where it is withheld, of its own reason."""
        asked = {ON: ON, **{name: name for name in WORDS[act].fields if name not in (RECIPIENT, REASON)}}
        if act == self._telling.withheld:
            asked[REASON] = f"{REASON}-{role}"
        data = {field: values[name] for field, name in asked.items() if values.get(name) is not None}
        names = {**asked, RECIPIENT: GIVEN if act == self._telling.given else WITHHELD}
        fact = checked_fact(act, {**data, "id": fact_id, "by": by, RECIPIENT: role}, {}, names, controls)
        return Item(fact, ROLES[Role(role)], names)


def _who_not(role: Role, reason: Control) -> Choice:
    return Choice(value=role, text=ROLES[role], then=(reason.model_copy(update={"name": f"{REASON}-{role}"}),))


def _not_needed(control: Control) -> Control:
    return control.model_copy(update={"needed": False})


def _without(control: Control, done: set[Role]) -> Control:
    """The field without those who are recorded already."""
    left: Iterator[Choice] = (choice for choice in control.choices if Role(choice.value) not in done)
    return control.model_copy(update={"choices": tuple(left)})
