"""What people have not finished writing: kept as it is, theirs alone, until it is sent or let go of."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from register.drafts import Draft, discard, keep, kept, of_person, others_at_it
from tests.register.samples import MORNING

WRITTEN = {"views": ["“Ich möchte…” & <b>\n\n", ""], "with": ["iro", "carer"], "empty": []}


def draft(
    person: str = "iro-1", episode: str = "episode-1", form: str = "child_consulted", at: datetime = MORNING
) -> Draft:
    return Draft(person=person, episode=episode, form=form, body=WRITTEN, saved_at=at)


def test_a_draft_is_found_again_as_it_was_written(engine: Engine) -> None:
    keep(engine, draft())
    assert kept(engine, "iro-1", "episode-1", "child_consulted") == draft()


def test_a_later_draft_takes_the_place_of_the_one_before(engine: Engine) -> None:
    keep(engine, draft())
    later = draft(at=MORNING + timedelta(minutes=1)).model_copy(update={"body": {"views": ["other"]}})
    keep(engine, later)
    assert of_person(engine, "iro-1") == [later]


def test_a_draft_is_of_one_person_one_child_and_one_form(engine: Engine) -> None:
    keep(engine, draft())
    assert kept(engine, "iro-2", "episode-1", "child_consulted") is None
    assert kept(engine, "iro-1", "episode-2", "child_consulted") is None
    assert kept(engine, "iro-1", "episode-1", "review_held") is None


def test_what_somebody_has_not_finished_is_listed_the_latest_first(engine: Engine) -> None:
    for minutes, form in enumerate(("a", "b", "c")):
        keep(engine, draft(form=form, at=MORNING + timedelta(minutes=minutes)))
    keep(engine, draft("iro-2"))
    assert [each.form for each in of_person(engine, "iro-1")] == ["c", "b", "a"]


def test_whoever_else_is_at_the_same_form_lately_is_known(engine: Engine) -> None:
    keep(engine, draft("iro-1"))
    keep(engine, draft("iro-2", at=MORNING + timedelta(minutes=5)))
    keep(engine, draft("iro-3", at=MORNING - timedelta(hours=1)))
    keep(engine, draft("iro-4", episode="episode-2"))
    found = others_at_it(engine, "iro-1", "episode-1", "child_consulted", MORNING - timedelta(minutes=1))
    assert [each.person for each in found] == ["iro-2"]


def test_a_draft_that_is_let_go_of_is_gone_and_no_other(engine: Engine) -> None:
    keep(engine, draft())
    keep(engine, draft("iro-2"))
    discard(engine, "iro-1", "episode-1", "child_consulted")
    discard(engine, "iro-1", "episode-1", "child_consulted")
    assert of_person(engine, "iro-1") == []
    assert len(of_person(engine, "iro-2")) == 1
