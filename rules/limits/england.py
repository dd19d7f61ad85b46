"""The limits of England."""

from rules.limits.limit import Limit, table
from rules.vocabulary import Force, Role, Unit

_WD = Unit.WORKING_DAYS
_BECAME = "the child became looked after"
_REVIEW = "the review"
_COMPLETED = "the review was completed"
_CHALLENGE = "IRO Handbook ch 6 (in time for the child; sets no number of days before the formal stages)"

ENGLAND = table(
    Limit(
        rule="notify_iro_service", title="Tell the IRO service that the child is looked after",
        owner=Role.SOCIAL_WORKER, amount=2, unit=_WD, event=_BECAME,
        force=Force.GUIDANCE, source="IRO Handbook ch 7", unverified=True,
    ),
    Limit(
        rule="appoint_iro", title="Appoint the child's IRO",
        owner=Role.IRO_MANAGER, amount=5, unit=_WD, event=_BECAME,
        force=Force.GUIDANCE, source="IRO Handbook ch 7 (NIROMP summary)",
    ),
    Limit(
        rule="appoint_iro_by_first_review", title="Appoint the child's IRO",
        owner=Role.IRO_MANAGER, amount=None, unit=Unit.ON_THE_DAY, event="the first review", before=True,
        force=Force.STATUTE, source="Children Act 1989 s.25A(2)",
    ),
    Limit(
        rule="fill_vacancy", title="Appoint a new IRO",
        owner=Role.IRO_MANAGER, amount=None, unit=_WD, event="the post fell vacant",
        force=Force.STATUTE, source="Children Act 1989 s.25A(3): as soon as is practicable",
    ),
    Limit(
        rule="propose_iro", title="Propose an IRO from the directory",
        owner=Role.SYSTEM, amount=None, unit=_WD, event="an IRO was needed",
        force=Force.STATUTE, source="Children Act 1989 s.25A",
    ),
    Limit(
        rule="answer_change_request", title="Answer the child's wish for another IRO",
        owner=Role.IRO_MANAGER, amount=None, unit=_WD, event="the child asked",
        force=Force.GUIDANCE, source="Good practice (no number of days set nationally)",
    ),
    Limit(
        rule="hand_over", title="The outgoing IRO introduces the new one in person",
        owner=Role.IRO, amount=None, unit=_WD, event="the new IRO was appointed",
        force=Force.GUIDANCE, source="Good practice (no number of days set nationally)",
    ),
    Limit(
        rule="tell_child", title="Tell the child who the IRO is and how to reach them",
        owner=Role.IRO_ADMINISTRATOR, amount=None, unit=_WD, event="the IRO was appointed",
        force=Force.GUIDANCE, source="Good practice (no number of days set nationally)",
    ),
    Limit(
        rule="tell_others", title="Tell the parents and the carer who the IRO is",
        owner=Role.IRO_ADMINISTRATOR, amount=None, unit=_WD, event="the IRO was appointed",
        force=Force.GUIDANCE, source="Good practice (no number of days set nationally)",
    ),
    Limit(
        rule="give_reviewing_policy", title="Give the child and the parents the written policy on reviews",
        owner=Role.SOCIAL_WORKER, amount=None, unit=_WD, event=_BECAME,
        force=Force.REGULATION, source="CPPCR 2010 reg 34(2)", unverified=True,
    ),
    Limit(
        rule="discussion", title="IRO and social worker talk over the coming review",
        owner=Role.IRO, amount=15, unit=_WD, event=_REVIEW, before=True,
        force=Force.GUIDANCE, source="IRO Handbook ch 3 (NIROMP summary)",
    ),
    Limit(
        rule="invitations", title="Agree the invitation list; send invitations and consultation papers",
        owner=Role.SOCIAL_WORKER, amount=None, unit=_WD, event=_REVIEW, before=True,
        force=Force.GUIDANCE, source="IRO Handbook ch 3 (sets no limit)", unverified=True,
    ),
    Limit(
        rule="report", title="Social worker's report and plans to the IRO",
        owner=Role.SOCIAL_WORKER, amount=3, unit=_WD, event=_REVIEW, before=True,
        force=Force.GUIDANCE, source="IRO Handbook ch 3 (NIROMP summary)",
    ),
    Limit(
        rule="consult_child", title="IRO speaks with the child in private",
        owner=Role.IRO, amount=None, unit=Unit.ON_THE_DAY, event=_REVIEW, before=True,
        force=Force.REGULATION, source="CPPCR 2010 reg 36(1)(b)", unverified=True,
    ),
    Limit(
        rule="consult_parents", title="Ascertain the parents' views",
        owner=Role.IRO, amount=None, unit=Unit.ON_THE_DAY, event=_REVIEW, before=True,
        force=Force.REGULATION, source="CPPCR 2010 reg 36(1)(c)", unverified=True,
    ),
    Limit(
        rule="first_review", title="First review",
        owner=Role.IRO, amount=20, unit=_WD, event=_BECAME,
        force=Force.REGULATION, source="CPPCR 2010 reg 33(1); Children Act 1989 s.26",
    ),
    Limit(
        rule="second_review", title="Second review",
        owner=Role.IRO, amount=3, unit=Unit.MONTHS, event="the first review was completed",
        force=Force.REGULATION, source="CPPCR 2010 reg 33(2)", indicator_days=91,
    ),
    Limit(
        rule="subsequent_review", title="Next review",
        owner=Role.IRO, amount=6, unit=Unit.MONTHS, event="the last review was completed",
        force=Force.REGULATION, source="CPPCR 2010 reg 33(2)", indicator_days=183,
    ),
    Limit(
        rule="early_review", title="Review before the normal date",
        owner=Role.IRO, amount=None, unit=Unit.ON_THE_DAY, event="the day by which it is required",
        force=Force.REGULATION, source="CPPCR 2010 reg 33(3)",
    ),
    Limit(
        rule="review_before_plan_change", title="Review before a change of the care plan is made",
        owner=Role.IRO, amount=None, unit=Unit.ON_THE_DAY, event="the change of the care plan is made", before=True,
        force=Force.REGULATION, source="CPPCR 2010 reg 32(2)",
    ),
    Limit(
        rule="review_before_placing_with_parent", title="Review before the child is placed with a parent",
        owner=Role.IRO, amount=None, unit=Unit.ON_THE_DAY, event="the child is placed with a parent", before=True,
        force=Force.REGULATION, source="CPPCR 2010 reg 17(d)",
    ),
    Limit(
        rule="short_break_first_review", title="First review of the short breaks",
        owner=Role.IRO, amount=3, unit=Unit.MONTHS, event="the first short break",
        force=Force.REGULATION, source="CPPCR 2010 reg 48", indicator_days=91,
    ),
    Limit(
        rule="short_break_subsequent_review", title="Next review of the short breaks",
        owner=Role.IRO, amount=6, unit=Unit.MONTHS, event="the last review was completed",
        force=Force.REGULATION, source="CPPCR 2010 reg 48", indicator_days=183,
    ),
    Limit(
        rule="complete_review", title="Complete the review that has opened",
        owner=Role.IRO, amount=20, unit=_WD, event="the review opened",
        force=Force.REGULATION, source="CPPCR 2010 reg 36(2); IRO Handbook ch 3", unverified=True,
    ),
    Limit(
        rule="decisions", title="Written decisions to the team manager",
        owner=Role.IRO, amount=5, unit=_WD, event=_COMPLETED,
        force=Force.GUIDANCE, source="IRO Handbook ch 3, pp 28-29", unverified=True,
    ),
    Limit(
        rule="manager_reply", title="Team manager agrees or queries the decisions",
        owner=Role.TEAM_MANAGER, amount=5, unit=_WD, event="the manager received the decisions",
        force=Force.GUIDANCE, source="IRO Handbook ch 3: silence is agreement", unverified=True,
    ),
    Limit(
        rule="circulate_decisions", title="Circulate the agreed decisions",
        owner=Role.IRO_ADMINISTRATOR, amount=10, unit=_WD, event=_COMPLETED,
        force=Force.GUIDANCE, source="IRO Handbook ch 3", unverified=True,
    ),
    Limit(
        rule="record", title="Finish the full written record",
        owner=Role.IRO, amount=15, unit=_WD, event=_COMPLETED,
        force=Force.GUIDANCE, source="IRO Handbook ch 3; CPPCR 2010 reg 38", unverified=True,
    ),
    Limit(
        rule="distribution", title="Give the record to everyone who should have it",
        owner=Role.IRO_ADMINISTRATOR, amount=20, unit=_WD, event=_COMPLETED,
        force=Force.GUIDANCE, source="IRO Handbook ch 3", unverified=True,
    ),
    Limit(
        rule="decision", title="Carry out a decision of the review",
        owner=Role.SOCIAL_WORKER, amount=None, unit=Unit.ON_THE_DAY, event="the decision's own day",
        force=Force.REGULATION, source="CPPCR 2010 reg 37", unverified=True,
    ),
    Limit(
        rule="mid_point_check", title="IRO checks between reviews how the plan is going",
        owner=Role.IRO, amount=None, unit=Unit.ON_THE_DAY, event="half-way to the next review",
        force=Force.STATUTE, source="Children Act 1989 s.25B(1)(a) (the day is local)",
    ),
    Limit(
        rule="tell_iro_of_change", title="Tell the IRO of a significant change",
        owner=Role.SOCIAL_WORKER, amount=None, unit=_WD, event="it happened",
        force=Force.GUIDANCE, source="IRO Handbook ch 3 (promptly; sets no number of days)", unverified=True,
    ),
    Limit(
        rule="consider_change", title="Consider a significant change",
        owner=Role.IRO, amount=None, unit=_WD, event="the IRO was told",
        force=Force.GUIDANCE, source="IRO Handbook ch 3 (sets no number of days)", unverified=True,
    ),
    Limit(
        rule="informal_resolution", title="Answer the IRO's informal challenge",
        owner=Role.TEAM_MANAGER, amount=None, unit=_WD, event="the IRO raised it",
        force=Force.GUIDANCE, source=_CHALLENGE, unverified=True,
    ),
    Limit(
        rule="problem_resolution", title="Answer the IRO's problem resolution",
        owner=Role.TEAM_MANAGER, amount=None, unit=_WD, event="the IRO raised it",
        force=Force.GUIDANCE, source=_CHALLENGE, unverified=True,
    ),
    Limit(
        rule="management_alert", title="Answer the IRO's management alert",
        owner=Role.TEAM_MANAGER, amount=None, unit=_WD, event="the IRO raised it",
        force=Force.GUIDANCE, source=_CHALLENGE, unverified=True,
    ),
    Limit(
        rule="answer_challenge", title="Answer the IRO's challenge",
        owner=Role.TEAM_MANAGER, amount=None, unit=Unit.ON_THE_DAY, event="the day by which the child needs it",
        force=Force.GUIDANCE, source=_CHALLENGE, unverified=True,
    ),
    Limit(
        rule="settle_challenge", title="Say whether the challenge is resolved, or take it further",
        owner=Role.IRO, amount=None, unit=_WD, event="it was answered",
        force=Force.GUIDANCE, source=_CHALLENGE, unverified=True,
    ),
    Limit(
        rule="resolve_dispute", title="Resolve the formal dispute",
        owner=Role.IRO, amount=20, unit=_WD, event="the IRO raised it",
        force=Force.GUIDANCE, source="IRO Handbook ch 6 (in all, whatever the stages)", unverified=True,
    ),
    Limit(
        rule="answer_dispute", title="Answer the IRO's formal dispute",
        owner=Role.TEAM_MANAGER, amount=None, unit=_WD, event="it came to this stage",
        force=Force.GUIDANCE, source="IRO Handbook ch 6 (fixes no days for a stage)", unverified=True,
    ),
    Limit(
        rule="paused_stage", title="Answer the IRO's formal dispute",
        owner=Role.TEAM_MANAGER, amount=None, unit=Unit.ON_THE_DAY, event="the day until which it is paused",
        force=Force.GUIDANCE, source="IRO Handbook ch 6 (fixes no days for a stage)", unverified=True,
    ),
    Limit(
        rule="weigh_dispute_answer", title="Say whether the answer resolves the dispute, or take it up",
        owner=Role.IRO, amount=None, unit=_WD, event="the stage answered",
        force=Force.GUIDANCE, source="IRO Handbook ch 6 (sets no number of days)", unverified=True,
    ),
    Limit(
        rule="consider_cafcass", title="Consider whether to refer the case to Cafcass",
        owner=Role.IRO, amount=None, unit=_WD, event="a significant failure was not put right in reasonable time",
        force=Force.REGULATION, source="CPPCR 2010 reg 45; Children Act 1989 s.25B(3)", unverified=True,
    ),
    Limit(
        rule="refer_to_cafcass", title="Refer the case to Cafcass",
        owner=Role.IRO, amount=None, unit=_WD, event="the IRO decided to refer it",
        force=Force.STATUTE, source="Children Act 1989 s.25B(3)(a) (sets no number of days)",
    ),
    Limit(
        rule="cafcass_reply", title="Hear from Cafcass what comes of the referral",
        owner=Role.IRO, amount=None, unit=_WD, event="the case was referred",
        force=Force.GUIDANCE, source="Cafcass Practice Note, December 2017, section 3 (sets no days)", unverified=True,
    ),
    Limit(
        rule="give_legal_advice", title="Give the IRO access to independent legal advice",
        owner=Role.IRO_MANAGER, amount=None, unit=_WD, event="the IRO asked for it",
        force=Force.GUIDANCE, source="IRO Handbook ch 6 (sets no number of days)", unverified=True,
    ),
    Limit(
        rule="tell_legal_of_iro", title="Tell the legal service who the IRO is",
        owner=Role.IRO_ADMINISTRATOR, amount=None, unit=_WD, event="the IRO was appointed, with proceedings under way",
        force=Force.GUIDANCE, source="IRO Handbook ch 8 (as soon as appointed)", unverified=True,
    ),
    Limit(
        rule="tell_court_of_iro", title="Tell the court who the IRO is",
        owner=Role.LEGAL, amount=None, unit=_WD, event="the legal service was to be told",
        force=Force.GUIDANCE, source="IRO Handbook ch 8 (as soon as appointed)", unverified=True,
    ),
    Limit(
        rule="tell_iro_of_guardian", title="Tell the IRO who the children's guardian is",
        owner=Role.LEGAL, amount=None, unit=_WD, event="the guardian was appointed",
        force=Force.GUIDANCE, source="IRO Handbook ch 8 (once appointed)", unverified=True,
    ),
    Limit(
        rule="court_document_to_iro", title="Give the IRO a court document",
        owner=Role.LEGAL, amount=5, unit=_WD, event="the legal service received it",
        force=Force.GUIDANCE, source="IRO Handbook ch 8", unverified=True,
    ),
    Limit(
        rule="before_hearing", title="Tell the court in time for the hearing",
        owner=Role.LEGAL, amount=1, unit=_WD, event="the hearing", before=True,
        force=Force.GUIDANCE, source="IRO Handbook ch 8 (before the hearing)", unverified=True,
    ),
    Limit(
        rule="invite_guardian", title="Tell the guardian of the review, and invite them",
        owner=Role.IRO_ADMINISTRATOR, amount=None, unit=_WD, event=_REVIEW, before=True,
        force=Force.GUIDANCE, source="IRO Handbook ch 8 (sets no number of days)", unverified=True,
    ),
    Limit(
        rule="file_record", title="Give the court the record of the review",
        owner=Role.LEGAL, amount=20, unit=_WD, event=_COMPLETED,
        force=Force.GUIDANCE, source="IRO Handbook ch 8; ch 3 for the days", unverified=True,
    ),
    Limit(
        rule="speak_with_guardian", title="IRO and guardian speak with each other",
        owner=Role.IRO, amount=None, unit=_WD, event="they last spoke, or the guardian was appointed",
        force=Force.GUIDANCE, source="IRO Handbook ch 8 (at intervals; sets no number of days)", unverified=True,
    ),
    Limit(
        rule="tell_court_of_dispute", title="Tell the court of the dispute before the issues resolution hearing",
        owner=Role.LEGAL, amount=1, unit=_WD, event="the issues resolution hearing", before=True,
        force=Force.GUIDANCE, source="IRO Handbook ch 8 (before the issues resolution hearing)",
    ),
    Limit(
        rule="report_hearing", title="Tell the IRO what came of the hearing",
        owner=Role.LEGAL, amount=None, unit=_WD, event="the hearing",
        force=Force.GUIDANCE, source="IRO Handbook ch 8 (sets no number of days)", unverified=True,
    ),
    Limit(
        rule="guardian_handover", title="Last talk of guardian and IRO",
        owner=Role.IRO, amount=None, unit=_WD, event="the proceedings ended",
        force=Force.GUIDANCE, source="Cafcass Practice Note, December 2017, 2.3 (sets no number of days)",
    ),
    Limit(
        rule="seek_adult", title="Establish whether an adult can help the child with proceedings",
        owner=Role.IRO, amount=None, unit=_WD, event="the child said they want to bring proceedings",
        force=Force.REGULATION, source="CPPCR 2010 reg 45(2) (sets no number of days)", unverified=True,
    ),
    Limit(
        rule="help_to_advice", title="Help the child to get legal advice",
        owner=Role.IRO, amount=None, unit=_WD, event="no adult was found to help",
        force=Force.REGULATION, source="CPPCR 2010 reg 45(2) (sets no number of days)", unverified=True,
    ),
    Limit(
        rule="pass_on_complaint", title="Tell the IRO of a complaint",
        owner=Role.COMPLAINTS_MANAGER, amount=None, unit=_WD, event="the complaint was made",
        force=Force.GUIDANCE, source="NIROMP, practice notes 4.6 (sets no number of days)",
    ),
    Limit(
        rule="weigh_complaint", title="Weigh whether the IRO of whom a complaint was made can stay",
        owner=Role.IRO_MANAGER, amount=None, unit=_WD, event="the complaint was made",
        force=Force.REGULATION, source="CPPCR 2010 reg 46 (sets no number of days)", unverified=True,
    ),
    Limit(
        rule="find_another_iro", title="Find the child another IRO than the one of whom a complaint was made",
        owner=Role.IRO_MANAGER, amount=None, unit=_WD, event="it was weighed that the IRO cannot stay",
        force=Force.REGULATION, source="CPPCR 2010 reg 46 (sets no number of days)", unverified=True,
    ),
    Limit(
        rule="answer_complaint", title="Answer the complaint",
        owner=Role.COMPLAINTS_MANAGER, amount=10, unit=_WD, event="the complaint was made",
        force=Force.REGULATION, source="SI 2006/1738: local resolution", unverified=True,
    ),
    Limit(
        rule="provide_advocate", title="Provide the child with an advocate",
        owner=Role.SOCIAL_WORKER, amount=None, unit=_WD, event="an advocate was asked for",
        force=Force.STATUTE, source="Children Act 1989 s.26A (sets no number of days)", unverified=True,
    ),
    Limit(
        rule="answer_child_wish", title="Answer what the child wishes of the review",
        owner=Role.IRO, amount=None, unit=_WD, event="the child said so",
        force=Force.GUIDANCE, source="IRO Handbook ch 3 (sets no number of days)", unverified=True,
    ),
    Limit(
        rule="wish_before_review", title="Answer what the child wishes of the review",
        owner=Role.IRO, amount=1, unit=_WD, event=_REVIEW, before=True,
        force=Force.GUIDANCE, source="IRO Handbook ch 3 (before the review)", unverified=True,
    ),
    Limit(
        rule="deliver_notice", title="Deliver a notice that reached nobody",
        owner=Role.IRO_ADMINISTRATOR, amount=None, unit=_WD, event="it was found that the notice reached nobody",
        force=Force.GUIDANCE, source="Good practice (no number of days set nationally)", unverified=True,
    ),
)  # fmt: skip
