"""The notices there are, by name, and which of them may wait for the morning."""

from enum import StrEnum


class NoticeName(StrEnum):
    """Which notice (practice notes 8). What is owed by which fact stands in `rules.notices`."""

    BECAME_LOOKED_AFTER = "became_looked_after"
    IRO_PROPOSED = "iro_proposed"
    NO_IRO_FOUND = "no_iro_found"
    IRO_APPOINTED = "iro_appointed"
    IRO_OVER_CAPACITY = "iro_over_capacity"
    IRO_SHARED = "iro_shared"
    """Owed by the register, which alone sees several children at once (`register.sharing`)."""
    IRO_CHANGE_ASKED = "iro_change_asked"
    IRO_CHANGE_DECLINED = "iro_change_declined"
    IRO_HANDED_OVER = "iro_handed_over"
    REVIEWING_POLICY = "reviewing_policy"
    REVIEW_ARRANGED = "review_arranged"
    REVIEW_CANCELLED = "review_cancelled"
    REVIEW_ADJOURNED = "review_adjourned"
    REPORT_RECEIVED = "report_received"
    DECISIONS_SENT = "decisions_sent"
    DECISIONS_CIRCULATED = "decisions_circulated"
    DECISIONS_TAKEN_AS_AGREED = "decisions_taken_as_agreed"
    RECORD_COMPLETED = "record_completed"
    VIEWS_IN_WRITING = "views_in_writing"
    SIGNIFICANT_EVENT = "significant_event"
    CHALLENGE_RAISED = "challenge_raised"
    CHALLENGE_ANSWERED = "challenge_answered"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_MOVED = "dispute_moved"
    DISPUTE_STANDS = "dispute_stands"
    DISPUTE_CLOSED = "dispute_closed"
    CAFCASS_REFERRAL = "cafcass_referral"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    NOTICE_UNDELIVERED = "notice_undelivered"
    COLLECTIVE_CONCERN = "collective_concern"
    """Owed by the register, about an authority's service; so is the weekly digest (`register.service`)."""
    POOR_PRACTICE_PATTERN = "poor_practice_pattern"
    """Owed by the register too, to senior managers."""
    WEEKLY_DIGEST = "weekly_digest"
    DAILY_DIGEST = "daily_digest"
    """Made by the post room: the routine notices of one person, gathered into one each working morning."""

    @property
    def is_routine(self) -> bool:
        """Whether it waits for the next working morning, with the others of its kind; the rest go at once."""
        return self is NoticeName.REMINDER

    @property
    def follows_a_review(self) -> bool:
        """Whether it brings what a review came to: that is finished even when care has ended (practice notes 9)."""
        return self in _OF_WHAT_FOLLOWS

    @property
    def words(self) -> str:
        """What it tells, to follow "the notice of": "the IRO's appointment"."""
        return _WORDS[self]


ROUTINE = frozenset(name for name in NoticeName if name.is_routine)
"""The notices that wait for the next working morning."""

_OF_WHAT_FOLLOWS = frozenset(
    {
        NoticeName.DECISIONS_SENT,
        NoticeName.DECISIONS_CIRCULATED,
        NoticeName.DECISIONS_TAKEN_AS_AGREED,
        NoticeName.RECORD_COMPLETED,
    }
)

_WORDS = {
    NoticeName.BECAME_LOOKED_AFTER: "the child's becoming looked after",
    NoticeName.IRO_PROPOSED: "an IRO proposed",
    NoticeName.NO_IRO_FOUND: "no IRO being found",
    NoticeName.IRO_APPOINTED: "the IRO's appointment",
    NoticeName.IRO_OVER_CAPACITY: "an IRO over their limit",
    NoticeName.IRO_SHARED: "an IRO shared with brothers and sisters",
    NoticeName.IRO_CHANGE_ASKED: "the child's wish for another IRO",
    NoticeName.IRO_CHANGE_DECLINED: "the answer to the child's wish for another IRO",
    NoticeName.IRO_HANDED_OVER: "the handover to the new IRO",
    NoticeName.REVIEWING_POLICY: "the policy on reviews",
    NoticeName.REVIEW_ARRANGED: "the day of the review",
    NoticeName.REVIEW_CANCELLED: "a review that will not be held",
    NoticeName.REVIEW_ADJOURNED: "the review's adjournment",
    NoticeName.REPORT_RECEIVED: "the social worker's report",
    NoticeName.DECISIONS_SENT: "the review's decisions",
    NoticeName.DECISIONS_CIRCULATED: "the agreed decisions",
    NoticeName.DECISIONS_TAKEN_AS_AGREED: "decisions taken as agreed",
    NoticeName.RECORD_COMPLETED: "the review's record",
    NoticeName.VIEWS_IN_WRITING: "what the child wrote for the review",
    NoticeName.SIGNIFICANT_EVENT: "a significant event",
    NoticeName.CHALLENGE_RAISED: "a challenge by the IRO",
    NoticeName.CHALLENGE_ANSWERED: "the answer to a challenge",
    NoticeName.DISPUTE_OPENED: "a dispute opened",
    NoticeName.DISPUTE_MOVED: "a dispute taken further",
    NoticeName.DISPUTE_STANDS: "where a dispute stands after all",
    NoticeName.DISPUTE_CLOSED: "a dispute closed",
    NoticeName.CAFCASS_REFERRAL: "a referral to Cafcass",
    NoticeName.REMINDER: "a step falling due",
    NoticeName.ESCALATION: "a step that slipped",
    NoticeName.NOTICE_UNDELIVERED: "a notice that reached nobody",
    NoticeName.COLLECTIVE_CONCERN: "a concern about the service",
    NoticeName.POOR_PRACTICE_PATTERN: "a pattern of poor practice",
    NoticeName.WEEKLY_DIGEST: "the service's week",
    NoticeName.DAILY_DIGEST: "the day's reminders",
}
