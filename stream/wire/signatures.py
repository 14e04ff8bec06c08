"""Files of other kinds, told by their first bytes: pictures, recordings, archives, files of word processors.

Agencies deliver them into one folder with their copy. Read as text, a PDF or RTF file would become a story
of its own codes, and a picture would be refused for its character set, as if naming one could help.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from stream.errors import Reason, Rejected


def refuse(data: bytes) -> None:
    """Raises Rejected, saying what it is, when `data` begins as such a file does; looks at no more of it."""
    pattern, verdicts = _table()
    if found := pattern.match(data):
        reason, what = verdicts[(found.lastindex or 0) - 1]
        raise Rejected(reason, what)


@cache
def _table() -> tuple[re.Pattern[bytes], list[tuple[Reason, str]]]:
    """All patterns as one, a group each, and what each group stands for."""
    text = (files("stream") / "data" / "kinds" / "signatures.tsv").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    rows = [line.split("\t") for line in lines][1:]
    joined = "|".join(f"({pattern})" for pattern, _, _ in rows)
    return re.compile(joined.encode("ascii"), re.DOTALL), [(Reason(row[1]), row[2]) for row in rows]
