"""How the service runs, made ready to be shown to those who run it: codes, counts and episodes' ids, and no name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlencode

from desk.seen.children import stage_words
from desk.templating import moment
from register.queries import EpisodeLine
from register.work import OverdueCounts, TaskLine
from rules.steps import Step
from rules.vocabulary import Frozen, Phase
from rules.wording import plain, short

Pairs = list[tuple[str, str]]
"""What is told, each with its value."""


class Narrowed(Frozen):
    """Which episodes are asked for; None, and False for `overdue`, leaves a filter out."""

    stage: Phase | None = None
    rung: str | None = None
    overdue: bool = False

    @property
    def is_of_steps(self) -> bool:
        """Whether it is steps that are listed: a rung is reached by a step, and it is a step that is overdue."""
        return self.overdue or self.rung is not None

    def href(self, after: str | None = None) -> str:
        """The address of this list."""
        given = {"stage": self.stage, "rung": self.rung, "overdue": "true" if self.overdue else None, "after": after}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"/operations/episodes?{query}" if query else "/operations/episodes"


class CountSeen(NamedTuple):
    """A number that leads to its list; to none where `href` is None."""

    words: str
    number: int
    href: str | None


class StepSeen(NamedTuple):
    """A step: whose episode, its key and stage, by when it is or was owed, how it stands, and the rungs it reached."""

    episode: str
    href: str
    key: str
    stage: str
    owner: str
    due: str
    practical_due: str
    state: str
    rungs: str
    cycle: int


class EpisodeSeen(NamedTuple):
    """An episode in a list, without names."""

    episode: str
    href: str
    stage: str
    next_due: str
    overdue: int
    rung: str
    revision: int


def stage_boxes(counts: OverdueCounts) -> list[CountSeen]:
    """The numbers by stage, each with its list."""
    return [
        CountSeen(stage_words(stage), number, Narrowed(stage=stage, overdue=True).href())
        for stage, number in counts.by_stage.items()
    ]


def rung_boxes(counts: OverdueCounts) -> list[CountSeen]:
    """The numbers by rung, each with its list."""
    return [
        CountSeen(plain(rung).capitalize() if rung else "No rung yet", number, _of_rung(rung))
        for rung, number in counts.by_rung.items()
    ]


def episodes_seen(lines: Iterable[EpisodeLine]) -> list[EpisodeSeen]:
    """A page of episodes."""
    return [
        EpisodeSeen(
            episode=line.id,
            href=href_of(line.id),
            stage=stage_words(line.stage),
            next_due=short(line.next_due) if line.next_due else "nothing owed",
            overdue=line.overdue,
            rung=plain(line.highest_rung or ""),
            revision=line.revision,
        )
        for line in lines
    ]


def overdue_seen(lines: Iterable[TaskLine]) -> list[StepSeen]:
    """A page of overdue steps."""
    return [_step(line.episode, line.step, (line.rung,) if line.rung else ()) for line in lines]


def steps_seen(episode: str, steps: Iterable[Step], rungs: Mapping[str, Sequence[str]]) -> list[StepSeen]:
    """The steps of one episode.

    Args:
        episode: its id.
        steps: in order.
        rungs: those that each has reached, by the step's key.
    """
    return [_step(episode, step, rungs.get(step.key, ())) for step in steps]


def episode_facts(line: EpisodeLine) -> Pairs:
    """What there is to know of an episode to run it."""
    return [
        ("Authority", line.authority),
        ("Nation", line.nation.value.title()),
        ("Stage", stage_words(line.stage)),
        ("Next last day", short(line.next_due) if line.next_due else "nothing owed"),
        ("Steps overdue", str(line.overdue)),
        ("Highest rung", plain(line.highest_rung or "none")),
        ("Revision", str(line.revision)),
        ("Rules", line.rules_version),
        ("Policy", line.policy_version),
        ("Calendar", line.calendar_version),
        ("Opened", moment(line.opened_at)),
        ("Last published", moment(line.published_at)),
        ("Care", "voided" if line.void else "ended" if line.ended_on else "goes on"),
        ("Nothing more is owed", "yes" if line.finished else "no"),
    ]


def workflow_href(web_page: str | None, namespace: str, episode: str) -> str | None:
    """Where Temporal's web page shows an episode's workflow; None where no web page is known.

    Args:
        web_page: its address, without a slash at the end.
        namespace: the workflow's.
        episode: the workflow's id.
    """
    if web_page is None:
        return None
    return f"{web_page.rstrip('/')}/namespaces/{quote(namespace, safe='')}/workflows/{quote(episode, safe='')}"


def href_of(episode: str) -> str:
    """The page of an episode, without names."""
    return f"/operations/episodes/{episode}"


def _of_rung(rung: str | None) -> str | None:
    return Narrowed(rung=rung, overdue=True).href() if rung else None


def _step(episode: str, step: Step, rungs: Sequence[str]) -> StepSeen:
    return StepSeen(
        episode=episode,
        href=href_of(episode),
        key=step.key,
        stage=stage_words(step.phase),
        owner=step.owner.words,
        due=short(step.due),
        practical_due=short(step.basis.practical_due),
        state=plain(step.state),
        rungs=", ".join(plain(rung) for rung in rungs),
        cycle=step.cycle,
    )
