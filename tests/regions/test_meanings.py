from __future__ import annotations

from stream.regions.gazetteer import Gazetteer
from stream.regions.meanings import Meaning, certain, doubted, settled
from stream.regions.table import AMBIGUOUS, BARE, CERTAIN, CLUB, Kind
from stream.text.tokens import hashes


def _meaning(flags: int, trust: int = CERTAIN) -> Meaning:
    return Meaning("FR", Kind.CITY, 200, "", 0, flags, trust)


def test_names_of_equal_meanings_share_them(gazetteer: Gazetteer) -> None:
    (_, _, one), (_, _, other) = gazetteer.find(hashes("وفرنسا / بفرنسا"))
    assert one is other
    assert one[0].country == "FR"


def test_a_doubted_meaning_counts_beside_others_only() -> None:
    (meaning,) = doubted((_meaning(BARE),))
    assert (meaning.country, meaning.flags) == ("FR", BARE | AMBIGUOUS)


def test_a_certain_meaning_counts_alone() -> None:
    (meaning,) = certain((_meaning(BARE | AMBIGUOUS),))
    assert meaning.flags == BARE


def test_meanings_of_which_some_count_alone_stay_as_they_are() -> None:
    meanings = _meaning(AMBIGUOUS), _meaning(0)
    assert certain(meanings) is meanings


def test_a_settled_meaning_is_not_asked_what_stands_beside_it() -> None:
    (meaning,) = settled((_meaning(BARE | CLUB | AMBIGUOUS, trust=-8),))
    assert (meaning.flags, meaning.trust) == (AMBIGUOUS, CERTAIN)
