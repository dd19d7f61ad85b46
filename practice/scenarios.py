"""The made-up cases: what people record in each, and on which day. Data only; `practice.script` puts dates to it.

Days are counted in working days: in `opening` from the day the child became looked after (D0), in a cycle from the
day of its review, before it (below 0) or after.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class In(NamedTuple):
    """A day that a fact speaks of: so many working days after what its own day is counted from."""

    days: int


@dataclass(frozen=True)
class Scripted:
    """One act: on which day, what, and its fields; whether the rules are to refuse it."""

    day: int
    kind: str
    fields: dict[str, Any]
    refused: bool = False


@dataclass(frozen=True)
class Cycle:
    """One review, and what comes before and after it.

    Attributes:
        acts: what people do; days count from the review's day.
        days: the review's day, in working days after D0; or
        weeks: in weeks after the review before, on the last working day by then.
    """

    acts: tuple[Scripted, ...]
    days: int | None = None
    weeks: int | None = None


@dataclass(frozen=True)
class Scenario:
    """A case to practise on.

    Attributes:
        title: what it shows, in a few words.
        story: what happens, in a sentence or two.
        opening: what people do at first; days count from D0.
        cycles: the reviews in order; the last one comes again and again.
        notified: the day, after D0, on which the IRO service is told and the episode opens.
        age: the child's, at D0.
        legal_status: the SSDA903 code.
        ends: no further review comes after the cycles given.
    """

    title: str
    story: str
    opening: tuple[Scripted, ...]
    cycles: tuple[Cycle, ...]
    notified: int = 1
    age: int = 9
    legal_status: str = "C1"
    ends: bool = False


class Name(StrEnum):
    """The scenarios, as the command line knows them."""

    ON_TIME = "on-time"
    SLIPPING = "slipping"
    LATE_NOTIFICATION = "late-notification"
    REMAND = "remand"
    ADJOURNED = "adjourned"


def act(day: int, kind: str, **fields: Any) -> Scripted:
    """One act on one day."""
    return Scripted(day, kind, fields)


def refused(day: int, kind: str, **fields: Any) -> Scripted:
    """An act that the rules are to refuse."""
    return Scripted(day, kind, fields, refused=True)


def to_each(day: int, kind: str, recipients: str, **fields: Any) -> tuple[Scripted, ...]:
    """The same act for each of several recipients."""
    return tuple(act(day, kind, recipient=recipient, **fields) for recipient in recipients.split())


# --- What is done in good time, for one scenario after the other --------------------------------------------------


def _appointed(day: int) -> tuple[Scripted, ...]:
    return (
        act(day, "iro_appointed", iro="IRO-7"),
        act(day, "iro_made_known", recipient="child", way="letter"),
        *to_each(day + 1, "iro_made_known", "parents carer", way="email"),
        *to_each(day + 1, "reviewing_policy_given", "child parents"),
    )


def _prepared(arranged: int, talk: int = -18, opens: int = 0) -> tuple[Scripted, ...]:
    """All that is owed before a review that opens on a day; the other days count from that one."""
    return (
        act(opens + talk, "discussion_held"),
        act(opens + arranged, "review_arranged", planned_for=In(opens)),
        act(opens + max(talk, -14), "invitations_sent"),
        act(opens - 6, "report_received"),
        act(opens - 3, "views_gathered", source="parents"),
        act(opens - 3, "child_consulted", outcome="spoke", ways=("in_person",)),
    )


def _held(participation: str = "PN1", **fields: Any) -> Scripted:
    attended = ("child", "parents", "carer", "social_worker")
    return act(0, "review_held", participation=participation, chaired_by="IRO-7", attended=attended, **fields)


_DECISION = act(
    0,
    "decision_made",
    decision="school",
    text="a plan for reading",
    owner="social_worker",
    due=In(20),
)
_DECISIONS_OUT = (
    act(2, "decisions_sent"),
    act(5, "manager_replied", outcome="accepted"),
    act(5, "decisions_circulated"),
)
_RECORD_RECIPIENTS = "child parents carer social_worker team_manager"
_RECORD = (act(12, "record_completed"), *to_each(16, "record_distributed", _RECORD_RECIPIENTS))
_FOLLOWED_UP = (*_DECISIONS_OUT, *_RECORD)
_DECIDED = (_DECISION, act(17, "decision_carried_out", decision="school"))

_FIRST = Cycle((*_prepared(arranged=-15, talk=-15), _held(), *_DECIDED, *_FOLLOWED_UP), days=17)
_SECOND = Cycle((act(-31, "mid_point_checked"), *_prepared(-31), _held("PN6"), *_FOLLOWED_UP), weeks=12)
_LATER = Cycle((act(-64, "mid_point_checked"), *_prepared(-64), _held(), *_DECIDED, *_FOLLOWED_UP), weeks=25)

# --- What slips ---------------------------------------------------------------------------------------------------

_SLIPPED = Cycle(
    (
        act(-22, "discussion_held"),
        act(-21, "review_arranged", planned_for=In(-7)),
        act(-19, "invitations_sent"),
        act(-11, "child_consulted", outcome="offered_and_missed", reason="at school"),
        act(-9, "review_arranged", planned_for=In(0)),
        act(-4, "report_received"),
        act(-3, "views_gathered", source="parents"),
        act(-3, "child_consulted", outcome="spoke", ways=("in_person", "direct_work")),
        _held(late_reason="papers_not_ready"),
        _DECISION,
        act(3, "decisions_sent"),
        act(7, "decisions_circulated"),
        act(18, "record_completed"),
        *to_each(19, "record_distributed", _RECORD_RECIPIENTS),
        act(24, "decision_carried_out", decision="school"),
    ),
    days=27,
)

_LATE = Cycle(
    (*_prepared(arranged=-6, talk=-6), _held(), *_DECIDED, *_FOLLOWED_UP),
    days=19,
)

_WHY: dict[str, Any] = {"reason": "no health assessment yet", "child_wishes_sought": True}
_ADJOURNED = Cycle(
    (
        *_prepared(arranged=-15, talk=-15, opens=-16),
        act(-16, "review_adjourned", reconvene_on=In(-4), **_WHY),
        refused(-4, "review_adjourned", reconvene_on=In(0), **_WHY),
        act(-4, "review_continued"),
        _held("PN2"),
        *_DECIDED,
        *_FOLLOWED_UP,
    ),
    days=33,
)

_REMAND = Cycle((*_prepared(arranged=-15, talk=-15), _held(), *_FOLLOWED_UP), days=16)

# --- The scenarios ------------------------------------------------------------------------------------------------

SCENARIOS: dict[Name, Scenario] = {
    Name.ON_TIME: Scenario(
        title="A case that goes as it should",
        story="Everyone does what is owed before its day, and hardly anybody needs to be reminded.",
        opening=_appointed(2),
        cycles=(_FIRST, _SECOND, _LATER),
    ),
    Name.SLIPPING: Scenario(
        title="A case that slips, and recovers",
        story=(
            "An IRO is appointed late. The first review is put off past its last day, and the steps climb the "
            "ladder until it is held. From the second review on, all is in time."
        ),
        opening=_appointed(5),
        cycles=(_SLIPPED, _SECOND, _LATER),
    ),
    Name.LATE_NOTIFICATION: Scenario(
        title="A case that was notified late",
        story=(
            "The IRO service hears of the child twelve working days on. No clock moves: what had slipped by then "
            "is told at once, and once, and the first review is still in time."
        ),
        opening=_appointed(12),
        cycles=(_LATE, _SECOND, _LATER),
        notified=12,
    ),
    Name.REMAND: Scenario(
        title="A remand that ends before the first review is due",
        story=(
            "A young person is remanded for eighteen working days. The review must come before that ends "
            "(reg 33(3)(c)); then care ends, and what follows a review is finished all the same."
        ),
        opening=(
            *_appointed(1),
            act(1, "early_review_required", ground="remand_or_police_ending", before=In(18)),
            act(18, "care_ended", reason="E14"),
        ),
        cycles=(_REMAND,),
        age=15,
        legal_status="J1",
        ends=True,
    ),
    Name.ADJOURNED: Scenario(
        title="A review that is adjourned",
        story=(
            "The first review opens in time, and the IRO adjourns it, once. A second adjournment is refused; the "
            "review is completed within twenty working days of opening."
        ),
        opening=_appointed(2),
        cycles=(_ADJOURNED, _SECOND, _LATER),
    ),
}
"""Every scenario by its name."""
