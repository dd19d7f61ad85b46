"""Acts of court proceedings that cannot be: each is refused with a sentence that says why, and what to do."""

from typing import Any

import pytest

from rules.acceptance import says
from tests.rules.build import Story, child, day
from tests.rules.in_court import GUARDED, ISSUED, OTHER, RAISED, REVIEWED, SET, hearing, moved


def test_nothing_is_recorded_of_proceedings_there_are_not_or_before_they_were_issued() -> None:
    why = REVIEWED.refuses("guardian_appointed", "2026-07-15", proceedings=SET)
    assert why == (
        f"There are no such proceedings in the open part of this episode (fact {SET}); record first that they were"
        " issued (proceedings_issued)."
    )
    why = ISSUED.refuses("guardian_appointed", "2026-07-10", "2026-07-15", proceedings=SET)
    assert why == f"Those proceedings were issued later, on 13 July 2026 (fact {SET}); check the day."


def test_the_same_proceedings_are_recorded_once() -> None:
    why = ISSUED.refuses("proceedings_issued", "2026-07-13", about="care_or_supervision")
    assert why == f"Such proceedings were recorded for 13 July 2026 already (fact {SET})."
    ISSUED.accepts("proceedings_issued", "2026-07-13", about="placement")


# --- One set of a kind at a time --------------------------------------------------------------------------------------

CARE = {"about": "care_or_supervision"}
OVER = ISSUED.proceedings_ended("2026-08-10", proceedings=SET)
FOLLOWED = OVER.proceedings_issued("2026-09-07", **CARE)


@pytest.mark.parametrize("on", ["2026-07-14", "2026-08-13"])
def test_no_second_set_of_a_kind_is_issued_while_one_goes_on(on: str) -> None:
    why = ISSUED.refuses("proceedings_issued", on, **CARE)
    assert why == (
        f"The proceedings issued on 13 July 2026 (fact {SET}) have not ended, and are of the same kind. If it is the"
        f" same set, correct the day it was issued, where that is wrong; if they were over by {says(day(on))}, record"
        " first how they ended (proceedings_ended)."
    )
    ISSUED.accepts("proceedings_issued", on, about="placement")


def test_what_is_asked_for_besides_may_be_asked_for_twice() -> None:
    story = REVIEWED.proceedings_issued("2026-07-13", about="other")
    assert "already" in story.refuses("proceedings_issued", "2026-07-13", about="other")
    story.accepts("proceedings_issued", "2026-07-14", about="other")


def test_the_next_set_of_a_kind_is_issued_from_the_day_the_one_before_ended() -> None:
    for on in ("2026-08-10", "2026-08-11", "2026-09-07"):
        OVER.accepts("proceedings_issued", on, **CARE)
    why = OVER.refuses("proceedings_issued", "2026-08-07", "2026-08-20", **CARE)
    assert why == (
        f"The proceedings issued on 13 July 2026 (fact {SET}) went on until 10 August 2026, and are of the same kind."
        " If it is the same set, correct the day it was issued, where that is wrong; if they were over by 7 August"
        " 2026, correct the day they ended (fact proceedings_ended-1)."
    )
    assert "already" in OVER.refuses("proceedings_issued", "2026-07-13", "2026-08-20", **CARE)


def test_a_set_that_is_told_of_late_was_over_before_the_one_that_goes_on() -> None:
    ISSUED.accepts("proceedings_issued", "2026-06-15", "2026-07-20", **CARE)
    story = ISSUED.proceedings_issued("2026-06-15", at="2026-07-20", **CARE)
    story.accepts("proceedings_ended", "2026-07-01", "2026-07-20", proceedings=OTHER)


def test_what_was_told_wrongly_of_proceedings_may_be_put_right_beside_others_of_their_kind() -> None:
    story = ISSUED.proceedings_issued("2026-06-15", at="2026-07-20", **CARE)
    _puts_right(story, OTHER, with_children=["child-2"])
    story = story.proceedings_ended("2026-08-01", at="2026-08-01", proceedings=OTHER)
    _puts_right(story, "proceedings_ended-1", proceedings=SET)
    _puts_right(FOLLOWED, OTHER, on="2026-08-10")
    FOLLOWED.accepts("fact_withdrawn", "2026-09-10", withdraws="proceedings_ended-1", reason="in error")


def _correction(story: Story, wrong: str, **fields: Any) -> dict[str, Any]:
    (as_told,) = (entry.fact for entry in story.entries if entry.fact.id == wrong)
    return {"corrects": wrong, "reason": "typing error", "to": as_told.model_dump(mode="json") | fields}


def _puts_right(story: Story, wrong: str, **fields: Any) -> None:
    story.accepts("fact_corrected", "2026-09-10", **_correction(story, wrong, **fields))


def _cannot_put_right(story: Story, wrong: str, **fields: Any) -> str:
    return story.refuses("fact_corrected", "2026-09-10", **_correction(story, wrong, **fields))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("guardian_named_to_iro", {}),
        ("guardian_invited", {}),
        ("spoke_with_guardian", {"topics": ["care_plan"]}),
        ("guardian_handed_over", {}),
    ],
)
def test_without_a_guardian_nothing_of_one_is_recorded(kind: str, said: dict[str, Any]) -> None:
    why = ISSUED.refuses(kind, "2026-07-15", proceedings=SET, **said)
    assert why == "No guardian was appointed by that day; record the appointment first (guardian_appointed)."


def test_where_the_child_has_no_iro_none_is_named() -> None:
    story = child("2026-06-05").proceedings_issued("2026-06-08", about="emergency_protection")
    why = story.refuses("iro_named_in_proceedings", "2026-06-09", proceedings=SET, to="legal")
    assert why == "The child had no IRO by that day; record the appointment first (iro_appointed)."


def test_proceedings_end_once_and_only_documents_and_the_handover_come_after() -> None:
    story = GUARDED.proceedings_ended("2026-08-10", proceedings=SET, outcome="care_order")
    again = story.refuses("proceedings_ended", "2026-08-12", proceedings=SET, outcome="no_order")
    ended = f"The proceedings issued on 13 July 2026 (fact {SET}) ended on 10 August 2026"
    assert again == f"{ended}; correct that if they did not (fact proceedings_ended-1)."
    same = story.refuses("proceedings_ended", "2026-08-10", proceedings=SET, outcome="no_order")
    assert same == f"{ended}; correct that instead (fact proceedings_ended-1)."
    assert "ended on 10 August 2026" in story.refuses("guardian_appointed", "2026-08-11", proceedings=SET)
    story.accepts("court_document_received", "2026-08-11", proceedings=SET, document="order")
    story.accepts("guardian_handed_over", "2026-08-11", proceedings=SET)


def test_proceedings_cannot_have_ended_before_a_hearing_that_was_held() -> None:
    story = hearing(ISSUED, "2026-07-20", "2026-08-03").hearing_reached(
        "2026-08-03", by="system", hearing="hearing_listed-1"
    )
    why = story.refuses("proceedings_ended", "2026-07-31", "2026-08-04", proceedings=SET, outcome="no_order")
    assert why == "A hearing of the proceedings was on 3 August 2026; they cannot have ended before."


def test_a_hearing_in_the_past_is_not_listed() -> None:
    said = {"proceedings": SET, "hearing": "final", "held_on": "2026-07-17"}
    why = ISSUED.refuses("hearing_listed", "2026-07-20", **said)
    assert why == (
        "17 July 2026 is before 20 July 2026, when it was listed, and a hearing is listed before it is held. Check the"
        " day on which it is to be held (held_on); if it has been held, check the day on which it was listed, or record"
        " the document that came of it."
    )
    ISSUED.accepts("hearing_listed", "2026-07-14", "2026-07-20", **said)


def test_a_hearing_is_listed_once_and_not_beyond_the_end_of_the_proceedings() -> None:
    story = hearing(ISSUED, "2026-07-20", "2026-08-03", "final")
    said = {"proceedings": SET, "hearing": "final"}
    again = story.refuses("hearing_listed", "2026-07-21", held_on="2026-08-03", **said)
    assert again == "That hearing is listed for 3 August 2026 already (fact hearing_listed-1)."
    ended = ISSUED.proceedings_ended("2026-07-27", proceedings=SET, outcome="withdrawn")
    beyond = ended.refuses("hearing_listed", "2026-07-20", "2026-07-28", held_on="2026-08-03", **said)
    assert beyond == "The proceedings ended on 27 July 2026; no hearing comes after that."


LISTED = hearing(ISSUED, "2026-07-20", "2026-08-03")


@pytest.mark.parametrize(
    ("on", "said", "why"),
    [
        (
            "2026-07-21",
            {"hearing": "x", "held_on": "2026-08-10"},
            "There is no such hearing in the open part of this episode (fact x)",
        ),
        ("2026-07-17", {"held_on": "2026-08-10"}, "was listed later, on 20 July 2026"),
        ("2026-07-27", {"held_on": "2026-07-24"}, "24 July 2026 is past; a hearing is moved to a day to come."),
        ("2026-07-27", {"held_on": "2026-08-03"}, "That hearing is on 3 August 2026 already"),
        ("2026-08-04", {"held_on": "2026-08-10"}, "The day of that hearing came on 3 August 2026; list the next one"),
    ],
)
def test_a_hearing_that_cannot_be_moved_so_is_refused(on: str, said: dict[str, str], why: str) -> None:
    assert why in LISTED.refuses(
        "hearing_moved", on, "2026-08-04", **{"hearing": "hearing_listed-1"} | said, reason="x"
    )


def test_a_hearing_that_was_taken_away_or_reported_is_not_moved_so_again() -> None:
    away = moved(LISTED, "2026-07-27", None)
    why = away.refuses("hearing_moved", "2026-07-28", hearing="hearing_listed-1", reason="x")
    assert why.startswith("That hearing was taken away already")
    told = LISTED.hearing_reported("2026-08-04", hearing="hearing_listed-1", words="A date was set.")
    why = told.refuses("hearing_moved", "2026-08-03", "2026-08-05", hearing="hearing_listed-1", reason="x")
    assert why == "What came of that hearing was told on 4 August 2026; list the next one."


def test_a_hearing_that_was_moved_before_its_day_may_be_told_of_afterwards() -> None:
    story = LISTED.hearing_reached("2026-08-03", by="system", hearing="hearing_listed-1")
    story.accepts(
        "hearing_moved", "2026-07-31", "2026-08-05", hearing="hearing_listed-1", held_on="2026-08-17", reason="x"
    )


def test_the_day_of_a_hearing_comes_only_as_it_was_listed_or_moved_last() -> None:
    story = moved(LISTED, "2026-07-27", "2026-08-10")
    why = story.refuses("hearing_reached", "2026-08-03", by="system", hearing="hearing_listed-1")
    assert why == "That hearing is not on 3 August 2026 (fact hearing_listed-1)."
    story.accepts("hearing_reached", "2026-08-10", by="system", hearing="hearing_listed-1")


def test_what_came_of_a_hearing_is_told_once_when_it_was_held() -> None:
    said = {"hearing": "hearing_listed-1", "words": "A date was set."}
    early = LISTED.refuses("hearing_reported", "2026-07-31", **said)
    assert early == "The hearing is on 3 August 2026; nothing has come of it yet."
    away = moved(LISTED, "2026-07-27", None).refuses("hearing_reported", "2026-08-04", **said)
    assert away == "That hearing was not held; nothing came of it."
    again = LISTED.hearing_reported("2026-08-04", **said).refuses("hearing_reported", "2026-08-05", **said)
    assert again == "That was told on 4 August 2026; correct that (fact hearing_reported-1)."


def test_a_document_is_given_once_and_not_before_it_was_received() -> None:
    unknown = ISSUED.refuses("court_document_given", "2026-07-20", document="x")
    assert unknown == "There is no such court document here (fact x); record its receipt (court_document_received)."
    story = ISSUED.court_document_received("2026-07-20", proceedings=SET, document="order")
    said = {"document": "court_document_received-1"}
    early = story.refuses("court_document_given", "2026-07-17", "2026-07-20", **said)
    assert early == "The document was received on 20 July 2026; it cannot be given before."
    again = story.court_document_given("2026-07-21", **said).refuses("court_document_given", "2026-07-22", **said)
    assert again == "The IRO had it on 21 July 2026; correct that if it was wrong (fact court_document_given-1)."


def test_the_court_is_told_of_a_dispute_there_is() -> None:
    unknown = RAISED.refuses("court_told_of_dispute", "2026-07-21", proceedings=SET, dispute="x")
    assert unknown == "There is no such dispute in the open part of this episode (fact x)."
    early = RAISED.refuses(
        "court_told_of_dispute", "2026-07-17", "2026-07-21", proceedings=SET, dispute="dispute_raised-1"
    )
    assert early == "That dispute was raised later, on 20 July 2026 (fact dispute_raised-1); check the day."


@pytest.mark.parametrize(
    ("wrong", "right", "first"),
    [
        (SET, {"on": "2026-07-16"}, "guardian_appointed, fact guardian_appointed-1"),
        ("hearing_listed-1", {"on": "2026-07-30"}, "hearing_moved, fact hearing_moved-1"),
        ("court_document_received-1", {"on": "2026-07-30"}, "court_document_given, fact court_document_given-1"),
    ],
)
def test_a_day_cannot_be_corrected_past_what_came_of_it(wrong: str, right: dict[str, str], first: str) -> None:
    story = moved(hearing(GUARDED, "2026-07-20", "2026-08-03"), "2026-07-27", "2026-08-10")
    story = story.court_document_received("2026-07-20", proceedings=SET, document="order")
    story = story.court_document_given("2026-07-21", document="court_document_received-1")
    (as_told,) = (entry.fact for entry in story.entries if entry.fact.id == wrong)
    to = as_told.model_dump(mode="json") | right
    why = story.refuses("fact_corrected", "2026-08-20", corrects=wrong, reason="typing error", to=to)
    assert f"({first}) would then come before it" in why
