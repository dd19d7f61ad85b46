"""What the rules refuse, put beside the field it is about, and in the words of the forms.

The rules speak to a case system as well: they name fields and acts as the API does. A page names them as it shows them.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from desk.forms.around import Around
from desk.forms.controls import as_clause
from desk.forms.words import WORDS

_IN_BRACKETS = re.compile(r"\s*\((?:fact [\w.-]+|(?:correct its )?([a-z_]+)(?:(?:, |=)[^)]*)?)\)")
"""What stands there for a case system: which fact is meant, or how a field or an act is named."""
_CODE = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")

_OF_THE_DAY = (
    r"has not come yet|is before the child became looked after|^Care ended|^A review was (?:held|completed) on"
    r"|^A review held on|had no IRO on|no review had been held by|cannot come before|^No review had been held"
    r"|was to be completed by|was made later|was raised later|told of this change later|check the day"
    r"|^Less than 24 hours|lasted less than 24 hours|had been appointed by"
    r"|what comes of it cannot be before|would then come before|nothing has come of it yet|it cannot be given before"
    r"|it was asked for by then|wanted no more of it before|had no IRO by that day|cannot have ended before"
)
_OF_A_CHALLENGE = r"^There is no (?:such )?(?:open )?challenge|^The challenge .* was"
_AT_THE_DESK = re.compile(r" Ask them, or record under their reference what they did \(by\)\.")
"""What a case system and the command line can do, and nobody at the desk: there everybody records in their own name."""
OF_DISPUTES: tuple[tuple[str, str], ...] = (
    (r"^The child cannot need it resolved before", "needed_by"),
    (r"^The dispute .* is open|^The dispute .* was closed later", "follows"),
    (r"had not come to the|^The .* answered on", "stage"),
    (r"^There is no such (?:open )?dispute|^The dispute .* was (?:closed|resolved|withdrawn)", "dispute"),
    (r"answered; say whether", "dispute"),
    (r"^Whether to refer it was decided", "dispute"),
    (r"it can only be taken up from there", "to"),
    (r"^A pause lasts until", "until"),
    (r"^There is no such referral|^Cafcass replied on", "referral"),
    (r"^There is no such (?:request|wish for)|^That advice was given|^That was recorded on", "request"),
)
OF_THE_COURT: tuple[tuple[str, str], ...] = (
    (r"^The proceedings (?:were issued|ended)|^That hearing is listed|is past; a hearing is moved", "held_on"),
    (r"^There are no such proceedings|^The proceedings .* ended|^No guardian was appointed", "proceedings"),
    (r"^There is no such hearing|^The day of that hearing|^That hearing was not held", "hearing"),
    (r"^That was told on|^What came of that hearing", "hearing"),
    (r"^Such proceedings were recorded|are of the same kind", "about"),
    (r"^There is no such court document|^The IRO had it on", "document"),
)
OF_THE_CHILD: tuple[tuple[str, str], ...] = (
    (r"^There is no such complaint|^That complaint is not about|^That was recorded on", "complaint"),
    (r"^There is no such wish|^That was recorded on", "wish"),
)
ABOUT: tuple[tuple[str, str], ...] = (
    (r"^PN0 is for a child under 4|is for a child of 4 or more", "participation"),
    (r"^Say why: the outcome|needs a reason", "reason"),
    (r"^By .* the child is 18", "planned_for"),
    (r"^By .* the child is 18", "before"),
    (r"cannot be arranged for a day that had passed", "planned_for"),
    (r"the early review is required had passed|brought forward had passed", "before"),
    (r"is for a child who is not in care under an order", "ground"),
    (r"^The review opened on|^The review opened before|cannot be completed before it opened", "opened_on"),
    (r"may be adjourned for at most|reconvenes on a later day", "reconvene_on"),
    (r"decision cannot be due before", "due"),
    (r"^(?:Cover|The exemption) ends before it begins", "until"),
    (r"has a conflict of interest with this child|is the child's IRO already", "iro"),
    (r"cannot cover for themselves", "cover"),
    (r"^A child is not kin|is recorded as the child's|recorded already\.$", "kin"),
    (_OF_A_CHALLENGE, "challenge"),
    (_OF_A_CHALLENGE, "follows"),
    (r"^There is no such change|^This change was considered", "change"),
    (r"cannot be exempted", "step"),
    *OF_DISPUTES,
    *OF_THE_COURT,
    *OF_THE_CHILD,
    (r"^No review was held on", "review"),
    (r"said to have happened on|before the child became looked after .*check the day it happened", "happened_on"),
    (r"cannot take effect before", "takes_effect"),
    (r"^The detention cannot end before", "detained_until"),
    (r"^An answer cannot be owed before", "answer_by"),
    (_OF_THE_DAY, "on"),
)
"""How to tell which field a refusal is about where it does not name it: what it says, and the act's field."""


def placed(sentence: str, names: Mapping[str, str], around: Around) -> tuple[str, str]:
    """A refusal, and the form's field it is to stand beside; an empty one where it is about the whole.

    Args:
        sentence: as the rules say it.
        names: the form's field for each field of the act.
        around: the case, for the names of the people it speaks of.
    """
    return names.get(_field(sentence, names), ""), said(sentence, around)


def said(sentence: str, around: Around) -> str:
    """A refusal in the words of the forms."""
    sentence = _AT_THE_DESK.sub(" Ask them.", sentence)
    told = _IN_BRACKETS.sub(lambda found: found[0] if _is_of_people(found[1]) else "", sentence)
    return named(_CODE.sub(lambda found: _in_words(found[0]), told), around)


def named(sentence: str, around: Around) -> str:
    """A sentence with the names of the authority's people in place of their references."""
    for reference in sorted(around.names, key=len, reverse=True):
        if reference in sentence:
            whole = rf"(?<![\w.-]){re.escape(reference)}(?![\w-])"
            sentence = re.sub(whole, around.names[reference].replace("\\", ""), sentence)
    return sentence


def _field(sentence: str, names: Mapping[str, str]) -> str:
    named_there = (*_IN_BRACKETS.findall(sentence), *_CODE.findall(sentence))
    found = next((name for name in named_there if name in names), None)
    return found or next((field for words, field in ABOUT if field in names and re.search(words, sentence)), "")


def _is_of_people(word: str | None) -> bool:
    """Whether what stands in brackets is a word of people: no fact, and no name of a field, an act or a step."""
    return word is not None and "_" not in word and word not in _known_names()


def _in_words(code: str) -> str:
    """What a form calls an act, a field or a code."""
    if code in WORDS:
        return f"“{WORDS[code].title}”"
    return _known_words().get(code, code.replace("_", " "))


@cache
def _known_names() -> frozenset[str]:
    """The fields, acts and codes of the forms; `on` is a field of every act."""
    return frozenset({"on", *WORDS, *_known_words(), *(name for act in WORDS.values() for name in act.fields)})


@cache
def _known_words() -> Mapping[str, str]:
    return dict(_words())


def _words() -> Iterator[tuple[str, str]]:
    for act in WORDS.values():
        for name, field in act.fields.items():
            yield from ((str(code), as_clause(words)) for code, words in field.choices.items() if "_" in code)
            if "_" in name:
                yield name, f"“{field.label}”"
