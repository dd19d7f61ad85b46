"""The report of an import, as text and as data."""

from datetime import date

from intake.report import Report, report_lines, report_on
from tests.intake.returns import SmallReturn, child, episode, review


def spoilt(small: SmallReturn) -> Report:
    small.write(
        header=[child(), child("A2")],
        episodes=[episode("10/01/2018"), episode("10/01/2018", "S", "", "E4A", of="A2")],
        reviews=[review("02/02/2018", "PN0"), review("03/02/2018", "PN0"), review("31/02/2018")],
    )
    return report_on(small.read())


def test_problems_are_grouped_the_most_frequent_first(small: SmallReturn) -> None:
    report = spoilt(small)

    assert [(group.rule, group.rows) for group in report.groups] == [("440", 2), ("148", 1), ("166", 1)]
    assert sum(group.rows for group in report.groups) == len(report.problems)


def test_the_text_tells_counts_then_kinds_then_rows(small: SmallReturn) -> None:
    lines = report_lines(spoilt(small))

    assert lines[0] == "Looked after on 31 March 2018 and taken in: 2 children."
    assert lines[3:6] == [
        "children           2         2         0         0",
        "episodes           2         2         0         0",
        "reviews            3         2         0         1",
    ]
    assert "Problems by kind (4 in all):" in lines
    assert "reviews.csv line 4: REVIEW: not a date dd/mm/yyyy (rule 166) - left out" in lines


def test_no_line_is_wider_than_80_columns(small: SmallReturn) -> None:
    assert max(map(len, report_lines(spoilt(small)))) <= 80


def test_the_rows_told_one_by_one_can_be_cut_short(small: SmallReturn) -> None:
    assert report_lines(spoilt(small), rows=1)[-1] == "... and 3 more."


def test_a_clean_return_says_so(small: SmallReturn) -> None:
    lines = report_lines(report_on(small.read()))

    assert lines[0] == "Looked after on 31 March 2018 and taken in: 1 child."
    assert lines[-1] == "Nothing was wrong with any row."


def test_the_report_survives_json(small: SmallReturn) -> None:
    report = spoilt(small)

    assert Report.model_validate_json(report.model_dump_json()) == report


def test_neither_names_nor_dates_of_birth_are_in_it(small: SmallReturn) -> None:
    small.write(
        header=[child("Jane Doe", "05/06/2008"), child("A2", "13/13/2008 Doe"), child("A1", "07/08/2009")],
        episodes=[episode("10/01/2018"), episode("Jane Doe", "Doe", "Doe", "Doe", ls="Doe")],
        reviews=[review("Doe", "Doe", born="05/06/2008"), review("02/02/2018", born="06/06/2008")],
    )
    report = report_on(small.read())

    told = report.model_dump_json() + "\n".join(report_lines(report))

    assert report.as_of == date(2018, 3, 31)
    assert len(report.problems) >= 6
    assert not any(word in told for word in ("Jane", "Doe", "2008", "2009"))
