"""What Temporal's own listing can be searched by. Nothing here identifies a child."""

from datetime import UTC, date, datetime, time
from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributePair, SearchAttributeUpdate

AUTHORITY = SearchAttributeKey.for_keyword("Authority")
IRO = SearchAttributeKey.for_keyword("Iro")
STAGE = SearchAttributeKey.for_keyword("Stage")
NEXT_DUE = SearchAttributeKey.for_datetime("NextDue")
OVERDUE = SearchAttributeKey.for_int("Overdue")
ESCALATION = SearchAttributeKey.for_keyword("Escalation")

NAMES_AND_TYPES: dict[str, str] = {
    AUTHORITY.name: "Keyword",
    IRO.name: "Keyword",
    STAGE.name: "Keyword",
    NEXT_DUE.name: "Datetime",
    OVERDUE.name: "Int",
    ESCALATION.name: "Keyword",
}
"""As the server's command line registers them."""


def at_opening(authority: str) -> SearchAttributePair[str]:
    """What is known before the first agenda: whose child it is."""
    return SearchAttributePair(AUTHORITY, authority)


def updates(
    *, iro: str | None, stage: str, next_due: date | None, overdue: int, highest_rung: str | None
) -> list[SearchAttributeUpdate[Any]]:
    """The search attributes of an agenda.

    Args:
        iro: the IRO's reference, None when the post is vacant.
        stage: the phase the episode is in.
        next_due: the earliest due date of an open step; shown as noon UTC, which is that day in London too.
        overdue: how many open steps are past their day.
        highest_rung: the highest rung raised for a step still open.
    """
    noon = datetime.combine(next_due, time(12), UTC) if next_due else None
    return [
        IRO.value_set(iro) if iro else IRO.value_unset(),
        STAGE.value_set(stage),
        NEXT_DUE.value_set(noon) if noon else NEXT_DUE.value_unset(),
        OVERDUE.value_set(overdue),
        ESCALATION.value_set(highest_rung) if highest_rung else ESCALATION.value_unset(),
    ]
