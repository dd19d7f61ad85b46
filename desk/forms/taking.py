"""Taking a form that was sent: read, held against what was recorded meanwhile, recorded, and told what came of it.

Whatever does not end in everything being recorded keeps what was written as a draft.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from fastapi import Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from desk.access import may_do
from desk.doors import NotTheirs, note
from desk.forms.addresses import draft_key
from desk.forms.base import FORM_MORE, FORM_REVISION, FORM_STANDS, FormFaulty, Item, id_of, with_id
from desk.forms.controls import one
from desk.forms.filling import Sitting, Told, shown
from desk.forms.keeping import NoSuchForm, TooMuch, body_of, keep_body
from desk.forms.meanwhile import recorded_meanwhile
from desk.forms.refusals import placed
from desk.forms.sending import Sent, send
from desk.forms.told import DONE
from desk.forms.words import WORDS, FieldWords
from register.audit import Outcome
from register.drafts import Body, discard
from register.recorded import RecordedFact, facts_begun

ADD, REMOVE = "add", "remove"
"""The buttons that add and remove a row."""


@dataclass(frozen=True)
class _Ready:
    """A form that may be recorded."""

    items: Collection[Item]
    recorded: Mapping[str, RecordedFact]


async def take(sitting: Sitting) -> Response:
    """Take a form that was sent.

    Args:
        sitting: the form, and who sent it.

    Raises:
        NotTheirs: it records what their role may not.
        RegisterUnavailable: the database cannot be used.
    """
    body = with_id(body_of(await sitting.request.form()))
    if ADD in body or REMOVE in body:
        return await run_in_threadpool(_with_other_rows, sitting, body)
    ready = await run_in_threadpool(_ready, sitting, body)
    if isinstance(ready, Response):
        return ready
    sent = await send(sitting.desk, sitting.child, ready.items, ready.recorded, body.get(FORM_STANDS, ()))
    return await run_in_threadpool(_told, sitting, body, sent)


def _with_other_rows(sitting: Sitting, body: Body) -> Response:
    key = one(body, ADD)
    changed = sitting.form.with_row(body, key) if ADD in body else sitting.form.without_row(body, one(body, REMOVE))
    return shown(sitting, {name: values for name, values in changed.items() if name not in (ADD, REMOVE)})


def _ready(sitting: Sitting, body: Body) -> _Ready | Response:
    """What the form comes to; or the page that says why it may not be recorded yet."""
    desk, child = sitting.desk, sitting.child
    try:
        items = sitting.form.items(sitting.around, body, child.viewer.person)
    except FormFaulty as error:
        _keep(sitting, body)
        return shown(sitting, body, Told(faults=error.faults), status=422)
    _require_allowed(sitting, items)
    recorded = facts_begun(desk.register, child.line.id, id_of(body))
    is_new = any(item.fact.id not in recorded for item in items)
    found = recorded_meanwhile(sitting.around, sitting.form, body, child.viewer.person) if is_new else []
    if not found:
        return _Ready(items, recorded)
    looked_at = {**body, FORM_REVISION: [str(child.line.revision)]}
    _keep(sitting, looked_at)
    for item in items:
        note(desk, child.viewer, item.fact.kind, Outcome.REFUSED, child.line.id, item.fact.id)
    return shown(sitting, looked_at, Told(meanwhile=found), status=409)


def _require_allowed(sitting: Sitting, items: Collection[Item]) -> None:
    """A form may hold what only some of those who fill it in may record."""
    child = sitting.child
    for item in items:
        if not may_do(child.viewer, item.act):
            note(sitting.desk, child.viewer, item.fact.kind, Outcome.DENIED, child.line.id, item.fact.id)
            raise NotTheirs(403)


def _told(sitting: Sitting, body: Body, sent: Sent) -> Response:
    """Say what came of it."""
    desk, child = sitting.desk, sitting.child
    if sent.is_done:
        discard(desk.register, child.viewer.person, child.line.id, draft_key(sitting.form, body))
        return RedirectResponse(f"/children/{child.line.id}?{DONE}={id_of(body)}", status_code=303)
    faults, body = _refused(sitting, body, sent)
    _keep(sitting, body)
    told = Told(faults=faults, failure=sent.failure, stands=_says(sent.stands), waiting=_says(sent.left))
    return shown(
        sitting, body, told if sent.has_several else replace(told, stands=(), waiting=()), status=_status(sent)
    )


def _says(items: Collection[Item]) -> list[str]:
    return [item.says for item in items]


def _status(sent: Sent) -> int:
    return 422 if sent.failure is None else 503


def _refused(sitting: Sitting, body: Body, sent: Sent) -> tuple[dict[str, str], Body]:
    """What the rules refuse, by the form's fields; and the form, asking for what they need."""
    faults: dict[str, str] = {}
    for item, sentence in sent.refused:
        name, words = placed(sentence, _every_name(item), sitting.around)
        body = _asking_for(body, item, name)
        told = f"{item.says}: {words}" if sent.has_several else words
        faults[name] = f"{faults[name]} {told}" if name in faults else told
    return faults, body


def _every_name(item: Item) -> Mapping[str, str]:
    """The form's field for each field of an act, those too that are asked only where the case calls for them."""
    rare = {name: name for name, words in _words(item).items() if words.rare}
    return {**rare, **item.names}


def _asking_for(body: Body, item: Item, name: str) -> Body:
    """A form that asks for a field which the rules turned out to need."""
    rare = [field for field, words in _words(item).items() if words.rare and item.names.get(field) == name]
    return {**body, FORM_MORE: list(dict.fromkeys([*body.get(FORM_MORE, ()), *rare]))} if rare else body


def _words(item: Item) -> Mapping[str, FieldWords]:
    return WORDS[item.fact.kind].fields if item.fact.kind in WORDS else {}


def _keep(sitting: Sitting, body: Body) -> None:
    """What was written is not lost, whatever the form came to."""
    child = sitting.child
    with suppress(NoSuchForm, TooMuch):
        keep_body(sitting.desk, child.viewer, child.line.id, draft_key(sitting.form, body), body)
