"""The text of a feed's item: markup in whatever number of escapings, cleaned as pages are."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from stream.text.arabic import fold
from stream.wire import boilerplate, markup, mojibake, tidy

# Some systems escape what was escaped already; what is left after two rounds was meant so.
_ROUNDS = 2
# The sign that a teaser goes on elsewhere, alone or with a link's words.
_MORE = re.compile(r"\s*(?:\[(?:…|\.{3}|&hellip;)\]|\[…|…\])\s*$")


def paragraphs(raw: str, headline: str | None) -> str:
    """`raw` (text or HTML) as paragraphs, without what a site prints around its stories and without a first
    paragraph that repeats the headline. Raises Rejected(MOJIBAKE)."""
    text = mojibake.repair(_unmarked(raw))
    lines = [line.strip() for line in tidy.characters(text).split("\n")]
    kept, _ = boilerplate.strip(lines)
    while kept and (not kept[-1] or _is_footer(kept[-1])):
        kept.pop()
    body = tidy.paragraphs(kept)
    first, _, rest = body.partition("\n\n")
    if rest and headline is not None and first == headline:
        body = rest
    return _MORE.sub("", body) if body.endswith("]") else body


def line(raw: str | None) -> str | None:
    """`raw` (text or HTML) as one line, None when it is empty. Raises Rejected(MOJIBAKE)."""
    if not raw:
        return None
    return tidy.line(mojibake.repair(_unmarked(raw))) or None


def _unmarked(text: str) -> str:
    for _ in range(_ROUNDS):
        if markup.MARKUP.search(text):
            text = markup.html_text(text)
        elif (resolved := markup.unescaped(text)) != text:
            text = resolved
        else:
            break
    return text


def _is_footer(line: str) -> bool:
    spoken = fold(line).replace("’", "'")
    return any(spoken.startswith(begins) and holds in spoken for begins, holds in _footers())


@cache
def _footers() -> tuple[tuple[str, str], ...]:
    text = (files("stream") / "data" / "feeds" / "footers.tsv").read_text("utf-8")
    rows = [row.split("\t") for row in text.splitlines() if row and not row.startswith("#")][1:]
    return tuple((fold(begins), fold(holds)) for _, begins, holds in rows)
