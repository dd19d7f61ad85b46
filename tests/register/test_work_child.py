"""What one child's page shows: all of that child's, and nothing of another's."""

from datetime import timedelta

from sqlalchemy import Engine, event

from post.ways import Sent
from register import post
from register.contacts import add_contact, suppress
from register.directory import add_people
from register.publish import publish
from register.queries import episode, owed_notices
from register.work import child_of_episode
from register.work_child import MOST_CLOSED, MOST_FACTS
from rules.addressing import NotSent, WhyNot
from rules.directory import Person
from rules.network import NetworkContact, Suppression
from rules.notice_names import NoticeName
from rules.vocabulary import Role, StepState
from tests.register.lists import DAY, case, owed
from tests.register.samples import (
    D0,
    MORNING,
    TODAY,
    agenda,
    appointed,
    entry,
    escalation,
    iro,
    notice,
    opening,
    publication,
    review,
    step,
)
from tests.register.services import iros
from tests.register.test_post import message

DONE = step("appoint_iro.opening", due=D0, state=StepState.DONE_IN_TIME)
DECISION = owed("decision.d-1", TODAY + DAY)


def test_a_childs_page_has_all_that_is_the_childs(engine: Engine) -> None:
    derived = agenda(step(), DONE, DECISION, raised=(escalation(),), reviews=(review(),), iro="iro-1")
    publish(engine, publication(derived, entries=(entry(), appointed())))
    found = child_of_episode(engine, "episode-1", today=TODAY)
    assert found is not None
    assert found.line == episode(engine, "episode-1", today=TODAY)
    assert found.open_steps == (DECISION, step())
    assert found.closed_steps == (DONE,)
    assert found.decisions == (DECISION,)
    assert found.reviews == (review(),)
    assert found.escalations == (escalation(),)
    assert found.entries == (appointed(), entry())


def test_a_childs_page_has_nothing_of_another_childs(engine: Engine) -> None:
    derived = agenda(step(), DONE, raised=(escalation(),), reviews=(review(),), notices=(notice(),))
    publish(engine, publication(derived, entries=(entry(),), opened_by=opening(child="child-other")))
    network_of(engine, "child-other")
    publish(engine, publication(agenda(iro=None), episode="episode-2"))
    found = child_of_episode(engine, "episode-2", today=TODAY)
    assert found is not None and found.line.child == "child-1"
    shown = found.model_dump(exclude={"line"})
    assert shown == {
        **dict.fromkeys(("open_steps", "closed_steps", "reviews", "escalations", "entries"), ()),
        **dict.fromkeys(("dispatches", "not_sent", "undelivered", "others"), ()),
        "network": {"contacts": (), "suppressions": ()},
        "staff": {},
    }
    assert found.child_name is None and found.decisions == ()


def network_of(engine: Engine, child: str = "child-1") -> None:
    for role in (Role.CHILD, Role.PARENTS):
        reference = f"{role}-of-{child}"
        one = NetworkContact(reference=reference, authority="822", child=child, role=role, name=f"Test {role}")
        add_contact(engine, one, "sw-7", MORNING)


def test_those_around_the_child_and_those_who_work_on_the_case_have_names(engine: Engine) -> None:
    iros(engine, iro_1=50, iro_9=50)
    worker = Person(reference="sw-7", name="Test Worker", role=Role.SOCIAL_WORKER, authority="822")
    add_people(engine, [(worker, None)], "mgr-1", MORNING)
    publish(engine, publication(agenda(step()), entries=(entry(),)))
    network_of(engine)
    suppress(engine, Suppression(contact="parents-of-child-1", reason="A court said so."), "sw-7", MORNING)
    found = child_of_episode(engine, "episode-1", today=TODAY)
    assert found is not None
    assert found.child_name == "Test child"
    assert [each.reference for each in found.network.contacts] == ["child-of-child-1", "parents-of-child-1"]
    assert [each.contact for each in found.network.suppressions] == ["parents-of-child-1"]
    assert found.staff == {"iro-1": iro(), "sw-7": worker}


def test_what_was_sent_and_what_reached_nobody_is_on_the_page(engine: Engine) -> None:
    publish(engine, publication(agenda(step(), notices=(notice("arrives"), notice("fails"), notice("kept"), notice()))))
    case(engine, "other")
    notices = {each.key: each.id for each in owed_notices(engine)}
    kept_from = NotSent(role=Role.PARENTS, why=WhyNot.SUPPRESSED, reason="A court said so.")
    settled = [post.Settled(id=notices[key]) for key in ("arrives", "fails")]
    settled += [post.Settled(id=notices["kept"], not_sent=(kept_from,))]
    new = [
        post.NewDispatch(
            notice=NoticeName.ESCALATION, recipient="im-1", role=Role.IRO_MANAGER, episode=episode_or_several,
            message=message(key), carries=(notices[key],),
        )
        for key, episode_or_several in (("arrives", "episode-1"), ("fails", None))
    ]  # fmt: skip
    post.keep_addressed(engine, settled, new, MORNING)
    for each in post.claim(engine, MORNING + timedelta(days=1), timedelta(minutes=1), 10):
        if each.message.reference == "arrives":
            post.went_out(engine, each.id, Sent(), MORNING)
        else:
            post.failed(engine, each.id, "The mailbox is full.", MORNING)
    found = child_of_episode(engine, "episode-1", today=TODAY)
    assert found is not None
    assert [(each.reference, each.state.value) for each in found.dispatches] == [
        ("fails", "failed"),
        ("arrives", "sent"),
    ]
    assert [(each.outbox, each.not_sent) for each in found.not_sent] == [(notices["kept"], (kept_from,))]
    assert [(each.outbox, each.reason) for each in found.undelivered] == [(notices["fails"], "The mailbox is full.")]
    other = child_of_episode(engine, "episode-other", today=TODAY)
    assert other is not None and (other.dispatches, other.not_sent, other.undelivered) == ((), (), ())


def test_a_childs_other_periods_of_care_are_named(engine: Engine) -> None:
    ended = agenda(ended_on=TODAY, finished=True)
    publish(engine, publication(ended, episode="episode-first", opened_by=opening(on=D0 - 400 * DAY)))
    publish(engine, publication(ended, episode="episode-second", opened_by=opening(on=D0 - 200 * DAY)))
    publish(engine, publication(ended, episode="episode-elsewhere", opened_by=opening(authority="823")))
    publish(engine, publication(agenda(step())))
    found = child_of_episode(engine, "episode-1", today=TODAY)
    assert found is not None and found.others == ("episode-second", "episode-first")


def test_of_what_there_is_much_of_the_latest_is_shown(engine: Engine) -> None:
    closed = [step(f"record.r{n}", due=D0 - n * DAY, state=StepState.DONE_LATE) for n in range(MOST_CLOSED + 5)]
    recorded = tuple(entry(f"fact-{n}") for n in range(MOST_FACTS + 5))
    publish(engine, publication(agenda(step(), *closed), entries=recorded))
    found = child_of_episode(engine, "episode-1", today=TODAY)
    assert found is not None
    assert found.open_steps == (step(),)
    assert found.closed_steps == tuple(closed[:MOST_CLOSED])
    assert found.entries == tuple(reversed(recorded[5:]))


def test_a_page_takes_as_many_statements_however_much_it_shows(engine: Engine) -> None:
    said = list[str]()
    publish(engine, publication(agenda()))
    case(engine, "busy", *(owed(f"step_{n}.o", TODAY) for n in range(40)), raised=(escalation(),))
    event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    child_of_episode(engine, "episode-1", today=TODAY)
    quiet = len(said)
    child_of_episode(engine, "episode-busy", today=TODAY)
    assert len(said) == 2 * quiet and quiet <= 15


def test_no_page_is_made_of_an_episode_nobody_knows(engine: Engine) -> None:
    assert child_of_episode(engine, "episode-0", today=TODAY) is None
