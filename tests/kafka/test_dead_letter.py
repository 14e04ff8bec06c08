from datetime import UTC, datetime

from stream.errors import Reason, Rejected
from stream.faults import Fault
from stream.kafka.dead_letter import (
    ORIGIN,
    Letter,
    dead_letter,
    first_place,
    origin_header,
    read_letter,
    read_standing,
)
from stream.kafka.emit import Outgoing
from stream.model import Origin, Record
from stream.rejections import Standing

WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
RECORD = Record(
    value=b"\xff\xfe raw",
    timestamp=datetime(2026, 3, 1, tzinfo=UTC),
    origin=Origin("wire.stories", 3, 42),
    key=b"key",
    headers=(("feed", b"okaz"), ("x", b"\x00")),
)


def test_a_dead_letter_keeps_the_record_as_it_came() -> None:
    letter = dead_letter(
        "wire.dead-letter", RECORD, Rejected(Reason.CHARSET, "no charset"), "annotate", when=WHEN
    )
    assert (letter.topic_name, letter.key, letter.value) == ("wire.dead-letter", b"key", b"\xff\xfe raw")
    assert letter.headers[:2] == RECORD.headers
    # As its own it would count for the topic's retention.
    assert letter.timestamp_ms is None
    assert dict(letter.headers)["wirestream-error-timestamp"] == b"1772323200000"


def test_its_headers_say_why_and_where_from_in_ours_and_in_kafka_connects_words() -> None:
    letter = dead_letter("d", RECORD, Rejected(Reason.CHARSET, "لا ترميز"), "annotate", when=WHEN)
    headers = dict(letter.headers)
    assert headers["wirestream-error-reason"] == b"charset"
    assert headers["wirestream-error-message"].decode() == "لا ترميز"
    assert headers["__connect.errors.topic"] == b"wire.stories"
    assert headers["__connect.errors.partition"] == b"3"
    assert headers["__connect.errors.offset"] == b"42"


def test_a_fault_of_ours_is_told_with_the_way_to_the_line() -> None:
    try:
        raise KeyError("Two ministers")
    except KeyError as error:
        fault = Fault.of(error)
    headers = dict(dead_letter("d", RECORD, fault, "annotate", when=WHEN).headers)
    assert headers["wirestream-error-reason"] == b"internal-fault"
    assert headers["__connect.errors.exception.class.name"] == b"builtins.KeyError"
    assert headers["__connect.errors.exception.message"] == b"'Two ministers'"
    assert b"test_dead_letter.py" in headers["__connect.errors.exception.stacktrace"]


def test_a_letter_that_died_before_carries_only_its_last_death() -> None:
    first = dead_letter("d", RECORD, Rejected(Reason.CHARSET, "a"), "annotate", when=WHEN)
    again = Record(first.value, RECORD.timestamp, RECORD.origin, first.key, first.headers)
    second = dead_letter("d", again, Rejected(Reason.NO_STORY, "b"), "annotate", when=WHEN)
    names = [name for name, _ in second.headers]
    assert len(names) == len(set(names))
    assert dict(second.headers)["wirestream-error-reason"] == b"no-story"


def test_a_long_message_is_cut() -> None:
    letter = dead_letter("d", RECORD, Rejected(Reason.NO_STORY, "x" * 100_000), "annotate", when=WHEN)
    assert sum(len(value) for _, value in letter.headers) < 3000


def read_back(letter: Outgoing) -> Letter | None:
    return read_letter((1, 7), letter.value, letter.key, letter.headers, 1_800_000_000_000)


def test_a_letter_is_read_back_as_the_record_that_it_was() -> None:
    letter = read_back(dead_letter("d", RECORD, Rejected(Reason.CHARSET, "a"), "annotate", when=WHEN))
    assert letter is not None
    assert letter.record == RECORD
    assert (letter.position, letter.feed, letter.reason, letter.when) == ((1, 7), "okaz", "charset", WHEN)


def test_a_record_that_is_no_letter_is_none() -> None:
    assert read_letter((0, 0), b"x", None, (("wirestream-error-reason", b"charset"),), 0) is None


def test_a_letter_sent_back_knows_its_first_place_and_a_forged_one_is_not_believed() -> None:
    assert first_place([origin_header(RECORD)]) == (RECORD.origin, RECORD.timestamp)
    for forged in (
        b"{",
        b"[]",
        b'{"topic": "t"}',
        b'{"topic":"t","partition":0,"offset":0,"timestamp":1e99}',
    ):
        assert first_place([(ORIGIN, forged)]) is None


def test_the_standing_of_its_feed_travels_with_a_letter() -> None:
    standing = Standing(run=3, rejected=5, seen=9)
    letter = dead_letter("d", RECORD, Rejected(Reason.CHARSET, "a"), "annotate", when=WHEN, standing=standing)
    assert read_standing(letter.headers) == standing
    assert read_standing((("wirestream-error-standing", b"{}"),)) is None
