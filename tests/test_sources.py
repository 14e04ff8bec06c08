from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import pytest

from stream.errors import UserError
from stream.sources import Item, declared, read_sources


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, value in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(value)


def stdin_items(text: bytes) -> list[Item]:
    return list(read_sources(["-"], stdin=io.BytesIO(text)))


def test_a_file_is_one_item_with_its_bytes_untouched(tmp_path: Path) -> None:
    write(tmp_path, {"page.html": b"\xff<p>\r\n a \n"})
    path = str(tmp_path / "page.html")
    os.utime(path, (1_700_000_000, 1_700_000_000.9))
    told = (("content-type", b"text/html"), ("file-modified", b"2023-11-14T22:13:20Z"))
    assert list(read_sources([path])) == [Item(path, b"\xff<p>\r\n a \n", told)]


def test_an_empty_file_is_an_item(tmp_path: Path) -> None:
    write(tmp_path, {"empty": b""})
    assert [item.value for item in read_sources([str(tmp_path / "empty")])] == [b""]


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.json", b"application/json"),
        ("a.HTML", b"text/html"),
        ("a.txt", b"text/plain"),
        ("a.xml", b"application/xml"),
        ("a.g2", b"application/xml"),
        ("a.newsml", b"application/xml"),
        ("a.nitf", b"application/xml"),
        ("a.ninjs", b"application/json"),
        ("a.rss", b"application/rss+xml"),
        ("a.rdf", b"application/rdf+xml"),
        ("a.atom", b"application/atom+xml"),
    ],
)
def test_the_suffix_gives_the_content_type(tmp_path: Path, name: str, content_type: bytes) -> None:
    write(tmp_path, {name: b"x"})
    [item] = read_sources([str(tmp_path / name)])
    assert dict(item.headers)["content-type"] == content_type


@pytest.mark.parametrize("name", ["story.iptc", "story.7901", "story.anpa", "story"])
def test_a_suffix_that_says_less_than_the_bytes_gives_no_content_type(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: b"x"})
    [item] = read_sources([str(tmp_path / name)])
    assert "content-type" not in dict(item.headers)


@pytest.mark.parametrize(
    ("name", "content_type", "charset", "told"),
    [
        ("a.xml", "application/nitf+xml", None, b"application/nitf+xml"),
        ("a.xml", None, "cp1256", b"application/xml; charset=cp1256"),
        ("a.7901", None, "cp1256", b"text/plain; charset=cp1256"),
        ("a.xml", "text/html; charset=a", "b", b"text/html; charset=b"),
    ],
)
def test_what_is_declared_goes_before_what_the_suffix_tells(
    tmp_path: Path, name: str, content_type: str | None, charset: str | None, told: bytes
) -> None:
    write(tmp_path, {name: b"x"})
    [item] = declared(read_sources([str(tmp_path / name)]), content_type, charset)
    assert dict(item.headers)["content-type"] == told
    assert "file-modified" in dict(item.headers)


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson"])
def test_json_lines_are_an_item_a_line_and_empty_lines_none(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: b'{"a":1}\r\n\n  \n{broken\n{"b":2}'})
    path = str(tmp_path / name)
    assert [(item.name, item.value) for item in read_sources([path])] == [
        (f"{path}:1", b'{"a":1}'),
        (f"{path}:4", b"{broken"),
        (f"{path}:5", b'{"b":2}'),
    ]


def test_gzip_is_read_through_and_keeps_the_inner_suffix(tmp_path: Path) -> None:
    write(tmp_path, {"a.jsonl.gz": gzip.compress(b"{}\n[]\n"), "b.xml.gz": gzip.compress(b"<a/>")})
    lines = list(read_sources([str(tmp_path / "a.jsonl.gz")]))
    assert [item.value for item in lines] == [b"{}", b"[]"]
    [xml] = read_sources([str(tmp_path / "b.xml.gz")])
    assert (xml.value, xml.headers[0]) == (b"<a/>", ("content-type", b"application/xml"))


def test_a_folder_is_read_with_its_subfolders_in_name_order_without_hidden_ones(tmp_path: Path) -> None:
    write(tmp_path, {"b.txt": b"2", "a/z.txt": b"1", "c/a.txt": b"3", ".git/x": b"-", "a/.hidden": b"-"})
    names = [os.path.relpath(item.name, tmp_path) for item in read_sources([str(tmp_path)])]
    assert names == ["a/z.txt", "b.txt", "c/a.txt"]


def test_a_link_back_to_the_folder_does_not_make_it_endless(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": b"1"})
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(list(read_sources([str(tmp_path)]))) == 1


def test_paths_are_read_in_the_order_given(tmp_path: Path) -> None:
    write(tmp_path, {"a": b"1", "b": b"2"})
    paths = [str(tmp_path / "b"), str(tmp_path / "a")]
    assert [item.value for item in read_sources(paths)] == [b"2", b"1"]


def test_stdin_with_a_json_object_in_its_first_line_is_json_lines() -> None:
    items = stdin_items(b'\n{"a":1}\n{"b":2}\n')
    assert [(item.name, item.value) for item in items] == [("-:2", b'{"a":1}'), ("-:3", b'{"b":2}')]


@pytest.mark.parametrize(
    "text",
    [b'{\n "a": 1\n}\n', "خبر\nثان\n".encode(), b"<p>\n{}\n", b"", b'[1]\n{"a":1}\n'],
)
def test_any_other_stdin_is_one_document(text: bytes) -> None:
    assert stdin_items(text) == [Item("-", text)]


def test_a_missing_path_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"a": b"1"})
    with pytest.raises(UserError, match=r"gone\.txt: no such file"):
        next(read_sources([str(tmp_path / "a"), str(tmp_path / "gone.txt")]))


def test_broken_gzip_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"cut.jsonl.gz": gzip.compress(b"{}\n" * 50)[:-9]})
    with pytest.raises(UserError, match=r"cut\.jsonl\.gz: cannot be read"):
        list(read_sources([str(tmp_path)]))


def test_with_a_listener_reading_goes_on_after_an_error(tmp_path: Path) -> None:
    write(tmp_path, {"a.gz": b"no gzip", "b.txt": b"2"})
    errors: list[str] = []
    items = list(read_sources([str(tmp_path)], on_error=lambda name, why: errors.append(f"{name}: {why}")))
    assert [item.value for item in items] == [b"2"]
    assert len(errors) == 1
    assert "a.gz: Not a gzipped file" in errors[0]


def test_a_gzip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    write(tmp_path, {"bomb.txt.gz": gzip.compress(b"\0" * 5_000_000)})
    with pytest.raises(UserError, match=r"bomb\.txt\.gz: cannot be read: over 1000 bytes"):
        list(read_sources([str(tmp_path)], largest=1000))


def test_a_line_without_an_end_is_not_read_whole() -> None:
    with pytest.raises(UserError, match="-: cannot be read: line 2 is over 100 bytes"):
        list(read_sources(["-"], stdin=io.BytesIO(b"{}\n" + b"x" * 10_000), largest=100))


def test_lines_are_read_as_they_are_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {"long.jsonl": b"{}\n" * 500_000})
    with open(tmp_path / "long.jsonl", "rb") as stream:
        next(read_sources(["-"], stdin=stream))
        assert stream.tell() < 10_000


def test_a_file_name_that_is_no_utf8_becomes_printable(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt"))).write_bytes(b"x")
    [item] = read_sources([str(tmp_path)])
    assert item.name.endswith("caf\ufffd.txt")


def test_a_link_that_goes_round_in_a_circle_is_told_and_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    (tmp_path / "b").symlink_to("b")
    (tmp_path / "c.txt").write_bytes(b"c")
    failed: list[str] = []
    items = list(read_sources([str(tmp_path)], on_error=lambda name, _: failed.append(name)))
    assert [item.value for item in items] == [b"a", b"c"]
    assert failed == [str(tmp_path / "b")]


def test_json_lines_in_utf_16_are_refused_with_the_remedy(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes('{"uri": "a"}\n{"uri": "b"}\n'.encode("utf-16"))
    with pytest.raises(UserError, match=r"a\.jsonl: cannot be read: JSON lines in UTF-16.*iconv"):
        list(read_sources([str(file)]))
