"""An episode in words, for Temporal's own web page: why this case is late, and what comes next. No names."""

from rules.clock import london_date
from workflows.messages import Derived, OwedStep

_MOST_ROWS = 40


def in_words(derived: Derived) -> str:
    """The current details of an episode, in Markdown.

    Args:
        derived: the last agenda.
    """
    today = london_date(derived.at)
    overdue = [step for step in derived.steps if step.due < today]
    lines = [
        f"**Stage:** {derived.stage.value.replace('_', ' ')} · **IRO:** {derived.iro or 'none appointed'}"
        + (f" (covered by {derived.cover})" if derived.cover else ""),
        f"**Overdue:** {len(overdue)} of {len(derived.steps)} open steps"
        + (f" · highest escalation: {derived.highest_rung.replace('_', ' ')}" if derived.highest_rung else ""),
    ]
    if derived.ended_on:
        lines.append(f"**Care ended** on {derived.ended_on:%-d %B %Y} ({derived.end_reason})")
    if derived.alarm:
        lines.append(f"**Next alarm:** {derived.alarm.at:%-d %B %Y %H:%M} UTC, {derived.alarm.what}")
    if derived.steps:
        lines += ["", "| Due | Step | Owner | Authority |", "|---|---|---|---|"]
        lines += [_row(step, step in overdue) for step in derived.steps[:_MOST_ROWS]]
    lines.append(f"\nRules {derived.rules_version}, policy {derived.policy_version}, {derived.calendar_version}.")
    return "\n".join(lines)


def _row(step: OwedStep, overdue: bool) -> str:
    late = " **overdue**" if overdue else ""
    return f"| {step.due:%-d %b %Y}{late} | {step.title} | {step.owner.words} | {step.source} |"
