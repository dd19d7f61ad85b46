"""Who may look at the page of a formal dispute and at a referral, and what is noted of it."""

import pytest

from desk.viewer import DeskRole
from register import RegisterUnavailable
from register.audit import Outcome
from tests.audit_log import audited
from tests.desk.disputed import disputed, referred
from tests.desk.lives import tab, words
from tests.desk.test_dispute_page import IRO, MANAGER, dispute_page
from tests.desk.town import POSTS, Town


def test_reading_it_is_noted_as_the_childs_page_is(town: Town) -> None:
    episode = disputed(town).publish(town.register)
    dispute_page(town, episode, role=MANAGER)
    [entry] = audited(town.register, episode=episode)
    assert (entry.what, entry.outcome, entry.who) == ("dispute", Outcome.SEEN, town.ref("iro-manager"))
    assert entry.detail is None
    said = words(town.visitor(MANAGER).get(f"/children/{episode}/audit").text)
    assert "A formal dispute" in said


@pytest.mark.parametrize("role", POSTS)
def test_what_legal_advice_is_asked_about_is_the_iro_services_alone(town: Town, role: DeskRole) -> None:
    ledger, by = referred(town, disputed(town)), town.ref("iro")
    asked = next(entry.fact for entry in ledger.entries if entry.fact.id == "la")
    right = asked.model_dump(mode="json", exclude_none=True) | {"about": "Whether to go to court"}
    ledger.add("fact_corrected", 2, corrects="la", reason="It was put badly", by=by, to=right)
    episode, visitor = ledger.publish(town.register), town.visitor(role)
    pages = {
        "dispute": words(dispute_page(town, episode, role=role)),
        **{path: words(tab(visitor, episode, path)) for path in ("/changes", "/timeline")},
    }
    reads = role not in (DeskRole.SOCIAL_WORKER, DeskRole.TEAM_MANAGER)
    for name, said in pages.items():
        assert ("Whether to go to court" in said) == reads, name
        assert reads or "Whether to wait" not in said, name
        assert "egal advice" in said, "that it was asked for is no secret"


def test_another_iros_dispute_looks_like_none_at_all(town: Town) -> None:
    town.person(DeskRole.IRO, "other-iro")
    episode = disputed(town).publish(town.register)
    stranger = town.visitor(IRO, "other-iro")
    refused = stranger.get(f"/children/{episode}/disputes/d1")
    assert refused.status_code == 404
    assert refused.text == stranger.get("/children/no-such/disputes/d1").text
    assert town.visitor(DeskRole.OPERATOR).get(f"/children/{episode}/disputes/d1").status_code == 403


def test_what_is_no_dispute_of_this_child_is_not_found(town: Town) -> None:
    ledger = disputed(town)
    ledger.add("dispute_raised", 3, id="oops", matter="health", about="Another child's", stage="team_manager")
    ledger.add("fact_withdrawn", 2, by=town.ref("iro"), withdraws="oops", reason="Another child's")
    episode = ledger.publish(town.register)
    disputed(town, "other").add("dispute_raised", 3, id="d9", matter="health", about="x", stage="director").publish(
        town.register
    )
    visitor = town.visitor(IRO)
    for name in ("no-such", "oops", "d9", "c1", "opening", "%00", "a" * 49):
        assert visitor.get(f"/children/{episode}/disputes/{name}").status_code == 404, name


def test_where_what_happened_cannot_be_read_the_rest_stays(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(*_: object, **__: object) -> None:
        raise RegisterUnavailable("The register cannot be used.")

    episode = disputed(town).publish(town.register)
    monkeypatch.setattr("desk.pages.dispute.timeline_from_register", unavailable)
    said = words(dispute_page(town, episode))
    assert "What happened cannot be shown just now" in said and "Head of service Now" in said


# --- The referral as a document -----------------------------------------------------------------------------------


def test_a_referral_is_a_click_away_as_a_document_and_whoever_takes_it_is_noted(town: Town) -> None:
    episode = referred(town, disputed(town)).publish(town.register, name="Example Child Amber")
    path = f"/children/{episode}/referrals/cr.pdf"
    assert f'href="{path}"' in dispute_page(town, episode)
    assert f'href="{path}"' in tab(town.visitor(IRO), episode, "/changes")
    answer = town.visitor(MANAGER).get(path)
    assert answer.status_code == 200 and answer.content.startswith(b"%PDF-")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="referral-to-cafcass.pdf"'
    assert answer.headers["cache-control"] == "no-store"
    latest = audited(town.register, episode=episode)[0]
    assert (latest.what, latest.outcome, latest.who) == ("referral", Outcome.SEEN, town.ref("iro-manager"))


def test_another_iros_referral_and_one_that_was_never_made_are_not_found(town: Town) -> None:
    town.person(DeskRole.IRO, "other-iro")
    episode = referred(town, disputed(town)).publish(town.register)
    paths = [f"/children/{episode}/referrals/{name}.pdf" for name in ("cr", "no-such", "d1", "cc")]
    assert [town.visitor(IRO).get(path).status_code for path in paths] == [200, 404, 404, 404]
    assert town.visitor(IRO, "other-iro").get(paths[0]).status_code == 404
    assert town.visitor(DeskRole.OPERATOR).get(paths[0]).status_code == 403
