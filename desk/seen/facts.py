"""What a fact says, in words: its title, and each of its fields with the words that its form has for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from typing import Any, NamedTuple

from client.happenings import recorded
from desk.forms.controls import as_clause
from desk.forms.words import WORDS, FieldWords
from desk.seen.names import Names, called
from rules.case import Case
from rules.clock import end_of
from rules.facts import Fact, FactCorrected, FactWithdrawn
from rules.facts.base import FactBase
from rules.facts.reviews import DecisionMade
from rules.limits import LIMITS
from rules.vocabulary import Nation, Role
from rules.wording import in_full, listed, plain, with_capital

_OF_EVERY_FACT = frozenset({"id", "on", "by", "kind"})
_OF_THE_OPENING = frozenset({"authority", "nation", "child", "birth_date"})
"""What the top of the page says, or nobody asks for."""
_PEOPLE = frozenset({"iro", "cover", "chaired_by", "owner_reference", "social_worker", "team_manager"})
_FACTS = frozenset(
    {
        "challenge",
        "follows",
        "apart_from",
        "change",
        "notice",
        "dispute",
        "referral",
        "request",
        "proceedings",
        "document",
        "hearing",
        "complaint",
        "wish",
    }
)
"""Fields that name another fact."""


class Said(NamedTuple):
    """One field of a fact.

    Attributes:
        label: what it tells.
        value: the same in words.
    """

    label: str
    value: str


@dataclass(frozen=True)
class Speaker:
    """Puts the facts of one case in words.

    Attributes:
        case: the facts that stand.
        names: by reference.
        by_id: every fact, by its id, as it was recorded.
    """

    case: Case
    names: Names
    by_id: Mapping[str, Fact]

    def said(self, fact: Fact) -> list[Said]:
        """What a fact says beside its day."""
        if isinstance(fact, FactCorrected):
            return [*self._corrected(fact), Said("Why", fact.reason)]
        if isinstance(fact, FactWithdrawn):
            return [Said("Takes back", self.named(fact.withdraws)), Said("Why", fact.reason)]
        return list(self._fields(fact))

    def named(self, fact_id: str) -> str:
        """Another fact by what it is and its day; its id where it is not known."""
        fact = self.by_id.get(fact_id)
        return f"{title_of(fact)}, {in_full(fact.on)}" if fact else fact_id

    @cached_property
    def standing(self) -> dict[str, Fact]:
        """The facts that stand, by id, as they were last corrected."""
        return {known.id: known.fact for known in self.case.standing}

    def stands(self, fact: Fact) -> bool:
        """Whether a fact was not withdrawn; corrections and withdrawals always stand."""
        return isinstance(fact, FactCorrected | FactWithdrawn) or fact.id in self.standing

    def marks(self, fact: Fact) -> Iterator[str]:
        """What became of a fact since."""
        if not self.stands(fact):
            yield "Withdrawn since"
        elif any(each.right.id == fact.id for each in self.case.corrections):
            yield "Corrected since; shown as it stands now"

    @cached_property
    def decisions(self) -> dict[str, str]:
        """What was decided, by the decision's reference, as last corrected."""
        return {known.fact.decision: known.fact.text for known in self.case.all(DecisionMade)}

    def _fields(self, fact: FactBase) -> Iterator[Said]:
        form = WORDS.get(kind_of(fact))
        words = form.fields if form else {}
        given = [name for name in type(fact).model_fields if name not in _OF_EVERY_FACT | _OF_THE_OPENING]
        for name in sorted(given, key=lambda name: list(words).index(name) if name in words else len(words)):
            value, field = getattr(fact, name), type(fact).model_fields[name]
            if value is None or value == () or (value == field.default and not field.is_required()):
                continue
            yield Said(_label(name, words.get(name)), self._value(name, value, words.get(name)))

    def _corrected(self, fact: FactCorrected) -> Iterator[Said]:
        """What a correction changes of the fact as it read before."""
        yield Said("Corrects", self.named(fact.corrects))
        made = next((each for each in self.case.corrections if each.id == fact.id), None)
        if made is None:
            return
        form = WORDS.get(kind_of(made.right))
        words = form.fields if form else {}
        if made.wrong.on != made.right.on:
            yield Said("The day", f"{in_full(made.right.on)}, not {in_full(made.wrong.on)}")
        for name in type(made.right).model_fields:
            before, now = getattr(made.wrong, name, None), getattr(made.right, name)
            if name not in _OF_EVERY_FACT and before != now:
                said = [self._value(name, each, words.get(name)) for each in (now, before)]
                yield Said(_label(name, words.get(name)), f"{said[0]}, not {said[1]}")

    def _value(self, name: str, value: Any, words: FieldWords | None) -> str:
        if isinstance(value, tuple):
            said = [self._value(name, each, words) for each in value]
            return listed([*said[:1], *(as_clause(each) for each in said[1:])]) or "nobody"
        if value is None or value == "":
            return "nothing"
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, date):
            return in_full(value)
        if isinstance(value, time):
            return f"{value:%H:%M}"
        if words and str(value) in words.choices:
            return words.choices[str(value)]
        if isinstance(value, Role):
            return f"The {value.words}"
        return self._reference(name, str(value))

    def _reference(self, name: str, value: str) -> str:
        """What a reference or a code stands for; anybody's own words as they are."""
        if name in _PEOPLE:
            return called(value, self.names)
        if name == "decision":
            text = self.decisions.get(value)
            return f"{value}: {text}" if text else value
        if name in _FACTS:
            return self.named(value)
        if name == "step":
            return step_title(value)
        return value


def title_of(fact: Fact) -> str:
    """What happened, in a few words: Review held."""
    return recorded(end_of(fact.on), fact).what


def kind_of(fact: FactBase) -> str:
    """The act's name."""
    return str(type(fact).model_fields["kind"].default)


def step_title(key: str) -> str:
    """What the step of a key is called."""
    limit = LIMITS[Nation.ENGLAND].get(key.partition(".")[0])
    return limit.title if limit else key


def _label(name: str, words: FieldWords | None) -> str:
    return words.label if words else with_capital(plain(name))
