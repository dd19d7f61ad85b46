"""Local policy: an authority's own file, which may tighten the law's limits but never loosen one.

It also sets what the law leaves open: the days of local steps, the mid-point check, and the escalation ladders.
"""

import tomllib
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from rules.concerns import ConcernPolicy
from rules.dispute_policy import DisputePolicy
from rules.limits import LIMITS, Limit
from rules.post_policy import PostPolicy
from rules.vocabulary import Force, Frozen, LadderName, Role

LOCAL_SOURCE = "local policy"
BREACH = "breach"
"""The rung of every ladder that is reached when the last day ends; those below it are reminders."""
WorkingDays = Annotated[int, Field(ge=0, le=60, strict=True)]


class PolicyRefused(ValueError):
    """A policy file that cannot be taken, with one sentence that says what to change."""


class Rung(Frozen):
    """A point on an escalation ladder.

    Attributes:
        name: what the rung is called.
        working_days: from the due date; below 0 a reminder at the start of that day, otherwise raised at the end
            of that day (0: when the due day has ended).
        tell: who is told; `owner` is whoever owes the step.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
    working_days: Annotated[int, Field(ge=-20, le=60, strict=True)]
    tell: Annotated[tuple[Role | Literal["owner"], ...], Field(min_length=1)]

    def recipients(self, owner: Role) -> tuple[Role, ...]:
        """Who is told, with the owner's role in place, nobody twice."""
        return tuple(dict.fromkeys(owner if who == "owner" else who for who in self.tell))


Ladder = tuple[Rung, ...]


class LocalLimits(Frozen):
    """Days the law leaves to the authority; all in working days."""

    appoint_iro_from_notification: WorkingDays = 3
    propose_iro: WorkingDays = 1
    """What the system owes itself."""
    fill_vacancy: WorkingDays = 5
    answer_change_request: WorkingDays = 5
    hand_over: WorkingDays = 10
    tell_child: WorkingDays = 2
    tell_others: WorkingDays = 5
    give_reviewing_policy: WorkingDays = 10
    invitations: WorkingDays = 10
    """Before the review."""
    deliver_notice: WorkingDays = 2
    """After a notice was found to have reached nobody."""
    tell_iro_of_change: WorkingDays = 2
    """After a significant change; like the notice that the child is looked after."""
    consider_change: WorkingDays = 3
    informal_resolution: WorkingDays = 5
    """For the answer to each rung of a challenge; five is the usual share (practice notes 4.6)."""
    problem_resolution: WorkingDays = 5
    management_alert: WorkingDays = 5
    settle_challenge: WorkingDays = 5
    """After the answer."""
    weigh_dispute_answer: WorkingDays = 2
    """After a stage of a dispute answered, and within the 20 working days of the whole."""
    consider_cafcass: WorkingDays = 2
    """After the conditions of reg 45 are met."""
    refer_to_cafcass: WorkingDays = 2
    cafcass_reply: WorkingDays = 10
    give_legal_advice: WorkingDays = 5
    tell_legal_of_iro: WorkingDays = 2
    tell_court_of_iro: WorkingDays = 2
    tell_iro_of_guardian: WorkingDays = 2
    invite_guardian: WorkingDays = 10
    """Before the review."""
    speak_with_guardian: WorkingDays = 20
    """Between one talk and the next."""
    report_hearing: WorkingDays = 2
    guardian_handover: WorkingDays = 10
    seek_adult: WorkingDays = 5
    help_to_advice: WorkingDays = 5
    pass_on_complaint: WorkingDays = 2
    weigh_complaint: WorkingDays = 5
    find_another_iro: WorkingDays = 2
    """After it was weighed that the IRO cannot stay."""
    provide_advocate: WorkingDays = 5
    answer_child_wish: WorkingDays = 5
    """And before the review it is about."""
    mid_point_check: Annotated[bool, Field(strict=True)] = True
    """Whether a check is owed half-way between reviews."""
    correction_period: WorkingDays = 20
    """How long an episode that has ended stays open to corrections."""


class AllocationPolicy(Frozen):
    """How a child gets an IRO from the directory.

    Attributes:
        confirm: whether the IRO chosen is appointed at once, or waits for the IRO manager's word. Waiting stops no
            clock.
    """

    confirm: Literal["at_once", "iro_manager"] = "at_once"


def _default_ladders() -> dict[LadderName, Ladder]:
    reminder = Rung(name="reminder", working_days=-2, tell=("owner",))
    service = Rung(name="service_manager", working_days=2, tell=(Role.SERVICE_MANAGER,))
    top = Rung(name="assistant_director", working_days=5, tell=(Role.ASSISTANT_DIRECTOR,))
    breach = Rung(name=BREACH, working_days=0, tell=("owner", Role.TEAM_MANAGER, Role.IRO_MANAGER))
    undone = Rung(name=BREACH, working_days=0, tell=("owner", Role.TEAM_MANAGER, Role.IRO, Role.IRO_MANAGER))
    director = Rung(name="director", working_days=10, tell=(Role.DIRECTOR,))
    failed = Rung(name=BREACH, working_days=0, tell=(Role.IRO_MANAGER,))
    return {
        "default": (reminder, breach, service, top),
        "decision": (reminder, undone, service, top),
        "challenge": (reminder, undone, service, top, director),
        "system": (failed, top.model_copy(update={"working_days": 2})),
    }


DEFAULT_LADDERS = _default_ladders()


class Policy(Frozen):
    """An authority's policy.

    Attributes:
        version: the authority's own name for this edition.
        limits: tighter numbers for national limits, by rule, each in that limit's own unit.
        local: what the law leaves open.
        allocation: how a child gets an IRO.
        concerns: when slips of many children become a concern of the service.
        poor_practice: when poor practice of one kind, noted with several children, becomes a pattern.
        dispute: the stages of a formal dispute, and their days.
        post: what stands on the authority's letters, and when the day's reminders go out.
        ladders: the escalation ladders; `default` for every step, `decision` for decisions to be carried out,
            `challenge` for challenges to be answered, `system` for what the system owes itself.
    """

    version: str = "default"
    limits: dict[str, Annotated[int, Field(ge=0, strict=True)]] = {}
    local: LocalLimits = LocalLimits()
    allocation: AllocationPolicy = AllocationPolicy()
    concerns: ConcernPolicy = ConcernPolicy()
    poor_practice: ConcernPolicy = ConcernPolicy(children=3, working_days=65)
    dispute: DisputePolicy = DisputePolicy()
    post: PostPolicy = PostPolicy()
    ladders: dict[LadderName, Ladder] = DEFAULT_LADDERS

    @model_validator(mode="after")
    def _only_tightens(self) -> "Policy":
        for rule, amount in self.limits.items():
            for table in LIMITS.values():
                _refuse_loosening(rule, amount, table.get(rule))
        for name, ladder in self.ladders.items():
            _refuse_bad_ladder(name, ladder)
        return self

    def ladder(self, name: LadderName) -> Ladder:
        """The ladder of that name: the authority's own, or the one that comes with the rules."""
        return self.ladders[name] if name in self.ladders else DEFAULT_LADDERS[name]

    def applied(self, limit: Limit) -> Limit:
        """A national limit as this policy has it: tightened, or with the days the law leaves open."""
        if limit.rule in self.limits:
            source = f"{LOCAL_SOURCE} (tighter than {limit.source})"
            return limit.model_copy(update={"amount": self.limits[limit.rule], "force": Force.LOCAL, "source": source})
        days = getattr(self.local, limit.rule, None)
        if limit.amount is None and isinstance(days, int) and not isinstance(days, bool):
            source = f"{limit.source}; days by {LOCAL_SOURCE}"
            return limit.model_copy(update={"amount": days, "force": Force.LOCAL, "source": source})
        return limit

    @cached_property
    def digest(self) -> str:
        """The version with a digest of the content, to stand in history beside each agenda."""
        return f"{self.version}+{sha256(self.model_dump_json().encode()).hexdigest()[:8]}"


def _refuse_loosening(rule: str, amount: int, limit: Limit | None) -> None:
    if limit is None:
        raise ValueError(f"there is no limit called {rule!r}; the limits are {', '.join(sorted(LIMITS_WITH_DAYS))}")
    if limit.amount is None:
        raise ValueError(f"{rule!r} has no number in the law to tighten; set it under [local] if it stands there")
    loosens = amount < limit.amount if limit.before else amount > limit.amount
    if loosens:
        raise ValueError(
            f"{rule!r} may not be {amount} {limit.unit.value.replace('_', ' ')}: {limit.source} sets"
            f" {limit.amount}, and local policy may only be stricter"
        )


LIMITS_WITH_DAYS = sorted({limit.rule for table in LIMITS.values() for limit in table.values() if limit.amount})


def _refuse_bad_ladder(name: str, ladder: Ladder) -> None:
    if len({rung.name for rung in ladder}) != len(ladder):
        raise ValueError(f"the ladder {name!r} has two rungs of the same name")
    if any(after.working_days <= before.working_days for before, after in pairwise(ladder)):
        raise ValueError(f"the rungs of the ladder {name!r} must each come later than the one before")
    if not any(rung.name == BREACH and rung.working_days == 0 for rung in ladder):
        raise ValueError(f"the ladder {name!r} needs a rung {BREACH!r} at 0 working days: a breach is always told")


def read_policy(text: str) -> Policy:
    """Read a policy file.

    Args:
        text: the file's content, TOML.

    Raises:
        PolicyRefused: it is not TOML, has an unknown setting, or loosens a limit.
    """
    try:
        return Policy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PolicyRefused(f"The policy file is not valid TOML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise PolicyRefused(f"The policy file cannot be taken: {where + ': ' if where else ''}{reason}.") from None
