"""`starter.py siblings`, `balance` and `digest`: children of one family, and the service seen whole."""

from tests.commands.conftest import days_ago
from tests.commands.service import Service, said, service, stack

__all__ = ["service", "stack"]


def test_siblings_are_shown_with_the_earliest_limit_which_governs_a_shared_day(service: Service) -> None:
    ada, ana = service.iro("ada"), service.ref("ana")
    elder = service.appointed("ana", ada, str(days_ago(2)))
    younger = service.child("ben", became_looked_after=str(days_ago(1)), siblings=[ana])
    answer = service.typed("siblings", younger, "--json").json
    dues = {each["episode"]: each["due"] for each in answer["children"]}
    assert set(dues) == {elder, younger}
    assert answer["earliest"] == min(dues.values()) == dues[elder]
    told = said(service.typed("siblings", elder))
    for words in (f"{ana} (this child)", "the earliest", "can be no later than", "the earliest limit governs"):
        assert words in told
    assert f"Siblings in care {ana} (" in said(service.typed("agenda", younger))
    [sibling] = service.typed("agenda", younger, "--json").json["siblings"]
    assert (sibling["child"], sibling["iro"]) == (ana, ada)


def test_a_child_without_siblings_in_care_is_told_how_to_record_one(service: Service) -> None:
    episode = service.child("ana")
    assert "starter.py record EPISODE kin_known" in said(service.typed("siblings", episode))
    assert "Siblings" not in said(service.typed("agenda", episode))
    assert "There is no episode" in service.typed("siblings", "episode-x").sentence


def test_an_uneven_load_is_told_with_moves_that_nobody_makes(service: Service) -> None:
    assert "Nothing to propose." in said(service.typed("balance", "--authority", service.code))
    ada = service.iro("ada")
    episodes = [service.appointed(name, ada, str(days_ago(2))) for name in ("a", "b", "c", "d")]
    bea = service.iro("bea")
    moves = service.typed("balance", "--authority", service.code, "--json").json
    assert moves and {(each["from_iro"], each["to_iro"]) for each in moves} == {(ada, bea)}
    assert {each["episode"] for each in moves} < set(episodes)
    told = said(service.typed("balance", "--authority", service.code))
    assert "Nothing is changed: it is yours to decide." in told
    assert "4 children for full-time hours against 0." in told
    assert {service.line(each)["iro"] for each in episodes} == {ada}


def test_the_digest_tells_the_week_as_of_now(service: Service) -> None:
    service.appointed("ana", service.iro("ada", "hours=0.5"), str(days_ago(2)))
    [week] = service.typed("digest", "--authority", service.code, "--json").json
    assert week["authority"] == service.code
    assert [(each["children"], each["places"]) for each in week["caseloads"]] == [(1, 35)]
    told = said(service.typed("digest", "--authority", service.code))
    assert "1 IRO has 1 child and 35 places." in told
    assert "Every child has an IRO." in told
    assert "No local authority" in service.typed("digest", "--authority", "999").sentence
