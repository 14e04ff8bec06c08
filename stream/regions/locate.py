"""Where a story is about: countries with their role, from the names in it.

Each name gives its country a weight by what it is (a country's own name, a nationality, a town) and by
where it stands (headline, lead, body); names with several meanings go to the country that the rest of the
story speaks for. A country whose sum comes near the highest is a subject of the story, the others are
mentioned. Where the copy was filed adds a little, and decides when the text says little else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from typing import Final, NamedTuple

from stream.model import Agency, Dateline, Place, Region, RegionRole, RegionSource
from stream.regions.closing import ClosingNotes
from stream.regions.evidence import Evidence, gather
from stream.regions.gazetteer import Gazetteer
from stream.regions.names import has_capitals
from stream.text.tokens import Hashes, hashes, read, words

_BROADCASTERS: Final = Path(__file__).parents[1] / "data" / "gazetteer" / "broadcasters.txt"

# What the dateline adds: about a headline's worth, so that it leads where the text says little else; and
# what it adds when it is the country of the feed too: a local paper at home.
_DATELINE, _HOME = 1.8, 2.0
# The unnamed institutions of a home paper (`وزارة الصحة`) speak for its country, unless another scores this.
_HOME_WEIGHT, _ABROAD = 0.5, 3.0
# A subject has this share of the highest score, and at least a name in the lead.
_SUBJECT_SHARE, _SUBJECT_LEAST = 0.5, 0.9
# Datelines repeat; past so many different ones the memo starts afresh.
_PLACES: Final = 10_000
# Halfway on the scale 0…1.
_HALF = 3.0
_WORLD: Final = "001"
_SUPPLIED_SCORE, _DATELINE_SCORE, _FEED_SCORE = 1.0, 0.3, 0.25


Shapes = tuple[bytes, bytes]
"""How the words of headline and body are written, one byte each (`stream.text.tokens.read`)."""


class PlaceInput(NamedTuple):
    """What the locator reads of one story. Tokens are `stream.text.tokens.hashes` of headline and cleaned
    body, `shapes` those of both as the same pass gives them; without them the texts are read once more.
    `places` are the supplier's own, `feed_country` is the setting of the feed."""

    headline: str
    body: str
    headline_tokens: Hashes
    body_tokens: Hashes
    dateline: Dateline | None = None
    places: Sequence[Place] = ()
    feed_country: str | None = None
    agency: Agency | None = None
    language: str | None = None
    shapes: Shapes | None = None


class Located(NamedTuple):
    """The regions of a story, best first, one a country with its best role; supplied places lead, wider
    regions (no country) come last. `countries` are those that its own words name: true for one that the story
    is about beyond doubt, whoever prints it under whatever headline: not by one passing name, nor by one that
    could mean another."""

    regions: list[Region]
    countries: dict[str, bool]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a region is named. `words` are those of the text, as normalised; `by` is `text`, `supplied`,
    `dateline` or `feed` (the feed's setting: nothing in the text says where)."""

    country: str
    role: RegionRole
    words: tuple[str, ...]
    by: RegionSource


class Locator:
    """Names the regions of stories; what it keeps between them is a memo of names."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._closing = ClosingNotes()
        self._places: dict[str, frozenset[str]] = {}
        self._about: dict[str, tuple[str | None, str, str]] = {}
        lines = _BROADCASTERS.read_text("utf-8").splitlines()
        self._broadcasters = frozenset(w for line in lines if line[:1] != "#" for w in line.split())

    def locate(self, story: PlaceInput) -> Located:
        """Where a story is."""
        feed_country = self._known(story.feed_country)
        dateline, filed, evidence = self._gather(story, feed_country)
        regions = self._decide(evidence, dateline, filed, story.places, feed_country)
        countries: dict[str, bool] = {}
        for region in regions:
            code = region.country
            if code and (one := evidence.get(code)):
                is_repeated = len(one.names) > 1 and one.lead + one.body > 0
                countries[code] = region.role == "subject" and one.is_plain and is_repeated
        return Located(regions, countries)

    def explain(self, story: PlaceInput) -> list[Reason]:
        """The reasons of the regions that `locate` gives the same story, in the same order."""
        feed_country = self._known(story.feed_country)
        dateline, filed, evidence = self._gather(story, feed_country)
        text = [*words(story.headline), "", *words(story.body)]
        reasons: list[Reason] = []
        for region in self._decide(evidence, dateline, filed, story.places, feed_country):
            code = region.country or region.m49
            names = evidence[code].names if code in evidence else []
            named = dict.fromkeys(" ".join(text[start:end]) for start, end, _ in names)
            reasons.append(Reason(code, region.role, tuple(named), region.by))
        return reasons

    def _gather(
        self, story: PlaceInput, feed_country: str | None
    ) -> tuple[Dateline | None, str | None, dict[str, Evidence]]:
        """The dateline with the country that the agency, the feed or the text says it is, that country as
        far as it counts, and the evidence."""
        dateline, agency = story.dateline, story.agency
        readings: frozenset[str] = frozenset()
        if dateline is not None and dateline.country is not None:
            readings = self._readings(dateline.city or dateline.text)
            if dateline.country in readings and len(readings) > 1:
                settled = self._settled(readings, feed_country, agency)
                if settled:
                    dateline, readings = replace(dateline, country=settled), frozenset()
        filed = self._filed(dateline, agency)
        language = (story.language or "")[:2].lower()
        written = None
        if has_capitals(language):
            head, rest = story.shapes or (read(story.headline).shapes, read(story.body).shapes)
            if len(head) == len(story.headline_tokens) and len(rest) == len(story.body_tokens):
                written = head + b"\0" + rest
        evidence, filed = gather(
            self._gazetteer,
            story.headline_tokens,
            story.body_tokens,
            dateline,
            filed,
            feed_country,
            language,
            written,
            self._closing.size(story.body),
            readings,
        )
        if dateline is not None and filed and filed != dateline.country:
            dateline = replace(dateline, country=filed)
        return dateline, filed, evidence

    def _readings(self, place: str) -> frozenset[str]:
        found = self._places.get(place)
        if found is None:
            if len(self._places) >= _PLACES:
                self._places.clear()
            found = self._places[place] = self._gazetteer.readings(place)
        return found

    def _settled(
        self, readings: frozenset[str], feed_country: str | None, agency: Agency | None
    ) -> str | None:
        """The one of the `readings` that the agency's name says (`بترا`, `وكالة الأنباء العمانية`), or else
        the feed's country."""
        if agency is not None:
            names = self._gazetteer.find(hashes(f"{agency.name} {agency.credit}"))
            said = {m.country for _, _, meanings in names for m in meanings} & readings
            if len(said) == 1:
                return said.pop()
        return feed_country if feed_country in readings else None

    def _filed(self, dateline: Dateline | None, agency: Agency | None) -> str | None:
        """The country of the dateline as far as it says something of the story: a broadcaster's bureau
        writes on the whole world."""
        if dateline is None or dateline.country is None:
            return None
        if agency is not None and agency.id in self._broadcasters:
            return None
        if not self._broadcasters.isdisjoint(words(dateline.text)):
            return None
        return dateline.country if dateline.country in self._gazetteer.countries else None

    def _known(self, country: str | None) -> str | None:
        """A setting's code in capitals; None for what is no country."""
        code = country.upper() if country else ""
        return code if code in self._gazetteer.countries else None

    def _decide(
        self,
        evidence: dict[str, Evidence],
        dateline: Dateline | None,
        filed: str | None,
        places: Sequence[Place],
        feed_country: str | None,
    ) -> list[Region]:
        supplied = self._supplied(places) if places else []
        decided = [self._region(code, "subject", _SUPPLIED_SCORE, "supplied") for code in supplied]
        scores = {code: one.score() for code, one in evidence.items()}
        _add_home(evidence, scores)
        bonus = _DATELINE + (_HOME if filed == feed_country else 0.0)
        if filed and filed in scores:
            scores[filed] += bonus
        top = 0.0
        for code, score in scores.items():
            if score > top and code.isalpha():
                top = score
        if filed and filed not in scores and top < bonus:
            scores[filed] = top = bonus
        least = max(_SUBJECT_SHARE * top, _SUBJECT_LEAST)
        found: list[tuple[tuple[bool, int, float], Region]] = []
        for code, score in scores.items():
            if code in supplied:
                continue
            role: RegionRole = "mention"
            if score >= least and code in evidence:
                role = "subject"
            elif code == filed:
                role = "dateline"
            by: RegionSource = "text" if code in evidence else "dateline"
            region = self._region(code, role, score / (score + _HALF), by)
            found.append(((code.isdigit(), role == "mention", -score), region))
        if dateline is not None and dateline.country and dateline.country not in (*scores, *supplied):
            code = dateline.country
            if code in self._gazetteer.countries:
                role = "dateline" if filed else "mention"
                found.append(
                    (
                        (False, role == "mention", -_DATELINE if filed else 0.0),
                        self._region(code, role, _DATELINE_SCORE, "dateline"),
                    )
                )
        found.sort(key=itemgetter(0))
        regions = [region for _, region in found]
        nowhere = not decided and not any(map(_is_placed, regions))
        if nowhere and feed_country:
            decided.append(self._region(feed_country, "subject", _FEED_SCORE, "feed"))
            regions = [region for region in regions if region.country != feed_country]
        return decided + regions

    def _supplied(self, places: Sequence[Place]) -> list[str]:
        """The countries that the supplier named, in its order, each once."""
        codes: list[str] = []
        for place in places:
            code = place.country.upper() if place.country else None
            if (code is None or code not in self._gazetteer.countries) and place.name:
                code = self._gazetteer.country_of(place.name)
            if code and code in self._gazetteer.countries and code not in codes:
                codes.append(code)
        return codes

    def _region(self, code: str, role: RegionRole, score: float, by: RegionSource) -> Region:
        about = self._about.get(code)
        if about is None:
            country = code if code.isalpha() else None
            about = self._about[code] = (country, self._gazetteer.m49(code), self._gazetteer.name(code))
        return Region(*about, role, round(score, 3), by)


def _is_placed(region: Region) -> bool:
    """Whether a story with this region happens somewhere, so that the feed need not say where: in a country
    or in a part of the world. The world itself, whose bodies any story names, is nowhere."""
    return region.role != "mention" and region.m49 != _WORLD


def _add_home(evidence: dict[str, Evidence], scores: dict[str, float]) -> None:
    """`وزارة الصحة` is the home country's, unless the story leads with another country."""
    for country, one in evidence.items():
        if one.home:
            abroad = max([score for code, score in scores.items() if code != country], default=0.0)
            if abroad < _ABROAD:
                scores[country] += _HOME_WEIGHT * min(one.home, 2.0)
