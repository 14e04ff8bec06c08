"""Gate: formats. `python -m bench.gate_formats [--data DIR]` parses every sample under `formats/` of the
development data, prints a report and exits 1 when a sample is not read as its label says (0 with one line
when the samples are absent).

`bench/labels/formats.tsv` holds what a reader of the sample expects, a row for each story or for a rejected
file: headline and text by their first (and last) words. `*` is whatever comes, `-` is nothing. A row counts
for the very file that it was written for (`digest`, of its bytes); files without a row, and other versions of
a file, are listed and break nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from stream.credit.agencies import Agencies
from stream.credit.find import CreditFinder
from stream.development import DATA
from stream.errors import Rejected
from stream.model import Origin, Record, Story
from stream.regions.gazetteer import Gazetteer
from stream.wire.detect import parse

LABELS = Path(__file__).parent / "labels" / "formats.tsv"
# The samples are of years from 2001 on; none is dated after this.
RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)
# What the standards' licences and other keepers put beside their samples.
_NO_SAMPLES = frozenset(("LICENSE", "README.md"))
_ANY, _NONE = "*", "-"


@dataclass(frozen=True, slots=True)
class Label:
    """What one story, or the verdict on one file, must be: `outcome` is a publishing status or a reason, and
    for a rejected file `headline` is a word of the detail."""

    file: str
    digest: str
    item: str
    format: str
    outcome: str
    uri: str
    version: str
    language: str
    agency: str
    headline: str
    first: str
    last: str


def labels() -> dict[str, list[Label]]:
    """The rows of the table by file, in the order of their items."""
    rows = [line for line in LABELS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    if tuple(rows[0].split("\t")) != tuple(field.name for field in fields(Label)):
        raise ValueError(f"{LABELS}: the columns are not a label's")
    read = (Label(*row.split("\t")) for row in rows[1:])
    return {file: list(group) for file, group in groupby(read, key=lambda label: label.file)}


def samples(folder: Path, known: Collection[str]) -> Iterator[tuple[str, Path]]:
    """The samples of every collection, each by its path below `folder`, or by its collection and name where
    that is how it is `known`."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in _NO_SAMPLES:
            inner = path.relative_to(folder)
            by_name = f"{inner.parts[0]}/{path.name}"
            yield by_name if by_name in known else inner.as_posix(), path


class Reader:
    """Reads samples as the service does, as far as the labels go."""

    def __init__(self) -> None:
        self._credits = CreditFinder(Agencies.load(), Gazetteer.load().country_of)

    def faults(self, path: Path, expected: list[Label]) -> list[str]:
        """What differs between a sample and its labels; empty when it is read as they say."""
        record = Record(path.read_bytes(), RECEIVED, Origin("wire.stories", 0, 0))
        try:
            stories = parse(record)
        except Rejected as rejected:
            label = expected[0]
            if label.item != _NONE:
                return [f"rejected: {rejected}"]
            wrong = label.outcome != rejected.reason or not _holds(label.headline, rejected.detail)
            return [f"rejected for another reason: {rejected}"] if wrong else []
        if expected[0].item == _NONE:
            return [f"parsed: {stories[0].headline!r}"]
        if len(stories) != len(expected):
            return [f"{len(stories)} stories for {len(expected)}"]
        return [fault for pair in zip(stories, expected, strict=True) for fault in self._differs(*pair)]

    def _differs(self, story: Story, label: Label) -> Iterator[str]:
        credit = self._credits.find(story).agency
        told = {
            "item": str(story.item),
            "format": story.format,
            "outcome": story.pubstatus,
            "uri": story.uri,
            "version": story.version,
            "language": story.language,
            "agency": credit.id if credit else None,
        }
        for name, value in told.items():
            wanted = getattr(label, name)
            if wanted not in (_ANY, value or _NONE):
                yield f"{name} {value!r}, not {wanted!r}"
        headline, body = _words(story.headline or _NONE), _words(story.body or _NONE)
        for name, is_right in (
            ("headline", headline.startswith(_words(label.headline))),
            ("first", body.startswith(_words(label.first))),
            ("last", body.endswith(_words(label.last))),
        ):
            if getattr(label, name) != _ANY and not is_right:
                found = {"headline": headline[:60], "first": body[:60], "last": body[-60:]}[name]
                yield f"{name}: {found!r}"


def _words(text: str) -> str:
    return " ".join(text.split())


def _holds(word: str, detail: str) -> bool:
    return word in (_ANY, _NONE) or word in detail


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of the development data")
    folder = parser.parse_args(arguments).data / "formats"
    table = labels()
    found = dict(samples(folder, table)) if folder.is_dir() else {}
    if not found:
        print(f"formats: skipped, no samples in {folder}")
        return 0
    reader = Reader()
    right: Counter[str] = Counter()
    absent = [file for file in table if file not in found]
    unlabelled, broken = [], 0
    for file, path in found.items():
        expected = table.get(file)
        if expected is None or hashlib.sha256(path.read_bytes()).hexdigest()[:8] != expected[0].digest:
            unlabelled.append(file)
            continue
        faults = reader.faults(path, expected)
        broken += bool(faults)
        for fault in faults:
            print(f"BROKEN {file}: {fault}")
        if not faults:
            right.update(label.format if label.item != _NONE else "rejected" for label in expected)
    for name, count in sorted(right.items()):
        print(f"{name:12}{count:5} {'files' if name == 'rejected' else 'stories'} as expected")
    stories = sum(right.values()) - right["rejected"]
    print(f"{stories} stories, {right['rejected']} rejected files, {broken} broken")
    for title, files in (("without a label of their own", unlabelled), ("labelled but absent", absent)):
        if files:
            print(f"{len(files)} samples {title}: {', '.join(files[:6])}{' …' if len(files) > 6 else ''}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
