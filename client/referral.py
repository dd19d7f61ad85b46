"""A referral to Cafcass gathered from the register, as the document that is sent (practice notes 4.7)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Engine

from post.notice import Letterhead, Reachable
from post.referral import (
    Answer,
    ChallengeLine,
    DisputeHistory,
    ProceedingsLine,
    ReferralRecord,
    StageOfDispute,
    render,
)
from register import directory, queries
from register.contacts import network
from register.queries import EpisodeLine
from rules import challenges, dispute
from rules.case import Case, Known
from rules.challenges import Challenge
from rules.court import all_proceedings
from rules.directory import Person
from rules.dispute_notices import outcome_words
from rules.disputes import AtStage, Dispute, history_of
from rules.facts.cafcass import CafcassOutcome, CafcassReferred, CafcassReplied
from rules.facts.care import CareEnded
from rules.facts.challenge import ChallengeAnswered
from rules.facts.dispute import DisputeAnswered, DisputeMovedUp
from rules.named_iro import named_iro
from rules.network import NetworkContact
from rules.post_policy import PostPolicy
from rules.reading import key
from rules.vocabulary import Role
from rules.wording import listed

Named = Callable[[str], str]
"""Gives the name of somebody of the service, by their reference."""


class NoReferral(ValueError):
    """There is no such referral; the message says which there are."""


def referral_pdf(register: Engine, policy: PostPolicy, episode: str, referral: str, today: date) -> bytes:
    """The document of a referral to Cafcass, as PDF.

    Args:
        register: the database.
        policy: what the authority says of its own post: what stands on the document.
        episode: the case, by its id.
        referral: by the id of the fact that made it.
        today: the London date that stands on it.

    Raises:
        NoReferral: there is no such episode, or no such referral in it that stands.
        RegisterUnavailable: the database cannot be used.
    """
    return render(referral_record(register, policy, episode, referral, today))


def referral_record(register: Engine, policy: PostPolicy, episode: str, referral: str, today: date) -> ReferralRecord:
    """What the document of a referral says: the referral as it stands, and the case around it.

    Args:
        register, policy, episode, referral, today: as of `referral_pdf`.

    Raises:
        NoReferral: there is no such episode, or no such referral in it that stands.
        RegisterUnavailable: the database cannot be used.
    """
    line = queries.episode(register, episode, today=today)
    if line is None:
        raise NoReferral(
            f"There is no episode {episode}, and so no referral of it; `starter.py list` shows those there are."
        )
    case = Case(queries.facts(register, episode))
    made = _made(case, episode, referral)
    due = {step.key: step.due for step in queries.steps(register, episode)}
    ended = case.last(CareEnded)
    history = history_of(case, made.fact.dispute) if made.fact.dispute else ()

    def named(reference: str) -> str:
        return _of_service(register, reference).name

    return ReferralRecord(
        nation=line.nation,
        letterhead=Letterhead.of(policy, line.authority),
        made_on=made.on,
        printed_on=today,
        child=line.child,
        birth_date=case.opening.fact.birth_date,
        legal_status=case.legal_status_on(made.on),
        looked_after_since=case.first_day,
        ended_on=ended.on if ended else line.ended_on,
        end_reason=ended.fact.reason if ended else None,
        proceedings=tuple(_proceedings(case, made.on)),
        challenges=tuple(_challenge(each, due, named) for each in history if isinstance(each, Challenge)),
        disputes=tuple(_history(each, due, named) for each in history if isinstance(each, Dispute)),
        reply=_reply(case, made.id),
        **_people(register, line, case, made.on),
        **made.fact.model_dump(include={"failure", "about", "done_so_far", "raised_with", "childs_view", "asks"}),
    )


def _made(case: Case, episode: str, referral: str) -> Known[CafcassReferred]:
    every = case.all(CafcassReferred)
    found = next((known for known in every if known.id == referral), None)
    if found is None:
        there = listed(f"{known.id} ({known.on:%-d %B %Y})" for known in every)
        known_ones = f"those that stand are {there}" if every else "none is recorded of it (cafcass_referred)"
        raise NoReferral(f"There is no referral {referral} in {episode}: {known_ones}.")
    return found


def _people(register: Engine, line: EpisodeLine, case: Case, day: date) -> dict[str, Any]:
    """Those whom it names: the child, and who was the guardian, the IRO and their cover on the day of the referral."""
    named, contacts = named_iro(case, day), network(register, line.authority, line.child).contacts
    child = next((each for each in contacts if each.role is Role.CHILD), None)
    guardian = next((each for each in contacts if each.role is Role.GUARDIAN and each.is_involved_on(day)), None)
    return {
        "child_name": child.name if child else None,
        "guardian": _reachable(guardian) if guardian else None,
        "iro": _of_service(register, named.iro) if named.iro else None,
        "cover": _of_service(register, named.cover) if named.cover else None,
    }


def _of_service(register: Engine, reference: str) -> Reachable:
    """Somebody of the service by name; by reference where the directory does not know them."""
    person = directory.person(register, reference)
    return _reachable(person) if person else Reachable(name=reference)


def _reachable(who: Person | NetworkContact) -> Reachable:
    return Reachable(name=who.name, phone=who.phone, email=who.email)


def _proceedings(case: Case, day: date) -> Iterator[ProceedingsLine]:
    for each in all_proceedings(case):
        if each.issued.on <= day:
            ended_on = each.ended.on if each.ended else None
            yield ProceedingsLine(about=each.issued.fact.about, issued_on=each.issued.on, ended_on=ended_on)


def _reply(case: Case, referral: str) -> tuple[CafcassOutcome, date] | None:
    found = next((known for known in case.all(CafcassReplied) if known.fact.referral == referral), None)
    return (found.fact.outcome, found.on) if found else None


# --- The history ----------------------------------------------------------------------------------------------------


def _challenge(challenge: Challenge, due: Mapping[str, date], named: Named) -> ChallengeLine:
    raised, answered = challenge.raised, challenge.answered
    words = [f"answered on {_day(answered.on)}" if answered else "not answered"]
    if challenge.outcome and challenge.closed_on and challenge.further is None:
        words.append(f"{outcome_words(challenge.outcome)} ({_day(challenge.closed_on)})")
    elif challenge.further:
        words.append(f"taken further on {_day(challenge.further.on)}")
    return ChallengeLine(
        rung=raised.fact.rung,
        addressee=raised.fact.addressee,
        on=raised.on,
        about=raised.fact.about,
        answer_by=due.get(key(challenges.ANSWER, challenge.id)),
        came_of_it=_sentence(words),
        answer=_answer(raised.fact.addressee, answered, named) if answered else None,
    )


def _history(of: Dispute, due: Mapping[str, date], named: Named) -> DisputeHistory:
    closed = f"{outcome_words(of.outcome)} ({_day(of.closed_by.on)})" if of.closed_by and of.outcome else None
    return DisputeHistory(
        matter=of.raised.fact.matter,
        about=of.raised.fact.about,
        raised_on=of.raised.on,
        resolve_by=due.get(key(dispute.RESOLVE, of.id)),
        needed_by=of.raised.fact.needed_by,
        stages=tuple(_stage(of, at, due.get(key(dispute.ANSWER, at.began.id)), named) for at in of.stages),
        closed=f"closed: {closed}" if closed else None,
    )


def _stage(of: Dispute, at: AtStage, answer_by: date | None, named: Named) -> StageOfDispute:
    return StageOfDispute(
        stage=at.stage,
        since=at.began.on,
        answer_by=answer_by,
        came_of_it=_sentence(_came_of(of, at, answer_by)),
        answer=_answer(at.stage, at.answered, named) if at.answered else None,
    )


def _answer(whose: Role, known: Known[ChallengeAnswered] | Known[DisputeAnswered], named: Named) -> Answer:
    return Answer(whose=whose, on=known.on, recorded_by=named(known.fact.by), words=known.fact.answer)


def _came_of(of: Dispute, at: AtStage, answer_by: date | None) -> Iterator[str]:
    if at.answered_in_place:
        late = answer_by is not None and answer_by < at.answered_in_place.on
        yield f"answered on {_day(at.answered_in_place.on)}{', late' if late else ''}"
    if at.paused:
        yield f"given until {_day(at.paused.fact.until)}"
    if at.left and isinstance(at.left.fact, DisputeMovedUp):
        yield f"no answer in time; went up to the {at.left.fact.to.words}"
    elif at.left:
        yield f"taken up by the IRO to the {at.left.fact.to.words} on {_day(at.left.on)}"
    if at.answered and not at.answered_in_place:
        yield f"an answer came on {_day(at.answered.on)}, when it had gone on"
    if not at.answered and not at.left:
        yield "closed without an answer" if of.closed_by else "no answer yet"


def _sentence(words: Iterable[str]) -> str:
    said = "; ".join(words)
    return said[:1].upper() + said[1:]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
