"""Two people at the same form of the same child: each is told of the other, and neither loses what they wrote."""

from pathlib import Path

from playwright.async_api import Browser, BrowserContext, expect
from sqlalchemy import event

from desk.forms.catalogue import FORMS
from desk.forms.meanwhile import recorded_meanwhile
from desk.viewer import DeskRole
from register.drafts import kept
from register.queries import episode as episode_line
from register.queries import facts, steps
from rules.facts.reviews import ViewsGathered
from tests.desk.casework import around, sample, working
from tests.desk.looking import picture, require_accessible
from tests.desk.town import Town, today
from tests.register.samples import step

ADDRESS = "/children/{}/record/views_gathered"
WORDS = "The parents would rather write."


async def test_two_people_are_told_of_each_other_and_neither_loses_anything(
    town: Town, window: BrowserContext, browser: Browser, pictures: Path | None
) -> None:
    episode = await town.child()
    first, second = town.visitor(DeskRole.IRO), town.visitor(DeskRole.IRO_ADMINISTRATOR)
    other_window = await browser.new_context(base_url=town.served.url)
    try:
        await first.sign_in(window)
        await second.sign_in(other_window)
        mine, theirs = await window.new_page(), await other_window.new_page()
        await mine.goto(ADDRESS.format(episode))
        await mine.get_by_label("No", exact=True).check()
        await mine.get_by_label("Why they did not").fill(WORDS)
        await expect(mine.locator("[data-draft-status]")).to_contain_text("Kept at")

        # Whoever opens the form now is told who is at it, by name.
        await theirs.goto(ADDRESS.format(episode))
        await expect(theirs.get_by_text(f"Example Iro {town.code} has an unfinished form")).to_be_visible()
        await require_accessible(theirs)
        await picture(theirs, pictures, "two-somebody-else")
        await theirs.get_by_label("Today").check()
        await theirs.get_by_label("Whose views").select_option("parents")
        await theirs.get_by_role("button", name="Record", exact=True).click()
        await theirs.wait_for_url("**?done=*")

        # Whoever sends it later is told what was recorded meanwhile, and keeps what they wrote.
        await mine.get_by_label("Today").check()
        await mine.get_by_label("Whose views").select_option("parents")
        await mine.get_by_role("button", name="Record", exact=True).click()
        await expect(mine.get_by_text(f"by Example Iro Administrator {town.code}")).to_be_visible()
        await expect(mine.get_by_label("Why they did not")).to_have_value(WORDS)
        await require_accessible(mine)
        await picture(mine, pictures, "two-meanwhile")
        draft = kept(town.register, first.person, episode, "views_gathered")
        assert draft and draft.body["reason"] == [WORDS]
        assert len(views(town, episode)) == 1

        # Having looked, they send it again.
        await mine.get_by_role("button", name="Record", exact=True).click()
        await mine.wait_for_url("**?done=*")
        assert [fact.by for fact in views(town, episode)] == [second.person, first.person]
    finally:
        await other_window.close()


async def test_what_was_recorded_of_another_kind_disturbs_nobody(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    revision = revision_of(town, episode)
    await town.record(episode, "iro_made_known", recipient="child", way="letter")
    answer = visitor.post(ADDRESS.format(episode), sent(revision))
    assert answer.status_code == 303


def test_the_step_is_looked_up_once_however_much_was_recorded(tmp_path: Path) -> None:
    talks = (sample("discussion_held", full=False).model_copy(update={"id": f"t-{number}"}) for number in range(12))
    with working(tmp_path) as desk:
        case = around(desk, *talks, steps=(step("consult_parents"),))
        said = list[str]()
        event.listen(desk.register, "before_cursor_execute", lambda *given: said.append(given[2]))
        told = recorded_meanwhile(case, FORMS["views_gathered"], {"form_step": ["consult_parents"]}, "iro-2")
    assert len(told) == 13  # The opening too.
    assert sum("FROM step" in each for each in said) == 1


async def test_what_was_recorded_about_the_same_step_is_told(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    revision = revision_of(town, episode)
    step = next(each.key for each in steps(town.register, episode) if each.name == "consult_parents")
    await town.record(episode, "review_held", participation="PN1")
    answer = visitor.post(ADDRESS.format(episode), sent(revision, form_step=step))
    assert answer.status_code == 409
    assert "Hold the review" in answer.text


async def test_a_correction_of_the_same_kind_is_told(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    fact = await town.record(episode, "views_gathered", source="carer")
    revision = revision_of(town, episode)
    await town.record(episode, "fact_withdrawn", withdraws=fact, reason="Another child's.")
    answer = visitor.post(ADDRESS.format(episode), sent(revision))
    assert answer.status_code == 409
    assert "Something was withdrawn" in answer.text


async def test_the_same_form_sent_twice_is_recorded_once(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    form = sent(revision_of(town, episode))
    for _ in range(2):
        assert visitor.post(ADDRESS.format(episode), form).status_code == 303
    assert len(views(town, episode)) == 1


async def test_a_form_sent_again_with_other_words_is_told_that_it_was_recorded(town: Town) -> None:
    episode, visitor = await town.child(), town.visitor(DeskRole.IRO)
    form = sent(revision_of(town, episode))
    visitor.post(ADDRESS.format(episode), form)
    answer = visitor.post(ADDRESS.format(episode), {**form, "source": "carer"})
    assert answer.status_code == 422
    assert "sent before, and recorded with other words" in answer.text
    assert len(views(town, episode)) == 1


def views(town: Town, episode: str) -> list[ViewsGathered]:
    found = (entry.fact for entry in facts(town.register, episode))
    return [fact for fact in found if isinstance(fact, ViewsGathered)]


def revision_of(town: Town, about: str) -> str:
    line = episode_line(town.register, about, today=today())
    assert line is not None
    return str(line.revision)


def sent(revision: str, **more: str) -> dict[str, str]:
    fields = {"form_fact": "f-0123456789abcdef", "form_revision": revision, "on": today().isoformat()}
    return {**fields, "source": "parents", "given": "yes", **more}
