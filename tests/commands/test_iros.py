"""`starter.py iros` and `iro`: the directory of IROs kept as a person types it, and what that does to children."""

from datetime import UTC, datetime, timedelta

import pytest

from register import open_register
from register.directory import add_person
from rules.directory import IroTerms, Person
from rules.vocabulary import Role
from tests.commands.conftest import Typed, days_ago, today
from tests.commands.service import Service, said, service, stack
from tests.commands.stack import Stack

__all__ = ["service", "stack"]


# --- Looking --------------------------------------------------------------------------------------------------------


def test_without_an_iro_it_says_how_to_add_one_and_who_waits(service: Service) -> None:
    episode = service.child("ana")
    told = said(service.typed("iros", "--authority", service.code))
    assert "There is no IRO in the directory." in told
    assert "starter.py iro add REFERENCE" in told
    assert "1 child without an IRO" in told
    assert [each["episode"] for each in service.iros()["without_iro"]] == [episode]
    assert "No local authority" in service.typed("iros", "--authority", "999").sentence


def test_each_iro_has_children_against_places_and_who_waits_stands_below(service: Service) -> None:
    ada, grace = service.iro("ada", "hours=0.5", "limit=2"), service.iro("grace", "limit=60")
    for name in ("one", "two", "three"):
        service.appointed(name, ada, str(today()))
    waiting = service.child("four")
    assert service.proposed(waiting) == grace
    line = service.load(ada)
    assert (line["name"], line["hours"]) == ("Test Person", 0.5)
    assert (line["children"], line["places"], line["over"], line["share"]) == (3, 1, 2, 3.0)
    assert (line["full_time"], line["guidance"]) == (6.0, "under")
    [proposal] = service.iros()["proposals"]
    assert (proposal["episode"], proposal["proposed"], proposal["since"]) == (waiting, grace, str(today()))
    told = said(service.typed("iros", "--authority", service.code))
    for words in ("3 of 1", "2 over", "1 of 60", "59 free", "under guidance", "1 proposal waits for your word"):
        assert words in told
    assert "50 to 70 children for a full-time IRO" in told


def test_without_words_it_says_in_a_few_lines_what_can_be_done(alone: Typed) -> None:
    for command in ("iro", "person"):
        told, helped = said(alone(command)), said(alone(command, "--help"))
        for words in ("REFERENCE name=value", "line_manager", "the first day away", "never, if they stay after all"):
            assert words in told
        assert "line_manager" in helped
    assert set(alone("iro", "--json").json) == {"add", "change", "absent", "back", "leave", "bar", "unbar"}


# --- Adding and changing --------------------------------------------------------------------------------------------


def test_an_iro_who_is_added_is_proposed_for_the_child_who_waited(service: Service) -> None:
    episode = service.child("ana", needs=["welsh"])
    fields = ("name=Test Person", f"authority={service.code}", "hours=0.6", "limit=65", "offers=Welsh, makaton")
    more = ("nations=england,wales", "since=2020-04-01", "email=ada@example.org")
    done = service.typed("iro", "add", service.ref("ada"), *fields, *more)
    told = said(done)
    assert "39 (65 for full time)" in told
    assert "England and Wales" in told
    assert "1 child had no IRO, so one is looked for now" in told
    assert service.proposed(episode) == service.ref("ada")


@pytest.mark.parametrize(("code", "nation"), [("681", "wales"), ("822", "england")])
def test_an_iro_reviews_in_the_nation_of_their_authority_where_nothing_else_is_said(
    service: Service, code: str, nation: str
) -> None:
    who = f"{service.ref('own')}-{code}"
    added = service.typed("iro", "add", who, "name=Test Person", f"authority={code}", "--json")
    assert added.json["nations"] == [nation]


def test_only_what_is_given_changes_and_a_child_in_vain_is_looked_at_again(service: Service) -> None:
    ada = service.iro("ada", f"since={days_ago(-5)}", "hours=0.5", "offers=welsh")
    manager = service.person("im", "iro_manager")
    episode = service.child("ana")
    service.until(lambda: service.outcome(episode, "propose_iro") == "none_found")
    changed = service.typed("iro", "change", ada, "since=today", f"line_manager={manager}", "--json").json
    assert (changed["hours"], changed["offers"], changed["line_manager"]) == (0.5, ["welsh"], manager)
    assert changed["told"] == 1
    assert service.proposed(episode) == ada
    assert service.typed("iro", "change", ada, "line_manager=", "offers=", "--json").json["line_manager"] is None


REFUSED: list[tuple[tuple[str, ...], str]] = [
    (("add", "{new}", "name=A", "authority={code}", "hours=1.1"), "at most 1, as 0.6 for three days a week"),
    (("add", "{new}", "name=A", "authority={code}", "hours=0"), "more than 0"),
    (("add", "{new}", "name=A", "authority={code}", "limit=0"), "a whole number from 1 to 200"),
    (("add", "{new}", "name=A", "authority={code}", "nations=scotland"), "england, wales or both"),
    (("add", "{new}", "name=A", "authority=999"), "has the code 999"),
    (("add", "{new}", "name=A", "authority={code}", "since=1/2/2026"), "yyyy-mm-dd"),
    (("add", "{new}", "name=A", "authority={code}", "deputy=nobody"), "deputy nobody is not in the directory"),
    (("add", "{new}", "authority={code}"), "Give name= too"),
    (("add", "Jane Doe", "name=A", "authority={code}"), "is no reference"),
    (("add", "{ada}", "name=A", "authority={code}"), "in the directory already"),
    (("add", "{new}", "nam=A", "authority={code}"), "did you mean name?"),
    (("add", "{new}", "Jane Doe"), "name=value"),
    (("add", "name=A"), "Say who, by reference"),
    (("ad", "{ada}"), "did you mean add?"),
    (("change", "{ada}"), "Say what is to change"),
    (("change", "{ada}", "hours="), "more than 0 and at most 1"),
    (("change", "{ada}", "authority={code}"), "takes no authority"),
    (("change", "{ada}", "deputy={bea}"), "round in a circle"),
    (("change", "nobody", "hours=1"), "Nobody in the directory has that reference"),
    (("change", "{gone}", "hours=1"), "left on"),
    (("change", "{boss}", "hours=1"), "is IRO manager, not an IRO"),
    (("absent", "{ada}"), "Give since= too"),
    (("absent", "{gone}", "since=today"), "left on"),
    (("absent", "{ada}", "since=2026-12-10", "until=2026-12-01"), "comes before the first"),
    (("absent", "{ada}", "since=today", "cover={ada}"), "cannot cover for themselves"),
    (("absent", "{ada}", "since=today", "cover={boss}"), "is not an IRO"),
    (("absent", "{ada}", "since=today", "cover=nobody"), "not in the directory"),
    (("absent", "{ada}", "since=today", "cover={gone}"), "is not there for all of that time"),
    (("back", "{ada}", "on=today"), "is not away on"),
    (("leave", "nobody", "on=today"), "Nobody in the directory has that reference"),
    (("leave", "{ada}", "on=soon"), "yyyy-mm-dd"),
    (("leave", "{ada}", "on=1990-01-01"), "The last day comes before the first"),
    (("bar", "{ada}", "against=CHILD-1", "kind=conflict"), "needs a reason"),
    (("bar", "{ada}", "against=CHILD-1", "kind=dislike"), "There is no such bar"),
    (("bar", "{gone}", "against=CHILD-1", "kind=resources"), "left on"),
    (("bar", "{ada}", "against=Jane Doe", "kind=resources"), "is no reference"),
    (("unbar", "{ada}", "against=CHILD-1", "kind=resources"), "is not barred from CHILD-1 on that ground"),
]


@pytest.fixture
def people(service: Service) -> dict[str, str]:
    """Two IROs, one of them the other's deputy, one who has left, and a manager."""
    ada = service.iro("ada", "since=2020-01-01")
    gone = service.iro("gone")
    service.typed("iro", "leave", gone, f"on={days_ago(3)}")
    return {
        "ada": ada,
        "bea": service.iro("bea", f"deputy={ada}"),
        "gone": gone,
        "boss": service.person("boss", "iro_manager"),
        "new": service.ref("new"),
        "code": service.code,
    }


def test_what_cannot_be_is_refused_in_one_sentence_and_changes_nothing(
    service: Service, people: dict[str, str]
) -> None:
    before = service.typed("people", "--authority", service.code, "--json").json
    for words, why in REFUSED:
        sentence = service.typed("iro", *(word.format(**people) for word in words)).sentence
        assert why in sentence, (words, sentence)
        assert "Jane" not in sentence
    assert service.typed("people", "--authority", service.code, "--json").json == before


# --- Away, and leaving ----------------------------------------------------------------------------------------------


def test_an_absence_is_covered_for_in_every_childs_case_until_they_are_back(service: Service) -> None:
    ada, bea = service.iro("ada"), service.iro("bea")
    episode = service.appointed("ana", ada, str(days_ago(2)))
    until = today() + timedelta(days=20)
    told = said(service.typed("iro", "absent", ada, f"since={days_ago(1)}", f"until={until}", f"cover={bea}"))
    assert f"{bea} covers for their 1 child now." in told
    assert (service.line(episode)["iro"], service.line(episode)["cover"]) == (ada, bea)
    [note] = service.load(ada)["notes"]
    assert "away to" in note and f"covered by {bea}" in note
    assert "already" in service.typed("iro", "absent", ada, "since=today").sentence
    assert f"{bea} covers no longer." in said(service.typed("iro", "back", ada, "on=today"))
    assert service.until(lambda: service.line(episode)["cover"] is None)
    assert service.load(ada)["notes"] == []


def test_an_absence_to_come_is_announced_and_can_be_taken_back(service: Service) -> None:
    ada, bea = service.iro("ada"), service.iro("bea")
    service.appointed("ana", ada, str(days_ago(2)))
    later = today() + timedelta(days=9)
    assert "covers for their 1 child from" in said(
        service.typed("iro", "absent", ada, f"since={later}", f"cover={bea}")
    )
    assert service.typed("iro", "back", ada, f"on={later}").code == 0
    assert service.load(ada)["notes"] == []
    uncovered = said(service.typed("iro", "absent", ada, "since=today"))
    assert "Nobody covers for their 1 child" in uncovered


def test_nobody_covers_who_may_not_review_for_one_of_the_children(service: Service) -> None:
    ada, bea = service.iro("ada"), service.iro("bea")
    service.appointed("ana", ada, str(days_ago(2)))
    service.appointed("ben", ada, str(days_ago(2)))
    service.typed("iro", "bar", bea, f"against={service.ref('ben')}", "kind=past-casework")
    sentence = service.typed("iro", "absent", ada, "since=today", f"cover={bea}").sentence
    assert f"{bea} cannot cover for 1 of 2 children" in sentence
    assert "has worked on the case" in sentence
    assert service.load(ada)["notes"] == []


def test_when_an_iro_leaves_every_child_is_given_another(service: Service, stack: Stack) -> None:
    episode = service.child("ana")
    service.until(lambda: service.outcome(episode, "propose_iro") == "none_found")
    ada = _iro_of_whom_no_case_was_told(stack, service)
    assert service.typed("record", episode, "iro_appointed", f"on={days_ago(2)}", f"iro={ada}").code == 0
    bea = service.iro("bea")
    later = today() + timedelta(days=30)
    announced = said(service.typed("iro", "leave", ada, f"on={later}"))
    assert "On that day 1 child will be given another IRO" in announced
    assert "leaves" in service.load(ada)["notes"][0]
    assert f"{ada} stays." in said(service.typed("iro", "leave", ada, "on=never"))
    assert service.line(episode)["iro"] == ada
    told = said(service.typed("iro", "leave", ada, f"on={days_ago(1)}"))
    assert f"{episode}: {bea} is proposed" in told
    assert service.line(episode)["proposed_iro"] == bea
    choice = service.typed("explain", episode, "fill_vacancy", "--json").json["choice"]["choice"]
    assert [(each["iro"], each["barred"]) for each in choice["considered"]] == [(bea, None)]


def _iro_of_whom_no_case_was_told(stack: Stack, service: Service) -> str:
    """So that a child may have been theirs before today, without having been proposed for them today."""
    ada = Person(reference=service.ref("ada"), name="Test Person", role=Role.IRO, authority=service.code)
    register = open_register(stack.environment["REGISTER_URL"])
    add_person(register, ada, IroTerms(iro=ada.reference), "test", datetime.now(UTC))
    return ada.reference


# --- Barred ---------------------------------------------------------------------------------------------------------


def test_a_bar_tells_whose_iro_they_are_and_taking_it_back_gives_the_child_who_waits_an_iro(service: Service) -> None:
    ada = service.iro("ada")
    mine = service.appointed("ana", ada, str(days_ago(2)))
    worker = service.ref("worker")
    told = said(service.typed("iro", "bar", ada, f"against={service.ref('ana')}", "kind=conflict", "reason=A cousin."))
    assert "has declared a conflict of interest" in told
    assert "They are the IRO of 1 child for whom they may not review now" in told
    assert mine in told
    service.typed("iro", "bar", ada, f"against={worker}", "kind=line_management")
    waiting = service.child("ben", social_worker=worker)
    service.until(lambda: service.outcome(waiting, "propose_iro") == "none_found")
    lifted = service.typed("iro", "unbar", ada, f"against={worker}", "kind=line-management", "--json").json
    assert lifted["told"] == 1
    assert service.proposed(waiting) == ada
