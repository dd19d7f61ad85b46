"""Choosing a child's IRO: who may not review for the child, who is preferred and why, and who has room.

Independence comes first and is never set aside (CPPCR 2010 reg 46; CPPCR(W) 2015 reg 54); parent and child both
looked after have different IROs, and so have siblings who are kept apart for a conflict of interest. Then continuity:
the IRO a child had before, and the IRO of the siblings; it counts for nothing with someone about to leave. Then what
the child needs, and then the lightest load for the hours. When all are full the child is given an IRO all the same:
the duty to appoint (Children Act 1989 s.25A) waits for no vacancy (practice notes 4.9).
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from hashlib import sha256

from rules.directory import Absence, Bar, BarKind, IroTerms, Person
from rules.vocabulary import ApartGround, Frozen, Nation, Need, Reference, Words

LEAVING_SOON = timedelta(weeks=4)
"""Whoever leaves before this has passed is given a child only where all others with room are out of the question."""


class Sibling(Frozen):
    """A brother or sister who is looked after too, and whose IRO they have."""

    child: Reference
    iro: Reference | None = None


class Conflict(Frozen):
    """A conflict of interest declared for this child alone."""

    iro: Reference
    reason: Words


class ChildToAllocate(Frozen):
    """What is looked at to choose a child's IRO.

    Attributes:
        child: the authority's reference.
        authority: its three-digit code.
        nation: whose law applies.
        workers: the child's social worker and team manager, and everyone above them in line.
        teams: the teams of those.
        needs: what the child needs of an IRO.
        former_iro: who was the child's IRO in an earlier period of care.
        siblings: the brothers and sisters who are looked after, with their IROs.
        apart: why the siblings are not to share an IRO, where that is recorded. For a conflict of interest their IRO
            may not review for this child; for the group's size they come after everyone else with room.
        kin_iros: the IROs of the child's own parents or children who are looked after.
        conflicts: declared for this child.
        not_again: IROs who gave the child up, and are not to be chosen to follow themselves.
    """

    child: Reference
    authority: str
    nation: Nation
    workers: tuple[Reference, ...] = ()
    teams: tuple[Reference, ...] = ()
    needs: tuple[Need, ...] = ()
    former_iro: Reference | None = None
    siblings: tuple[Sibling, ...] = ()
    apart: ApartGround | None = None
    kin_iros: tuple[Reference, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    not_again: tuple[Reference, ...] = ()


class Candidate(Frozen):
    """An IRO who may be chosen.

    Attributes:
        person: the post.
        terms: hours, limit, nations, what they offer.
        load: how many children they have now.
        absences: known times away.
        bars: for whose children they may not review.
    """

    person: Person
    terms: IroTerms
    load: int
    absences: tuple[Absence, ...] = ()
    bars: tuple[Bar, ...] = ()

    @property
    def reference(self) -> str:
        """What stands for them."""
        return self.terms.iro

    @property
    def has_room(self) -> bool:
        """Whether one more child stays within their places."""
        return self.load < self.terms.places


class Considered(Frozen):
    """One candidate, as looked at.

    Attributes:
        iro: by reference.
        load: children before this choice.
        places: children they may have for their hours.
        barred: why they may not review for the child; None when they may.
        speaks_for: what speaks for them, in words.
        speaks_against: what speaks against them, in words.
    """

    iro: Reference
    load: int
    places: int
    barred: str | None = None
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()


class Choice(Frozen):
    """Who was chosen, and why, candidate by candidate.

    Attributes:
        iro: the IRO chosen; None when everyone is barred or nobody is there.
        because: the reason, one sentence without a name.
        over_capacity: the IRO has now more children than places, because everyone else who may review was full too.
        shares_with: the siblings who have the same IRO.
        parted_from: the siblings who have another, for the reason given in `because`.
        considered: everyone looked at, the one chosen first, then by rank, the barred last.
    """

    iro: Reference | None
    because: str
    over_capacity: bool = False
    shares_with: tuple[Reference, ...] = ()
    parted_from: tuple[Reference, ...] = ()
    considered: tuple[Considered, ...] = ()


def bar_to(child: ChildToAllocate, candidate: Candidate, day: date) -> str | None:
    """Why a candidate may not review for a child on a day; None when they may.

    Args:
        child: what is known of the child.
        candidate: the IRO.
        day: a London date.
    """
    return (
        _not_there(candidate, day)
        or ("is an IRO of another authority" if candidate.person.authority != child.authority else None)
        or _not_independent(child, candidate)
        or _conflict_in_the_family(child, candidate)
        or (f"does not review in {child.nation.value.title()}" if child.nation not in candidate.terms.nations else None)
    )


def choose(child: ChildToAllocate, candidates: Iterable[Candidate], day: date) -> Choice:
    """Choose a child's IRO.

    Args:
        child: what is known of the child.
        candidates: every IRO of the authority, in any order.
        day: a London date.

    Returns:
        The IRO with the reasons; nobody when no candidate may review for the child.
    """
    everyone = sorted(candidates, key=lambda candidate: candidate.reference)
    by_themselves = {candidate.reference: bar_to(child, candidate, day) for candidate in everyone}
    bars = {
        candidate.reference: by_themselves[candidate.reference]
        or _cover_unfit(candidate, by_themselves, day)
        or ("gave this child up" if _gave_up(child, candidate) else None)
        for candidate in everyone
    }
    fit = [candidate for candidate in everyone if not bars[candidate.reference]]
    ranked = sorted(fit, key=lambda candidate: _rank(child, candidate, day))
    considered = (
        *(_considered(child, candidate, day) for candidate in ranked),
        *(
            _considered(child, candidate, day, barred)
            for candidate in everyone
            if (barred := bars[candidate.reference])
        ),
    )
    if not ranked:
        return Choice(iro=None, because=_NOBODY if everyone else _EMPTY, considered=considered)
    chosen = ranked[0]
    return Choice(
        iro=chosen.reference,
        because=_because(child, chosen, ranked, day),
        over_capacity=not chosen.has_room,
        shares_with=tuple(each.child for each in child.siblings if each.iro == chosen.reference),
        parted_from=tuple(each.child for each in child.siblings if each.iro not in (None, chosen.reference)),
        considered=considered,
    )


_NOBODY = "No IRO of the authority may review for this child: each is barred, away or gone, or gave the child up."
_EMPTY = "There is no IRO in the directory."


def _not_there(candidate: Candidate, day: date) -> str | None:
    person = candidate.person
    if person.since and day < person.since:
        return f"begins only on {_says(person.since)}"
    if person.until and day > person.until:
        return f"left on {_says(person.until)}"
    away = _away(candidate, day)
    if away and away.cover is None:
        return f"away until {_says(away.until)}, without cover" if away.until else "away, without cover"
    return None


def _not_independent(child: ChildToAllocate, candidate: Candidate) -> str | None:
    if candidate.reference in child.workers:
        return BarKind.LINE_MANAGEMENT.words
    if not candidate.bars:
        return None
    against = {child.child, *child.workers, *child.teams}
    return next((bar.kind.words for bar in candidate.bars if bar.against in against), None)


def _conflict_in_the_family(child: ChildToAllocate, candidate: Candidate) -> str | None:
    if candidate.reference in child.kin_iros:
        return "is the IRO of the child's own parent or child, who is looked after too"
    if any(conflict.iro == candidate.reference for conflict in child.conflicts):
        return BarKind.CONFLICT.words
    if child.apart is ApartGround.CONFLICT and _reviews_for_a_sibling(child, candidate):
        return "is the IRO of siblings from whom the child is kept apart for a conflict of interest"
    return None


def _cover_unfit(candidate: Candidate, bars: Mapping[str, str | None], day: date) -> str | None:
    """Cover must be as independent as the IRO (practice notes 9): who is away is no better than who covers."""
    away = _away(candidate, day)
    if away and away.cover and bars.get(away.cover):
        return "is away, and whoever covers may not review for this child"
    return None


def _gave_up(child: ChildToAllocate, candidate: Candidate) -> bool:
    return candidate.reference in child.not_again


def is_away(candidate: Candidate, day: date) -> bool:
    """Whether an IRO is away on a day, covered or not."""
    return _away(candidate, day) is not None


def leaves_soon(candidate: Candidate, day: date) -> bool:
    """Whether an IRO's last day in the post is known and falls within `LEAVING_SOON` of a day."""
    return candidate.person.until is not None and candidate.person.until < day + LEAVING_SOON


def unmet_needs(child: ChildToAllocate, candidate: Candidate) -> tuple[Need, ...]:
    """What the child needs of an IRO and the candidate does not offer, in the child's order."""
    return tuple(need for need in child.needs if need not in candidate.terms.offers) if child.needs else ()


def _away(candidate: Candidate, day: date) -> Absence | None:
    """The absence of that day; where two overlap, one that is covered."""
    if not candidate.absences:
        return None
    found = [absence for absence in candidate.absences if absence.includes(day)]
    return next((absence for absence in found if absence.cover), found[0] if found else None)


def _rank(child: ChildToAllocate, candidate: Candidate, day: date) -> tuple[object, ...]:
    """Smaller is better: room, apart from the siblings where so decided, staying, continuity, siblings, needs met,
    presence, load for the hours, and then a lot that differs from child to child, so that equal candidates take
    turns."""
    return (
        not candidate.has_room,
        child.apart is not None and _reviews_for_a_sibling(child, candidate),
        leaves_soon(candidate, day),
        not _had_before(child, candidate),
        not _has_siblings(child, candidate),
        len(unmet_needs(child, candidate)),
        is_away(candidate, day),
        _share(candidate),
        sha256(f"{child.child}:{candidate.reference}".encode()).digest(),
    )


def _share(candidate: Candidate) -> float:
    """The load for the hours, counted to the middle of the place that would be taken: the fairest for part-timers."""
    return round((candidate.load + 0.5) / candidate.terms.hours, 6)


def _had_before(child: ChildToAllocate, candidate: Candidate) -> bool:
    return candidate.reference == child.former_iro


def _has_siblings(child: ChildToAllocate, candidate: Candidate) -> bool:
    return child.apart is None and _reviews_for_a_sibling(child, candidate)


def _reviews_for_a_sibling(child: ChildToAllocate, candidate: Candidate) -> bool:
    return bool(child.siblings) and any(each.iro == candidate.reference for each in child.siblings)


def _considered(child: ChildToAllocate, candidate: Candidate, day: date, barred: str | None = None) -> Considered:
    if _says_nothing(child, candidate):
        return Considered(iro=candidate.reference, load=candidate.load, places=candidate.terms.places, barred=barred)
    met = [need for need in child.needs if need in candidate.terms.offers]
    until = candidate.person.until
    speaks_for = (
        *(["had the child before"] if _had_before(child, candidate) else []),
        *(["has the child's siblings"] if _has_siblings(child, candidate) else []),
        *(f"offers {need}" for need in met),
    )
    speaks_against = (
        *(f"does not offer {need}" for need in unmet_needs(child, candidate)),
        *(["is the IRO of the siblings, who are too many for one"] if _one_too_many(child, candidate, barred) else []),
        *([f"leaves on {_says(until)}"] if not barred and until and leaves_soon(candidate, day) else []),
        *(["is away, and covered"] if not barred and is_away(candidate, day) else []),
        *(["is full"] if not candidate.has_room else []),
    )
    return Considered(
        iro=candidate.reference,
        load=candidate.load,
        places=candidate.terms.places,
        barred=barred,
        speaks_for=speaks_for,
        speaks_against=speaks_against,
    )


def _says_nothing(child: ChildToAllocate, candidate: Candidate) -> bool:
    """Whether nothing but the load speaks for or against a candidate: so it is with most."""
    special = child.needs or child.siblings or candidate.absences or candidate.person.until
    return not special and candidate.has_room and not _had_before(child, candidate)


def _one_too_many(child: ChildToAllocate, candidate: Candidate, barred: str | None) -> bool:
    return not barred and child.apart is ApartGround.GROUP_SIZE and _reviews_for_a_sibling(child, candidate)


def _because(child: ChildToAllocate, chosen: Candidate, ranked: list[Candidate], day: date) -> str:
    reasons = []
    if _had_before(child, chosen):
        reasons.append("had the child in an earlier period of care")
    if _has_siblings(child, chosen):
        reasons.append("is the IRO of the child's siblings")
    if child.needs and not unmet_needs(child, chosen):
        reasons.append("offers all that the child needs")
    words = f"The IRO {' and '.join(reasons or [_in_default(child, chosen, ranked)])}."
    if not chosen.has_room:
        words += " Everyone who may review for the child is full, so this is over their limit."
    return words + _why_parted(child, chosen, ranked, day)


def _in_default(child: ChildToAllocate, chosen: Candidate, ranked: list[Candidate]) -> str:
    """What tells for someone whom neither continuity nor all the needs tell for; never more than is true."""
    if len(ranked) == 1:
        return "is the only one who may review"
    unmet = len(unmet_needs(child, chosen))
    if any(unmet < len(unmet_needs(child, candidate)) for candidate in ranked):
        return "offers more of what the child needs"
    if _share(chosen) == min(map(_share, ranked)):
        return "has the lightest load for their hours"
    return "has the lightest load for their hours of those who are free to take the child"


_APART = {
    ApartGround.CONFLICT: "there is a conflict of interest",
    ApartGround.GROUP_SIZE: "they are too many for one IRO",
}


def _why_parted(child: ChildToAllocate, chosen: Candidate, ranked: list[Candidate], day: date) -> str:
    theirs = {each.iro for each in child.siblings if each.iro} - {chosen.reference}
    if not theirs:
        return ""
    if child.apart:
        return f" Apart from the siblings: {_APART[child.apart]}."
    if _had_before(child, chosen):
        return " The siblings' IRO is another: the one who knows the child comes first."
    if _has_siblings(child, chosen):
        return " The siblings have several IROs."
    ranked_theirs = [candidate for candidate in ranked if candidate.reference in theirs]
    if any(not candidate.has_room for candidate in ranked_theirs):
        return " The siblings' IRO is full."
    if any(leaves_soon(candidate, day) for candidate in ranked_theirs):
        return " The siblings' IRO is about to leave."
    if theirs <= set(child.not_again):
        return " The siblings' IRO gave this child up."
    return " The siblings' IRO may not review for this child."


def _says(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
