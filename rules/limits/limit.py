"""What a limit is."""

from rules.vocabulary import Force, Frozen, Role, Unit


class Limit(Frozen):
    """A limit: by when something is owed, and on what authority.

    Attributes:
        rule: its name, which is also the name of the step it dates.
        title: what is owed, in words.
        owner: the role that owes it.
        amount: how many units; None when the facts name the day, or local policy must set the number.
        unit: working days, days, months, or on the day.
        event: what it is counted from, or must come before, in words.
        force: statute, regulation, guidance or local.
        source: where it stands.
        before: counted backwards from the event.
        unverified: the source's wording was not at hand.
        indicator_days: the calendar days the old national indicator (NI 66) allows instead.
    """

    rule: str
    title: str
    owner: Role
    amount: int | None
    unit: Unit
    event: str
    force: Force
    source: str
    before: bool = False
    unverified: bool = False
    indicator_days: int | None = None


LimitTable = dict[str, Limit]


def table(*limits: Limit) -> LimitTable:
    """The limits by rule."""
    return {limit.rule: limit for limit in limits}
