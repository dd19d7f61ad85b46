"""The forms that put a fact right, and that take one back."""

from collections.abc import Mapping
from typing import Any

from client.acts import CORRECTION, WITHDRAWAL
from client.checked import Faulty, checked
from client.correcting import correction
from desk.forms.act import ActForm, in_order, longest
from desk.forms.around import Around
from desk.forms.base import FORM_MORE, Form, FormFaulty, Item, Section, id_of, opened
from desk.forms.controls import Control, every_control, with_choices
from desk.forms.reading import in_words, read
from desk.forms.words import WORDS, Look
from desk.forms.words.choices import ROLES
from desk.seen.facts import Speaker
from desk.seen.matters import whom
from desk.settling import ANSWERS
from register.drafts import Body
from register.queries import facts
from register.recorded import RecordedFact
from rules.case import Case
from rules.disputes import asked_of
from rules.facts import FactWithdrawn, PlainFact
from rules.vocabulary import Reference
from rules.wording import in_full

TO, WHY = "to-", "why"
CORRECT, WITHDRAW = "correct", "withdraw"
_WHAT_IS_ANSWERED = ("challenge", "stage", "dispute", "on")
"""Fields of an answer that say what it answers, and so whose answer it is."""
_NO_NAMES = "Say no names. It stays with what was recorded."


class Correct(Form):
    """The form of the act, filled in as it stands, and why it was wrong."""

    button = "Save the correction"

    def __init__(self, wrong: PlainFact) -> None:
        """Make it of the fact as it stands, whose kind has words."""
        self.wrong = wrong
        self.name = f"{CORRECT}:{wrong.id}"
        self.acts = (wrong.kind,)
        self.changes = wrong.id
        self.title = f"Correct: {WORDS[wrong.kind].title}"
        self._form = ActForm(wrong.kind, TO, lenient=True)

    def sections(self, around: Around, body: Body, stands: Mapping[str, RecordedFact]) -> list[Section]:
        """What was recorded, then why it was wrong."""
        return [
            Section(controls=self._controls(around, body)),
            Section(key=WHY, controls=(_why(CORRECTION, "Why it was wrong"),)),
        ]

    def fresh(self, around: Around, asked: Body) -> Body:
        """Opened, as the fact stands."""
        return {**opened(around, asked), **self._form.filled_with(around, self.wrong)}

    def items(self, around: Around, body: Body, by: Reference) -> list[Item]:
        """The correction."""
        controls = (*self._controls(around, body), _why(CORRECTION, "Why it was wrong"))
        values, faults = read(controls, body)
        names = self._form.names()
        if faults:
            raise FormFaulty(in_order(faults, controls))
        asked = [control.name for control in every_control(self._controls(around, body))]
        changes = {name[len(TO) :]: values.get(name) for name in asked}
        try:
            made = correction(self.wrong, changes, reason=values[WHY], by=by, on=around.today, fact_id=id_of(body))
        except Faulty as error:
            raise FormFaulty(in_order(in_words(error, {"reason": WHY}, controls, within=names), controls)) from None
        if made.to == self.wrong:
            raise FormFaulty({"": "Nothing has been changed: change what was wrong, or go back"})
        if made.to.kind in ANSWERS and (told := self._not_theirs(around, made.to, controls)):
            raise FormFaulty(told)
        return [Item(made, self.title, names, needs=self.wrong.kind)]

    def _not_theirs(self, around: Around, right: PlainFact, controls: tuple[Control, ...]) -> dict[str, str]:
        """That the answer would be one which whoever corrects it may not record, beside what makes it so."""
        case = Case(facts(around.register, around.line.id))
        stands = (known for known in case.standing if known.id == right.id)
        asked = next((asked_of(case, known._replace(fact=right)) for known in stands), None)
        if asked is None or around.may_answer(asked):
            return {}
        differs = (name for name in _WHAT_IS_ANSWERED if getattr(right, name, None) != getattr(self.wrong, name, None))
        name = f"{TO}{next(differs, 'on')}"
        label = next(each.label for each in every_control(controls) if each.name == name)
        return {name: f"{label}: it would then be the answer of {whom(asked)}, which is not yours to record"}

    def _controls(self, around: Around, body: Body) -> tuple[Control, ...]:
        """The act's fields; what stands may be chosen, whether it is offered to others or not."""
        standing: dict[str, Any] = self.wrong.model_dump(mode="json")
        found = self._form.controls(around, {**body, FORM_MORE: list(standing)})
        return tuple(with_choices(control, standing.get(control.name[len(TO) :]), ROLES) for control in found)


class Withdraw(Form):
    """That a fact was recorded in error, and why."""

    button = "Withdraw it"

    def __init__(self, wrong: PlainFact) -> None:
        """Make it of the fact as it stands, whose kind has words."""
        self.wrong = wrong
        self.name = f"{WITHDRAW}:{wrong.id}"
        self.acts = (wrong.kind,)
        self.changes = wrong.id
        self.title = f"Withdraw: {WORDS[wrong.kind].title}"

    def shows_first(self, around: Around) -> list[tuple[str, str]]:
        """What is recorded."""
        entries = facts(around.register, around.line.id)
        by_id = {entry.fact.id: entry.fact for entry in entries}
        said = Speaker(Case(entries), around.names, by_id).said(self.wrong)
        return [(WORDS[self.wrong.kind].on, in_full(self.wrong.on)), *((each.label, each.value) for each in said)]

    def sections(self, around: Around, body: Body, stands: Mapping[str, RecordedFact]) -> list[Section]:
        """Why it is withdrawn."""
        return [Section(controls=(_why(WITHDRAWAL, "Why it is withdrawn"),))]

    def items(self, around: Around, body: Body, by: Reference) -> list[Item]:
        """The withdrawal."""
        controls = (_why(WITHDRAWAL, "Why it is withdrawn"),)
        values, faults = read(controls, body)
        if faults:
            raise FormFaulty(faults)
        given = {"id": id_of(body), "on": around.today, "by": by, "withdraws": self.wrong.id, "reason": values[WHY]}
        names = {"reason": WHY}
        try:
            made = checked(FactWithdrawn, given)
        except Faulty as error:
            raise FormFaulty(in_words(error, names, controls)) from None
        return [Item(made, self.title, names, needs=self.wrong.kind)]


def _why(act: str, label: str) -> Control:
    return Control(name=WHY, look=Look.WORDS, label=label, hint=_NO_NAMES, needed=True, longest=longest(act, "reason"))
