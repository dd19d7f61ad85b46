"""`starter.py person` and `people`: who holds which post, and who is told where nobody does."""

from datetime import timedelta

from tests.commands.conftest import Typed, days_ago, today
from tests.commands.service import Service, said, service, stack

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


def test_the_help_of_person_stands_without_a_server(alone: Typed) -> None:
    assert set(alone("person", "--json").json) == {"add", "change", "absent", "back", "leave"}
