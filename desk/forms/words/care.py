"""Words for the acts of the child's care: how it begins, changes and ends, and what is not owed for now."""

from collections.abc import Mapping

from desk.forms.words.base import ActWords, FieldWords, Look, Source
from desk.forms.words.choices import END_REASONS, LEGAL_STATUSES
from rules.vocabulary import Phase

_STATUS = FieldWords(label="Which legal status the child has", choices=LEGAL_STATUSES, look=Look.SELECT)

WORDS: Mapping[str, ActWords] = {
    "iro_service_notified": ActWords(
        title="The IRO service was told",
        phase=Phase.NOTIFICATION,
        done="It is recorded that the IRO service was told.",
        on="On which day the IRO service was told",
    ),
    "social_worker_changed": ActWords(
        title="Another social worker took the case over",
        phase=Phase.NOTIFICATION,
        done="The case is now with the social worker you chose.",
        on="From which day they have the case",
        fields={
            "social_worker": FieldWords(
                label="Which social worker",
                source=Source.SOCIAL_WORKERS,
                none="The directory holds no social worker of your authority.",
            ),
            "team_manager": FieldWords(
                label="Which team manager",
                source=Source.TEAM_MANAGERS,
                none="The directory holds no team manager of your authority.",
            ),
        },
    ),
    "legal_status_changed": ActWords(
        title="The legal status changed",
        phase=Phase.NOTIFICATION,
        done="The new legal status is recorded.",
        on="On which day it changed",
        fields={"legal_status": _STATUS},
    ),
    "short_break_limit_exceeded": ActWords(
        title="The short breaks passed their limits",
        phase=Phase.NOTIFICATION,
        done="From that day the child is fully looked after; the dates of the reviews have been worked out anew.",
        on="From which day the child is fully looked after",
    ),
    "step_exempted": ActWords(
        title="Exempt a step",
        phase=Phase.MONITORING,
        done="The step is not owed for now.",
        on="From which day it is not owed",
        fields={
            "step": FieldWords(
                label="Which step is not owed for now", source=Source.OPEN_STEPS, none="Nothing is owed just now."
            ),
            "reason": FieldWords(label="Why it is not owed", hint="Say no names."),
            "until": FieldWords(label="Until which day", hint="Leave this empty if it is for good."),
        },
    ),
    "exemption_ended": ActWords(
        title="End an exemption",
        phase=Phase.MONITORING,
        done="The step is owed again.",
        on="From which day it is owed again",
        fields={
            "step": FieldWords(
                label="Which step is owed again", source=Source.EXEMPT_STEPS, none="No step is exempt just now."
            ),
        },
    ),
    "care_ended": ActWords(
        title="Care ended",
        phase=Phase.ENDED,
        done="The end of care is recorded. What follows the last review can still be finished.",
        on="On which day the child ceased to be looked after",
        fields={"reason": FieldWords(label="Why care ended", choices=END_REASONS, look=Look.SELECT)},
    ),
    "care_voided": ActWords(
        title="The child was never looked after",
        phase=Phase.ENDED,
        done="It is recorded that the child was never looked after.",
        on="On which day it ended",
        fields={"reason": FieldWords(label="Why it was no period of care", hint="Say no names.")},
    ),
}
