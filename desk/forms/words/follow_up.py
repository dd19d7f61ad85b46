"""Words for the acts after a review: its decisions, the manager's answer, the record."""

from collections.abc import Mapping

from desk.forms.words.base import ActWords, FieldWords, Look, Source
from desk.forms.words.choices import AROUND_THE_CHILD, REPLIES, ROLES
from rules.vocabulary import Phase

NO_NAMES = "Say no names."

REVIEW = FieldWords(
    label="After which review",
    source=Source.REVIEWS,
    none="No review has been held yet: record it first.",
    first="review_held",
    needed=True,
)
_DECISION = FieldWords(label="Which decision", source=Source.DECISIONS, none="No decision waits to be carried out.")

WORDS: Mapping[str, ActWords] = {
    "decision_made": ActWords(
        title="Decisions of the review",
        phase=Phase.FOLLOW_UP,
        done="The decisions are recorded.",
        on="On which day they were made",
        fields={
            "review": REVIEW,
            "decision": FieldWords(label="The decision's reference", asked=False),
            "text": FieldWords(label="What was decided", hint=NO_NAMES),
            "owner": FieldWords(label="Who is to do it", choices=ROLES, look=Look.SELECT),
            "owner_reference": FieldWords(label="Who exactly, by reference", asked=False),
            "due": FieldWords(label="By which day"),
        },
    ),
    "decision_changed": ActWords(
        title="Give a decision another day or owner",
        phase=Phase.FOLLOW_UP,
        done="The decision is changed.",
        on="On which day this was agreed",
        fields={
            "decision": _DECISION,
            "due": FieldWords(label="By which day it is to be done now"),
            "owner": FieldWords(
                label="Who is to do it now", hint="Leave this as it is where it stays.", choices=ROLES, look=Look.SELECT
            ),
            "reason": FieldWords(label="Why it changes", hint=NO_NAMES),
        },
    ),
    "decision_carried_out": ActWords(
        title="A decision was carried out",
        phase=Phase.FOLLOW_UP,
        done="The decision is recorded as carried out.",
        on="On which day it was carried out",
        fields={"decision": _DECISION},
    ),
    "decision_dropped": ActWords(
        title="Drop a decision",
        phase=Phase.FOLLOW_UP,
        done="The decision no longer stands.",
        on="On which day this was agreed",
        fields={"decision": _DECISION, "reason": FieldWords(label="Why it no longer stands", hint=NO_NAMES)},
    ),
    "decisions_sent": ActWords(
        title="The decisions reached the team manager",
        phase=Phase.FOLLOW_UP,
        done="It is recorded that the decisions reached the team manager, who has five working days to reply.",
        on="On which day the decisions reached the team manager",
        fields={"review": REVIEW},
    ),
    "manager_replied": ActWords(
        title="Reply to the decisions",
        phase=Phase.FOLLOW_UP,
        done="The reply to the decisions is recorded.",
        on="On which day the reply was given",
        fields={
            "review": REVIEW,
            "outcome": FieldWords(label="What the reply is", choices=REPLIES),
            "reason": FieldWords(
                label="Why", hint=f"Needed where the decisions are queried or not agreed. {NO_NAMES}", depends=True
            ),
        },
    ),
    "decisions_circulated": ActWords(
        title="The agreed decisions were circulated",
        phase=Phase.FOLLOW_UP,
        done="It is recorded that the agreed decisions were circulated.",
        on="On which day they were circulated",
        fields={"review": REVIEW},
    ),
    "record_completed": ActWords(
        title="The written record is finished",
        phase=Phase.FOLLOW_UP,
        done="It is recorded that the written record is finished.",
        on="On which day it was finished",
        fields={"review": REVIEW},
    ),
    "record_distributed": ActWords(
        title="Circulate the record",
        phase=Phase.FOLLOW_UP,
        done="Who was given the record is recorded.",
        on="On which day they were given it",
        fields={
            "review": REVIEW,
            "recipient": FieldWords(label="Who was given it", choices=AROUND_THE_CHILD, look=Look.SELECT),
        },
    ),
    "record_withheld": ActWords(
        title="Who is not given the record",
        phase=Phase.FOLLOW_UP,
        done="Who is not given the record, and why, is recorded.",
        on="On which day this was decided",
        fields={
            "review": REVIEW,
            "recipient": FieldWords(label="Who is not given it", choices=AROUND_THE_CHILD, look=Look.SELECT),
            "reason": FieldWords(label="Why it is withheld", hint=NO_NAMES),
        },
    ),
    "mid_point_checked": ActWords(
        title="Check between reviews",
        phase=Phase.MONITORING,
        done="The check between reviews is recorded.",
        on="On which day the IRO looked how the plan is going",
    ),
}
