from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stream.development import DATA
from stream.errors import Reason, Rejected
from stream.model import Origin, Record, Story
from stream.wire.detect import Limits, parse

Read = Callable[..., Story]
Refuse = Callable[..., Rejected]

TEXT = "The council voted on Tuesday to rebuild the old harbour wall, which a storm broke in three places."
RECEIVED = datetime(2026, 5, 13, 18, 0, tzinfo=UTC)


def record(value: bytes | str, content_type: str | None = None) -> Record:
    data = value.encode() if isinstance(value, str) else value
    headers = () if content_type is None else (("content-type", content_type.encode()),)
    return Record(data, RECEIVED, Origin("wire.stories", 0, 0), headers=headers)


@pytest.mark.parametrize(
    ("value", "content_type", "format_name"),
    [
        (TEXT, None, "plain"),
        (TEXT, "text/plain; charset=utf-8", "plain"),
        (TEXT, "application/octet-stream", "plain"),
        (json.dumps({"uri": "x", "body_text": TEXT}), None, "ninjs"),
        (json.dumps({"uri": "x", "body_text": TEXT}), "text/plain", "ninjs"),
        (json.dumps({"uri": "x", "body_text": TEXT}), "application/ninjs+json", "ninjs"),
        ("\ufeff \n" + json.dumps({"uri": "x", "body_text": TEXT}), None, "ninjs"),
        (json.dumps({"uri": "x", "body_text": TEXT}).encode("utf-16"), None, "ninjs"),
        (f"<!DOCTYPE html><p>{TEXT}</p>", None, "page"),
        (f"<!-- x --><html><body><p>{TEXT}</p></body></html>", None, "page"),
        (
            f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{TEXT}</p></body></html>',
            None,
            "page",
        ),
        (f"<p>{TEXT}</p>", "text/html", "page"),
        (f"[URGENT] {TEXT}", None, "plain"),
        (f"[1] {TEXT}", None, "plain"),
        (f"<<< {TEXT}", None, "plain"),
    ],
)
def test_the_format_is_recognised(
    value: str | bytes, content_type: str | None, format_name: str, read: Read
) -> None:
    assert read(value, content_type).format == format_name


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, Reason.EMPTY),
        (b"", Reason.EMPTY),
        (b" \r\n\t ", Reason.EMPTY),
        (b"x", Reason.NO_STORY),
        (b"\xff", Reason.CHARSET),
        (b'{"uri": "x", "body_te', Reason.MALFORMED),
        (b"[1, 2, 3]", Reason.UNKNOWN_FORMAT),
        (b'[{"uri": "x"}]', Reason.UNKNOWN_FORMAT),
        (b'{"a": 1}', Reason.UNKNOWN_FORMAT),
        (b"{}", Reason.UNKNOWN_FORMAT),
        (b'{"uri": "x"}', Reason.NO_STORY),
        (b'{"uri": "x", "body_text": "a \\ud80 b"}', Reason.MALFORMED),
        (b"<?xml version='1.0'?><opml><body/></opml>", Reason.UNKNOWN_FORMAT),
        (b"\0" * 1000, Reason.NO_STORY),
    ],
)
def test_bad_input_is_rejected_with_its_reason(value: bytes | None, reason: Reason, refuse: Refuse) -> None:
    assert refuse(value).reason is reason


@pytest.mark.parametrize("value", ["42", '"a text of words"', "null", "[]"])
def test_json_of_another_shape_is_an_unknown_format_by_its_content_type(value: str, refuse: Refuse) -> None:
    assert refuse(value, "application/json").reason is Reason.UNKNOWN_FORMAT


def test_an_xml_of_another_kind_is_shown_as_it_is_written(refuse: Refuse) -> None:
    assert '<opml title="أخبار">' in refuse('<?xml version="1.0"?>\n<opml title="أخبار"></opml>').detail


def test_limits_are_the_callers(read: Read, refuse: Refuse) -> None:
    assert read(TEXT, limits=Limits(document_bytes=200)).body == TEXT
    assert refuse(TEXT, limits=Limits(document_bytes=50)).reason is Reason.TOO_LARGE


HOSTILE = {
    "10 MB in one line": b"word " * 2_000_000,
    "10 MB of JSON": b'{"uri":"' + b"a" * 10_000_000,
    "deep arrays": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "deep markup": b"<html><body>" + b"<div>" * 100_000 + TEXT.encode(),
    "deep markup within the limit": b"<html><body>" + b"<div>" * 19_000 + TEXT.encode(),
    "deep markup in a field": json.dumps({"uri": "x", "body_html": "<div>" * 80_000 + TEXT}).encode(),
    "paragraphs": b"<html><body>" + b"<p>abc def</p>" * 9_900,
    "line breaks": b"<html><body>" + b"abc def ghi jkl<br>" * 19_900,
    "comments": b"<!-- x -->" * 50_000,
    "attributes": b"<html><p " + b"a=1 " * 200_000,
    "deep structured data": b'<html><script type="application/ld+json">' + b"[" * 100_000 + b"</script><p>",
    "wide structured data": b'<html><script type="application/ld+json">['
    + b"{}," * 200_000
    + b"{}]</script><p>",
    "entities": b'<!DOCTYPE html [<!ENTITY a "aaaaa"><!ENTITY b "&a;&a;&a;">]><html><p>&b;&b;&b;</p></html>',
    "combining marks": ("ب" + "\u064b\u0650" * 100_000).encode(),
    "short lines": b"share\n" * 80_000,
    "brackets": b"(" * 500_000,
    "angles": b"<" * 500_000,
    "carriage returns": b"abc def\r" * 60_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_takes_less_than_a_second(name: str) -> None:
    started = time.process_time()
    with contextlib.suppress(Rejected):
        parse(record(HOSTILE[name]))
    assert time.process_time() - started < 1.0


FIELDS = (
    "uri", "guid", "type", "version", "versioncreated", "pubstatus", "urgency", "headline", "headlines",
    "body_text", "body_html", "bodies", "description_text", "subject", "subjects", "place", "places",
    "source", "byline", "language", "embargoed", "service", "infosources",
)  # fmt: skip
# Pieces of documents in every format, so that what is generated gets past the first check.
PIECES = st.sampled_from(
    [
        '{"uri":"x","body_text":"', '","versioncreated":"', "2026-05-13T10:00:00Z", '"}', "}]}",
        '"bodies":[{"value":"', "<html><body><p>", "</p>", "<br>", "<h1>", "<meta charset='windows-1256'>",
        "<article>", "<script>", "&amp;", "<!--", TEXT, "اترك تعليقاً", "\n", "\n\n",
        "عقد المجلس اجتماعا اليوم في العاصمة لبحث التطورات.", " ", "\0", "\ud7ff", "\u2028",
    ]
)  # fmt: skip
DOCUMENTS = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=25).map(
        lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass")
    ),
    st.dictionaries(
        st.sampled_from(FIELDS),
        st.recursive(
            st.one_of(
                st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.just(TEXT)
            ),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(
                    st.sampled_from(["name", "code", "value", "role", "contentType", "uri", "scheme"]), inner
                ),
            ),
            max_leaves=8,
        ),
    ).map(lambda fields: json.dumps({"uri": "x:1", **fields}).encode()),
)
CONTENT_TYPES = st.sampled_from(
    [None, "text/html", "application/json", "text/plain; charset=cp1256", "x;;charset", ";"]
)


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS, CONTENT_TYPES, st.sampled_from([None, "windows-1256", "utf-16", "nonsense"]))
def test_any_input_gives_stories_or_a_verdict_and_always_the_same(
    value: bytes, content_type: str | None, charset: str | None
) -> None:
    outcomes = []
    for _ in range(2):
        try:
            stories = parse(record(value, content_type), charset=charset)
        except Rejected as verdict:
            outcomes.append(str(verdict))
            continue
        assert stories
        for story in stories:
            text = f"{story.headline}{story.body}{story.byline}{story.sections}"
            text.encode()
            assert "\0" not in text
            assert "\n\n\n" not in story.body
            assert story.body == story.body.strip()
            assert story.body or story.pubstatus == "canceled"
        outcomes.append(repr(stories))
    assert outcomes[0] == outcomes[1]


def test_every_text_item_of_the_standards_examples_parses() -> None:
    folder = DATA / "formats" / "ninjs" / "examples"
    if not folder.is_dir():
        pytest.skip(f"no development data at {folder}")
    verdicts: dict[str, str] = {}
    for path in sorted(folder.rglob("*.json")):
        item = json.loads(path.read_bytes())
        if not isinstance(item, dict) or "uri" not in item:
            continue
        is_text = item.get("type", "text") in ("text", "composite") and "eventDetails" not in item
        try:
            (story,) = parse(record(path.read_bytes()))
        except Rejected as verdict:
            if is_text or verdict.reason is not Reason.NOT_TEXT:
                verdicts[str(path.relative_to(folder))] = str(verdict)
        else:
            assert is_text
            assert story.body
    assert verdicts == {}


def test_the_seed_page_gives_its_story_alone() -> None:
    paths = sorted((DATA / "seed").glob("*.txt"))
    if not paths:
        pytest.skip(f"no development data at {DATA}")
    lines = [line for line in paths[0].read_text("utf-8").splitlines() if line]
    (story,) = parse(record(paths[0].read_bytes()))
    assert story.sections == (lines[0],)
    assert story.headline == lines[1]
    assert [line for line in story.body.splitlines() if line] == lines[2:-5]
