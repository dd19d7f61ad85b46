"""The form for the decisions of a review, row by row, and that they were sent to the team manager."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from desk.forms.act import ON, checked_fact, controls_of
from desk.forms.around import Around
from desk.forms.base import Form, FormFaulty, Item, Section, id_of
from desk.forms.beside import in_short
from desk.forms.controls import YES, Choice, Control, as_clause
from desk.forms.reading import read
from desk.forms.words import WORDS, Look
from desk.forms.words.choices import ROLES
from register.drafts import Body
from register.recorded import RecordedFact
from rules.facts.reviews import DecisionMade
from rules.vocabulary import Reference
from rules.wording import in_full

ROW = "row"
SENT, SENT_ON = "sent", "sent_on"
OF_A_ROW = ("text", "owner", "due")
MOST_ROWS = 40
FIRST_ROW = "000000"

_KEY = re.compile(r"^[0-9a-f]{6}$")


class Decisions(Form):
    """Several decisions in one sitting; then, if they went out at once, that they did."""

    name = "decisions"
    acts = ("decision_made", "decisions_sent")
    title = WORDS["decision_made"].title
    more = "Add another decision"

    def sections(self, around: Around, body: Body, stands: Mapping[str, RecordedFact]) -> list[Section]:
        """The review and the day, a section a decision, and the sending. What stands already is not asked again."""
        rows = rows_of(body)
        shared = Section(controls=_shared(around))
        found = [self._row(around, key, number, len(rows) > 1, body, stands) for number, key in enumerate(rows, 1)]
        return [shared, *found, *([_sending(around, body, stands)] if around.may("decisions_sent") else [])]

    def items(self, around: Around, body: Body, by: Reference) -> list[Item]:
        """A fact for each decision, and last, if they were sent, one for that."""
        shared = _shared(around)
        values, faults = read(shared, body)
        of_rows: dict[str, dict[str, Any]] = {}
        for number, key in enumerate(_rows_filled_in(body), 1):
            of_rows[key], wrong = read(_row_controls(around, key), body)
            faults |= {name: f"Decision {number}: {as_clause(fault)}" for name, fault in wrong.items()}
        sending = _sending_controls(around)
        sent, wrong = read(sending, body)
        faults |= wrong
        if faults:
            raise FormFaulty(faults)
        fact_id = id_of(body)
        made = [
            self._decision(around, fact_id, key, number, values, row, by)
            for number, (key, row) in enumerate(of_rows.items(), 1)
        ]
        return [*made, *([_sent_item(fact_id, values, sent, by, sending)] if sent.get(SENT) else [])]

    def with_row(self, body: Body, key: str) -> Body:
        """With one decision more."""
        rows = rows_of(body)
        new = key if _KEY.match(key) and key not in rows else new_row()
        return {**body, ROW: [*rows, new][:MOST_ROWS]}

    def without_row(self, body: Body, key: str) -> Body:
        """Without one of the decisions."""
        kept = {name: values for name, values in body.items() if not name.startswith(f"{ROW}-{key}-")}
        return {**kept, ROW: [row for row in rows_of(body) if row != key]}

    def _row(
        self, around: Around, key: str, number: int, several: bool, body: Body, stands: Mapping[str, RecordedFact]
    ) -> Section:
        recorded = stands.get(f"{id_of(body)}.{key}")
        section = Section(key=f"{ROW}-{key}", title=f"Decision {number}", controls=_row_controls(around, key))
        if recorded is None or not isinstance(recorded.fact, DecisionMade):
            return section.model_copy(update={"removable": several})
        fact = recorded.fact
        words = f"{in_short(fact.text)} {ROLES[fact.owner]}, by {in_full(fact.due)}."
        return section.model_copy(update={"stands": f"Recorded: {words}"})

    def _decision(
        self,
        around: Around,
        fact_id: str,
        key: str,
        number: int,
        values: Mapping[str, Any],
        row: Mapping[str, Any],
        by: str,
    ) -> Item:
        names = {ON: ON, "review": "review", **{name: f"{ROW}-{key}-{name}" for name in OF_A_ROW}}
        given = {**values, **{name: row[names[name]] for name in OF_A_ROW}}
        data = {name: value for name, value in given.items() if value is not None}
        # What tells a decision from every other of the child: the form's own id and the row.
        data["decision"] = f"d-{fact_id[2:10]}-{key}"
        controls = (*_shared(around), *_row_controls(around, key))
        fact = checked_fact("decision_made", {**data, "id": f"{fact_id}.{key}", "by": by}, {}, names, controls)
        return Item(fact, f"Decision {number}", names)


def rows_of(body: Body) -> list[str]:
    """What tells the rows of a form apart, in their order."""
    return [key for key in dict.fromkeys(body.get(ROW, ())) if _KEY.match(key)][:MOST_ROWS] or [FIRST_ROW]


def _rows_filled_in(body: Body) -> list[str]:
    """The rows in which anything was written; the first where nothing was in any."""
    rows = rows_of(body)
    written = [key for key in rows if any(any(body[name]) for name in body if name.startswith(f"{ROW}-{key}-"))]
    return written or rows[:1]


def new_row() -> str:
    """What is to tell a new row from the others."""
    return secrets.token_hex(3)


def _shared(around: Around) -> tuple[Control, ...]:
    every = controls_of("decision_made", around)
    return every["review"], every[ON]


def _row_controls(around: Around, key: str) -> tuple[Control, ...]:
    every = controls_of("decision_made", around)
    return tuple(every[name].model_copy(update={"name": f"{ROW}-{key}-{name}"}) for name in OF_A_ROW)


def _sending(around: Around, body: Body, stands: Mapping[str, RecordedFact]) -> Section:
    section = Section(
        key="sending", title="Sending the decisions to the team manager", controls=_sending_controls(around)
    )
    recorded = stands.get(f"{id_of(body)}.sent")
    if recorded is None:
        return section
    return section.model_copy(update={"stands": f"Recorded: sent on {in_full(recorded.fact.on)}."})


def _sending_controls(around: Around) -> tuple[Control, ...]:
    day = controls_of("decisions_sent", around)[ON].model_copy(update={"name": SENT_ON})
    yes = Choice(value=YES, text="They have reached the team manager", then=(day,))
    return (Control(name=SENT, look=Look.CHECKBOXES, label="Whether they were sent", choices=(yes,)),)


def _sent_item(
    fact_id: str, values: Mapping[str, Any], sent: Mapping[str, Any], by: str, controls: tuple[Control, ...]
) -> Item:
    names = {ON: SENT_ON, "review": "review"}
    data = {ON: sent[SENT_ON], "review": values["review"], "id": f"{fact_id}.sent", "by": by}
    return Item(checked_fact("decisions_sent", data, {}, names, controls), "Sent to the team manager", names, last=True)
