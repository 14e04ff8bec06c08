from __future__ import annotations

from collections.abc import Callable

import pytest

from stream.model import Agency, Dateline, Place, Region
from stream.regions.gazetteer import Gazetteer
from stream.regions.locate import Locator, PlaceInput
from stream.text.tokens import hashes

Locate = Callable[..., list[Region]]


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def locator(gazetteer: Gazetteer) -> Locator:
    return Locator(gazetteer)


@pytest.fixture(scope="session")
def locate(locator: Locator) -> Locate:
    """`locate(body, headline=…, …)` with everything else absent."""

    def run(
        body: str,
        *,
        headline: str = "",
        dateline: Dateline | None = None,
        places: tuple[Place, ...] = (),
        feed_country: str | None = None,
        agency: Agency | None = None,
        language: str | None = "ar",
    ) -> list[Region]:
        story = PlaceInput(
            headline=headline,
            body=body,
            headline_tokens=hashes(headline),
            body_tokens=hashes(body),
            dateline=dateline,
            places=places,
            feed_country=feed_country,
            agency=agency,
            language=language,
        )
        return locator.locate(story).regions

    return run
