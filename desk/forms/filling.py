"""Showing a form: as it was left, with what is wrong, and with what others do about the same child."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import Request, Response

from desk.doors import Child
from desk.forms.addresses import draft_key, path_of_draft
from desk.forms.around import Around, step_title
from desk.forms.base import (
    FORM_FACT,
    FORM_MORE,
    FORM_REVISION,
    FORM_STANDS,
    FORM_STEP,
    Form,
    Section,
    id_of,
    step_of,
    with_id,
)
from desk.forms.controls import Control, as_shown, every_control
from desk.forms.decisions import new_row
from desk.forms.meanwhile import Meanwhile
from desk.forms.sending import Failure
from desk.forms.words import WORDS
from desk.parts import Desk
from desk.settling import record_path
from desk.templating import render
from register.drafts import Body, Draft, discard, kept, others_at_it
from register.recorded import RecordedFact, facts_begun

LATELY = timedelta(hours=1)
"""How long an unfinished form counts as one that somebody is at."""
_OF_EVERY_FORM = (FORM_FACT, FORM_REVISION, FORM_STEP, FORM_MORE)


@dataclass(frozen=True)
class Sitting:
    """A form, in front of somebody.

    Attributes:
        request: what the page answers.
        desk: the parts.
        child: whose case, and who fills it in.
        form: the form.
        around: the case.
        back: where the form was opened from: its address, and what a link to it says.
    """

    request: Request
    desk: Desk
    child: Child
    form: Form
    around: Around
    back: tuple[str, str]


@dataclass(frozen=True)
class Told:
    """What a page says beside the form.

    Attributes:
        faults: what is wrong, by field; under an empty name with the whole.
        meanwhile: what others recorded since the form was opened.
        failure: why it could not be recorded.
        stands, waiting: of a form that was recorded in part, what is recorded and what is not.
        draft: what was found of an earlier sitting.
        elsewhere: the link that was followed is about something else than the draft.
    """

    faults: Mapping[str, str] = field(default_factory=dict)
    meanwhile: Collection[Meanwhile] = ()
    failure: Failure | None = None
    stands: Collection[str] = ()
    waiting: Collection[str] = ()
    draft: Draft | None = None
    elsewhere: bool = False


NOTHING_TOLD = Told()


def opened(sitting: Sitting, asked: Body) -> Response:
    """The form when it is opened: as it was left, or fresh.

    Args:
        sitting: the form, and who is at it.
        asked: the fields of the link.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    fresh = sitting.form.fresh(sitting.around, asked)
    draft = _draft(sitting, fresh)
    if draft is None:
        return _in_vain(sitting, fresh) or shown(sitting, fresh)
    elsewhere = any(fresh.get(name, [""]) != draft.body.get(name, [""]) for name in asked if name in fresh)
    return shown(sitting, with_id(draft.body), Told(draft=draft, elsewhere=elsewhere))


def shown(sitting: Sitting, body: Body, told: Told = NOTHING_TOLD, status: int = 200) -> Response:
    """The form as it is filled in.

    Args:
        sitting: the form, and who is at it.
        body: what is filled in.
        told: what the page says beside it.
        status: the answer's.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    line, form = sitting.around.line, sitting.form
    recorded = facts_begun(sitting.desk.register, line.id, id_of(body))
    sections = form.sections(sitting.around, body, recorded)
    key = draft_key(form, body)
    step = sitting.around.step(step_of(body))
    return render(
        sitting.request,
        "record/form.html",
        status=status,
        form=form,
        line=line,
        child_name=sitting.around.child_name,
        shown_first=form.shows_first(sitting.around),
        sections=sections,
        values=_values(sections, body),
        kept_values=_kept(sections, body, recorded),
        told=told,
        summary=_summary(sections, told.faults),
        others=_others(sitting, form.name),
        step=(step, step_title(sitting.around, step)) if step else None,
        action=path_of_draft(line.id, key) or "",
        key=key,
        back=sitting.back,
        new_row=new_row() if form.more else "",
    )


def _in_vain(sitting: Sitting, fresh: Body) -> Response | None:
    """Why the form cannot be filled in, and what comes first, instead of it; None where it can.

    Only where nothing was written in it yet: words that somebody wrote stay before them.
    """
    form, around = sitting.form, sitting.around
    without = [
        control
        for section in form.sections(around, fresh, {})
        for control in section.controls
        if control.needed and control.has_nothing
    ]
    if not without:
        return None
    fields = WORDS[form.acts[0]].fields
    firsts = (fields[each.name].first for each in without if each.name in fields)
    return render(
        sitting.request,
        "record/in_vain.html",
        form=form,
        line=around.line,
        child_name=around.child_name,
        why=dict.fromkeys(control.none for control in without),
        firsts=[(record_path(around.line.id, act), WORDS[act].title) for act in firsts if act and around.may(act)],
        back=sitting.back,
    )


def _draft(sitting: Sitting, fresh: Body) -> Draft | None:
    """What was left of the form. What turns out to be recorded is no draft any more."""
    register, line = sitting.desk.register, sitting.around.line
    place = sitting.child.viewer.person, line.id, draft_key(sitting.form, fresh)
    draft = kept(register, *place)
    if draft and id_of(draft.body) in facts_begun(register, line.id, id_of(draft.body)):
        discard(register, *place)
        return None
    return draft


def _values(sections: Collection[Section], body: Body) -> Body:
    """What each field shows."""
    values: Body = {}
    for control in _controls(sections):
        values |= as_shown(control, body)
    return values


def _kept(sections: Collection[Section], body: Body, recorded: Mapping[str, RecordedFact]) -> list[tuple[str, str]]:
    """What the form carries without showing it: its own fields, its rows, and whatever stands already."""
    names = [*_OF_EVERY_FORM, "row"]
    for section in sections:
        if section.stands:
            names += [name for control in every_control(section.controls) for name in as_shown(control, body)]
    own = [(name, value) for name in names for value in body.get(name, ())]
    return [*own, *((FORM_STANDS, fact_id) for fact_id in recorded)]


def _controls(sections: Collection[Section]) -> list[Control]:
    return [control for section in sections for control in every_control(section.controls)]


def _summary(sections: Collection[Section], faults: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is wrong in the order of the page, each with where it leads."""
    anchors = {control.name: control.anchor for control in _controls(sections)}
    placed = [(sentence, f"#{anchors[name]}") for name, sentence in _in_order(anchors, faults)]
    return [*((sentence, "") for name, sentence in faults.items() if name not in anchors), *placed]


def _in_order(anchors: Mapping[str, str], faults: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, faults[name]) for name in anchors if name in faults]


def _others(sitting: Sitting, name: str) -> list[tuple[str, Draft]]:
    """Who else has an unfinished form of the kind on this child, by name."""
    desk, line = sitting.desk, sitting.around.line
    found = others_at_it(desk.register, sitting.child.viewer.person, line.id, name, desk.clock() - LATELY)
    names = sitting.around.names_of(each.person for each in found) if found else {}
    return [(names[each.person], each) for each in found]
