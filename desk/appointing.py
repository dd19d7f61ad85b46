"""From the form by which the IRO manager appoints a child's IRO to the fact that says so."""

from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple, Self

from starlette.datastructures import FormData

from client.allocating import NotAppointed, ReasonWanted, appointment
from client.checked import Faulty
from desk.doors import Child
from desk.forms.around import Around
from desk.forms.base import FORM_FACT, id_of, new_id
from desk.forms.controls import one
from desk.forms.keeping import TooMuch, keep_body
from desk.forms.refusals import said
from desk.parts import Desk
from register import drafts
from register.queries import EpisodeLine
from register.recorded import facts_begun
from register.work_names import names_of_people
from rules.facts.iro import IroAppointed

ACT = "iro_appointed"
ASKED_FOR, REASON, STANDING = "iro", "reason", "standing"
"""The fields of the form; the first two are named as the act names them."""


class NotTaken(Exception):
    """The form cannot be taken as it is.

    Attributes:
        faults: what is wrong, by field.
    """

    def __init__(self, faults: Mapping[str, str]) -> None:
        """Say what is wrong with which field."""
        super().__init__("; ".join(faults.values()))
        self.faults = faults


class Word(NamedTuple):
    """What the form says.

    Attributes:
        iro: who is to be, by reference.
        reason: why this one.
        fact: the id of the fact to be; the same when it is sent again.
        standing: how the child's case stood when the form was shown.
    """

    iro: str
    reason: str
    fact: str
    standing: str

    @classmethod
    def of(cls, form: FormData) -> Self:
        """The form as it was sent."""
        body = {name: [str(form.get(name, "")).strip()] for name in (ASKED_FOR, REASON, STANDING, FORM_FACT)}
        return cls(one(body, ASKED_FOR), one(body, REASON), id_of(body), one(body, STANDING))


def standing(line: EpisodeLine) -> str:
    """How a child's case stands: who is the IRO, and who is proposed."""
    return f"{line.iro or ''}/{line.proposed_iro or ''}"


def kept_word(desk: Desk, child: Child) -> Word:
    """A form to fill in, with what was written in it before."""
    draft = drafts.kept(desk.register, child.viewer.person, child.line.id, ACT)
    body = draft.body if draft else {FORM_FACT: [new_id()]}
    return Word(one(body, ASKED_FOR), one(body, REASON), id_of(body), standing(child.line))


def keep_draft(desk: Desk, child: Child, word: Word) -> None:
    """Keep what was written, so that it is there when the page is opened again."""
    body = {ASKED_FOR: [word.iro], REASON: [word.reason], FORM_FACT: [word.fact]}
    with suppress(TooMuch):  # The page that says so still has all of it.
        keep_body(desk, child.viewer, child.line.id, ACT, body)


def fact_of(desk: Desk, child: Child, word: Word) -> IroAppointed:
    """The appointment that the form asks for.

    Args:
        desk: the parts.
        child: whose IRO it is to be, and who says so.
        word: the form.

    Raises:
        NotTaken: it cannot be, or not without a reason, or somebody else has decided meanwhile.
        RegisterUnavailable: the database cannot be used.
    """
    line = child.line
    before = facts_begun(desk.register, line.id, word.fact).get(word.fact)
    if before and isinstance(before.fact, IroAppointed) and before.fact.iro == word.iro:
        return before.fact  # Sent once more.
    if not word.iro:
        raise NotTaken({ASKED_FOR: "Choose who is to be the child's IRO"})
    if word.standing != standing(line):
        raise NotTaken({ASKED_FOR: _changed(desk, line)})
    around = Around(desk, child.viewer, line)
    try:
        return appointment(
            desk.register, line, word.iro, word.reason, by=child.viewer.person, on=desk.today, fact_id=word.fact
        )
    except ReasonWanted as why_not:
        raise NotTaken({REASON: said(str(why_not), around)}) from None
    except NotAppointed as why_not:
        raise NotTaken({ASKED_FOR: said(str(why_not), around)}) from None
    except Faulty as faulty:
        raise NotTaken(dict(_beside(faulty))) from None


def _changed(desk: Desk, line: EpisodeLine) -> str:
    names = names_of_people(desk.register, (line.iro, line.proposed_iro))
    if line.iro:
        now = f"{names.get(line.iro, line.iro)} is the child's IRO now"
    elif line.proposed_iro:
        now = f"{names.get(line.proposed_iro, line.proposed_iro)} is proposed now"
    else:
        now = "nobody is proposed any longer"
    return f"This has changed since you opened the page: {now}. Look again, and send it once more if it is to be"


def _beside(faulty: Faulty) -> list[tuple[str, str]]:
    """Each fault beside its field; what is about no field of the form, beside the first."""
    return [
        (REASON, f"The reason {fault.wrong}") if fault.field == REASON else (ASKED_FOR, f"That {fault.wrong}")
        for fault in faulty.faults
    ]
