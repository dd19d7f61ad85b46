"""The words of notices. The golden copies under `golden/` are written again by `python -m tests.post.golden`."""

import re
from datetime import date, time
from typing import Any

import pytest

from post.notice import AgeBand, DecisionLine, DisputeLine, Iro, Letterhead, NoticeToWrite, Reachable, Reader, StepLine
from post.wording import (
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    NOTICES,
    TEMPLATES,
    WRITTEN_FOR,
    Audience,
    awaiting_translator,
    one_line,
    says_day,
    says_time,
    write,
)
from rules.network import AccessNeed, Language
from rules.notice_names import NoticeName
from rules.notices import TOLD
from rules.vocabulary import Nation, Role
from tests.post import samples

EVERYONE = [pytest.param(*each, id=f"{each[0]}-{each[1]}-{each[3]}") for each in samples.every_reader()]
PARENT = Reader(role=Role.PARENTS, name="Test Parent")
EVIL = "Test\r\nBcc: everyone@example.org\r\n\r\n# Heading\n* item\x00\x1b[31m\u202e\u2028# Heading"


def _all_words(notice: NoticeToWrite) -> str:
    written = write(notice)
    return f"{written.subject}\n{written.body}\n{written.text}"


def test_every_notice_that_is_owed_has_words_for_those_who_are_told() -> None:
    owed = {(name, role) for name, told in TOLD.items() for role in (*told.owed, *told.if_involved)}
    owed |= {(NoticeName.IRO_SHARED, Role.CHILD), (NoticeName.DAILY_DIGEST, Role.SOCIAL_WORKER)}
    owed |= {(NoticeName.WEEKLY_DIGEST, Role.IRO_MANAGER), (NoticeName.COLLECTIVE_CONCERN, Role.IRO_MANAGER)}
    owed |= {(NoticeName.POOR_PRACTICE_PATTERN, Role.SERVICE_MANAGER)}
    owed |= {(NoticeName.REMINDER, Role.SOCIAL_WORKER), (NoticeName.ESCALATION, Role.DIRECTOR)}
    for name, role in owed:
        assert Audience.of(Reader(role=role)) in WRITTEN_FOR[name], (name, role)
    assert set(NOTICES) == set(NoticeName)


def test_there_is_a_template_for_every_notice_and_no_other() -> None:
    assert {path.stem for path in (TEMPLATES / "en").glob("[!_]*.txt")} == set(NOTICES)
    family = {name for name, audiences in WRITTEN_FOR.items() if audiences != {Audience.STAFF}}
    assert {path.stem for path in (TEMPLATES / "cy").glob("[!_]*.txt")} == family


def test_no_line_of_words_ends_in_a_tag_that_would_swallow_its_end() -> None:
    """Jinja takes the line end after a tag away, and with it the space between two words."""
    for path in TEMPLATES.glob("*/*.txt"):
        for line in path.read_text("utf-8").splitlines():
            swallowed = re.search(r"[^\s}%].*%\}$", line) and not re.match(r"\s*\{[%#]-?", line)
            assert not swallowed, f"{path.name}: {line}"


@pytest.mark.parametrize("name, who, reader, nation", EVERYONE)
def test_reads_well_with_everything_and_with_nothing_known(name: str, who: str, reader: Reader, nation: Nation) -> None:
    for notice in (samples.full(name, reader, nation), samples.bare(name, reader, nation)):
        written = write(notice)
        assert 0 < len(written.subject) <= LONGEST_SUBJECT and 0 < len(written.text) <= LONGEST_TEXT
        assert "\n" not in written.subject + written.text
        for words in (written.subject, written.body, written.text):
            assert not re.search(r"None|Undefined|  |\n\n\n|\{|\}|%| [,.:;]|[,:;]\.|\.\.(?!\.)|^\s|\s$", words), words
        for block in written.body.split("\n\n"):
            lines = block.splitlines()
            assert len(lines) == 1 or all(line.startswith("* ") for line in lines)


@pytest.mark.parametrize("name, who, reader, nation", EVERYONE)
def test_nothing_goes_astray_with_a_letter_of_the_family(name: str, who: str, reader: Reader, nation: Nation) -> None:
    words = _all_words(samples.full(name, reader, nation))
    if Audience.of(reader) is not Audience.STAFF:
        assert samples.CHILD not in words and "Test Child" not in words
        if name != "iro_change_declined":
            assert "somebody's own words" not in words
    assert "own words" not in write(samples.full(name, reader, nation)).text
    if reader.barred:
        assert samples.PLACE not in words


def test_the_place_is_told_to_those_who_may_know_it() -> None:
    assert samples.PLACE in write(samples.full("review_arranged", PARENT)).body
    assert samples.PLACE not in _all_words(samples.full("review_arranged", PARENT.model_copy(update={"barred": True})))


def test_words_are_those_of_the_golden_copies() -> None:
    """Changed on purpose? `python -m tests.post.golden`, and read the difference."""
    stored = {path.relative_to(samples.GOLDEN).as_posix(): path for path in samples.GOLDEN.glob("*/*.txt")}
    copies = samples.golden_copies()
    assert set(stored) == set(copies)
    for name, words in copies.items():
        assert stored[name].read_text("utf-8") == words, name


def _evil(name: str, reader: Reader) -> NoticeToWrite:
    reachable = {"name": EVIL, "phone": EVIL, "email": EVIL, "website": EVIL}
    step = StepLine(
        title=EVIL, child=EVIL, due=date(2026, 1, 2), source=EVIL, rung=EVIL, owner=EVIL, episode=EVIL, late_by=1
    )
    notice = samples.full(name, reader.model_copy(update={"name": EVIL, "instead_because": EVIL}))
    return notice.model_copy(
        update={
            "letterhead": Letterhead(authority=EVIL, team=EVIL, address=(EVIL,), phone=EVIL, email=EVIL),
            "child": EVIL,
            "iro": Iro(**reachable, picture=EVIL),
            "former_iro": Iro(**reachable),
            "advocate": Reachable(**reachable),
            "complaints": Reachable(**reachable),
            "place": EVIL,
            "reason": EVIL,
            "decisions": (DecisionLine(text=EVIL, owner=EVIL, due=date(2026, 1, 2)),),
            "steps": (step,),
            "children": (EVIL,),
            "lines": (EVIL,),
            "link": EVIL,
        }
    )


@pytest.mark.parametrize("name, who, reader, nation", EVERYONE)
def test_no_value_makes_a_header_or_markup(name: str, who: str, reader: Reader, nation: Nation) -> None:
    written = write(_evil(name, reader))
    harmless = write(samples.full(name, reader))
    for line in (written.subject, written.text):
        assert line.isprintable()
    assert len(written.subject) <= LONGEST_SUBJECT and len(written.text) <= LONGEST_TEXT
    assert all(line.isprintable() for line in written.body.splitlines())
    marks = [re.findall(rf"^{mark} ", words.body, re.M) for mark in ("#", r"\*") for words in (written, harmless)]
    assert len(marks[0]) == len(marks[1])
    assert not re.search(r"^(# Heading|\* item|Bcc)", written.body, re.M)


@pytest.mark.parametrize(
    "given, shown",
    [
        ("# Heading", "Heading"),
        ("* # * item", "item"),
        ("#", ""),
        ("#hashtag", "#hashtag"),
        (" two\n lines\t", "two lines"),
        ("a\x00b \x07 c", "ab c"),
        ("O'Brien <b>", "O'Brien <b>"),
        ("\u202eevil\u200b", "evil"),
        ("Дмитрий", "Дмитрий"),
        ("\N{FAMILY}", "\N{FAMILY}"),
        ("می\N{ZERO WIDTH NON-JOINER}شود", "می\N{ZERO WIDTH NON-JOINER}شود"),
        ("\ud800x", "x"),
    ],
)
def test_values_become_words(given: str, shown: str) -> None:
    assert one_line(given) == shown


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "Дмитрий Тестовий", "Test \N{GRINNING FACE}"])
def test_names_stay_as_they_are(name: str) -> None:
    assert f"Dear {name}," in write(samples.full("review_arranged", PARENT.model_copy(update={"name": name}))).body


def test_templates_are_not_made_of_values() -> None:
    words = _all_words(samples.full("review_arranged", PARENT.model_copy(update={"name": "{{ 7 * 7 }}"})))
    assert "{{ 7 * 7 }}" in words


def test_a_long_reason_keeps_its_paragraphs_and_leaves_subject_and_text_alone() -> None:
    reason = "\n\n".join("word " * 100 + "end." for _ in range(8))
    notice = samples.full("iro_change_asked", Reader(role=Role.IRO_MANAGER)).model_copy(update={"reason": reason})
    written = write(notice)
    assert written.body.count("word end.") == 8
    assert "word" not in written.subject.replace("words", "") + written.text.replace("words", "")
    assert written.body.split("\n\n").count(("word " * 100 + "end.").strip()) == 8


@pytest.mark.parametrize("band", list(AgeBand))
def test_a_child_is_told_what_to_do_when_decisions_are_not_carried_out(band: AgeBand) -> None:
    body = write(samples.full("reviewing_policy", Reader(role=Role.CHILD, age_band=band))).body
    for word in ("Test Reviewer", "01632 960101", samples.IRO.picture, "advocate", "complain", "sooner", "Cafcass"):
        assert word and word in body
    bare = write(samples.bare("reviewing_policy", Reader(role=Role.CHILD, age_band=band))).body
    assert re.search("[Aa]sk your IRO or social worker for an advocate|IRO or social worker for an advocate", bare)


def test_in_wales_the_help_comes_from_a_welsh_officer() -> None:
    child = Reader(role=Role.CHILD, age_band=AgeBand.FROM_12)
    assert "Welsh family proceedings officer" in write(samples.full("iro_appointed", child, Nation.WALES)).body
    assert "Welsh" not in write(samples.full("iro_appointed", child, Nation.ENGLAND)).body


def test_a_small_childs_letter_is_shorter_and_asks_to_be_read_aloud() -> None:
    small = Reader(role=Role.CHILD, age_band=AgeBand.UNDER_7, for_child=True)
    body = write(samples.full("iro_appointed", small)).body
    assert body.startswith("To the carer:") and "read it aloud" in body.split("\n\n")[0]
    read_aloud = body.split("# For the grown-up")[0]
    assert len(read_aloud.split()) < 170 and "http" not in read_aloud and "01632" not in read_aloud


def test_an_older_child_who_is_read_to_gets_a_letter_to_be_read_aloud() -> None:
    reader = Reader(role=Role.CHILD, age_band=AgeBand.FROM_12, for_child=True)
    assert "give it to them" in write(samples.full("iro_appointed", reader)).body
    read_to = reader.model_copy(update={"needs": (AccessNeed.READ_ALOUD,)})
    assert "read it aloud" in write(samples.full("iro_appointed", read_to)).body


def test_a_childs_letter_is_the_childs_even_when_sent_to_the_carer() -> None:
    reader = Reader(role=Role.CARER, name="Test Carer", for_child=True, age_band=AgeBand.FROM_7)
    assert "is your IRO" in write(samples.full("iro_appointed", reader)).body


def test_why_it_came_to_somebody_else_is_said() -> None:
    body = write(samples.full("escalation", Reader(role=Role.DIRECTOR))).body
    assert "Why this came to you: the post is empty, so it goes to the deputy." in body


def test_an_escalation_says_what_whose_when_how_late_and_by_what_law() -> None:
    body = write(samples.full("escalation", Reader(role=Role.IRO_MANAGER))).body
    for word in (
        "report and plans",
        "AB-1234",
        "Saturday 28 November 2026",
        "3 working days late",
        "Handbook",
        "breach",
    ):
        assert word in body


def test_welsh_is_written_where_it_can_be_and_english_elsewhere() -> None:
    welsh = samples.in_welsh(PARENT)
    written = write(samples.full("review_arranged", welsh, Nation.WALES))
    assert written.language is Language.WELSH and "ar ddydd Iau 3 Rhagfyr 2026" in written.body
    worker = Reader(role=Role.SOCIAL_WORKER, language=Language.WELSH)
    for name in ("review_arranged", "reminder"):
        assert write(samples.full(name, worker, Nation.WALES)).language is Language.ENGLISH


def test_the_welsh_templates_await_a_translator() -> None:
    assert set(awaiting_translator()) == {f"cy/{path.name}" for path in (TEMPLATES / "cy").glob("*.txt")}


@pytest.mark.parametrize(
    "name, role",
    [("escalation", Role.PARENTS), ("iro_shared", Role.CARER), ("cafcass_referral", Role.CARER), ("made_up", Role.IRO)],
)
def test_who_may_not_be_told_is_not_written_to(name: str, role: Role) -> None:
    with pytest.raises(ValueError, match="no words"):
        write(samples.full(name, Reader(role=role)))


def test_days_are_written_as_people_write_them() -> None:
    assert says_day(date(2026, 12, 3), Language.ENGLISH) == "Thursday 3 December 2026"
    assert says_day(date(2026, 12, 3), Language.WELSH) == "dydd Iau 3 Rhagfyr 2026"
    assert says_day(date(2027, 1, 3), Language.WELSH) == "dydd Sul 3 Ionawr 2027"
    times = [says_time(time(*each), Language.ENGLISH) for each in ((0, 5), (9,), (12,), (15, 30))]
    assert times == ["12:05am", "9am", "12pm", "3:30pm"]
    assert says_time(time(15, 30), Language.WELSH) == "15:30"


def _answered(**dispute: Any) -> str:
    notice = samples.full("challenge_answered", Reader(role=Role.IRO))
    line = DisputeLine(stage=Role.SERVICE_MANAGER, **dispute)
    return _all_words(notice.model_copy(update={"dispute": line}))


def test_the_iro_hears_that_a_stage_of_a_dispute_answered_and_what_can_come_of_it() -> None:
    words = _answered()
    assert "Your formal dispute was answered: child AB-1234" in words and "challenge" not in words
    assert "was answered by the service manager, or for them" in words
    assert "Please say by Monday 14 December 2026 what comes of it:" in words
    assert "* you take it up to a higher stage" in words


def test_an_answer_that_came_when_the_dispute_had_gone_on_asks_for_nothing_by_a_day() -> None:
    words = _answered(now_at=Role.DIRECTOR)
    assert "The dispute has gone on to the director and stays there." in words and "Please say by" not in words


def test_an_answer_to_a_dispute_that_is_closed_asks_for_nothing() -> None:
    words = _answered(now_at=Role.DIRECTOR, outcome="the IRO withdrew it")
    assert "nothing more is asked of you" in words and "Please say" not in words


def test_a_dispute_says_who_is_to_answer_by_when_and_when_it_ends() -> None:
    reader = Reader(role=Role.TEAM_MANAGER)
    words = _all_words(samples.full("dispute_moved", reader))
    for told in (
        "* Where it was: service manager, who did not answer in time\n* Who is to answer: head of service",
        "* Answer by: Friday 20 November 2026\n* To be resolved by: Monday 14 December 2026",
    ):
        assert told in words
    taken_up = samples.DISPUTE.model_copy(update={"before": Role.TEAM_MANAGER, "now_at": Role.DIRECTOR})
    words = _all_words(samples.full("dispute_moved", reader).model_copy(update={"dispute": taken_up}))
    assert "* Where it was: team manager, from whom the IRO took it up\n* Where it went then: head of service" in words
    assert "* Where it stands now: director" in words and "to answer by" not in words


@pytest.mark.parametrize("nation, whom", [(Nation.ENGLAND, "to Cafcass."), (Nation.WALES, "(Cafcass Cymru).")])
def test_a_referral_goes_to_the_officers_of_the_nation(nation: Nation, whom: str) -> None:
    for role in (Role.TEAM_MANAGER, Role.PARENTS):
        body = write(samples.full("cafcass_referral", Reader(role=role), nation)).body
        assert whom in body and ("Cymru" in body) is (nation is Nation.WALES)


def test_a_cancelled_review_is_never_said_to_be_on_the_day_that_is_off() -> None:
    notice = samples.full("review_cancelled", PARENT)
    body = write(notice).body
    assert "on Tuesday 1 December 2026 will not" in body and "It will be on Thursday 3 December 2026 at 3:30pm" in body
    body = write(notice.model_copy(update={"formerly_on": None})).body
    assert "on Thursday 3 December 2026 will not" in body and "We will tell you the new day." in body


def test_english_text_messages_fit_the_phones_own_alphabet() -> None:
    gsm = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿")
    gsm |= set("abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€")
    for name, _, reader, nation in samples.every_reader():
        written = write(samples.full(name, reader, nation))
        if written.language is Language.ENGLISH:
            assert set(written.text) <= gsm, name


@pytest.mark.parametrize("name", ["dispute_opened", "dispute_moved"])
def test_only_the_team_manager_is_told_to_answer_in_the_desk_and_higher_stages_to_answer_to_the_iro(name: str) -> None:
    notice = samples.full(name, Reader(role=Role.HEAD_OF_SERVICE))
    words = _all_words(notice)
    assert "The head of service answers to the IRO, who records it." in words and "signs in" not in words
    line = DisputeLine(stage=Role.TEAM_MANAGER)
    words = _all_words(notice.model_copy(update={"dispute": line}))
    assert "The team manager signs in, opens the case and answers there." in words and "to the IRO" not in words
    gone_on = line.model_copy(update={"now_at": Role.DIRECTOR})
    assert "The director answers to the IRO" in _all_words(notice.model_copy(update={"dispute": gone_on}))
    closed = gone_on.model_copy(update={"outcome": "the IRO withdrew it"})
    assert "answers" not in _all_words(notice.model_copy(update={"dispute": closed}))
