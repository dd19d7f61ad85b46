"""Words for the acts of the formal dispute."""

from collections.abc import Mapping

from desk.forms.words.base import ActWords, FieldWords, Look, Source
from desk.forms.words.choices import CHALLENGE_OUTCOMES
from desk.forms.words.choices_beside import FAILURES, MATTERS, STAGES
from rules.vocabulary import Phase

NO_NAMES = "Say no names."

DISPUTE = FieldWords(label="Which dispute", source=Source.DISPUTES, none="No formal dispute is open.")
_TO_ANSWER = FieldWords(
    label="Which dispute",
    source=Source.DISPUTES_TO_ANSWER,
    none="No formal dispute is open that you may answer. Others give their answers to the IRO, who records them.",
    only_offered=True,
)

WORDS: Mapping[str, ActWords] = {
    "dispute_raised": ActWords(
        title="Raise a formal dispute",
        phase=Phase.DISPUTE,
        done="The dispute is raised. It is to be resolved within 20 working days in all.",
        on="On which day it was raised",
        fields={
            "matter": FieldWords(label="What it is about", choices=MATTERS, look=Look.SELECT),
            "about": FieldWords(label="What is disputed, and what is asked for", hint=NO_NAMES),
            "stage": FieldWords(
                label="With whom it begins", hint="It may go straight to any of them.", choices=STAGES, look=Look.RADIOS
            ),
            "follows": FieldWords(
                label="Which challenge or earlier dispute it takes further",
                hint="Leave this as it is for a new matter. A challenge taken further is closed.",
                source=Source.TAKEN_FURTHER,
            ),
            "apart_from": FieldWords(
                label="Which open dispute this one is apart from",
                hint="Only where the two are about the same kind of thing, and are two matters all the same.",
                source=Source.DISPUTES,
                rare=True,
            ),
            "failure": FieldWords(
                label="In what the authority has failed in a significant respect",
                hint="Leave this as it is where it has not. Where it has, and it is not put right in reasonable time,"
                " a referral to Cafcass is to be considered.",
                choices=FAILURES,
            ),
            "needed_by": FieldWords(
                label="By which day the child needs it resolved",
                hint="Leave this empty if 20 working days are soon enough.",
            ),
            "tell_child": FieldWords(
                label="Whether the child is told by letter",
                hint="As is appropriate to the child's age and understanding.",
                needed=True,
            ),
        },
    ),
    "dispute_answered": ActWords(
        title="Answer a formal dispute",
        phase=Phase.DISPUTE,
        done="The answer to the dispute is recorded, and the IRO is told.",
        on="On which day it was answered",
        fields={
            "dispute": _TO_ANSWER,
            "stage": FieldWords(
                label="Whose answer it is",
                hint="Leave this as it is where it is the answer of whoever the dispute is with now.",
                choices=STAGES,
                source=Source.STAGES_TO_ANSWER,
                only_offered=True,
            ),
            "answer": FieldWords(label="What the answer is", hint=NO_NAMES),
        },
    ),
    "dispute_taken_up": ActWords(
        title="Take a dispute up",
        phase=Phase.DISPUTE,
        done="The dispute is taken up, and an answer is owed there.",
        on="On which day it was taken up",
        fields={
            "dispute": DISPUTE,
            "to": FieldWords(
                label="To whom it goes",
                hint="Any stage may be skipped.",
                choices=STAGES,
                source=Source.STAGES_ABOVE,
                none="There is no stage above the one that the dispute is with.",
                look=Look.RADIOS,
            ),
            "reason": FieldWords(label="Why it is taken up", hint=NO_NAMES),
        },
    ),
    "dispute_paused": ActWords(
        title="Give a stage of a dispute longer",
        phase=Phase.DISPUTE,
        done="The stage has longer to answer. The 20 working days of the whole go on.",
        on="On which day this was agreed",
        fields={
            "dispute": DISPUTE,
            "until": FieldWords(
                label="Until which day it may answer", hint="Never longer than the 20 working days of the whole."
            ),
            "reason": FieldWords(label="Why it is given longer", hint=NO_NAMES),
        },
    ),
    "dispute_resolved": ActWords(
        title="A dispute is resolved",
        phase=Phase.DISPUTE,
        done="The dispute is recorded as resolved.",
        on="On which day it was resolved",
        fields={
            "dispute": DISPUTE,
            "outcome": FieldWords(label="How it was resolved", choices=CHALLENGE_OUTCOMES),
            "words": FieldWords(label="What should be known about it", hint=NO_NAMES),
        },
    ),
    "dispute_withdrawn": ActWords(
        title="Withdraw a dispute",
        phase=Phase.DISPUTE,
        done="The dispute is withdrawn.",
        on="On which day it was withdrawn",
        fields={"dispute": DISPUTE, "reason": FieldWords(label="Why it is withdrawn", hint=NO_NAMES)},
    ),
}
