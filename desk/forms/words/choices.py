"""Codes in plain words, each set in the order it is offered. Where a return has the code, it stands behind the words.

The codes of the SSDA903 are those of practice notes 7.2 to 7.4.
"""

from collections.abc import Mapping

from rules.codes import EndReason, LegalStatus, ParticipationCode
from rules.facts.challenge import ChallengeOutcome, ChallengeRung
from rules.facts.changes import ChangeAnswer, ChangeKind, PlanChange
from rules.vocabulary import (
    ApartGround,
    ConsultationOutcome,
    EarlyReviewGround,
    KinRelation,
    LateReason,
    ReplyOutcome,
    Role,
    VacancyReason,
    WayHeard,
    WayTold,
)
from rules.wording import with_capital

ROLES: Mapping[str, str] = {
    Role.CHILD: "The child",
    Role.PARENTS: "The parents",
    Role.CARER: "The carer",
    Role.SOCIAL_WORKER: "The social worker",
    Role.TEAM_MANAGER: "The team manager",
    Role.SERVICE_MANAGER: "The service manager",
    Role.HEAD_OF_SERVICE: "The head of service",
    Role.ASSISTANT_DIRECTOR: "The assistant director",
    Role.DIRECTOR: "The director of children's services",
    Role.CHIEF_EXECUTIVE: "The chief executive",
    Role.IRO: "The IRO",
    Role.IRO_MANAGER: "The IRO manager",
    Role.IRO_ADMINISTRATOR: "The IRO administrator",
    Role.SCHOOL: "The school",
    Role.VIRTUAL_SCHOOL_HEAD: "The virtual school head",
    Role.HEALTH: "Health",
    Role.GUARDIAN: "The children's guardian",
    Role.CAFCASS: "Cafcass",
    Role.LEGAL: "The legal service",
    Role.COURT: "The court",
    Role.COMPLAINTS_MANAGER: "The complaints manager",
    Role.ADVOCATE: "The advocate",
    Role.PERSONAL_ADVISER: "The personal adviser",
    Role.AREA_AUTHORITY: "The authority of the area where the child lives",
    Role.OTHER: "Somebody else",
}
"""Everyone but the system, which nobody chooses."""

_LINE = (
    Role.SERVICE_MANAGER,
    Role.HEAD_OF_SERVICE,
    Role.ASSISTANT_DIRECTOR,
    Role.DIRECTOR,
    Role.CHIEF_EXECUTIVE,
)
_NOT_AT_A_REVIEW = (*_LINE, Role.COURT, Role.COMPLAINTS_MANAGER)


def roles(*chosen: Role) -> Mapping[str, str]:
    """The words of some roles, in the order given."""
    return {role: ROLES[role] for role in chosen}


AROUND_THE_CHILD = {role: words for role, words in ROLES.items() if role not in _NOT_AT_A_REVIEW}
"""Those who come to a review or are given something."""

ADDRESSEES = roles(
    Role.SOCIAL_WORKER,
    Role.TEAM_MANAGER,
    *_LINE,
    Role.LEGAL,
    Role.VIRTUAL_SCHOOL_HEAD,
    Role.HEALTH,
)
PRACTICE_OF = {**ADDRESSEES, **roles(Role.CARER, Role.SCHOOL)}

PARTICIPATION: Mapping[str, str] = {
    ParticipationCode.PN0: "Was under 4 on the day of the review (PN0)",
    ParticipationCode.PN1: "Came and spoke for themselves (PN1)",
    ParticipationCode.PN2: "Came, and an advocate or the IRO spoke for them (PN2)",
    ParticipationCode.PN3: "Came and showed their views without speaking, such as by pictures or signs (PN3)",
    ParticipationCode.PN4: "Came, but did not speak, show their views or ask anybody to speak for them (PN4)",
    ParticipationCode.PN5: "Did not come, but asked an advocate or the IRO to speak for them (PN5)",
    ParticipationCode.PN6: "Did not come, but sent their views: in writing, by phone, text, audio or video (PN6)",
    ParticipationCode.PN7: "Did not come, and their views were not passed on (PN7)",
}

LEGAL_STATUSES: Mapping[str, str] = {code: f"{with_capital(code.words)} ({code})" for code in LegalStatus}

END_REASONS: Mapping[str, str] = {code: f"{with_capital(code.words)} ({code})" for code in EndReason}

VACANCY_REASONS: Mapping[str, str] = {
    VacancyReason.LEFTRL: "The IRO left (LEFTRL)",
    VacancyReason.ABSENC: "The IRO is away for long (ABSENC)",
    VacancyReason.MANAGE: "The work was shared out anew (MANAGE)",
    VacancyReason.ORGRST: "The service was reorganised (ORGRST)",
    VacancyReason.TSPROC: "The child's case moved on to another team (TSPROC)",
    VacancyReason.FCONTA: "The IRO was there for the first contact only (FCONTA)",
    VacancyReason.CHCHAN: "The child asked for another IRO (CHCHAN)",
    VacancyReason.PCCHAN: "The parents or the carer asked for another IRO (PCCHAN)",
    VacancyReason.SWDIED: "The IRO died (SWDIED)",
    VacancyReason.OTHERS: "Another reason (OTHERS)",
}

KIN: Mapping[str, str] = {
    KinRelation.SIBLING: "A brother or sister",
    KinRelation.PARENT: "A parent of this child",
    KinRelation.CHILD: "A child of this child",
}

APART: Mapping[str, str] = {
    ApartGround.CONFLICT: "Their interests conflict",
    ApartGround.GROUP_SIZE: "There are too many of them for one IRO",
}

WAYS_TOLD: Mapping[str, str] = {
    WayTold.LETTER: "By letter",
    WayTold.EMAIL: "By email",
    WayTold.TEXT: "By text message",
    WayTold.VERBALLY: "In conversation",
    WayTold.VIA_CARER: "Through the carer",
}

WAYS_HEARD: Mapping[str, str] = {
    WayHeard.IN_PERSON: "Face to face",
    WayHeard.DIRECT_WORK: "By direct work, such as drawing or play",
    WayHeard.APP: "Through an app",
    WayHeard.ADVOCATE: "Through an advocate",
    WayHeard.IN_WRITING: "In writing",
    WayHeard.CHAIRING_OWN_REVIEW: "By chairing their own review",
}

CONSULTED: Mapping[str, str] = {
    ConsultationOutcome.SPOKE: "The child spoke with the IRO",
    ConsultationOutcome.OBSERVED: "The IRO spent time with the child and observed them",
    ConsultationOutcome.REFUSED: "The child did not want to talk",
    ConsultationOutcome.TOO_YOUNG: "The child is too young",
    ConsultationOutcome.NOT_APPROPRIATE: "It would not be appropriate, given the child's understanding",
    ConsultationOutcome.OFFERED_AND_MISSED: "It was offered and the child missed it; it is still owed",
}

LATE: Mapping[str, str] = {
    LateReason.LATE_NOTIFICATION: "The IRO service was told late",
    LateReason.CHILD_UNAVAILABLE: "The child could not come",
    LateReason.CHILD_ASKED: "The child asked for another day",
    LateReason.CHILD_MISSING: "The child was missing",
    LateReason.PARENT_UNAVAILABLE: "A parent could not come",
    LateReason.SOCIAL_WORKER_UNAVAILABLE: "The social worker could not come",
    LateReason.IRO_UNAVAILABLE: "The IRO could not come",
    LateReason.PAPERS_NOT_READY: "The papers were not ready",
    LateReason.PLACEMENT_MOVE: "The child was moving to another placement",
    LateReason.COURT_TIMETABLE: "The court's timetable",
    LateReason.ADMINISTRATIVE_ERROR: "A mistake in arranging it",
    LateReason.OTHER: "Another reason",
}

EARLY: Mapping[str, str] = {
    EarlyReviewGround.IRO_ASKED: "The IRO asks for one",
    EarlyReviewGround.PLACEMENT_NOT_SAFEGUARDING: "A visit found that the placement does not safeguard the child",
    EarlyReviewGround.REMAND_OR_POLICE_ENDING: "Remand or police protection is about to end",
    EarlyReviewGround.DETENTION_ENDING: "Detention of a child in care is about to end",
    EarlyReviewGround.CEASING_NOT_TO_PARENT: "Accommodation is about to end, and the child will not go to a parent",
}

REPLIES: Mapping[str, str] = {
    ReplyOutcome.ACCEPTED: "Agreed: the decisions stand",
    ReplyOutcome.QUERIED: "Queried: something needs to be clear first",
    ReplyOutcome.REJECTED: "Not agreed",
}

CHANGES: Mapping[str, str] = {kind: with_capital(kind.words) for kind in ChangeKind}

PLAN_CHANGES: Mapping[str, str] = {
    PlanChange.PLACEMENT_WITH_PARENT: "A child in care is to be placed with a parent",
    PlanChange.LEAVING_CARE_NOT_TO_PARENT: "A child who is not in care is to leave, and not to a parent",
    PlanChange.OTHER: "Another change of the plan",
}

CHANGE_ANSWERS: Mapping[str, str] = {
    ChangeAnswer.NOTED: "Noted it; nothing more is needed",
    ChangeAnswer.SPOKE_WITH_SOCIAL_WORKER: "Spoke with the social worker",
    ChangeAnswer.CONSULTED_CHILD: "Spoke with the child about it",
    ChangeAnswer.BROUGHT_REVIEW_FORWARD: "Asked for the review to be brought forward",
    ChangeAnswer.CHALLENGED: "Challenged it",
}

RUNGS: Mapping[str, str] = {
    ChallengeRung.INFORMAL_RESOLUTION: "Informal challenge",
    ChallengeRung.PROBLEM_RESOLUTION: "Problem resolution",
    ChallengeRung.MANAGEMENT_ALERT: "Management alert",
}

CHALLENGE_OUTCOMES: Mapping[str, str] = {
    ChallengeOutcome.PUT_RIGHT: "What the IRO asked for was done",
    ChallengeOutcome.AGREED: "It was agreed what is to be done, and by when",
    ChallengeOutcome.EXPLAINED: "The answer explained it, and the IRO is satisfied",
    ChallengeOutcome.OVERTAKEN: "Things have changed, and it no longer matters",
}
