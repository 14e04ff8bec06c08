"""From bytes to text, in the character set that they are really in.

The order: byte order mark, what the document or its transport declares, the feed's setting, UTF-8, and
last a guess among the sets that wires use. A declaration is believed only as far as the bytes allow:
valid UTF-8 with characters beyond ASCII is UTF-8 whatever was declared, since text in a one-byte set
that is valid UTF-8 by chance does not occur in practice. Bytes that are mostly, but not quite, UTF-8 are
damaged and rejected: every other reading would be mojibake.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from operator import itemgetter
from unicodedata import normalize

from stream.errors import Reason, Rejected

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What Latin-1 is declared for is Windows-1252 in practice (and by the HTML standard); the same for ASCII.
_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252"}
# Sets that a document may declare. Python's others are transforms (`base64`, `unicode_escape`) or belong
# to no wire.
_KNOWN = re.compile(
    r"utf-8(-sig)?|utf-16(-[lb]e)?|utf-32(-[lb]e)?|cp(125\d|437|720|85\d|86\d|874|932|949|950|936)"
    r"|iso8859-\d+|ascii|koi8-[rut]|mac-(arabic|roman|cyrillic|turkish)|gb2312|gbk|gb18030|big5|shift_jis"
    r"|euc_(jp|kr)|tis-620"
)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ASCII = bytes(range(0x80))
_WIDE = ("utf-16", "utf-32")
_SHAPES = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd]")

_MOSTLY = 0.9

# Controls that a line format puts around its fields (SOH, STX, ETX, fill) stay under this share of the
# characters; random bytes have ten times as many.
_MOST_CONTROLS = 0.03
# Pages are put together from parts, and one broken character in a menu or a comment is common; this is
# ten in a typical page, and a few in the smallest.
_MOST_DAMAGE = 0.0001
_FEW = 3
# A text's share of letters of the script that it is guessed to be in. Western European copy has at most a
# quarter of its letters accented; a guess by the Arabic sets must come out nearly all Arabic, and the one
# that comes out most so is right: each reads some letters of the other as accented ones.
_LEAST_ARABIC = 0.9
_MOST_ACCENTED = 0.3
# The ten letters that make up about 65 % of any Arabic text; bytes that are no text have a third of that.
_FREQUENT = frozenset("اليمنورتبه")
_LEAST_FREQUENT = 0.45
# In Arabic copy a Latin letter touches an Arabic one at a name with an article before it; in Latin copy
# that is read as Arabic nearly every such letter does.
_MIXED = re.compile("[A-Za-z][\u0620-\u06d3]|[\u0620-\u06d3][A-Za-z]")
# Any of them: a pattern that begins with few characters is searched for ten times as fast.
_TOUCHED = re.compile("[A-Za-z](?:[\u0620-\u06d3]|(?<=[\u0620-\u06d3].))")
_ARABIC = re.compile("[\u0620-\u06d3]")
_MOST_MIXED = 0.2
# What Western European copy has beyond ASCII. Any byte is some character of Windows-1252; damaged text of
# another set shows in the characters that these languages do not use (ÿ, þ, Ã, ×).
_WESTERN = frozenset("äöüßÄÖÜéèêëÉÈàâÀçÇîïôûùœŒæÆñÑáíóúÁÍÓÚìòãõåÅøØ“”„‚‘’‹›«»–—…•·¿¡§°ºª£€©®™½²³´\u00a0")
_LEAST_WESTERN = 0.8
_LEAST_LETTERS = 0.65
_FEW_BEYOND = 0.02


def decode(
    data: bytes, declared: str | None = None, configured: str | None = None, *, is_lenient: bool = False
) -> str:
    """`data` as text. `declared` and `configured` are names of character sets; unknown names are ignored.

    `is_lenient` reads UTF-8 with little damage, with U+FFFD in its place, for documents of which the story
    is only a part: the caller then looks whether the story is whole.

    Raises Rejected(CHARSET) when the bytes are text in none that was declared, configured or recognised.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], name)
    if (wide := _wide(data)) is not None:
        return _strict(data, wide)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        broken = error
    if _is_mostly_utf8(data):
        return _damaged(data, broken, is_lenient=is_lenient)
    for codec in filter(None, map(_codec, (declared, configured))):
        # Programs write `encoding="utf-16"`, which is how they hold the text, into what they then save in a
        # one-byte set. In UTF-16 every space has a NUL, in such a set no text has.
        if codec.startswith(_WIDE) and b"\0" not in data:
            continue
        named = _decode_or_none(data, codec)
        if named is not None:
            return named
    return _guess(data, broken)


def narrow(data: bytes) -> bytes:
    """`data` as UTF-8 where it is UTF-16 or UTF-32, else as it is: for formats framed by single bytes.

    Raises Rejected(CHARSET) when it is marked as such and is not.
    """
    if data.startswith(codecs.BOM_UTF8):
        return data[len(codecs.BOM_UTF8) :]
    wide = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), None)
    mark, name = wide or (b"", _wide(data))
    return data if name is None else _decoded(data[len(mark) :], name).encode("utf-8", "replace")


def _codec(charset: str | None) -> str | None:
    """Python's name of a known character set, or None."""
    if charset is None:
        return None
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return None
    if not _KNOWN.fullmatch(name):
        return None
    return _READ_AS.get(name, name)


def _decoded(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise Rejected(Reason.CHARSET, f"no {codec} at byte {error.start:,}: {error.reason}") from None


def _strict(data: bytes, codec: str) -> str:
    text = _decoded(data, codec)
    if _controls(text) > _MOST_CONTROLS:
        raise Rejected(Reason.CHARSET, f"{codec} by its byte order mark, but the characters are no text")
    return text


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte order mark, or None. Every second byte of it is, nearly always, the high byte of
    Latin or Arabic (0x00, 0x06), and the bytes between are not."""
    sample = data[:2000]
    if len(data) % 2 or len(sample) < 4:
        return None
    even, odd = sample[0::2], sample[1::2]
    for high, low, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if _high_bytes(high) >= _MOSTLY * len(high) and _high_bytes(low) < (1 - _MOSTLY) * len(low):
            return name
    return None


def _high_bytes(data: bytes) -> int:
    return data.count(0x00) + data.count(0x06)


def _controls(text: str) -> float:
    return len(_CONTROL.findall(text)) / max(1, len(text))


def _is_mostly_utf8(data: bytes) -> bool:
    multibyte = sum(map(len, _MULTIBYTE.findall(data)))
    return multibyte >= 0.5 * len(data.translate(None, _ASCII))


def _damaged(data: bytes, broken: UnicodeDecodeError, *, is_lenient: bool) -> str:
    if is_lenient:
        text = data.decode("utf-8", "replace")
        if text.count("\ufffd") <= max(_FEW, _MOST_DAMAGE * len(text)):
            return text
    raise Rejected(Reason.CHARSET, f"damaged UTF-8 at byte {broken.start:,}: {broken.reason}")


def _guess(data: bytes, broken: UnicodeDecodeError) -> str:
    readings = (_decode_or_none(data, codec) for codec in ("cp1256", "iso8859-6"))
    ranked = [(_arabic(text), text) for text in readings if text]
    (share, frequent), arabic = max(ranked, key=itemgetter(0), default=((0.0, 0.0), ""))
    if share >= _LEAST_ARABIC and frequent >= _LEAST_FREQUENT and not _is_mixed(arabic):
        return arabic
    western = _decode_or_none(data, "cp1252")
    if western is not None and _looks_western(western):
        return western
    raise Rejected(Reason.CHARSET, f"not UTF-8 (byte {broken.start:,}), and no other known character set")


def _decode_or_none(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    if _controls(text) > _MOST_CONTROLS:
        return None
    # A set of shapes, not of letters: each letter comes in the form that it has in its word.
    return _SHAPES.sub(lambda found: normalize("NFKC", found[0]), text) if codec == "cp864" else text


def _arabic(text: str) -> tuple[float, float]:
    """The share of Arabic among the letters beyond ASCII, and of the frequent letters among the Arabic."""
    counts = Counter(text)
    beyond = {char: count for char, count in counts.items() if char > "\x7f" and char.isalpha()}
    arabic = {char: count for char, count in beyond.items() if "\u0620" <= char <= "\u06d3"}
    if not arabic:
        return 0.0, 0.0
    letters = sum(arabic.values())
    return letters / sum(beyond.values()), sum(arabic.get(char, 0) for char in _FREQUENT) / letters


def _is_mixed(text: str) -> bool:
    """Whether Arabic letters stand inside Latin words: `größer` read as Arabic."""
    if _TOUCHED.search(text) is None:
        return False
    mixed = len(_MIXED.findall(text))
    return mixed > 0 and mixed > _MOST_MIXED * len(_ARABIC.findall(text))


def _looks_western(text: str) -> bool:
    counts = Counter(text)
    letters = {char: count for char, count in counts.items() if char.isalpha()}
    beyond = {char: count for char, count in counts.items() if char > "\x7f"}
    if sum(beyond.get(char, 0) for char in _WESTERN) < _LEAST_WESTERN * sum(beyond.values()):
        return False
    written = sum(letters.values())
    accented = sum(count for char, count in letters.items() if char > "\x7f")
    visible = sum(count for char, count in counts.items() if not char.isspace())
    # A table of results is figures, with a name in it now and then that is not ASCII.
    is_text = written >= _LEAST_LETTERS * visible or sum(beyond.values()) <= _FEW_BEYOND * len(text)
    return written > 0 and is_text and accented <= _MOST_ACCENTED * written
