"""A dispute and a referral as they are told: from the act to the messages that went out."""

from pathlib import Path

from tests.commands.posting import Office, office, stack

__all__ = ["office", "stack"]

REFERRED = (
    "failure=review_case",
    "about=No review was held.",
    "done_so_far=A dispute was raised.",
    "raised_with=director",
    "childs_view=Not known yet.",
    "asks=Please look at it.",
)


def test_a_dispute_and_a_referral_reach_those_who_hear_of_them_without_anybodys_words(
    office: Office, tmp_path: Path
) -> None:
    office.person("head", "head_of_service", "email=head@example.org")
    episode = office.opened("ana")
    office.family(episode)
    iro = office.appoint()
    office.message(episode, notice="iro_appointed", role="team_manager", state="sent")

    about = ("matter=drift", "about=No plan was made.", "stage=head_of_service", "tell_child=true")
    recorded(office, episode, "dispute_raised", "d-1", iro, *about)
    opened = office.message(episode, notice="dispute_opened", role="head_of_service", state="sent")
    assert opened["recipient"] == office.ref("head")
    shown = str(office.typed("post", "show", str(opened["id"]), "--json").json)
    assert "Who is to answer: head of service" in shown and "No plan was made" not in shown
    wanted = {"social_worker", "team_manager", "iro", "iro_manager", "head_of_service", "child"}
    office.until(lambda: {each["role"] for each in office.messages(episode, notice="dispute_opened")} == wanted)

    recorded(office, episode, "dispute_answered", "a-1", office.ref("head"), "dispute=d-1", "answer=Soon.")
    office.message(episode, notice="challenge_answered", role="iro", state="sent")
    recorded(office, episode, "cafcass_referred", "r-1", iro, "dispute=d-1", *REFERRED)
    office.message(episode, notice="cafcass_referral", role="head_of_service", state="sent")
    assert not office.messages(episode, notice="cafcass_referral", role="child")

    file = tmp_path / "referral.pdf"
    assert office.typed("referral", episode, "r-1", "--out", str(file)).code == 0
    assert file.read_bytes().startswith(b"%PDF-")


def recorded(office: Office, episode: str, kind: str, fact: str, by: str, *fields: str) -> None:
    done = office.typed("record", episode, kind, "on=today", f"by={by}", *fields, "--id", fact)
    assert done.code == 0, done.err
