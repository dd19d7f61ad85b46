"""Folding 903 episodes into periods of care, and what is decided where the rows contradict one another."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.codes import EndReason, LegalStatus
from rules.periods_of_care import (
    EpisodeRow,
    Folded,
    LegalStatusSince,
    NewReason,
    PeriodOfCare,
    periods_of_care,
)

Rec = EndReason | Literal["X1"] | None


def day(text: str) -> date:
    """ "12-31" is 31 December 2025; "26-01-31" is a day of another year."""
    parts = [int(part) for part in text.split("-")]
    return date(2000 + parts[-3], *parts[-2:]) if len(parts) == 3 else date(2025, *parts)


def row(
    began: str,
    rne: str | None = "S",
    ended: str | None = None,
    rec: str | None = None,
    *,
    line: int = 0,
    ls: str | None = "C2",
) -> EpisodeRow:
    ceased: Rec = "X1" if rec == "X1" else EndReason(rec) if rec else None
    return EpisodeRow(
        line=line,
        child="A1",
        began=day(began),
        reason_new=NewReason(rne) if rne else None,
        legal_status=LegalStatus(ls) if ls else None,
        ended=day(ended) if ended else None,
        reason_ceased=ceased,
    )


def fold(*rows: EpisodeRow) -> Folded:
    """Fold rows numbered from line 2 in the order given."""
    return periods_of_care(each.model_copy(update={"line": line}) for line, each in enumerate(rows, start=2))


def spans(folded: Folded) -> list[tuple[date, date | None]]:
    return [(period.first_day, period.ended_on) for period in folded.periods]


def rules(folded: Folded) -> list[tuple[int, str | None, str]]:
    return [(found.line, found.rule, found.outcome.value) for found in folded.findings]


# --- As it should be ----------------------------------------------------------------------------------------------


def test_one_open_row_is_one_period_under_way() -> None:
    assert fold(row("03-10")) == Folded(
        periods=(
            PeriodOfCare(
                child="A1",
                first_day=day("03-10"),
                first_day_known=True,
                ended_on=None,
                end_reason=None,
                legal_statuses=(LegalStatusSince(since=day("03-10"), legal_status=LegalStatus.C2),),
                all_short_breaks=False,
                lines=(2,),
            ),
        ),
        findings=(),
    )


def test_no_rows_are_no_periods() -> None:
    assert fold() == Folded(periods=(), findings=())


def test_moves_and_new_orders_are_one_period() -> None:
    folded = fold(
        row("01-10", "S", "02-10", "X1", ls="V2"),
        row("02-10", "P", "03-10", "X1", ls="V2"),
        row("03-10", "L", "04-10", "X1", ls="C1"),
        row("04-10", "B", "05-10", "E4A", ls="C2"),
    )

    period = folded.periods[0]
    assert spans(folded) == [(day("01-10"), day("05-10"))]
    assert period.end_reason is EndReason.E4A
    assert period.lines == (2, 3, 4, 5)
    assert [(each.since, each.legal_status.value) for each in period.legal_statuses] == [
        (day("01-10"), "V2"),
        (day("03-10"), "C1"),
        (day("04-10"), "C2"),
    ]
    assert folded.findings == ()


def test_a_child_who_returns_to_care_has_a_new_period() -> None:
    folded = fold(row("01-10", "S", "02-10", "E4A"), row("06-01", "S"))

    assert spans(folded) == [(day("01-10"), day("02-10")), (day("06-01"), None)]
    assert all(period.first_day_known for period in folded.periods)
    assert folded.findings == ()


def test_without_an_s_row_the_first_day_seen_stands_for_the_first_day() -> None:
    folded = fold(row("01-10", "P"))

    assert folded.periods[0].first_day == day("01-10")
    assert not folded.periods[0].first_day_known
    assert folded.findings == ()


def test_a_period_is_under_way_until_the_day_it_ends() -> None:
    period = fold(row("01-10", "S", "02-10", "E4A")).periods[0]

    assert [period.is_under_way_on(day(each)) for each in ("01-09", "01-10", "02-09", "02-10")] == [
        False,
        True,
        True,
        False,
    ]
    assert [period.holds(day(each)) for each in ("01-09", "01-10", "02-10", "02-11")] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("reason", [each.value for each in EndReason])
def test_every_reason_but_x1_ends_care(reason: str) -> None:
    assert fold(row("01-10", "S", "02-10", reason)).periods[0].end_reason is EndReason(reason)


@pytest.mark.parametrize(
    ("statuses", "short_breaks"),
    [(("V3",), True), (("V4", "V4"), True), (("V3", "V4"), True), (("V4", "V2"), False), (("C2",), False)],
)
def test_a_period_is_of_short_breaks_when_every_status_is(statuses: Sequence[str], short_breaks: bool) -> None:
    folded = fold(row("01-10", "S", "02-10", "X1", ls=statuses[0]), row("02-10", "L", ls=statuses[-1]))

    assert folded.periods[0].all_short_breaks is short_breaks


# --- Contradictions within a row ----------------------------------------------------------------------------------


def test_an_end_before_the_beginning_is_no_end() -> None:
    folded = fold(row("02-10", "S", "01-10", "E4A"))

    assert spans(folded) == [(day("02-10"), None)]
    assert rules(folded) == [(2, "356", "kept without the field")]


def test_a_row_of_one_day_is_told_and_stands() -> None:
    folded = fold(row("02-10", "S", "02-10", "E4A"))

    assert spans(folded) == [(day("02-10"), day("02-10"))]
    assert rules(folded) == [(2, "355", "kept")]


@pytest.mark.parametrize("rec", ["X1", "E4A"])
def test_a_reason_without_a_day_is_no_end(rec: str) -> None:
    folded = fold(row("02-10", "S", None, rec))

    assert spans(folded) == [(day("02-10"), None)]
    assert rules(folded) == [(2, "148", "kept without the field")]


def test_a_day_without_a_reason_does_not_end_care() -> None:
    folded = fold(row("02-10", "S", "03-10", None))

    assert spans(folded) == [(day("02-10"), None)]
    assert rules(folded) == [(2, "148", "kept")]


# --- Contradictions between rows ----------------------------------------------------------------------------------


def test_the_same_row_twice_counts_once() -> None:
    folded = fold(row("02-10"), row("02-10"))

    assert folded.periods[0].lines == (2,)
    assert rules(folded) == [(3, None, "left out")]


def test_a_gap_between_rows_that_both_go_on_is_one_period() -> None:
    folded = fold(row("01-10", "S", "02-10", "X1"), row("02-20", "P"))

    assert spans(folded) == [(day("01-10"), None)]
    assert rules(folded) == [(3, "433", "kept")]


def test_a_gap_before_an_s_row_is_the_end_of_care() -> None:
    folded = fold(row("01-10", "S", "02-10", "X1"), row("02-20", "S"))

    assert spans(folded) == [(day("01-10"), day("02-10")), (day("02-20"), None)]
    assert folded.periods[0].end_reason is None
    assert rules(folded) == [(2, "388", "kept")]


def test_x1_with_nothing_after_it_leaves_the_child_in_care() -> None:
    folded = fold(row("01-10", "S", "02-10", "X1"))

    assert spans(folded) == [(day("01-10"), None)]
    assert rules(folded) == [(2, "388", "kept")]


def test_an_s_row_in_mid_period_begins_nothing() -> None:
    folded = fold(row("01-10", "S", "02-10", "X1"), row("02-10", "S"))

    assert spans(folded) == [(day("01-10"), None)]
    assert rules(folded) == [(3, "431", "kept without the field")]


def test_an_s_row_on_the_day_care_ended_begins_a_new_period() -> None:
    folded = fold(row("01-10", "S", "02-10", "E4A"), row("02-10", "S"))

    assert spans(folded) == [(day("01-10"), day("02-10")), (day("02-10"), None)]
    assert rules(folded) == [(3, "431", "kept")]


@pytest.mark.parametrize("began", ["02-10", "03-10"])
def test_a_row_after_the_end_of_care_begins_a_period_of_unknown_first_day(began: str) -> None:
    folded = fold(row("01-10", "S", "02-10", "E4A"), row(began, "P"))

    assert spans(folded) == [(day("01-10"), day("02-10")), (day(began), None)]
    assert [period.first_day_known for period in folded.periods] == [True, False]
    assert rules(folded) == [(3, "432", "kept")]


def test_after_a_death_nothing_begins_again() -> None:
    folded = fold(row("01-10", "S", "02-10", "E2"), row("03-10", "S"), row("04-10", "P"))

    assert spans(folded) == [(day("01-10"), day("02-10"))]
    assert rules(folded) == [(3, "437", "left out"), (4, "437", "left out")]


def test_a_death_stands_against_a_row_that_goes_on_past_it() -> None:
    folded = fold(row("01-10", "S", "04-10", "E2"), row("03-10", "S"))

    assert spans(folded) == [(day("01-10"), day("04-10"))]
    assert rules(folded)[0] == (3, "501", "kept")


def test_of_two_open_rows_the_earlier_ends_where_the_later_begins() -> None:
    folded = fold(row("01-10", "S", ls="V2"), row("02-10", "P", ls="C1"))

    assert spans(folded) == [(day("01-10"), None)]
    assert [each.since for each in folded.periods[0].legal_statuses] == [day("01-10"), day("02-10")]
    assert rules(folded) == [(2, "142", "kept")]


def test_an_open_row_before_an_s_row_ends_where_that_begins() -> None:
    folded = fold(row("01-10", "S"), row("02-10", "S"))

    assert spans(folded) == [(day("01-10"), day("02-10")), (day("02-10"), None)]
    assert rules(folded) == [(2, "142", "kept")]


def test_an_open_row_does_not_undo_the_end_that_a_later_row_gives() -> None:
    folded = fold(row("01-10", "S"), row("02-10", "P", "03-10", "E4A"))

    assert spans(folded) == [(day("01-10"), day("03-10"))]


def test_overlapping_rows_are_one_period_that_ends_with_the_last() -> None:
    folded = fold(row("01-10", "S", "04-10", "X1"), row("03-10", "P", "05-10", "E4A"))

    assert spans(folded) == [(day("01-10"), day("05-10"))]
    assert rules(folded) == [(3, "501", "kept")]


def test_a_row_within_another_does_not_end_care_before_it() -> None:
    folded = fold(row("01-10", "S", "06-10", "X1"), row("03-10", "P", "04-10", "E4A"), row("06-10", "P"))

    assert spans(folded) == [(day("01-10"), None)]
    assert rules(folded) == [(3, "501", "kept")]


def test_an_s_row_that_overlaps_an_ended_one_begins_a_new_period() -> None:
    folded = fold(row("01-10", "S", "04-10", "E4A"), row("03-10", "S"))

    assert spans(folded) == [(day("01-10"), day("03-10")), (day("03-10"), None)]
    assert rules(folded) == [(3, "501", "kept")]


def test_an_s_row_that_overlaps_one_that_goes_on_begins_nothing() -> None:
    folded = fold(row("01-10", "S", "04-10", "X1"), row("03-10", "S"))

    assert spans(folded) == [(day("01-10"), None)]
    assert rules(folded) == [(3, "501", "kept"), (3, None, "kept without the field")]


def test_of_two_rows_that_begin_on_one_day_the_longer_says_the_status() -> None:
    folded = fold(row("01-10", "S", ls="C2"), row("01-10", "S", "02-10", "X1", ls="V2"))

    assert [each.legal_status.value for each in folded.periods[0].legal_statuses] == ["C2"]


# --- Properties ---------------------------------------------------------------------------------------------------

days = st.integers(0, 60).map(lambda number: date(2025, 1, 1) + timedelta(days=number))
any_rows = st.lists(
    st.builds(
        EpisodeRow,
        line=st.just(0),
        child=st.just("A1"),
        began=days,
        reason_new=st.one_of(st.none(), st.sampled_from(NewReason)),
        legal_status=st.one_of(st.none(), st.sampled_from(LegalStatus)),
        place=st.just("U6"),
        ended=st.one_of(st.none(), days),
        reason_ceased=st.one_of(st.none(), st.just("X1"), st.sampled_from(EndReason)),
    ),
    max_size=7,
).map(lambda rows: [each.model_copy(update={"line": line}) for line, each in enumerate(rows, start=2)])


@given(any_rows, st.randoms())
def test_the_order_of_lines_makes_no_difference(rows: list[EpisodeRow], random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)

    assert periods_of_care(shuffled) == periods_of_care(rows)


@given(any_rows)
def test_periods_follow_one_another_without_overlap(rows: list[EpisodeRow]) -> None:
    periods = periods_of_care(rows).periods

    for earlier, later in zip(periods, periods[1:], strict=False):
        assert earlier.ended_on is not None
        assert earlier.first_day <= earlier.ended_on <= later.first_day


@given(any_rows)
def test_every_row_is_in_one_period_or_told_as_left_out(rows: list[EpisodeRow]) -> None:
    folded = periods_of_care(rows)

    kept = [line for period in folded.periods for line in period.lines]
    left_out = [found.line for found in folded.findings if found.outcome.value == "left out"]
    assert sorted(kept + left_out) == [each.line for each in rows]


@given(any_rows)
def test_a_known_first_day_is_that_of_an_s_row(rows: list[EpisodeRow]) -> None:
    began = {each.line: each for each in rows}

    for period in periods_of_care(rows).periods:
        first = began[period.lines[0]]
        assert period.first_day == first.began
        assert period.first_day_known is (first.reason_new is NewReason.S)
