"""Whether a word of copy is a name, as far as the word and the one before it tell.

Where a script has capitals, names have them. Elsewhere a word is one when the lists of given names and of
places have it, or when it follows a given name or a title.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from stream.text.arabic import fold

# و ف ب ل ك are written with the word that they stand before.
_PROCLITIC = re.compile(r"^[وفبلك](?=\w{3})")
# The gazetteer's marks of ambiguity: here the word is in the place of another, which says more than they do.
_MARKS = "&^!?*"


def is_name(written: str, key: str, before: str, *, begins: bool) -> bool:
    """`written` as it stands in the text, `key` as words are compared, `before` the key of the word before
    it. Of a word that `begins` a sentence the capital says nothing."""
    first = written[:1]
    if first.upper() != first.lower():
        return first.isupper() and not begins
    bare = _PROCLITIC.sub("", key)
    return not {key, bare}.isdisjoint(_names()) or (not begins and before in _given())


@cache
def _given() -> frozenset[str]:
    """Given names and titles: what follows is a name. Names of two words say nothing by either."""
    lines = (*_lines("gazetteer/first_names.txt"), *_lines("names/given.txt"))
    return frozenset(word for line in lines for word in line.split() if "~" not in word)


@cache
def _names() -> frozenset[str]:
    places = {
        name.strip(_MARKS)
        for table in ("gazetteer/places.tsv", "gazetteer/names.tsv")
        for line in _lines(table)
        for name in line.rpartition("\t")[2].split("|")
    }
    return _given() | {fold(name) for name in places if " " not in name}


def _lines(name: str) -> list[str]:
    text = (files("stream") / "data" / name).read_text("utf-8")
    return [fold(line) if name.endswith(".txt") else line for line in text.splitlines() if line[:1] != "#"]
