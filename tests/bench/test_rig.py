import sys
from pathlib import Path

import pytest

from bench.rig import WARM_STORIES, Contender, open_rig
from bench.stories import stories

# Forwards every record but the 400th, and the 500th twice.
FORWARD = """
import sys
from kafka import KafkaConsumer, KafkaProducer
bootstrap, prefix = sys.argv[1:]
producer = KafkaProducer(bootstrap_servers=bootstrap)
consumer = KafkaConsumer(prefix + ".stories", bootstrap_servers=bootstrap, auto_offset_reset="earliest")
for number, record in enumerate(consumer):
    for _ in range({400: 0, 500: 2}.get(number, 1)):
        producer.send(prefix + ".enriched", record.value)
"""


@pytest.mark.broker
def test_a_run_times_the_stories_that_waited_and_accounts_for_every_event(tmp_path: Path) -> None:
    script = tmp_path / "forward.py"
    script.write_text(FORWARD)
    contender = Contender("forward", "", (sys.executable, str(script), "{bootstrap}", "{prefix}"))
    with open_rig() as rig:
        run = rig.measure(contender, "test", list(stories(WARM_STORIES + 400)))
    assert run.stories == 400
    assert (run.lost, run.doubled, run.copies) == (1, 1, 0)
    assert 0 < run.seconds < 60
    assert run.memory > 1 << 20
