"""What the child asks for; what cannot be. A child's request is answered, never taken back by somebody else."""

from collections.abc import Iterator
from typing import TypeVar

from rules.acceptance.dispute import is_the_iros
from rules.acceptance.scene import Refused, Scene, says, what_it_answers
from rules.case import Known
from rules.facts import PlainFact
from rules.facts.base import FactBase
from rules.facts.childs_road import (
    ASKED_BY_THE_CHILD,
    NEVER_TAKEN_BACK,
    AdultSought,
    AdvocateAsked,
    AdvocateProvided,
    ChildHelpedToAdvice,
    ChildWantsNoMore,
    ChildWantsProceedings,
    ChildWishAnswered,
    ChildWished,
    ComplaintAbout,
    ComplaintAnswered,
    ComplaintMade,
    ComplaintPassedOn,
    ComplaintWeighed,
    ReviewWish,
    WishMet,
)

F = TypeVar("F", bound=FactBase)

_SAYS_SO = "the child's IRO, whom the child told, records that they want no more of what they asked for"


def is_not_taken_back(wrong: PlainFact) -> None:
    """What the child asked for stays on the page until it is answered.

    Raises:
        Refused: it is such a request.
    """
    if isinstance(wrong, NEVER_TAKEN_BACK):
        raise Refused(
            f"What the child asked for ({wrong.kind}, fact {wrong.id}) is not taken back by anybody else: answer it. If"
            " the child wants it no more, that is the answer."
        )


def keeps_what_was_asked(wrong: PlainFact, right: PlainFact) -> None:
    """A correction puts the day of a request right, and nothing of what the child said.

    Raises:
        Refused: it would say otherwise what the child asked for.
    """
    if isinstance(wrong, NEVER_TAKEN_BACK) and _but_for_its_day(wrong, right) != right:
        raise Refused(
            "Only the day of what a child asked for can be corrected; what they said stands. If they said it otherwise"
            " since, record that as well."
        )


def _but_for_its_day(wrong: PlainFact, right: PlainFact) -> PlainFact:
    return wrong.model_copy(update={"on": right.on, "id": right.id})


def asked(scene: Scene, fact: FactBase) -> None:
    """What the child asked for comes before what came of it, when its day is corrected."""
    early = [known for known in _answers_to(scene, fact.id) if known.on < fact.on]
    if early:
        first = min(early, key=lambda known: known.on)
        raise Refused(f"What came of it was recorded on {says(first.on)} (fact {first.id}); it was asked for by then.")


def _answers_to(scene: Scene, name: str) -> Iterator[Known[FactBase]]:
    for known in scene.case.standing:
        fact = known.fact
        if isinstance(fact, ComplaintPassedOn | ComplaintWeighed | ComplaintAnswered):
            answered = fact.complaint
        elif isinstance(fact, AdultSought | ChildHelpedToAdvice | AdvocateProvided | ChildWantsNoMore):
            answered = fact.request
        elif isinstance(fact, ChildWishAnswered):
            answered = fact.wish
        else:
            continue
        if answered == name:
            yield known


def wants_no_more(scene: Scene, fact: ChildWantsNoMore) -> None:
    """Only of what they asked for does a child want no more, once; and it is the IRO to whom they said so.

    Of a complaint about that IRO nobody says it: the IRO manager weighs and answers it in any case.
    """
    found = [known for kind in ASKED_BY_THE_CHILD for known in scene.case.all(kind) if known.id == fact.request]
    if not found:
        raise Refused(f"There is no such request of the child in the open part of this episode (fact {fact.request}).")
    if fact.on < found[0].on:
        raise Refused(f"The child asked for it on {says(found[0].on)}; they cannot have wanted no more of it before.")
    made = found[0].fact
    if isinstance(made, ComplaintMade) and made.about is ComplaintAbout.IRO:
        raise Refused(
            "A complaint about the IRO is weighed and answered by the IRO manager, also where the child wants it no"
            " more: tell the IRO manager, who says so in the answer (complaint_answered)."
        )
    _once([known for known in scene.case.all(ChildWantsNoMore) if known.fact.request == fact.request])
    is_the_iros(scene, fact, _SAYS_SO)


def wished(scene: Scene, fact: ChildWished) -> None:
    """Only a wish that somebody does not come says who."""
    asked(scene, fact)
    if (fact.wish is ReviewWish.NOT_THERE) != (fact.who is not None):
        raise Refused("Say who is not to be there (who), for that wish and for no other.")


def wish_answered(scene: Scene, fact: ChildWishAnswered) -> None:
    """A wish is answered once, with a reason where it is not wholly met."""
    what_it_answers(scene, fact, ChildWished, fact.wish, "wish")
    _once([known for known in scene.case.all(ChildWishAnswered) if known.fact.wish == fact.wish])
    if fact.met is not WishMet.MET and not fact.reason:
        raise Refused("Say why the wish is not wholly met (reason): the child is told.")


def adult_sought(scene: Scene, fact: AdultSought) -> None:
    """Established for each thing the child wants to bring to court; again only where it has come out otherwise."""
    what_it_answers(scene, fact, ChildWantsProceedings, fact.request, "wish for proceedings")
    sought = [known for known in scene.case.all(AdultSought) if known.fact.request == fact.request]
    before = [known for known in sought if known.on <= fact.on]
    if before and before[-1].fact.found == fact.found:
        raise Refused(f"That was recorded on {says(before[-1].on)}; correct it if it was wrong (fact {before[-1].id}).")


def helped(scene: Scene, fact: ChildHelpedToAdvice) -> None:
    """The child is helped to advice, whoever else helps."""
    what_it_answers(scene, fact, ChildWantsProceedings, fact.request, "wish for proceedings")


def complaint_passed_on(scene: Scene, fact: ComplaintPassedOn) -> None:
    """A complaint is told to the IRO once."""
    what_it_answers(scene, fact, ComplaintMade, fact.complaint, "complaint")
    _once([known for known in scene.case.all(ComplaintPassedOn) if known.fact.complaint == fact.complaint])


def complaint_weighed(scene: Scene, fact: ComplaintWeighed) -> None:
    """Only of a complaint about the IRO is it weighed whether they can stay."""
    made = what_it_answers(scene, fact, ComplaintMade, fact.complaint, "complaint")
    if made.fact.about is not ComplaintAbout.IRO:
        raise Refused(f"That complaint is not about the IRO (fact {made.id}), so that there is nothing to weigh.")
    _once([known for known in scene.case.all(ComplaintWeighed) if known.fact.complaint == fact.complaint])


def complaint_answered(scene: Scene, fact: ComplaintAnswered) -> None:
    """A complaint is answered once."""
    what_it_answers(scene, fact, ComplaintMade, fact.complaint, "complaint")
    _once([known for known in scene.case.all(ComplaintAnswered) if known.fact.complaint == fact.complaint])


def advocate_provided(scene: Scene, fact: AdvocateProvided) -> None:
    """An advocate who was asked for is provided once."""
    what_it_answers(scene, fact, AdvocateAsked, fact.request, "request for an advocate")
    _once([known for known in scene.case.all(AdvocateProvided) if known.fact.request == fact.request])


def _once(before: list[Known[F]]) -> None:
    if before:
        raise Refused(f"That was recorded on {says(before[0].on)}; correct it if it was wrong (fact {before[0].id}).")
