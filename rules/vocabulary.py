"""The field's own words, as closed sets: nations, roles, forces of law, units. The codes of the SSDA903 return stand in
`rules.codes`."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints


class Frozen(BaseModel):
    """A value: never changed once made, and refusing any field it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _london(given: time) -> time:
    if given.tzinfo is not None:
        raise ValueError("give the time of day in London, without a time zone")
    return given


REFERENCE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,47}$"
Reference = Annotated[str, StringConstraints(pattern=REFERENCE)]
"""What stands for a person, a decision or a fact: an opaque reference, never a name."""

SYSTEM = "system"
"""Who records what the system did itself; nobody else may."""
NOBODY = "nobody"
"""Who, where nobody is signed in."""
_PRIVATE_LINK = "link-"
"""What the reference of a young person's private link begins with; its number follows."""


def is_reserved(reference: str) -> bool:
    """Whether a reference is one of those that stand for no person and no case system: the system itself, nobody, or a
    young person's private link. None who comes in by sign-in or by a token may go by it."""
    return reference in (SYSTEM, NOBODY) or reference.startswith(_PRIVATE_LINK)


EPISODE_ID = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"
"""What the id of an episode looks like."""

STEP_KEY = r"^[a-z][a-z_]{0,39}(\.[A-Za-z0-9._-]{1,48})?$"
StepKey = Annotated[str, StringConstraints(pattern=STEP_KEY)]
"""A step's name, and the reference that tells it from others of its name: `record.review-2`."""

Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2099, 12, 31))]
"""A London date that a fact may name: far enough either way for any child in care, and no further."""

Need = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
"""What a child needs of an IRO, or an IRO offers, as one word: a language, a way of communicating, a faith."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
"""A reason or a decision in a person's own words. Kept encrypted; never logged."""

FewWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
"""The same in one line: a place, why a message did not arrive."""

TimeOfDay = Annotated[time, AfterValidator(_london)]
"""A London time of day."""

LadderName = Literal["default", "decision", "challenge", "system"]
"""The escalation ladders: for decisions to be carried out, for challenges to be answered, for what the system owes
itself, for every other step."""


class Nation(StrEnum):
    ENGLAND = "england"
    WALES = "wales"


class Force(StrEnum):
    """How binding a limit is: breach of a regulation is not missed guidance is not a missed local target."""

    STATUTE = "statute"
    REGULATION = "regulation"
    GUIDANCE = "guidance"
    LOCAL = "local"


class Unit(StrEnum):
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"
    ON_THE_DAY = "on_the_day"
    """No period: the limit is a day that the facts name (a decision's own date, an 18th birthday)."""


class Role(StrEnum):
    """Who owes a step, hears of an escalation, or receives a notice."""

    CHILD = "child"
    PARENTS = "parents"
    CARER = "carer"
    SOCIAL_WORKER = "social_worker"
    TEAM_MANAGER = "team_manager"
    SERVICE_MANAGER = "service_manager"
    HEAD_OF_SERVICE = "head_of_service"
    ASSISTANT_DIRECTOR = "assistant_director"
    DIRECTOR = "director"
    CHIEF_EXECUTIVE = "chief_executive"
    IRO = "iro"
    IRO_MANAGER = "iro_manager"
    IRO_ADMINISTRATOR = "iro_administrator"
    GUARDIAN = "guardian"
    LEGAL = "legal"
    COURT = "court"
    COMPLAINTS_MANAGER = "complaints_manager"
    SCHOOL = "school"
    VIRTUAL_SCHOOL_HEAD = "virtual_school_head"
    HEALTH = "health"
    CAFCASS = "cafcass"
    ADVOCATE = "advocate"
    PERSONAL_ADVISER = "personal_adviser"
    AREA_AUTHORITY = "area_authority"
    OTHER = "other"
    SYSTEM = "system"

    @property
    def words(self) -> str:
        """The role as people say it, to stand after "the": "IRO manager", "social worker"."""
        return _NOT_AS_SPELT.get(self) or self.value.replace("_", " ").replace("iro", "IRO")


_NOT_AS_SPELT = {Role.LEGAL: "legal service", Role.HEALTH: "health service", Role.CAFCASS: "Cafcass"}


class Phase(StrEnum):
    """A part of the review cycle; an episode's stage is the first phase with an open step."""

    NOTIFICATION = "notification"
    ALLOCATION = "allocation"
    INFORMING = "informing"
    PREPARATION = "preparation"
    REVIEW = "review"
    FOLLOW_UP = "follow_up"
    MONITORING = "monitoring"
    CHALLENGE = "challenge"
    CHILDS_ROAD = "childs_road"
    PROCEEDINGS = "proceedings"
    DISPUTE = "dispute"
    REFERRAL = "referral"
    ENDED = "ended"
    VOID = "void"

    @property
    def outlives_care(self) -> bool:
        """Whether what is owed in it is still owed when care has ended: what follows the last review, a challenge or a
        dispute, and what the child asked for (practice notes 9)."""
        return self is Phase.FOLLOW_UP or (self.runs_beside and self is not Phase.PROCEEDINGS)

    @property
    def runs_beside(self) -> bool:
        """Whether it runs beside the cycle, at its own pace: an episode's stage only where nothing else is open."""
        return self in (Phase.CHALLENGE, Phase.CHILDS_ROAD, Phase.PROCEEDINGS, Phase.DISPUTE, Phase.REFERRAL)


class StepState(StrEnum):
    OPEN = "open"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    DEEMED = "deemed"
    """Closed by silence: the manager did not answer, and is taken to agree."""
    EXEMPTED = "exempted"
    MISSED = "missed"
    """It can no longer be done (the review went ahead without it, or care ended after it fell due)."""
    NOT_REQUIRED = "not_required"


class ConsultationOutcome(StrEnum):
    """What came of the IRO's duty to speak with the child before the review (reg 36(1)(b))."""

    SPOKE = "spoke"
    OBSERVED = "observed"
    REFUSED = "refused"
    TOO_YOUNG = "too_young"
    NOT_APPROPRIATE = "not_appropriate"
    OFFERED_AND_MISSED = "offered_and_missed"


class WayHeard(StrEnum):
    """The ways a child's wishes and feelings can reach a review."""

    IN_PERSON = "in_person"
    DIRECT_WORK = "direct_work"
    APP = "app"
    ADVOCATE = "advocate"
    IN_WRITING = "in_writing"
    CHAIRING_OWN_REVIEW = "chairing_own_review"


class WayTold(StrEnum):
    LETTER = "letter"
    EMAIL = "email"
    TEXT = "text"
    VERBALLY = "verbally"
    VIA_CARER = "via_carer"


class LateReason(StrEnum):
    """Why a review was held late; needed for the IRO service's annual report (HB 7.11)."""

    LATE_NOTIFICATION = "late_notification"
    CHILD_UNAVAILABLE = "child_unavailable"
    CHILD_ASKED = "child_asked"
    CHILD_MISSING = "child_missing"
    PARENT_UNAVAILABLE = "parent_unavailable"
    SOCIAL_WORKER_UNAVAILABLE = "social_worker_unavailable"
    IRO_UNAVAILABLE = "iro_unavailable"
    PAPERS_NOT_READY = "papers_not_ready"
    PLACEMENT_MOVE = "placement_move"
    COURT_TIMETABLE = "court_timetable"
    ADMINISTRATIVE_ERROR = "administrative_error"
    OTHER = "other"


class EarlyReviewGround(StrEnum):
    """Reg 33(3): when a review is owed before the normal date."""

    IRO_ASKED = "iro_asked"
    """33(3)(a): the IRO asks for one."""
    PLACEMENT_NOT_SAFEGUARDING = "placement_not_safeguarding"
    """33(3)(b): the representative's assessment under reg 30."""
    REMAND_OR_POLICE_ENDING = "remand_or_police_ending"
    """33(3)(c): accommodated under s.21(2)(b) or (c), and no review would otherwise come before it ends."""
    DETENTION_ENDING = "detention_ending"
    """33(3)(d): in care and detained in a secure training centre or young offender institution, likewise."""
    CEASING_NOT_TO_PARENT = "ceasing_not_to_parent"
    """33(3)(e): not in care, and accommodation is to stop without the child going to a parent."""

    @classmethod
    def before_leaving(cls) -> frozenset["EarlyReviewGround"]:
        """The grounds that ask for a review before the child leaves: 33(3)(c) to (e)."""
        return frozenset({cls.REMAND_OR_POLICE_ENDING, cls.DETENTION_ENDING, cls.CEASING_NOT_TO_PARENT})


class ReplyOutcome(StrEnum):
    """The team manager's answer to the decisions of a review."""

    ACCEPTED = "accepted"
    QUERIED = "queried"
    REJECTED = "rejected"


class VacancyReason(StrEnum):
    """Why an IRO gave a child up (the codes of SW_REASON, which serve here too)."""

    MANAGE = "MANAGE"
    FCONTA = "FCONTA"
    LEFTRL = "LEFTRL"
    ORGRST = "ORGRST"
    TSPROC = "TSPROC"
    ABSENC = "ABSENC"
    CHCHAN = "CHCHAN"
    PCCHAN = "PCCHAN"
    SWDIED = "SWDIED"
    OTHERS = "OTHERS"


class KinRelation(StrEnum):
    """How another child who is looked after is related to this one: what the other is to this child."""

    SIBLING = "sibling"
    PARENT = "parent"
    CHILD = "child"


class ApartGround(StrEnum):
    """Why siblings do not share an IRO (practice notes 4.9)."""

    CONFLICT = "conflict"
    GROUP_SIZE = "group_size"


def birthday(birth: date, age: int) -> date:
    """The day a person reaches an age.

    Someone born on 29 February reaches it on 1 March where the year has no 29 February, so that no child is
    let go a day early. Source: Family Law Reform Act 1969 s.9(1), as practice notes 9 read it (unverified).

    Args:
        birth: the day of birth.
        age: in years.

    Returns:
        The day on which the age is attained (from midnight, Europe/London).
    """
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


def age_on(birth: date, day: date) -> int:
    """The age in whole years on a day, reckoned as `birthday` does."""
    years = day.year - birth.year
    return years if day >= birthday(birth, years) else years - 1
