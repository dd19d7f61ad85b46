"""Where each form is found, and what its draft is called."""

import re
from urllib.parse import urlencode

from desk.forms.base import Form, step_of
from desk.forms.catalogue import APPOINTING, FORMS, allocation_path
from desk.forms.correcting import CORRECT, WITHDRAW
from register.drafts import Body

_KEY = re.compile(r"(?P<name>[a-z_]{1,40})(?::(?P<about>[A-Za-z0-9._-]{1,90}))?")


def draft_key(form: Form, body: Body) -> str:
    """What the draft of a form is called: two steps have two drafts.

    Args:
        form: the form.
        body: what is filled in.
    """
    step = step_of(body)
    return f"{form.name}:{step}" if step else form.name


def path_of_draft(episode: str, key: str) -> str | None:
    """Where a draft is taken up again; None where there is no such form.

    Args:
        episode: the child's period of care.
        key: what the draft is called.
    """
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    name, about = found["name"], found["about"]
    if name in (CORRECT, WITHDRAW):
        return f"/children/{episode}/facts/{about}/{name}" if about else None
    if name == APPOINTING:
        return allocation_path(episode)
    if name not in FORMS:
        return None
    return f"/children/{episode}/record/{name}" + (f"?{urlencode({'step': about})}" if about else "")


def name_of_draft(key: str) -> str:
    """The form's name in a draft's."""
    return key.partition(":")[0]
