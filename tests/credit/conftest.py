"""The tables that the tests of this folder share, loaded once."""

from __future__ import annotations

import pytest

from stream.credit.agencies import Agencies
from stream.credit.find import CreditFinder
from tests.credit.credit_cases import country_of


@pytest.fixture(scope="session")
def agencies() -> Agencies:
    return Agencies.load()


@pytest.fixture(scope="session")
def finder(agencies: Agencies) -> CreditFinder:
    return CreditFinder(agencies, country_of)
