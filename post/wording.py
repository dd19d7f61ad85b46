"""Notices in words: a template for each, in English and, for the child and the family, in Welsh.

A template has three blocks: `subject`, `body` and `text`. It sees the notice as `n`, its reader as `r`, for whom it
is written as `to` (`Audience`) and, in a child's own, the `age`; what several share stands in `_shared.txt` of the
language and is called through `say`.

What somebody wrote can never be more than words: before a template sees a value it becomes one line without control
characters, and without whatever would make it a heading or a line of a list. Only a reason may keep its paragraphs.
A reason is written for those who work on the case; of the family, a child alone is told one, where it was written for
the child (`iro_change_declined`).
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from post.notice import AgeBand, NoticeToWrite, Reader, Written
from rules.network import Language
from rules.vocabulary import Nation, Role
from rules.wording import with_capital

LONGEST_SUBJECT = 200
LONGEST_TEXT = 300


class Audience(StrEnum):
    """For whom a notice is written: the words differ, and so does what is told."""

    CHILD = "child"
    PARENTS = "parents"
    CARER = "carer"
    OTHER = "other"
    """Somebody whom the child or the family knows: told what a carer is told, and no reference."""
    STAFF = "staff"
    """Whoever has to do with the case by profession."""

    @classmethod
    def of(cls, reader: Reader) -> "Audience":
        """For whom a reader's notice is written; a child's own letter is the child's, whoever it is sent to."""
        if reader.for_child:
            return cls.CHILD
        return _AUDIENCES.get(reader.role, cls.STAFF)


_AUDIENCES = {
    Role.CHILD: Audience.CHILD,
    Role.PARENTS: Audience.PARENTS,
    Role.CARER: Audience.CARER,
    Role.OTHER: Audience.OTHER,
}

_CHILD = frozenset({Audience.CHILD})
_FAMILY = frozenset({Audience.CHILD, Audience.PARENTS, Audience.CARER, Audience.OTHER})
_STAFF = frozenset({Audience.STAFF})

WRITTEN_FOR: Mapping[str, frozenset[Audience]] = {
    "became_looked_after": _STAFF,
    "iro_proposed": _STAFF,
    "no_iro_found": _STAFF,
    "iro_appointed": _FAMILY | _STAFF,
    "iro_over_capacity": _STAFF,
    "iro_shared": _CHILD,
    "iro_change_asked": _STAFF,
    "iro_change_declined": _CHILD,
    "iro_handed_over": _FAMILY | _STAFF,
    "reviewing_policy": _FAMILY,
    "review_arranged": _FAMILY | _STAFF,
    "review_cancelled": _FAMILY | _STAFF,
    "review_adjourned": _FAMILY | _STAFF,
    "report_received": _FAMILY | _STAFF,
    "decisions_sent": _STAFF,
    "decisions_circulated": _FAMILY | _STAFF,
    "decisions_taken_as_agreed": _STAFF,
    "record_completed": _FAMILY | _STAFF,
    "views_in_writing": _STAFF,
    "significant_event": _STAFF,
    "challenge_raised": _STAFF,
    "challenge_answered": _STAFF,
    "dispute_opened": _CHILD | _STAFF,
    "dispute_moved": _CHILD | _STAFF,
    "dispute_stands": _CHILD | _STAFF,
    "dispute_closed": _CHILD | _STAFF,
    "cafcass_referral": _CHILD | _STAFF | {Audience.PARENTS},
    "reminder": _STAFF,
    "escalation": _STAFF,
    "collective_concern": _STAFF,
    "poor_practice_pattern": _STAFF,
    "weekly_digest": _STAFF,
    "daily_digest": _STAFF,
    "notice_undelivered": _STAFF,
}
"""For whom there are words of each notice (practice notes 8)."""

NOTICES: tuple[str, ...] = tuple(WRITTEN_FOR)
"""The notices that can be written."""

TEMPLATES = Path(__file__).parent / "templates"
_UNCHECKED = "{# awaiting a translator #}"

_DAYS = {
    Language.ENGLISH: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    Language.WELSH: (
        "dydd Llun", "dydd Mawrth", "dydd Mercher", "dydd Iau", "dydd Gwener", "dydd Sadwrn", "dydd Sul",
    ),
}  # fmt: skip
_MONTHS = {
    Language.ENGLISH: (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    Language.WELSH: (
        "Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin",
        "Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr",
    ),
}  # fmt: skip

_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Characters without a shape that some scripts need to spell a name."""
_MARKUP = re.compile(r"^(?:[#*]+(?:\s+|$))+")
_GSM = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})
"""What would make a text message of 160 characters one of 70."""


def write(notice: NoticeToWrite) -> Written:
    """Write a notice for its reader.

    Args:
        notice: what is told, and to whom.

    Returns:
        The words: in the reader's language, or in English where there is no template in theirs.

    Raises:
        ValueError: there is no such notice, or none for such a reader.
    """
    to = Audience.of(notice.reader)
    if to not in WRITTEN_FOR.get(notice.name, ()):
        raise ValueError(f"no words for {notice.name} to {to}")
    language = _language(notice, to)
    template = _ENVIRONMENT.get_template(f"{language}/{notice.name}.txt")
    seen = _seen(notice, to, language)
    seen["say"] = _ENVIRONMENT.get_template(f"{language}/_shared.txt").make_module(seen)
    return Written(
        subject=shortened(_block(template, "subject", seen), LONGEST_SUBJECT),
        body=_tidy(_block(template, "body", seen)),
        text=shortened(_block(template, "text", seen).translate(_GSM), LONGEST_TEXT),
        language=language,
    )


def awaiting_translator() -> tuple[str, ...]:
    """The Welsh templates that no translator has seen yet, by their path under `post/templates`, in order."""
    waiting = (path for path in sorted(TEMPLATES.glob("*/*.txt")) if path.read_text("utf-8").startswith(_UNCHECKED))
    return tuple(path.relative_to(TEMPLATES).as_posix() for path in waiting)


def says_day(day: date, language: Language) -> str:
    """A day as people write it: "Thursday 3 December 2026", "dydd Iau 3 Rhagfyr 2026"."""
    return f"{_DAYS[language][day.weekday()]} {day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def says_time(at: time, language: Language) -> str:
    """A time of day as people write it: "3:30pm" in English, "15:30" in Welsh."""
    if language is Language.WELSH:
        return f"{at:%H:%M}"
    minutes = f":{at:%M}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def one_line(words: str) -> str:
    """Somebody's words as one line that is nothing but words: no control characters, no markup.

    Args:
        words: as they were given.
    """
    spaced = " ".join(words.split())
    shown = "".join(each for each in spaced if unicodedata.category(each) not in ("Cc", "Cf", "Cs") or each in _JOINERS)
    # What was taken out may have stood between two spaces.
    return _MARKUP.sub("", " ".join(shown.split()))


def shortened(words: str, most: int) -> str:
    """Words as one line that is not too long.

    Args:
        words: any; whitespace is evened out.
        most: how many characters there may be.
    """
    line = " ".join(words.split())
    if len(line) <= most:
        return line
    kept = line[: most - 3]
    return f"{kept.rpartition(' ')[0] or kept}..."


def _language(notice: NoticeToWrite, to: Audience) -> Language:
    wanted = notice.reader.language
    there = (TEMPLATES / wanted / f"{notice.name}.txt").exists()
    # Those who work on the case are written to in English: the Welsh templates have words for the family alone.
    return wanted if there and to is not Audience.STAFF else Language.ENGLISH


def _seen(notice: NoticeToWrite, to: Audience, language: Language) -> dict[str, Any]:
    """What a template sees."""
    seen = _plain(notice.model_dump(exclude={"reason"}))
    seen["reason"] = _paragraphs(notice.reason or "")
    if notice.reader.barred:
        seen["place"] = None
    if to is not Audience.STAFF:
        seen["child"], seen["children"] = None, ()
    return {
        "n": seen,
        "r": seen["reader"],
        "to": to,
        # Where the age is not known, words that anyone can follow.
        "age": notice.reader.age_band or AgeBand.FROM_7,
        "wales": notice.nation is Nation.WALES,
        "language": language,
    }


def _plain(value: Any) -> Any:
    """A value with every string in it made one line of words."""
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_plain(each) for each in value)
    return value


def _paragraphs(words: str) -> str:
    return "\n\n".join(filter(None, (one_line(each) for each in re.split(r"\r?\n[ \t]*\r?\n", words))))


def _block(template: Template, name: str, seen: dict[str, Any]) -> str:
    return "".join(template.blocks[name](template.new_context(seen)))


def _tidy(body: str) -> str:
    """The body of a template, whose lines are broken to fit the file, as paragraphs, headings and lists."""
    blocks: list[str] = []
    ended = True
    for line in (" ".join(line.split()) for line in body.splitlines()):
        if not line:
            ended = True
        elif line.startswith("* ") and blocks and blocks[-1].startswith("* "):
            blocks[-1] += f"\n{line}"
        elif ended or line.startswith(("* ", "# ")):
            blocks.append(line)
            ended = line.startswith("# ")
        else:
            blocks[-1] += f" {line}"
    return "\n\n".join(blocks)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        # Templates are part of the release: none changes while the process runs.
        auto_reload=False,
    )
    environment.filters["day"] = lambda day: says_day(day, Language.ENGLISH)
    environment.filters["dydd"] = lambda day: says_day(day, Language.WELSH)
    # After "ar", "i" and the like: "ar ddydd Iau".
    environment.filters["ddydd"] = lambda day: f"d{says_day(day, Language.WELSH)}"
    environment.filters["time"] = lambda at: says_time(at, Language.ENGLISH)
    environment.filters["amser"] = lambda at: says_time(at, Language.WELSH)
    environment.filters["cap"] = with_capital
    return environment


_ENVIRONMENT = _environment()
