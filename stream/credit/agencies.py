"""The agencies table: whose name a credit slot may hold, and how sure a reader may be of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from stream.text.arabic import fold

Doubt = Literal["none", "word", "person"]
"""Whether a form is also an ordinary word or place (`قنا`), or a person's name (`فارس`)."""

# The columns of forms, and what each says of its forms.
_DOUBTS: tuple[tuple[str, Doubt], ...] = (("forms", "none"), ("words", "word"), ("persons", "person"))
# Credit for copy of agencies that the credit does not name.
UNNAMED = "agencies"

_APART = re.compile(r"[\s._·•ـ\u00a0-]+")
# The longest form is a name of seven words; whatever is longer is no form.
_FORM_CHARS = 60


@dataclass(frozen=True, slots=True)
class Wire:
    """One agency of the table. `country` is ISO 3166 alpha-2, None for a union and for unnamed agencies."""

    id: str
    country: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a piece of text says when it is a credit form: which agency, and with what doubt."""

    wire: Wire
    doubt: Doubt
    is_capitals: bool
    """Counts only when it is written in capitals: `AA`, `MAP`, `SPA`."""


def key(text: str) -> str:
    """The spelling in which credit forms are compared: folded, `د.ب.أ` and `د ب أ` alike."""
    return _APART.sub(" ", fold(text)).strip(" '\"")


class Agencies:
    """The table by id, by credit form, by feed and by signature. Immutable; load it once."""

    def __init__(self, rows: Iterable[dict[str, str]]) -> None:
        self._by_id: dict[str, Wire] = {}
        self._forms: dict[str, Form] = {}
        self._feeds: dict[str, Wire] = {}
        signatures: list[tuple[str, Wire]] = []
        for row in rows:
            wire = Wire(row["id"], row["country"] or None, row["name"])
            if wire.id in self._by_id:
                raise ValueError(f"agency {wire.id} stands twice in the table")
            self._by_id[wire.id] = wire
            for column, doubt in _DOUBTS:
                for form in _parts(row[column]):
                    self._add(form, Form(wire, doubt, form.isascii() and form.isupper()))
            for feed in _parts(row["feeds"]):
                self._feeds[feed.casefold()] = wire
            signatures.extend((fold(mark), wire) for mark in _parts(row["signatures"]))
        self.signatures = tuple(signatures)
        self._first_words = frozenset(spelled.partition(" ")[0] for spelled in self._forms)
        self._look_up = lru_cache(maxsize=65_536)(self._find)
        self._of_feed = lru_cache(maxsize=4096)(self._find_feed)

    @classmethod
    def load(cls) -> Agencies:
        """The table that comes with the program."""
        return cls(_rows())

    def __iter__(self) -> Iterator[Wire]:
        return iter(self._by_id.values())

    def get(self, identity: str) -> Wire | None:
        return self._by_id.get(identity)

    def form(self, text: str) -> Form | None:
        """What `text`, whole, says as a credit form (`د. ب. أ`, `وكالة رويترز`, `AFP`), or None."""
        return self._look_up(text) if len(text) <= _FORM_CHARS else None

    def may_name(self, text: str) -> bool:
        """Whether some form may stand within `text`: a quick look at its words."""
        return not self._first_words.isdisjoint(key(text).split(" "))

    def of_feed(self, name: str | None) -> Wire | None:
        """The agency whose own feed has this name, id, domain or address, or None."""
        return self._of_feed(name) if name else None

    def _find_feed(self, name: str) -> Wire | None:
        wanted = name.strip().casefold()
        found = self._by_id.get(wanted) or self._feeds.get(wanted)
        if found or "." not in wanted:
            return found
        host = re.sub(r"^[a-z]+://", "", wanted).partition("/")[0].partition(":")[0].removeprefix("www.")
        while "." in host:
            if host in self._feeds:
                return self._feeds[host]
            host = host.partition(".")[2]
        return None

    def _add(self, text: str, form: Form) -> None:
        spelled = key(text)
        standing = self._forms.get(spelled)
        if standing is not None and standing.wire.id != form.wire.id:
            raise ValueError(f"the form {text!r} stands for both {standing.wire.id} and {form.wire.id}")
        # `AP` and `Ap`: the spelling that asks for less wins.
        if standing is None or (standing.is_capitals and not form.is_capitals):
            self._forms[spelled] = form

    def _find(self, text: str) -> Form | None:
        spelled = key(text)
        found = self._forms.get(spelled)
        if found is None:
            # "the agency X" is X, and then X is no ordinary word.
            for prefix in ("وكاله ", "وكاله انباء "):
                if spelled.startswith(prefix) and (bare := self._forms.get(spelled.removeprefix(prefix))):
                    return Form(bare.wire, "none", False)
            return None
        return None if found.is_capitals and not text.isupper() else found


def _parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _rows() -> Iterator[dict[str, str]]:
    text = (files("stream") / "data" / "agencies" / "agencies.tsv").read_text("utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    heading, *rows = lines
    for row in rows:
        yield dict(zip(heading, row, strict=True))
