"""What is sent of the stories that wait no longer, and of those that the program cannot send on."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from stream.faults import FaultLimitError
from stream.kafka.emit import Outgoing
from stream.lifecycle.waiting import Held, Outcome, Release
from stream.model import Facets
from stream.stages.embargoes import Sending

SOUND = Held(
    id="a" * 32,
    text="1" * 32,
    until=1_000,
    is_own=True,
    role="original",
    facets=Facets("wire", None, "en", (), (), ()),
    event=b'{"headline":"Ferry aground"}',
    headers=(("ce_id", b"a"),),
    topic_names=("wire.enriched", "wire.ferries"),
)
# Nobody can say where it goes.
BROKEN = replace(SOUND, id="b" * 32, topic_names=cast("tuple[str, ...]", None))


def sending(*, faults: int = 0) -> Sending:
    return Sending("wire.held", 2, faults, limit=3)


def told(records: list[Outgoing]) -> list[tuple[str, bytes | None, bool]]:
    """Topic and key of each record, and whether it has a value."""
    return [(record.topic_name, record.key, record.value is not None) for record in records]


def key(held: Held) -> bytes:
    return held.id.encode()


def test_a_story_goes_to_all_its_topics_and_is_taken_back() -> None:
    one = sending()
    assert told(one.records([Release(SOUND, "due")])) == [
        ("wire.enriched", key(SOUND), True),
        ("wire.ferries", key(SOUND), True),
        ("wire.held", key(SOUND), False),
    ]
    assert [release.held.id for release in one.sent] == [SOUND.id]


@pytest.mark.parametrize("outcome", ["killed", "superseded"])
def test_what_never_goes_out_is_taken_back_whatever_it_is(outcome: Outcome) -> None:
    one = sending()
    assert told(one.records([Release(BROKEN, outcome)])) == [("wire.held", key(BROKEN), False)]
    assert not one.failed


def test_one_that_cannot_be_sent_on_stays_as_it_is_and_the_others_go_out() -> None:
    one = sending()
    records = one.records([Release(BROKEN, "lifted"), Release(SOUND, "lifted")])
    assert told(records)[0] == ("wire.held", key(BROKEN), True)
    assert told(records)[1] == ("wire.enriched", key(SOUND), True)
    assert list(one.failed) == [key(BROKEN)]
    assert "TypeError" in one.failed[key(BROKEN)].detail
    assert [release.held.id for release in one.sent] == [SOUND.id]


def test_so_many_in_a_row_are_too_many_those_of_before_among_them() -> None:
    one = sending(faults=1)
    one.records([Release(BROKEN, "due")])
    with pytest.raises(FaultLimitError, match=r"3 records in a row.*b{32}, held in partition 2"):
        one.records([Release(BROKEN, "due")])


def test_one_that_goes_out_ends_the_row_and_one_that_was_sent_back_by_hand_is_not_of_it() -> None:
    one = sending(faults=2)
    one.records([Release(SOUND, "due"), Release(BROKEN, "due"), Release(BROKEN, "due")])
    one.records([Release(replace(BROKEN, is_retried=True), "due")])
    assert one.faults == 2
