"""The limits of Wales."""

from rules.limits.england import ENGLAND
from rules.limits.limit import table
from rules.vocabulary import Force

_GUIDE = "Practice Standards and Good Practice Guide (Wales)"

_SOURCES: dict[str, tuple[Force, str, bool]] = {
    "notify_iro_service": (Force.GUIDANCE, _GUIDE, True),
    "appoint_iro": (Force.GUIDANCE, _GUIDE, True),
    "appoint_iro_by_first_review": (
        Force.STATUTE, "Social Services and Well-being (Wales) Act 2014 s.99", True),
    "fill_vacancy": (
        Force.STATUTE, "Social Services and Well-being (Wales) Act 2014 s.99: as soon as is practicable", True),
    "propose_iro": (Force.STATUTE, "Social Services and Well-being (Wales) Act 2014 s.99", True),
    "answer_change_request": (Force.GUIDANCE, "Good practice (no number of days set nationally)", False),
    "hand_over": (Force.GUIDANCE, "Good practice (no number of days set nationally)", False),
    "tell_child": (Force.GUIDANCE, "Good practice (no number of days set nationally)", False),
    "tell_others": (Force.GUIDANCE, "Good practice (no number of days set nationally)", False),
    "give_reviewing_policy": (Force.REGULATION, "CPPCR(W) 2015 reg 40", False),
    "discussion": (Force.GUIDANCE, _GUIDE, True),
    "invitations": (Force.GUIDANCE, _GUIDE, True),
    "report": (Force.GUIDANCE, _GUIDE, True),
    "consult_child": (Force.REGULATION, "CPPCR(W) 2015 reg 42(1)(b)", False),
    "consult_parents": (Force.REGULATION, "CPPCR(W) 2015 reg 42(1)(c)", False),
    "first_review": (Force.REGULATION, "CPPCR(W) 2015 reg 39", True),
    "second_review": (Force.REGULATION, "CPPCR(W) 2015 reg 39", True),
    "subsequent_review": (Force.REGULATION, "CPPCR(W) 2015 reg 39", True),
    "early_review": (Force.REGULATION, "CPPCR(W) 2015 reg 39", True),
    "short_break_first_review": (Force.REGULATION, "CPPCR(W) 2015 reg 62", True),
    "short_break_subsequent_review": (Force.REGULATION, "CPPCR(W) 2015 reg 62", True),
    "complete_review": (Force.REGULATION, "CPPCR(W) 2015 reg 42", True),
    "decisions": (Force.GUIDANCE, _GUIDE, True),
    "manager_reply": (Force.GUIDANCE, _GUIDE, True),
    "circulate_decisions": (Force.GUIDANCE, _GUIDE, True),
    "record": (Force.GUIDANCE, "Practice Standards and Good Practice Guide; CPPCR(W) 2015 reg 44", True),
    "distribution": (Force.GUIDANCE, _GUIDE, True),
    "decision": (Force.REGULATION, "CPPCR(W) 2015 reg 43", True),
    "mid_point_check": (
        Force.STATUTE, "Social Services and Well-being (Wales) Act 2014 s.100 (the day is local)", True),
    "review_before_plan_change": (Force.REGULATION, "CPPCR(W) 2015 reg 38", True),
    "review_before_placing_with_parent": (Force.REGULATION, "CPPCR(W) 2015 reg 18", True),
    **dict.fromkeys(
        (
            "tell_iro_of_change",
            "consider_change",
            "informal_resolution",
            "problem_resolution",
            "management_alert",
            "answer_challenge",
            "settle_challenge",
        ),
        (Force.GUIDANCE, _GUIDE, True),
    ),
    **dict.fromkeys(
        ("resolve_dispute", "answer_dispute", "paused_stage", "weigh_dispute_answer", "give_legal_advice"),
        (Force.GUIDANCE, _GUIDE, True),
    ),
    **dict.fromkeys(
        ("consider_cafcass", "refer_to_cafcass"),
        (Force.STATUTE, "Social Services and Well-being (Wales) Act 2014 s.100; CPPCR(W) 2015 reg 53", True),
    ),
    "cafcass_reply": (Force.GUIDANCE, "Good practice (no number of days set nationally)", True),
    **dict.fromkeys(
        (
            "tell_legal_of_iro",
            "tell_court_of_iro",
            "tell_iro_of_guardian",
            "court_document_to_iro",
            "before_hearing",
            "invite_guardian",
            "file_record",
            "speak_with_guardian",
            "tell_court_of_dispute",
            "report_hearing",
            "guardian_handover",
            "answer_child_wish",
            "wish_before_review",
            "pass_on_complaint",
        ),
        (Force.GUIDANCE, _GUIDE, True),
    ),
    **dict.fromkeys(("seek_adult", "help_to_advice"), (Force.REGULATION, "CPPCR(W) 2015 reg 53", True)),
    **dict.fromkeys(("weigh_complaint", "find_another_iro"), (Force.REGULATION, "CPPCR(W) 2015 reg 54", True)),
    "answer_complaint": (
        Force.REGULATION, "Social Services Complaints Procedure (Wales) Regulations 2014: local resolution", True),
    "provide_advocate": (Force.STATUTE, "Social Services and Well-being (Wales) Act 2014 s.178", True),
    "deliver_notice": (Force.GUIDANCE, "Good practice (no number of days set nationally)", True),
}  # fmt: skip
"""The Welsh numbers are the English ones (practice notes 5: all Welsh practice agrees); the sources differ."""

WALES = table(
    *(
        ENGLAND[rule].model_copy(
            update={
                "title": ENGLAND[rule].title.replace("Cafcass", "Cafcass Cymru"),
                "force": force,
                "source": source,
                "unverified": unverified,
            }
        )
        for rule, (force, source, unverified) in _SOURCES.items()
    )
)
