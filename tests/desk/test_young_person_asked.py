"""What a young person reads of what they asked for; and what is not on their page, in case somebody at home sees it."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext

from desk.my_requests import MOST_ANSWERED
from register.contacts import suppress
from rules.network import Language, Suppression
from rules.notice_names import NoticeName
from rules.vocabulary import Role
from tests.desk.ledgers import Ledger, contact, days_ago
from tests.desk.lives import begun
from tests.desk.looking import picture, require_accessible, require_whole
from tests.desk.my_pages import STAFF_WORDS, Mine, link_for, visible
from tests.desk.town import Town

SECRET = "Words of Example Auntie"
NOTHING = "There is nothing here just now."


def says(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def page(town: Town, ledger: Ledger, language: Language = Language.ENGLISH) -> Mine:
    """The page of a child of a ledger."""
    episode = ledger.publish(town.register)
    contact(town.register, ledger, Role.CHILD, "Example Amber", language=language)
    return link_for(town, episode)


def asked(mine: Mine) -> list[str]:
    """Each thing on their page that they asked for, in its words; nothing that is kept from them is anywhere on it."""
    text = mine.read()
    assert SECRET not in text
    section = text.partition('<h2 class="govuk-heading-l" id="asked">')[2].partition("<h2 ")[0]
    items = [" ".join(visible(each).split()) for each in section.split("<li>")[1:]]
    assert bool(items) != (NOTHING in section)
    assert "We leave some out, because somebody else may see this page." in section
    return [each.replace(" Some things that you asked for", "\n").partition("\n")[0] for each in items]


def wished(ledger: Ledger, days: int, wish: str, name: str, who: str | None = None) -> Ledger:
    return ledger.add("child_wished", days, id=name, wish=wish, words=SECRET, who=who)


def everything(town: Town) -> Ledger:
    """A child who asked for something of every kind."""
    ledger = begun(town)
    ledger.add("iro_change_asked", 40, reason=SECRET)
    ledger.add("iro_change_declined", 36, reason="She knows you best. We will ask you again in spring.")
    wished(ledger, 30, "place", "w1").add(
        "child_wish_answered", 28, wish="w1", met="in_part", reason="The room at your school is free after three."
    )
    wished(ledger, 29, "time", "w2").add("child_wish_answered", 27, wish="w2", met="met")
    wished(ledger, 26, "not_there", "w3", "social_worker").add(
        "child_wish_answered", 24, wish="w3", met="not_met", reason="She has to tell us about your plan."
    )
    ledger.add("complaint_made", 20, id="c1", about="iro", by_child=True, words=SECRET)
    ledger.add("complaint_passed_on", 19, complaint="c1")
    ledger.add("complaint_weighed", 18, complaint="c1", stays=True, reason=SECRET)
    ledger.add("complaint_answered", 15, complaint="c1", answer=SECRET)
    ledger.add("advocate_asked", 14, id="a1", by_child=True, words=SECRET).add("advocate_provided", 12, request="a1")
    ledger.add("child_wants_proceedings", 10, id="p1", words=SECRET)
    ledger.add("adult_sought", 9, request="p1", found=False, reason=SECRET)
    ledger.add("child_helped_to_advice", 8, request="p1", words=SECRET)
    wished(ledger, 6, "time", "w4").add("child_wants_no_more", 5, request="w4", words=SECRET, by=town.ref("iro"))
    return wished(ledger, 0, "chair", "w5")


def test_a_child_who_asked_for_nothing_is_told_that_nothing_is_there(town: Town) -> None:
    assert asked(page(town, begun(town))) == []


def test_a_wish_waits_with_the_day_by_which_it_is_answered_and_then_has_its_answer(town: Town) -> None:
    ledger = wished(begun(town), 0, "place", "w1")
    mine = page(town, ledger)
    step = next(step for step in ledger.agenda(datetime.now(UTC)).steps if step.key == "answer_child_wish.w1")
    (waiting,) = asked(mine)
    assert waiting == (
        f"You asked to have your review in another place. On {says(days_ago(0))} Waiting for an answer"
        f" You should have an answer by {says(step.due)} ."
    )
    ledger.add("child_wish_answered", wish="w1", met="in_part", reason="The library is free\nat four.")
    ledger.publish(town.register, revision=2)
    (answered,) = asked(mine)
    assert answered == (
        f"You asked to have your review in another place. On {says(days_ago(0))} Answered"
        f" On {says(days_ago(0))} you were told that a part of it will be as you asked."
        " This is why: The library is free at four."
    )


async def test_everything_they_asked_for_is_told_the_latest_first(
    town: Town, window: BrowserContext, window_without_script: BrowserContext, pictures: Path | None
) -> None:
    mine = page(town, everything(town))
    found = asked(mine)
    expected = [
        ("run your review, or a part of it, yourself", 0, "Waiting for an answer", "You should have an answer by"),
        ("another day or at another time", 6, "Not wanted any more", f"On {says(days_ago(5))} you said that you did"),
        ("You asked for help with your rights.", 10, "Answered", f"On {says(days_ago(8))} you got help to find out"),
        ("You asked for an advocate.", 14, "Answered", f"You got an advocate on {says(days_ago(12))}."),
        ("a complaint about your IRO.", 20, "Answered", f"You were told the answer on {says(days_ago(15))}."),
        ("your social worker not to come to your review", 26, "Answered", "She has to tell us about your plan."),
        ("another day or at another time", 29, "Answered", f"On {says(days_ago(27))} you were told that it will be as"),
        ("in another place", 30, "Answered", "This is why: The room at your school is free after three."),
        ("You asked for another IRO.", 40, "Answered", "stays the same for now. This is why: She knows you best."),
    ]
    assert len(found) == len(expected)
    for said, (what, days, state, outcome) in zip(found, expected, strict=True):
        assert what in said and f"On {says(days_ago(days))} {state}" in said and outcome in said
    assert not STAFF_WORDS.search(" ".join(found)) and "court" not in mine.read()
    opened = await window.new_page()
    await opened.goto(mine.path)
    await require_accessible(opened)
    await picture(opened, pictures, "my-review-asked")
    phone = await window_without_script.new_page()
    await phone.goto(f"{mine.path}#asked")
    await require_whole(phone)
    await picture(phone, pictures, "my-review-asked-phone")


async def test_it_is_told_in_welsh_and_only_the_answers_own_words_are_as_they_were_written(
    town: Town, window: BrowserContext, pictures: Path | None
) -> None:
    ledger = everything(town)
    mine = page(town, ledger, Language.WELSH)
    assert SECRET not in mine.read()
    opened = await window.new_page()
    await opened.goto(mine.path)
    said = " ".join(await opened.locator(".desk-asked").all_inner_texts())
    for told in ("Gofynnaist ti am eiriolwr", "Gwnest ti gŵyn am dy IRO", "Yn aros am ateb", "Dyma pam:", " ddydd "):
        assert told in said
    written = [entry.fact.reason for entry in ledger.entries if getattr(entry.fact, "reason", None)]  # type: ignore[union-attr]
    for reason in written:
        said = said.replace(str(reason), "")
    assert not re.search(r"\b(you|your|the|asked|answer|waiting|was|Monday|Sunday)\b", said, re.IGNORECASE), said
    await require_accessible(opened)
    await picture(opened, pictures, "my-review-asked-welsh")


def test_what_waits_too_long_is_said_without_its_day(town: Town) -> None:
    (said,) = asked(page(town, wished(begun(town), 30, "chair", "w1")))
    assert said.endswith("Waiting for an answer There is no answer here yet. You can ask about it. An advocate can help"
                         " you to ask.")  # fmt: skip


# --- What of it is theirs to read, and safe ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        *(("child_wished", {"wish": "not_there", "words": SECRET, "who": who})
          for who in ("parents", "carer", "school", "guardian", "other")),
        ("complaint_made", {"about": "authority", "by_child": True, "words": SECRET}),
        ("complaint_made", {"about": "authority", "by_child": False, "words": SECRET}),
        ("complaint_made", {"about": "iro", "by_child": False, "words": SECRET}),
    ],
)  # fmt: skip
def test_what_may_be_about_those_at_home_or_is_not_theirs_is_not_there_at_all(
    town: Town, kind: str, fields: dict[str, Any]
) -> None:
    plain, told = begun(town, "plain"), begun(town, "told").add(kind, 3, id="it", **fields)
    if kind == "complaint_made":
        told.add("complaint_passed_on", 2, complaint="it").add("complaint_answered", 1, complaint="it", answer=SECRET)
    else:
        told.add("child_wish_answered", 1, wish="it", met="not_met", reason=SECRET)
    first, second = page(town, plain), page(town, told)
    assert asked(second) == []
    assert _same(first) == _same(second), "the page tells that something was left out"


def _same(mine: Mine) -> str:
    return re.sub(r'name="once" value="\w+"', "", mine.read()).replace(mine.token, "")


def test_an_advocate_whom_somebody_asked_for_is_told_as_that(town: Town) -> None:
    (said,) = asked(page(town, begun(town).add("advocate_asked", 2, by_child=False, words=SECRET)))
    assert said.startswith("Somebody asked for an advocate for you.")


def test_help_with_proceedings_waits_until_somebody_helps(town: Town) -> None:
    ledger = begun(town).add("child_wants_proceedings", 3, id="p1", words=SECRET)
    mine = page(town, ledger)
    assert "Waiting for an answer" in asked(mine)[0]
    ledger.add("adult_sought", 2, request="p1", found=False, reason=SECRET).publish(town.register, revision=2)
    assert "Waiting for an answer You should have an answer by" in asked(mine)[0]
    ledger.add("adult_sought", 1, request="p1", found=True, reason=SECRET).publish(town.register, revision=3)
    assert f"On {says(days_ago(1))} we found a grown-up who can help you." in asked(mine)[0]
    ledger.add("adult_sought", 0, request="p1", found=False, reason=SECRET).publish(town.register, revision=4)
    assert "Waiting for an answer" in asked(mine)[0]


def test_where_a_wish_is_met_no_note_of_why_is_shown(town: Town) -> None:
    ledger = wished(begun(town), 5, "place", "w1")
    ledger.add("child_wish_answered", 3, wish="w1", met="met", reason=SECRET)
    assert "Answered" in asked(page(town, ledger))[0]


def test_another_iro_is_the_answer_to_a_wish_for_one(town: Town) -> None:
    ledger = begun(town).add("iro_change_asked", 6, reason=SECRET)
    mine = page(town, ledger)
    assert "You asked for another IRO." in asked(mine)[0] and "Waiting" in asked(mine)[0]
    ledger.add("iro_appointed", 4, iro=town.ref("iro-manager"), reason=SECRET).publish(town.register, revision=2)
    assert f"You got another IRO on {says(days_ago(4))}." in asked(mine)[0]


def test_what_was_corrected_is_as_it_stands_and_what_was_withdrawn_is_not_there(town: Town) -> None:
    ledger = begun(town)
    wished(ledger, 5, "place", "w1").add("child_wish_answered", 3, id="w1a", wish="w1", met="not_met", reason=SECRET)
    wished(ledger, 4, "chair", "w2").add("child_wish_answered", 3, id="w2a", wish="w2", met="not_met", reason=SECRET)
    wished(ledger, 4, "time", "w3")
    of_wish, answer = (_as_sent(ledger, name) for name in ("w1", "w1a"))
    said_since = {"met": "in_part", "reason": "We meet at your club."}
    ledger.add("fact_corrected", 1, corrects="w1a", reason=SECRET, to=answer | said_since)
    ledger.add("fact_corrected", 1, corrects="w1", reason=SECRET, to=of_wish | {"on": days_ago(6).isoformat()})
    ledger.add("fact_withdrawn", 1, withdraws="w2a", reason=SECRET)
    ledger.add("fact_withdrawn", 1, withdraws="w3", reason=SECRET)
    chair, place = asked(page(town, ledger))
    assert "run your review" in chair and "no more" not in chair and "Waiting for an answer" in chair
    assert f"On {says(days_ago(6))} Answered" in place and "it will be as you asked" in place
    assert place.endswith("This is why: We meet at your club.")


def _as_sent(ledger: Ledger, name: str) -> dict[str, Any]:
    (fact,) = [entry.fact for entry in ledger.entries if entry.fact.id == name]
    return fact.model_dump(mode="json", exclude_none=True)


def test_nothing_that_another_child_asked_for_is_there(town: Town) -> None:
    other = everything(town)
    page(town, other)
    mine = page(town, begun(town, "sibling").add("advocate_asked", 1, by_child=True))
    (said,) = asked(mine)
    assert said.startswith("You asked for an advocate.") and "Answered" not in said


def test_what_the_child_is_not_to_be_told_is_not_told_here(town: Town) -> None:
    ledger = everything(town)
    mine = page(town, ledger)
    whose = f"{ledger.child}-child"

    def keep(notice: NoticeName | None) -> str:
        kept = Suppression(contact=whose, notice=notice, reason=SECRET)
        suppress(town.register, kept, "test", datetime.now(UTC))
        return " ".join(asked(mine))

    assert "She knows you best" in " ".join(asked(mine))
    without_change = keep(NoticeName.IRO_CHANGE_DECLINED)
    assert "another IRO" not in without_change and "The room at your school" in without_change
    without_places = keep(NoticeName.REVIEW_ARRANGED)
    assert "The room at your school" not in without_places and "a part of it will be as you asked" in without_places
    assert keep(None) == ""


def test_what_was_answered_before_the_reviews_that_are_shown_is_left_out_and_what_waits_never(town: Town) -> None:
    ledger = begun(town)
    wished(ledger, 120, "place", "old").add("child_wish_answered", 118, wish="old", met="met")
    ledger.add("advocate_asked", 119, by_child=True)
    held = {"participation": "PN1", "chaired_by": town.ref("iro")}
    ledger.add("review_held", 110, **held)
    wished(ledger, 100, "time", "new").add("child_wish_answered", 98, wish="new", met="met")
    ledger.add("review_held", 20, **held)
    said = asked(page(town, ledger))
    assert len(said) == 2 and "another time" in said[0] and "You asked for an advocate." in said[1]


def test_of_very_much_that_was_answered_the_latest_is_told(town: Town) -> None:
    ledger = begun(town).add("advocate_asked", 60, id="a1", by_child=True)
    for number in range(MOST_ANSWERED + 3):
        days, name = 50 - number, f"w{number}"
        wished(ledger, days, "place", name).add("child_wish_answered", days, wish=name, met="met")
    mine = page(town, ledger)
    said = asked(mine)
    assert len(said) == MOST_ANSWERED + 1 and "an advocate" in said[-1]
    assert f"On {says(days_ago(50 - 3))} Answered" in said[-2]
    ledger.add("advocate_provided", 0, request="a1").publish(town.register, revision=2)
    said = asked(mine)
    assert len(said) == MOST_ANSWERED and "an advocate" in said[-1], "what was answered last, whenever it was asked"


def test_an_answer_can_be_nothing_but_words(town: Town) -> None:
    ledger = wished(begun(town), 2, "place", "w1")
    ledger.add("child_wish_answered", 1, wish="w1", met="not_met", reason="<script>alert(1)</script>{{ 7 * 7 }}")
    text = page(town, ledger).read()
    assert "&lt;script&gt;alert(1)" in text and "{{ 7 * 7 }}" in text and "<script>alert" not in text


def test_it_is_in_words_that_a_child_can_read(town: Town) -> None:
    ledger = everything(town)
    sentences = [each.split() for said in asked(page(town, ledger)) for each in re.split(r"[.?!:]\s", said)]
    assert max(map(len, sentences)) <= 30
