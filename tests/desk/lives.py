"""Children of whom much is recorded, and what a page says of them."""

import re

from tests.desk.ledgers import Ledger, days_ago
from tests.desk.town import Town, Visitor

TABS = ("", "/people", "/reviews", "/changes", "/proceedings", "/notices", "/timeline")


def words(text: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("&#39;", "'").split())


def begun(town: Town, name: str = "child", since: int = 130, **more: str) -> Ledger:
    ledger = Ledger(
        town.code, town.ref(name), since=since, social_worker=town.ref("social-worker"),
        team_manager=town.ref("team-manager"), **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return ledger.add("iro_appointed", since - 2, iro=town.ref("iro"), by=town.ref("iro-manager"))


def lived(town: Town, name: str = "child") -> Ledger:
    """A case in which much has happened."""
    ledger = begun(town, name)
    by = town.ref("iro")
    ledger.add("review_held", 104, id="rev1", participation="PN1", chaired_by=by, by=by)
    dentist = {"decision": "D1", "text": "Find a dentist", "owner": "social_worker", "due": days_ago(60)}
    ledger.add("decision_made", 104, id="d1", by=by, **dentist)
    ledger.add("decision_made", 104, decision="D2", text="Life story work", owner="carer", due=days_ago(50), by=by)
    ledger.add("decision_made", 104, decision="D3", text="A new bicycle", owner="carer", due=days_ago(-50), by=by)
    ledger.add("decision_carried_out", 40, decision="D2").add("decision_dropped", 40, decision="D3", reason="Has one")
    ledger.add("significant_change", 30, id="ch1", change="school_exclusion", happened_on=days_ago(34))
    raised = {"rung": "informal_resolution", "addressee": "team_manager"}
    ledger.add("challenge_raised", 25, id="c1", about="No school place", by=by, **raised)
    ledger.add("challenge_answered", 21, challenge="c1", answer="Two schools are asked")
    ledger.add("challenge_raised", 24, id="c2", about="No dentist", by=by, **raised)
    ledger.add("challenge_resolved", 20, challenge="c2", outcome="put_right")
    ledger.add("child_wrote", 10, text="I like my school.\nI want to stay.", by="link-1")
    ledger.add("views_gathered", 4, id="oops", source="carer", by=by)
    ledger.add("fact_withdrawn", 3, withdraws="oops", reason="Another child's", by=by)
    right = ledger.entries[4].fact.model_dump(mode="json", exclude_none=True) | {"due": days_ago(-14)}
    return ledger.add("fact_corrected", 2, corrects="d1", reason="The day was wrong", by=by, to=right)


def tab(visitor: Visitor, episode: str, path: str = "", **params: str) -> str:
    answer = visitor.get(f"/children/{episode}{path}", **params)
    assert answer.status_code == 200, answer.text
    return answer.text
