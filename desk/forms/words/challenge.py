"""Words for what happens between reviews: significant changes, the IRO's challenges, good practice."""

from collections.abc import Mapping

from desk.forms.words.base import ActWords, FieldWords, Look, Source
from desk.forms.words.choices import (
    ADDRESSEES,
    CHALLENGE_OUTCOMES,
    CHANGE_ANSWERS,
    CHANGES,
    PLAN_CHANGES,
    PRACTICE_OF,
    RUNGS,
)
from desk.forms.words.choices_beside import THEMES
from rules.facts.changes import ChangeAnswer, ChangeKind
from rules.vocabulary import Phase

NO_NAMES = "Say no names."

_CHALLENGE = FieldWords(label="Which challenge", source=Source.CHALLENGES, none="No challenge is open.")
_TO_ANSWER = FieldWords(
    label="Which challenge",
    source=Source.CHALLENGES_TO_ANSWER,
    none="No challenge is open that you may answer. Others give their answers to the IRO, who records them.",
    only_offered=True,
)
_OF_THE_PLAN = ("change", ChangeKind.CARE_PLAN_CHANGE_PROPOSED.value)

WORDS: Mapping[str, ActWords] = {
    "significant_change": ActWords(
        title="Report a significant change",
        phase=Phase.MONITORING,
        done="The change is recorded, and the IRO is told of it.",
        on="On which day the IRO was told",
        fields={
            "change": FieldWords(label="What happened", choices=CHANGES, look=Look.RADIOS),
            "plan_change": FieldWords(
                label="What the change of plan comes to", choices=PLAN_CHANGES, look=Look.SELECT, when=_OF_THE_PLAN
            ),
            "takes_effect": FieldWords(
                label="On which day the change of plan is to be made",
                hint="Leave this empty if it waits for the next review. If it does not, a review comes before it.",
                when=_OF_THE_PLAN,
            ),
            "detained_until": FieldWords(
                label="On which day detention or remand ends",
                hint="Leave this empty if the child is not detained. A review comes before that day.",
                when=("change", ChangeKind.CHARGED_OR_SENTENCED.value),
            ),
            "happened_on": FieldWords(label="On which day it happened, or was proposed", look=Look.DAY_PAST),
            "words": FieldWords(label="What should be known about it", hint=NO_NAMES),
        },
    ),
    "change_considered": ActWords(
        title="What comes of a change",
        phase=Phase.MONITORING,
        done="What comes of the change is recorded.",
        on="On which day the IRO considered it",
        fields={
            "change": FieldWords(
                label="Which change",
                source=Source.CHANGES,
                none="No change waits for an answer: report it first.",
                first="significant_change",
            ),
            "answer": FieldWords(label="What the IRO did", choices=CHANGE_ANSWERS, look=Look.RADIOS),
            "before": FieldWords(
                label="By which day the review is to be held",
                when=("answer", ChangeAnswer.BROUGHT_REVIEW_FORWARD.value),
                needed=True,
            ),
            "challenge": FieldWords(
                label="Which challenge it is",
                source=Source.EVERY_CHALLENGE,
                none="To record that you challenged it, raise the challenge first: none has been raised yet.",
                when=("answer", ChangeAnswer.CHALLENGED.value),
                needed=True,
            ),
            "reason": FieldWords(label="Why", hint=f"Needed where it is only noted. {NO_NAMES}", depends=True),
        },
    ),
    "challenge_raised": ActWords(
        title="Raise a challenge",
        phase=Phase.CHALLENGE,
        done="The challenge is raised, and an answer is owed.",
        on="On which day it was raised",
        fields={
            "rung": FieldWords(label="How it is raised", choices=RUNGS),
            "addressee": FieldWords(label="Who is challenged", choices=ADDRESSEES, look=Look.SELECT),
            "about": FieldWords(label="What is challenged, and what is asked for", hint=NO_NAMES),
            "answer_by": FieldWords(
                label="By which day the child needs an answer",
                hint="Leave this empty if the usual time is soon enough.",
            ),
            "follows": FieldWords(
                label="Which challenge this one takes further",
                hint="Leave this as it is for a new matter. The one taken further is closed.",
                source=Source.CHALLENGES,
            ),
        },
    ),
    "challenge_answered": ActWords(
        title="Answer a challenge",
        phase=Phase.CHALLENGE,
        done="The answer is recorded, and the IRO is told.",
        on="On which day it was answered",
        fields={"challenge": _TO_ANSWER, "answer": FieldWords(label="What the answer is", hint=NO_NAMES)},
    ),
    "challenge_resolved": ActWords(
        title="A challenge is resolved",
        phase=Phase.CHALLENGE,
        done="The challenge is recorded as resolved.",
        on="On which day it was resolved",
        fields={
            "challenge": _CHALLENGE,
            "outcome": FieldWords(label="How it was resolved", choices=CHALLENGE_OUTCOMES),
            "words": FieldWords(label="What should be known about it", hint=NO_NAMES),
        },
    ),
    "challenge_withdrawn": ActWords(
        title="Withdraw a challenge",
        phase=Phase.CHALLENGE,
        done="The challenge is withdrawn.",
        on="On which day it was withdrawn",
        fields={"challenge": _CHALLENGE, "reason": FieldWords(label="Why it is withdrawn", hint=NO_NAMES)},
    ),
    "good_practice_noted": ActWords(
        title="Note good practice",
        phase=Phase.CHALLENGE,
        done="The good practice is noted.",
        on="On which day it was seen",
        fields={
            "of": FieldWords(label="Whose practice it was", choices=PRACTICE_OF, look=Look.SELECT),
            "about": FieldWords(label="What was good about it", hint=NO_NAMES),
        },
    ),
    "poor_practice_noted": ActWords(
        title="Note poor practice",
        phase=Phase.CHALLENGE,
        done="The poor practice is noted. Seen with several children, senior managers hear of it.",
        on="On which day it was seen",
        fields={
            "theme": FieldWords(label="What it is about", choices=THEMES, look=Look.SELECT),
            "of": FieldWords(label="Whose practice it was", choices=ADDRESSEES, look=Look.SELECT),
            "about": FieldWords(label="What was seen", hint=NO_NAMES),
        },
    ),
}
