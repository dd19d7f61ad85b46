"""Brothers and sisters who share an IRO are told so, each once, and nobody from whom it is withheld."""

from datetime import date

from sqlalchemy import Engine, event

from register.publish import publish
from register.queries import episode, owed_notices
from rules.facts import Entry, FactWithdrawn, PlainFact
from rules.facts.iro import IroMadeKnown, IroNotMadeKnown
from rules.steps import Notice
from rules.vocabulary import Role, WayTold
from tests.register.samples import MORNING, TODAY, agenda, appointed, opening, publication, step


def of_appointment(fact_id: str = "appointed") -> tuple[Notice, ...]:
    """The child hears of the appointment itself."""
    key = f"iro_appointed:{fact_id}:child"
    return (Notice(key=key, name="iro_appointed", recipient=Role.CHILD, about=fact_id),)


def given_an_iro(
    engine: Engine,
    child: str,
    *shares_with: str,
    told: bool = True,
    revision: int = 1,
    iro: str | None = "iro-1",
    proposed: str | None = None,
    ended_on: date | None = None,
) -> None:
    """Publish an appointment; without an IRO, only that the child is in care."""
    notices = of_appointment() if iro and told else ()
    derived = agenda(notices=notices, iro=iro, proposed=proposed, ended_on=ended_on, finished=ended_on is not None)
    publish(
        engine,
        publication(
            derived,
            episode=f"episode-{child}",
            revision=revision,
            opened_by=opening(child=child),
            entries=(Entry(fact=opening(child=child), at=MORNING),)
            + ((appointed(iro=iro, shares_with=shares_with),) if iro else ()),
        ),
    )


def shared(engine: Engine) -> list[tuple[str | None, str]]:
    owed = [each for each in owed_notices(engine) if each.name == "iro_shared"]
    assert {each.recipient for each in owed} <= {Role.CHILD}
    return sorted((each.episode, each.about) for each in owed)


def said(engine: Engine, child: str, *facts: PlainFact | FactWithdrawn, revision: int = 2) -> None:
    entries = tuple(Entry(fact=fact, at=MORNING) for fact in facts)
    publish(
        engine,
        publication(
            agenda(), episode=f"episode-{child}", revision=revision, opened_by=opening(child=child), entries=entries
        ),
    )


def withheld(fact_id: str = "withheld") -> IroNotMadeKnown:
    return IroNotMadeKnown(id=fact_id, on=TODAY, by="sw-7", recipient=Role.CHILD, reason="too distressed just now")


def test_the_child_and_each_sibling_are_told_once(engine: Engine) -> None:
    given_an_iro(engine, "ana")
    given_an_iro(engine, "ben", "ana")
    assert shared(engine) == [("episode-ana", "episode-ben:appointed"), ("episode-ben", "appointed")]
    given_an_iro(engine, "cat", "ana", "ben")  # under the same fact id as the others
    given_an_iro(engine, "cat", "ana", "ben")
    assert shared(engine) == [
        ("episode-ana", "episode-ben:appointed"),
        ("episode-ana", "episode-cat:appointed"),
        ("episode-ben", "appointed"),
        ("episode-ben", "episode-cat:appointed"),
        ("episode-cat", "appointed"),
    ]


def test_a_sibling_whose_care_has_ended_is_not_told(engine: Engine) -> None:
    given_an_iro(engine, "ana", ended_on=TODAY)
    given_an_iro(engine, "ben", "ana")
    assert shared(engine) == [("episode-ben", "appointed")]


def test_a_sibling_is_told_who_is_just_being_given_the_iro_but_not_one_who_is_only_proposed(engine: Engine) -> None:
    given_an_iro(engine, "ana", iro=None)
    given_an_iro(engine, "ben", iro=None, proposed="iro-1")
    given_an_iro(engine, "cat", iro="iro-2")
    given_an_iro(engine, "dan", "ana", "ben", "cat")
    assert shared(engine) == [("episode-ana", "episode-dan:appointed"), ("episode-dan", "appointed")]


def test_a_child_who_is_not_told_of_the_appointment_is_not_told_who_shares_it(engine: Engine) -> None:
    given_an_iro(engine, "ana")
    given_an_iro(engine, "ben", "ana", told=False)
    assert shared(engine) == [("episode-ana", "episode-ben:appointed")]


def test_a_sibling_from_whom_the_iro_is_withheld_is_not_told(engine: Engine) -> None:
    for child in ("ana", "ben", "cat"):
        given_an_iro(engine, child)
    said(engine, "ana", withheld())
    said(engine, "ben", withheld())
    later = IroMadeKnown(id="told", on=date(2026, 6, 9), by="sw-7", recipient=Role.CHILD, way=WayTold.VERBALLY)
    said(engine, "ben", later, revision=3)
    said(engine, "cat", withheld())
    taken_back = FactWithdrawn(id="back", on=TODAY, by="sw-7", withdraws="withheld", reason="the wrong child")
    said(engine, "cat", taken_back, revision=3)
    given_an_iro(engine, "dan", "ana", "ben", "cat")
    assert [owed for owed, _ in shared(engine)] == ["episode-ben", "episode-cat", "episode-dan"]


def test_the_proposed_iro_stands_in_the_episode(engine: Engine) -> None:
    given_an_iro(engine, "ana", iro=None, proposed="iro-4")
    line = episode(engine, "episode-ana", today=TODAY)
    assert line and (line.iro, line.proposed_iro) == (None, "iro-4")
    given_an_iro(engine, "ana", iro="iro-4", revision=2)
    line = episode(engine, "episode-ana", today=TODAY)
    assert line and (line.iro, line.proposed_iro) == ("iro-4", None)


def test_a_publication_that_says_nothing_of_these_matters_asks_nothing_of_them(engine: Engine) -> None:
    asked: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    publish(engine, publication(agenda(step())))
    publish(engine, publication(agenda(step(reason="changed")), revision=2))
    event.remove(engine, "before_cursor_execute", note)
    assert asked and not [each for each in asked if "kin" in each or "allocation" in each or "INTO outbox" in each]
