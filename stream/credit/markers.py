"""What copy says of its own life: flash, update, correction, kill, embargo…

The words stand in tags before the headline (`UPDATE 2-`, `عاجل |`, `(Corrige)`, `#عاجل`), alone on the first
line of the copy, behind the slug (`BC-Talks, 1stLd-Writethru`) and in the editor's note; suppliers also send
codes and version texts. The published headline stays as it is in the event: without its markers it serves
comparison.

Most of these words also begin ordinary headlines. How much a tag must be set off depends on the word:
`URGENT` in capitals or before a colon, `LEAD` in capitals or brackets, a kill by more than its one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from stream.credit import embargo, parts
from stream.model import Lifecycle, Story
from stream.text.arabic import fold

# Tags are short; what is longer is a headline.
_TAG_CHARS = 60
_LINE_CHARS = 120
_MOST_TAGS = 4
_OPENERS = re.compile(r"[\s\[({«\"#*+=|¥<>!~-]*")
_DELIMITER = re.compile(r"[:|\-–—―/*+=!\])}»…¥>]+|\.{2,}")
_AFTER = re.compile(r"[\s:|\-–—―/*+=!.\])}»…¥>]*")
_HASH_TAG = re.compile(r"\s*#(\w+)")
_TRAILING = re.compile(r"\s*[(\[]([^()\[\]]{2,40})[)\]]\s*$")
_BEHIND_SLASH = re.compile(r"\s*/\s*([^/]{2,40}?)\s*/?\s*$")
_ORDINARY = re.compile(r"\W+")
_NUMBER = re.compile(r"\d+")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
# A wrong kill does harm: in Latin script these count in capitals only, `Kill:` may begin any headline.
_GRAVE = frozenset({"kill", "hold"})
# Says nothing of the story's life, but may stand before a tag that does: EXCLUSIVE-UPDATE 1-
_LABEL = "label"
# What is under an embargo says until when, so that its tag has further words before the colon.
_WORDY = frozenset({"embargo"})
_BY_URGENCY = {1: "flash", 2: "urgent"}
# May stand behind a headline, set off by a slash: `الملك يستقبل الرئيس / إضافة أولى`.
_BEHIND = frozenset({"take", "lead"})

Found = dict[str, str]
"""The signals in the order in which they were found, each with the text of the first tag that gave it."""


@dataclass(frozen=True, slots=True)
class _Words:
    forms: dict[str, str]
    strict: frozenset[str]
    """Forms that are ordinary words of headlines: in capitals or brackets only."""
    begun: dict[str, tuple[tuple[str, str], ...]]
    """By first word, longest first: forms that further words may follow."""
    codes: dict[str, str]

    def begins(self, spelled: str) -> Iterator[str]:
        """The signals of the forms that a text begins with."""
        for start, signal in self.begun.get(spelled.partition(" ")[0], ()):
            if _begins(spelled, start):
                yield signal


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a tag is set off from its headline: by brackets, by a colon or bar, by a sign that wires use only;
    `is_shouted` where all of the headline is in capitals, which then say little."""

    is_bracketed: bool = False
    is_set_off: bool = False
    is_wire: bool = False
    is_shouted: bool = False


_IN_BRACKETS = _Setting(is_bracketed=True, is_set_off=True, is_wire=True)
_TRAILS = _Setting(is_set_off=True)


def read(story: Story) -> tuple[Lifecycle, str | None]:
    """The life cycle of `story`, and its headline without markers: None when nothing changes, empty when the
    headline is nothing but a marker. Signals are in the order in which they were found, each once."""
    found: Found = {}
    headline = story.headline or ""
    rest = parts.without_sign(_tags(headline, found))
    _line(story.body.lstrip()[: _LINE_CHARS + 1].partition("\n")[0], found)
    if story.slugline:
        for part in re.split(r"[,;]", story.slugline)[1:]:
            _whole(part, found)
    for code in story.signals:
        _code(code[:_LINE_CHARS], found)
    _note(story.ednote or "", found)
    part = parts.read(found, story.slugline, story.headline)
    if part is not None and part.kind in ("take", "add"):
        found.setdefault("take", "")
    if story.pubstatus == "canceled":
        found.setdefault("kill", "")
    elif story.pubstatus == "withheld" and story.embargoed_until is None:
        found.setdefault("hold", "")
    if story.embargoed_until is not None:
        found.setdefault("embargo", "")
    # A kill is sent with the highest priority, and is no flash.
    if story.urgency in _BY_URGENCY and not found.keys() & {*_BY_URGENCY.values(), *_GRAVE}:
        found[_BY_URGENCY[story.urgency]] = ""
    found.pop(_LABEL, None)
    lifted = story.embargoed_until
    if lifted is None and "embargo" in found:
        told = (headline, *story.signals, story.ednote or "", story.body[:_LINE_CHARS])
        lifted = next(filter(None, (embargo.until(text, story.published_at) for text in told)), None)
    lifecycle = Lifecycle(story.urgency, tuple(found), lifted, part)
    return lifecycle, None if rest == headline else rest


def is_marker(text: str) -> bool:
    """Whether `text` is nothing but a marker."""
    return _whole(text, {})


def _tags(headline: str, found: Found) -> str:
    """Adds the signals of the headline's tags; returns the headline without them."""
    rest = headline
    is_shouted = headline.isupper() and headline.count(" ") > 1
    for _ in range(_MOST_TAGS):
        if _whole(rest, found, is_note=False):
            return ""
        cut = _tag(rest, found, is_shouted=is_shouted)
        if cut is None:
            break
        rest = rest[cut:]
    trailing = _TRAILING.search(rest) if rest.rstrip().endswith((")", "]")) else None
    if trailing and (signal := _signal(trailing[1], _TRAILS)):
        found.setdefault(signal, trailing[1])
        rest = rest[: trailing.start()]
    behind = _BEHIND_SLASH.search(rest)
    if behind and (signal := _signal(behind[1], _TRAILS)) in _BEHIND:
        found.setdefault(signal, behind[1])
        rest = rest[: behind.start()]
    return rest


def _tag(text: str, found: Found, *, is_shouted: bool = False) -> int | None:
    """Where the text goes on after the tag that it begins with, or None when it begins with none."""
    hashed = _HASH_TAG.match(text)
    if hashed and (signal := _signal(hashed[1].replace("_", " "), _TRAILS)):
        found.setdefault(signal, hashed[1])
        return _skip(text, hashed.end())
    begin = _OPENERS.match(text)
    start = begin.end() if begin else 0
    opened = text[:start].strip(" -")
    for delimiter in reversed(list(_DELIMITER.finditer(text, start, start + _TAG_CHARS))):
        sign = delimiter.group()[0]
        setting = _Setting(
            is_bracketed=sign in ")]" or opened.startswith(("(", "[")),
            is_set_off=bool(opened) or sign in ":|)]",
            is_wire=bool(opened) or sign in "/|)]",
            is_shouted=is_shouted,
        )
        tag = text[start : delimiter.start()]
        if signal := _signal(tag, setting):
            found.setdefault(signal, tag)
            return _skip(text, delimiter.end())
    return None if is_shouted else _capitals(text, start, found)


def _skip(text: str, at: int) -> int:
    after = _AFTER.match(text, at)
    return after.end() if after else at


def _capitals(text: str, start: int, found: Found) -> int | None:
    """A tag in capitals before a headline that is not: `1ST LEAD Talks go on`, `URGENT Macron annonce…`"""
    if _ARABIC.match(text, start):
        return None
    words = list(re.finditer(r"\S+", text[start : start + _TAG_CHARS]))
    known = _words()
    for count in range(min(4, len(words) - 1), 0, -1):
        end = start + words[count - 1].end()
        follows = words[count].group()
        tag = text[start:end]
        if tag.isupper() and not _ARABIC.search(tag) and not follows.isupper():
            spelled = _key(tag)
            signal = known.forms.get(spelled)
            # One such word may be the headline's first, written large.
            is_doubtful = spelled in known.strict or (signal in _GRAVE and count == 1)
            if signal and not is_doubtful:
                found.setdefault(signal, tag)
                return start + words[count].start()
    return None


def _line(line: str, found: Found) -> None:
    """The first line of the copy, when it is nothing but a marker or an advisory in brackets."""
    stripped = line.strip()
    if not stripped or len(stripped) > _LINE_CHARS:
        return
    if stripped[0] in "([" and stripped[-1] in ")]":
        signal = _signal(stripped[1:-1], _IN_BRACKETS)
        if signal:
            found.setdefault(signal, stripped)
    else:
        _whole(stripped, found)


def _whole(text: str, found: Found, *, is_note: bool = True) -> bool:
    """Whether the whole text is a marker; a word of a Latin script (`Summary`) only in capitals. `is_note`
    also takes a sentence that asks for a kill or a hold; in a headline it may ask anything."""
    if len(text) > _LINE_CHARS or not (spelled := _key(text)):
        return False
    words = _words()
    signal = words.forms.get(spelled)
    if signal is not None and not _ARABIC.search(text) and not _is_capitals(text):
        signal = None
    if signal is None and is_note:
        signal = next((kind for kind in words.begins(spelled) if kind in _GRAVE), None)
    if signal is None:
        return False
    found.setdefault(signal, text)
    return True


def _code(code: str, found: Found) -> None:
    """A supplier's code or version text: there nothing but markers stands, in whatever case."""
    words = _words()
    spelled = _key(code)
    signal = words.codes.get(spelled) or words.forms.get(spelled)
    if signal is None:
        signal = next(words.begins(spelled), None)
    if signal:
        found.setdefault(signal, code)
    else:
        _tag(code, found)


def _note(note: str, found: Found) -> None:
    """An editor's note tells by its first words."""
    text = note.strip()[:_LINE_CHARS]
    if not text:
        return
    if _tag(text, found) is not None or _whole(text, found):
        return
    signal = next(_words().begins(_key(text)), None)
    if signal:
        found.setdefault(signal, text)


def _signal(tag: str, setting: _Setting) -> str | None:
    """The signal that a tag names, set off as the word needs it."""
    spelled = _key(tag)
    words = _words()
    signal = words.forms.get(spelled)
    if signal is None:
        begun = words.begins(spelled)
        return next(
            (kind for kind in begun if setting.is_bracketed or (setting.is_set_off and kind in _WORDY)), None
        )
    is_lone_grave = signal in _GRAVE and " " not in spelled
    if _ARABIC.search(tag):
        return signal if setting.is_wire or not is_lone_grave else None
    is_ordinary = spelled in words.strict
    if _is_capitals(tag) and not (setting.is_shouted and (is_ordinary or is_lone_grave)):
        return signal
    if signal in _GRAVE:
        return None
    return signal if (setting.is_bracketed if is_ordinary else setting.is_set_off) else None


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
    strict: set[str] = set()
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
                forms.setdefault(spelled, signal)
                if form.endswith("!"):
                    strict.add(spelled)
    # The longest beginning says most.
    begun.sort(key=lambda one: -len(one[0]))
    by_word: dict[str, list[tuple[str, str]]] = {}
    for spelled, signal in begun:
        by_word.setdefault(spelled.partition(" ")[0], []).append((spelled, signal))
    return _Words(forms, frozenset(strict), {word: tuple(listed) for word, listed in by_word.items()}, codes)


def _spell(form: str) -> str:
    """A form of the table as `_key` spells it; its # stays."""
    return " ".join("#".join(_ORDINARY.sub(" ", fold(part)) for part in form.rstrip("*!").split("#")).split())
