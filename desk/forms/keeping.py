"""Keeping what somebody has written, within bounds: a draft is a form, not a store."""

from typing import Any

from desk.forms.addresses import path_of_draft
from desk.parts import Desk
from desk.viewer import Viewer
from register.drafts import Body, Draft, keep

MOST_FIELDS = 400
MOST_CHARACTERS = 100_000

CSRF_FIELD = "csrf"
DRAFT_EPISODE, DRAFT_FORM = "draft_episode", "draft_form"
"""Fields of a form that is kept when a session has ended before it was sent."""
_OF_THE_DESK = (CSRF_FIELD, DRAFT_EPISODE, DRAFT_FORM)
_NOT_KEPT = (*_OF_THE_DESK, "add", "remove", "finish", "back", "form_stands")


class TooMuch(Exception):
    """It is more than any form holds."""


class NoSuchForm(Exception):
    """There is no form of that name."""


def body_of(form: Any) -> Body:
    """The fields of a form, without those that are the desk's own."""
    names = dict.fromkeys(name for name in form if name not in _OF_THE_DESK)
    return {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in names}


def keep_body(desk: Desk, viewer: Viewer, episode: str, key: str, body: Body) -> Draft:
    """Keep what somebody has written, in place of what they had in the same form before.

    Args:
        desk: the parts.
        viewer: who wrote it.
        episode: the child's period of care.
        key: what the draft is called.
        body: the form's fields.

    Raises:
        NoSuchForm: no form is called so.
        TooMuch: it is more than any form holds.
        RegisterUnavailable: the database cannot be used.
    """
    if path_of_draft(episode, key) is None:
        raise NoSuchForm
    fields = {name: values for name, values in body.items() if name not in _NOT_KEPT}
    size = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if len(fields) > MOST_FIELDS or size > MOST_CHARACTERS:
        raise TooMuch
    draft = Draft(person=viewer.person, episode=episode, form=key, body=fields, saved_at=desk.clock())
    keep(desk.register, draft)
    return draft
