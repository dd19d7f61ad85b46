"""The map from each source of law to its rule and its tests, as a page: pure rendering of what is kept elsewhere."""

from collections.abc import Iterable, Mapping, Sequence

from rules.duties import Duty
from rules.limits import Limit
from rules.policy import LOCAL_SOURCE, LocalLimits
from rules.vocabulary import Force, Frozen, Nation, Unit

RuleTest = tuple[str, str]
"""A rule, and the test that proves it: `tests/rules/test_review.py::test_first_review_falls_due_...`."""

INTRODUCTION = """\
# The law, its rules and their tests

Made from the rules and the tests by `make law`; a test fails when it is out of date. Not legal advice.

*Force* is how binding a limit is: statute and regulation are law, guidance is statutory guidance, local is the
authority's own policy. A source marked † was not at hand in its own words and is to be checked before it is relied on.
"""


class Row(Frozen):
    """One line of a table.

    Attributes:
        source: where it stands.
        force: how binding it is.
        unverified: the source's wording was not at hand.
        rule: its name.
        title: what it asks.
        limit: by when, in words; empty where it is no limit of time.
        module: what keeps it.
    """

    source: str
    force: Force
    unverified: bool
    rule: str
    title: str
    limit: str
    module: str


def render(
    limits: Mapping[Nation, Mapping[str, Limit]],
    duties: Sequence[Duty],
    local_duties: Sequence[Duty],
    tests: Iterable[RuleTest],
    keepers: Mapping[str, str],
) -> str:
    """The page.

    Args:
        limits: the limits of each nation, by rule.
        duties: what both nations ask that is no limit of time.
        local_duties: what local policy sets.
        tests: which test proves which rule.
        keepers: the module that keeps each limit, by rule.
    """
    proofs: dict[str, list[str]] = {}
    for rule, test in tests:
        proofs.setdefault(rule, []).append(test)
    parts = [INTRODUCTION]
    for nation, table in limits.items():
        rows = [_limit_row(limit, keepers[limit.rule]) for limit in table.values()]
        parts.append(_section(nation.value.title(), rows, proofs))
    parts.append(_section("Both nations", [_duty_row(duty) for duty in duties], proofs))
    local = [
        _local_row(limit, keepers[limit.rule]) for limit in next(iter(limits.values())).values() if _is_local(limit)
    ]
    parts.append(_section("Local policy", [*local, *(_duty_row(duty) for duty in local_duties)], proofs))
    parts.append(_proofs(proofs))
    return "\n".join(parts)


def _limit_row(limit: Limit, module: str) -> Row:
    return Row(
        source=limit.source,
        force=limit.force,
        unverified=limit.unverified,
        rule=limit.rule,
        title=limit.title,
        limit=in_words(limit),
        module=module,
    )


def _duty_row(duty: Duty) -> Row:
    return Row(
        source=duty.source,
        force=duty.force,
        unverified=duty.unverified,
        rule=duty.rule,
        title=duty.title,
        limit="",
        module=duty.module,
    )


def _is_local(limit: Limit) -> bool:
    """Whether the law leaves the number to the authority."""
    return limit.rule in LocalLimits.model_fields


def _local_row(limit: Limit, module: str) -> Row:
    default = LocalLimits.model_fields[limit.rule].default
    days = f"{default} working days" if not isinstance(default, bool) else "half-way"
    where = "before" if limit.before else "after"
    words = f"{days} {where} {limit.event}" if not isinstance(default, bool) else f"{limit.event} (may be switched off)"
    return _limit_row(limit, module).model_copy(
        update={"source": f"{LOCAL_SOURCE} (default)", "force": Force.LOCAL, "unverified": False, "limit": words}
    )


def in_words(limit: Limit) -> str:
    """A limit in words: 20 working days after the child became looked after."""
    if limit.amount is None or limit.unit is Unit.ON_THE_DAY:
        days = "days set by local policy, " if limit.unit is Unit.WORKING_DAYS else ""
        return f"{days}{'before' if limit.before else 'by' if not days else 'after'} {limit.event}"
    unit = limit.unit.value.replace("_", " ")
    return f"{limit.amount} {unit} {'before' if limit.before else 'after'} {limit.event}"


def _section(title: str, rows: Iterable[Row], proofs: Mapping[str, Sequence[str]]) -> str:
    lines = [
        f"## {title}",
        "",
        "| Source | Force | Rule | What it asks | By when | Kept by | Tests |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in sorted(rows, key=lambda row: (row.source.casefold(), row.rule)):
        mark = " †" if row.unverified else ""
        count = len(proofs.get(row.rule, ()))
        tests = f"[{count}](#{row.rule})" if count else "none"
        cells = (
            f"{row.source}{mark}",
            row.force.value,
            f"`{row.rule}`",
            row.title,
            row.limit,
            f"`{row.module}`",
            tests,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _proofs(proofs: Mapping[str, Sequence[str]]) -> str:
    lines = ["## The tests of each rule", ""]
    for rule in sorted(proofs):
        lines += [f"### {rule}", "", *(f"- `{test}`" for test in sorted(set(proofs[rule]))), ""]
    return "\n".join(lines)
