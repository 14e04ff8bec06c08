"""The dead letters of a replay: none before all that stands before its record is decided on."""

from __future__ import annotations

from datetime import UTC, datetime

from stream.errors import Reason, Rejected
from stream.model import Origin, Record
from stream.replay.letters import Letters

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def record(offset: int, partition: int = 0) -> Record:
    return Record(b"{broken", NOON, Origin("wire.stories", partition, offset))


def offsets(letters: Letters, done: int, partition: int = 0) -> list[int]:
    return [letter.offset for letter in letters.take(partition, done)]


def test_letters_come_once_in_the_order_of_their_records_when_all_before_them_is_done() -> None:
    letters = Letters("wire.dead-letter.replay-a", [0, 1])
    for offset, partition in ((3, 0), (7, 0), (1, 1), (5, 0)):
        letters.add(record(offset, partition), Rejected(Reason.MALFORMED, "no JSON"))
    assert offsets(letters, 3) == []
    assert offsets(letters, 6) == [3, 5]
    assert offsets(letters, 9) == [7]
    assert offsets(letters, 9) == []
    assert offsets(letters, 9, partition=1) == [1]


def test_a_letter_has_the_record_and_why() -> None:
    letters = Letters("wire.dead-letter.replay-a", [0])
    letters.add(record(3), Rejected(Reason.MALFORMED, "no JSON"), feed="okaz")
    (letter,) = letters.take(0, 4)
    headers = dict(letter.record.headers)
    assert (letter.reason, letter.record.value) == ("malformed", b"{broken")
    assert letter.record.topic_name == "wire.dead-letter.replay-a"
    assert headers["wirestream-error-stage"] == b"replay"
    assert headers["wirestream-error-feed"] == b"okaz"
