"""Children of whom much is disputed: disputes at their stages, referrals, the court, what the child asked for."""

from tests.desk.ledgers import Ledger, days_ago
from tests.desk.lives import begun
from tests.desk.town import Town


def disputed(town: Town, name: str = "child") -> Ledger:
    """A case with a dispute that has been through three stages, and stands at the head of service."""
    ledger, by = begun(town, name), town.ref("iro")
    ledger.add(
        "challenge_raised", 60, id="c1", by=by, rung="informal_resolution", addressee="team_manager",
        about="No school place",
    ).add("challenge_answered", 55, challenge="c1", answer="It is looked into")  # fmt: skip
    ledger.add(
        "challenge_raised", 50, id="c2", by=by, rung="management_alert", addressee="service_manager",
        about="Still no school place", follows="c1",
    )  # fmt: skip
    ledger.add(
        "dispute_raised", 20, id="d1", by=by, matter="education", about="No school place since spring",
        stage="team_manager", follows="c2", failure="implement_decision", needed_by=days_ago(2), tell_child=True,
    )  # fmt: skip
    ledger.add("dispute_paused", 18, by=by, dispute="d1", until=days_ago(14), reason="The manager is away")
    moved = {"unanswered": "team_manager", "to": "service_manager", "last_day": days_ago(14)}
    ledger.add("dispute_moved_up", 13, id="up1", by="system", dispute="d1", **moved)
    ledger.add("dispute_answered", 11, by=town.ref("team-manager"), dispute="d1", answer="A school is asked")
    ledger.add("dispute_taken_up", 9, id="up2", by=by, dispute="d1", to="head_of_service", reason="No day was given")
    return ledger


def gone_up(town: Town) -> Ledger:
    """A case with a dispute that was answered on the last day, which was recorded when the clock had taken it up."""
    ledger, by = begun(town), town.ref("iro")
    ledger.add("dispute_raised", 12, id="d1", by=by, matter="education", about="No school place", stage="team_manager")
    moved = {"unanswered": "team_manager", "to": "service_manager", "last_day": days_ago(3)}
    ledger.add("dispute_moved_up", 2, id="up1", by="system", dispute="d1", **moved)
    late = {"dispute": "d1", "stage": "team_manager", "answer": "A school is asked"}
    return ledger.add("dispute_answered", 3, id="a1", by=by, **late)


def referred(town: Town, ledger: Ledger) -> Ledger:
    """The same case, referred to Cafcass, with legal advice asked for."""
    by = town.ref("iro")
    ledger.add("cafcass_considered", 6, id="cc", by=by, dispute="d1", refer=True, reason="She cannot wait")
    ledger.add(
        "cafcass_referred", 5, id="cr", by=by, dispute="d1", failure="implement_decision",
        about="No place for two terms", done_so_far="Every stage but the last two",
        raised_with=["service_manager", "head_of_service"], childs_view="Wants to be at school",
        asks="Bring proceedings",
    )  # fmt: skip
    return ledger.add("legal_advice_asked", 4, id="la", by=by, about="Whether to wait", dispute="d1")


def in_court(ledger: Ledger) -> Ledger:
    """The same case with court proceedings under way."""
    ledger.add("proceedings_issued", 40, id="p1", about="care_or_supervision", with_children=["another-child"])
    ledger.add("iro_named_in_proceedings", 39, proceedings="p1", to="legal")
    ledger.add("guardian_appointed", 35, id="g1", proceedings="p1")
    ledger.add("court_document_received", 30, id="doc1", proceedings="p1", document="directions")
    ledger.add("court_document_given", 28, document="doc1")
    ledger.add("court_document_received", 12, id="doc2", proceedings="p1", document="order")
    ledger.add("hearing_listed", 30, id="h1", proceedings="p1", hearing="case_management", held_on=days_ago(10))
    ledger.add("hearing_reached", 10, hearing="h1", by="system")
    ledger.add("hearing_reported", 8, hearing="h1", words="A timetable was set")
    ledger.add("hearing_listed", 9, id="h2", proceedings="p1", hearing="issues_resolution", held_on=days_ago(-20))
    ledger.add("hearing_moved", 6, hearing="h2", held_on=days_ago(-9), reason="Brought forward")
    return ledger.add("spoke_with_guardian", 8, proceedings="p1", topics=["care_plan"], words="She agrees")


def asking(ledger: Ledger) -> Ledger:
    """The same case, in which the child asked for something of every kind."""
    ledger.add("child_wants_proceedings", 12, id="wants", words="I want to see my brother")
    ledger.add("adult_sought", 10, request="wants", found=False, reason="Nobody was willing")
    ledger.add("complaint_made", 9, id="complaint", about="iro", by_child=True, words="She is never on time")
    ledger.add("complaint_passed_on", 8, complaint="complaint")
    ledger.add("advocate_asked", 8, id="advocate", by_child=False)
    ledger.add("advocate_provided", 6, request="advocate")
    ledger.add("child_wished", 7, id="wish1", wish="place", words="At my school")
    ledger.add("child_wish_answered", 5, wish="wish1", met="in_part", reason="In the school next door")
    return ledger.add("child_wished", 1, id="wish2", wish="not_there", words="Not him", who="social_worker")
