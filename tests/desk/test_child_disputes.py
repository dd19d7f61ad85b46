"""A child's page where much is disputed: disputes, proceedings, what the child asked for; and where nothing is."""

import re

from desk.viewer import DeskRole
from rules.wording import in_full
from tests.desk.disputed import asking, disputed, in_court
from tests.desk.ledgers import days_ago
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
