"""A form for one act, made from the fact's model and the table of words."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from client.acts import Field, Shape, act_said
from client.checked import Faulty, checked
from desk.forms.around import Around
from desk.forms.base import FORM_MORE, Form, FormFaulty, Item, Section, id_of
from desk.forms.controls import (
    ANOTHER_DAY,
    NO,
    YES,
    Choice,
    Control,
    choices_of,
    every_control,
    filled,
    recent_days,
)
from desk.forms.reading import in_words, read
from desk.forms.words import WORDS, ActWords, FieldWords, Look, Source
from desk.seen.matters import whom
from register.drafts import Body
from register.recorded import RecordedFact
from rules.case import Known
from rules.disputes import asked_of
from rules.facts import FACT_TYPES, Fact
from rules.facts.dispute import DisputeAnswered
from rules.vocabulary import Reference
from rules.wording import in_full

MOST_RADIOS = 8
ON = "on"
_JUST_NOW = datetime.max.replace(tzinfo=UTC)
"""When a fact is recorded that is not recorded yet: after all others."""

_LOOKS: Mapping[Shape, Look] = {
    Shape.DAY: Look.DAY,
    Shape.TIME: Look.TIME,
    Shape.YES_NO: Look.YES_NO,
    Shape.CHOICES: Look.CHECKBOXES,
    Shape.SEVERAL: Look.SEVERAL,
    Shape.WORDS: Look.WORDS,
    Shape.REFERENCE: Look.LINE,
    Shape.STEP: Look.LINE,
    Shape.CODE: Look.LINE,
}


class ActForm(Form):
    """A form for one act, with all its fields."""

    def __init__(self, act: str, prefix: str = "", *, lenient: bool = False) -> None:
        """Make it.

        Args:
            act: the act's name, which has words.
            prefix: what the names of its fields begin with.
            lenient: what a case system may leave out may be left out here too.
        """
        self.act = act
        self.prefix = prefix
        self._lenient = lenient
        self.name = act
        self.acts = (act,)
        self.words: ActWords = WORDS[act]
        self.title = self.words.title

    def controls(self, around: Around, body: Body) -> tuple[Control, ...]:
        """The fields of the form, those asked with an answer within that answer."""
        more = body.get(FORM_MORE, ())
        made = {
            name: control
            for name, control in controls_of(self.act, around, self.prefix, lenient=self._lenient).items()
            if not self._words(name).rare or name in more or body.get(control.name)
        }
        return tuple(_nested(made, self._words))

    def sections(self, around: Around, body: Body, stands: Mapping[str, RecordedFact]) -> list[Section]:
        """One section with all its fields."""
        return [Section(controls=self.controls(around, body))]

    def items(self, around: Around, body: Body, by: Reference) -> list[Item]:
        """The one fact."""
        return [Item(self.fact(around, body, by, id_of(body)), self.title, self.names())]

    def names(self) -> dict[str, str]:
        """The form's field for each field of the fact."""
        return {name: f"{self.prefix}{name}" for name in (ON, *self.words.fields)}

    def fact(self, around: Around, body: Body, by: str, fact_id: str, **more: Any) -> Fact:
        """The fact that was filled in.

        Args:
            around: the case.
            body: what is filled in.
            by: who says so, a reference.
            fact_id: the fact's id.
            more: fields that the form does not ask.

        Raises:
            FormFaulty: it is not filled in as it must be.
        """
        controls = self.controls(around, body)
        values, faults = read(controls, body)
        # A field with nothing to choose is not on the page: what is to be said of it is why.
        faults |= {each.name: each.none for each in controls if each.name in faults and each.has_nothing}
        faults |= self._not_offered(controls, values)
        given = {name[len(self.prefix) :]: value for name, value in values.items() if value is not None}
        fact = checked_fact(self.act, {**more, **given, "id": fact_id, "by": by}, faults, self.names(), controls)
        if isinstance(fact, DisputeAnswered):
            self._refuse_for_another(around, fact)
        return fact

    def filled_with(self, around: Around, fact: Fact) -> Body:
        """The form as a fact fills it in."""
        values = fact.model_dump(mode="json")
        body: Body = {FORM_MORE: [name for name, words in self.words.fields.items() if words.rare]}
        for control in every_control(self.controls(around, body)):
            body |= filled(control, values.get(control.name[len(self.prefix) :]))
        return body

    def _not_offered(self, controls: tuple[Control, ...], values: Mapping[str, Any]) -> dict[str, str]:
        """What was chosen though it is not offered to whoever fills in the form, where nothing else may be chosen."""
        return {
            each.name: f"{each.label}: select one that is offered; another is closed, or is for somebody else to answer"
            for each in controls
            if self._words(each.name[len(self.prefix) :]).only_offered
            and values.get(each.name) not in (None, *(choice.value for choice in each.choices))
        }

    def _refuse_for_another(self, around: Around, fact: DisputeAnswered) -> None:
        """An answer that names no stage is that of whoever the dispute was with that day."""
        asked = asked_of(around.case, Known(fact, _JUST_NOW))
        if asked and not around.may_answer(asked):
            why = f"the dispute was with {whom(asked)} on {in_full(fact.on)}: select whose answer it is"
            raise FormFaulty({f"{self.prefix}stage": f"{self._words('stage').label}: {why}"})

    def _words(self, name: str) -> FieldWords:
        return self.words.fields.get(name) or FieldWords(label=self.words.on, needed=True)


def checked_fact(
    act: str,
    data: Mapping[str, Any],
    faults: Mapping[str, str],
    names: Mapping[str, str],
    controls: tuple[Control, ...],
) -> Fact:
    """The fact of some data.

    Args:
        act: its kind.
        data: its fields, as JSON has them.
        faults: what was found wrong already, by the form's fields.
        names: the form's field for each field of the fact.
        controls: the form's fields.

    Raises:
        FormFaulty: something is wrong; whatever was found before goes first.
    """
    try:
        made: Any = checked(FACT_TYPES[act], data)
    except Faulty as error:
        told = in_words(error, names, controls) | dict(faults)
        raise FormFaulty(in_order(told, controls)) from None
    if faults:
        raise FormFaulty(in_order(faults, controls))
    fact: Fact = made
    return fact


def in_order(faults: Mapping[str, str], controls: tuple[Control, ...]) -> dict[str, str]:
    """Faults in the order of the form's fields."""
    place = {control.name: number for number, control in enumerate(every_control(controls))}
    return dict(sorted(faults.items(), key=lambda fault: place.get(fault[0], -1)))


# --- From the model to the fields ------------------------------------------------------------------------------------


def controls_of(act: str, around: Around, prefix: str = "", *, lenient: bool = False) -> dict[str, Control]:
    """The fields of an act in the order they are asked, by the names the act has for them.

    Args:
        act: its name.
        around: the case.
        prefix: what their names in the form begin with.
        lenient: what a case system may leave out may be left out here too.
    """
    words = WORDS[act]
    known = {each.name: each for each in act_said(act).fields}
    on = Control(name=f"{prefix}{ON}", look=Look.DAY_PAST, label=words.on, needed=True, choices=_days(around))
    asked = {
        name: control_of(act, known[name], _leniently(each) if lenient else each, around, f"{prefix}{name}")
        for name, each in words.fields.items()
        if each.asked
    }
    return {ON: on, **asked}


def _leniently(words: FieldWords) -> FieldWords:
    return words.model_copy(update={"needed": False, "depends": words.needed or words.depends})


def control_of(act: str, known: Field, words: FieldWords, around: Around, name: str) -> Control:
    """One field.

    Args:
        act: whose.
        known: what the model says of it.
        words: what the table says of it.
        around: the case, for what there is to choose from.
        name: its name in the form.
    """
    choices = around.choices(words.source) if words.source else choices_of(words.choices)
    look = words.look or (Look.SELECT if words.source else _look(known))
    if look is Look.YES_NO:
        choices = (Choice(value=YES, text="Yes"), Choice(value=NO, text="No"))
    if look is Look.DAY_PAST:
        choices = _days(around)
    return Control(
        name=name,
        look=look,
        label=words.label,
        hint=words.hint,
        needed=known.required or words.needed or known.default is True,
        longest=longest(act, known.name),
        choices=choices,
        none=words.none,
        default=_default(known, words, choices),
        depends=words.depends or words.rare,
    )


def _default(known: Field, words: FieldWords, choices: tuple[Choice, ...]) -> str:
    """What nearly everybody would choose: the latest review; what the model has where nothing is said."""
    if words.source is Source.REVIEWS and choices:
        return choices[0].value
    return YES if known.default is True else ""


def _days(around: Around) -> tuple[Choice, ...]:
    return (*recent_days(around.today), Choice(value=ANOTHER_DAY, text="Another day"))


def _look(known: Field) -> Look:
    """Few things to choose from stand open; one that may be left out can be left again."""
    if known.shape is not Shape.CHOICE:
        return _LOOKS[known.shape]
    return Look.RADIOS if known.required and len(known.choices) <= MOST_RADIOS else Look.SELECT


@cache
def longest(act: str, name: str) -> int:
    """The most characters that a field's words may have; 0 where it has no words."""
    rules = FACT_TYPES[act].model_json_schema()["properties"][name]
    return max((each.get("maxLength", 0) for each in (rules, *rules.get("anyOf", ()))), default=0)


def _nested(made: Mapping[str, Control], words: Any) -> Iterator[Control]:
    """The fields, each that is asked with an answer alone put within that answer.

    An answer that needs what the case does not have is not offered; the field's hint says why.
    """
    within: dict[tuple[str, str], list[Control]] = {}
    for name, control in made.items():
        if when := words(name).when:
            within.setdefault(when, []).append(control)
    for name, control in made.items():
        if words(name).when:
            continue
        of_each = {choice.value: tuple(within.get((name, choice.value), ())) for choice in control.choices}
        why_not = {
            value: each.none for value, then in of_each.items() for each in then if each.needed and each.has_nothing
        }
        choices = tuple(
            choice.model_copy(update={"then": of_each[choice.value]})
            for choice in control.choices
            if choice.value not in why_not
        )
        hint = " ".join(filter(None, (control.hint, *why_not.values())))
        yield control.model_copy(update={"choices": choices, "hint": hint})
