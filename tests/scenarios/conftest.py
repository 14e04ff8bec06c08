from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stream.kafka.broker import Broker
from tests.scenarios.installation import Installation, installed


@pytest.fixture
def installation(broker: Broker, tmp_path: Path) -> Iterator[Installation]:
    """A fresh installation with its topics made and no worker started."""
    with installed(broker.bootstrap, tmp_path) as installation:
        yield installation
