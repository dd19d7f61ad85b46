"""What stands now, told once on the child's page after a form was recorded.

The address carries only the form's id. It tells something to whoever sent the form, for a few minutes.
"""

from collections.abc import Iterator
from datetime import timedelta

from desk.forms.base import is_form_id
from desk.forms.meanwhile import title_of
from desk.forms.words import WORDS
from desk.parts import Desk
from desk.viewer import Viewer
from register.recorded import facts_begun
from rules.facts import Fact, FactCorrected, FactWithdrawn
from rules.facts.base import ToSomeone
from rules.wording import counted, people

DONE = "done"
"""What names the form's id in the address of the child's page."""
TOLD_FOR = timedelta(minutes=10)


def what_stands(desk: Desk, viewer: Viewer, episode: str, code: str | None) -> tuple[str, ...]:
    """What a form recorded that was just sent, a sentence each; none where there is nothing to tell.

    Args:
        desk: the parts.
        viewer: who sent it.
        episode: the child's period of care.
        code: as it stands in the address.

    Raises:
        RegisterUnavailable: the database cannot be used.
    """
    if not code or not is_form_id(code):
        return ()
    since = desk.clock() - TOLD_FOR
    found = facts_begun(desk.register, episode, code).values()
    return tuple(_sentences([each.fact for each in found if each.at >= since and each.fact.by == viewer.person]))


def _sentences(facts: list[Fact]) -> Iterator[str]:
    for kind in dict.fromkeys(fact.kind for fact in facts):
        alike = [fact for fact in facts if fact.kind == kind]
        first = alike[0]
        if isinstance(first, FactCorrected):
            yield f"It is put right: {title_of(first.to.kind)}."
        elif isinstance(first, FactWithdrawn):
            yield "It is withdrawn, and no longer counts."
        elif kind == "decision_made":
            yield f"{counted(len(alike), 'decision')} {'is' if len(alike) == 1 else 'are'} recorded."
        elif kind in WORDS:
            to = [fact.recipient for fact in alike if isinstance(fact, ToSomeone)]
            yield WORDS[kind].done[:-1] + (f": {people(to)}." if to else ".")
