"""The headline of a page: what stands over the story, without the outlet's name.

The titles that a page gives itself carry the outlet's name before or after the headline; the `h1` of the
story does not, but a page may have several, and the outlet's logo can be one. The two are held against
each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stream.wire import boilerplate
from stream.wire.page_meta import Meta

_SEPARATOR = re.compile(r"\s+[-–—|•·:»«‹›~]{1,3}\s+|\s*[|｜»«]\s*|\s+::\s+")
# A heading is the story's when this share of its words stands in the title, and this share of the title's
# words, which may include a long name of the site, in the heading: a section's name has the one only.
_LEAST_OF_HEADING = 0.6
_LEAST_OF_TITLE = 0.4
# A part of a title without a known site's name is held to be one up to this length, and only before or
# after a bar, which headlines do not use.
_SITE_WORDS = 5
_BAR = re.compile(r"\s*[|｜]\s*")


def choose(meta: Meta, headings: Sequence[str]) -> str | None:
    """The headline out of the page's titles and its `h1` headings, or None when it has neither."""
    sites = {boilerplate.key(site) for site in meta.sites}
    headings = [heading for heading in headings if heading and boilerplate.key(heading) not in sites]
    for title in meta.titles:
        for heading in headings:
            if _is_same(heading, title):
                return without_site(heading, sites)
    for title in meta.titles:
        stripped = without_site(title, sites)
        if boilerplate.key(stripped) not in sites:
            return stripped
    return headings[0] if headings else None


def without_site(title: str, sites: set[str]) -> str:
    """`title` without the parts at its ends that name the site."""
    parts = _split(title, _SEPARATOR)
    while len(parts) > 1 and _is_site(parts[-1], sites):
        title = title[: title.rindex(parts[-1])]
        parts.pop()
    while len(parts) > 1 and _is_site(parts[0], sites):
        title = title[title.index(parts[0]) + len(parts[0]) :]
        parts.pop(0)
    title = title.strip(" \u00a0-–—|｜•·»«‹›~") if len(parts) == 1 else title.strip(" \u00a0|｜")
    barred = _split(title, _BAR)
    if len(barred) == 2 and len(barred[1].split()) <= _SITE_WORDS < len(barred[0].split()):
        return barred[0]
    return title.strip()


def _split(title: str, separator: re.Pattern[str]) -> list[str]:
    return [part.strip() for part in separator.split(title) if part.strip()]


def _is_site(part: str, sites: set[str]) -> bool:
    key = boilerplate.key(part)
    compact = key.replace(" ", "")
    return bool(key) and (key in sites or any(compact == site.replace(" ", "") for site in sites))


def _is_same(heading: str, title: str) -> bool:
    """Whether a heading is the headline that the title holds."""
    shown, titled = boilerplate.key(heading).split(), boilerplate.key(title).split()
    if not shown or not titled:
        return False
    common = len(set(shown) & set(titled))
    return common >= _LEAST_OF_HEADING * len(set(shown)) and common >= _LEAST_OF_TITLE * len(set(titled))
