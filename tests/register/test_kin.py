"""Brothers and sisters are found through each other, and the earliest of their reviews governs a shared day."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from register import reading, writing
from register.kin import GroupDue, GroupDues, Kin, check_kin, group_dues, kin_of, sibling_group, why_not_kin
from register.publish import publish
from register.service_tables import KinRow
from rules.directory_checks import DirectoryRefused
from rules.facts.iro import KinKnown
from rules.steps import Step
from rules.vocabulary import KinRelation, Phase, StepState
from tests.register.samples import TODAY, agenda, kin, opening, publication, step

SIBLING, PARENT, CHILD = KinRelation.SIBLING, KinRelation.PARENT, KinRelation.CHILD


def in_care(
    engine: Engine,
    child: str,
    *known: KinKnown,
    revision: int = 1,
    authority: str = "822",
    steps: tuple[Step, ...] = (),
    iro: str | None = "iro-1",
    ended_on: date | None = None,
) -> None:
    """Publish that a child is in care, and who is known to be kin."""
    derived = agenda(*steps, iro=iro, ended_on=ended_on, finished=ended_on is not None)
    opened = opening(child=child, authority=authority)
    episode = f"episode-{authority}-{child}"
    publish(engine, publication(derived, episode=episode, revision=revision, opened_by=opened, kin=known))


def rows(engine: Engine) -> set[tuple[str, str, str]]:
    with reading(engine) as connection:
        return {(row.child, row.relation.value, row.kin) for row in connection.execute(select(KinRow))}


def test_kin_is_known_from_either_side(engine: Engine) -> None:
    in_care(engine, "ana", kin("ben"), kin("mum", PARENT), kin("dot", CHILD))
    assert kin_of(engine, "822", "ana") == (
        Kin(child="dot", relation=CHILD),
        Kin(child="mum", relation=PARENT),
        Kin(child="ben", relation=SIBLING),
    )
    assert kin_of(engine, "822", "ben") == (Kin(child="ana", relation=SIBLING),)
    assert kin_of(engine, "822", "mum") == (Kin(child="ana", relation=CHILD),)
    assert kin_of(engine, "822", "dot") == (Kin(child="ana", relation=PARENT),)
    assert kin_of(engine, "823", "ana") == ()  # another authority's reference is another child


def test_kin_is_what_the_facts_that_stand_say(engine: Engine) -> None:
    in_care(engine, "ana", kin("ben"), kin("cat"))
    in_care(engine, "ana", kin("cat"), revision=2)
    assert rows(engine) == {("ana", "sibling", "cat"), ("cat", "sibling", "ana")}
    publish(engine, publication(agenda(), episode="episode-822-ana", revision=3, opened_by=opening(child="ana")))
    assert rows(engine) == {("ana", "sibling", "cat"), ("cat", "sibling", "ana")}  # nothing was said of kin
    in_care(engine, "ana", revision=4)
    assert rows(engine) == set()


def test_what_one_episode_takes_back_another_may_still_say(engine: Engine) -> None:
    in_care(engine, "ana", kin("ben"))
    in_care(engine, "ben", kin("ana"))
    in_care(engine, "ana", revision=2)
    assert kin_of(engine, "822", "ana") == (Kin(child="ben", relation=SIBLING),)
    in_care(engine, "ben", revision=2)
    assert kin_of(engine, "822", "ana") == ()


def test_a_sibling_group_is_everyone_found_through_siblings_alone(engine: Engine) -> None:
    in_care(engine, "ana", kin("ben"), kin("mum", PARENT))
    in_care(engine, "cat", kin("ben"), kin("dan"))
    in_care(engine, "ana", kin("eve"), authority="823")
    for child in ("ana", "ben", "cat", "dan"):
        assert sibling_group(engine, "822", child) == ("ana", "ben", "cat", "dan")
    assert sibling_group(engine, "822", "mum") == ("mum",)
    with writing(engine) as connection:
        assert sibling_group(connection, "823", "ana") == ("ana", "eve")


def test_the_earliest_review_of_a_sibling_group_governs_a_shared_day(engine: Engine) -> None:
    in_care(engine, "ana", kin("ben"), steps=(step(due=date(2026, 6, 29)), step("report.x", due=TODAY)))
    second = step("second_review.held-1", due=date(2026, 6, 22))
    in_care(engine, "ben", kin("cat"), steps=(second,), iro=None)
    opened = (
        step("subsequent_review.held-2", due=TODAY, state=StepState.DONE_IN_TIME),
        step("complete_review.held-2", due=TODAY),
    )
    in_care(engine, "cat", steps=opened)
    in_care(engine, "dan", kin("ana"), steps=(step(due=TODAY, phase=Phase.REVIEW),), ended_on=TODAY)
    assert group_dues(engine, "episode-822-cat") == GroupDues(
        children=(
            GroupDue(child="ana", episode="episode-822-ana", iro="iro-1", due=date(2026, 6, 29)),
            GroupDue(child="ben", episode="episode-822-ben", iro=None, due=date(2026, 6, 22)),
            GroupDue(child="cat", episode="episode-822-cat", iro="iro-1", due=None),
        ),
        earliest=date(2026, 6, 22),
    )


def test_an_episode_that_is_not_known_has_no_group(engine: Engine) -> None:
    assert group_dues(engine, "episode-0") == GroupDues()


def test_an_only_child_is_a_group_of_one(engine: Engine) -> None:
    in_care(engine, "ana", steps=(step(),))
    assert group_dues(engine, "episode-822-ana").earliest == step().due
    assert len(group_dues(engine, "episode-822-ana").children) == 1


def test_what_is_told_of_a_family_is_checked_against_all_that_is_known(engine: Engine) -> None:
    in_care(engine, "ana", kin("ben"), kin("mum", PARENT))
    in_care(engine, "cat", kin("ben"))
    check_kin(engine, "822", "cat", kin("mum", PARENT))
    check_kin(engine, "823", "cat", kin("mum"))
    with pytest.raises(DirectoryRefused, match="parent and child in one sibling group"):
        check_kin(engine, "822", "cat", kin("mum"))
    with writing(engine) as connection, pytest.raises(DirectoryRefused, match="one sibling group"):
        check_kin(connection, "822", "mum", kin("cat"))
    assert why_not_kin(engine, "822", "cat", kin("mum", PARENT)) is None
    assert "cannot be kin of themselves" in str(why_not_kin(engine, "822", "ana", kin("ana")))
