"""The referral record as a document: what Cafcass asks for of a child's case, on paper (practice notes 4.7).

It names people, as a letter does: whoever prints it keeps it as they keep the child's file. What somebody wrote reaches
the layout, `referral.typ`, as data alone.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal

import typst

from post.letters import printable
from post.notice import Letterhead, Reachable
from rules.codes import EndReason, LegalStatus
from rules.dispute_policy import WORKING_DAYS_IN_ALL
from rules.facts.cafcass import CafcassOutcome
from rules.facts.challenge import ChallengeRung
from rules.facts.dispute import DisputeMatter, SignificantFailure
from rules.facts.proceedings import ProceedingsKind
from rules.vocabulary import Frozen, Nation, Role, age_on
from rules.wording import listed, plain, with_capital

_LAYOUT = Path(__file__).with_name("referral.typ")


class Answer(Frozen):
    """What was answered, in the words of the answer.

    Attributes:
        whose: who answered, by their role.
        on: the day of the answer.
        recorded_by: who recorded it, by name: an IRO records it for seniors, who have no sign-in.
        words: what was said.
    """

    whose: Role
    on: date
    recorded_by: str
    words: str


class ChallengeLine(Frozen):
    """A challenge that a dispute took further.

    Attributes:
        rung, addressee: how, and to whom.
        on: the day it was raised.
        about: what was challenged, in the IRO's words.
        answer_by: the last day of the answer; None where it is not known.
        came_of_it: whether and when it was answered, and the outcome, in words.
        answer: what was answered; None where nothing was.
    """

    rung: ChallengeRung
    addressee: Role
    on: date
    about: str
    answer_by: date | None
    came_of_it: str
    answer: Answer | None


class StageOfDispute(Frozen):
    """A stage at which a dispute was, or is.

    Attributes:
        stage: who is to answer.
        since: the day it came there.
        answer_by: the last day of the answer; None where it is not known.
        came_of_it: whether and when they answered, and how it went on, in words.
        answer: what they answered, in time or not; None where they did not.
    """

    stage: Role
    since: date
    answer_by: date | None
    came_of_it: str
    answer: Answer | None


class DisputeHistory(Frozen):
    """A formal dispute, stage by stage.

    Attributes:
        matter: of which kind it is.
        about: what is disputed, in the IRO's words.
        raised_on: the day it was raised.
        resolve_by: the last of its working days in all; None where it is not known.
        needed_by: the day by which the child needs it resolved; None where that is not said.
        stages: in order.
        closed: how and when it was closed, in words; None while it is open.
    """

    matter: DisputeMatter
    about: str
    raised_on: date
    resolve_by: date | None
    needed_by: date | None
    stages: tuple[StageOfDispute, ...]
    closed: str | None


class ProceedingsLine(Frozen):
    """Court proceedings about the child: of which kind, and from when until when."""

    about: ProceedingsKind
    issued_on: date
    ended_on: date | None


class ReferralRecord(Frozen):
    """All that the document says.

    Attributes:
        nation: whose Cafcass it goes to.
        letterhead: who writes.
        made_on: the day of the referral.
        printed_on: the day of the document.
        child: the authority's reference of the child.
        child_name: None where it is not known.
        birth_date: the child's.
        legal_status: on the day of the referral.
        looked_after_since, ended_on, end_reason: the period of care; the last two None while it goes on.
        proceedings: every set of them.
        guardian: the children's guardian; None where there is none, or it is not known who.
        iro, cover: the child's IRO on the day of the referral, and whoever covered; None where there is none.
        failure, about, done_so_far, raised_with, childs_view, asks: as the IRO recorded the referral.
        challenges: those that the dispute took further.
        disputes: the dispute that goes with it, after those that it follows; none where it is made by itself.
        reply: what Cafcass made of it, and when; None while there is no reply.
    """

    nation: Nation
    letterhead: Letterhead
    made_on: date
    printed_on: date
    child: str
    child_name: str | None
    birth_date: date
    legal_status: LegalStatus
    looked_after_since: date
    ended_on: date | None
    end_reason: EndReason | None
    proceedings: tuple[ProceedingsLine, ...]
    guardian: Reachable | None
    iro: Reachable | None
    cover: Reachable | None
    failure: SignificantFailure
    about: str
    done_so_far: str
    raised_with: tuple[Role, ...]
    childs_view: str
    asks: str
    challenges: tuple[ChallengeLine, ...] = ()
    disputes: tuple[DisputeHistory, ...] = ()
    reply: tuple[CafcassOutcome, date] | None = None


_FAILED = {
    SignificantFailure.PREPARE_PLAN: "The authority has failed in a significant respect to prepare the child's plan.",
    SignificantFailure.REVIEW_CASE: "The authority has failed in a significant respect to review the child's case.",
    SignificantFailure.IMPLEMENT_DECISION: (
        "The authority has failed in a significant respect to carry out a decision of a review."
    ),
    SignificantFailure.OTHER_BREACH: "The authority is otherwise in material breach of its duties to the child.",
}
_REPLIED = {
    CafcassOutcome.PROCEEDINGS: "brings proceedings for the child",
    CafcassOutcome.RESOLVED_BETWEEN_THEM: "took it up, and the authority put it right",
    CafcassOutcome.ADVICE: "advised the IRO, who goes on",
    CafcassOutcome.NOT_TAKEN_UP: "did not take it up",
}
_SOURCES = {
    Nation.ENGLAND: "Children Act 1989 s.25B(3)(a); Care Planning, Placement and Case Review Regulations 2010 reg 45",
    Nation.WALES: "Social Services and Well-being (Wales) Act 2014 s.100",
}


def render(record: ReferralRecord) -> bytes:
    """The document.

    Args:
        record: what it says.

    Returns:
        A PDF with its fonts in it; the same record gives the same bytes.
    """
    return _compiled(record, "pdf")[0]


def pictures(record: ReferralRecord, *, ppi: int = 80) -> list[bytes]:
    """Its pages as PNG, to be looked at.

    Args:
        record: what it says.
        ppi: pixels an inch.
    """
    return _compiled(record, "png", ppi)


def contents(record: ReferralRecord) -> dict[str, Any]:
    """What the layout is given: words alone, in the order they are printed.

    Args:
        record: what the document says.
    """
    whom = "Cafcass Cymru" if record.nation is Nation.WALES else "Cafcass"
    sender = record.letterhead
    return {
        "title": f"Referral to {whom}",
        "source": printable(f"Made by the child's independent reviewing officer (IRO): {_SOURCES[record.nation]}"),
        "sender": printable(sender.authority),
        "sender_lines": [
            printable(each) for each in (sender.team, *sender.address, sender.phone, sender.email) if each
        ],
        "on": [record.printed_on.year, record.printed_on.month, record.printed_on.day],
        "printed": f"Printed on {_day(record.printed_on)}",
        "facts": [[printable(name), printable(said)] for name, said in _facts(record, whom)],
        "sections": [{"heading": printable(name), "words": words} for name, words in _sections(record)],
        "tables": list(_tables(record)),
        "alone": "" if record.disputes else "No formal dispute goes with this referral.",
    }


def _compiled(record: ReferralRecord, form: Literal["pdf", "png"], ppi: int | None = None) -> list[bytes]:
    compiler = typst.Compiler(_LAYOUT, root=_LAYOUT.parent, ignore_system_fonts=True)
    made = compiler.compile(format=form, sys_inputs={"referral": json.dumps(contents(record))}, ppi=ppi)
    assert made is not None
    return made if isinstance(made, list) else [made]


def _facts(record: ReferralRecord, whom: str) -> Iterator[tuple[str, str]]:
    yield "Referred on", _day(record.made_on)
    if record.reply:
        outcome, on = record.reply
        yield "Reply", f"{whom} {_REPLIED[outcome]} ({_day(on)})"
    if record.child_name:
        yield "Child", record.child_name
    yield "Reference", record.child
    yield "Date of birth", f"{_day(record.birth_date)} (aged {age_on(record.birth_date, record.made_on)} when referred)"
    yield "Legal status", f"{with_capital(record.legal_status.words)} ({record.legal_status}), when referred"
    yield "Looked after", _period(record)
    yield "Court proceedings", _proceedings(record)
    if record.guardian:
        yield "Children's guardian", _reached(record.guardian)
    yield "IRO", _reached(record.iro) if record.iro else "none appointed when referred"
    if record.cover:
        yield "Covering for the IRO", _reached(record.cover)
    yield "Raised with", with_capital(listed(role.words for role in record.raised_with))


def _sections(record: ReferralRecord) -> Iterator[tuple[str, list[str]]]:
    yield "In what the authority has failed", [printable(_FAILED[record.failure]), *_lines(record.about)]
    yield "What was done so far", _lines(record.done_so_far)
    yield "The child's view", _lines(record.childs_view)
    yield "What the IRO asks for", _lines(record.asks)


def _tables(record: ReferralRecord) -> Iterator[dict[str, Any]]:
    if record.challenges:
        rows = [
            [with_capital(each.rung.words), each.addressee.words, _day(each.on), _day(each.answer_by), each.came_of_it]
            for each in record.challenges
        ]
        columns = ["Challenge", "To", "Raised", "To be answered by", "What came of it"]
        said = [part for each in record.challenges for part in _of_challenge(each)]
        heading = "Challenges before the dispute"
        yield {"heading": heading, "words": [], "columns": columns, "rows": rows, "said": said}
    for dispute in record.disputes:
        rows = [
            [with_capital(stage.stage.words), _day(stage.since), _day(stage.answer_by), stage.came_of_it]
            for stage in dispute.stages
        ]
        columns = ["Stage", "Since", "To be answered by", "What came of it"]
        heading = f"The formal dispute of {_day(dispute.raised_on)}"
        said = [
            {"heading": "What is disputed", "words": _lines(dispute.about)},
            *(_answer(stage.answer) for stage in dispute.stages if stage.answer),
        ]
        yield {"heading": heading, "words": [_dispute(dispute)], "columns": columns, "rows": rows, "said": said}


def _of_challenge(challenge: ChallengeLine) -> Iterator[dict[str, Any]]:
    whom = f"{with_capital(challenge.rung.words)} to the {challenge.addressee.words}"
    yield {"heading": f"{whom}, {_day(challenge.on)}", "words": _lines(challenge.about)}
    if challenge.answer:
        yield _answer(challenge.answer)


def _answer(answer: Answer) -> dict[str, Any]:
    """An answer, with who gave it and who recorded it."""
    heading = f"Answer of the {answer.whose.words}, {_day(answer.on)} (recorded by {answer.recorded_by})"
    return {"heading": printable(heading), "words": _lines(answer.words)}


def _dispute(dispute: DisputeHistory) -> str:
    words = f"It is about: {plain(dispute.matter)}."
    if dispute.resolve_by:
        words += f" Its {WORKING_DAYS_IN_ALL} working days in all end on {_day(dispute.resolve_by)}."
    if dispute.needed_by:
        words += f" The child needs it resolved by {_day(dispute.needed_by)}."
    return f"{words} {with_capital(dispute.closed) if dispute.closed else 'It is open'}."


def _period(record: ReferralRecord) -> str:
    since = f"since {_day(record.looked_after_since)}"
    if record.ended_on is None:
        return with_capital(since)
    why = f" ({record.end_reason.words})" if record.end_reason else ""
    return f"{with_capital(since)} until {_day(record.ended_on)}{why}"


def _proceedings(record: ReferralRecord) -> str:
    said = (
        f"{plain(each.about)}, issued on {_day(each.issued_on)}"
        + (f", ended on {_day(each.ended_on)}" if each.ended_on else ", under way")
        for each in record.proceedings
    )
    return with_capital("; ".join(said)) or "None recorded"


def _reached(who: Reachable) -> str:
    return ", ".join(filter(None, (who.name, who.phone, who.email)))


def _lines(words: str) -> list[str]:
    return [line for each in words.splitlines() if (line := printable(each))]


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
