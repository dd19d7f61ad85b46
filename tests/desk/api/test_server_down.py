"""While the workflow server or the register is down: acts are refused kindly, reading goes on as far as it can."""

import shutil
from pathlib import Path

import httpx
import pytest

from client.connection import connect_to
from client.keys import Keys
from client.settings import Settings
from desk.api.callers import Limits
from desk.parts import Desk
from desk.settings import DeskSettings
from register import open_register
from register.audit import Outcome
from tests.commands.conftest import NOBODY
from tests.commands.stack import running
from tests.desk.api.calls import CaseSystem, problem
from tests.desk.api.conftest import app_with, calling


def without_server(desk: Desk) -> Desk:
    """The same desk, where no workflow server answers."""
    return Desk(desk.register, desk.keys, desk.settings, desk.desk, dial=lambda: connect_to(NOBODY, desk.keys))


async def test_acts_are_refused_with_when_to_try_again(cms: CaseSystem) -> None:
    episode = await cms.child()
    async with calling(app_with(without_server(cms.desk), Limits())) as http:
        down = CaseSystem.of(cms.desk, http, authority=cms.authority)
        for answer in (
            await down.report(episode, "discussion_held", id="talk"),
            await down.post("/episodes", down.notification(), **{"Idempotency-Key": "key-1"}),
        ):
            assert "nothing was saved" in problem(answer, 503, "unavailable")["detail"]
            assert int(answer.headers["retry-after"]) > 0
        [act] = down.noted(episode)
        assert (act.what, act.outcome, act.detail) == ("report_discussion_held", Outcome.FAILED, "talk")


async def test_what_was_sent_in_vain_under_a_key_is_taken_once_the_server_is_back(cms: CaseSystem) -> None:
    sent, key = cms.notification(), {"Idempotency-Key": "key-after-all"}
    async with calling(app_with(without_server(cms.desk), Limits())) as http:
        answer = await http.post("/api/v1/episodes", json=sent, headers={"Authorization": f"Bearer {cms.token}", **key})
        problem(answer, 503, "unavailable")
    assert (await cms.post("/episodes", sent, **key)).status_code == 201


async def test_everything_can_be_read_all_the_same(cms: CaseSystem) -> None:
    episode = await cms.child()
    await cms.report(episode, "iro_appointed", id="act-1", iro="IRO-7")
    async with calling(app_with(without_server(cms.desk), Limits())) as http:
        down = CaseSystem.of(cms.desk, http, authority=cms.authority)
        for part in ("", "/agenda", "/reviews"):
            whole, now = await cms.get(f"/episodes/{episode}{part}"), await down.get(f"/episodes/{episode}{part}")
            assert now.json() == whole.json()
        assert (await down.get("/episodes")).status_code == 200
        told = (await down.get(f"/episodes/{episode}/timeline")).json()
        assert [each["fact"]["id"] for each in told["happenings"] if each["fact"]] == ["opening", "notified", "act-1"]
        assert told["history_from"] is not None


async def test_a_server_that_goes_away_later_is_told_of_the_same(tmp_path: Path) -> None:
    keys = Keys.load_or_create(tmp_path / "keys.json")
    with running(tmp_path) as stack:
        settings = Settings.from_environment(tmp_path, stack.policy_file)
        register, address = open_register(settings.register_url), stack.address
        desk = Desk(register, keys, settings, DeskSettings(), dial=lambda: connect_to(address, keys))
        app = app_with(desk, Limits())
        async with calling(app) as http:
            episode = await CaseSystem.of(desk, http).child()
    async with calling(app) as http:
        cms = CaseSystem.of(desk, http)
        answer = await cms.report(episode, "discussion_held")
        problem(answer, 503, "unavailable")
        timeline = await cms.get(f"/episodes/{episode}/timeline")
        told = [each["fact"]["id"] for each in timeline.json()["happenings"] if each["fact"]]
        assert (timeline.status_code, told) == (200, ["opening", "notified"])


async def test_without_a_register_nobody_is_let_in_and_all_are_told_when_to_try_again(
    desk: Desk, tmp_path: Path
) -> None:
    copy = tmp_path / "register.db"
    shutil.copy(str(desk.register.url.database), copy)
    broken = Desk(open_register(f"sqlite:///{copy}"), desk.keys, desk.settings, desk.desk, dial=desk.dial)
    async with calling(app_with(broken, Limits())) as http:
        cms = CaseSystem.of(broken, http)
        assert (await cms.get("/episodes")).status_code == 200
        broken.register.dispose()
        copy.write_bytes(b"not a database" * 1000)
        for suffix in ("-wal", "-shm"):
            Path(f"{copy}{suffix}").unlink(missing_ok=True)
        answer = await cms.get("/episodes")
        assert "register cannot be used" in problem(answer, 503, "unavailable")["detail"]
        assert answer.headers["retry-after"]


async def test_what_nobody_foresaw_is_told_without_a_word_of_what_was_sent(
    cms: CaseSystem, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError("secret of Jane Doe")

    episode = await cms.child()
    monkeypatch.setattr("desk.api.acts.record", fails)
    answer: httpx.Response = await cms.report(episode, "care_voided", reason="secret")
    problem(answer, 500, "unforeseen")
    assert "secret" not in answer.text and "secret" not in caplog.text
    assert "RuntimeError" in caplog.text and "report_care_voided" in caplog.text
    assert cms.noted(episode)[-1].outcome is Outcome.FAILED
