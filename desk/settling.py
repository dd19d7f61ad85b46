"""Which act settles which step: one table, by the step's name, for whoever is to see it a click away.

A link leads to the act's form with what the step tells already filled in: the query names the act's own fields, beside
`step`, the step's key. Nothing is recorded by following one.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, NamedTuple
from urllib.parse import urlencode

from desk.access import may_do
from desk.viewer import DeskRole, Viewer
from rules.case import Case
from rules.disputes import asked_of
from rules.steps import Step
from rules.vocabulary import Role

STEP = "step"
"""What names the step in a link, beside the fields of the act."""


MOST_LINKS = 2
"""Where there is room for one act, as many recipients as this have a link of their own."""


ANSWERS = frozenset({"challenge_answered", "dispute_answered"})
"""Acts by which somebody answers what is addressed to them."""
_RECORD_FOR_OTHERS = frozenset({DeskRole.IRO, DeskRole.IRO_MANAGER})


def may_answer(viewer: Viewer, addressed_to: Role) -> bool:
    """Whether somebody may record the answer of a post: of one they hold, and the IRO service of any.

    Seniors have no sign-in: they answer to the IRO, who records it, as the IRO manager may.

    Args:
        viewer: who would record it.
        addressed_to: who is to answer.
    """
    return viewer.is_one_of(_RECORD_FOR_OTHERS) or any(role.value == addressed_to.value for role in viewer.roles)


def may_put_right(viewer: Viewer, case: Case, fact: str) -> bool:
    """Whether somebody may correct a fact or take it back, as far as it is an answer: if they may record it.

    Args:
        viewer: who would.
        case: the facts that stand.
        fact: its id.
    """
    asked = next((asked_of(case, known) for known in case.standing if known.id == fact), None)
    return asked is None or may_answer(viewer, asked)


class Way(NamedTuple):
    """An act that settles a step.

    Attributes:
        act: its name.
        says: the act as a link says it; where it is for one of several, `{whom}` stands for who that is.
        each: the act is for one recipient: there is a link for each to whom it is still owed.
        anchor: the act's field that takes what tells the step from others of its name: a decision, a notice.
        review: the act follows a review, and says which by its day.
        fields: what is the same every time.
        page: where it is done, when that is a page of its own and no form of an act.
    """

    act: str
    says: str
    each: bool = False
    anchor: str | None = None
    review: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    page: str | None = None


class Link(NamedTuple):
    """A link to an act's form.

    Attributes:
        act: the act's name.
        says: what it says.
        href: where it leads.
    """

    act: str
    says: str
    href: str


OF_THE_SYSTEM: Final[tuple[Way, ...]] = ()
"""Of a step that the system settles by itself."""

_APPOINT = Way("iro_appointed", "Appoint an IRO", page="/allocation/{episode}")
_TELL = Way("iro_made_known", "Record telling {whom} who the IRO is", each=True)
_TELL_NOT = Way("iro_not_made_known", "Record not telling {whom}, and why", each=True)
_REVIEW = (
    Way("review_held", "Record the review"),
    Way("review_arranged", "Arrange the day of the review"),
    Way("review_opened", "Record a first meeting, with more to follow"),
    Way("review_adjourned", "Adjourn the review"),
)
_ANSWER = (Way("challenge_answered", "Answer the challenge", anchor="challenge"),)
_NO_MORE = Way("child_wants_no_more", "Record that the child wants no more of it", anchor="request")
_ANSWER_WISH = (
    Way("child_wish_answered", "Answer the child", anchor="wish"),
    _NO_MORE,
)
_ANSWER_DISPUTE = (Way("dispute_answered", "Answer the dispute"),)
_NAMED_TO_COURT = Way("iro_named_in_proceedings", "Record telling the court", fields=(("to", Role.COURT),))
_FILED = Way("record_filed", "Record that the court was given the record", review=True)
_COURT_TOLD = Way("court_told_of_dispute", "Record that the court was told", anchor="dispute")

SETTLES: Mapping[str, tuple[Way, ...]] = {
    # The child's IRO.
    "notify_iro_service": (Way("iro_service_notified", "Record that the IRO service was told"),),
    "appoint_iro": (_APPOINT,),
    "appoint_iro_by_first_review": (_APPOINT,),
    "fill_vacancy": (_APPOINT,),
    "propose_iro": OF_THE_SYSTEM,
    "answer_change_request": (Way("iro_change_declined", "Record that the IRO stays, and why"), _APPOINT),
    "hand_over": (Way("iro_handed_over", "Record that the new IRO was introduced"),),
    "tell_child": (_TELL, _TELL_NOT),
    "tell_others": (_TELL, _TELL_NOT),
    "give_reviewing_policy": (
        Way("reviewing_policy_given", "Record giving {whom} the policy on reviews", each=True),
        Way("reviewing_policy_withheld", "Record not giving {whom} the policy, and why", each=True),
    ),
    # Before a review.
    "discussion": (Way("discussion_held", "Record the talk between IRO and social worker"),),
    "invitations": (Way("invitations_sent", "Record that invitations went out"),),
    "report": (Way("report_received", "Record that the report reached the IRO"),),
    "consult_child": (Way("child_consulted", "Record the talk with the child"),),
    "consult_parents": (Way("views_gathered", "Record the parents' views", fields=(("source", Role.PARENTS),)),),
    # The review.
    "first_review": _REVIEW,
    "second_review": _REVIEW,
    "subsequent_review": _REVIEW,
    "early_review": _REVIEW,
    "review_before_plan_change": _REVIEW,
    "review_before_placing_with_parent": _REVIEW,
    "short_break_first_review": _REVIEW,
    "short_break_subsequent_review": _REVIEW,
    "complete_review": (
        Way("review_held", "Record that the review was completed"),
        Way("review_continued", "Record a further meeting"),
        Way("review_adjourned", "Adjourn the review"),
    ),
    # What follows it.
    "decisions": (
        Way("decisions_sent", "Record that the decisions were sent", review=True),
        Way("decision_made", "Record a decision of the review", review=True),
    ),
    "manager_reply": (Way("manager_replied", "Reply to the decisions", review=True),),
    "circulate_decisions": (Way("decisions_circulated", "Record that the decisions were circulated", review=True),),
    "record": (Way("record_completed", "Record that the written record is finished", review=True),),
    "distribution": (
        Way("record_distributed", "Record giving {whom} the record", each=True, review=True),
        Way("record_withheld", "Record not giving {whom} the record, and why", each=True, review=True),
    ),
    "decision": (
        Way("decision_carried_out", "Record that it was carried out", anchor="decision"),
        Way("decision_changed", "Give it another day or owner", anchor="decision"),
        Way("decision_dropped", "Drop it", anchor="decision"),
    ),
    # Between reviews.
    "mid_point_check": (Way("mid_point_checked", "Record the check between reviews"),),
    # Told in time or late, and never owed openly: reporting the change opens and settles it at once.
    "tell_iro_of_change": (Way("significant_change", "Report a significant change"),),
    "consider_change": (Way("change_considered", "Record what comes of the change", anchor="change"),),
    # The three limits of a challenge's rungs date one step, `answer_challenge`.
    "informal_resolution": _ANSWER,
    "problem_resolution": _ANSWER,
    "management_alert": _ANSWER,
    "answer_challenge": _ANSWER,
    "settle_challenge": (
        Way("challenge_resolved", "Record that it is resolved", anchor="challenge"),
        Way("challenge_raised", "Take the challenge further", anchor="follows"),
        Way("challenge_withdrawn", "Withdraw the challenge", anchor="challenge"),
        Way("dispute_raised", "Take it further in a formal dispute", anchor="follows"),
    ),
    # A formal dispute. The form finds the dispute and the stage by the step; a pause dates the step `answer_dispute`.
    "answer_dispute": _ANSWER_DISPUTE,
    "paused_stage": _ANSWER_DISPUTE,
    "weigh_dispute_answer": (
        Way("dispute_resolved", "Record that it is resolved"),
        Way("dispute_taken_up", "Take it up"),
        Way("dispute_withdrawn", "Withdraw the dispute"),
    ),
    "resolve_dispute": (
        Way("dispute_resolved", "Record that it is resolved", anchor="dispute"),
        Way("dispute_taken_up", "Take it up", anchor="dispute"),
        Way("dispute_withdrawn", "Withdraw the dispute", anchor="dispute"),
    ),
    # Cafcass and legal advice.
    "consider_cafcass": (
        Way("cafcass_considered", "Record what you decided", anchor="dispute"),
        Way("cafcass_referred", "Refer the case", anchor="dispute"),
    ),
    "refer_to_cafcass": (Way("cafcass_referred", "Record the referral"),),
    "cafcass_reply": (Way("cafcass_replied", "Record what Cafcass replied", anchor="referral"),),
    "give_legal_advice": (Way("legal_advice_given", "Record that the IRO had it", anchor="request"),),
    # Court proceedings. The form finds them by the step, where its key does not name them.
    "tell_legal_of_iro": (
        Way("iro_named_in_proceedings", "Record telling the legal service", fields=(("to", Role.LEGAL),)),
    ),
    "tell_court_of_iro": (_NAMED_TO_COURT,),
    "tell_iro_of_guardian": (Way("guardian_named_to_iro", "Record that the IRO was told"),),
    "court_document_to_iro": (Way("court_document_given", "Record that the IRO had it", anchor="document"),),
    "invite_guardian": (Way("guardian_invited", "Record that the guardian was invited"),),
    "file_record": (_FILED,),
    "speak_with_guardian": (Way("spoke_with_guardian", "Record the talk with the guardian"),),
    "tell_court_of_dispute": (_COURT_TOLD,),
    # It dates what is owed to the court before a hearing.
    "before_hearing": (_NAMED_TO_COURT, _FILED, _COURT_TOLD),
    "report_hearing": (Way("hearing_reported", "Record what came of the hearing", anchor="hearing"),),
    "guardian_handover": (Way("guardian_handed_over", "Record the last talk", anchor="proceedings"),),
    # What the child asks for.
    "seek_adult": (Way("adult_sought", "Record whether an adult can help", anchor="request"), _NO_MORE),
    "help_to_advice": (Way("child_helped_to_advice", "Record that the child was helped", anchor="request"), _NO_MORE),
    "pass_on_complaint": (Way("complaint_passed_on", "Record that the IRO was told", anchor="complaint"),),
    "weigh_complaint": (Way("complaint_weighed", "Record whether the IRO stays", anchor="complaint"),),
    "find_another_iro": (Way("iro_post_vacated", "Record that the IRO gave the child up"), _APPOINT),
    "answer_complaint": (Way("complaint_answered", "Record the answer", anchor="complaint"),),
    "provide_advocate": (Way("advocate_provided", "Record that there is an advocate", anchor="request"),),
    "answer_child_wish": _ANSWER_WISH,
    "wish_before_review": _ANSWER_WISH,
    "deliver_notice": (Way("notice_delivered", "Record that it was delivered", anchor="notice"),),
}
"""Every step by its name, or the name of a limit that dates one. The first way is the one a step is meant for."""

_COMPLETED_REVIEW = "the review was completed"


def links(viewer: Viewer, episode: str, step: Step, review: date | None = None) -> list[Link]:
    """What somebody may do to settle a step: the way it is meant to be settled first, for each to whom it is owed.

    Args:
        viewer: somebody who sees the child.
        episode: the child's period of care.
        step: an open step of it.
        review: the day of the review that the step follows, where the step itself does not tell it.
    """
    return list(_links(viewer, episode, step, review)) if step.is_open else []


def first_links(viewer: Viewer, episode: str, step: Step, review: date | None = None) -> list[Link]:
    """The same for a list where there is room for one act, the first that they may do; one link for many recipients."""
    found = links(viewer, episode, step, review)
    first = [link for link in found if link.act == found[0].act]
    if len(first) <= MOST_LINKS:
        return first
    way = next(way for way in SETTLES[step.name] if way.act == first[0].act)
    return [Link(way.act, way.says.format(whom="them"), _path(way, episode, step, review))]


def record_path(episode: str, act: str, **fields: str) -> str:
    """The path of an act's form.

    Args:
        episode: the child's period of care.
        act: its name.
        fields: what is filled in, by the act's fields: references and codes, never words.
    """
    query = f"?{urlencode(fields)}" if fields else ""
    return f"/children/{episode}/record/{act}{query}"


def review_followed(step: Step) -> str | None:
    """The review that a step follows, by the id of its fact, where the step itself does not tell its day."""
    if _review_counted_from(step) or not any(way.review for way in SETTLES.get(step.name, ())):
        return None
    return _anchor(step) or None


def _links(viewer: Viewer, episode: str, step: Step, review: date | None) -> Iterator[Link]:
    for way in SETTLES.get(step.name, ()):
        if not may_do(viewer, way.act) or (way.act in ANSWERS and not may_answer(viewer, step.owner)):
            continue
        if way.page:
            yield Link(way.act, way.says, way.page.format(episode=episode))
            continue
        for whom in step.outstanding if way.each else (None,):
            yield Link(way.act, _says(way, whom), _path(way, episode, step, review, whom))


def _path(way: Way, episode: str, step: Step, review: date | None, whom: Role | None = None) -> str:
    recipient = {"recipient": whom.value} if whom else {}
    return record_path(episode, way.act, **{STEP: step.key}, **_fields(way, step, review), **recipient)


def _fields(way: Way, step: Step, review: date | None) -> dict[str, str]:
    """What is known of an act's fields."""
    found = dict(way.fields)
    if way.anchor:
        found[way.anchor] = _anchor(step)
    day = review or _review_counted_from(step)
    if way.review and day:
        found["review"] = day.isoformat()
    return found


def _review_counted_from(step: Step) -> date | None:
    """The day of the review that a date was counted from."""
    return step.basis.counted_from if step.basis.event == _COMPLETED_REVIEW else None


def _anchor(step: Step) -> str:
    return step.key.partition(".")[2]


def _says(way: Way, whom: Role | None) -> str:
    return way.says.format(whom=f"the {whom.words}") if whom else way.says
