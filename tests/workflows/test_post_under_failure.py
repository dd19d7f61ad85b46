"""The post room with everything real: a worker killed between sending and writing it down, servers that fail."""

from collections import Counter
from pathlib import Path

from benchmarks.post import PostOffice, deliver, everything_sent, owe, ring_until
from register import post_queries
from rules.network import DispatchState
from tests.post.mail_server import MailServer


async def test_a_worker_killed_between_send_and_record_sends_the_same_message_again(
    tmp_path: Path,
) -> None:
    with MailServer(slow=0.5) as mail:
        office = PostOffice(tmp_path, mail)
        async with office.at_work():
            await owe(office, 1)
            office.start_worker()
            await ring_until(office, lambda: bool(mail.received))
            office.kill_worker()  # The mail server has the message, and has not said so yet.
            [first] = [each.reference for each in post_queries.dispatches(office.register) if each.tries == 1][-1:]
            assert {each.state for each in post_queries.dispatches(office.register)} == {DispatchState.OWED}
            mail.slow = 0.0
            office.start_worker()
            await ring_until(office, lambda: everything_sent(office))
            arrived = Counter(str(each["Message-ID"]) for each in mail.emails)
            assert set(arrived) == {
                f"<{each.reference}@example.org>" for each in post_queries.dispatches(office.register)
            }
            assert {name: times for name, times in arrived.items() if times > 1} == {f"<{first}@example.org>": 2}


async def test_whatever_fails_no_notice_is_lost_and_none_is_another_one() -> None:
    found = await deliver(4, failures=1)
    assert len(found.owed) == 60
    assert (found.lost, found.doubled) == (0, 0)
