"""The lists of the desk a page at a time: nothing is left out or shown twice, and no cursor is taken but our own."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from register.paging import EpisodePlace, NamePlace, StepPlace, cursor, place_of
from register.work import (
    BadCursor,
    EpisodeFilters,
    ListedEpisode,
    Page,
    TaskLine,
    caseloads_page,
    episodes_page,
    overdue,
    tasks,
)
from rules.vocabulary import Role
from tests.register.lists import DAY, case, owed, who, whole
from tests.register.samples import TODAY

# --- A page at a time ---------------------------------------------------------------------------------------------


def many(engine: Engine, number: int = 25) -> None:
    """Children with steps due on few days, so that many share a place but for their ids; and some who owe nothing."""
    for n in range(number):
        steps = [owed(f"step_{m}.o", TODAY + (n % 3 - 2) * DAY, _OWNERS[(n + m) % 4]) for m in range(n % 4)]
        case(engine, str(n), *steps, authority="822" if n % 5 else "823", iro=f"iro-{n % 2}")


_OWNERS = (Role.IRO, Role.IRO_MANAGER, Role.IRO, Role.SOCIAL_WORKER)
EVERYTHING = 500


@pytest.fixture
def filled(engine: Engine) -> Engine:
    many(engine)
    return engine


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(limit=st.integers(1, 40))
def test_pages_of_any_size_make_up_the_whole_list(filled: Engine, limit: int) -> None:
    manager = who("iro-1", Role.IRO, Role.IRO_MANAGER)

    def my_tasks(after: str | None, limit: int = limit) -> Page[str]:
        return strings(tasks(filled, manager, today=TODAY, after=after, limit=limit))

    def every_overdue(after: str | None, limit: int = limit) -> Page[str]:
        return strings(overdue(filled, None, today=TODAY, after=after, limit=limit))

    def every_episode(after: str | None, limit: int = limit) -> Page[str]:
        return strings(episodes_page(filled, EpisodeFilters(), today=TODAY, after=after, limit=limit))

    def the_authoritys(after: str | None, limit: int = limit) -> Page[str]:
        return strings(
            episodes_page(filled, EpisodeFilters(authority="822", iro="iro-1"), today=TODAY, after=after, limit=limit)
        )

    for read in (my_tasks, every_overdue, every_episode, the_authoritys):
        at_once = read(None, EVERYTHING)
        assert at_once.next is None and len(at_once.items) > 9
        assert whole(read) == list(at_once.items)
        assert len(set(at_once.items)) == len(at_once.items)


def strings(page: Page[TaskLine] | Page[ListedEpisode]) -> Page[str]:
    return Page[str](items=tuple(repr(item.place) for item in page.items), next=page.next)


def test_rows_written_between_two_pages_neither_repeat_nor_hide_another(filled: Engine) -> None:
    before = strings(overdue(filled, "822", today=TODAY, limit=EVERYTHING)).items
    written = iter(range(100))

    def write_more() -> None:
        n = next(written)
        case(filled, f"early-{n}", owed("early.o", TODAY - 99 * DAY))
        case(filled, f"late-{n}", owed("late.o", TODAY - DAY))

    found = whole(lambda after: strings(overdue(filled, "822", today=TODAY, after=after, limit=3)), write_more)
    assert [each for each in found if "early" not in each and "late" not in each] == list(before)
    assert not any("early" in each for each in found), "what comes before a page that was read is on no later one"
    assert any("late" in each for each in found)
    assert len(set(found)) == len(found)


def test_a_row_that_goes_while_its_page_is_read_takes_no_other_with_it(filled: Engine) -> None:
    first = episodes_page(filled, EpisodeFilters(authority="822"), today=TODAY, limit=5)
    rest = whole(
        lambda after: episodes_page(filled, EpisodeFilters(authority="822"), today=TODAY, after=after or first.next)
    )
    last = first.items[-1].line
    case(filled, last.id.removeprefix("episode-"), revision=2, iro=last.iro)
    again = episodes_page(filled, EpisodeFilters(authority="822"), today=TODAY, after=first.next, limit=EVERYTHING)
    kept = [each.line.id for each in again.items if each.line.id != last.id]
    assert kept == [each.line.id for each in rest]


@pytest.mark.parametrize(("number", "pages"), [(0, 1), (1, 1), (50, 1), (51, 2), (500, 10)])
def test_a_list_of_any_length_has_the_pages_it_needs(engine: Engine, number: int, pages: int) -> None:
    case(engine, "1", *(owed(f"step_{n}.o", TODAY - DAY) for n in range(number)))
    read = list[Page[TaskLine]]()

    def one(after: str | None) -> Page[TaskLine]:
        read.append(tasks(engine, who(), today=TODAY, after=after))
        return read[-1]

    assert len(whole(one)) == number
    assert len(read) == pages
    assert all(len(page.items) == 50 for page in read[:-1])


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_page_of_no_rows_or_of_too_many_is_refused_in_words(engine: Engine, limit: int) -> None:
    for read in (
        lambda: tasks(engine, who(), today=TODAY, limit=limit),
        lambda: overdue(engine, "822", today=TODAY, limit=limit),
        lambda: episodes_page(engine, EpisodeFilters(), today=TODAY, limit=limit),
        lambda: caseloads_page(engine, "822", today=TODAY, limit=limit),
    ):
        with pytest.raises(ValueError, match="A page holds 1 to 500 rows"):
            read()


# --- Cursors ------------------------------------------------------------------------------------------------------

PLACE = StepPlace(due=TODAY, key="first_review.opening", episode="episode-1")
CURSOR = cursor("tasks", PLACE)


def test_a_cursor_fits_an_address_and_says_its_place() -> None:
    assert place_of(CURSOR, "tasks", StepPlace) == PLACE
    assert set(CURSOR) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    undated = EpisodePlace(next_due=None, episode="episode-1")
    assert place_of(cursor("episodes", undated), "episodes", EpisodePlace) == undated


def test_a_cursor_with_any_one_letter_changed_is_refused() -> None:
    for place, letter in enumerate(CURSOR):
        with pytest.raises(BadCursor):
            place_of(CURSOR[:place] + ("A" if letter != "A" else "B") + CURSOR[place + 1 :], "tasks", StepPlace)


@settings(max_examples=200)
@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda read: urlsafe_b64encode(read).decode()))
def test_no_made_up_cursor_is_taken_and_none_is_told_of_by_another_error(made_up: str) -> None:
    with pytest.raises(BadCursor, match="go back to the first page"):
        place_of(made_up, "tasks", StepPlace)


@pytest.mark.parametrize(
    "wrong",
    [CURSOR[:-1], CURSOR + "A", CURSOR + "=", CURSOR + "\n", CURSOR + " ", "", "x" * 5000, "é", CURSOR[:20]],
)
def test_a_cursor_that_is_cut_short_or_added_to_is_refused(wrong: str) -> None:
    with pytest.raises(BadCursor):
        place_of(wrong, "tasks", StepPlace)


def test_a_cursor_of_another_list_or_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadCursor):
        place_of(CURSOR, "overdue", StepPlace)
    with pytest.raises(BadCursor):
        place_of(cursor("tasks", NamePlace(reference="iro-1")), "tasks", StepPlace)
    monkeypatch.setattr("register.paging.VERSION", 2)
    with pytest.raises(BadCursor):
        place_of(CURSOR, "tasks", StepPlace)


def test_a_forged_place_that_no_database_would_take_is_refused() -> None:
    forged = StepPlace.model_construct(due=TODAY, key="nul-\0", episode="episode-1")
    with pytest.raises(BadCursor):
        place_of(cursor("tasks", forged), "tasks", StepPlace)


def test_every_list_refuses_a_cursor_that_was_not_its_own(engine: Engine) -> None:
    for read in (
        lambda: tasks(engine, who(), today=TODAY, after="made-up"),
        lambda: overdue(engine, "822", today=TODAY, after=CURSOR),
        lambda: episodes_page(engine, EpisodeFilters(), today=TODAY, after=CURSOR),
        lambda: caseloads_page(engine, "822", today=TODAY, after=CURSOR),
    ):
        with pytest.raises(BadCursor):
            read()


def test_no_cursor_says_which_child_it_stands_at(engine: Engine) -> None:
    case(engine, "1", owed("a.o", TODAY - DAY), owed("b.o", TODAY - DAY))
    case(engine, "2", owed("a.o", TODAY - DAY))
    for page in (
        tasks(engine, who(), today=TODAY, limit=1),
        overdue(engine, "822", today=TODAY, limit=1),
        episodes_page(engine, EpisodeFilters(), today=TODAY, limit=1),
    ):
        assert page.next is not None
        said = urlsafe_b64decode(page.next + "=" * (-len(page.next) % 4))
        assert b"episode-1" in said and b"child" not in said
