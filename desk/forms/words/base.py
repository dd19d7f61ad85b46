"""What the forms say of an act and of each of its fields."""

from collections.abc import Mapping
from enum import StrEnum

from rules.vocabulary import Frozen, Phase


class Look(StrEnum):
    """How a field is filled in."""

    DAY = "day"
    """Three boxes."""
    DAY_PAST = "day_past"
    """Today, yesterday, or three boxes."""
    TIME = "time"
    YES_NO = "yes_no"
    RADIOS = "radios"
    SELECT = "select"
    CHECKBOXES = "checkboxes"
    WORDS = "words"
    """Several lines, with a count of what is left."""
    LINE = "line"
    """One line: a reference."""
    SEVERAL = "several"
    """One line, with commas between."""


class Source(StrEnum):
    """Where the choices of a field come from that the case or the directory has."""

    IROS = "iros"
    SOCIAL_WORKERS = "social_workers"
    TEAM_MANAGERS = "team_managers"
    REVIEWS = "reviews"
    DECISIONS = "decisions"
    CHALLENGES = "challenges"
    EVERY_CHALLENGE = "every_challenge"
    CHALLENGES_TO_ANSWER = "challenges_to_answer"
    """The open ones whose answer whoever fills in the form may record."""
    TAKEN_FURTHER = "taken_further"
    """What a dispute may take further: an open challenge, or an earlier dispute that is closed."""
    DISPUTES = "disputes"
    DISPUTES_TO_ANSWER = "disputes_to_answer"
    """The open ones whose answer whoever fills in the form may record, where they stand now."""
    STAGES_TO_ANSWER = "stages_to_answer"
    """The stages whose answer whoever fills in the form may record."""
    STAGES_ABOVE = "stages_above"
    """The stages to which an open dispute may be taken up."""
    DISPUTES_TO_CONSIDER = "disputes_to_consider"
    """Those of which it was not decided yet whether to refer the case."""
    REFERRALS = "referrals"
    ADVICE_REQUESTS = "advice_requests"
    PROCEEDINGS = "proceedings"
    EVERY_PROCEEDINGS = "every_proceedings"
    GUARDED_PROCEEDINGS = "guarded_proceedings"
    """Those under way in which a guardian is appointed."""
    PROCEEDINGS_TO_HAND_OVER = "proceedings_to_hand_over"
    COURT_DOCUMENTS = "court_documents"
    HEARINGS_TO_COME = "hearings_to_come"
    HEARINGS_HELD = "hearings_held"
    """Those whose day has come, of which the IRO was not told yet."""
    WANTED_PROCEEDINGS = "wanted_proceedings"
    """What the child wants to bring to court. Whether an adult can help may be established more than once."""
    WANTED_ADVICE = "wanted_advice"
    """The same, where the child was not helped to advice yet."""
    ASKED_BY_THE_CHILD = "asked_by_the_child"
    """Whatever the child asked for and has had no answer to."""
    COMPLAINTS_TO_PASS_ON = "complaints_to_pass_on"
    COMPLAINTS_TO_WEIGH = "complaints_to_weigh"
    COMPLAINTS_TO_ANSWER = "complaints_to_answer"
    ADVOCATES_ASKED = "advocates_asked"
    WISHES = "wishes"
    CHANGES = "changes"
    UNDELIVERED = "undelivered"
    OPEN_STEPS = "open_steps"
    EXEMPT_STEPS = "exempt_steps"


class FieldWords(Frozen):
    """What a form says of one field.

    Attributes:
        label: beginning a sentence, and to stand after "Enter" or "Select": "What was decided".
        hint: what helps to answer; empty where the label says it all.
        choices: each code in plain words, in the order they are offered.
        source: where the choices come from, where the case has them.
        none: what is said where the case has none to choose.
        first: the act to be recorded first where the case has none to choose; empty where that is none.
        only_offered: what is not offered to whoever fills the form in, they may not choose.
        look: how it is filled in, where its shape alone does not tell.
        needed: it must be answered, though a case system may leave it out.
        asked: False where the desk itself fills it in, or leaves it out.
        when: the field and the answer with which this one is asked; else it is left out.
        rare: it is asked only where the case calls for it.
        depends: whether it must be answered depends on the case; the hint says when.
    """

    label: str
    hint: str = ""
    choices: Mapping[str, str] = {}
    source: Source | None = None
    none: str = ""
    first: str = ""
    only_offered: bool = False
    look: Look | None = None
    needed: bool = False
    asked: bool = True
    when: tuple[str, str] | None = None
    rare: bool = False
    depends: bool = False


class ActWords(Frozen):
    """What a form says of an act.

    Attributes:
        title: the form's heading, and what links to it say: "Hold the review".
        phase: the part of the cycle under which it is listed.
        done: what stands when it is recorded, a sentence.
        on: the label of the day it happened.
        fields: the words of its own fields, in the order they are asked.
    """

    title: str
    phase: Phase
    done: str
    on: str
    fields: Mapping[str, FieldWords] = {}
