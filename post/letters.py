"""Letters as PDF: one layout for all, in `letter.typ`, for the envelope's window and for GOV.UK Notify."""

import json
import re
import unicodedata
from pathlib import Path
from typing import Any, Literal

import typst

from post.ways import Message
from post.wording import one_line, says_day
from rules.network import AccessNeed, Language
from rules.wording import with_capital

PRINT, LARGE_PRINT = 12, 18
"""Points. Large print is 18 (RNIB's clear print guidance: 16 to 18 at least)."""

_LAYOUT = Path(__file__).with_name("letter.typ")
_PAGE = {Language.ENGLISH: ("Page", "of"), Language.WELSH: ("Tudalen", "o")}

_PICTURES = re.compile("[\N{WATCH}-\N{TIMER CLOCK}\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_WITHOUT_SHAPE = re.compile("[\N{ZERO WIDTH JOINER}\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_APOSTROPHE = re.compile(r"(?<=\w)'(?!\s)|(?<=s)'")
_LONG = re.compile(r"\S{32,}")
_BREAK = "\N{ZERO WIDTH SPACE}"


def letter(message: Message) -> bytes:
    """A message as a letter.

    Args:
        message: one whose way is the letter.

    Returns:
        A PDF with its fonts in it; the same message gives the same bytes.
    """
    return _compiled(message, "pdf")[0]


def picture(message: Message, *, ppi: int = 100) -> bytes:
    """The first page of a letter as a PNG, to be looked at.

    Args:
        message: one whose way is the letter.
        ppi: pixels an inch.
    """
    return _compiled(message, "png", ppi)[0]


def pages(message: Message) -> int:
    """How many pages a letter has; Notify takes no more than ten."""
    return len(_compiled(message, "png", ppi=10))


def _compiled(message: Message, form: Literal["pdf", "png"], ppi: int | None = None) -> list[bytes]:
    # What is said reaches the layout as data alone: nothing in it is ever read as Typst.
    inputs = {"letter": json.dumps(_letter(message))}
    # A compiler of its own for each: one cannot be used by two threads, and none keeps what another letter said.
    compiler = typst.Compiler(_LAYOUT, root=_LAYOUT.parent, ignore_system_fonts=True)
    made = compiler.compile(format=form, sys_inputs=inputs, ppi=ppi)
    assert made is not None
    return made if isinstance(made, list) else [made]


def _letter(message: Message) -> dict[str, Any]:
    written = message.written
    page, of = _PAGE[written.language]
    return {
        "language": str(written.language),
        "size": LARGE_PRINT if AccessNeed.LARGE_PRINT in message.needs else PRINT,
        "sender": printable(message.sender),
        "sender_address": [printable(line) for line in message.sender_address],
        "to": [printable(line) for line in (message.to_name, *message.address) if line],
        "on": [message.on.year, message.on.month, message.on.day],
        "day": printable(with_capital(says_day(message.on, written.language))),
        "subject": printable(written.subject),
        "parts": [_part(block) for block in written.body.split("\n\n") if block.strip()],
        "page": page,
        "of": of,
    }


def _part(block: str) -> dict[str, Any]:
    if block.startswith("* "):
        return {"kind": "list", "items": [printable(line.removeprefix("* ")) for line in block.splitlines()]}
    if block.startswith("# "):
        return {"kind": "heading", "words": printable(block.removeprefix("# "))}
    return {"kind": "paragraph", "words": printable(block)}


def printable(words: str) -> str:
    """Words without what no font has: emoji are told by their names, and what is too long for a line may break.

    Args:
        words: of anybody.
    """
    line = _WITHOUT_SHAPE.sub("", one_line(words))
    told = _PICTURES.sub(lambda found: f" ({unicodedata.name(found[0], 'picture').lower()}) ", line)
    return _LONG.sub(lambda found: _breakable(found[0]), " ".join(_typeset(word) for word in told.split()))


def _typeset(word: str) -> str:
    """A word with the apostrophe of print, unless it is an address, which has to be typed as it stands."""
    return word if "@" in word or "/" in word else _APOSTROPHE.sub("’", word)


def _breakable(word: str) -> str:
    """A long word, most often a link, that may be broken after any mark in it, and now and then where there is none."""
    return re.sub(r"([^\w\s]|\w{16})(?=.)", rf"\1{_BREAK}", word)
