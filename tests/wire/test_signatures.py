from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable

import pytest

from stream.errors import Reason, Rejected
from stream.model import Story

Read = Callable[..., Story]
Refuse = Callable[..., Rejected]

TEXT = "The council voted on Tuesday to rebuild the old harbour wall, which a storm broke in three places."


def zipped(text: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", text)
    return file.getvalue()


# By a word of what the verdict says of them.
FILES: dict[str, tuple[bytes, Reason]] = {
    "PDF": (f"%PDF-1.7\n4 0 obj\nBT ({TEXT}) Tj ET\nendobj".encode(), Reason.UNKNOWN_FORMAT),
    "RTF": (rf"{{\rtf1\ansi\ansicpg1256 {TEXT}\par}}".encode(), Reason.UNKNOWN_FORMAT),
    "office": (zipped(TEXT), Reason.UNKNOWN_FORMAT),
    "gzip": (gzip.compress(TEXT.encode()), Reason.UNKNOWN_FORMAT),
    "JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), Reason.NOT_TEXT),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), Reason.NOT_TEXT),
    "WAVE": (b"RIFF\x0a\x00\x00\x00WAVEfmt ", Reason.NOT_TEXT),
    "MPEG-4": (b"\x00\x00\x00\x18ftypmp42", Reason.NOT_TEXT),
}


@pytest.mark.parametrize("what", FILES)
@pytest.mark.parametrize("content_type", [None, "text/plain", "application/json"])
def test_a_file_of_another_kind_is_refused_as_what_it_is(
    what: str, content_type: str | None, refuse: Refuse
) -> None:
    value, reason = FILES[what]
    refused = refuse(value, content_type)
    assert refused.reason is reason
    assert what in refused.detail


def test_a_large_picture_is_refused_as_a_picture(refuse: Refuse) -> None:
    assert refuse(b"\xff\xd8\xff" + bytes(5_000_000)).reason is Reason.NOT_TEXT


@pytest.mark.parametrize("start", ["PDF-Dateien: ", "PK, ", "ID3 ", "RIFF ", "MM ", "{rtf} ", "%", "Rar! "])
def test_text_that_only_speaks_of_them_is_text(start: str, read: Read) -> None:
    assert read(start + TEXT).format == "plain"
