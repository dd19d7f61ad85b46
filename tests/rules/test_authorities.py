"""Every local authority of England and Wales by its code."""

import pytest

from rules.authorities import AUTHORITIES, UnknownAuthority, authority
from rules.vocabulary import Nation


@pytest.mark.parametrize(("nation", "count"), [(Nation.ENGLAND, 153), (Nation.WALES, 22)])
def test_every_authority_is_there_once(nation: Nation, count: int) -> None:
    ours = [each for each in AUTHORITIES.values() if each.nation is nation]

    assert len(ours) == count
    assert len({each.name for each in ours}) == count


def test_codes_are_three_digits_and_stand_for_themselves() -> None:
    assert all(len(code) == 3 and code.isdigit() for code in AUTHORITIES)
    assert all(each.code == code for code, each in AUTHORITIES.items())


def test_the_codes_of_wales_are_660_to_681() -> None:
    wales = [code for code, each in AUTHORITIES.items() if each.nation is Nation.WALES]

    assert sorted(wales) == [str(code) for code in range(660, 682)]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("201", "City of London"),
        ("383", "Leeds"),
        ("420", "Isles of Scilly"),
        ("666", "Powys"),
        ("810", "Kingston upon Hull"),
        ("838", "Dorset"),
        ("839", "Bournemouth, Christchurch and Poole"),
        ("940", "North Northamptonshire"),
        ("941", "West Northamptonshire"),
        ("942", "Cumberland"),
        ("943", "Westmorland and Furness"),
    ],
)
def test_an_authority_is_found_by_its_code(code: str, name: str) -> None:
    assert authority(code).name == name


@pytest.mark.parametrize("code", ["820", "835", "836", "837", "875", "909", "928"])
def test_an_abolished_authority_is_refused_and_its_successor_named(code: str) -> None:
    with pytest.raises(UnknownAuthority, match=rf"^Authority {code} was .+, which ended in April 20\d\d; use \d"):
        authority(code)


def test_the_sentence_for_cumbria() -> None:
    with pytest.raises(UnknownAuthority) as refused:
        authority("909")

    assert str(refused.value) == (
        "Authority 909 was Cumbria, which ended in April 2023; use 942 (Cumberland) or 943 (Westmorland and Furness)."
    )


@pytest.mark.parametrize("code", ["000", "702", "682", "659", "999"])
def test_a_code_of_nobody_is_refused(code: str) -> None:
    with pytest.raises(UnknownAuthority, match=f"No local authority of England or Wales has the code {code}."):
        authority(code)


@pytest.mark.parametrize("code", ["", "Leeds", "38", "3830", " 383", "٣٨٣"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(UnknownAuthority, match="three-digit"):
        authority(code)


def test_an_authority_of_the_other_nation_is_refused() -> None:
    assert authority("666", Nation.WALES).name == "Powys"
    with pytest.raises(UnknownAuthority) as refused:
        authority("666", Nation.ENGLAND)

    assert str(refused.value) == "Authority 666 is Powys, in Wales, not in England."
