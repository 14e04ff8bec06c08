"""Routes: the further topics that an event goes to, by what it is about and where it came from.

Conditions of one route must all hold; within one condition any value will do. Codes are checked when the
worker starts: a route with a misspelt code would be a topic that stays empty for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from stream.errors import SettingsError
from stream.model import Facets, Role
from stream.settings import RouteFilter, RouteSettings
from stream.text.language import primary


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The codes that routes may name. `resolve_topic` gives the top-level qcode of a topic as a person may
    write it (`medtop:16000000`, `16000000`, `16`), or None."""

    resolve_topic: Callable[[str], str | None]
    countries: Collection[str]
    m49: Collection[str]
    agencies: Collection[str]


@dataclass(frozen=True, slots=True)
class Route:
    """One compiled route. An empty set means no condition."""

    topic_name: str
    tops: frozenset[str]
    countries: frozenset[str]
    m49: frozenset[str]
    agencies: frozenset[str]
    languages: frozenset[str]
    feeds: frozenset[str]
    roles: frozenset[str]

    def matches(self, facets: Facets, role: Role) -> bool:
        return (
            (not self.roles or role in self.roles)
            and (not self.tops or not self.tops.isdisjoint(facets.tops))
            and (not self.countries or not self.countries.isdisjoint(facets.countries))
            and (not self.m49 or not self.m49.isdisjoint(facets.m49))
            and (not self.agencies or facets.agency in self.agencies)
            and (not self.languages or facets.language in self.languages)
            and (not self.feeds or facets.feed in self.feeds)
        )


def compile_routes(
    routes: Sequence[RouteSettings], vocabulary: Vocabulary, reserved: Collection[str]
) -> tuple[Route, ...]:
    """The routes of the settings. Raises `SettingsError` that names route, key and code."""
    return tuple(_compile(index, route, vocabulary, reserved) for index, route in enumerate(routes))


def targets(routes: Sequence[Route], facets: Facets, role: Role) -> list[str]:
    """The topics of all matching routes, each once, in the order of the settings."""
    return list(dict.fromkeys(route.topic_name for route in routes if route.matches(facets, role)))


def _compile(index: int, route: RouteSettings, vocabulary: Vocabulary, reserved: Collection[str]) -> Route:
    where: RouteFilter = route.where
    label = f"routes[{index}] ({route.topic_name})"
    if route.topic_name in reserved:
        raise SettingsError(f"{label}: the service itself uses this topic; give the route a name of its own")

    def known(key: str, codes: Sequence[str], allowed: Collection[str], what: str) -> frozenset[str]:
        for code in codes:
            if code not in allowed:
                raise SettingsError(f"{label}: where.{key}: {code!r} is no {what}")
        return frozenset(codes)

    tops = set()
    for code in where.topics:
        top = vocabulary.resolve_topic(code)
        if top is None:
            raise SettingsError(
                f"{label}: where.topics: {code!r} is no IPTC top-level topic (medtop:01000000 … 17000000)"
            )
        tops.add(top)
    languages = set()
    for tag in where.languages:
        # Events bear primary tags alone.
        language = primary(tag)
        if language is None:
            raise SettingsError(f"{label}: where.languages: {tag!r} is no BCP 47 language, such as ar")
        languages.add(language)
    return Route(
        topic_name=route.topic_name,
        tops=frozenset(tops),
        countries=known("countries", where.countries, vocabulary.countries, "ISO 3166 alpha-2 country"),
        m49=known("m49", where.m49, vocabulary.m49, "UN M49 region"),
        agencies=known("agencies", where.agencies, vocabulary.agencies, "agency of the agencies table"),
        languages=frozenset(languages),
        feeds=frozenset(where.feeds),
        roles=frozenset(where.roles),
    )
