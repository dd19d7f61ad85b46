"""Letters as they are printed."""

import re
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from post.letters import letter, pages, picture
from post.notice import AgeBand, DecisionLine, NoticeToWrite, Reader
from post.ways import Message
from post.wording import write
from rules.network import AccessNeed, Language, Way
from rules.vocabulary import Nation, Role
from tests.post import samples

PARENT = Reader(role=Role.PARENTS, name="Test Parent")
CHILD_UNDER_7 = Reader(role=Role.CHILD, age_band=AgeBand.UNDER_7, for_child=True)
LARGE = (AccessNeed.LARGE_PRINT,)
ADDRESS = ("1 Example Street", "Made-up Town", "ZZ99 9ZZ")

# Where Notify lets a letter have ink, in millimetres from the left and the top of the sheet: on the first page what
# stands above the address, the sender beside it, the address itself, and the words.
FIRST_PAGE = ((15, 5, 125, 30), (125, 5, 195, 95), (24.6, 39.5, 120, 66.3), (15, 95, 195, 292))


def _message(notice: NoticeToWrite, needs: tuple[AccessNeed, ...] = (), **changes: Any) -> Message:
    message = Message(
        reference="made-up-1",
        way=Way.LETTER,
        to_name="Test Person",
        address=ADDRESS,
        needs=needs,
        written=write(notice),
        sender="Made-up Council",
        sender_address=("Independent Reviewing Service", *samples.LETTERHEAD.address),
        on=date(2026, 11, 16),
    )
    return message.model_copy(update=changes)


def _long_decisions() -> NoticeToWrite:
    decisions = tuple(
        DecisionLine(text=f"Decision {number}: " + "do it soon. " * 20, owner="social worker", due=date(2026, 12, 31))
        for number in range(20)
    )
    return samples.full("decisions_circulated", PARENT).model_copy(update={"decisions": decisions})


CROWDED: dict[str, Any] = {
    "to_name": "Дмитрий " + "W" * 70,
    "address": tuple(f"{'Long line of an address ' * 3}{number}" for number in range(6)),
    "sender": "The Made-up Metropolitan Borough Council of Somewhere or Other",
    "sender_address": tuple(f"A line of the sender's address {number}" for number in range(8)),
}
LETTERS = {
    "plain": _message(samples.full("review_arranged", PARENT)),
    "small child": _message(samples.full("iro_appointed", CHILD_UNDER_7)),
    "welsh": _message(samples.full("review_arranged", samples.in_welsh(PARENT), Nation.WALES)),
    "large print": _message(samples.full("review_arranged", PARENT), LARGE),
    "long": _message(_long_decisions()),
    "crowded": _message(samples.full("review_arranged", PARENT), **CROWDED),
    "crowded in large print": _message(samples.full("review_arranged", PARENT), LARGE, **CROWDED),
}


def _ink(png: bytes) -> set[tuple[int, int]]:
    """The millimetres of a page in which something is printed."""
    width, height = struct.unpack(">II", png[16:24])
    assert png[24:26] == b"\x08\x06", "8 bits a channel, with alpha"
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        data += png[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    raw, stride, before = zlib.decompress(data), width * 4, bytes(width * 4)
    found = set()
    for row in range(height):
        line = _unfiltered(raw[row * (stride + 1)], raw[row * (stride + 1) + 1 : (row + 1) * (stride + 1)], before)
        found |= {
            (int(column / width * 210), int(row / height * 297)) for column in range(width) if line[column * 4] < 128
        }
        before = line
    return found


def _unfiltered(kind: int, line: bytes, above: bytes) -> bytes:
    """A row of a PNG, from what the file says of it and the row above."""
    out = bytearray(line)
    for index, value in enumerate(line):
        left, up, corner = (out[index - 4], above[index], above[index - 4]) if index > 3 else (0, above[index], 0)
        guess = left + up - corner
        nearest = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
        out[index] = (value + (0, left, up, (left + up) // 2, nearest)[kind]) % 256
    return bytes(out)


@pytest.mark.parametrize("name", ["plain", "crowded in large print"])
def test_nothing_is_printed_where_notify_lets_nothing_be(name: str) -> None:
    for column, row in _ink(picture(LETTERS[name], ppi=50)):
        inside = any(
            left - 1 <= column <= right + 1 and top - 1 <= row <= bottom + 1 for left, top, right, bottom in FIRST_PAGE
        )
        assert inside, f"{column} mm from the left, {row} mm from the top"


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_a_pdf_on_a4_with_its_fonts(name: str) -> None:
    pdf = letter(LETTERS[name])
    assert pdf.startswith(b"%PDF-1.") and pdf.rstrip().endswith(b"%%EOF")
    assert set(re.findall(rb"/MediaBox\[0 0 ([\d.]+ [\d.]+)\]", pdf)) == {b"595.2756 841.8898"}
    assert pdf.count(b"/FontFile") == len(re.findall(rb"/Type/FontDescriptor\b", pdf)) > 0
    assert len(re.findall(rb"/Type/Page\b", pdf)) == pages(LETTERS[name]) <= 10


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_the_same_each_time(name: str) -> None:
    assert letter(LETTERS[name]) == letter(LETTERS[name])


def test_a_letter_has_as_many_pages_as_it_needs() -> None:
    assert pages(LETTERS["small child"]) == 1
    assert pages(LETTERS["long"]) > 2
    assert pages(LETTERS["large print"]) > pages(LETTERS["plain"])


def test_the_subject_and_the_headings_are_in_the_pdf_for_those_who_cannot_see_it() -> None:
    pdf = letter(LETTERS["plain"])
    for heading in (b"What you think", b"Who comes", b"How to reach Test Reviewer"):
        assert b"/Title(" + heading in pdf
    assert b"/StructTreeRoot" in pdf and b"/Marked true" in pdf
    assert b"/Author(Made-up Council)" in pdf and b"/CreationDate(D:20261116" in pdf


@pytest.mark.parametrize("name, language", [("plain", b"en"), ("welsh", b"cy")])
def test_the_pdf_says_in_which_language_it_is(name: str, language: bytes) -> None:
    assert re.search(rb"/Lang\(" + language + rb"\b", letter(LETTERS[name]), re.IGNORECASE)


@pytest.mark.parametrize(
    "words",
    [
        "Дмитрий Тестовий",
        "Siân Ŵyn Ŷ",
        "Test \N{GRINNING FACE}\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-4}",
        "李 محمد",
        "<b>Test</b>",
        '#panic("no") $x$ *bold* _it_ @ref <label> \\ #import "/etc/passwd"',
        '"}); #read("letter.typ")',
        "\x00\x1b\u202e",
        "x" * 500,
        "https://example.org/" + "a/b?c=d&" * 60,
        "A reason. " * 400,
    ],
)
def test_whatever_is_said_is_printed_as_words(words: str) -> None:
    notice = samples.full("iro_change_declined", Reader(role=Role.CHILD, age_band=AgeBand.FROM_12))
    message = _message(
        notice.model_copy(update={"reason": f"# {words}"}), to_name=words, address=(words[:80], *ADDRESS)
    )
    assert letter(message).startswith(b"%PDF")


def test_a_long_link_stays_on_the_page() -> None:
    notice = samples.full("review_arranged", PARENT).model_copy(update={"link": "https://example.org/" + "x" * 300})
    assert max(column for column, _ in _ink(picture(_message(notice), ppi=50))) < 195


def test_a_letter_without_a_name_or_a_senders_address_is_made() -> None:
    message = _message(samples.bare("review_arranged", PARENT), to_name=None, sender_address=())
    assert letter(message).startswith(b"%PDF")


def test_english_is_the_language_where_there_is_no_welsh() -> None:
    worker = Reader(role=Role.IRO_MANAGER, language=Language.WELSH)
    message = _message(samples.full("escalation", worker, Nation.WALES))
    assert re.search(rb"/Lang\(en\b", letter(message), re.IGNORECASE)


def test_letters_are_made_side_by_side_without_mixing() -> None:
    names = list(LETTERS) * 3
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda name: letter(LETTERS[name]), names))
    assert made == [letter(LETTERS[name]) for name in names]
