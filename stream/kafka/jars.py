"""Apache Kafka's jars: resolved from Maven Central once, then found without a network.

jgo walks the dependencies and keeps the jars in the local Maven repository (`~/.m2/repository`, or
`M2_REPO`). The class path that came out is written down beside it in a cache file, so that the second
start neither imports jgo nor asks anyone.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stream.errors import UserError

KAFKA = "4.4.0"

# slf4j-simple and no log4j binding: with one, jgo resolves an old kafka-clients without a word, and the
# broker dies of missing methods.
ENDPOINT = f"org.apache.kafka:kafka_2.13:{KAFKA}+org.slf4j:slf4j-simple:1.7.36"

_ATTEMPTS = 3
"""What was downloaded stays, so that another attempt goes on where a lost connection ended the last."""

_log = logging.getLogger(__name__)

Resolve = Callable[[str], Sequence[Path]]


def cache_folder() -> Path:
    """Where the class path is written down: `$XDG_CACHE_HOME/wirestream`, or `~/.cache/wirestream`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wirestream"


def kafka_jars(cache: Path | None = None, resolve: Resolve | None = None) -> list[Path]:
    """The class path of a Kafka server, complete on this disk.

    `resolve` turns Maven coordinates into the paths of downloaded jars (jgo by default). One process at a
    time resolves; the others wait and read what it wrote. Raises `UserError` when the jars cannot be had
    or are not of the version that was asked for.
    """
    cache = cache or cache_folder()
    record = cache / f"kafka-{KAFKA}.json"
    if jars := _recorded(record):
        return jars
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with (cache / "resolving.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if jars := _recorded(record):
                return jars
            _log.info("fetching Apache Kafka %s from Maven Central (45 MB, once)", KAFKA)
            jars = [Path(jar).absolute() for jar in _attempt(resolve or _jgo)]
            _check(jars)
            draft = record.with_suffix(".new")
            draft.write_text(json.dumps({"endpoint": ENDPOINT, "jars": [str(jar) for jar in jars]}, indent=1))
            draft.replace(record)
    except OSError as error:
        raise UserError(f"the cache folder {cache} cannot be used: {error}") from error
    return jars


def _recorded(record: Path) -> list[Path]:
    """The class path written down, or nothing when there is none or a jar of it is gone."""
    try:
        written = json.loads(record.read_bytes())
        jars = [Path(jar) for jar in written["jars"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return jars if written["endpoint"] == ENDPOINT and all(jar.is_file() for jar in jars) else []


def _attempt(resolve: Resolve) -> Sequence[Path]:
    problem: Exception | None = None
    for _ in range(_ATTEMPTS):
        try:
            return resolve(ENDPOINT)
        except (RuntimeError, OSError, ValueError, SyntaxError) as error:
            # What jgo, requests (an OSError) and the XML parser (a SyntaxError) raise when the network or
            # a proxy in between does not give what was asked for.
            problem = error
    raise UserError(
        f"Apache Kafka {KAFKA} could not be fetched from Maven Central: {problem}. The jars are needed once; "
        "try again with a network, or copy ~/.m2/repository from a machine that has them"
    ) from problem


def _jgo(endpoint: str) -> list[Path]:
    try:
        import jgo
    except ImportError as error:
        raise UserError(
            "the embedded broker fetches Kafka with jgo, which is not installed: "
            "pip install 'wirestream[embedded]'"
        ) from error
    # `jgo.build` would also fetch a whole JDK 11, only to sort the jars into modules and others.
    artifacts = jgo.resolve(endpoint)
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda artifact: artifact.resolve(), artifacts))


def _check(jars: Sequence[Path]) -> None:
    clients = [jar.name for jar in jars if jar.name.startswith("kafka-clients-")]
    if clients != [f"kafka-clients-{KAFKA}.jar"]:
        raise UserError(
            f"Maven resolution gave {', '.join(clients) or 'no kafka-clients'} where kafka-clients {KAFKA} "
            "belongs; remove ~/.m2/repository/org/apache/kafka and try again"
        )
