"""Words for a referral to Cafcass, and for independent legal advice to the IRO."""

from collections.abc import Mapping

from desk.forms.words.base import ActWords, FieldWords, Look, Source
from desk.forms.words.choices import ADDRESSEES
from desk.forms.words.choices_beside import CAFCASS_OUTCOMES, FAILURES
from rules.vocabulary import Phase

NO_NAMES = "Say no names."

_GOES_WITH = FieldWords(
    label="Which dispute it goes with", hint="Leave this as it is where it goes with none.", source=Source.DISPUTES
)

WORDS: Mapping[str, ActWords] = {
    "cafcass_considered": ActWords(
        title="Whether to refer the case to Cafcass",
        phase=Phase.REFERRAL,
        done="What the IRO decided about a referral to Cafcass is recorded.",
        on="On which day the IRO considered it",
        fields={
            "dispute": FieldWords(
                label="Because of which dispute",
                source=Source.DISPUTES_TO_CONSIDER,
                none="No dispute is open of which this was not decided yet. The case may be referred all the same.",
            ),
            "refer": FieldWords(label="Whether the case is to be referred", hint="In Wales it goes to Cafcass Cymru."),
            "reason": FieldWords(label="Why", hint=NO_NAMES),
        },
    ),
    "cafcass_referred": ActWords(
        title="Refer the case to Cafcass",
        phase=Phase.REFERRAL,
        done="The referral to Cafcass is recorded.",
        on="On which day it was referred",
        fields={
            "failure": FieldWords(
                label="In what the authority has failed in a significant respect", choices=FAILURES, look=Look.RADIOS
            ),
            "about": FieldWords(
                label="What the authority did or did not do, and what it means for the child", hint=NO_NAMES
            ),
            "done_so_far": FieldWords(label="What was done to resolve it, and what came of that", hint=NO_NAMES),
            "raised_with": FieldWords(
                label="With whom it was raised", hint="Select all that apply.", choices=ADDRESSEES
            ),
            "childs_view": FieldWords(
                label="What the child wishes and feels, and thinks of the referral",
                hint=f"Or why that is not known. {NO_NAMES}",
            ),
            "asks": FieldWords(label="What Cafcass is asked to do, and by when the child needs it", hint=NO_NAMES),
            "dispute": _GOES_WITH,
            "tell_child": FieldWords(
                label="Whether the child is told by letter",
                hint="As is appropriate to the child's age and understanding.",
                needed=True,
            ),
            "tell_parents": FieldWords(
                label="Whether the parents are told by letter", hint="Where that is appropriate.", needed=True
            ),
        },
    ),
    "cafcass_replied": ActWords(
        title="Cafcass replied",
        phase=Phase.REFERRAL,
        done="What Cafcass makes of the referral is recorded.",
        on="On which day it replied",
        fields={
            "referral": FieldWords(
                label="To which referral", source=Source.REFERRALS, none="No referral waits for a reply."
            ),
            "outcome": FieldWords(label="What Cafcass makes of it", choices=CAFCASS_OUTCOMES),
            "words": FieldWords(label="What should be known about it", hint=NO_NAMES),
        },
    ),
    "legal_advice_asked": ActWords(
        title="Ask for independent legal advice",
        phase=Phase.REFERRAL,
        done="The request for independent legal advice is recorded; the IRO manager owes access to it.",
        on="On which day the IRO asked for it",
        fields={
            "about": FieldWords(label="On what advice is needed", hint=NO_NAMES),
            "dispute": _GOES_WITH,
        },
    ),
    "legal_advice_given": ActWords(
        title="The IRO had legal advice",
        phase=Phase.REFERRAL,
        done="It is recorded that the IRO had the advice.",
        on="On which day the IRO had it",
        fields={
            "request": FieldWords(
                label="Which request it answers", source=Source.ADVICE_REQUESTS, none="No advice has been asked for."
            ),
        },
    ),
}
