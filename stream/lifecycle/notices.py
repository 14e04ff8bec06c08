"""Which shards a story goes to: its own, and every other where one of another language may have to know it.

A kill is about an item, whatever language its note is in or does not say: of an item that is canceled without
a text the language is often unknown, and an agency's notes on its Arabic service may be English. So every
shard gets it. The event goes out from the kill's own shard, once; each shard sends the advisories on the
copies that it knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stream.lifecycle import life as lives
from stream.model import Annotated
from stream.topology import Topology


def deliveries(story: Annotated, topology: Topology) -> Iterator[tuple[int, Annotated]]:
    """The shards with what each gets: the story's own first, then the others with a notice of a kill."""
    home = topology.shard(story.facets.language)
    yield home, story
    if lives.flags(story.life) & lives.KILL:
        # Its event is not sent from there, so that it need not be carried.
        notice = replace(story, event=b"{}", notice=True)
        for shard in range(topology.settings.topics.shards):
            if shard != home:
                yield shard, notice
