"""The stories of the demo: written for it, in the forms in which agencies and papers deliver."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from stream.sources import Item, read_sources

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
SETTINGS = SAMPLES / "settings.yaml"


class Sample(NamedTuple):
    """One sample. Samples of a later `step` come after the events of the steps before."""

    step: str
    feed: str
    item: Item


def read_samples() -> list[Sample]:
    """The samples in order: by step, feed and file. They lie in folders of those names; an item's name is
    its path from there."""
    samples = []
    for file in sorted(path for path in SAMPLES.glob("*/*/*") if path.is_file()):
        (item,) = read_sources([str(file)])
        name = file.relative_to(SAMPLES)
        samples.append(Sample(name.parts[0], name.parts[1], Item(name.as_posix(), item.value, item.headers)))
    return samples
