"""The text of an ANPA message: heading lines, then paragraphs and tables.

Heading lines begin with `^` and end with `<` (flush left) or `=` (centred): the keyword line, a headline,
notes, the author. Paragraphs begin with a tab and three spaces. Copy comes in the 7-bit set, with `_` for a
dash and doubled marks for quotation marks; both are written out in prose and left in tables.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from stream.wire import copy_head, tidy, unwrap

# Stands at the start of a table's line, in place of BS, which text in other character sets has to be free of.
TABLE_MARK = "\x0b"

_MARKED = re.compile(rf"^[\^\t{TABLE_MARK}]", re.MULTILINE)
_DASHED = re.compile(r"([A-Z]{2,3}-\S+)\s*(.{0,40})$")
# What ends a line: flush left, centred, and The Canadian Press's own.
_ENDS = "<=@"
# Heading lines are told apart by their beginning.
_HEADING_CHARS = 400
_KEYWORDS = re.compile(
    r"(?P<slug>[A-Z]{2,3}-[^,]*|[^,]{2,60})(?P<rest>(?:,[^,]*)*?)(?:,\s*(?P<words>\d{1,5}))?$"
)
_SELECTOR = re.compile(r"\*\d{3,5}\s*$")
_LABELLED = re.compile(r"(?P<label>[A-Za-z]{2,10}):\s*(?P<text>.*)")
_EDITORS = re.compile(r"\(?\s*(?:Eds?\.?|Editors|EDITOR'?S'? NOTE|Editor's note)\s*[:_—–-]\s*", re.IGNORECASE)
_PICTURES = re.compile(r"AP (?:Photo|Graphic|Video|Interactive)s?\b|Photos?\b", re.IGNORECASE)
_AUTHOR = re.compile(r"(?:By|Por|Par)\s+\S")
_RELEASE = re.compile(r"(?:\$?Adv\d*\b|For release|Hold for)", re.IGNORECASE)
_TITLE_WORDS = 6
_RULE = re.compile(r"[_\W]*$")
_END = re.compile(r"END$")
_BLANK_LINES = re.compile(r"\n\s*\n")
_GAPS = re.compile(r"[ ]{2,}")
# A line of a table in the text has its columns between semicolons; prose seldom has three.
_LEAST_COLUMNS = 4


@dataclass(slots=True)
class Copy:
    """What the text of a message holds; `slugs` are further lines that say what is to be done with it."""

    slug: str | None = None
    version: str | None = None
    headline: str | None = None
    byline: str | None = None
    body: str = ""
    slugs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ednote(self) -> str | None:
        return "\n".join(self.notes) or None


def read(text: str) -> Copy:
    """The parts of the text. Lines are as sent, table lines marked with `TABLE_MARK`."""
    # What stands before the end of the text belongs to the closing line.
    text = text.rstrip()
    if not _MARKED.search(text):
        return _unmarked(text)
    copy = Copy()
    heading, rest = _split([line for line in text.split("\n") if line.strip()])
    centred: list[str] = []
    summary: list[str] = []
    pictures: list[str] = []
    for position, line in enumerate(heading):
        shown = _shown(line)
        if not shown:
            continue
        labelled = _LABELLED.fullmatch(shown)
        if (note := _EDITORS.match(shown)) is not None:
            copy.notes.append(shown[note.end() :].removesuffix(")").strip())
        elif copy.slug is None and position == 0 and (found := _KEYWORDS.match(shown)) is not None:
            copy.slug = found["slug"].strip()
            copy.version = found["rest"].strip(", ") or None
        elif copy.byline is not None and len(shown.split()) <= _TITLE_WORDS:
            # The paper or the title of the author, below the name.
            copy.byline += f", {shown}"
        elif _AUTHOR.match(shown):
            copy.byline = shown
        elif _PICTURES.match(shown):
            pictures.append(shown)
        elif _RELEASE.match(shown):
            copy.slugs.append(shown)
        elif labelled is not None and labelled["label"].upper() in ("HL", "HEADLINE"):
            copy.headline = labelled["text"].strip() or copy.headline
        elif (labelled is not None and labelled["label"].isupper()) or shown.startswith("code:"):
            continue
        elif labelled is not None and labelled["label"].lower() in ("update", "updates"):
            copy.notes.append(shown)
        elif copy.headline is None:
            copy.headline = shown
        elif line.rstrip().endswith("="):
            centred.append(shown)
        else:
            summary.append(shown)
    copy.notes += pictures
    copy.body = _body([*centred, *rest]) or "\n\n".join(summary)
    return copy


def _unmarked(text: str) -> Copy:
    """Copy without the format's marks, as some agencies send it: the keyword line, then as in IPTC 7901."""
    lines = [line.rstrip() for line in tidy.characters(text).split("\n")]
    start = next((at for at, line in enumerate(lines) if line), len(lines))
    copy = Copy()
    if start < len(lines) and (found := _DASHED.match(lines[start])) is not None:
        copy.slug, copy.version = found[1], found[2].strip(" ,") or None
        start += 1
    top = copy_head.read(lines[start:])
    copy.headline, copy.byline = top.headline, top.byline
    copy.slugs, copy.notes = list(top.tags), list(top.notes)
    copy.body = _typed(unwrap.paragraphs(lines[start + top.end :]))
    return copy


def _split(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The heading lines and the lines of the copy. A line without `^` or a tab goes on the one before."""
    joined: list[str] = []
    for line in _segments(lines):
        starts = line[0] in "^\t" or line.startswith((TABLE_MARK, "   ")) or line.lstrip().startswith("^")
        if starts or not joined:
            joined.append(line)
        else:
            joined[-1] = f"{joined[-1].rstrip()} {line.strip()}"
    start = next(
        (at for at, line in enumerate(joined) if line[0] == "\t" or line.startswith(("   ", TABLE_MARK))),
        None,
    )
    if start is None:
        # Nothing but lines flush left: a list of headlines below its own.
        start = next((at + 1 for at in range(1, len(joined)) if joined[at].rstrip().endswith("<")), 1)
        return joined[:start], joined[start:]
    # Sub-headings of a table stand between the author and its first line.
    author = next((at for at in range(start) if _AUTHOR.match(_shown(joined[at]))), None)
    if author is not None and joined[start].startswith(TABLE_MARK):
        return joined[: author + 1], joined[author + 1 :]
    return joined[:start], joined[start:]


def _segments(lines: Sequence[str]) -> list[str]:
    """`lines` with those taken apart that hold several headings (`*9006< ^AP-Top-Headlines,0176<`)."""
    found: list[str] = []
    for line in lines:
        parts = re.split(r"(?<=<)\s*(?=\^)", line) if line.startswith("^") else [line]
        found.extend(part for part in parts if not _SELECTOR.match(part.strip("^< ")))
    return found


def _shown(line: str) -> str:
    return tidy.line(_typed(_unended(line.lstrip("^ \t"))))[:_HEADING_CHARS]


def _body(lines: Sequence[str]) -> str:
    paragraphs: list[str] = []
    in_table = False
    for line in lines:
        if line.startswith(TABLE_MARK):
            shown = _unended(line[1:].lstrip("^").replace(TABLE_MARK, " "))
            row = "\t".join(cell.strip(" ") for cell in _GAPS.sub(" ", shown).split("\t"))
            is_row = True
        else:
            shown = row = _unended(line.lstrip("^ \t").replace(TABLE_MARK, " "))
            is_row = shown.count(";") >= _LEAST_COLUMNS
            if not is_row:
                row = _typed(shown)
        if not row.strip() or _RULE.match(shown) or _END.match(shown):
            in_table = False
            continue
        if is_row and in_table:
            paragraphs[-1] += "\n" + row
        else:
            paragraphs.append(row)
        in_table = is_row
    # Pages' ends and the like inside a line are line ends now.
    return _BLANK_LINES.sub("\n\n", tidy.characters("\n\n".join(paragraphs))).strip()


def _unended(line: str) -> str:
    return line.rstrip().rstrip(_ENDS).rstrip(" ")


def _typed(text: str) -> str:
    """Prose with its dashes and quotation marks, for which the set of the format has stand-ins."""
    return text.replace(" _ ", " — ").replace("``", "“").replace("''", "”")
