"""What a form is: fields to fill in, and the facts that come of them.

A form may record one fact or several. Each fact's id is fixed when the form is first opened, so that a form sent twice
records once, and one that was recorded in part goes on where it stopped.
"""

import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.forms.around import Around
from desk.forms.controls import Control, every_control, filled, one
from desk.forms.words import Look
from register.drafts import Body
from register.recorded import RecordedFact
from rules.facts import Fact
from rules.vocabulary import STEP_KEY, Frozen, Reference

FORM_FACT, FORM_REVISION, FORM_STEP = "form_fact", "form_revision", "form_step"
"""Kept in the form: the id of what it is to record, the episode's revision when it was opened, the step it is about."""
FORM_MORE = "form_more"
"""Fields that are asked because the case calls for them."""
FORM_STANDS = "form_stands"
"""The facts that the page showed as recorded already, by id: they are not sent again."""

_ID = re.compile(r"^f-[0-9a-f]{16}$")
_STEP = re.compile(STEP_KEY)


class Section(Frozen):
    """A part of a form.

    Attributes:
        key: what tells it from the others; empty for the first.
        title: its heading; empty where it needs none.
        hint: what is said under the heading.
        controls: its fields.
        stands: what is recorded of it already, in words: it is not asked again. Empty where nothing is.
        removable: it may be taken out.
    """

    key: str = ""
    title: str = ""
    hint: str = ""
    controls: tuple[Control, ...] = ()
    stands: str = ""
    removable: bool = False


@dataclass(frozen=True)
class Item:
    """One fact that a form is to record.

    Attributes:
        fact: the fact.
        says: what it is, in words: "The record given to the parents".
        names: the form's field for each field of the fact.
        last: it is recorded only when all before it stand.
        needs: the act that whoever records it must be allowed; the fact's own kind where that is empty.
    """

    fact: Fact
    says: str
    names: Mapping[str, str] = field(default_factory=dict)
    last: bool = False
    needs: str = ""

    @property
    def act(self) -> str:
        """The act that whoever records it must be allowed."""
        return self.needs or self.fact.kind


class FormFaulty(Exception):
    """A form is not filled in as it must be.

    Attributes:
        faults: what is wrong, by the field's name; under an empty name what is wrong with the whole.
    """

    def __init__(self, faults: Mapping[str, str]) -> None:
        """Make it of its faults."""
        self.faults = dict(faults)
        super().__init__("the form is not filled in as it must be")


class Form(ABC):
    """A form.

    Attributes:
        name: what it is called in addresses and drafts.
        acts: the acts it records; whoever may do the first may fill it in.
        title: its heading.
        button: what sends it.
        more: what the button says that adds a row; empty where there is none.
        changes: the fact that it corrects or takes back, by id; empty where it records what is new.
    """

    name: str
    acts: tuple[str, ...]
    title: str
    button: str = "Record"
    more: str = ""
    changes: str = ""

    @abstractmethod
    def sections(self, around: Around, body: Body, stands: Mapping[str, RecordedFact]) -> list[Section]:
        """The parts of the form.

        Args:
            around: the case.
            body: what is filled in, which may ask for more fields.
            stands: what the form has recorded already, by the facts' ids.
        """

    def shows_first(self, around: Around) -> list[tuple[str, str]]:
        """What whoever fills in the form should have before them, each with what it is called."""
        return []

    @abstractmethod
    def items(self, around: Around, body: Body, by: Reference) -> list[Item]:
        """The facts that the form is to record, in order.

        Args:
            around: the case.
            body: what is filled in.
            by: who fills it in.

        Raises:
            FormFaulty: it is not filled in as it must be.
        """

    def fresh(self, around: Around, asked: Body) -> Body:
        """The form when it is opened: what a link filled in, and what nearly everybody would.

        Args:
            around: the case.
            asked: the fields of the link.
        """
        body = opened(around, asked)
        asked = {**{name: [value] for name, value in around.told_by(step_of(body)).items()}, **asked}
        for section in self.sections(around, body, {}):
            for control in every_control(section.controls):
                body |= filled_by_link(control, asked) or body_of_default(control)
        return body

    def with_row(self, body: Body, key: str) -> Body:
        """The form with a row more; forms without rows stay as they are."""
        return body

    def without_row(self, body: Body, key: str) -> Body:
        """The form without a row."""
        return body


# --- Opening --------------------------------------------------------------------------------------------------------


def opened(around: Around, asked: Body) -> Body:
    """What every form carries from when it is opened."""
    body = {FORM_FACT: [new_id()], FORM_REVISION: [str(around.line.revision)]}
    step = one(asked, "step")
    if _STEP.match(step):
        body[FORM_STEP] = [step]
    return body


def new_id() -> str:
    """An id for what a form is to record."""
    return f"f-{secrets.token_hex(8)}"


def id_of(body: Body) -> str:
    """The id of what a form is to record; a fresh one where what came back is none of ours."""
    given = one(body, FORM_FACT)
    return given if is_form_id(given) else new_id()


def is_form_id(given: str) -> bool:
    """Whether something is an id as a form has it."""
    return bool(_ID.match(given))


def with_id(body: Body) -> Body:
    """A body whose id is one of ours, and stays."""
    return {**body, FORM_FACT: [id_of(body)]}


def revision_of(body: Body) -> int:
    """The episode's revision when the form was opened; 0 where that is not told."""
    given = one(body, FORM_REVISION)
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def step_of(body: Body) -> str:
    """The key of the step that a form was opened from; empty where it was from none."""
    given = one(body, FORM_STEP)
    return given if _STEP.match(given) else ""


def filled_by_link(control: Control, asked: Body) -> Body:
    """What a link fills in of a field: days, references and codes that it offers, never words."""
    given = one(asked, control.name)
    if not given or control.look in (Look.WORDS, Look.LINE, Look.SEVERAL, Look.TIME):
        return {}
    offered = [choice.value for choice in control.choices]
    if control.look in (Look.SELECT, Look.RADIOS, Look.CHECKBOXES, Look.YES_NO):
        known = [value for value in asked[control.name] if value in offered]
        return {control.name: known} if known else {}
    return filled(control, given)


def body_of_default(control: Control) -> Body:
    """What is chosen until somebody chooses otherwise: where there is but one thing to choose, that."""
    if control.default:
        return {control.name: [control.default]}
    only_one = control.look is Look.SELECT and control.needed and len(control.choices) == 1
    return {control.name: [control.choices[0].value]} if only_one else {}
