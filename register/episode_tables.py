"""The tables of the episodes: what happened in each, what is owed, and who is told of it.

A row's `revision` is the publication that last changed it. Every timestamp is an instant in UTC, every date a London
date. `migrations/` makes these tables; a test compares them.
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    literal_column,
)
from sqlalchemy.orm import Mapped, mapped_column

from register.columns import Structured
from register.metadata import Base, partial_index
from rules.addressing import NotSent
from rules.codes import ParticipationCode
from rules.dispute import RESOLVE
from rules.facts import Fact
from rules.steps import Basis
from rules.vocabulary import Nation, Phase, Role, StepState


class EpisodeRow(Base):
    """One period of care, as last published."""

    __tablename__ = "episode"
    __table_args__ = (
        # Finding a child and the IRO they have reads this alone.
        partial_index(
            "ix_episode_looked_after",
            # The last two are what `where` looks at: SQLite reads an index alone only when it holds these as well.
            *("authority", "child", "iro", "proposed_iro", "ended_on", "void"),
            where="ended_on IS NULL AND void = false",
            sqlite_where="ended_on IS NULL AND void = 0",
        ),
        partial_index("ix_episode_cover", "cover", where="cover IS NOT NULL"),
        partial_index("ix_episode_proposed_iro", "proposed_iro", where="proposed_iro IS NOT NULL"),
        # In the order in which the desk lists them.
        Index("ix_episode_due", "authority", "next_due", "id"),
        Index("ix_episode_stage_due", "authority", "stage", "next_due", "id"),
        Index("ix_episode_child", "authority", "child"),
    )

    id: Mapped[str] = mapped_column(String, primary_key=True)
    authority: Mapped[str]
    nation: Mapped[Nation]
    child: Mapped[str]
    child_digest: Mapped[str] = mapped_column(index=True)
    birth_date: Mapped[date]
    became_looked_after: Mapped[date]
    short_breaks: Mapped[bool]
    iro: Mapped[str | None] = mapped_column(index=True)
    cover: Mapped[str | None]
    social_worker: Mapped[str | None] = mapped_column(index=True)
    team_manager: Mapped[str | None] = mapped_column(index=True)
    stage: Mapped[Phase]
    next_due: Mapped[date | None]
    """The earliest last day among the open steps, past ones too."""
    overdue: Mapped[int]
    """Steps overdue on the day of publication; a reader counts them anew for its own day."""
    highest_rung: Mapped[str | None]
    """The rung furthest up a ladder that an open step has reached."""
    revision: Mapped[int]
    rules_version: Mapped[str]
    policy_version: Mapped[str]
    calendar_version: Mapped[str]
    opened_at: Mapped[datetime]
    published_at: Mapped[datetime]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None]
    finished: Mapped[bool]
    """Care has ended and nothing more is owed."""
    void: Mapped[bool]
    former_episode: Mapped[str | None]
    former_iro: Mapped[str | None]
    proposed_iro: Mapped[str | None]
    """Who was chosen and waits for the IRO manager's word."""


NEXT_OF_A_CHALLENGE = ("answer_challenge", "settle_challenge", "answer_dispute", "weigh_dispute_answer")
"""The steps of which every challenge and formal dispute that is open has one open: what comes next, and by when. A
dispute has two open where a stage's answer in time was recorded when the dispute had gone up: that answer is to be
weighed, and the stage above is to answer. None is ever exempted."""
_NEXT = ", ".join(f"'{name}'" for name in NEXT_OF_A_CHALLENGE)


class _OfEpisode:
    """What every row that belongs to an episode carries."""

    episode_id: Mapped[str] = mapped_column(ForeignKey("episode.id"), primary_key=True, sort_order=-1)
    revision: Mapped[int]


class FactRow(_OfEpisode, Base):
    """Something that happened, as it was recorded. Never changed, never deleted."""

    __tablename__ = "fact"

    fact_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    happened_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
    place: Mapped[int]
    """Its place among the facts that were recorded with it."""
    body: Mapped[Fact] = mapped_column(Structured(Fact))


class SettledFactRow(_OfEpisode, Base):
    """A fact that the episode's workflow does not hold any more, because the review it belonged to is settled or the
    matter is closed: nothing can refer to it, and it cannot be put right."""

    __tablename__ = "settled_fact"

    fact_id: Mapped[str] = mapped_column(primary_key=True)


class StepRow(_OfEpisode, Base):
    """Something owed, now or once; a step that was published stays."""

    __tablename__ = "step"

    key: Mapped[str] = mapped_column(primary_key=True)
    authority: Mapped[str]
    """Its episode's, which never changes: so that an authority's lists of steps need not look at every episode."""
    name: Mapped[str]
    title: Mapped[str]
    phase: Mapped[Phase]
    cycle: Mapped[int]
    owner: Mapped[Role]
    due: Mapped[date]
    practical_due: Mapped[date]
    state: Mapped[StepState]
    done_on: Mapped[date | None]
    outcome: Mapped[str | None]
    reason: Mapped[str | None] = mapped_column(Text)
    outstanding: Mapped[tuple[Role, ...]] = mapped_column(Structured(tuple[Role, ...]))
    basis: Mapped[Basis] = mapped_column(Structured(Basis))
    others: Mapped[tuple[Basis, ...]] = mapped_column(Structured(tuple[Basis, ...]))
    ladder: Mapped[str | None]
    known_at: Mapped[datetime]
    rungs: Mapped[tuple[str, ...]] = mapped_column(Structured(tuple[str, ...]))
    """The rungs of its ladder that it has reached, lowest first."""
    rung: Mapped[str | None]
    """The last of them."""
    digest: Mapped[str]
    """Of all the above: a publication writes only the steps that changed."""

    __table_args__ = (
        # Each holds all that a list looks at to find its page, and to count; only the page's own rows are read.
        partial_index("ix_step_open", "episode_id", "due", "owner", "key", where="state = 'open'"),
        partial_index(
            "ix_step_due", "authority", "due", "key", "episode_id", "owner", "phase", "rung", where="state = 'open'"
        ),
        partial_index("ix_step_owner", "authority", "owner", "due", "key", "episode_id", where="state = 'open'"),
        # The challenge board: few of all that is owed.
        partial_index(
            "ix_step_challenge",
            *("authority", "due", "key", "episode_id", "phase"),
            where=f"state = 'open' AND name IN ({_NEXT})",
        ),
        # And how many disputes each child has.
        partial_index("ix_step_dispute", "authority", "episode_id", where=f"state = 'open' AND name = '{RESOLVE}'"),
    )


class EscalationRow(_OfEpisode, Base):
    """A rung that was reached and raised, once. Never changed, never deleted."""

    __tablename__ = "escalation"

    step: Mapped[str] = mapped_column(primary_key=True)
    rung: Mapped[str] = mapped_column(primary_key=True)
    raised_at: Mapped[datetime] = mapped_column(primary_key=True)
    height: Mapped[int]
    """How far up the step's ladder: 1 for the first rung it ever reached."""
    due: Mapped[date]
    tell: Mapped[tuple[Role, ...]] = mapped_column(Structured(tuple[Role, ...]))
    covers: Mapped[tuple[str, ...]] = mapped_column(Structured(tuple[str, ...]))


class ReviewRow(_OfEpisode, Base):
    """A review that was held, as the latest publication has it."""

    __tablename__ = "review"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    opened_on: Mapped[date]
    completed_on: Mapped[date]
    due: Mapped[date]
    indicator_due: Mapped[date]
    statutory_in_time: Mapped[bool]
    indicator_in_time: Mapped[bool]
    participation: Mapped[ParticipationCode | None]
    late_reason: Mapped[str | None]
    digest: Mapped[str]


class OutboxRow(Base):
    """A notice owed to a person, until it is sent: about one episode, or about an authority's service as a whole."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("episode_id", "key"),
        UniqueConstraint("service", "key"),
        CheckConstraint("(episode_id IS NULL) <> (service IS NULL)", name="about_one"),
        partial_index("ix_outbox_unsent", "id", where="sent_at IS NULL"),
        partial_index("ix_outbox_unaddressed", "id", where="addressed_at IS NULL"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[str | None] = mapped_column(ForeignKey("episode.id"))
    service: Mapped[str | None]
    """The authority whose service it is about, by its three-digit code."""
    revision: Mapped[int]
    """Of the episode; 0 for a notice about the service."""
    key: Mapped[str]
    name: Mapped[str]
    recipient: Mapped[Role]
    about: Mapped[str]
    if_involved: Mapped[bool]
    """Owed only where somebody of that role is known to be involved."""
    owed_at: Mapped[datetime]
    addressed_at: Mapped[datetime | None]
    """When the post room found who gets it, or that nobody does."""
    not_sent: Mapped[tuple[NotSent, ...] | None] = mapped_column(Structured(tuple[NotSent, ...] | None))
    """Who does not get it, and why."""
    sent_at: Mapped[datetime | None]
    """When the last of its messages went out, or there was none to send."""


class PublicationRow(_OfEpisode, Base):
    """That a revision was published, and what came of it, for one who asks again."""

    __tablename__ = "publication"

    revision: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    result: Mapped[str] = mapped_column(Text)


LOOKED_AFTER: ColumnElement[bool] = and_(EpisodeRow.ended_on.is_(None), EpisodeRow.void == false())
"""Episodes in which care goes on; what `ix_episode_looked_after` holds."""

IS_OPEN: ColumnElement[bool] = StepRow.state == literal_column("'open'")
"""Steps still owed; spelt out and not bound, so that the databases see it is what `ix_step_open` holds."""

IS_NEXT_OF_A_CHALLENGE: ColumnElement[bool] = StepRow.name.in_(
    [literal_column(f"'{name}'") for name in NEXT_OF_A_CHALLENGE]
)
"""What comes next of a challenge or a formal dispute; with `IS_OPEN`, what `ix_step_challenge` holds."""

IS_END_OF_A_DISPUTE: ColumnElement[bool] = StepRow.name == literal_column(f"'{RESOLVE}'")
"""The end in all of a formal dispute; with `IS_OPEN`, what `ix_step_dispute` holds."""
