"""What was decided on a story as a version of an item, as the ledger keeps it."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from stream.lifecycle.changes import Fact
from stream.model import ChainKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """`previous` and `killed_by` are ids, in hexadecimal as everywhere outside the memory. `facts` are those
    by which copies of the version before are stale; where there are none, `is_stale` says that every copy
    that came before is. `taken_back` are stories whose clusters a kill takes back, `given_back` those that
    are free again, one of each; `told` are stories of other clusters that a kill has advisories on."""

    kind: ChainKind
    previous: str | None = None
    killed_by: str | None = None
    facts: tuple[Fact, ...] = ()
    is_stale: bool = False
    taken_back: tuple[str, ...] = ()
    given_back: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        facts = [tuple(fact) for fact in self.facts]
        return orjson.dumps(
            (
                self.kind,
                self.previous,
                self.killed_by,
                facts,
                self.is_stale,
                self.taken_back,
                self.given_back,
                self.told,
            )
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> Fate:
        """The reverse of `to_bytes`. Raises ValueError."""
        try:
            kind, previous, killed_by, facts, is_stale, *clusters = orjson.loads(data)
            taken_back, given_back, told = map(tuple, clusters)
            return cls(
                kind=kind,
                previous=previous,
                killed_by=killed_by,
                facts=tuple(Fact(was, now, tuple(old), tuple(new)) for was, now, old, new in facts),
                is_stale=is_stale,
                taken_back=taken_back,
                given_back=given_back,
                told=told,
            )
        except (TypeError, ValueError) as error:
            raise ValueError(f"no fate of a story: {data[:80]!r}") from error
