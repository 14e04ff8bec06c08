"""The two stages in consumer groups of their own, as in a cluster."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from stream.kafka.broker import Broker
from tests.scenarios.installation import installed
from tests.scenarios.stories import unique_stories


def test_a_stage_in_a_group_of_its_own_does_its_part(broker: Broker, tmp_path: Path) -> None:
    prefix = f"apart-{uuid4().hex[:8]}"
    folders = [tmp_path / name for name in ("annotate", "dedup")]
    for folder in folders:
        folder.mkdir()
    with (
        installed(broker.bootstrap, folders[0], app=f"{prefix}-a", topics={"prefix": prefix}) as annotate,
        installed(broker.bootstrap, folders[1], app=f"{prefix}-d", topics={"prefix": prefix}) as dedup,
    ):
        annotate.worker("--stages", "annotate")
        dedup.worker("--stages", "dedup")
        annotate.produce(unique_stories(50), feed="okaz")
        dedup.wait_for(lambda: len(dedup.events()) == 50, "50 events")
