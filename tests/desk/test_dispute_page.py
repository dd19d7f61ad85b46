"""A dispute's own page: where it stands, its stages, what it took further, and what may be done; who may look."""

import re
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from desk.viewer import DeskRole
from rules.calendar import WorkingCalendar
from rules.vocabulary import Nation
from rules.wording import in_full
from tests.desk.disputed import asking, disputed, gone_up, in_court, referred
from tests.desk.ledgers import days_ago
from tests.desk.lives import begun, tab, words
from tests.desk.reading import Reader
from tests.desk.town import POSTS, Town, today

IRO, MANAGER = DeskRole.IRO, DeskRole.IRO_MANAGER


def dispute_page(town: Town, episode: str, name: str = "d1", role: DeskRole = IRO) -> str:
    """What the page of a dispute holds."""
    answer = town.visitor(role).get(f"/children/{episode}/disputes/{name}")
    assert answer.status_code == 200, answer.text
    return answer.text


def row(text: str, header: str) -> str:
    """What one row of the stages says, by what it begins with."""
    rows = [words(each) for each in re.findall(r"<tr.*?</tr>", text, re.DOTALL)]
    return next(each for each in rows if each.startswith(header))


def acts_of(text: str) -> list[str]:
    """The acts that the page leads to, in order."""
    return re.findall(r'/record/([a-z_]+)[?"]', text)


async def test_it_reads_well_on_a_wide_screen_and_on_a_phone_without_script(
    town: Town, window: BrowserContext, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    ledger = asking(in_court(referred(town, disputed(town))))
    episode = ledger.publish(town.register, name="Example Child Amber")
    reader = await Reader.signed_in(town.visitor(IRO), window, window_without_script, pictures)
    page = await reader.read(f"/children/{episode}/disputes/d1", "dispute")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Formal dispute: education")
    await expect(page.locator("h1")).to_have_count(1)
    await page.get_by_role("link", name="Back to Example Child Amber").click()
    await expect(page).to_have_url(re.compile(rf"/children/{episode}/changes$"))
    await page.get_by_role("link", name="Formal dispute: education", exact=True).click()
    await expect(page).to_have_url(re.compile(r"/disputes/d1$"))
    await reader.read(f"/children/{episode}/changes", "child-changes-disputed", long=True)
    await reader.read(f"/children/{episode}/proceedings", "child-proceedings")


# --- Where it stands ----------------------------------------------------------------------------------------------


def test_it_says_where_it_stands_and_how_many_of_the_20_working_days_are_left(town: Town) -> None:
    said = words(dispute_page(town, disputed(town).publish(town.register)))
    assert "No school place since spring" in said
    assert "Answer the IRO's formal dispute, as head of service Was due" in said
    assert re.search(r"With the head of service since \w+day [^;]+; no answer yet", said)
    assert re.search(r"The 20 working days \d+ of 20 left To be resolved by \w+day", said)
    assert "Failure of the authority To carry out a decision of a review" in said
    assert "The child To be told by letter, as the IRO chose" in said
    assert "The child needs it resolved by" in said


def test_what_comes_next_is_what_is_due_first_of_any_stage(town: Town) -> None:
    episode = gone_up(town).publish(town.register)
    next_of_it = "Say whether the answer resolves the dispute, or take it up"
    assert words(dispute_page(town, episode)).index(next_of_it) < words(dispute_page(town, episode)).index("Where it")
    assert next_of_it in words(tab(town.visitor(IRO), episode, "/changes"))


@pytest.mark.parametrize(
    ("nation", "source"), [(Nation.ENGLAND, "IRO Handbook ch 6 (in all"), (Nation.WALES, "Good Practice Guide (Wales)")]
)
def test_the_20_working_days_stand_in_the_guidance_of_the_childs_nation(
    town: Town, nation: Nation, source: str
) -> None:
    ledger = begun(town, nation=nation)
    raised = {"matter": "drift", "about": "Made up.", "stage": "team_manager"}
    said = words(dispute_page(town, ledger.add("dispute_raised", 2, id="d1", **raised).publish(town.register)))
    assert source in said and (nation is Nation.ENGLAND) == ("IRO Handbook" in said)


def test_each_stage_has_its_days_its_answer_and_how_it_went_on(town: Town) -> None:
    text = dispute_page(town, disputed(town).publish(town.register))
    first, second, third, ahead = (
        row(text, name) for name in ("Team manager", "Service manager", "Head of service", "Assistant director")
    )
    assert "No answer" in first and "given until" in first and "The manager is away" in first
    assert "Went up to the service manager by itself on" in first
    assert f"recorded by Example Team Manager {town.code}: A school is asked" in second
    assert "Taken up to the head of service by the IRO on" in second and "No day was given" in second
    assert third.startswith("Head of service Now") and "Was due" in third and "No answer yet" in third
    assert "Not come to yet" in ahead and "3 working days, within the 20" in ahead
    assert "Now" not in first + second + ahead


def test_an_answer_that_came_late_is_told_as_such_and_can_be_recorded_until_it_has(town: Town) -> None:
    ledger = disputed(town)
    episode = ledger.publish(town.register)
    late = "/record/dispute_answered?dispute=d1&amp;stage=team_manager"
    assert late in dispute_page(town, episode)
    assert "stage=service_manager" not in dispute_page(town, episode), "that stage answered"
    said = {"dispute": "d1", "answer": "Sorry to be late", "stage": "team_manager"}
    ledger.add("dispute_answered", 1, by=town.ref("team-manager"), **said).publish(town.register, revision=2)
    text = dispute_page(town, episode)
    assert late not in text
    late_answer = r"recorded by [^,]+, when the dispute had gone on: Sorry to be late"
    assert re.search(late_answer, row(text, "Team manager"))


async def test_a_post_answers_for_itself_also_when_the_dispute_has_gone_on_and_for_nobody_else(town: Town) -> None:
    episode = await town.child()
    dispute = await town.record(
        episode, "dispute_raised", matter="drift", about="Made up.", stage="team_manager", by=town.ref("iro")
    )
    reason = "It cannot wait"
    await town.record(
        episode, "dispute_taken_up", by=town.ref("iro"), dispute=dispute, to="head_of_service", reason=reason
    )
    visitor = town.visitor(DeskRole.TEAM_MANAGER)
    page = f"/children/{episode}/record/dispute_answered"
    form = visitor.get(f"{page}?dispute={dispute}&stage=team_manager").text
    assert "cannot be recorded just now" not in form and f'value="{dispute}" selected' in form
    fields = {
        "form_fact": "f-0123456789abcdef",
        "form_revision": "99",
        "dispute": dispute,
        "answer": "A place is found",
    }
    fields["on"] = today().isoformat()
    refused = visitor.post(page, fields)
    assert refused.status_code == 422
    assert "the dispute was with the head of service on" in refused.text and "select whose answer it is" in refused.text
    assert visitor.post(page, {**fields, "stage": "head_of_service"}).status_code == 422
    assert visitor.post(page, {**fields, "stage": "team_manager"}).status_code == 303
    assert "when the dispute had gone on: A place is found" in dispute_page(town, episode, dispute)
    assert "cannot be recorded just now" in visitor.get(page).text


def test_no_answer_is_called_late_of_a_stage_whose_day_has_not_come(town: Town) -> None:
    assert "Record an answer that came late" in row(
        dispute_page(town, disputed(town).publish(town.register)), "Team manager"
    )
    ledger, by = begun(town, "passed-over"), town.ref("iro")
    ledger.add("dispute_raised", 1, id="d1", by=by, matter="drift", about="Made up.", stage="team_manager")
    ledger.add("dispute_taken_up", 0, by=by, dispute="d1", to="director", reason="It cannot wait")
    said = row(dispute_page(town, ledger.publish(town.register)), "Team manager")
    assert "Record the answer of this stage" in said and "came late" not in said


def test_a_pause_beyond_the_20_working_days_says_that_they_govern(town: Town) -> None:
    ledger, by = begun(town), town.ref("iro")
    ledger.add("dispute_raised", 5, id="d1", by=by, matter="drift", about="Made up.", stage="team_manager")
    ledger.add("dispute_paused", 4, by=by, dispute="d1", until=days_ago(-3), reason="The manager is away")
    ledger.add("dispute_paused", 3, by=by, dispute="d1", until=days_ago(-60), reason="Longer still")
    said = row(dispute_page(town, ledger.publish(town.register)), "Team manager")
    last = in_full(WorkingCalendar(Nation.ENGLAND).working_days_after(days_ago(5), 20))
    assert f"given until {in_full(days_ago(-60))}, but the 20 working days end on {last}, and they govern: Lo" in said
    assert f"given until {in_full(days_ago(-3))}: The manager is away" in said


def test_it_shows_all_that_it_took_further_the_first_of_it_first(town: Town) -> None:
    ledger, by = disputed(town), town.ref("iro")
    ledger.add("dispute_withdrawn", 7, by=by, dispute="d1", reason="A place was promised")
    more = {"matter": "education", "about": "The place fell through", "stage": "director", "follows": "d1"}
    episode = ledger.add("dispute_raised", 2, id="d2", by=by, **more).publish(town.register)
    text = dispute_page(town, episode, "d2")
    said = words(text)
    places = [said.index(each) for each in ("No school place Answered", "Still no school place", "since spring")]
    assert places == sorted(places)
    assert "Taken further on" in said and "as formal dispute with the team manager" in said
    assert f"/children/{episode}/disputes/d1" in text
    assert re.search(r"Withdrawn on [^:]+: A place was promised", said)
    assert re.search(r"Answered on [^,]+, recorded by test: It is looked into", said)


def test_one_that_is_closed_says_how_and_offers_nothing_more(town: Town) -> None:
    ledger = disputed(town)
    ledger.add("dispute_resolved", 1, by=town.ref("iro"), dispute="d1", outcome="agreed", words="By Easter")
    text = dispute_page(town, ledger.publish(town.register))
    said = words(text)
    assert re.search(
        r"Where it stands Resolved on [^:]+: It was agreed what is to be done, and by when. By Easter", said
    )
    assert "The 20 working days Done in time on" in said
    assert "What you can do" not in said and acts_of(text) == []
    assert "Not come to yet" not in said and "Now" not in row(text, "Head of service")


def test_cafcass_and_legal_advice_stand_with_what_was_said_and_what_is_awaited(town: Town) -> None:
    ledger = referred(town, disputed(town))
    episode = ledger.publish(town.register)
    said = words(dispute_page(town, episode))
    assert re.search(r"Referral to Cafcass Considered on [^:]+: to be referred Referred to Cafcass on", said)
    for written in (
        "No place for two terms",
        "Every stage but the last two",
        "Wants to be at school",
        "Whether to wait",
    ):
        assert written in said
    assert "Cafcass has not answered yet." in said and "Not had yet." in said
    answer = {"referral": "cr", "outcome": "advice", "words": "Wait a month"}
    ledger.add("cafcass_replied", 1, by=town.ref("iro"), **answer).publish(town.register, revision=2)
    said = words(dispute_page(town, episode))
    assert "it advised the IRO, who goes on. Wait a month" in said
    assert said.count("Wait a month") == 2, "with the referral, and in what happened"


def test_whether_the_court_was_told_is_said_where_there_are_proceedings(town: Town) -> None:
    assert "The court" not in words(dispute_page(town, disputed(town, "no-court").publish(town.register)))
    ledger = in_court(disputed(town))
    episode = ledger.publish(town.register)
    assert "To be told before the issues resolution hearing. Due" in words(dispute_page(town, episode))
    ledger.add("court_told_of_dispute", 0, by=town.ref("iro-manager"), proceedings="p1", dispute="d1")
    ledger.publish(town.register, revision=2)
    assert "The court Told on" in words(dispute_page(town, episode))


def test_what_happened_is_of_this_dispute_alone_with_what_slipped(town: Town) -> None:
    ledger = referred(town, disputed(town))
    ledger.add("dispute_raised", 8, id="d2", matter="drift", about="Life story work", stage="director")
    episode = ledger.publish(town.register)
    said = words(dispute_page(town, episode)).partition("What happened")[2]
    for title in ("Dispute raised", "Dispute paused", "Dispute moved up", "Dispute taken up", "Cafcass referred"):
        assert title in said
    assert "Life story work" not in said and "Decision" not in said and "Challenge raised 2" not in said
    assert said.index("Cafcass referred") < said.index("Dispute moved up") < said.index("Dispute paused")


def test_what_people_write_is_shown_as_they_wrote_it(town: Town) -> None:
    said = {"matter": "drift", "about": "<b>See</b> & hear", "stage": "team_manager"}
    episode = begun(town).add("dispute_raised", 2, id="d1", by=town.ref("iro"), **said).publish(town.register)
    text = dispute_page(town, episode)
    assert "&lt;b&gt;See&lt;/b&gt; &amp; hear" in text and "<b>See" not in text


# --- What may be done ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", POSTS)
def test_every_link_of_every_role_leads_to_a_form_that_they_may_fill_in(town: Town, role: DeskRole) -> None:
    episode = in_court(referred(town, disputed(town))).publish(town.register)
    visitor = town.visitor(role)
    text = dispute_page(town, episode, role=role)
    found = set(re.findall(rf'href="(/children/{episode}/record/[^"]+)"', text))
    assert ("dispute_taken_up" in acts_of(text)) == (role is IRO)
    assert found or role is DeskRole.IRO_ADMINISTRATOR
    visitor.http.follow_redirects = True
    assert {href: visitor.get(href.replace("&amp;", "&")).status_code for href in found} == dict.fromkeys(found, 200)


def test_the_forms_that_act_on_it_know_which_dispute_it_is(town: Town) -> None:
    episode = disputed(town).publish(town.register)
    text = dispute_page(town, episode)
    for act in ("dispute_resolved", "dispute_taken_up", "dispute_paused", "dispute_withdrawn", "legal_advice_asked"):
        [href] = set(re.findall(rf'href="(/children/{episode}/record/{act}\?[^"]+)"', text))
        assert "dispute=d1" in href


@pytest.mark.parametrize(
    ("stage", "answered", "refused"),
    [
        ("director", False, set[str]()),
        ("director", True, {"dispute_answered", "dispute_paused"}),
        ("chief_executive", False, {"dispute_taken_up"}),
        ("chief_executive", True, {"dispute_answered", "dispute_paused", "dispute_taken_up"}),
    ],
)
def test_what_would_be_refused_as_it_stands_is_not_offered(
    town: Town, stage: str, answered: bool, refused: set[str]
) -> None:
    ledger = begun(town)
    ledger.add("dispute_raised", 3, id="d1", by=town.ref("iro"), matter="drift", about="Made up.", stage=stage)
    if answered:
        ledger.add("dispute_answered", 1, by=town.ref("iro"), dispute="d1", answer="Made up.")
    episode = ledger.publish(town.register)
    every = {"dispute_answered", "dispute_paused", "dispute_taken_up"}
    offered = set(acts_of(dispute_page(town, episode)))
    assert every & offered == every - refused
    assert {"dispute_resolved", "dispute_withdrawn"} <= offered
    assert not refused & set(acts_of(tab(town.visitor(IRO), episode, "/changes")))


@pytest.mark.parametrize(("stage", "is_top"), [("director", False), ("chief_executive", True)])
def test_a_dispute_at_the_top_stage_is_not_to_be_taken_up_from_any_page(town: Town, stage: str, is_top: bool) -> None:
    ledger = begun(town)
    ledger.add("dispute_raised", 3, id="d1", by=town.ref("iro"), matter="drift", about="Made up.", stage=stage)
    ledger.add("dispute_answered", 1, by=town.ref("iro"), dispute="d1", answer="Made up.")
    episode, visitor = ledger.publish(town.register), town.visitor(IRO)
    for step in ("weigh_dispute_answer.d1", "resolve_dispute.d1"):
        offered = acts_of(visitor.get(f"/children/{episode}/steps/{step}").text)
        assert {"dispute_resolved", "dispute_withdrawn"} <= set(offered), step
        assert ("dispute_taken_up" in offered) is not is_top, step
    choose = visitor.get(f"/children/{episode}/record").text
    assert "/record/dispute_resolved?step=weigh" in choose
    assert ("/record/dispute_taken_up?step=weigh" in choose) is not is_top
    for page in ("/tasks", f"/children/{episode}"):
        text = visitor.get(page).text
        assert "/record/dispute_resolved?step=weigh" in text and "dispute_taken_up" not in text, page


def test_an_answer_is_offered_to_the_post_it_is_asked_of_and_to_those_who_record_for_others(town: Town) -> None:
    episode = disputed(town).publish(town.register)  # It is with the head of service.
    answers = re.compile(r"/record/dispute_answered\?[^\"]*")
    of_the_team_manager = answers.findall(dispute_page(town, episode, role=DeskRole.TEAM_MANAGER))
    assert [re.findall(r"stage=(\w+)", each) for each in of_the_team_manager] == [["team_manager"]]
    assert len(answers.findall(dispute_page(town, episode, role=MANAGER))) == 2
    below = begun(town, "another").add(
        "dispute_raised", 1, id="d1", by=town.ref("iro"), matter="drift", about="It drifts", stage="team_manager"
    )
    assert "dispute_answered" in acts_of(dispute_page(town, below.publish(town.register), role=DeskRole.TEAM_MANAGER))


def test_after_a_death_nothing_is_offered_that_nobody_would_hear_of(town: Town) -> None:
    ledger = disputed(town)
    episode = ledger.publishing(town.register).add("care_ended", 1, reason="E2").publish(town.register, revision=2)
    offered = {*acts_of(dispute_page(town, episode)), *acts_of(tab(town.visitor(IRO), episode, "/changes"))}
    assert not {"dispute_taken_up", "dispute_raised", "challenge_raised"} & offered
    assert "dispute_withdrawn" in offered


def test_it_can_be_taken_up_to_the_stages_above_alone(town: Town) -> None:
    episode = disputed(town).publish(town.register)
    form = town.visitor(IRO).get(f"/children/{episode}/record/dispute_taken_up", dispute="d1").text
    offered = re.findall(r'name="to"[^>]*value="([a-z_]+)"', form)
    assert offered == ["assistant_director", "director", "chief_executive"]


def test_no_social_worker_stops_the_clock_of_a_stage(town: Town) -> None:
    episode = disputed(town).publish(town.register)
    worker = town.visitor(DeskRole.SOCIAL_WORKER)
    assert "dispute_answered" not in acts_of(dispute_page(town, episode, role=DeskRole.SOCIAL_WORKER))
    assert worker.get(f"/children/{episode}/record/dispute_answered", dispute="d1").status_code == 403
    assert "dispute_answered" in acts_of(dispute_page(town, episode, role=DeskRole.TEAM_MANAGER))
