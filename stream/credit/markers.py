"""What copy says of its own life: flash, update, correction, kill, embargo…

The words stand in tags before the headline (`UPDATE 2-`, `عاجل |`, `(Corrige)`), alone on the first line of
the copy, in the slugline and in the editor's note; suppliers also send codes. The published headline stays as
it is in the event: without its markers it serves comparison.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from stream.model import Lifecycle, Story
from stream.text.arabic import fold

# Tags are short; what is longer is a headline.
_TAG_CHARS = 60
_LINE_CHARS = 120
_MOST_TAGS = 4
_OPENERS = re.compile(r"[\s\[({«\"#*+=|¥<>!~-]*")
_DELIMITER = re.compile(r"[:|\-–—―/*+=!\])}»…¥>]+|\.{2,}")
_AFTER = re.compile(r"[\s:|\-–—―/*+=!.\])}»…¥>]*")
_TRAILING = re.compile(r"\s*[(\[]([^()\[\]]{2,40})[)\]]\s*$")
_ORDINARY = re.compile(r"\W+")
_NUMBER = re.compile(r"\d+")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
# A wrong kill does harm: in Latin script these count in capitals only, `Kill:` may begin any headline.
_GRAVE = frozenset({"kill", "hold"})
_BY_URGENCY = {1: "flash", 2: "urgent"}


@dataclass(frozen=True, slots=True)
class _Words:
    forms: dict[str, str]
    begun: tuple[tuple[str, str], ...]
    codes: dict[str, str]


def read(story: Story) -> tuple[Lifecycle, str | None]:
    """The life cycle of `story`, and its headline without markers: None when nothing changes, empty when the
    headline is nothing but a marker. Signals are in the order in which they were found, each once."""
    found: dict[str, None] = {}
    headline = story.headline or ""
    rest = _tags(headline, found)
    _line(story.body.lstrip()[: _LINE_CHARS + 1].partition("\n")[0], found)
    for part in re.split(r"[,;/]", story.slugline or ""):
        _whole(part, found)
    _note(story.ednote or "", found)
    for code in story.signals:
        signal = _words().codes.get(_key(code)) or _words().forms.get(_key(code))
        if signal:
            found[signal] = None
    if story.pubstatus == "canceled":
        found["kill"] = None
    elif story.pubstatus == "withheld" and story.embargoed_until is None:
        found["hold"] = None
    if story.embargoed_until is not None:
        found["embargo"] = None
    if story.urgency in _BY_URGENCY and not found.keys() & set(_BY_URGENCY.values()):
        found[_BY_URGENCY[story.urgency]] = None
    lifecycle = Lifecycle(story.urgency, tuple(found), story.embargoed_until)
    return lifecycle, None if rest == headline else rest


def is_marker(text: str) -> bool:
    """Whether `text` is nothing but a marker."""
    return _whole(text, {})


def _tags(headline: str, found: dict[str, None]) -> str:
    """Adds the signals of the headline's tags; returns the headline without them."""
    rest = headline
    for _ in range(_MOST_TAGS):
        if _whole(rest, found):
            return ""
        cut = _tag(rest, found)
        if cut is None:
            break
        rest = rest[cut:]
    trailing = _TRAILING.search(rest)
    if trailing and (signal := _signal(trailing.group(1), is_set_off=True)):
        found[signal] = None
        rest = rest[: trailing.start()]
    return rest


def _tag(text: str, found: dict[str, None]) -> int | None:
    """Where the text goes on after the tag that it begins with, or None when it begins with none."""
    begin = _OPENERS.match(text)
    start = begin.end() if begin else 0
    opened = text[:start].strip() != ""
    for delimiter in reversed(list(_DELIMITER.finditer(text, start, start + _TAG_CHARS))):
        is_set_off = opened or delimiter.group()[0] in ":|)]"
        signal = _signal(text[start : delimiter.start()], is_set_off=is_set_off)
        if signal:
            found[signal] = None
            after = _AFTER.match(text, delimiter.end())
            return after.end() if after else delimiter.end()
    return _capitals(text, start, found)


def _capitals(text: str, start: int, found: dict[str, None]) -> int | None:
    """A tag in capitals before a headline that is not: `1ST LEAD Talks go on`, `URGENT Macron annonce…`"""
    words = list(re.finditer(r"\S+", text[start : start + _TAG_CHARS]))
    for count in range(min(4, len(words) - 1), 0, -1):
        end = start + words[count - 1].end()
        follows = words[count].group()
        tag = text[start:end]
        if tag.isupper() and not _ARABIC.search(tag) and not follows.isupper():
            signal = _words().forms.get(_key(tag))
            if signal:
                found[signal] = None
                return start + words[count].start()
    return None


def _line(line: str, found: dict[str, None]) -> None:
    """The first line of the copy, when it is nothing but a marker or an advisory in brackets."""
    stripped = line.strip()
    if not stripped or len(stripped) > _LINE_CHARS:
        return
    if stripped[0] in "([" and stripped[-1] in ")]":
        signal = _signal(stripped[1:-1], is_set_off=True)
        if signal:
            found[signal] = None
    else:
        _whole(stripped, found)


def _whole(text: str, found: dict[str, None]) -> bool:
    """Whether the whole text is a marker; a word of a Latin script (`Summary`) only in capitals."""
    if len(text) > _LINE_CHARS or not (spelled := _key(text)):
        return False
    words = _words()
    signal = words.forms.get(spelled)
    if signal is not None and not _ARABIC.search(text) and not _is_capitals(text):
        signal = None
    if signal is None:
        graves = (kind for start, kind in words.begun if kind in _GRAVE and _begins(spelled, start))
        signal = next(graves, None)
    if signal is None:
        return False
    found[signal] = None
    return True


def _note(note: str, found: dict[str, None]) -> None:
    """An editor's note tells by its first words."""
    text = note.strip()[:_LINE_CHARS]
    if not text:
        return
    if _tag(text, found) is not None or _whole(text, found):
        return
    spelled = _key(text)
    signal = next((kind for start, kind in _words().begun if _begins(spelled, start)), None)
    if signal:
        found[signal] = None


def _signal(tag: str, *, is_set_off: bool) -> str | None:
    """The signal that a tag names; in Latin script in capitals, or set off by brackets or a colon."""
    spelled = _key(tag)
    words = _words()
    signal = words.forms.get(spelled)
    if signal is None and is_set_off:
        signal = next((kind for start, kind in words.begun if _begins(spelled, start)), None)
    if signal is None or _ARABIC.search(tag) or _is_capitals(tag):
        return signal
    return signal if is_set_off and signal not in _GRAVE else None


def _is_capitals(tag: str) -> bool:
    # 1stLd-Writethru is written in both cases, and is no word of a headline.
    return tag.isupper() or (tag.lstrip()[:1].isdigit() and any(c.isupper() for c in tag))


def _begins(spelled: str, start: str) -> bool:
    return spelled.startswith(start) and (len(spelled) == len(start) or spelled[len(start)] == " ")


def _key(text: str) -> str:
    return _NUMBER.sub("#", _ORDINARY.sub(" ", fold(text))).strip()


@cache
def _words() -> _Words:
    text = (files("stream") / "data" / "markers" / "signals.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")][1:]
    forms: dict[str, str] = {}
    begun: list[tuple[str, str]] = []
    codes: dict[str, str] = {}
    for signal, _, where, listed in rows:
        for form in listed.split("|"):
            spelled = _spell(form)
            if where == "code":
                codes[spelled] = signal
            elif form.endswith("*"):
                begun.append((spelled, signal))
                forms.setdefault(spelled, signal)
            else:
                forms[spelled] = signal
    # The longest beginning says most.
    begun.sort(key=lambda one: -len(one[0]))
    return _Words(forms, tuple(begun), codes)


def _spell(form: str) -> str:
    """A form of the table as `_key` spells it; its # stays."""
    return " ".join("#".join(_ORDINARY.sub(" ", fold(part)) for part in form.rstrip("*").split("#")).split())
