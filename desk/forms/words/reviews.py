"""Words for the acts before a review, and for the review itself."""

from collections.abc import Mapping

from desk.forms.words.base import ActWords, FieldWords, Look, Source
from desk.forms.words.choices import AROUND_THE_CHILD, CONSULTED, EARLY, LATE, PARTICIPATION, WAYS_HEARD
from rules.vocabulary import Phase

NO_NAMES = "Say no names."

WORDS: Mapping[str, ActWords] = {
    "review_arranged": ActWords(
        title="Arrange the next review",
        phase=Phase.PREPARATION,
        done="The day of the next review is recorded.",
        on="On which day this was arranged",
        fields={
            "planned_for": FieldWords(label="For which day the review is arranged"),
            "at": FieldWords(label="At what time", hint="For example 14:30."),
            "place": FieldWords(
                label="Where", hint="Nobody is told who may not know where the child is to be met.", look=Look.LINE
            ),
        },
    ),
    "early_review_required": ActWords(
        title="A review is needed early",
        phase=Phase.PREPARATION,
        done="It is recorded that a review is owed before its normal date.",
        on="On which day this became known",
        fields={
            "ground": FieldWords(label="On which ground", hint="Regulation 33(3).", choices=EARLY),
            "before": FieldWords(
                label="By which day", hint="Where remand, detention or accommodation ends, the day it ends."
            ),
        },
    ),
    "discussion_held": ActWords(
        title="The IRO and the social worker talked",
        phase=Phase.PREPARATION,
        done="The talk between the IRO and the social worker is recorded.",
        on="On which day they talked over the coming review",
    ),
    "invitations_sent": ActWords(
        title="Invitations went out",
        phase=Phase.PREPARATION,
        done="It is recorded that invitations and consultation papers went out.",
        on="On which day they went out",
    ),
    "report_received": ActWords(
        title="The report and plans reached the IRO",
        phase=Phase.PREPARATION,
        done="It is recorded that the report and plans reached the IRO.",
        on="On which day they reached the IRO",
    ),
    "child_consulted": ActWords(
        title="Record the talk with the child",
        phase=Phase.PREPARATION,
        done="The talk with the child is recorded.",
        on="On which day",
        fields={
            "outcome": FieldWords(label="What came of it", choices=CONSULTED),
            "ways": FieldWords(
                label="How the child was heard",
                hint="Select all that apply. Needed where the child spoke with the IRO.",
                choices=WAYS_HEARD,
                depends=True,
            ),
            "reason": FieldWords(
                label="Why, or what else should be known",
                hint=f"Needed where the child is too young or it would not be appropriate. {NO_NAMES}",
                depends=True,
            ),
        },
    ),
    "views_gathered": ActWords(
        title="Views of the parents or others",
        phase=Phase.PREPARATION,
        done="The views are recorded.",
        on="On which day they were given or sought",
        fields={
            "source": FieldWords(label="Whose views", choices=AROUND_THE_CHILD, look=Look.SELECT),
            "given": FieldWords(label="Whether they gave their views"),
            "reason": FieldWords(label="Why they did not, if they did not", hint=NO_NAMES, depends=True),
        },
    ),
    "review_opened": ActWords(
        title="First meeting, with more to follow",
        phase=Phase.REVIEW,
        done="The review has opened. It is to be completed within 20 working days.",
        on="On which day the review opened",
    ),
    "review_continued": ActWords(
        title="A further meeting",
        phase=Phase.REVIEW,
        done="The further meeting is recorded.",
        on="On which day it was held",
    ),
    "review_adjourned": ActWords(
        title="Adjourn the review",
        phase=Phase.REVIEW,
        done="The review is adjourned. Nothing it was to decide is put into practice until it is completed.",
        on="On which day it was adjourned",
        fields={
            "reason": FieldWords(label="Why it is adjourned", hint=NO_NAMES),
            "child_wishes_sought": FieldWords(label="Whether the child was asked about adjourning it"),
            "reconvene_on": FieldWords(
                label="On which day it goes on", hint="At most 20 working days after it opened, and once only."
            ),
        },
    ),
    "review_held": ActWords(
        title="Hold the review",
        phase=Phase.REVIEW,
        done="The review is recorded as held.",
        on="On which day the review was completed",
        fields={
            "opened_on": FieldWords(
                label="On which day it opened",
                hint="Only where the first meeting was on an earlier day and is not recorded yet.",
            ),
            "counts": FieldWords(
                label="Whether this was a statutory review",
                hint="Select No for an informal meeting: it moves no date.",
            ),
            "participation": FieldWords(
                label="How the child took part",
                choices=PARTICIPATION,
                look=Look.RADIOS,
                needed=True,
                when=("counts", "yes"),
            ),
            "attended": FieldWords(label="Who came", hint="Select all that apply.", choices=AROUND_THE_CHILD),
            "chaired_by": FieldWords(
                label="Who chaired it", hint="Leave this as it is where the child's own IRO did.", source=Source.IROS
            ),
            "late_reason": FieldWords(
                label="Why it was late",
                hint="For the IRO service's annual report.",
                choices=LATE,
                look=Look.SELECT,
                rare=True,
            ),
        },
    ),
}
