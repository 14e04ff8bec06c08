"""Text that went through a wrong decoding: undone where it can be, rejected where it cannot.

Seen in the wild: Windows-1256 bytes read as Latin-1 (`ÇáÃÎÈÇÑ`), UTF-8 bytes read as Windows-1252
(`Ø§Ù„`) or as Windows-1256 (`ط§ظ„`), all reversible; UTF-8 through several wrong decodings with
characters replaced on the way, which is not.
"""

from __future__ import annotations

import re

from stream.errors import Reason, Rejected

# A wrong decoding goes through the whole of a field, so its beginning shows it.
_SAMPLE = 500
# Three neighbours of the Latin-1 supplement occur in no language's words, but in every wrong reading. A
# text is held to be misread when at least this share of such letters stands in such runs.
_LATIN_RUN = re.compile("[\x80-\xff][\x80-\xff]{2,}")
_LEAST_IN_RUNS = 0.5
# Letters that the lead bytes of Arabic in UTF-8 (D8, D9) turn into when read as Windows-1252 or as
# Windows-1256. They make up half of misread text and under 3 % of the letters of real text.
_LEADS_1252, _LEADS_1256 = "ØÙ", "طظ"
_MOST_LEADS = 0.25
_LEAST_LEADS = 6
_LEAST_ARABIC = 0.8
# Shares of the characters from which replacement characters, and question marks inside words, stand for
# lost text rather than for a slip or for rhetoric.
_MOST_REPLACED = 0.01
_MOST_QUESTIONED = 0.05
_LEAST_QUESTIONS = 6
# Behind a word, as many as you like are rhetoric.
_QUESTIONED = re.compile(r"(?<=\w)\?(?=\w)|(?<![\w?])\?{3,}")
# The replacement character's own bytes, read as Windows-1252 and as Windows-1256.
_REPLACED_AGAIN = ("ï¿½", "ï؟½")
# Windows-1252's own characters back to the code points of their bytes, so that a mixture of it with
# Latin-1, which is what browsers and libraries make, is one mapping.
_TO_LATIN = {
    ord(bytes((byte,)).decode("cp1252")): byte
    for byte in range(0x80, 0xA0)
    if byte not in b"\x81\x8d\x8f\x90\x9d"
}
# What no reading of single bytes as Latin-1 or Windows-1252 gives.
_NOT_LATIN = re.compile(f"[^\x00-\xff{''.join(map(chr, _TO_LATIN))}]")


def repair(text: str) -> str:
    """`text` with a wrong decoding undone. Raises Rejected(MOJIBAKE) when it has one that cannot be."""
    if not text.isascii():
        text = undo(text)
        for leads, charset in ((_LEADS_1252, "Windows-1252"), (_LEADS_1256, "Windows-1256")):
            if _has_leads(text, leads):
                _refuse(text, f"UTF-8 read as {charset}, with losses")
        lost = text.count("\ufffd")
        if "½" in text:
            lost += sum(map(text.count, _REPLACED_AGAIN))
        if lost > 1 and lost > _MOST_REPLACED * len(text):
            _refuse(text, f"{lost} replacement characters among {len(text)}")
    if text.count("?") >= _LEAST_QUESTIONS:
        _refuse_questions(text)
    return text


def _has_leads(text: str, leads: str) -> bool:
    found = text.count(leads[0]) + text.count(leads[1])
    return found > _LEAST_LEADS and found > _MOST_LEADS * len(text)


def undo(text: str, sample: int = _SAMPLE) -> str:
    """`text` with a wrong decoding undone where that is possible, else as it is. Its signs are looked for in
    the first `sample` characters."""
    if text.isascii():
        return text
    if _LATIN_RUN.search(text, 0, sample):
        text = _undo_latin(text)
    if _has_leads(text, _LEADS_1256):
        try:
            return text.encode("cp1256").decode("utf-8")
        except UnicodeError:
            return text
    return text


def _undo_latin(text: str) -> str:
    if _NOT_LATIN.search(text):
        return text
    in_runs = sum(map(len, _LATIN_RUN.findall(text)))
    data = text.translate(_TO_LATIN).encode("latin-1")
    high = sum(byte >= 0x80 for byte in data)
    if in_runs < _LEAST_IN_RUNS * high:
        return text
    for charset in ("utf-8", "cp1256"):
        try:
            undone = data.decode(charset)
        except UnicodeError:
            continue
        if _is_arabic(undone):
            return undone
    return text


def _is_arabic(text: str) -> bool:
    """Whether the letters beyond ASCII are Arabic, nearly all of them."""
    beyond = [char for char in text if char > "\x7f" and char.isalpha()]
    return sum("\u0620" <= char <= "\u06d3" for char in beyond) >= _LEAST_ARABIC * max(1, len(beyond))


def _refuse_questions(text: str) -> None:
    found = _QUESTIONED.findall(text)
    lost = sum(map(len, found))
    visible = len(text) - text.count(" ") - text.count("\n")
    # One run is a question that was set off from its word; a text does not lose one word alone.
    if len(found) > 1 and lost >= _LEAST_QUESTIONS and lost > _MOST_QUESTIONED * visible:
        _refuse(text, f"{lost} question marks in place of letters among {visible} characters")


def _refuse(text: str, detail: str) -> None:
    raise Rejected(Reason.MOJIBAKE, f"{detail}: {text[:40]!r}")
