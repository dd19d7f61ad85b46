"""A child's page where much is disputed: disputes, proceedings, what the child asked for; and where nothing is."""

import re

from desk.seen.proceedings import not_offered
from desk.viewer import DeskRole
from rules.case import Case
from rules.wording import in_full
from tests.desk.disputed import asking, disputed, in_court
from tests.desk.ledgers import Ledger, days_ago
from tests.desk.lives import begun, tab, words
from tests.desk.town import Town

IRO = DeskRole.IRO


def test_the_childs_page_has_its_disputes_the_open_ones_first_each_with_its_own_page(town: Town) -> None:
    ledger, by = disputed(town), town.ref("iro")
    ledger.add("dispute_raised", 3, id="d2", by=by, matter="drift", about="Life story work", stage="director")
    ledger.add("dispute_withdrawn", 1, by=by, dispute="d2", reason="It is done")
    episode = ledger.publish(town.register)
    text = tab(town.visitor(IRO), episode, "/changes")
    said = words(text)
    assert said.index("No school place since spring") < said.index("Life story work")
    assert re.search(r"Working days: \d+ of 20 left\.", said)
    assert f'href="/children/{episode}/disputes/d1"' in text and f'href="/children/{episode}/disputes/d2"' in text
    assert "Taken further on" in said and "as formal dispute with the team manager" in said
    assert re.search(r"Withdrawn on [^:]+: It is done", said)


def test_who_recorded_an_answer_is_said_as_well_as_whose_answer_it_is(town: Town) -> None:
    ledger, by = begun(town), town.ref("team-manager")
    raised = {"matter": "drift", "about": "Made up.", "stage": "chief_executive"}
    ledger.add("dispute_raised", 3, id="d1", by=town.ref("iro"), **raised)
    ledger.add("dispute_answered", 1, by=by, dispute="d1", answer="Made up.")
    ledger.add("challenge_raised", 9, id="c1", rung="management_alert", addressee="head_of_service", about="Made up.")
    ledger.add("challenge_answered", 8, by=by, challenge="c1", answer="It is looked into")
    said = words(tab(town.visitor(IRO), ledger.publish(town.register), "/changes"))
    name = f"recorded by Example Team Manager {town.code}"
    assert re.search(rf"With the chief executive since [^;]+; answered on [^,]+, {name}\.", said)
    assert f"Answered on {in_full(days_ago(8))}, {name}: It is looked into" in said


def test_a_closed_dispute_says_its_outcome_and_what_was_considered_says_of_which_dispute(town: Town) -> None:
    ledger, by = disputed(town), town.ref("iro")
    ledger.add("cafcass_considered", 6, id="cc", by=by, dispute="d1", refer=False, reason="A place is near")
    ledger.add("dispute_resolved", 1, by=by, dispute="d1", outcome="agreed", words="By Easter")
    episode = ledger.publish(town.register)
    said = words(tab(town.visitor(IRO), episode, "/changes"))
    assert re.search(r"Resolved on [^:]+: It was agreed what is to be done, and by when\. By Easter", said)
    of_which = f"Formal dispute: education, raised on {in_full(days_ago(20))}. A place is near"
    assert "the case is not to be referred" in said and of_which in said
    own = words(town.visitor(IRO).get(f"/children/{episode}/disputes/d1").text)
    assert "the case is not to be referred Closed A place is near" in own, "its own page need not say which it is"


def test_what_the_child_asked_for_stands_with_what_came_of_it(town: Town) -> None:
    said = words(tab(town.visitor(IRO), asking(begun(town)).publish(town.register, name="Example Amber"), "/changes"))
    assert "What Example Amber asked for, or somebody for them" in said
    for written in (
        "I want to see my brother",
        "no adult is able and willing to help. Nobody was willing",
        "A complaint about the IRO",
        "She is never on time",
        "An advocate, asked for by somebody for the child Closed",
        "it is met in part. In the school next door",
        "For the review: that somebody does not come: the social worker",
    ):
        assert written in said
    assert said.index("Not him") < said.index("At my school"), "what is open comes first"


def test_proceedings_have_a_page_with_hearings_the_guardian_and_documents(town: Town) -> None:
    ledger = in_court(begun(town))
    episode = ledger.publish(town.register)
    said = words(tab(town.visitor(IRO), episode, "/proceedings"))
    for written in (
        "Proceedings: a care or supervision order",
        "about 1 other child too",
        "The legal service was told who the IRO is on",
        "The court has not been told who the IRO is.",
        "Brought forward",
        "A timetable was set",
        "The IRO was not told yet who that is.",
        "about the care plan. She agrees",
    ):
        assert written in said
    assert "another-child" not in said
    ahead, missing, had = (
        said.index(each)
        for each in ("Hearings ahead", "Court documents the IRO has not had yet An order", "documents the IRO had Dir")
    )
    assert ahead < missing < had
    ledger.add("proceedings_ended", 0, proceedings="p1", outcome="care_order").publish(town.register, revision=2)
    said = words(tab(town.visitor(IRO), episode, "/proceedings"))
    assert "a care or supervision order Over" in said and "Hearings ahead" not in said
    assert re.search(r"Ended on [^:]+: a care order", said)


def test_a_hearing_that_was_moved_and_then_not_held_gives_its_last_day_and_the_true_reason(town: Town) -> None:
    ledger = in_court(begun(town))
    ledger.add("hearing_listed", 9, id="h3", proceedings="p1", hearing="final", held_on=days_ago(-30))
    ledger.add("hearing_moved", 7, hearing="h3", held_on=days_ago(-25), reason="A judge is away")
    ledger.add("hearing_moved", 5, hearing="h3", reason="It was vacated")
    ledger.add("proceedings_ended", 0, proceedings="p1", outcome="care_order")
    said = words(tab(town.visitor(IRO), ledger.publish(town.register), "/proceedings"))
    moved = f"{in_full(days_ago(-9))} (moved from {in_full(days_ago(-20))}: Brought forward)"
    ended = f"was not held: the proceedings ended first, on {in_full(days_ago(0))}"
    assert f"Issues resolution hearing, {moved}, {ended}" in said
    assert f"Final hearing, listed for {in_full(days_ago(-25))}, is not held: It was vacated" in said


def test_the_guardians_invitation_the_record_for_the_court_and_the_last_talk_are_shown(town: Town) -> None:
    ledger, by = in_court(begun(town)), town.ref("iro")
    ledger.add("guardian_invited", 20, proceedings="p1")
    ledger.add("review_held", 18, participation="PN1", chaired_by=by, by=by)
    ledger.add("record_filed", 4)
    ledger.add("proceedings_ended", 3, proceedings="p1", outcome="care_order")
    ledger.add("guardian_handed_over", 1, proceedings="p1", words="Contact with her brother")
    said = words(tab(town.visitor(IRO), ledger.publish(town.register), "/proceedings"))
    filed = f"The court was given the record of the review of {in_full(days_ago(18))} on {in_full(days_ago(4))}."
    assert filed in said
    assert f"The guardian was invited to the coming review on {in_full(days_ago(20))}." in said
    last = f"The IRO and the guardian had their last talk on {in_full(days_ago(1))}."
    assert f"{last} To be kept under review: Contact with her brother" in said


def test_a_guardian_who_came_in_place_of_another_that_day_is_not_named_yet(town: Town) -> None:
    ledger = begun(town).add("proceedings_issued", 40, id="p1", about="care_or_supervision")
    ledger.add("guardian_appointed", 35, proceedings="p1").add("guardian_named_to_iro", 35, proceedings="p1")
    ledger.add("guardian_invited", 35, proceedings="p1")
    episode = ledger.publish(town.register)
    assert f"was told on {in_full(days_ago(35))} who" in words(tab(town.visitor(IRO), episode, "/proceedings"))
    ledger.add("guardian_appointed", 35, proceedings="p1").publish(town.register, revision=2)
    said = words(tab(town.visitor(IRO), episode, "/proceedings"))
    assert "in place of another. The IRO was not told yet who that is." in said
    assert "The guardian before was invited to the coming review" in said
    ledger.add("guardian_named_to_iro", 35, proceedings="p1").publish(town.register, revision=3)
    assert f"was told on {in_full(days_ago(35))} who" in words(tab(town.visitor(IRO), episode, "/proceedings"))


def test_only_what_can_still_be_recorded_of_proceedings_is_offered(town: Town) -> None:
    def refused(ledger: Ledger) -> set[str]:
        return not_offered(Case(ledger.entries), days_ago(0))

    ledger = begun(town).add("proceedings_issued", 40, id="p1", about="care_or_supervision")
    assert refused(ledger) == {"spoke_with_guardian", "hearing_moved"}
    assert refused(in_court(begun(town, "in-court"))) == set()
    ledger.add("hearing_listed", 9, id="h1", proceedings="p1", hearing="final", held_on=days_ago(2))
    assert "hearing_moved" in refused(ledger)
    ledger.add("proceedings_ended", 1, proceedings="p1", outcome="no_order")
    assert {"hearing_listed", "guardian_appointed", "proceedings_ended"} <= refused(ledger)
    assert "court_document_received" not in refused(ledger), "the IRO is to have it all the same"


def test_a_change_of_iro_is_told_anew(town: Town) -> None:
    town.person(IRO, "next-iro")
    ledger = in_court(begun(town))
    ledger.add("iro_named_in_proceedings", 38, proceedings="p1", to="court")
    episode = ledger.publish(town.register)
    assert "The court was told who the IRO is on" in words(tab(town.visitor(IRO), episode, "/proceedings"))
    ledger.add("iro_appointed", 6, id="next", iro=town.ref("next-iro"), reason="Made up.")
    ledger.add("iro_named_in_proceedings", 5, proceedings="p1", to="legal").publish(town.register, revision=2)
    said = words(tab(town.visitor(DeskRole.IRO_MANAGER), episode, "/proceedings"))
    assert "The court has not been told who the IRO is now; it was last told on" in said
    assert f"The legal service was told who the IRO is on {in_full(days_ago(5))}." in said
    ledger.add("iro_named_in_proceedings", 1, proceedings="p1", to="court").publish(town.register, revision=3)
    said = words(tab(town.visitor(DeskRole.IRO_MANAGER), episode, "/proceedings"))
    assert f"The court was told who the IRO is on {in_full(days_ago(1))}." in said


def test_the_first_proceedings_are_recorded_from_the_childs_page(town: Town) -> None:
    ledger, visitor = begun(town), town.visitor(DeskRole.SOCIAL_WORKER)
    episode = ledger.publish(town.register)
    issue = f"/children/{episode}/record/proceedings_issued"
    for path in ("/changes", "/proceedings"):
        assert f'href="{issue}"' in tab(visitor, episode, path)
        assert issue not in tab(town.visitor(IRO), episode, path), "the IRO hears of it from them"
    assert "hearing_listed" not in tab(visitor, episode, "/proceedings"), "there is nothing to list one in"
    in_court(ledger).publish(town.register, revision=2)
    text = tab(visitor, episode, "/proceedings")
    assert f'href="{issue}"' in text and "hearing_listed" in text
    assert issue not in tab(visitor, episode, "/changes")


def test_there_is_nothing_of_all_that_where_nothing_was_recorded(town: Town) -> None:
    episode = begun(town).publish(town.register)
    text = tab(town.visitor(IRO), episode, "/changes")
    said = words(text)
    for heading in ("Formal disputes", "Cafcass and legal advice", "asked for, or somebody", "Poor practice"):
        assert heading not in said
    assert f"/children/{episode}/proceedings" not in text
    assert "No court proceedings" in words(tab(town.visitor(IRO), episode, "/proceedings"))


def test_poor_practice_is_told_with_what_it_is_about(town: Town) -> None:
    noted = {"theme": "visits_missed", "of": "social_worker", "about": "Three in a row"}
    episode = begun(town).add("poor_practice_noted", 3, by=town.ref("iro"), **noted).publish(town.register)
    said = words(tab(town.visitor(IRO), episode, "/changes"))
    assert re.search(r"Poor practice \w+day [^,]+, of the social worker, visits missed: Three in a row", said)
    assert days_ago(3).strftime("%Y") in said


def test_how_late_a_change_was_told_is_said_and_of_proceedings_that_are_over_no_more_is_asked(town: Town) -> None:
    ledger = in_court(begun(town))
    ledger.add("significant_change", 30, id="ch1", change="school_exclusion", happened_on=days_ago(45))
    episode = ledger.publish(town.register)
    visitor = town.visitor(DeskRole.SOCIAL_WORKER)
    assert "working days late." in words(tab(visitor, episode, "/changes"))
    assert "hearing_listed" in tab(visitor, episode, "/proceedings")
    ledger.add("proceedings_ended", 0, proceedings="p1", outcome="care_order").publish(town.register, revision=2)
    text = tab(visitor, episode, "/proceedings")
    for act in ("hearing_listed", "hearing_moved", "guardian_appointed", "spoke_with_guardian", "proceedings_ended"):
        assert act not in text, act
    assert "court_document_received" in text and "proceedings_issued" in text
