"""What the fault scenarios share: how large they are, when their faults strike, and the account of it all."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from tests.scenarios.installation import Installation
from tests.scenarios.stories import unique_stories

# Short, so that the machine's time goes into deliveries and not into reading.
WORDS = 30


@dataclass(frozen=True, slots=True)
class Result:
    """What one scenario came to, for readers of committed records."""

    name: str
    stories: int
    faults: int
    lost: int
    doubled: int
    seconds: float


@dataclass(slots=True)
class Trial:
    """One scenario: so many stories, so many faults at random points of the stream, drawn from `seed`."""

    name: str
    stories: int
    kills: int
    seconds: float
    seed: int
    report: Callable[[Result], None]
    faults: int = 0
    rng: random.Random = field(init=False)
    _begun: float = field(default_factory=monotonic)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def produce(self, installation: Installation) -> None:
        installation.produce(unique_stories(self.stories, seed=self.seed, words=WORDS), feed="okaz")

    def strike(self, installation: Installation, fault: Callable[[], None], times: int | None = None) -> None:
        """Calls `fault` while the outputs grow, `times` times (as asked on the command line by default)."""
        shares = sorted(self.rng.uniform(0.02, 0.85) for _ in range(times or self.kills))
        for share in shares:
            installation.wait_for(
                lambda share=share: installation.written() > share * self.stories,
                f"{share:.0%} of the events",
                moving=installation.written,
            )
            self.fault(fault)

    def fault(self, fault: Callable[[], None]) -> None:
        self.faults += 1
        fault()

    def settle(self, installation: Installation) -> None:
        """Awaits the rest and holds the outputs to it: nothing lost, nothing twice, nothing rejected."""
        installation.wait_for(lambda: installation.lag() == 0, "the rest", moving=installation.lag)
        self.account(installation.uris())
        assert installation.dead_letters() == []

    def account(self, uris: Counter[str]) -> None:
        """Holds what came out to what was sent."""
        wanted = {f"urn:test:{number}" for number in range(self.stories)}
        lost, doubled = len(wanted - uris.keys()), uris.total() - len(uris)
        seconds = monotonic() - self._begun
        self.report(Result(self.name, self.stories, self.faults, lost, doubled, seconds))
        assert (lost, doubled) == (0, 0)
        assert uris.keys() == wanted
