"""Delivery that does not give up: a broker that is away is waited for, and nothing is dropped."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Self

from stream.kafka.delivery import Delivery, UndeliveredError
from stream.producers.backoff import pauses
from stream.producers.metrics import ProducerMetrics
from stream.producers.readiness import Readiness
from stream.producers.stop import Stop

# Between attempts: a leader election is over within seconds, and an hour's outage needs no thousand lines
# of log.
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
# How long a broker may take to confirm. Below the usual bound on a stop, so that a stop while the broker is
# away is a clean one.
_CONFIRM_SECONDS = 20.0

_log = logging.getLogger(__name__)


class Outbox:
    """One delivery, renewed after each failure. A context manager of one thread, not always the same one."""

    def __init__(
        self,
        client_settings: Mapping[str, Any],
        topic_name: str,
        *,
        stop: Stop,
        readiness: Readiness,
        metrics: ProducerMetrics,
    ) -> None:
        self._client_settings = client_settings
        self._topic_name = topic_name
        self._stop = stop
        self._readiness = readiness
        self._metrics = metrics
        self._delivery: Delivery | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._delivery is not None:
            self._delivery.close(abandon=kind is not None)

    def open(self, patience: float) -> bool:
        """Connects; False when asked to stop before that. Raises `UserError` when the topic cannot be had
        within `patience` seconds: at the start, wrong settings are likelier than a broker that is away.
        """
        return self._attempts(lambda _: None, time.monotonic() + patience)

    def persist(self, attempt: Callable[[Delivery], None]) -> bool:
        """Runs `attempt` until it goes through; False when asked to stop before that.

        An attempt sends and drains. It is told of what was confirmed, and after a failure it is called again
        with a new delivery, to send what was not; of that, some may have arrived.
        """
        return self._attempts(attempt, None)

    def _attempts(self, attempt: Callable[[Delivery], None], deadline: float | None) -> bool:
        for pause in pauses(_FIRST_PAUSE, _LONGEST_PAUSE):
            try:
                if self._delivery is None:
                    self._delivery = Delivery(
                        self._client_settings, self._topic_name, timeout=_CONFIRM_SECONDS
                    )
                attempt(self._delivery)
            except UndeliveredError as error:
                self._abandon()
                if deadline is not None and time.monotonic() >= deadline:
                    raise
                self._metrics.broker_failures.inc()
                self._readiness.wait(str(error))
                _log.warning("%s; trying again in %.0f s", error, pause)
                if self._stop.wait(pause):
                    return False
            else:
                self._readiness.ready()
                return True
        raise AssertionError("the pauses have no end")

    def _abandon(self) -> None:
        if self._delivery is not None:
            self._delivery.close(abandon=True)
            self._delivery = None
