"""`starter.py person` and `people`: who holds which post, and who is told where nobody does."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from register import open_register
from register.directory import add_person
from rules.directory import IroTerms, Person
from rules.vocabulary import Role
from tests.commands.conftest import ROOT, Typed, days_ago, today
from tests.commands.service import Service, said, service, stack
from tests.commands.stack import Stack

__all__ = ["service", "stack"]


def test_who_holds_which_post_and_where_what_goes_to_an_empty_one_is_sent(service: Service) -> None:
    director = service.person("ad", "assistant-director")
    manager = service.person("tm", "team_manager", "team=TEAM-A", f"line_manager={director}")
    told = said(service.typed("people", "--authority", service.code))
    assert f"service manager, {service.code}: {director} gets it" in told
    assert "the post of service manager is empty, so it goes to the assistant director" in told
    assert "team TEAM-A" in told
    answer = service.typed("people", "--role", "team-manager", "--authority", service.code, "--json").json
    assert [each["reference"] for each in answer["people"]] == [manager]
    assert answer["empty_posts"] == []
    assert "did you mean team_manager?" in service.typed("people", "--role", "team_manger").sentence
    empty = said(service.typed("people", "--authority", "420"))
    assert "Add somebody: starter.py person add" in empty


def test_a_person_is_changed_goes_away_and_leaves(service: Service) -> None:
    boss, deputy = service.person("boss", "iro_manager"), service.person("deputy", "iro_manager")
    changed = said(service.typed("person", "change", boss, f"deputy={deputy}", "email=boss@example.org"))
    assert f"Deputy {deputy}" in changed
    until = today() + timedelta(days=3)
    assert service.typed("person", "absent", boss, "since=today", f"until={until}").code == 0
    assert "no cover" in said(service.typed("people", "--authority", service.code))
    assert service.typed("person", "back", boss, "on=today").code == 0
    assert service.typed("person", "leave", boss, f"on={until}", "--json").json["on"] == str(until)
    told = said(service.typed("people", "--authority", service.code))
    assert "leaves" in told and "no cover" not in told
    assert "stays" in said(service.typed("person", "leave", boss, "on=never"))


def test_somebody_may_become_an_iro_and_no_iro_leaves_children_behind(service: Service) -> None:
    worker = service.person("worker", "social_worker")
    assert "give their hours or their limit" in service.typed("person", "change", worker, "role=iro").sentence
    assert "Places 35" in said(service.typed("person", "change", worker, "role=iro", "hours=0.5"))
    service.appointed("ana", worker, str(days_ago(2)))
    sentence = service.typed("person", "change", worker, "role=team_manager").sentence
    assert f"starter.py iro leave {worker}" in sentence


def test_a_person_who_cannot_be_is_refused_in_one_sentence(service: Service) -> None:
    boss, iro = service.person("boss", "iro_manager"), service.iro("ada")
    new = ("person", "add", service.ref("new"), "name=A", f"authority={service.code}")
    for words, why in (
        (new, "Give role= too"),
        ((*new, "role=iro"), "starter.py iro add"),
        ((*new, "role=child"), "no post of the service"),
        ((*new, "role=boss"), "There is no such role"),
        ((*new, "role=legal", "hours=1"), "takes no hours"),
        (("person", "change", boss, "hours=1"), "only an IRO has hours"),
        (("person", "change", boss, f"deputy={boss}"), "round in a circle"),
        (("person", "change", "nobody", "team=A"), "Nobody in the directory has that reference"),
        (("person", "leave", iro, "on=today"), "starter.py iro leave"),
        (("person", "absent", boss, "since=today", "cover=nobody"), "is not in the directory"),
        (("person", "back", boss, "on=today"), "is not away on"),
    ):
        assert why in service.typed(*words).sentence, words


def test_the_ladder_names_who_is_behind_each_role_and_why_it_is_another(service: Service) -> None:
    ada, boss = service.iro("ada"), service.person("boss", "iro_manager")
    manager, worker = service.person("tm", "team_manager"), service.ref("sw")
    episode = service.child("ana", team_manager=manager, social_worker=worker)
    assert service.proposed(episode) == ada
    service.typed("person", "absent", manager, "since=today", f"cover={boss}")
    explained = service.typed("explain", episode, "first_review", "--json").json
    [breach] = [rung for rung in explained["ladder"] if rung["rung"] == "breach"]
    behind = {each["role"]: each for each in breach["behind"]}
    assert (behind["iro_manager"]["person"], behind["iro_manager"]["instead_because"]) == (boss, None)
    assert behind["team_manager"]["person"] == boss
    assert behind["team_manager"]["instead_because"] == "away, so it goes to whoever covers"
    told = said(service.typed("explain", episode, "first_review"))
    assert f"team manager: {boss} away, so it goes to whoever covers" in told
    assert "Behind each role is who has the post today." in told


def test_while_the_directory_holds_nobody_only_the_roles_are_told(service: Service) -> None:
    episode = service.child("ana")
    told = said(service.typed("explain", episode, "first_review"))
    assert "IRO, team manager and IRO manager" in told
    assert "Behind each role" not in told


# --- Everybody at once ----------------------------------------------------------------------------------------------


def file_of(service: Service, text: str) -> str:
    """Write a file of people; an @ stands for the authority's code."""
    file = service.folder / "people.csv"
    file.write_text(text.replace("@", service.code))
    return str(file)


DIRECTORY = """\
reference,name,role,authority,line_manager,deputy,hours,limit,nations,offers,email,since
tm-@,Test Team Manager,Team Manager,@,sm-@,tn-@,,,,,tm@example.org,
plain-@,Test Person One,IRO,@,im-@,welsh-@,0.5,60,,,,2020-04-01
welsh-@,Test Person Two,iro,@,im-@,,,,"england,wales","Welsh,makaton",,
tn-@,Test Team Manager,team_manager,@,,,,,,,,

sm-@,Test Manager,service_manager,@,,,,,,,,
im-@,Test Manager,iro_manager,@,,,,,,,,
"""


def test_a_directory_is_added_at_once_and_only_then_are_the_children_looked_at(service: Service) -> None:
    episode = service.child("ana", needs=["welsh"])
    told = said(service.typed("person", "import", file_of(service, DIRECTORY)))
    assert "6 people added to the directory, 0 there already." in told
    assert "team manager 2 service manager 1 IRO 2 IRO manager 1" in told
    assert "1 child had no IRO, so one is looked for now: `starter.py iros`" in told
    # Had the first IRO of the file been added alone, the child would be theirs.
    assert service.proposed(episode) == service.ref("welsh")
    line = service.load(service.ref("plain"))
    assert (line["hours"], line["places"]) == (0.5, 30)
    people = {each["reference"]: each for each in directory_of(service)["people"]}
    assert people[service.ref("tm")]["deputy"] == service.ref("tn")
    assert people[service.ref("tm")]["line_manager"] == service.ref("sm")
    assert people[service.ref("plain")]["since"] == "2020-04-01"


def test_an_iro_of_a_file_reviews_in_the_nation_of_their_authority_where_nothing_else_is_said(
    service: Service,
) -> None:
    rows = "w1-@,Test Person,iro,681,\nw2-@,Test Person,iro,681,england\n"
    said(service.typed("person", "import", file_of(service, "reference,name,role,authority,nations\n" + rows)))
    changed = [service.typed("iro", "change", service.ref(each), "hours=0.5", "--json").json for each in ("w1", "w2")]
    assert [each["nations"] for each in changed] == [["wales"], ["england"]]


def test_whoever_is_there_already_is_passed_over_and_only_the_others_are_added(service: Service) -> None:
    file = file_of(service, DIRECTORY)
    assert service.typed("person", "import", file, "--json").json == {
        "file": file,
        "added": {"team_manager": 2, "iro": 2, "service_manager": 1, "iro_manager": 1},
        "already_there": 0,
        "told": 0,
        "problems": [],
    }
    service.typed("iro", "leave", service.ref("plain"), f"on={days_ago(-30)}")  # A last day is no part of a row.
    more = DIRECTORY + "sw-@,Test Worker,social_worker,@,tm-@,,,,,,,\n"
    told = said(service.typed("person", "import", file_of(service, more)))
    assert "1 person added to the directory, 6 there already." in told
    assert "social worker 1" in told and "team manager" not in told
    assert "0 people added to the directory, 7 there already." in said(service.typed("person", "import", file))


def test_an_import_that_was_cut_short_is_made_good_by_the_next(service: Service, stack: Stack) -> None:
    episode = service.child("ana")
    service.until(lambda: service.outcome(episode, "propose_iro") == "none_found")
    ada = Person(reference=service.ref("ada"), name="Test Person", role=Role.IRO, authority=service.code)
    register = open_register(stack.environment["REGISTER_URL"])
    add_person(register, ada, IroTerms(iro=ada.reference), "test", datetime.now(UTC))
    file = file_of(service, "reference,name,role,authority\nada-@,Test Person,iro,@\n")
    told = said(service.typed("person", "import", file))
    assert "0 people added to the directory, 1 there already. 1 child had no IRO" in told
    assert service.proposed(episode) == ada.reference


WRONG = """\
Reference,name,role,authority,line_manager,deputy,hours,limit,since
boss-@,Test Person,iro_manager,@,,,,,
there-@,Test Other,team_manager,@,,,,,
a-@,Test Person,team_manager,@,,b-@,,,
b-@,Test Person,team_manager,@,nobody,a-@,,,1/4/2026
c-@,Test Person,boss,999,,c-@,,,
c-@,,child,@,,,,,
Jane Doe,Test Person,iro,@,,,2,0,
d-@,Test Person,legal,@,c-@,,0.5,60,
e-@,Test Person,legal
f-@,Test Person,legal,@,e-@,,,,
"""
TOLD = [
    (3, "reference", "there-@ is in the directory already, with another name: put the row right, or the directory"),
    (4, "deputy", "They would go round in a circle, a-@ to b-@ to a-@: name another deputy."),
    (5, "since", "yyyy-mm-dd"),
    (5, "line_manager", "The line manager nobody is not in the directory"),
    (5, "deputy", "They would go round in a circle, b-@ to a-@ to b-@: name another deputy."),
    (6, "role", "There is no such role"),
    (6, "authority", "has the code 999"),
    (6, "deputy", "They would go round in a circle, c-@ to c-@"),
    (7, "reference", "It is on line 6 already"),
    (7, "name", "It is blank"),
    (7, "role", "That is no post of the service"),
    (8, "reference", "is no reference"),
    (8, "hours", "more than 0 and at most 1"),
    (8, "limit", "a whole number from 1 to 200"),
    (9, "hours", "Only an IRO has this"),
    (9, "limit", "Only an IRO has this"),
    (10, "reference", "not as many fields"),
]


def test_where_one_row_is_wrong_nobody_is_added_and_every_wrong_row_is_told(service: Service) -> None:
    service.person("boss", "iro_manager")
    service.person("there", "team_manager")
    before, file = directory_of(service), file_of(service, WRONG)
    done = service.typed("person", "import", file)
    assert done.err == (
        "Nobody was added, because 8 rows of people.csv are wrong: put them right as shown, then import the file"
        " again.\n"
    )
    assert "Jane" not in done.out and max(map(len, done.out.splitlines())) <= 80
    answer = json.loads(service.typed("person", "import", file, "--json").out)
    assert (answer["added"], answer["already_there"]) == ({}, 1)
    found = [(each["line"], each["field"], each["reason"]) for each in answer["problems"]]
    assert [each[:2] for each in found] == [each[:2] for each in TOLD]
    for (*_, reason), (*_, wanted) in zip(found, TOLD, strict=True):
        assert wanted.replace("@", service.code) in reason
    assert directory_of(service) == before


def directory_of(service: Service) -> dict[str, Any]:
    """Everybody of the authority."""
    return dict(service.typed("people", "--authority", service.code, "--json").json)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "people.csv is empty"),
        (b"reference,name,role,authority\n", "names its columns but holds nobody"),
        (b"reference,name,role\nA,B,legal\n", "has no column AUTHORITY"),
        (b"reference,name,role,authority,line manager\nA,B,legal,383,\n", "Column 5 of people.csv has a name"),
        (b"reference,name,role,authority,line manager\nA,B,legal,383,\n", "did you mean line_manager?"),
        (b"reference,name,role,authority,team,team\nA,B,legal,383,,\n", "names the column TEAM twice"),
        (b"reference,name,role,authority\nA,Ren\xe9 Test,legal,383\n", "is not UTF-8 text: byte 0xE9 on line 2"),
        (b"reference;name;role;authority\nA;B;legal;383\n", "is separated by semicolons"),
        (None, "people.csv cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_is_none_of_people_is_refused_in_one_sentence(
    alone: Typed, tmp_path: Path, content: bytes | None, why: str
) -> None:
    file = tmp_path / "people.csv"
    if content is not None:
        file.write_bytes(content)
    assert why in alone("person", "import", str(file)).sentence


def test_the_file_shown_in_the_readme_is_taken(service: Service) -> None:
    shown = re.search(r"```csv\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert shown
    file = file_of(service, shown[1].replace("810", service.code))
    assert service.typed("person", "import", file, "--json").json["added"] == {"iro": 2, "iro_manager": 1}


def test_a_file_is_imported_alone(alone: Typed) -> None:
    assert "Say which file" in alone("person", "import").sentence
    assert "takes nothing more" in alone("person", "import", "people.csv", "role=legal").sentence


def test_the_help_of_person_stands_without_a_server(alone: Typed) -> None:
    assert set(alone("person", "--json").json) == {"add", "import", "change", "absent", "back", "leave"}
