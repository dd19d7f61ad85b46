"""The post room on the real server: everyone gets what they are owed, by their own way, once, whatever fails."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from icalendar import Calendar

from client.settings import Settings
from post.settings import Out, PostSettings, Security, SmtpSettings
from register import outbox, post, post_queries, queries
from register.contacts import add_contact, change_contact, end_involvement, suppress
from register.directory import add_person, change_person
from rules.addressing import WhyNot
from rules.directory import IroTerms, Person, PersonChanges
from rules.network import DispatchState, Language, NetworkContact, Suppression, Way
from rules.notice_names import NoticeName
from rules.vocabulary import Role
from tests.post.mail_server import MailServer
from tests.workflows.journey import Journey, instant
from workflows.messages import TASK_QUEUE
from workflows.post_messages import PostRound

FIRST_DAY = date(2037, 6, 1)  # A Monday.
AUTHORITY = "810"
NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, mail: MailServer) -> Settings:
    """Emails go to a mail server; letters and texts to a folder."""
    smtp = SmtpSettings(host="127.0.0.1", port=mail.port, security=Security.NONE)
    outs = {Way.LETTER: Out.FOLDER, Way.EMAIL: Out.SMTP, Way.TEXT: Out.FOLDER}
    sent = PostSettings(outs=outs, folder=tmp_path / "post", sender="reviews@example.org", smtp=smtp, patience=5)
    return Settings.from_environment(tmp_path, {}).model_copy(update={"post": sent})


class PostRoom:
    """A child's case with a network, and rounds of the post room."""

    def __init__(self, journey: Journey, mail: MailServer, folder: Path) -> None:
        self.journey, self.mail, self.folder = journey, mail, folder
        self.register = journey.register
        self._rounds = 0

    def person(self, reference: str, role: Role) -> None:
        """Somebody of the authority, with an email address."""
        person = Person(
            reference=reference,
            name="Test Person",
            role=role,
            authority=AUTHORITY,
            email=f"{reference}@example.org".lower(),
        )
        add_person(self.register, person, None, "test", NOW)

    def contact(self, reference: str, role: Role, **reached: object) -> None:
        """Somebody of the child's network."""
        said = {"reference": reference, "authority": AUTHORITY, "child": self.child, "role": role} | reached
        add_contact(self.register, NetworkContact.model_validate({"name": "Test Person", **said}), "test", NOW)

    @property
    def child(self) -> str:
        assert self.journey.opening is not None
        return self.journey.opening.child

    async def begin(self, at: datetime | None = None) -> None:
        """Open the case, with everyone in their posts and the family known."""
        for reference, role in (
            ("TM-1", Role.TEAM_MANAGER),
            ("IM-1", Role.IRO_MANAGER),
            ("ADM-1", Role.IRO_ADMINISTRATOR),
        ):
            self.person(reference, role)
        await self.journey.begin(FIRST_DAY, at=at, birth=date(2024, 1, 9))
        self.contact("KID", Role.CHILD, address=("1 Made-up Street", "Made-up Town"))
        self.contact("MUM", Role.PARENTS, email="mum@example.org", language=Language.WELSH)
        self.contact("CARER", Role.CARER, phone="07700 900123")
        for role in (Role.VIRTUAL_SCHOOL_HEAD, Role.HEALTH):
            self.contact(role.upper().replace("_", "-"), role, email=f"{role}@example.org")

    async def round(self, at: datetime) -> PostRound:
        """One round of the post room, at an instant."""
        self._rounds += 1
        identity = f"round-{self.journey.episode}-{self._rounds}"
        await self.journey.server.start_at(at, "PostRound", id=identity, task_queue=TASK_QUEUE)
        handle = self.journey.server.client.get_workflow_handle(identity, result_type=PostRound)
        came: PostRound = await handle.result()
        return came

    def files(self, ending: str) -> list[Path]:
        """What lies in the folder."""
        return sorted(self.folder.rglob(f"*.{ending}"))

    def emails_to(self, reader: str) -> list[EmailMessage]:
        """What the mail server took for somebody."""
        return [each for each in self.mail.emails if reader in str(each["To"])]

    async def undelivered(self, ending: str) -> int:
        """How many steps there are to deliver a notice in another way, whose titles end so."""
        owed = [key for key in await self.journey.owed() if key.startswith("deliver_notice")]
        return sum(self.journey.step(key).title.endswith(ending) for key in owed)

    def states(self) -> set[DispatchState]:
        """What became of the messages."""
        return {each.state for each in post_queries.dispatches(self.register)}


@pytest.fixture
async def room(journey: Journey, mail: MailServer, settings: Settings) -> PostRoom:
    room = PostRoom(journey, mail, settings.post.folder)
    await room.begin()
    return room


def meeting(message: EmailMessage) -> tuple[str, str, int, date | datetime]:
    """The method, the id, the number and the day of an invitation."""
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_content())
    [event] = calendar.walk("VEVENT")
    day: date | datetime = event.decoded("DTSTART")
    return str(calendar["METHOD"]), str(event["UID"]), int(str(event["SEQUENCE"])), day


async def test_everyone_gets_what_they_are_owed_once_by_their_own_way(room: PostRoom) -> None:
    await room.journey.record("iro_appointed", FIRST_DAY, iro="IRO-1")
    first = await room.round(instant(FIRST_DAY, 10))
    assert first.sent and not first.failed and not first.blocked
    assert len(room.files("pdf")) == 2  # The IRO's name, and how reviews work: a letter each to the child.
    assert len(room.files("txt")) == 2
    assert {str(each["Content-Language"]) for each in room.emails_to("mum@example.org")} == {"cy"}
    subjects = [str(each["Subject"]) for each in room.emails_to("im-1@example.org")]
    assert sum("IRO appointed" in each for each in subjects) == 1
    sent = len(room.mail.emails)
    again = await room.round(instant(FIRST_DAY, 11))
    assert (again.sent, len(room.mail.emails), len(room.files("pdf"))) == (0, sent, 2)
    assert len({each["Message-ID"] for each in room.mail.emails}) == sent
    assert room.states() == {DispatchState.SENT}


async def test_what_nobody_could_be_found_for_is_a_step_and_goes_when_somebody_is_known(room: PostRoom) -> None:
    end_involvement(room.register, "HEALTH", date(2037, 5, 1), "test", NOW)
    await room.round(instant(FIRST_DAY, 10))
    owed = [key for key in await room.journey.owed() if key.startswith("deliver_notice")]
    assert len(owed) == 1
    step = room.journey.step(owed[0])
    assert (step.owner, "health" in step.title) == (Role.IRO_ADMINISTRATOR, True)
    await room.round(instant(FIRST_DAY, 11))
    assert "adm-1@example.org" in str(room.mail.emails[-1]["To"])
    room.contact("NURSE", Role.HEALTH, email="nurse@example.org")
    assert outbox.address_again(room.register, AUTHORITY, room.child, Role.HEALTH) == 1
    await room.round(instant(FIRST_DAY, 12))
    assert len(room.emails_to("nurse@example.org")) == 1
    assert owed[0] not in await room.journey.owed()


async def test_a_post_whose_holder_could_not_be_reached_gets_it_when_they_can(room: PostRoom) -> None:
    silent = Person(reference="IRO-1", name="Test Person", role=Role.IRO, authority=AUTHORITY)
    add_person(room.register, silent, IroTerms(iro="IRO-1"), "test", NOW)
    await room.journey.record("iro_appointed", FIRST_DAY, iro="IRO-1")
    await room.round(instant(FIRST_DAY, 10))
    assert await room.undelivered("to the IRO") == 1
    change_person(room.register, "IRO-1", PersonChanges(email="iro-1@example.org"), "test", NOW)
    assert outbox.address_posts_again(room.register) == 1
    await room.round(instant(FIRST_DAY, 12))
    assert len(room.emails_to("iro-1@example.org")) == 1
    assert await room.undelivered("to the IRO") == 0


async def test_nobody_of_a_role_is_one_step_however_many_notices(room: PostRoom) -> None:
    end_involvement(room.register, "MUM", date(2037, 5, 1), "test", NOW)
    await room.journey.record("iro_appointed", FIRST_DAY, iro="IRO-1")
    await room.round(instant(FIRST_DAY, 10))
    owed = [key for key in await room.journey.owed() if key.startswith("deliver_notice")]
    titles = [room.journey.step(key).title for key in owed]
    assert sum("parents" in title for title in titles) == 1
    assert (
        post_queries.tally(room.register).undelivered >= 2
    )  # The IRO's name, and the policy; and the IRO who is in no directory.


async def test_reminders_wait_for_the_morning_and_come_together(room: PostRoom) -> None:
    await room.round(instant(FIRST_DAY, 10))
    taken = len(room.mail.emails)
    await room.journey.go_to(FIRST_DAY + timedelta(days=4), 7)
    reminded = [each for each in queries.owed_notices(room.register) if each.name is NoticeName.REMINDER]
    assert reminded
    at_seven = await room.round(instant(FIRST_DAY + timedelta(days=4), 7))
    still = [each for each in queries.owed_notices(room.register) if each.name is NoticeName.REMINDER]
    assert {each.id for each in still} <= {each.id for each in reminded}
    await room.round(instant(FIRST_DAY + timedelta(days=4), 9))
    left = [each for each in queries.owed_notices(room.register) if each.name is NoticeName.REMINDER]
    assert left == []
    assert at_seven.blocked == ()
    by_reader: dict[str, int] = {}
    for each in post_queries.dispatches(room.register):
        if each.notice in (NoticeName.REMINDER, NoticeName.DAILY_DIGEST):
            by_reader[f"{each.recipient}:{each.owed_at}"] = by_reader.get(f"{each.recipient}:{each.owed_at}", 0) + 1
    assert set(by_reader.values()) <= {1}
    assert len(room.mail.emails) > taken


async def test_many_steps_that_slipped_at_once_are_one_message_at_once(
    journey: Journey, mail: MailServer, settings: Settings
) -> None:
    room, late = PostRoom(journey, mail, settings.post.folder), FIRST_DAY + timedelta(days=60)
    await room.begin(at=instant(late, 8))
    breached = {each.about for each in queries.owed_notices(room.register) if each.name is NoticeName.ESCALATION}
    assert len(breached) > 3
    await room.round(instant(late, 9))
    [told] = [each for each in room.emails_to("im-1@example.org") if "not done in time" in str(each["Subject"])]
    assert " things were not done in time" in str(told["Subject"])
    again = await room.round(instant(late, 10))
    assert again.blocked == ()
    assert len([each for each in room.emails_to("im-1@example.org") if "not done in time" in str(each["Subject"])]) == 1


async def test_several_steps_in_one_message_that_waits_are_looked_at_again_after_a_death(
    journey: Journey, mail: MailServer, settings: Settings
) -> None:
    room, late = PostRoom(journey, mail, settings.post.folder), FIRST_DAY + timedelta(days=60)
    await room.begin(at=instant(late, 8))
    mail.stop()
    await room.round(instant(late, 9))
    waiting = post_queries.dispatches(room.register, states=[DispatchState.OWED])
    assert any(each.episode is None for each in waiting)
    await journey.record("care_ended", late, reason="E2")
    mail.start()
    await room.round(instant(late, 12))
    await room.round(instant(late, 13))
    assert mail.emails == []
    assert post_queries.dispatches(room.register, states=[DispatchState.OWED]) == []
    why = {each.why for _, everyone in outbox.not_sent(room.register, journey.episode) for each in everyone}
    assert WhyNot.AFTER_DEATH in why


async def test_a_mail_server_that_is_down_for_hours_holds_up_no_letter_and_loses_nothing(room: PostRoom) -> None:
    room.mail.stop()
    await room.journey.record("iro_appointed", FIRST_DAY, iro="IRO-1")
    for hour in (10, 11, 13, 16):
        down = await room.round(instant(FIRST_DAY, hour))
        assert down.blocked == (Way.EMAIL,)
    assert len(room.files("pdf")) == 2
    waiting = post_queries.dispatches(room.register, states=[DispatchState.OWED])
    assert waiting and any(each.reason for each in waiting)
    assert post_queries.tally(room.register).stuck
    room.mail.start()
    await room.round(instant(FIRST_DAY, 19))
    assert room.states() == {DispatchState.SENT}
    assert len({each["Message-ID"] for each in room.mail.emails}) == len(room.mail.emails)
    assert len(room.emails_to("mum@example.org")) == 2


async def test_a_refused_address_is_a_step_with_the_reason_and_a_message_sent_again_closes_it(room: PostRoom) -> None:
    room.mail.refuse["mum@example.org"] = "550 5.1.1 No such user"
    await room.journey.record("iro_appointed", FIRST_DAY, iro="IRO-1")
    await room.round(instant(FIRST_DAY, 10))
    failed = post_queries.dispatches(room.register, states=[DispatchState.FAILED])
    assert {each.recipient for each in failed} == {"MUM"}
    assert all("mum@" not in (each.reason or "") for each in failed)
    owed = {key for key in await room.journey.owed() if key.startswith("deliver_notice")}
    assert sum("parents" in room.journey.step(key).title for key in owed) == 2
    room.mail.refuse.clear()
    for each in failed:
        assert post.send_again(room.register, each.id, instant(FIRST_DAY, 11)) is not None
    await room.round(instant(FIRST_DAY, 12))
    assert len(room.emails_to("mum@example.org")) == 2
    left = {key for key in await room.journey.owed() if key.startswith("deliver_notice")}
    assert not any("parents" in room.journey.step(key).title for key in left)


async def test_after_a_death_what_was_owed_and_not_sent_stays_unsent(room: PostRoom) -> None:
    room.mail.stop()
    await room.journey.record("iro_appointed", FIRST_DAY, iro="IRO-1")
    await room.round(instant(FIRST_DAY, 10))
    letters = len(room.files("pdf"))
    await room.journey.record("review_arranged", FIRST_DAY, planned_for=FIRST_DAY + timedelta(days=14))
    await room.journey.record("care_ended", FIRST_DAY, reason="E2")
    room.mail.start()
    await room.round(instant(FIRST_DAY, 15))
    assert room.mail.emails == []
    assert len(room.files("pdf")) == letters
    assert room.states() == {DispatchState.SENT, DispatchState.DROPPED}
    why = {each.why for _, everyone in outbox.not_sent(room.register, room.journey.episode) for each in everyone}
    assert WhyNot.AFTER_DEATH in why


async def test_nothing_goes_to_someone_who_is_no_longer_involved_or_is_not_to_have_it(room: PostRoom) -> None:
    room.mail.stop()
    await room.journey.record("iro_appointed", FIRST_DAY, iro="IRO-1")
    await room.round(instant(FIRST_DAY, 10))
    end_involvement(room.register, "HEALTH", date(2037, 5, 31), "test", NOW)
    withheld = Suppression(contact="MUM", notice=NoticeName.REVIEWING_POLICY, reason="By order of the court.")
    assert suppress(room.register, withheld, "test", NOW)
    room.mail.start()
    await room.round(instant(FIRST_DAY, 12))
    assert room.emails_to("health@example.org") == []
    assert len(room.emails_to("mum@example.org")) == 1
    dropped = post_queries.dispatches(room.register, states=[DispatchState.DROPPED])
    assert {(each.recipient, each.reason) for each in dropped} == {
        ("HEALTH", "They are no longer involved."),
        ("MUM", "Not to be sent to them: By order of the court."),
    }


async def test_a_review_is_an_invitation_that_moves_and_is_called_off(room: PostRoom) -> None:
    change_contact(room.register, "MUM", {"barred": True}, "test", NOW)
    first, second = FIRST_DAY + timedelta(days=14), FIRST_DAY + timedelta(days=16)
    told = {"at": time(10, 30), "place": "Room 2, Test House"}
    await room.journey.record("review_arranged", FIRST_DAY, fact_id="day", planned_for=first, **told)
    await room.round(instant(FIRST_DAY, 10))
    await room.journey.record("review_arranged", FIRST_DAY, planned_for=second)
    await room.round(instant(FIRST_DAY, 11))
    ended = FIRST_DAY + timedelta(days=3)
    await room.journey.go_to(ended)
    await room.journey.record("care_ended", ended, reason="E4A")
    await room.round(instant(ended, 12))
    told_of_it = [each for each in room.emails_to("mum@example.org") if each.get_content_type() != "text/plain"]
    invited, moved, off = map(meeting, told_of_it)
    assert [each[0] for each in (invited, moved, off)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({each[1] for each in (invited, moved, off)}) == 1
    assert invited[2] < moved[2] < off[2]
    assert (invited[3], moved[3]) == (datetime(2037, 6, 15, 9, 30, tzinfo=UTC), second)
    parts = [part for each in room.emails_to("mum@example.org") for part in each.walk() if not part.is_multipart()]
    assert all("Test House" not in str(part.get_content()) for part in parts)


async def test_nobody_is_named_in_what_temporal_stores(room: PostRoom) -> None:
    await room.journey.record("iro_appointed", FIRST_DAY, iro="IRO-1")
    await room.round(instant(FIRST_DAY, 10))
    history = await room.journey.server.client.get_workflow_handle(f"round-{room.journey.episode}-1").fetch_history()
    assert "Test Person" not in history.to_json()
    assert "example.org" not in history.to_json()
