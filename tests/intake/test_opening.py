"""The facts that open the episode of a child of a return."""

from datetime import date

import pytest

from intake.opening import opening_facts
from intake.ssda903 import Child903
from rules.codes import LegalStatus, ParticipationCode
from rules.facts import Fact
from rules.facts.care import BecameLookedAfter, CaseTakenOn, LegalStatusChanged
from rules.facts.reviews import ReviewHeld
from rules.vocabulary import Nation
from tests.intake.returns import AS_OF, SmallReturn, episode, review


def facts_of(child: Child903) -> tuple[BecameLookedAfter, tuple[Fact, ...]]:
    return opening_facts(child, "383", Nation.ENGLAND, AS_OF)


def test_the_beginning_says_who_where_and_under_what_status(small: SmallReturn) -> None:
    opening, _ = facts_of(small.read().children[0])

    assert opening == BecameLookedAfter(
        id="opening",
        on=date(2018, 1, 10),
        by="ssda903",
        authority="383",
        nation=Nation.ENGLAND,
        child="A1",
        birth_date=date(2008, 6, 5),
        legal_status=LegalStatus.C2,
    )


def test_what_followed_comes_in_order_of_day_and_the_taking_on_last(small: SmallReturn) -> None:
    small.write(
        episodes=[
            episode("10/01/2018", "S", "10/02/2018", "X1", ls="V2"),
            episode("10/02/2018", "L", "10/03/2018", "X1", ls="C1"),
            episode("10/03/2018", "P", ls="C1"),
        ],
        reviews=[review("31/03/2018", "PN0"), review("30/01/2018", "PN6")],
    )

    _, followed = facts_of(small.read().children[0])

    assert followed == (
        ReviewHeld(id="review-2018-01-30", on=date(2018, 1, 30), by="ssda903", participation=ParticipationCode.PN6),
        LegalStatusChanged(
            id="legal-status-2018-02-10", on=date(2018, 2, 10), by="ssda903", legal_status=LegalStatus.C1
        ),
        ReviewHeld(id="review-2018-03-31", on=AS_OF, by="ssda903"),
        CaseTakenOn(id="taken-on", on=AS_OF, by="ssda903", first_day_known=True),
    )


def test_a_first_day_before_the_return_is_said_to_be_unknown(small: SmallReturn) -> None:
    small.write(episodes=[episode("10/01/2018", "P")])

    opening, followed = facts_of(small.read().children[0])

    assert opening.on == date(2018, 1, 10)
    assert followed[-1] == CaseTakenOn(id="taken-on", on=AS_OF, by="ssda903", first_day_known=False)


@pytest.mark.parametrize("status", ["V3", "V4"])
def test_a_series_of_short_breaks_opens_as_one(small: SmallReturn, status: str) -> None:
    small.write(episodes=[episode("10/01/2018", ls=status)], reviews=())

    opening, _ = facts_of(small.read().children[0])

    assert opening.legal_status.is_short_break


def test_a_return_without_any_legal_status_leaves_it_to_the_contract(small: SmallReturn) -> None:
    small.write(episodes=[episode("10/01/2018", ls="")])

    opening, _ = facts_of(small.read().children[0])

    assert "legal_status" not in opening.model_fields_set


def test_the_same_return_gives_the_same_facts(small: SmallReturn) -> None:
    assert facts_of(small.read().children[0]) == facts_of(small.read().children[0])


def test_no_two_facts_share_an_id(small: SmallReturn) -> None:
    small.write(reviews=[review("02/02/2018"), review("02/02/2018", "PN2")])

    opening, followed = facts_of(small.read().children[0])

    ids = [opening.id, *(fact.id for fact in followed)]
    assert len(ids) == len(set(ids))
