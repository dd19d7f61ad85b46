"""Who may see and do what: one table, for pages, acts and the API. Whatever is not in it, nobody may.

A page about a child asks twice: whether the role may see such a page (`PAGES`), and whether the child is theirs
(`REACH`). Every refusal is in the audit log. Tests go through all of it: `tests/desk/test_access.py`.
"""

from collections.abc import Mapping
from enum import StrEnum

from client.acts import ACTS as ACTS_THERE_ARE
from client.acts import OPENING_ACT
from desk.viewer import DeskRole, Viewer
from register.queries import EpisodeLine

Roles = frozenset[DeskRole]

IRO = DeskRole.IRO
WORKER = DeskRole.SOCIAL_WORKER
TEAM_MANAGER = DeskRole.TEAM_MANAGER
MANAGER = DeskRole.IRO_MANAGER
ADMINISTRATOR = DeskRole.IRO_ADMINISTRATOR
OPERATOR = DeskRole.OPERATOR

EVERYONE: Roles = frozenset(DeskRole)
STAFF: Roles = EVERYONE - {OPERATOR}
IRO_SERVICE: Roles = frozenset({IRO, MANAGER, ADMINISTRATOR})


class Reach(StrEnum):
    """Whose children somebody sees."""

    OWN = "own"
    """Those the case names them for."""
    SERVICE = "service"
    """Every child of their authority."""
    NONE = "none"
    """No child: numbers and codes only."""


REACH: Mapping[DeskRole, Reach] = {
    IRO: Reach.OWN,
    WORKER: Reach.OWN,
    TEAM_MANAGER: Reach.OWN,
    MANAGER: Reach.SERVICE,
    ADMINISTRATOR: Reach.SERVICE,
    OPERATOR: Reach.NONE,
}


class Page(StrEnum):
    """Everything the desk shows to somebody who is signed in. The value is what the audit log calls it."""

    HOME = "home"
    TASKS = "tasks"
    CHILDREN = "children"
    DRAFTS = "drafts"
    CHILD = "child"
    STEP = "step"
    DISPUTE = "dispute"
    REFERRAL = "referral"
    RECORD = "record"
    LINKS = "links"
    ALLOCATION = "allocation"
    CASELOADS = "caseloads"
    OVERDUE = "overdue"
    BOARD = "board"
    MAIL = "mail"
    DIGEST = "digest"
    AUDIT = "audit"
    OPERATIONS = "operations"
    CASE_WITHOUT_NAMES = "case_without_names"


PAGES: Mapping[Page, Roles] = {
    Page.HOME: EVERYONE,
    Page.TASKS: STAFF,
    Page.CHILDREN: STAFF,
    Page.DRAFTS: STAFF,
    Page.CHILD: STAFF,
    Page.STEP: STAFF,
    Page.DISPUTE: STAFF,
    Page.REFERRAL: STAFF,
    Page.RECORD: STAFF,
    Page.LINKS: frozenset({IRO, MANAGER, ADMINISTRATOR}),
    Page.ALLOCATION: frozenset({MANAGER}),
    Page.CASELOADS: frozenset({MANAGER}),
    Page.OVERDUE: frozenset({MANAGER, ADMINISTRATOR}),
    Page.BOARD: frozenset({MANAGER, ADMINISTRATOR}),
    Page.MAIL: frozenset({MANAGER, ADMINISTRATOR}),
    Page.DIGEST: frozenset({MANAGER}),
    Page.AUDIT: frozenset({MANAGER}),
    Page.OPERATIONS: frozenset({OPERATOR}),
    Page.CASE_WITHOUT_NAMES: frozenset({OPERATOR}),
}

NOBODY: Roles = frozenset()
_CARE: Roles = frozenset({WORKER, TEAM_MANAGER, MANAGER, ADMINISTRATOR})
_SERVICE_AND_WORKER: Roles = IRO_SERVICE | {WORKER}
_THE_IRO: Roles = frozenset({IRO})
_FROM_THE_COURT: Roles = _CARE | {IRO}

ACTS: Mapping[str, Roles] = {
    # The child's care. Only a case system or an operator opens an episode or takes one on.
    "became_looked_after": NOBODY,
    "case_taken_on": NOBODY,
    "iro_service_notified": _CARE,
    "social_worker_changed": frozenset({TEAM_MANAGER, MANAGER, ADMINISTRATOR}),
    "legal_status_changed": _CARE,
    "short_break_limit_exceeded": _CARE,
    "care_ended": _CARE,
    "care_voided": _CARE,
    "step_exempted": frozenset({IRO, MANAGER}),
    "exemption_ended": frozenset({IRO, MANAGER}),
    # The child's IRO.
    "kin_known": _CARE,
    "siblings_kept_apart": frozenset({MANAGER}),
    "needs_known": _SERVICE_AND_WORKER,
    "iro_appointed": frozenset({MANAGER}),
    "iro_conflict_declared": frozenset({IRO, MANAGER}),
    "iro_change_asked": _SERVICE_AND_WORKER,
    "iro_change_declined": frozenset({MANAGER}),
    "iro_handed_over": frozenset({IRO}),
    "iro_post_vacated": frozenset({MANAGER}),
    "iro_cover_arranged": frozenset({MANAGER}),
    "iro_cover_ended": frozenset({MANAGER}),
    "iro_made_known": _SERVICE_AND_WORKER,
    "iro_not_made_known": IRO_SERVICE,
    "reviewing_policy_given": frozenset({WORKER, ADMINISTRATOR}),
    "reviewing_policy_withheld": frozenset({WORKER, ADMINISTRATOR}),
    # Before a review.
    "review_arranged": _SERVICE_AND_WORKER,
    "early_review_required": frozenset({IRO, WORKER, MANAGER}),
    "discussion_held": frozenset({IRO, WORKER}),
    "invitations_sent": frozenset({WORKER, ADMINISTRATOR}),
    "report_received": _SERVICE_AND_WORKER,
    "child_consulted": frozenset({IRO}),
    "views_gathered": frozenset({IRO, ADMINISTRATOR, WORKER}),
    # The review, and what follows it.
    "review_opened": frozenset({IRO}),
    "review_continued": frozenset({IRO}),
    "review_adjourned": frozenset({IRO}),
    "review_held": frozenset({IRO}),
    "decision_made": frozenset({IRO}),
    "decision_changed": frozenset({IRO}),
    "decision_carried_out": frozenset({IRO, WORKER, TEAM_MANAGER}),
    "decision_dropped": frozenset({IRO}),
    "decisions_sent": frozenset({IRO, ADMINISTRATOR}),
    "manager_replied": frozenset({TEAM_MANAGER}),
    "decisions_circulated": frozenset({IRO, ADMINISTRATOR}),
    "record_completed": frozenset({IRO}),
    "record_distributed": frozenset({IRO, ADMINISTRATOR}),
    "record_withheld": frozenset({IRO, ADMINISTRATOR}),
    "mid_point_checked": frozenset({IRO}),
    # Notices that reached nobody.
    "notice_delivered": IRO_SERVICE,
    # Changes the IRO must hear of, and the IRO's challenge.
    "significant_change": frozenset({WORKER, TEAM_MANAGER, IRO}),
    "change_considered": frozenset({IRO}),
    "challenge_raised": frozenset({IRO}),
    "challenge_answered": frozenset({TEAM_MANAGER, WORKER, MANAGER, IRO}),
    "challenge_resolved": frozenset({IRO}),
    "challenge_withdrawn": frozenset({IRO}),
    "good_practice_noted": frozenset({IRO}),
    "poor_practice_noted": _THE_IRO,
    # A formal dispute, Cafcass, and independent legal advice.
    "dispute_raised": _THE_IRO,
    # No stage is a social worker's, and whoever answers stops its clock.
    "dispute_answered": frozenset({TEAM_MANAGER, MANAGER, IRO}),
    "dispute_taken_up": _THE_IRO,
    "dispute_paused": _THE_IRO,
    "dispute_resolved": _THE_IRO,
    "dispute_withdrawn": _THE_IRO,
    "cafcass_considered": _THE_IRO,
    "cafcass_referred": _THE_IRO,
    "cafcass_replied": _THE_IRO,
    "legal_advice_asked": _THE_IRO,
    "legal_advice_given": IRO_SERVICE,
    # Court proceedings. The legal service has no desk: its case system reports, or those who hear of it from there.
    "proceedings_issued": _CARE,
    "iro_named_in_proceedings": _CARE,
    "guardian_appointed": _FROM_THE_COURT,
    "guardian_named_to_iro": _FROM_THE_COURT,
    "court_document_received": _CARE,
    "court_document_given": _FROM_THE_COURT,
    "hearing_listed": _FROM_THE_COURT,
    "hearing_moved": _FROM_THE_COURT,
    "hearing_reported": _FROM_THE_COURT,
    "guardian_invited": _SERVICE_AND_WORKER,
    "record_filed": _CARE,
    "spoke_with_guardian": _THE_IRO,
    "court_told_of_dispute": _CARE,
    "proceedings_ended": _CARE,
    "guardian_handed_over": _THE_IRO,
    # What the child asks for, and what comes of it.
    "child_wants_proceedings": _SERVICE_AND_WORKER,
    "child_wants_no_more": _THE_IRO,
    "adult_sought": _THE_IRO,
    "child_helped_to_advice": _THE_IRO,
    "complaint_made": _SERVICE_AND_WORKER,
    "complaint_passed_on": frozenset({MANAGER, ADMINISTRATOR}),
    "complaint_weighed": frozenset({MANAGER}),
    "complaint_answered": frozenset({MANAGER, ADMINISTRATOR}),
    "advocate_asked": _SERVICE_AND_WORKER,
    "advocate_provided": _SERVICE_AND_WORKER,
    "child_wished": _SERVICE_AND_WORKER,
    "child_wish_answered": _THE_IRO,
    # By the young person's private link alone.
    "child_wrote": NOBODY,
    # Whoever may record an act may correct and withdraw one: `may_do` asks for the act that is corrected.
    "fact_corrected": STAFF,
    "fact_withdrawn": STAFF,
}
"""Who may record an act at the desk, for a child they see."""


def may_see(viewer: Viewer, page: Page) -> bool:
    """Whether somebody's roles let them see a page."""
    return viewer.is_one_of(PAGES[page])


def may_do(viewer: Viewer, act: str) -> bool:
    """Whether somebody's roles let them record an act, by its name, for a child they see."""
    return viewer.is_one_of(ACTS.get(act, NOBODY))


def may_read_of_advice(viewer: Viewer) -> bool:
    """Whether somebody may read what an IRO asks independent legal advice about: the authority that they may be in
    dispute with may not, though its side knows that they asked."""
    return viewer.is_one_of(IRO_SERVICE)


def is_theirs(viewer: Viewer, line: EpisodeLine) -> bool:
    """Whether an episode is within somebody's reach, by any of their roles."""
    return line.authority == viewer.authority and any(_reaches(role, viewer, line) for role in viewer.roles)


def reaches_the_service(viewer: Viewer) -> bool:
    """Whether somebody sees every child of their authority."""
    return any(REACH[role] is Reach.SERVICE for role in viewer.roles)


def _reaches(role: DeskRole, viewer: Viewer, line: EpisodeLine) -> bool:
    if REACH[role] is Reach.SERVICE:
        return True
    named = {
        IRO: (line.iro, line.cover),
        WORKER: (line.social_worker,),
        TEAM_MANAGER: (line.team_manager,),
    }
    return viewer.person in named.get(role, ())


# --- The API --------------------------------------------------------------------------------------------------------


class Scope(StrEnum):
    """What a case system's token allows, for the episodes of its authority."""

    EPISODES_READ = "episodes:read"
    EPISODES_OPEN = "episodes:open"
    ACTS_WRITE = "acts:write"
    WEBHOOKS_MANAGE = "webhooks:manage"


API_ACTS = tuple(act for act in ACTS_THERE_ARE if act not in (OPENING_ACT, "child_wrote"))
"""The acts a case system may report: not that a child became looked after, which opens an episode, and not what a young
person writes by their private link."""


def scope_to_revise(act: str) -> Scope | None:
    """The scope that a token needs, besides that of the endpoint, to correct or withdraw a fact of some kind.

    Case systems send wrong birth dates and put them right. What they may not report they leave alone: what a young
    person wrote, and the kinds of facts that the system alone records.

    Args:
        act: the kind of the fact that is to be revised.

    Returns:
        The scope; None where no token may.
    """
    if act == OPENING_ACT:
        return Scope.EPISODES_OPEN
    return Scope.ACTS_WRITE if act in API_ACTS else None


def act_endpoint(act: str) -> str:
    """The name of the endpoint that an act is reported to."""
    return f"report_{act}"


API: Mapping[str, Scope] = {
    "open_episode": Scope.EPISODES_OPEN,
    "list_episodes": Scope.EPISODES_READ,
    "read_episode": Scope.EPISODES_READ,
    "read_agenda": Scope.EPISODES_READ,
    "read_timeline": Scope.EPISODES_READ,
    "read_reviews": Scope.EPISODES_READ,
    **{act_endpoint(act): Scope.ACTS_WRITE for act in API_ACTS},
    "correct_fact": Scope.ACTS_WRITE,
    "add_webhook": Scope.WEBHOOKS_MANAGE,
    "list_webhooks": Scope.WEBHOOKS_MANAGE,
    "read_webhook": Scope.WEBHOOKS_MANAGE,
    "revoke_webhook": Scope.WEBHOOKS_MANAGE,
    "list_deliveries": Scope.WEBHOOKS_MANAGE,
    "send_failed_again": Scope.WEBHOOKS_MANAGE,
    "send_delivery_again": Scope.WEBHOOKS_MANAGE,
}
"""The scope that each endpoint of the API asks for, by the endpoint's name."""
