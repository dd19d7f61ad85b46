"""Keeping what somebody has written, within bounds: a draft is a form, not a store."""

from desk.doors import CSRF_FIELD, DRAFT_EPISODE, DRAFT_FORM
from desk.parts import Desk
from desk.viewer import Viewer
from register.drafts import Body, Draft, keep

MOST_FIELDS = 400
MOST_CHARACTERS = 100_000
_NOT_KEPT = (CSRF_FIELD, DRAFT_EPISODE, DRAFT_FORM, "add", "remove", "finish", "back", "form_stands")


class TooMuch(Exception):
    """It is more than any form holds."""


def keep_body(desk: Desk, viewer: Viewer, episode: str, key: str, body: Body) -> Draft:
    """Keep what somebody has written, in place of what they had in the same form before.

    Args:
        desk: the parts.
        viewer: who wrote it.
        episode: the child's period of care.
        key: what the draft is called.
        body: the form's fields.

    Raises:
        TooMuch: it is more than any form holds.
        RegisterUnavailable: the database cannot be used.
    """
    fields = {name: values for name, values in body.items() if name not in _NOT_KEPT}
    size = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if len(fields) > MOST_FIELDS or size > MOST_CHARACTERS:
        raise TooMuch
    draft = Draft(person=viewer.person, episode=episode, form=key, body=fields, saved_at=desk.clock())
    keep(desk.register, draft)
    return draft
