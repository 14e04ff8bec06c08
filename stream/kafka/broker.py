"""A real single-node Apache Kafka (KRaft) in a folder, on loopback only: for the demo, tests and trials.

    with Broker(Path(".wirestream/broker")) as broker:
        producer = KafkaProducer(bootstrap_servers=broker.bootstrap)

The folder holds `data/` (topics, offsets), `broker.log`, `server.properties` and `broker.json` (process,
ports). Started again on the same folder it has the same topics and offsets, and the same ports when they
are still free. It is no production cluster: one node, no replication, unless a test joins several.
"""

from __future__ import annotations

import atexit
import base64
import logging
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from stream.errors import UserError
from stream.kafka import ports
from stream.kafka.broker_settings import server_properties
from stream.kafka.folder import ClaimedFolder
from stream.kafka.jars import kafka_jars
from stream.kafka.java import find_java

_JAVA_OPTIONS = (
    # One core's worth of collector and the quick compiler: a start in 3 s and 350 MB, measured.
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Djava.net.preferIPv4Stack=true",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    # Every start prints some 2,000 lines of settings otherwise; ours stand in server.properties.
    "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config.AbstractConfig=warn",
)
_READY = b"Kafka Server started"
"""What the server logs when it is registered, unfenced and answers requests. An open port says less."""
_TAKEN = b"Address already in use"
_PORT_ATTEMPTS = 3
_POLL_SECONDS = 0.05
_TAIL_LINES = 12

_log = logging.getLogger(__name__)


class Broker:
    """One Kafka server: broker and controller in one process, or a broker that joins another's controller.

    `port` is the client's port (a free one when None). `properties` are Kafka server properties over the
    defaults; `format_options` go to the storage tool at the first start (`--add-scram …`). With `join`
    the node becomes a further broker of that running one; give it a `node_id` of its own.

    `start` must be called from a thread that outlives the broker: Linux ends a bound child with the thread
    that made it. A process forked from this one leaves the broker alone when it ends.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        heap_mb: int = 512,
        rebalance_delay_ms: int = 0,
        properties: Mapping[str, str] | None = None,
        format_options: Sequence[str] = (),
        node_id: int = 1,
        join: Broker | None = None,
        java: Path | None = None,
        jars: Sequence[Path] | None = None,
    ) -> None:
        self.folder = Path(folder).absolute()
        self.log_file = self.folder / "broker.log"
        self._wanted_port = port
        self._heap_mb = heap_mb
        self._rebalance_delay_ms = rebalance_delay_ms
        self._properties = dict(properties or {})
        self._format_options = tuple(format_options)
        self._node_id = node_id
        self._join = join
        self._java = java
        self._jars = jars
        self._claim = ClaimedFolder(self.folder)
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0
        self._port = 0
        self._controller = ""
        self._cluster_id = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def bootstrap(self) -> str:
        """`127.0.0.1:port`; known once started, and kept after a stop."""
        return f"127.0.0.1:{self._port}"

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The server's process, for signals; None when it does not run."""
        return self._process.pid if self._process is not None and self.alive else None

    def start(self, timeout: float = 90) -> None:
        """Start and wait until the server answers; nothing when it already runs.

        Raises `UserError` when Java or the jars are missing, the folder or the port is in use, the server
        dies, or `timeout` seconds pass. Nothing is left running then.
        """
        if self.alive:
            return
        java = self._java or find_java()
        class_path = os.pathsep.join(map(str, self._jars or kafka_jars()))
        self._claim.take()
        try:
            self._start([str(java), f"-Xmx{self._heap_mb}m", *_JAVA_OPTIONS, "-cp", class_path], timeout)
        except BaseException:
            self.stop()
            raise

    def stop(self, grace: float = 20) -> None:
        """End the server cleanly, by force after `grace` seconds, and free the folder. Safe to repeat."""
        if self._owner not in (0, os.getpid()):
            return
        atexit.unregister(self.stop)
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(grace)
            except subprocess.TimeoutExpired:
                _log.warning("the broker in %s did not end within %.0f s and is killed", self.folder, grace)
                self._process.kill()
                self._process.wait()
        self._claim.release()

    def kill(self) -> None:
        """End the server with SIGKILL, as a crash would; `start` brings it back."""
        if self._process is not None:
            self._process.kill()
        self.stop()

    def _start(self, java: list[str], timeout: float) -> None:
        deadline = time.monotonic() + timeout
        earlier = self._claim.read()
        self._cluster_id = (
            self._join._cluster_id if self._join else earlier.get("cluster_id") or _new_cluster_id()
        )
        if self.log_file.exists():
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        for _ in range(_PORT_ATTEMPTS):
            self._settle_ports(earlier)
            if not (self.folder / "data" / "meta.properties").exists():
                self._format(java, deadline)
            self._launch([*java, "kafka.Kafka", "server.properties"])
            if self._wait_ready(deadline):
                return
            earlier = {}
        raise UserError(f"no free port for the broker in {_PORT_ATTEMPTS} attempts\n{self._tail()}")

    def _settle_ports(self, earlier: Mapping[str, str]) -> None:
        """Choose the ports and write the server's settings with them."""
        self._port = ports.choose(self._wanted_port, earlier.get("port"))
        if self._join:
            self._controller = self._join._controller
        else:
            before = earlier.get("controller", "").rpartition(":")[2]
            self._controller = f"127.0.0.1:{ports.choose(None, before, avoid=self._port)}"
        settings = server_properties(
            node_id=self._node_id,
            bootstrap=self.bootstrap,
            controller=self._controller,
            broker_only=self._join is not None,
            rebalance_delay_ms=self._rebalance_delay_ms,
        )
        lines = (f"{key}={value}\n" for key, value in {**settings, **self._properties}.items())
        (self.folder / "server.properties").write_text("".join(lines), "latin-1", "backslashreplace")

    def _format(self, java: list[str], deadline: float) -> None:
        options = ("-t", self._cluster_id, "-c", "server.properties", *self._format_options)
        tool = self._launch([*java, "kafka.tools.StorageTool", "format", *options])
        try:
            code = tool.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise UserError(f"Kafka could not set up its storage in {self.folder}/data in time") from error
        if code != 0:
            raise UserError(f"Kafka could not set up its storage in {self.folder}/data\n{self._tail()}")

    def _launch(self, command: list[str]) -> subprocess.Popen[bytes]:
        self._owner = os.getpid()
        atexit.register(self.stop)
        child = Path(__file__).with_name("child.py")
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(child), str(os.getpid()), *command],
                # Paths in the settings are relative to the folder, so that no letter of its name needs
                # escaping there.
                cwd=self.folder,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C on a terminal goes to the whole group: the broker must outlive those that drain.
                start_new_session=True,
                # The claim lives as long as any process that holds it: no stale lock, no second server.
                pass_fds=[self._claim.fd],
            )
        self._claim.write(
            pid=self._process.pid,
            port=self._port,
            controller=self._controller,
            cluster_id=self._cluster_id,
        )
        return self._process

    def _wait_ready(self, deadline: float) -> bool:
        """True when ready, False when another program took the port first and it was ours to choose."""
        assert self._process is not None
        while time.monotonic() < deadline:
            ended = self._process.poll() is not None
            said = self.log_file.read_bytes()
            if not ended and _READY in said:
                return True
            if ended and _TAKEN in said and self._wanted_port is None:
                return False
            if ended:
                raise UserError(
                    f"the broker died at its start (exit code {self._process.returncode}); "
                    f"the end of {self.log_file}:\n{self._tail()}"
                )
            time.sleep(_POLL_SECONDS)
        raise UserError(f"the broker was not ready in time; the end of {self.log_file}:\n{self._tail()}")

    def _tail(self) -> str:
        """The end of the log, without the frames of stack traces, which would leave no room for the cause."""
        text = self.log_file.read_text("utf-8", "replace") if self.log_file.exists() else ""
        lines = [line for line in text.splitlines() if line.strip() and not line.startswith("\t")]
        return "\n".join(lines[-_TAIL_LINES:])


def _new_cluster_id() -> str:
    """A Kafka `Uuid`: 16 bytes in URL-safe base64 without padding (a leading `-` would read as an option)."""
    while (text := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return text
