"""Every form there is, by its name; which form an act has; and the order in which they are listed."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from desk.access import ACTS, NOBODY, may_do
from desk.forms.act import ActForm
from desk.forms.base import Form
from desk.forms.decisions import Decisions
from desk.forms.held import HoldTheReview
from desk.forms.replying import ReplyToDecisions
from desk.forms.several import GIVEN, RECIPIENT, WITHHELD, Telling, ToSeveral
from desk.forms.words import WORDS
from desk.viewer import Viewer
from rules.follow_up import RECORD_RECIPIENTS
from rules.informing import OTHERS_TOLD, POLICY_RECIPIENTS
from rules.vocabulary import Phase, Role

HEADINGS: Mapping[Phase, str] = {
    Phase.PREPARATION: "Before a review",
    Phase.REVIEW: "The review",
    Phase.FOLLOW_UP: "After a review",
    Phase.MONITORING: "Between reviews",
    Phase.CHALLENGE: "Challenge and good practice",
    Phase.DISPUTE: "Formal dispute",
    Phase.REFERRAL: "Cafcass and legal advice",
    Phase.CHILDS_ROAD: "What the child asks for",
    Phase.PROCEEDINGS: "Court proceedings",
    Phase.INFORMING: "Who was told",
    Phase.ALLOCATION: "The child's IRO",
    Phase.NOTIFICATION: "The child's care",
    Phase.ENDED: "Care ends",
}
"""The parts of the list, those of every day first."""

_TELLINGS = (
    Telling(
        name="circulate_record",
        given="record_distributed",
        withheld="record_withheld",
        owed=RECORD_RECIPIENTS,
        steps=("distribution",),
        who="Who was given the record",
        who_not="Who is not to be given the record",
    ),
    Telling(
        name="iro_told",
        given="iro_made_known",
        withheld="iro_not_made_known",
        owed=(Role.CHILD, *OTHERS_TOLD),
        steps=("tell_child", "tell_others"),
        who="Who was told who the IRO is",
        who_not="Who is not to be told who the IRO is",
    ),
    Telling(
        name="policy_given",
        given="reviewing_policy_given",
        withheld="reviewing_policy_withheld",
        owed=POLICY_RECIPIENTS,
        steps=("give_reviewing_policy",),
        who="Who was given the policy on reviews",
        who_not="Who is not to be given the policy on reviews",
    ),
)


APPOINTING = "iro_appointed"
"""The act that has a page of its own, with the reasons for and against each IRO."""


class WayIn(NamedTuple):
    """The form in which an act is recorded.

    Attributes:
        form: its name.
        fields: what the form calls the act's fields, where it is not as the act does.
    """

    form: str
    fields: Mapping[str, str] = {}


FORM_OF_ACT: Mapping[str, WayIn] = {
    "decision_made": WayIn("decisions"),
    **{each.given: WayIn(each.name, {RECIPIENT: GIVEN}) for each in _TELLINGS},
    **{each.withheld: WayIn(each.name, {RECIPIENT: WITHHELD}) for each in _TELLINGS},
}
"""The acts that are recorded in a form with others; any other has a form of its own, of its name."""


def allocation_path(episode: str) -> str:
    """The page on which an IRO is appointed."""
    return f"/allocation/{episode}"


def _forms() -> Iterator[Form]:
    yield HoldTheReview()
    yield Decisions()
    yield ReplyToDecisions()
    yield from map(ToSeveral, _TELLINGS)
    own = {"review_held", "manager_replied", APPOINTING, *FORM_OF_ACT}
    yield from (ActForm(act) for act in WORDS if act not in own and ACTS[act] != NOBODY)


FORMS: Mapping[str, Form] = {form.name: form for form in _forms()}
"""Every form, by its name."""


def listed_for(viewer: Viewer) -> dict[str, list[Form]]:
    """The forms that somebody may fill in, by the headings of the list."""
    by_phase: dict[Phase, list[Form]] = {}
    order = list(WORDS)
    for form in sorted(FORMS.values(), key=lambda form: order.index(form.acts[0])):
        if may_do(viewer, form.acts[0]):
            by_phase.setdefault(WORDS[form.acts[0]].phase, []).append(form)
    return {words: by_phase[phase] for phase, words in HEADINGS.items() if phase in by_phase}
