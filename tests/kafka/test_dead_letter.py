from datetime import UTC, datetime

from stream.errors import Reason, Rejected
from stream.kafka.dead_letter import dead_letter
from stream.model import Origin, Record

RECORD = Record(
    value=b"\xff\xfe raw",
    timestamp=datetime(2026, 3, 1, tzinfo=UTC),
    origin=Origin("wire.stories", 3, 42),
    key=b"key",
    headers=(("feed", b"okaz"), ("x", b"\x00")),
)


def test_a_dead_letter_keeps_the_record_as_it_came() -> None:
    letter = dead_letter("wire.dead-letter", RECORD, Rejected(Reason.CHARSET, "no charset"), "annotate")
    assert (letter.topic_name, letter.key, letter.value) == ("wire.dead-letter", b"key", b"\xff\xfe raw")
    assert letter.headers[:2] == RECORD.headers
    assert letter.timestamp_ms == 1772323200000


def test_its_headers_say_why_and_where_from_in_ours_and_in_kafka_connects_words() -> None:
    letter = dead_letter("d", RECORD, Rejected(Reason.CHARSET, "لا ترميز"), "annotate")
    headers = dict(letter.headers)
    assert headers["wirestream-error-reason"] == b"charset"
    assert headers["wirestream-error-message"].decode() == "لا ترميز"
    assert headers["__connect.errors.topic"] == b"wire.stories"
    assert headers["__connect.errors.partition"] == b"3"
    assert headers["__connect.errors.offset"] == b"42"


def test_a_letter_that_died_before_carries_only_its_last_death() -> None:
    first = dead_letter("d", RECORD, Rejected(Reason.CHARSET, "a"), "annotate")
    again = Record(first.value, RECORD.timestamp, RECORD.origin, first.key, first.headers)
    second = dead_letter("d", again, Rejected(Reason.NO_STORY, "b"), "annotate")
    names = [name for name, _ in second.headers]
    assert len(names) == len(set(names))
    assert dict(second.headers)["wirestream-error-reason"] == b"no-story"


def test_a_long_message_is_cut() -> None:
    letter = dead_letter("d", RECORD, Rejected(Reason.NO_STORY, "x" * 100_000), "annotate")
    assert sum(len(value) for _, value in letter.headers) < 3000
