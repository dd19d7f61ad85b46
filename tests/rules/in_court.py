"""A made-up child about whom court proceedings are issued, for the tests of what the court asks.

Looked after from Friday 5 June 2026, the IRO appointed on the 8th, the first review held on 3 July. Proceedings are
issued on Monday 13 July.
"""

from typing import Any

from tests.rules.build import Story, child

SET, OTHER = "proceedings_issued-1", "proceedings_issued-2"

REVIEWED = child("2026-06-05").iro_appointed("2026-06-08").review_held("2026-07-03")
ISSUED = REVIEWED.proceedings_issued("2026-07-13", about="care_or_supervision")
GUARDED = ISSUED.guardian_appointed("2026-07-15", proceedings=SET)
DISPUTE: dict[str, Any] = {
    "by": "iro-1",
    "matter": "care_plan",
    "about": "The plan has not moved.",
    "stage": "team_manager",
}
RAISED = ISSUED.dispute_raised("2026-07-20", **DISPUTE)
TELL_DISPUTE = "tell_court_of_dispute.dispute_raised-1"


def hearing(story: Story, on: str, held_on: str, kind: str = "issues_resolution", of: str = SET) -> Story:
    """A hearing that was listed on a day for another."""
    return story.hearing_listed(on, proceedings=of, hearing=kind, held_on=held_on)


def moved(story: Story, on: str, to: str | None, which: str = "hearing_listed-1") -> Story:
    """A hearing that was moved on a day, or taken away."""
    return story.hearing_moved(on, hearing=which, held_on=to, reason="the judge is ill")


def named(story: Story, on: str, to: str, of: str = SET) -> Story:
    """The IRO was named to the legal service, or to the court."""
    return story.iro_named_in_proceedings(on, proceedings=of, to=to)
