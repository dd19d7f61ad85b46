"""`starter.py allocate`: the IRO manager's word, and how the choice explains itself."""

import pytest

from tests.commands.conftest import days_ago
from tests.commands.service import Service, said, service, stack

__all__ = ["service", "stack"]


def test_a_proposal_that_waits_is_confirmed(service: Service) -> None:
    ada, episode = service.iro("ada"), service.child("ana")
    service.proposed(episode)
    assert f"{ada} is proposed" in said(service.typed("agenda", episode))
    told = said(service.typed("allocate", episode))
    assert f"{ada} is the child's IRO from" in told
    line = service.line(episode)
    assert (line["iro"], line["proposed_iro"]) == (ada, None)
    again = said(service.typed("allocate", episode))
    assert again.startswith(f"IRO {ada} For another, say whom and why")
    assert "is the child's IRO already" in service.typed("allocate", episode, "--to", ada, "--reason", "x").sentence


def test_another_than_the_one_proposed_needs_a_reason_which_is_kept(service: Service) -> None:
    service.iro("ada", "offers=welsh")
    episode = service.child("ana", needs=["welsh"])
    bea = service.iro("bea")
    service.proposed(episode)
    sentence = service.typed("allocate", episode, "--to", bea).sentence
    assert f"{service.ref('ada')} is proposed" in sentence and "--reason" in sentence
    fact = service.typed("allocate", episode, "--to", bea, "--reason", "Nearer to the placement.", "--json").json
    assert (fact["iro"], fact["reason"], fact["by"]) == (bea, "Nearer to the placement.", "operator")
    told = said(service.typed("explain", episode, "appoint_iro"))
    assert f"By hand, {bea} was appointed on" in told and "Nearer to the placement." in told
    back = service.typed("allocate", episode, "--to", service.ref("ada"), "--reason", "The child asked.")
    assert f"Until now it was {bea}, who is to introduce {service.ref('ada')}" in said(back)


def test_the_date_of_an_appointment_shows_the_choice_candidate_by_candidate(service: Service) -> None:
    ada, bea = service.iro("ada", "offers=welsh", "limit=1"), service.iro("bea")
    worker = service.iro("cat")
    service.typed("iro", "bar", worker, "against=TEAM-OF-ANA", "kind=past_casework")
    episode = service.child("ana", needs=["welsh"], social_worker="TEAM-OF-ANA")
    assert service.proposed(episode) == ada
    for step in ("appoint_iro", "propose_iro"):
        choice = service.typed("explain", episode, step, "--json").json["choice"]["choice"]
        assert [each["iro"] for each in choice["considered"]] == [ada, bea, worker]
        told = said(service.typed("explain", episode, step))
        for words in (
            "The IRO offers all that the child needs.",
            "chosen",
            "0 of 1",
            "offers welsh",
            "does not offer welsh",
            "may not: has worked on the case",
        ):
            assert words in told
    assert service.typed("explain", episode, "first_review", "--json").json["choice"] is None


def test_who_is_full_may_be_appointed_and_the_screen_says_so(service: Service) -> None:
    ada = service.iro("ada", "limit=1")
    service.appointed("ana", ada, str(days_ago(1)))
    episode = service.child("ben", siblings=[service.ref("ana")])
    assert service.proposed(episode) == ada
    done = service.typed("allocate", episode)
    assert "more children than their limit allows" in said(done)
    assert f"Shared with {service.ref('ana')}" in said(done)


def test_without_a_proposal_the_candidates_are_shown_and_nothing_changes(service: Service) -> None:
    episode = service.child("ana", social_worker="SW-OF-ANA")
    nobody = said(service.typed("allocate", episode))
    assert f"There is no IRO of authority {service.code} in the directory." in nobody
    ada = service.ref("ada")
    service.iro("ada", f"since={days_ago(-9)}")
    told = said(service.typed("allocate", episode))
    assert "No IRO of the authority may review for this child" in told
    assert "may not: begins only on" in told
    assert service.line(episode)["iro"] is None
    assert "begins only on" in service.typed("allocate", episode, "--to", ada, "--reason", "x").sentence


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--to", "nobody", "--reason", "x"), "Nobody in the directory has that reference"),
        (("--to", "{boss}", "--reason", "x"), "is IRO manager, not an IRO"),
        (("--to", "{gone}", "--reason", "x"), "may not review for this child (left on"),
        (("--to", "{kin}", "--reason", "x"), "has worked on the case"),
        (("--to", "{other}", "--reason", "x" * 2001), "reason must be no longer than 2000 characters"),
        (("--reason", "x"), "say which, with --to"),
    ],
)
def test_who_may_not_be_appointed_is_refused_in_one_sentence(
    service: Service, words: tuple[str, ...], why: str
) -> None:
    episode = service.child("ana")
    refs = {name: service.iro(name) for name in ("gone", "kin", "other")}
    refs["boss"] = service.person("boss", "iro_manager")
    service.typed("iro", "leave", refs["gone"], f"on={days_ago(1)}")
    service.typed("iro", "bar", refs["kin"], f"against={service.ref('ana')}", "kind=past_casework")
    assert why in service.typed("allocate", episode, *(word.format(**refs) for word in words)).sentence
    assert service.line(episode)["iro"] is None


def test_nobody_is_appointed_where_there_is_no_child_in_care(service: Service) -> None:
    service.iro("ada")
    episode = service.child("ana")
    service.typed("record", episode, "care_ended", f"on={days_ago(1)}", "reason=E4A")
    assert "not looked after any longer" in service.typed("allocate", episode).sentence
    assert "There is no episode" in service.typed("allocate", "episode-x").sentence


def test_the_timeline_tells_of_proposals_and_appointments(service: Service) -> None:
    ada, episode = service.iro("ada"), service.child("ana", needs=["welsh"])
    service.proposed(episode)
    service.typed("allocate", episode)
    told = said(service.typed("timeline", episode))
    assert "Needs known" in told and "needs welsh" in told
    assert "IRO proposed" in told and f"IRO {ada}" in told and "by system" in told
    assert "IRO appointed" in told
