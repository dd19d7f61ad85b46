"""A file that is not what it should be is refused in one sentence that says what to do."""

from datetime import date
from pathlib import Path

import pytest

from intake.problems import IntakeRefused
from tests.intake.returns import REVIEWS, SmallReturn, child, episode, review


def refusal(small: SmallReturn) -> str:
    with pytest.raises(IntakeRefused) as refused:
        small.read()
    message = str(refused.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_another_encoding_is_refused_by_byte_and_line(small: SmallReturn) -> None:
    small.episodes.write_bytes(small.episodes.read_bytes() + "A2,é".encode("latin-1"))

    assert refusal(small) == ("episodes.csv is not UTF-8 text: byte 0xE9 on line 3; save it as CSV UTF-8.")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused(small: SmallReturn, encoding: str) -> None:
    small.reviews.write_text(small.reviews.read_text(), encoding=encoding)

    assert "reviews.csv is not" in refusal(small)
    assert "on line 1; save it as CSV UTF-8." in refusal(small)


def test_a_byte_order_mark_is_no_part_of_the_first_column_name(small: SmallReturn) -> None:
    for path in (small.header, small.episodes, small.reviews):
        path.write_text(path.read_text(), encoding="utf-8-sig")

    assert len(small.read().children) == 1
    assert small.read().problems == ()


def test_windows_line_ends_are_read(small: SmallReturn) -> None:
    for path in (small.header, small.episodes, small.reviews):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert len(small.read().children[0].reviews) == 1


def test_old_mac_line_ends_are_refused(small: SmallReturn) -> None:
    small.header.write_bytes(small.header.read_bytes().replace(b"\n", b"\r"))

    assert "header.csv cannot be read as CSV near line 1" in refusal(small)


def test_a_workbook_is_refused(small: SmallReturn) -> None:
    small.header.write_bytes(b"PK\x03\x04\x14\x00\x06\x00")

    assert refusal(small) == "header.csv is a spreadsheet workbook, not CSV; save it as CSV UTF-8."


def test_binary_is_refused(small: SmallReturn) -> None:
    small.header.write_bytes(small.header.read_bytes() + b"A2,\x00\x00\x00")

    assert refusal(small) == "header.csv is not text: a zero byte on line 3; save it as CSV UTF-8."


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b",,,\n"])
def test_an_empty_file_is_refused(small: SmallReturn, content: bytes) -> None:
    small.reviews.write_bytes(content)

    assert refusal(small) == (
        "reviews.csv is empty; its first line must name the columns CHILD, DOB, REVIEW, REVIEW_CODE."
    )


@pytest.mark.parametrize("name", ["header", "episodes"])
def test_a_file_of_column_names_alone_is_refused(small: SmallReturn, name: str) -> None:
    path: Path = getattr(small, name)
    path.write_text(path.read_text().splitlines()[0])

    assert "names its columns but holds no" in refusal(small)


def test_a_return_without_any_review_yet_is_read(small: SmallReturn) -> None:
    small.write(reviews=())

    assert small.read().children[0].reviews == ()
    assert small.read().reviews.read == 0


def test_a_missing_column_is_named(small: SmallReturn) -> None:
    small.reviews.write_text(small.reviews.read_text().replace("REVIEW_CODE", "CODE"))

    assert refusal(small) == (
        "reviews.csv has no column REVIEW_CODE; its first line must name the columns CHILD, DOB, REVIEW, REVIEW_CODE."
    )


def test_the_wrong_table_is_refused_without_repeating_what_is_in_it(small: SmallReturn) -> None:
    small.header.write_text("Jane Doe,05/06/2008\n")

    message = refusal(small)

    assert "header.csv has no columns CHILD, DOB" in message
    assert "Jane" not in message
    assert "2008" not in message


def test_a_column_named_twice_is_refused(small: SmallReturn) -> None:
    small.header.write_text("CHILD,DOB,DOB\nA1,05/06/2008,05/06/2009\n")

    assert refusal(small) == "header.csv names the column DOB twice; keep the right one."


@pytest.mark.parametrize(("mark", "words"), [(";", "semicolons"), ("\t", "tabs"), ("|", "upright strokes")])
def test_another_delimiter_is_named(small: SmallReturn, mark: str, words: str) -> None:
    small.episodes.write_text(small.episodes.read_text().replace(",", mark))

    assert refusal(small) == f"episodes.csv is separated by {words}, not commas; save it as CSV UTF-8."


def test_a_file_that_writes_the_month_first_is_refused(small: SmallReturn) -> None:
    small.write(episodes=[episode("01/10/2018"), episode("02/25/2018", of="A2")])

    assert refusal(small) == (
        "episodes.csv writes the month before the day (line 3, DECOM); save it with dates as dd/mm/yyyy."
    )


def test_one_column_that_writes_the_month_first_is_enough(small: SmallReturn) -> None:
    """The other days of that column would be read as other days, whatever the other columns look like."""
    small.write(reviews=[review("02/03/2018", born="25/06/2008"), review("02/25/2018", born="25/06/2008")])

    assert "reviews.csv writes the month before the day (line 3, REVIEW)" in refusal(small)


def test_one_swapped_date_among_right_ones_is_a_problem_of_its_row(small: SmallReturn) -> None:
    small.write(reviews=[review("02/25/2018", born="25/06/2008"), review("26/02/2018")])

    problem = small.read().problems[0]

    assert (problem.line, problem.field, problem.rule) == (2, "REVIEW", "166")
    assert problem.reason == "day and month are swapped; the return wants dd/mm/yyyy"


def test_a_missing_file_is_refused(small: SmallReturn) -> None:
    small.header.unlink()

    assert refusal(small) == "header.csv cannot be read: No such file or directory."


def test_a_folder_is_refused(small: SmallReturn) -> None:
    small.header.unlink()
    small.header.mkdir()

    assert "header.csv cannot be read" in refusal(small)


def test_an_open_quotation_mark_is_refused(small: SmallReturn) -> None:
    small.reviews.write_text(f'{REVIEWS}\n{review("02/02/2018")}\n"A1,05/06/2008\n')

    assert "reviews.csv cannot be read as CSV near line 3" in refusal(small)


def test_lines_are_counted_as_an_editor_counts_them(small: SmallReturn) -> None:
    """A quoted field may hold a line break, and blank lines count: the line named is where the row starts."""
    header = 'CHILD,NOTE,DOB\nA1,"two\nlines",05/06/2008\n\n,,\nA2,"three\nmore\nlines",31/02/2008\n'
    small.header.write_text(header)

    read = small.read()

    assert [(each.file, each.line, each.field) for each in read.problems] == [("header.csv", 6, "DOB")]
    assert read.header.read == 2


def test_columns_may_stand_in_any_order_and_case(small: SmallReturn) -> None:
    small.header.write_text("Dob, child ,OTHER\n05/06/2008, A1 ,x\n")

    assert small.read().children[0].birth_date == date(2008, 6, 5)


def test_a_row_of_another_width_is_left_out(small: SmallReturn) -> None:
    small.write(header=[child(), "A2,1,05/06/2008", child("A3") + ",extra"])

    problems = small.read().problems

    assert [(each.line, each.outcome) for each in problems] == [(3, "left out"), (4, "left out")]
    assert {each.reason for each in problems} == {"not as many fields as the line of column names"}
