"""Made-up notices and readers: nobody and nothing in them is real, and no number in them rings."""

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

from post.notice import AgeBand, DecisionLine, DisputeLine, Iro, Letterhead, NoticeToWrite, Reachable, Reader, StepLine
from post.wording import NOTICES, WRITTEN_FOR, Audience, write
from rules.network import Language
from rules.vocabulary import Nation, Role

GOLDEN = Path(__file__).parent / "golden"
LETTERHEAD = Letterhead(
    authority="Made-up Council",
    address=("Test House", "1 Example Street", "Made-up Town", "ZZ99 9ZZ"),
    phone="01632 960100",
    email="reviews@example.org",
)
IRO = Iro(
    name="Test Reviewer",
    phone="01632 960101",
    email="test.reviewer@example.org",
    picture="https://example.org/pictures/test-reviewer",
)
FORMER_IRO = Iro(name="Former Reviewer", phone="01632 960102")
ADVOCATE = Reachable(
    name="Made-up Advocates",
    phone="01632 960103",
    email="help@advocates.example.org",
    website="https://advocates.example.org",
)
COMPLAINTS = Reachable(name="the complaints team", phone="01632 960104", email="complaints@example.org")
CHILD = "AB-1234"
PLACE = "Room 2, Test House"
STEPS = (
    StepLine(
        title="Social worker's report and plans to the IRO",
        child=CHILD,
        due=date(2026, 11, 28),
        practical_due=date(2026, 11, 27),
        late_by=3,
        source="IRO Handbook ch 3",
        rung="breach",
        owner="social worker",
        episode="ep-0001",
    ),
    StepLine(title="First review", child="AB-1235", due=date(2026, 11, 25), owner="IRO"),
)
DECISIONS = (
    DecisionLine(text="See the dentist before the end of the year.", owner="carer", due=date(2026, 12, 31)),
    DecisionLine(text="Find a football club near home", owner="social worker", due=date(2027, 1, 15)),
)
DISPUTE = DisputeLine(stage=Role.HEAD_OF_SERVICE, resolve_by=date(2026, 12, 14), answer_by=date(2026, 11, 20))
DISPUTES = {
    "dispute_opened": DISPUTE,
    "dispute_stands": DISPUTE,
    "dispute_moved": DISPUTE.model_copy(update={"before": Role.SERVICE_MANAGER, "unanswered": True}),
    "dispute_closed": DisputeLine(stage=Role.DIRECTOR, outcome="it was agreed what is to be done, and by when"),
    "cafcass_referral": DISPUTE,
}
STAFF_ROLES = {
    "became_looked_after": (Role.TEAM_MANAGER, Role.IRO_MANAGER, Role.VIRTUAL_SCHOOL_HEAD, Role.HEALTH),
    "iro_appointed": (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.IRO, Role.GUARDIAN, Role.LEGAL),
    "review_arranged": (Role.SOCIAL_WORKER, Role.IRO, Role.SCHOOL),
    "decisions_sent": (Role.SOCIAL_WORKER, Role.TEAM_MANAGER, Role.IRO),
    "decisions_taken_as_agreed": (Role.TEAM_MANAGER, Role.IRO),
    "record_completed": (Role.SOCIAL_WORKER, Role.IRO),
    "views_in_writing": (Role.IRO,),
    "significant_event": (Role.IRO, Role.TEAM_MANAGER),
    "challenge_raised": (Role.TEAM_MANAGER,),
    "challenge_answered": (Role.IRO,),
    "cafcass_referral": (Role.IRO_MANAGER, Role.CAFCASS),
    "poor_practice_pattern": (Role.ASSISTANT_DIRECTOR,),
    "reminder": (Role.SOCIAL_WORKER,),
    "notice_undelivered": (Role.IRO_ADMINISTRATOR,),
}
"""Those who work on the case whose words differ from one another's; of any other notice, the IRO manager."""


def readers(name: str) -> Iterator[tuple[str, Reader]]:
    """Everyone for whom the words of a notice differ, each with a word that tells them apart."""
    wanted = WRITTEN_FOR[name]
    if Audience.CHILD in wanted:
        for band in AgeBand:
            yield f"child_{band}", Reader(role=Role.CHILD, name="Test Child", age_band=band)
        yield "child_by_carer", Reader(role=Role.CHILD, name="Test Child", age_band=AgeBand.UNDER_7, for_child=True)
    if Audience.PARENTS in wanted:
        yield "parents", Reader(role=Role.PARENTS, name="Test Parent")
        yield "parents_barred", Reader(role=Role.PARENTS, name="Test Parent", barred=True)
    if Audience.CARER in wanted:
        yield "carer", Reader(role=Role.CARER, name="Test Carer")
    if Audience.OTHER in wanted:
        yield "other", Reader(role=Role.OTHER, name="Test Grandparent")
    if Audience.STAFF in wanted:
        for role in STAFF_ROLES.get(name, (Role.IRO_MANAGER,)):
            yield str(role), Reader(role=role, name="Test Worker")


def in_welsh(reader: Reader) -> Reader:
    """The same reader, who is written to in Welsh."""
    return reader.model_copy(update={"language": Language.WELSH})


def bare(name: str, reader: Reader, nation: Nation = Nation.ENGLAND) -> NoticeToWrite:
    """A notice of which nothing is known that can be left out."""
    return NoticeToWrite(
        name=name,
        reader=reader.model_copy(update={"name": None}),
        written_on=date(2026, 11, 16),
        nation=nation,
        letterhead=Letterhead(authority="Made-up Council"),
    )


def full(name: str, reader: Reader, nation: Nation = Nation.ENGLAND) -> NoticeToWrite:
    """A notice of which everything is known."""
    return NoticeToWrite(
        name=name,
        reader=reader.model_copy(update={"instead_because": "the post is empty, so it goes to the deputy"}),
        written_on=date(2026, 11, 16),
        nation=nation,
        letterhead=LETTERHEAD,
        child=CHILD,
        iro=IRO,
        former_iro=FORMER_IRO,
        advocate=ADVOCATE,
        complaints=COMPLAINTS,
        review_on=date(2026, 12, 3),
        review_at=time(15, 30),
        formerly_on=date(2026, 12, 1),
        place=PLACE,
        held_on=date(2026, 11, 5),
        due=date(2026, 12, 14),
        reason="The reason in somebody's own words.\n\nIt has a second paragraph.",
        decisions=DECISIONS,
        steps=STEPS if name == "daily_digest" else STEPS[:1],
        children=(CHILD, "AB-1235"),
        lines=("The first thing to tell.", "The second thing to tell."),
        dispute=DISPUTES.get(name),
        shared_with=2,
        over_by=3,
        link="https://example.org/notices/1",
    )


def every_reader() -> Iterator[tuple[str, str, Reader, Nation]]:
    """Every notice with everyone it may go to, in English in England and in Welsh in Wales."""
    for name in NOTICES:
        for who, reader in readers(name):
            yield name, who, reader, Nation.ENGLAND
            yield name, who, in_welsh(reader), Nation.WALES


def golden_copies() -> dict[str, str]:
    """The golden copy of every notice for every reader, by its path: with everything known, and with nothing."""
    copies = {}
    for name, who, reader, nation in every_reader():
        words = []
        for known, notice in (("everything", full(name, reader, nation)), ("nothing", bare(name, reader, nation))):
            written = write(notice)
            words.append(f"=== {known} known\nSubject: {written.subject}\nText: {written.text}\n\n{written.body}\n")
        if written.language is reader.language:
            copies[f"{written.language}/{name}.{who}.txt"] = "\n".join(words)
    return copies
