"""The page of figures keeps what a run wrote, and what people wrote."""

import pytest

from benchmarks.__main__ import SUMMARY, summary
from benchmarks.page import BEGIN, END, PAGE, PageSpoilt, generated_part, rows_of, with_generated_part
from benchmarks.report import Figure, Table

FIGURE = Figure("History events an act, the most", "9 (of 70 counted)", "12 at most", True)


def test_a_new_run_replaces_the_figures_and_nothing_else() -> None:
    page = f"# Performance\n\nBefore.\n\n{BEGIN}\nold\n{END}\n\nAfter.\n"
    again = with_generated_part(page, "new")
    assert generated_part(again) == "new"
    assert again == page.replace("\nold\n", "\n\nnew\n\n")


def test_a_page_without_its_marks_is_refused_in_words() -> None:
    with pytest.raises(PageSpoilt, match="put them back"):
        with_generated_part("# Performance\n", "new")


def test_what_is_kept_can_be_read_back() -> None:
    kept = Table("History", ("What", "Events"), [("an act", "9"), ("an alarm", "7")], ("Counted.",)).in_markdown()
    kept += summary([FIGURE]).in_markdown()
    assert rows_of(kept, "History") == [["What", "Events"], ["an act", "9"], ["an alarm", "7"]]
    assert rows_of(kept, SUMMARY)[1] == ["History events an act, the most", "9 (of 70 counted)", "12 at most", "yes"]


def test_the_page_in_the_repository_holds_every_figure_that_was_asked_for() -> None:
    heading, *rows = rows_of(generated_part(PAGE.read_text(encoding="utf-8")), SUMMARY)
    assert heading == ["What", "Measured", "Wanted", "Reached"]
    told = " ".join(row[0] for row in rows).lower()
    episodes = ("derivations a second", "an act", "an alarm", "carried", "cached episode", "started", "recorded")
    lists = ("my tasks", "the overdue list", "the challenge board", "the api's list")
    for asked in (*episodes, *lists, "a child's page", "a dispute's page"):
        assert asked in told
    assert all(len(row) == 4 and row[1] for row in rows)
