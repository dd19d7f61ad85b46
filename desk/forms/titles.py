"""What an unfinished form is called in a list."""

from collections.abc import Mapping

from desk.forms.catalogue import APPOINTING, FORMS
from desk.forms.correcting import CORRECT, WITHDRAW
from desk.forms.words import WORDS

_OTHERS: Mapping[str, str] = {
    CORRECT: "Correct something recorded",
    WITHDRAW: "Withdraw something recorded",
    APPOINTING: WORDS[APPOINTING].title,
}


def title_of_draft(name: str) -> str:
    """What an unfinished form is called.

    Args:
        name: the form's.
    """
    return FORMS[name].title if name in FORMS else _OTHERS.get(name, "A form")
