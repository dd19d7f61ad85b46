"""The document of a referral to Cafcass, made from a register that the rules have written to."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from client.referral import NoReferral, referral_pdf, referral_record
from post.referral import contents, pictures
from register import migrate, open_register
from register.contacts import add_contact
from register.directory import add_person
from register.publish import publish
from rules.agenda import derive
from rules.case import Case
from rules.directory import IroTerms, Person
from rules.network import NetworkContact
from rules.post_policy import PostPolicy
from rules.vocabulary import Role
from tests.register.samples import publication
from tests.rules.build import WALES, Story, child, moment

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
EPISODE, REFERRAL = "episode-1", "cafcass_referred-1"
TODAY = date(2026, 8, 3)
POLICY = PostPolicy(council="Made-up Council", address=("Test House",), email="reviews@example.org")
REFERRED: dict[str, Any] = {
    "failure": "implement_decision",
    "about": "The life story work was decided in 2025.\n\n# It has not begun.",
    "done_so_far": "Asked the team manager, then a dispute.",
    "raised_with": ["team_manager", "head_of_service"],
    "childs_view": "She wants to know why she left home.",
    "asks": "Please consider proceedings by September.",
}
CARE = child("2026-06-05").iro_appointed("2026-06-08").legal_status_changed("2026-06-20", legal_status="C2")
CHALLENGED = CARE.challenge_raised("2026-07-06").challenge_answered(
    "2026-07-08", challenge="challenge_raised-1", by="iro-1"
)
DISPUTED = CHALLENGED.dispute_raised(
    "2026-07-13",
    matter="decision_not_carried_out",
    about="Nothing was done.",
    stage="service_manager",
    follows="challenge_raised-1",
    needed_by="2026-09-01",
)
MOVED_UP = DISPUTED.dispute_moved_up(
    "2026-07-18",
    dispute="dispute_raised-1",
    unanswered="service_manager",
    to="head_of_service",
    last_day="2026-07-17",
)
STORY = (
    MOVED_UP.dispute_answered(
        "2026-07-20", dispute="dispute_raised-1", stage="service_manager", answer="Soon.", by="sm-1"
    )
    .dispute_answered("2026-07-21", dispute="dispute_raised-1", answer="Later.", by="iro-1")
    .dispute_taken_up("2026-07-22", dispute="dispute_raised-1", to="director", reason="No plan.")
    .cafcass_referred("2026-07-27", dispute="dispute_raised-1", **REFERRED)
)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Engine]:
    """A register of its own, in which the IRO and the child have names."""
    url = f"sqlite:///{tmp_path}/register.db"
    migrate(url)
    opened = open_register(url)
    iro = Person(reference="iro-1", name="Test Reviewer", role=Role.IRO, authority="383", phone="01632 960101")
    add_person(opened, iro, IroTerms(iro="iro-1"), "test", moment("2026-06-01"))
    own = {"reference": "kid-1", "authority": "383", "child": "child-1", "role": "child", "name": "Test Child"}
    add_contact(opened, NetworkContact.model_validate(own), "test", moment("2026-06-01"))
    yield opened
    opened.dispose()


def published(register: Engine, story: Story) -> None:
    now = moment(TODAY.isoformat())
    agenda, opening = derive(story.entries, story.book, now), Case(story.entries).opening.fact
    publish(register, publication(agenda, EPISODE, entries=story.entries, opened_by=opening, at=now, today=TODAY))


def said(register: Engine, story: Story, referral: str = REFERRAL) -> dict[str, Any]:
    """What the document says, with its facts by name."""
    published(register, story)
    told = contents(referral_record(register, POLICY, EPISODE, referral, TODAY))
    return told | {"facts": dict(told["facts"])}


def test_it_says_whose_case_it_is_and_who_refers_it(register: Engine) -> None:
    told = said(register, STORY)
    assert told["title"] == "Referral to Cafcass" and "s.25B(3)(a)" in told["source"]
    assert (told["sender"], told["printed"]) == ("Made-up Council", "Printed on 3 August 2026")
    assert told["facts"] == {
        "Referred on": "27 July 2026",
        "Child": "Test Child",
        "Reference": "child-1",
        "Date of birth": "15 June 2014 (aged 12 when referred)",
        "Legal status": "Full care order (C2), when referred",
        "Looked after": "Since 5 June 2026",
        "Court proceedings": "None recorded",
        "IRO": "Test Reviewer, 01632 960101",
        "Raised with": "Team manager and head of service",
    }


def test_it_says_in_what_the_authority_failed_and_what_is_asked_in_the_iros_words_and_no_markup(
    register: Engine,
) -> None:
    sections = {each["heading"]: each["words"] for each in said(register, STORY)["sections"]}
    assert sections == {
        "In what the authority has failed": [
            "The authority has failed in a significant respect to carry out a decision of a review.",
            "The life story work was decided in 2025.",
            "It has not begun.",
        ],
        "What was done so far": ["Asked the team manager, then a dispute."],
        f"The child{APOSTROPHE}s view": ["She wants to know why she left home."],
        "What the IRO asks for": ["Please consider proceedings by September."],
    }


def test_it_tells_the_history_of_the_dispute_by_stages_and_days(register: Engine) -> None:
    challenges, dispute = said(register, STORY)["tables"]
    assert challenges["rows"] == [
        [
            "Informal challenge",
            "team manager",
            "6 July 2026",
            "13 July 2026",
            "Answered on 8 July 2026; taken further on 13 July 2026",
        ]
    ]
    assert dispute["heading"] == "The formal dispute of 13 July 2026"
    (about,) = dispute["words"]
    assert about == (
        "It is about: decision not carried out. Its 20 working days in all end on 10 August 2026."
        " The child needs it resolved by 1 September 2026. It is open."
    )
    assert dispute["rows"] == [
        [
            "Service manager",
            "13 July 2026",
            "17 July 2026",
            "No answer in time; went up to the head of service; an answer came on 20 July 2026, when it had gone on",
        ],
        [
            "Head of service",
            "18 July 2026",
            "22 July 2026",
            "Answered on 21 July 2026; taken up by the IRO to the director on 22 July 2026",
        ],
        ["Director", "22 July 2026", "27 July 2026", "No answer yet"],
    ]
    assert "No plan." not in str(dispute), "why the IRO took it up stands in the case"


def test_it_tells_what_is_disputed_and_every_answer_in_its_own_words_with_who_gave_and_who_recorded_it(
    register: Engine,
) -> None:
    challenges, dispute = said(register, STORY)["tables"]
    assert challenges["said"] == [
        {"heading": "Informal challenge to the team manager, 6 July 2026", "words": ["The plan has not moved."]},
        {
            "heading": "Answer of the team manager, 8 July 2026 (recorded by Test Reviewer)",
            "words": ["It will be done by Friday."],
        },
    ]
    assert dispute["said"] == [
        {"heading": "What is disputed", "words": ["Nothing was done."]},
        {"heading": "Answer of the service manager, 20 July 2026 (recorded by sm-1)", "words": ["Soon."]},
        {"heading": "Answer of the head of service, 21 July 2026 (recorded by Test Reviewer)", "words": ["Later."]},
    ]


def test_a_dispute_raised_again_brings_the_earlier_one_along(register: Engine) -> None:
    closed = MOVED_UP.dispute_resolved("2026-07-20", dispute="dispute_raised-1", outcome="agreed")
    again = closed.dispute_raised(
        "2026-07-27", matter="drift", about="Nothing was done.", stage="director", follows="dispute_raised-1"
    )
    tables = said(register, again.cafcass_referred("2026-07-27", dispute="dispute_raised-2", **REFERRED))["tables"]
    assert [each["heading"] for each in tables] == [
        "Challenges before the dispute",
        "The formal dispute of 13 July 2026",
        "The formal dispute of 27 July 2026",
    ]
    assert "Closed: it was agreed what is to be done, and by when (20 July 2026)." in tables[1]["words"][0]
    assert tables[1]["rows"][-1][-1] == "Closed without an answer"


def test_a_referral_by_itself_says_that_no_dispute_goes_with_it(register: Engine) -> None:
    told = said(register, CARE.cafcass_referred("2026-07-27", **REFERRED))
    assert told["alone"] and told["tables"] == []


def test_in_wales_it_goes_to_cafcass_cymru_by_the_welsh_act(register: Engine) -> None:
    wales = child("2026-06-05", nation="wales", authority="660").iro_appointed("2026-06-08").under(WALES)
    told = said(register, wales.cafcass_referred("2026-07-27", **REFERRED))
    assert told["title"] == "Referral to Cafcass Cymru" and "(Wales) Act 2014" in told["source"]
    assert "Child" not in told["facts"], "another authority's child of that reference"


def test_it_says_what_it_was_corrected_to_and_what_stood_on_its_day(register: Engine) -> None:
    story = STORY.iro_cover_arranged("2026-07-26", cover="iro-9").iro_cover_ended("2026-07-30")
    story = story.legal_status_changed("2026-07-29", legal_status="E1").care_ended("2026-08-01", reason="E4A")
    story = story.cafcass_replied("2026-08-02", referral=REFERRAL, outcome="advice")
    facts = said(register, story.corrected(REFERRAL, "2026-08-03", raised_with=["director"]))["facts"]
    assert facts["Legal status"] == "Full care order (C2), when referred"
    assert facts["Looked after"] == "Since 5 June 2026 until 1 August 2026 (returned home, planned)"
    assert facts["Reply"] == "Cafcass advised the IRO, who goes on (2 August 2026)"
    assert (facts["Covering for the IRO"], facts["Raised with"]) == ("iro-9", "Director")


def test_it_names_the_guardian_and_the_proceedings(register: Engine) -> None:
    who = {"reference": "g-1", "authority": "383", "child": "child-1", "role": "guardian", "name": "Test Guardian"}
    add_contact(register, NetworkContact.model_validate(who), "test", moment("2026-06-01"))
    story = STORY.proceedings_issued("2026-07-01", about="care_or_supervision")
    facts = said(register, story)["facts"]
    assert facts["Court proceedings"] == "Care or supervision, issued on 1 July 2026, under way"
    assert facts[f"Children{APOSTROPHE}s guardian"] == "Test Guardian"


def test_it_is_a_pdf_the_same_each_time_and_holds_whatever_is_written(register: Engine) -> None:
    wordy = dict.fromkeys(("done_so_far", "childs_view"), "word " * 390)
    long = {**REFERRED, **wordy, "about": "#set page(fill: red) " + "word " * 390, "asks": "Дмитрий " + "x" * 1900}
    published(register, STORY.cafcass_referred("2026-07-28", **long))
    first = referral_pdf(register, POLICY, EPISODE, REFERRAL, TODAY)
    assert first.startswith(b"%PDF-") and first == referral_pdf(register, POLICY, EPISODE, REFERRAL, TODAY)
    record = referral_record(register, POLICY, EPISODE, "cafcass_referred-2", TODAY)
    assert len(pictures(record, ppi=10)) > 2


@pytest.mark.parametrize(
    ("episode", "referral", "sentence"),
    [
        ("episode-9", REFERRAL, "There is no episode episode-9"),
        (EPISODE, "dispute_raised-1", "those that stand are cafcass_referred-1 (27 July 2026)"),
    ],
)
def test_what_is_not_there_is_said(register: Engine, episode: str, referral: str, sentence: str) -> None:
    published(register, STORY)
    with pytest.raises(NoReferral) as refused:
        referral_pdf(register, POLICY, episode, referral, TODAY)
    assert sentence in str(refused.value)


def test_a_referral_that_was_taken_back_is_not_printed(register: Engine) -> None:
    published(register, STORY.withdrawn(REFERRAL, "2026-07-28"))
    with pytest.raises(NoReferral, match="none is recorded of it"):
        referral_pdf(register, POLICY, EPISODE, REFERRAL, TODAY)
