"""Files, folders, JSON lines and standard input as items: one item is the value of one record.

Nothing is interpreted here. A `.jsonl` or `.ndjson` file is one item a line, every other file is one item
as it stands; `.gz` of either is read through. An item's headers are its content type, where the suffix tells
it, and `file-modified`, the file's own time, which a record's timestamp is not.
"""

from __future__ import annotations

import codecs
import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import orjson

from stream.errors import UserError

STDIN = "-"

_CONTENT_TYPE = "content-type"
# Whose line ends are other bytes.
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LINES = {".jsonl", ".ndjson"}
# A suffix that says no more than XML says that; which kind the document is, and what the suffixes of line
# formats (`.7901`, `.anpa`, `.iptc`) stand for, its bytes tell better.
_CONTENT_TYPES = {
    ".json": b"application/json",
    ".ninjs": b"application/json",
    ".jsonl": b"application/json",
    ".ndjson": b"application/json",
    ".htm": b"text/html",
    ".html": b"text/html",
    ".xhtml": b"application/xhtml+xml",
    ".txt": b"text/plain",
    ".xml": b"application/xml",
    ".newsml": b"application/xml",
    ".g2": b"application/xml",
    ".nitf": b"application/xml",
    ".rss": b"application/rss+xml",
    ".atom": b"application/atom+xml",
    ".rdf": b"application/rdf+xml",
}

LARGEST_ITEM = 64 << 20
"""Far above any story or any record that a Kafka broker takes; it bounds what one item can hold in memory."""

OnError = Callable[[str, str], None]


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Item:
    """`name` is the file, `file:line` or `-`; `value` its bytes, untouched but for the end of a line."""

    name: str
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


def read_sources(
    paths: Sequence[str],
    *,
    stdin: Readable | None = None,
    on_error: OnError | None = None,
    largest: int = LARGEST_ITEM,
) -> Iterator[Item]:
    """The items of every path, in the order given; one item (or line) at a time is in memory.

    A folder is read with its sub-folders in name order; hidden names, links to folders and what is no
    file are passed over. `-` is standard input: JSON lines when its first line is a whole JSON object,
    else one document. Empty lines are no items; an empty file is one.

    A path that does not exist is a `UserError` of the call itself, before anything is read. What cannot be
    read later (unreadable file, broken gzip, an item over `largest` bytes) is a `UserError` too, or, with
    `on_error(name, why)`, told to it with the remedy, and the reading goes on with the next file.
    """
    for path in paths:
        if path != STDIN and not os.path.exists(path):
            raise UserError(f"{path}: no such file or folder")
    return _read(paths, stdin, on_error, largest)


def declared(items: Iterable[Item], content_type: str | None, charset: str | None) -> Iterator[Item]:
    """The items with a content type instead of what their suffixes told, with a character set, or both."""
    for item in items:
        told = dict(item.headers).get(_CONTENT_TYPE, b"text/plain").decode()
        named = content_type or told
        if charset is not None:
            named = f"{named.partition(';')[0]}; charset={charset}"
        others = (header for header in item.headers if header[0] != _CONTENT_TYPE)
        yield replace(item, headers=((_CONTENT_TYPE, named.encode()), *others))


def _read(
    paths: Sequence[str], stdin: Readable | None, on_error: OnError | None, largest: int
) -> Iterator[Item]:
    def fail(name: str, error: Exception) -> None:
        why = _why(error)
        if on_error is None:
            raise UserError(f"{name}: cannot be read: {why}") from error
        on_error(name, why)

    for path in paths:
        if path == STDIN:
            try:
                yield from _read_stdin(stdin or sys.stdin.buffer, largest)
            except (OSError, _UnreadableError) as error:
                fail(STDIN, error)
            continue
        for file in _files(path, fail):
            name = printable(file)
            try:
                yield from _read_file(file, name, largest)
            except (OSError, EOFError, zlib.error, _UnreadableError) as error:
                fail(name, error)


class _UnreadableError(Exception):
    pass


def _why(error: Exception) -> str:
    if isinstance(error, gzip.BadGzipFile):
        return f"{error}; give it a name without .gz, or have it sent again"
    if isinstance(error, (EOFError, zlib.error)):
        return f"its gzip is broken off or damaged ({error}); have it sent again"
    if isinstance(error, PermissionError):
        return f"{error.strerror}; let the user who runs this read it"
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)


def _files(path: str, fail: Callable[[str, Exception], None]) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    try:
        with os.scandir(path) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        fail(printable(path), error)
        return
    for entry in listed:
        if entry.name.startswith("."):
            continue
        try:
            is_folder, is_file = entry.is_dir(follow_symlinks=False), entry.is_file()
        except OSError as error:
            # Such as links that go round in a circle.
            fail(printable(entry.path), error)
            continue
        if is_folder:
            yield from _files(entry.path, fail)
        elif is_file:
            yield entry.path


def _read_file(file: str, name: str, largest: int) -> Iterator[Item]:
    path = Path(file)
    packed = path.suffix.lower() == ".gz"
    suffix = Path(path.stem if packed else path.name).suffix.lower()
    with gzip.open(file) if packed else open(file, "rb") as stream:
        modified = datetime.fromtimestamp(int(os.fstat(stream.fileno()).st_mtime), UTC)
        headers = (*_headers(suffix), ("file-modified", f"{modified:%Y-%m-%dT%H:%M:%SZ}".encode()))
        if suffix in _LINES:
            yield from _lines(stream, name, headers, largest)
        else:
            yield Item(name, _whole(stream, b"", largest), headers)


def _read_stdin(stream: Readable, largest: int) -> Iterator[Item]:
    start = b""
    while not start.strip():
        line = stream.readline(largest + 1)
        start += line
        if not line:
            break
    if _is_json_object(start):
        yield from _lines(stream, STDIN, _headers(".jsonl"), largest, start)
    else:
        yield Item(STDIN, _whole(stream, start, largest))


def _is_json_object(text: bytes) -> bool:
    try:
        return isinstance(orjson.loads(text.strip().removeprefix(b"\xef\xbb\xbf")), dict)
    except orjson.JSONDecodeError:
        return False


def _lines(
    stream: Readable,
    name: str,
    headers: tuple[tuple[str, bytes], ...],
    largest: int,
    start: bytes = b"",
) -> Iterator[Item]:
    """The lines that are not empty, after those in `start`, which were read before."""
    number = 0
    for source in (io.BytesIO(start), stream):
        while line := source.readline(largest + 1):
            number += 1
            if number == 1 and line.startswith(_UTF16):
                raise _UnreadableError("JSON lines in UTF-16; they must be UTF-8 (iconv -f UTF-16 -t UTF-8)")
            if len(line) > largest:
                raise _UnreadableError(f"line {number} is over {largest} bytes; write one story a line")
            value = line.rstrip(b"\r\n")
            if value.strip():
                yield Item(f"{name}:{number}", value, headers)


def _whole(stream: Readable, start: bytes, largest: int) -> bytes:
    value = start + stream.read(largest + 1 - len(start)) if len(start) <= largest else start
    if len(value) > largest:
        raise _UnreadableError(
            f"over {largest} bytes; split it, or name it .jsonl if it holds a story a line"
        )
    return value


def _headers(suffix: str) -> tuple[tuple[str, bytes], ...]:
    content_type = _CONTENT_TYPES.get(suffix)
    return ((_CONTENT_TYPE, content_type),) if content_type else ()


def printable(path: str) -> str:
    """The name as text that every terminal, log and header takes: foreign bytes in it are replaced."""
    return os.fsencode(path).decode("utf-8", "replace")
