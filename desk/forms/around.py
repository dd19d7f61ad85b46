"""What is known around a child when a form is filled in: what there is to choose from. Read from the register alone."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property

from sqlalchemy import Engine

from desk.access import may_do
from desk.forms import beside
from desk.forms.beside import challenge_words, dispute_words, in_short
from desk.forms.controls import Choice
from desk.forms.of_step import asks_the_case, fields_of
from desk.forms.words import Source
from desk.forms.words.choices import CHANGES
from desk.forms.words.choices_beside import STAGES
from desk.parts import Desk
from desk.settling import may_answer
from desk.viewer import Viewer
from register import directory, queries
from register.contacts import network
from register.queries import EpisodeLine
from register.recorded import facts_of, settled_facts
from register.work_names import names_of_people
from rules.acceptance.follow_up import NEVER_EXEMPTED
from rules.case import REVISIONS, Case
from rules.challenges import Challenge, challenges_of
from rules.dispute_policy import STAGES as STAGES_OF_A_DISPUTE
from rules.disputes import disputes_of
from rules.facts.care import ExemptionEnded, StepExempted
from rules.facts.changes import ChangeConsidered, SignificantChange
from rules.facts.reviews import DecisionMade
from rules.steps import ReviewLine, Step
from rules.vocabulary import Role
from rules.wording import in_full, plain, short

MOST_REVIEWS = 6
OF_A_REVIEW = "interim"

_CHOSEN_FROM = beside.CHOSEN_FROM | {
    "fact_corrected",
    "fact_withdrawn",
    "decision_made",
    "step_exempted",
    "exemption_ended",
    "significant_change",
    "change_considered",
}
"""The kinds of facts that a field may have to choose from, and those that correct them."""


class Around:
    """A child's case, as a form needs it. Each part is read when it is first asked for."""

    def __init__(self, desk: Desk, viewer: Viewer, line: EpisodeLine) -> None:
        """Look at this child's case.

        Args:
            desk: the parts.
            viewer: who fills the form in.
            line: the child's episode.
        """
        self.register: Engine = desk.register
        self.line = line
        self.today: date = desk.today
        self._viewer = viewer

    def may(self, act: str) -> bool:
        """Whether whoever fills the form in may record an act."""
        return may_do(self._viewer, act)

    def may_answer(self, addressed_to: Role) -> bool:
        """Whether whoever fills the form in may record the answer of a post."""
        return may_answer(self._viewer, addressed_to)

    @cached_property
    def child_name(self) -> str | None:
        """The child's name, where the network has it."""
        known = network(self.register, self.line.authority, self.line.child).contacts
        return next((each.name for each in known if each.role is Role.CHILD), None)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The names of all the authority's people, by reference."""
        return {each.reference: each.name for each in directory.people(self.register, self.line.authority)}

    def names_of(self, references: Iterable[str]) -> dict[str, str]:
        """The names of some people, by reference; whoever is not in the directory by the reference itself."""
        wanted = list(references)
        return {each: each for each in wanted} | names_of_people(self.register, wanted)

    @cached_property
    def open_steps(self) -> tuple[Step, ...]:
        """What is owed, the earliest due first; not what the system owes itself."""
        found = queries.steps(self.register, self.line.id, only_open=True)
        return tuple(step for step in found if step.owner is not Role.SYSTEM)

    @cached_property
    def reviews(self) -> tuple[ReviewLine, ...]:
        """The statutory reviews held, the latest first."""
        held = queries.reviews(self.register, self.line.id)
        return tuple(line for line in reversed(held) if line.name != OF_A_REVIEW)

    @cached_property
    def case(self) -> Case:
        """The facts that a field may have to choose from, as they stand: those that may still be referred to."""
        settled = settled_facts(self.register, self.line.id)
        kept = facts_of(self.register, self.line.id, _CHOSEN_FROM)
        return Case(entry for entry in kept if entry.fact.id not in settled or isinstance(entry.fact, REVISIONS))

    @cached_property
    def challenges(self) -> tuple[Challenge, ...]:
        """Every challenge."""
        return challenges_of(self.case)

    def choices(self, source: Source) -> tuple[Choice, ...]:
        """What there is to choose from.

        Args:
            source: of what.

        Raises:
            RegisterUnavailable: the database cannot be used.
        """
        return tuple(Choice(value=value, text=text) for value, text in _READERS[source](self))

    def step(self, key: str) -> Step | None:
        """An open step by its key."""
        return next((step for step in self.open_steps if step.key == key), None)

    def told_by(self, key: str) -> Mapping[str, str]:
        """What a step tells of the fields of the act that settles it, beside what its key tells.

        Args:
            key: the step's; empty for none.
        """
        return fields_of(self.case, key) if asks_the_case(key) else {}

    def decision_text(self, reference: str) -> str | None:
        """What a decision says, by its reference."""
        made = self.case.all(DecisionMade)
        return next((known.fact.text for known in made if known.fact.decision == reference), None)


def _who_are(role: Role) -> Callable[[Around], Iterator[tuple[str, str]]]:
    """Those of the authority who hold a post today."""

    def found(around: Around) -> Iterator[tuple[str, str]]:
        for person in directory.people(around.register, around.line.authority, role):
            if person.holds_on(around.today):
                yield person.reference, person.name

    return found


def _reviews(around: Around) -> Iterator[tuple[str, str]]:
    for review in around.reviews[:MOST_REVIEWS]:
        yield review.completed_on.isoformat(), f"{plain(review.name).capitalize()}, {in_full(review.completed_on)}"


def _decisions(around: Around) -> Iterator[tuple[str, str]]:
    for step in around.open_steps:
        reference = step.key.partition(".")[2]
        if step.name == "decision":
            text = around.decision_text(reference) or step.title
            yield reference, f"{in_short(text)} (due {short(step.due)})"


def _challenges(around: Around) -> Iterator[tuple[str, str]]:
    for challenge in around.challenges:
        if challenge.closed_by is None:
            yield challenge.id, challenge_words(challenge)


def _challenges_to_answer(around: Around) -> Iterator[tuple[str, str]]:
    for challenge in around.challenges:
        if challenge.closed_by is None and around.may_answer(challenge.raised.fact.addressee):
            yield challenge.id, challenge_words(challenge)


def _disputes_to_answer(around: Around) -> Iterator[tuple[str, str]]:
    for dispute in disputes_of(around.case):
        owing = (at.stage for at in dispute.stages if at is dispute.now_at or not at.answered)
        if dispute.closed_by is None and any(map(around.may_answer, owing)):
            yield dispute.id, dispute_words(dispute)


def _stages_to_answer(around: Around) -> Iterator[tuple[str, str]]:
    for stage in STAGES_OF_A_DISPUTE:
        if around.may_answer(stage):
            yield stage.value, STAGES[stage]


def _every_challenge(around: Around) -> Iterator[tuple[str, str]]:
    for challenge in reversed(around.challenges):
        yield challenge.id, challenge_words(challenge)


def _changes(around: Around) -> Iterator[tuple[str, str]]:
    considered = {known.fact.change for known in around.case.all(ChangeConsidered)}
    for known in around.case.all(SignificantChange):
        if known.id not in considered:
            yield known.id, f"{CHANGES[known.fact.change]} ({short(known.fact.happened_on)})"


def _to_consider(around: Around) -> Iterator[tuple[str, str]]:
    return beside.to_consider(around.case, {step.key for step in around.open_steps})


def _undelivered(around: Around) -> Iterator[tuple[str, str]]:
    for step in around.open_steps:
        if step.name == "deliver_notice":
            yield step.key.partition(".")[2], step.title


def _open_steps(around: Around) -> Iterator[tuple[str, str]]:
    """What may be exempted."""
    for step in around.open_steps:
        if step.name not in NEVER_EXEMPTED:
            yield step.key, f"{step_title(around, step)} (due {short(step.due)})"


def _exempt_steps(around: Around) -> Iterator[tuple[str, str]]:
    titles = {step.key: step.title for step in queries.steps(around.register, around.line.id)}
    ended = {known.fact.step: known for known in around.case.all(ExemptionEnded)}
    latest = {known.fact.step: known for known in around.case.all(StepExempted)}
    for key, known in latest.items():
        again = ended.get(key)
        if not (again and again.when > known.when):
            yield key, titles.get(key, key)


def step_title(around: Around, step: Step) -> str:
    """A step's title; of a decision, what it says."""
    if step.name != "decision":
        return step.title
    text = around.decision_text(step.key.partition(".")[2])
    return f"Decision: {in_short(text)}" if text else step.title


def _beside(reader: beside.Reader) -> Callable[[Around], Iterator[tuple[str, str]]]:
    """What is open beside the cycle."""

    def found(around: Around) -> Iterator[tuple[str, str]]:
        return reader(around.case, around.today)

    return found


_READERS: Mapping[Source, Callable[[Around], Iterator[tuple[str, str]]]] = {
    Source.IROS: _who_are(Role.IRO),
    Source.SOCIAL_WORKERS: _who_are(Role.SOCIAL_WORKER),
    Source.TEAM_MANAGERS: _who_are(Role.TEAM_MANAGER),
    Source.REVIEWS: _reviews,
    Source.DECISIONS: _decisions,
    Source.CHALLENGES: _challenges,
    Source.EVERY_CHALLENGE: _every_challenge,
    Source.CHALLENGES_TO_ANSWER: _challenges_to_answer,
    Source.DISPUTES_TO_ANSWER: _disputes_to_answer,
    Source.STAGES_TO_ANSWER: _stages_to_answer,
    Source.CHANGES: _changes,
    Source.UNDELIVERED: _undelivered,
    Source.OPEN_STEPS: _open_steps,
    Source.EXEMPT_STEPS: _exempt_steps,
    Source.DISPUTES_TO_CONSIDER: _to_consider,
    **{source: _beside(reader) for source, reader in beside.READERS.items()},
}
