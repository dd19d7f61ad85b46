"""Words for court proceedings: who is named to whom, hearings, documents, the children's guardian."""

from collections.abc import Mapping

from desk.forms.words.base import ActWords, FieldWords, Look, Source
from desk.forms.words.choices_beside import (
    COURT_DOCUMENTS,
    HEARINGS,
    IRO_NAMED_TO,
    PROCEEDINGS,
    PROCEEDINGS_OUTCOMES,
    TOPICS,
)
from desk.forms.words.dispute import DISPUTE
from desk.forms.words.follow_up import REVIEW
from rules.vocabulary import Phase

NO_NAMES = "Say no names."

_UNDER_WAY = FieldWords(
    label="Which proceedings",
    source=Source.PROCEEDINGS,
    none="No proceedings are under way: record their issue first.",
    first="proceedings_issued",
)
_ANY = FieldWords(
    label="Which proceedings",
    source=Source.EVERY_PROCEEDINGS,
    none="No proceedings were issued: record their issue first.",
    first="proceedings_issued",
)
_GUARDED = FieldWords(
    label="Which proceedings",
    source=Source.GUARDED_PROCEEDINGS,
    none="No guardian is appointed in proceedings that are under way: record the appointment first.",
    first="guardian_appointed",
)

WORDS: Mapping[str, ActWords] = {
    "proceedings_issued": ActWords(
        title="Court proceedings were issued",
        phase=Phase.PROCEEDINGS,
        done="The proceedings are recorded.",
        on="On which day they were issued",
        fields={
            "about": FieldWords(label="What the court is asked for", choices=PROCEEDINGS),
            "with_children": FieldWords(
                label="Which other children they are about",
                hint="By their references, with commas between; never names. Record it of each of them too.",
            ),
        },
    ),
    "iro_named_in_proceedings": ActWords(
        title="Who the IRO is was told",
        phase=Phase.PROCEEDINGS,
        done="It is recorded that they were told who the IRO is.",
        on="On which day they were told",
        fields={
            "proceedings": _UNDER_WAY,
            "to": FieldWords(
                label="Who was told", hint="The legal service tells the court.", choices=IRO_NAMED_TO, look=Look.RADIOS
            ),
        },
    ),
    "guardian_appointed": ActWords(
        title="A children's guardian was appointed",
        phase=Phase.PROCEEDINGS,
        done="It is recorded that a guardian was appointed.",
        on="On which day the court appointed the guardian, or another one",
        fields={"proceedings": _UNDER_WAY},
    ),
    "guardian_named_to_iro": ActWords(
        title="The IRO was told who the guardian is",
        phase=Phase.PROCEEDINGS,
        done="It is recorded that the IRO was told who the guardian is.",
        on="On which day the IRO was told",
        fields={"proceedings": _GUARDED},
    ),
    "court_document_received": ActWords(
        title="A court document was received",
        phase=Phase.PROCEEDINGS,
        done="The document is recorded; the IRO is to have it within five working days.",
        on="On which day the legal service received it",
        fields={"proceedings": _ANY, "document": FieldWords(label="Which document", choices=COURT_DOCUMENTS)},
    ),
    "court_document_given": ActWords(
        title="The IRO had a court document",
        phase=Phase.PROCEEDINGS,
        done="It is recorded that the IRO had the document.",
        on="On which day the IRO had it",
        fields={
            "document": FieldWords(
                label="Which document",
                source=Source.COURT_DOCUMENTS,
                none="No document waits for the IRO to have it: record first that it was received.",
                first="court_document_received",
            ),
        },
    ),
    "hearing_listed": ActWords(
        title="A hearing was listed",
        phase=Phase.PROCEEDINGS,
        done="The hearing is recorded. What is owed to the court falls due before it.",
        on="On which day it was listed",
        fields={
            "proceedings": _UNDER_WAY,
            "hearing": FieldWords(label="Which hearing", choices=HEARINGS),
            "held_on": FieldWords(label="On which day it is to be held"),
        },
    ),
    "hearing_moved": ActWords(
        title="A hearing was moved, or will not be held",
        phase=Phase.PROCEEDINGS,
        done="What becomes of the hearing is recorded; what comes before it has moved with it.",
        on="On which day this was made known",
        fields={
            "hearing": FieldWords(
                label="Which hearing",
                source=Source.HEARINGS_TO_COME,
                none="No hearing is to come: record first that it was listed.",
                first="hearing_listed",
            ),
            "held_on": FieldWords(
                label="On which day it is to be held now", hint="Leave this empty where it will not be held."
            ),
            "reason": FieldWords(label="Why", hint=NO_NAMES),
        },
    ),
    "hearing_reported": ActWords(
        title="What came of a hearing",
        phase=Phase.PROCEEDINGS,
        done="What came of the hearing is recorded.",
        on="On which day the IRO was told",
        fields={
            "hearing": FieldWords(
                label="Which hearing",
                source=Source.HEARINGS_HELD,
                none="There is no hearing of which the IRO is still to be told.",
            ),
            "words": FieldWords(label="What came of it", hint=NO_NAMES),
        },
    ),
    "guardian_invited": ActWords(
        title="The guardian was invited to the review",
        phase=Phase.PROCEEDINGS,
        done="It is recorded that the guardian was invited.",
        on="On which day the guardian was told of the review and invited",
        fields={"proceedings": _GUARDED},
    ),
    "record_filed": ActWords(
        title="The court was given the record of a review",
        phase=Phase.PROCEEDINGS,
        done="It is recorded that the court was given the record.",
        on="On which day the legal service gave it to the court",
        fields={"review": REVIEW},
    ),
    "spoke_with_guardian": ActWords(
        title="The IRO spoke with the guardian",
        phase=Phase.PROCEEDINGS,
        done="The talk with the guardian is recorded.",
        on="On which day they spoke",
        fields={
            "proceedings": _GUARDED,
            "topics": FieldWords(label="What they spoke about", hint="Select all that apply.", choices=TOPICS),
            "words": FieldWords(label="What should be known about it", hint=NO_NAMES),
        },
    ),
    "court_told_of_dispute": ActWords(
        title="The court was told of a dispute",
        phase=Phase.PROCEEDINGS,
        done="It is recorded that the court was told of the dispute.",
        on="On which day the legal service told the court",
        fields={"proceedings": _UNDER_WAY, "dispute": DISPUTE},
    ),
    "proceedings_ended": ActWords(
        title="Court proceedings ended",
        phase=Phase.PROCEEDINGS,
        done="The end of the proceedings is recorded.",
        on="On which day they ended",
        fields={
            "proceedings": _UNDER_WAY,
            "outcome": FieldWords(label="How they ended", choices=PROCEEDINGS_OUTCOMES, look=Look.SELECT),
        },
    ),
    "guardian_handed_over": ActWords(
        title="The last talk of guardian and IRO",
        phase=Phase.PROCEEDINGS,
        done="The last talk of guardian and IRO is recorded.",
        on="On which day they had their last talk",
        fields={
            "proceedings": FieldWords(
                label="Which proceedings",
                source=Source.PROCEEDINGS_TO_HAND_OVER,
                none="There are no proceedings with a guardian who has not handed over.",
            ),
            "words": FieldWords(label="What is to be kept under review", hint=NO_NAMES),
        },
    ),
}
