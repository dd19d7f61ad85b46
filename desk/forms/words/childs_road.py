"""Words for what the child asks for, and what comes of it."""

from collections.abc import Mapping

from desk.forms.words.base import ActWords, FieldWords, Look, Source
from desk.forms.words.choices import AROUND_THE_CHILD
from desk.forms.words.choices_beside import COMPLAINTS, WISHES, WISHES_MET
from rules.facts.childs_road import ReviewWish
from rules.vocabulary import Phase, Role

NO_NAMES = "Say no names."
ANSWERED = "It stays on record until it is answered, and cannot be withdrawn."

_WHAT_WAS_SAID = FieldWords(label="What the child said", hint=f"In the child's own words, if you can. {NO_NAMES}")
_NO_COMPLAINT = "No complaint waits for this."

WORDS: Mapping[str, ActWords] = {
    "child_wants_proceedings": ActWords(
        title="The child wants to bring proceedings",
        phase=Phase.CHILDS_ROAD,
        done=f"What the child wants is recorded. {ANSWERED}",
        on="On which day the child said so",
        fields={"words": _WHAT_WAS_SAID},
    ),
    "child_wants_no_more": ActWords(
        title="The child wants no more of something",
        phase=Phase.CHILDS_ROAD,
        done="It is recorded that the child wants no more of it.",
        on="On which day the child said so to the IRO",
        fields={
            "request": FieldWords(
                label="Of what they asked for",
                hint="Only where the child said so to the IRO themselves.",
                source=Source.ASKED_BY_THE_CHILD,
                none="Nothing that the child asked for waits for an answer.",
            ),
            "words": _WHAT_WAS_SAID,
        },
    ),
    "adult_sought": ActWords(
        title="Whether an adult can help the child with proceedings",
        phase=Phase.CHILDS_ROAD,
        done="What was found is recorded. Where no adult was found, the IRO helps the child to legal advice.",
        on="On which day this was established",
        fields={
            "request": FieldWords(
                label="What the child wants to bring",
                source=Source.WANTED_PROCEEDINGS,
                none="There are no proceedings that the child wants to bring.",
            ),
            "found": FieldWords(
                label="Whether an appropriate adult is able and willing to help",
                hint="Record it again where this changes.",
            ),
            "reason": FieldWords(label="Who was asked, and what they said", hint=NO_NAMES),
        },
    ),
    "child_helped_to_advice": ActWords(
        title="The child was helped to legal advice",
        phase=Phase.CHILDS_ROAD,
        done="It is recorded that the child was helped to legal advice.",
        on="On which day the child was helped",
        fields={
            "request": FieldWords(
                label="What the child wants to bring",
                source=Source.WANTED_ADVICE,
                none="There are no proceedings that the child wants to bring.",
            ),
            "words": FieldWords(label="What should be known about it", hint=NO_NAMES),
        },
    ),
    "complaint_made": ActWords(
        title="A complaint was made",
        phase=Phase.CHILDS_ROAD,
        done=f"The complaint is recorded. {ANSWERED}",
        on="On which day it was made",
        fields={
            "about": FieldWords(label="About whom it is", choices=COMPLAINTS, look=Look.RADIOS),
            "by_child": FieldWords(
                label="Whether the child made it themselves", hint="Select No where somebody made it for the child."
            ),
            "words": FieldWords(label="What the complaint is", hint=NO_NAMES),
        },
    ),
    "complaint_passed_on": ActWords(
        title="The IRO was told of a complaint",
        phase=Phase.CHILDS_ROAD,
        done="It is recorded that the IRO was told of the complaint.",
        on="On which day the IRO was told",
        fields={
            "complaint": FieldWords(label="Which complaint", source=Source.COMPLAINTS_TO_PASS_ON, none=_NO_COMPLAINT),
        },
    ),
    "complaint_weighed": ActWords(
        title="Whether the IRO can stay",
        phase=Phase.CHILDS_ROAD,
        done="Whether the IRO stays is recorded.",
        on="On which day this was decided",
        fields={
            "complaint": FieldWords(
                label="Because of which complaint", source=Source.COMPLAINTS_TO_WEIGH, none=_NO_COMPLAINT
            ),
            "stays": FieldWords(
                label="Whether the IRO stays",
                hint="If not, the IRO manager finds the child another one.",
            ),
            "reason": FieldWords(label="Why", hint=NO_NAMES),
        },
    ),
    "complaint_answered": ActWords(
        title="A complaint was answered",
        phase=Phase.CHILDS_ROAD,
        done="The answer to the complaint is recorded.",
        on="On which day it was answered, and the child told",
        fields={
            "complaint": FieldWords(label="Which complaint", source=Source.COMPLAINTS_TO_ANSWER, none=_NO_COMPLAINT),
            "answer": FieldWords(label="What the answer is", hint=NO_NAMES),
        },
    ),
    "advocate_asked": ActWords(
        title="An advocate was asked for",
        phase=Phase.CHILDS_ROAD,
        done=f"The wish for an advocate is recorded. {ANSWERED}",
        on="On which day it was asked for",
        fields={
            "by_child": FieldWords(
                label="Whether the child asked themselves", hint="Select No where somebody asked for the child."
            ),
            "words": FieldWords(label="What should be known about it", hint=NO_NAMES),
        },
    ),
    "advocate_provided": ActWords(
        title="The child has an advocate",
        phase=Phase.CHILDS_ROAD,
        done="It is recorded that the child has an advocate.",
        on="From which day",
        fields={
            "request": FieldWords(
                label="Which request it answers",
                source=Source.ADVOCATES_ASKED,
                none="No advocate has been asked for: record first that one was.",
                first="advocate_asked",
            ),
        },
    ),
    "child_wished": ActWords(
        title="What the child wishes of the review",
        phase=Phase.CHILDS_ROAD,
        done=f"The child's wish is recorded. {ANSWERED}",
        on="On which day the child said so",
        fields={
            "wish": FieldWords(label="What the child wishes", choices=WISHES, look=Look.RADIOS),
            "who": FieldWords(
                label="Who is not to be there",
                choices={role: words for role, words in AROUND_THE_CHILD.items() if role != Role.CHILD},
                look=Look.SELECT,
                when=("wish", ReviewWish.NOT_THERE.value),
                needed=True,
            ),
            "words": _WHAT_WAS_SAID,
        },
    ),
    "child_wish_answered": ActWords(
        title="Answer what the child wishes of the review",
        phase=Phase.CHILDS_ROAD,
        done="What comes of the child's wish is recorded.",
        on="On which day the child was told",
        fields={
            "wish": FieldWords(
                label="Which wish",
                source=Source.WISHES,
                none="No wish of the child waits for an answer: record first what the child wishes.",
                first="child_wished",
            ),
            "met": FieldWords(label="What comes of it", choices=WISHES_MET),
            "reason": FieldWords(
                label="Why, as the child was told",
                hint=f"Needed where it is not met, or not wholly. The child reads it on their own page. {NO_NAMES}",
                depends=True,
            ),
        },
    ),
}
