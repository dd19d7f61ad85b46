"""Each thing that can be wrong with a row: told by line, field and rule, with what became of it."""

from datetime import date

import pytest

from rules.codes import LegalStatus, ParticipationCode
from tests.intake.returns import AS_OF, SmallReturn, child, episode, review, told

OUT, WITHOUT, KEPT = "left out", "kept without the field", "kept"


def test_a_clean_return_has_no_problems(small: SmallReturn) -> None:
    read = small.read()

    assert read.problems == ()
    only = read.children[0]
    assert (only.child, only.birth_date) == ("A1", date(2008, 6, 5))
    assert (only.period.first_day, only.period.first_day_known) == (date(2018, 1, 10), True)
    assert [(each.on, each.participation) for each in only.reviews] == [(date(2018, 2, 2), ParticipationCode.PN1)]
    assert read.header.model_dump() == {"read": 1, "kept": 1, "past": 0, "left_out": 0}


# --- The header ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("born", ["", "31/02/2008", "2008-06-05", "5/6/2008", "05/06/08", "05/06/0208", "05/06/2008x"])
def test_without_a_date_of_birth_a_child_cannot_be_taken_on(small: SmallReturn, born: str) -> None:
    small.write(header=[child(), child("A2", born)], reviews=())

    assert told(small.read().problems) == [("header.csv", 3, "DOB", "102", OUT)]


def test_a_child_born_after_care_began_is_left_out_with_all_its_rows(small: SmallReturn) -> None:
    small.write(header=[child(born="11/01/2018")])

    read = small.read()

    assert told(read.problems) == [("header.csv", 2, "DOB", "302", OUT)]
    assert read.children == ()
    assert (read.header.left_out, read.episodes.left_out, read.reviews.left_out) == (1, 1, 1)


def test_a_child_born_on_the_day_care_began_is_taken_on(small: SmallReturn) -> None:
    small.write(header=[child(born="10/01/2018")], reviews=[review("02/02/2018", "PN0", born="10/01/2018")])

    assert small.read().problems == ()


def test_a_second_header_row_for_a_child_is_left_out(small: SmallReturn) -> None:
    small.write(header=[child(), child(born="05/06/2010")])

    read = small.read()

    assert told(read.problems) == [("header.csv", 3, "CHILD", "INT32", OUT)]
    assert read.children[0].birth_date == date(2008, 6, 5)


@pytest.mark.parametrize("reference", ["", "Jane Doe", "A" * 65, "-A1", "ä1"])
def test_what_is_no_reference_is_left_out_unrepeated(small: SmallReturn, reference: str) -> None:
    small.write(header=[child(), child(reference)])

    problem = small.read().problems[0]

    assert (problem.line, problem.field, problem.outcome) == (3, "CHILD", OUT)
    assert "Jane" not in problem.reason


def test_a_child_of_18_still_open_is_left_out(small: SmallReturn) -> None:
    small.write(header=[child(born="31/03/2000")], reviews=())

    read = small.read()

    assert told(read.problems) == [("episodes.csv", 2, "DEC", "359", OUT)]
    assert read.children == ()
    assert (read.header.left_out, read.episodes.left_out) == (1, 1)


def test_the_day_before_the_18th_birthday_a_child_is_taken_on(small: SmallReturn) -> None:
    small.write(header=[child(born="01/04/2000")], reviews=())

    assert len(small.read().children) == 1


def test_care_that_begins_at_18_is_left_out(small: SmallReturn) -> None:
    small.write(
        header=[child(born="10/01/2000")],
        episodes=[episode("10/01/2018", ls="V2", place="K2")],
        reviews=(),
    )

    read = small.read()

    assert told(read.problems) == [("episodes.csv", 2, "DECOM", "352", OUT)]
    assert read.children == ()


def test_past_18_a_community_home_under_section_20_is_still_care(small: SmallReturn) -> None:
    small.write(
        header=[child(born="31/03/2000")],
        episodes=[episode("10/01/2018", ls="V2", place="K2")],
        reviews=(),
    )

    assert len(small.read().children) == 1


# --- The episodes -------------------------------------------------------------------------------------------------


def test_a_child_with_no_header_row_is_left_out(small: SmallReturn) -> None:
    small.write(episodes=[episode("10/01/2018"), episode("10/01/2018", of="A2")])

    assert told(small.read().problems) == [("episodes.csv", 3, "CHILD", "INT03", OUT)]


@pytest.mark.parametrize("began", ["", "31/02/2018", "2018-01-10"])
def test_an_episode_without_a_first_day_is_left_out(small: SmallReturn, began: str) -> None:
    small.write(episodes=[episode(began), episode("10/01/2018")])

    assert told(small.read().problems) == [("episodes.csv", 2, "DECOM", "141", OUT)]


def test_unknown_codes_are_passed_over_and_the_row_kept(small: SmallReturn) -> None:
    small.write(
        episodes=[
            episode("10/01/2018", "S", "15/01/2018", "X1", ls="C9"),
            episode("15/01/2018", "Q", "20/01/2018", "X9", ls="E1"),
            episode("20/01/2018", "", ls=""),
        ]
    )

    read = small.read()

    assert told(read.problems) == [
        ("episodes.csv", 2, "LS", "144", WITHOUT),
        ("episodes.csv", 3, "RNE", "143", WITHOUT),
        ("episodes.csv", 3, "REC", "149", WITHOUT),
        ("episodes.csv", 4, "RNE", "143", WITHOUT),
        ("episodes.csv", 4, "LS", "144", WITHOUT),
    ]
    period = read.children[0].period
    assert period.lines == (2, 3, 4)
    assert [status.legal_status for status in period.legal_statuses] == [LegalStatus.E1]


def test_a_last_day_that_cannot_be_read_does_not_end_care(small: SmallReturn) -> None:
    small.write(episodes=[episode("10/01/2018", "S", "99/99/2018", "E4A")])

    read = small.read()

    assert told(read.problems) == [("episodes.csv", 2, "DEC", "147", WITHOUT)]
    assert read.children[0].period.ended_on is None


def test_the_return_is_read_as_it_stood_on_the_day(small: SmallReturn) -> None:
    small.write(
        episodes=[
            episode("10/01/2018", "S", "01/04/2018", "E4A"),
            episode("02/04/2018", "S"),
        ],
        reviews=[review("31/03/2018"), review("01/04/2018")],
    )

    read = small.read()

    assert told(read.problems) == [
        ("episodes.csv", 2, "DEC", None, WITHOUT),
        ("episodes.csv", 3, "DECOM", None, OUT),
        ("reviews.csv", 3, "REVIEW", None, OUT),
    ]
    assert read.children[0].period.ended_on is None
    assert [each.on for each in read.children[0].reviews] == [AS_OF]


def test_on_the_day_care_ends_the_child_is_no_longer_looked_after(small: SmallReturn) -> None:
    small.write(episodes=[episode("10/01/2018", "S", "31/03/2018", "E4A")])

    read = small.read()

    assert read.children == ()
    assert read.problems == ()
    assert (read.header.past, read.episodes.past, read.reviews.past) == (1, 1, 1)


# --- The reviews --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("on", ["", "31/02/2018", "2018-02-02", "2/2/2018"])
def test_a_review_without_a_day_is_left_out(small: SmallReturn, on: str) -> None:
    small.write(reviews=[review(on), review("02/02/2018")])

    read = small.read()

    assert told(read.problems) == [("reviews.csv", 2, "REVIEW", "166", OUT)]
    assert len(read.children[0].reviews) == 1


@pytest.mark.parametrize("code", ["", "PN8", "pn1", "1"])
def test_a_review_is_kept_for_its_day_whatever_its_code(small: SmallReturn, code: str) -> None:
    small.write(reviews=[review("02/02/2018", code)])

    read = small.read()

    assert told(read.problems) == [("reviews.csv", 2, "REVIEW_CODE", "167", WITHOUT)]
    assert read.children[0].reviews[0].participation is None


@pytest.mark.parametrize(
    ("on", "code", "rule"),
    [
        ("01/02/2018", "PN0", None),
        ("01/02/2018", "PN1", "441"),
        ("02/02/2018", "PN0", None),
        ("02/02/2018", "PN7", None),
        ("03/02/2018", "PN0", "440"),
        ("03/02/2018", "PN4", None),
    ],
)
def test_the_code_must_fit_the_age_and_on_the_fourth_birthday_either_does(
    small: SmallReturn, on: str, code: str, rule: str | None
) -> None:
    born = "02/02/2014"
    small.write(header=[child(born=born)], reviews=[review(on, code, born=born)])

    read = small.read()

    assert [each.rule for each in read.problems] == ([rule] if rule else [])
    assert [each.outcome for each in read.problems] == ([WITHOUT] if rule else [])
    assert len(read.children[0].reviews) == 1
    assert (read.children[0].reviews[0].participation is None) is bool(rule)


def test_reviews_of_short_breaks_are_kept_and_told(small: SmallReturn) -> None:
    small.write(episodes=[episode("10/01/2018", ls="V4")])

    read = small.read()

    assert told(read.problems) == [("reviews.csv", 2, "REVIEW", "399", KEPT)]
    assert len(read.children[0].reviews) == 1
    assert read.children[0].period.all_short_breaks


def test_short_breaks_beside_full_care_are_not_told(small: SmallReturn) -> None:
    small.write(
        episodes=[
            episode("10/06/2017", "S", "10/12/2017", "E4A", ls="V4"),
            episode("10/01/2018"),
        ]
    )

    assert small.read().problems == ()


def test_a_review_of_a_child_with_no_header_row_is_left_out(small: SmallReturn) -> None:
    small.write(reviews=[review("02/02/2018", of="A2")])

    assert told(small.read().problems) == [("reviews.csv", 2, "CHILD", "INT08", OUT)]


def test_a_review_of_a_child_with_no_episode_is_left_out(small: SmallReturn) -> None:
    small.write(header=[child(), child("A2")], reviews=[review("02/02/2018", of="A2")])

    assert told(small.read().problems) == [("reviews.csv", 2, "CHILD", "1012", OUT)]


@pytest.mark.parametrize("born", ["06/06/2008", "", "31/02/2008"])
def test_the_headers_date_of_birth_is_the_one_used(small: SmallReturn, born: str) -> None:
    small.write(reviews=[review("02/02/2018", born=born)])

    read = small.read()

    assert told(read.problems) == [("reviews.csv", 2, "DOB", "INT17", WITHOUT)]
    assert len(read.children[0].reviews) == 1


def test_reviews_outside_care_are_left_out(small: SmallReturn) -> None:
    small.write(
        episodes=[episode("10/01/2017", "S", "20/06/2017", "E4A"), episode("10/01/2018")],
        reviews=[
            review("09/01/2017"),
            review("20/06/2017"),
            review("21/06/2017"),
            review("10/01/2018"),
        ],
    )

    read = small.read()

    assert told(read.problems) == [
        ("reviews.csv", 2, "REVIEW", None, OUT),
        ("reviews.csv", 4, "REVIEW", None, OUT),
    ]
    assert [each.on for each in read.children[0].reviews] == [date(2018, 1, 10)]
    assert read.reviews.model_dump() == {"read": 4, "kept": 1, "past": 1, "left_out": 2}


def test_a_review_before_the_first_day_that_the_return_shows_is_told_as_such(small: SmallReturn) -> None:
    small.write(episodes=[episode("10/01/2018", "P")], reviews=[review("09/01/2018")])

    assert [each.reason for each in small.read().problems] == ["before the first day of care that the return shows"]


def test_of_two_reviews_on_a_day_the_first_row_stands(small: SmallReturn) -> None:
    small.write(
        header=[child(), child("A2")],
        episodes=[episode("10/01/2018"), episode("10/01/2018", of="A2")],
        reviews=[
            review("02/02/2018", "PN1"),
            review("02/02/2018", "PN1"),
            review("02/02/2018", "PN2"),
            review("02/02/2018", "PN3", of="A2"),
        ],
    )

    read = small.read()

    assert told(read.problems) == [
        ("reviews.csv", 3, "REVIEW", None, OUT),
        ("reviews.csv", 4, "REVIEW", None, OUT),
    ]
    assert [len(each.reviews) for each in read.children] == [1, 1]
    assert read.children[0].reviews[0].participation is ParticipationCode.PN1


def test_a_row_with_several_problems_tells_each_and_one_fate(small: SmallReturn) -> None:
    small.write(reviews=[review("01/05/2018", "PN0", born="01/01/2001")])

    assert told(small.read().problems) == [
        ("reviews.csv", 2, "DOB", "INT17", OUT),
        ("reviews.csv", 2, "REVIEW_CODE", "440", OUT),
        ("reviews.csv", 2, "REVIEW", None, OUT),
    ]


def test_reviews_come_in_order_of_day(small: SmallReturn) -> None:
    small.write(reviews=[review("03/03/2018"), review("02/02/2018"), review("01/03/2018")])

    days = [each.on for each in small.read().children[0].reviews]

    assert days == sorted(days)
