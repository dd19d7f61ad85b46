"""What the law, guidance and local policy ask that is no limit of time, each beside its source and its module.

The limits stand in `rules.limits`. Together they are everything the rules keep; `docs/law.md` maps them to tests.
"""

from rules.vocabulary import Force, Frozen


class Duty(Frozen):
    """A rule that is no limit of time.

    Attributes:
        rule: its name.
        title: what it asks, in words.
        force: statute, regulation, guidance or local.
        source: where it stands.
        module: the module that keeps it.
        unverified: the source's wording was not at hand.
    """

    rule: str
    title: str
    force: Force
    source: str
    module: str
    unverified: bool = False


DUTIES: tuple[Duty, ...] = (
    Duty(
        rule="working_day", title="A working day is no weekend, Christmas Day, Good Friday or bank holiday",
        force=Force.REGULATION, source="CPPCR 2010 reg 2(1)", module="rules.calendar", unverified=True,
    ),
    Duty(
        rule="day_after_is_day_one", title="Within N working days of an event: the day after is day 1",
        force=Force.STATUTE, source="Lester v Garland (1808); Dodds v Walker [1981] UKHL", module="rules.calendar",
    ),
    Duty(
        rule="corresponding_date", title="Months run to the corresponding date, or the month's last day",
        force=Force.STATUTE, source="Interpretation Act 1978 Sch 1; Dodds v Walker [1981] UKHL",
        module="rules.calendar",
    ),
    Duty(
        rule="late_notice_moves_no_date", title="Every limit runs from becoming looked after, not from notification",
        force=Force.REGULATION, source="CPPCR 2010 reg 33(1); CPPCR(W) 2015 reg 39", module="rules.notification",
    ),
    Duty(
        rule="one_adjournment", title="A review is adjourned once, by the IRO alone",
        force=Force.GUIDANCE, source="IRO Handbook ch 3, p 17", module="rules.acceptance.reviews", unverified=True,
    ),
    Duty(
        rule="nothing_decided_while_adjourned", title="Nothing is implemented until an adjourned review is completed",
        force=Force.REGULATION, source="CPPCR 2010 reg 36(2); CPPCR(W) 2015 reg 42",
        module="rules.acceptance.follow_up", unverified=True,
    ),
    Duty(
        rule="early_review_counts", title="A review held early is the next review, and the chain runs from it",
        force=Force.REGULATION, source="CPPCR 2010 reg 33(2); CPPCR(W) 2015 reg 39", module="rules.cycles",
    ),
    Duty(
        rule="review_before_leaving", title="A review comes before a remand, detention or accommodation ends",
        force=Force.REGULATION, source="CPPCR 2010 reg 33(3)(c) to (e); CPPCR(W) 2015 reg 39", module="rules.closing",
    ),
    Duty(
        rule="participation_fits_age", title="PN0 is for a child under 4 on the day, PN1 to PN7 for one of 4 or more",
        force=Force.GUIDANCE, source="SSDA903 rules 440 and 441", module="rules.acceptance.reviews",
    ),
    Duty(
        rule="late_review_has_a_reason", title="A review held late says why, for the annual report",
        force=Force.GUIDANCE, source="IRO Handbook ch 7, para 7.11", module="rules.acceptance.reviews", unverified=True,
    ),
    Duty(
        rule="indicator", title="Reviews in time by the old national indicator: 91 and 183 days",
        force=Force.GUIDANCE, source="NI 66 (PAF C68)", module="rules.cycles", unverified=True,
    ),
    Duty(
        rule="ends_at_eighteen", title="Nobody is looked after beyond the 18th birthday",
        force=Force.STATUTE, source="Children Act 1989 s.105(1); Family Law Reform Act 1969 s.9(1)",
        module="rules.ending", unverified=True,
    ),
    Duty(
        rule="void_under_24_hours", title="Accommodation of 24 hours or less is no period of care",
        force=Force.STATUTE, source="Children Act 1989 s.22(2)", module="rules.ending",
    ),
    Duty(
        rule="death_silences", title="After a child's death every routine notice stops",
        force=Force.GUIDANCE, source="Practice notes 4.11 (903 REC E2)", module="rules.closing",
    ),
    Duty(
        rule="return_is_a_new_period", title="A child who returns to care has a first review in 20 working days",
        force=Force.REGULATION, source="CPPCR 2010 reg 33(1); SSDA903 RNE S", module="rules.cycles",
    ),
    Duty(
        rule="short_break_exceeded", title="Short breaks past their limits make the child fully looked after that day",
        force=Force.REGULATION, source="CPPCR 2010 reg 48; CPPCR(W) 2015 reg 62", module="rules.stretches",
        unverified=True,
    ),
    Duty(
        rule="cover_leaves_the_iro", title="Cover never replaces the child's named IRO",
        force=Force.STATUTE, source="Children Act 1989 s.25A; Social Services and Well-being (Wales) Act 2014 s.99",
        module="rules.named_iro",
    ),
    Duty(
        rule="told_by_the_table", title="Whoever should have a notice or a record is owed it",
        force=Force.GUIDANCE, source="IRO Handbook chs 3 and 8; CPPCR 2010 regs 34 and 36 to 38 (practice notes 8)",
        module="rules.notices", unverified=True,
    ),
    Duty(
        rule="iro_is_independent", title="Nobody reviews for a child whose case they manage, worked on or pay for",
        force=Force.REGULATION, source="CPPCR 2010 reg 46; CPPCR(W) 2015 reg 54", module="rules.choosing",
        unverified=True,
    ),
    Duty(
        rule="parent_and_child_apart", title="A parent and a child who are both looked after have different IROs",
        force=Force.GUIDANCE, source="IRO Handbook ch 3", module="rules.choosing", unverified=True,
    ),
    Duty(
        rule="siblings_share", title="Siblings have the same IRO, unless a conflict or the group's size speaks against",
        force=Force.GUIDANCE, source="IRO Handbook ch 3", module="rules.choosing", unverified=True,
    ),
    Duty(
        rule="former_iro_again", title="A child who returns to care has the former IRO again",
        force=Force.GUIDANCE, source="IRO Handbook ch 3", module="rules.choosing", unverified=True,
    ),
    Duty(
        rule="never_a_queue", title="When every IRO is full the child is given one all the same, and that is told",
        force=Force.STATUTE, source="Children Act 1989 s.25A; Social Services and Well-being (Wales) Act 2014 s.99",
        module="rules.choosing",
    ),
    Duty(
        rule="challenge_stays", title="A challenge stays until it is resolved, withdrawn or taken further",
        force=Force.STATUTE,
        source="Children Act 1989 s.25B; A & S v Lancashire CC [2012] EWHC 1689 (Fam)", module="rules.challenge",
    ),
    Duty(
        rule="dispute_stays", title="A dispute outlives the review, the IRO and care, until resolved or withdrawn",
        force=Force.STATUTE,
        source="Children Act 1989 s.25B; A & S v Lancashire CC [2012] EWHC 1689 (Fam)", module="rules.dispute",
    ),
    Duty(
        rule="dispute_is_the_iros", title="The child's IRO alone acts in a dispute, and refers to Cafcass",
        force=Force.GUIDANCE, source="IRO Handbook ch 6 (practice notes 4.6)", module="rules.acceptance.dispute",
        unverified=True,
    ),
    Duty(
        rule="dispute_within_twenty_days",
        title="The stages of a dispute take 20 working days at most in all, and no pause stops them",
        force=Force.GUIDANCE, source="IRO Handbook ch 6", module="rules.dispute_policy", unverified=True,
    ),
    Duty(
        rule="straight_to_any_stage", title="An IRO may begin a dispute at any stage, and skip any",
        force=Force.GUIDANCE, source="IRO Handbook ch 6 (practice notes 4.6)", module="rules.dispute_policy",
        unverified=True,
    ),
    Duty(
        rule="refer_at_any_moment", title="An IRO may refer a case to Cafcass at any moment, alone or with a dispute",
        force=Force.STATUTE,
        source="Children Act 1989 s.25B(3)(a); Social Services and Well-being (Wales) Act 2014 s.100",
        module="rules.acceptance.referral",
    ),
    Duty(
        rule="child_is_answered", title="What the child asked for is answered, and never taken back or exempted",
        force=Force.STATUTE,
        source="Children Act 1989 ss.22(4) and 26; Social Services and Well-being (Wales) Act 2014 s.7",
        module="rules.acceptance.childs_road", unverified=True,
    ),
    Duty(
        rule="child_writes", title="What the child writes reaches the IRO, and does not stand in for the talk",
        force=Force.REGULATION, source="CPPCR 2010 reg 36(1)(b); CPPCR(W) 2015 reg 42(1)(b)",
        module="rules.preparation", unverified=True,
    ),
    Duty(
        rule="conflict_is_a_vacancy", title="An IRO with a conflict of interest ceases to be the child's IRO",
        force=Force.REGULATION, source="CPPCR 2010 reg 46; CPPCR(W) 2015 reg 54", module="rules.named_iro",
        unverified=True,
    ),
)  # fmt: skip
"""Law and guidance of both nations."""

LOCAL_DUTIES: tuple[Duty, ...] = (
    Duty(
        rule="policy_only_tightens", title="Local policy may tighten a limit of law, never loosen one",
        force=Force.LOCAL, source="local policy", module="rules.policy",
    ),
    Duty(
        rule="appoint_iro_from_notification", title="Appoint the IRO so many working days after notification",
        force=Force.LOCAL, source="local policy (default 3, practice notes 3 row 2)", module="rules.allocation",
    ),
    Duty(
        rule="escalation_ladder", title="A step that slips is told up the line, each rung once",
        force=Force.LOCAL, source="local policy (default: practice notes 4.9)", module="rules.ladder",
    ),
    Duty(
        rule="lightest_load", title="Among equals the IRO with the lightest load for their hours is chosen",
        force=Force.LOCAL, source="local policy (guidance: 50 to 70 children full time)", module="rules.choosing",
    ),
    Duty(
        rule="never_to_nobody", title="What goes to an empty post goes to the deputy, or up the line, and says so",
        force=Force.LOCAL, source="local policy (practice notes 4.9)", module="rules.posts",
    ),
    Duty(
        rule="sent_or_said_why_not", title="Whoever is owed a notice is written to, or it is said why not",
        force=Force.LOCAL, source="local policy (practice notes 8 and 10.3(5))", module="rules.addressing",
    ),
    Duty(
        rule="collective_concern", title="One kind of step that slips for many children of a team is told once",
        force=Force.LOCAL, source="local policy", module="rules.concerns",
    ),
    Duty(
        rule="poor_practice_pattern", title="Poor practice noted with many children of a team reaches senior managers",
        force=Force.LOCAL, source="local policy", module="rules.concerns",
    ),
    Duty(
        rule="dispute_goes_up", title="A stage of a dispute that is silent is left for the next, by itself",
        force=Force.LOCAL, source="local policy (practice notes 4.6: stages and days are local)",
        module="rules.dispute",
    ),
    Duty(
        rule="one_dispute_a_matter", title="One matter is in one open dispute, unless the IRO says it is another",
        force=Force.LOCAL, source="local policy", module="rules.acceptance.dispute",
    ),
    Duty(
        rule="correction_period", title="An episode that has ended stays open to corrections for a time",
        force=Force.LOCAL, source="local policy (default 20 working days)", module="rules.agenda",
    ),
)  # fmt: skip
"""What an authority's own policy sets, beside the days of the limits that the law leaves open."""
