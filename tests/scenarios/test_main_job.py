"""What a story goes through, on a real broker with a real worker process."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.request import urlopen

import jsonschema
import orjson

from stream.kafka.broker import Broker
from stream.schemas import read
from tests.scenarios.installation import Installation, installed
from tests.scenarios.stories import ninjs, unique_stories

LEAD = """الرباط (د ب أ) - أعلنت السلطات المغربية اليوم الثلاثاء إعادة فتح ميناء الصيد في مدينة أكادير \
بعد أعمال توسعة استمرت ثلاثة أعوام وكلفت 840 مليون درهم.

وقال مدير الميناء في مؤتمر صحفي إن الأرصفة الجديدة تتسع لمئة وعشرين مركبا، وإن سوق السمك سيعمل على مدار \
الساعة ابتداء من الشهر المقبل.

وأضاف أن المشروع وفر سبعمئة فرصة عمل، وأن مرحلة ثانية تشمل مخازن للتبريد ستبدأ قبل نهاية العام الجاري.

ورحب صيادون في المدينة بالخطوة، لكنهم طالبوا بخفض رسوم الرسو التي زادت بنحو الثلث منذ العام الماضي."""


def shortened(text: str) -> str:
    return text.rpartition("\n\n")[0]


def test_a_story_and_its_reprint_come_out_as_original_and_copy(installation: Installation) -> None:
    schema = json.loads(read("story"))
    original = ninjs(1, "المغرب يعيد فتح ميناء أكادير", LEAD, language="ar")
    reprint = ninjs(2, "أكادير: ميناء الصيد يعود إلى العمل", shortened(LEAD), language="ar")
    installation.worker()
    installation.produce([original], feed="dpa")
    installation.wait_for(lambda: len(installation.events()) == 1, "the original")
    installation.produce([reprint], feed="al-sahifa")
    installation.wait_for(lambda: len(installation.events()) == 2, "the copy")

    first, second = sorted(installation.events(), key=lambda event: event["uri"])
    for event in (first, second):
        jsonschema.validate(event, schema)
    assert (first["feed"], first["cluster"]["role"], first["language"]) == ("dpa", "original", "ar")
    assert first["agency"]["id"] == "dpa"
    assert first["dateline"]["country"] == "MA"
    assert first["regions"][0]["country"] == "MA"
    assert (second["cluster"]["role"], second["cluster"]["original"]) == ("copy", first["id"])
    assert second["cluster"]["relation"] == "shortened"
    [copy] = installation.read(installation.topology.duplicates)
    headers = dict(copy.headers)
    assert headers["ce_type"] == b"wirestream.story.copy"
    assert copy.key.decode() == headers["ce_id"].decode() == second["id"]


def test_bad_input_becomes_dead_letters_and_the_stream_goes_on(installation: Installation) -> None:
    bad = {
        b"": "empty",
        b"x": "no-story",
        bytes(range(128, 256)) * 3: "charset",
        b'{"uri": "urn:x", "body_te': "malformed",
        b'["a", "b"]': "unknown-format",
        ("خبر طويل. " * 60_000).encode(): "too-large",
        b"A line of text that breaks \xff\xfe its own encoding \xc3\x28 here.": "charset",
        b"<html><body><nav><a href='/'>Home</a></nav></body></html>": "no-story",
        ninjs(90, "Year 0", LEAD, versioncreated="0000-01-01T00:00:00Z"): "date",
        ninjs(91, "Year 2999", LEAD, versioncreated="2999-01-01T00:00:00Z"): "date",
    }
    good = list(unique_stories(3))
    values = [good[0], *list(bad)[:5], good[1], *list(bad)[5:], good[2]]
    installation.worker()
    installation.produce(values, feed="mixed")
    installation.wait_for(
        lambda: len(installation.dead_letters()) == len(bad) and len(installation.events()) == len(good),
        "every record to be an event or a dead letter",
    )
    letters = installation.dead_letters()
    reasons = {letter.value: dict(letter.headers)["wirestream-error-reason"].decode() for letter in letters}
    assert reasons == bad
    for letter in letters:
        headers = dict(letter.headers)
        assert headers["feed"] == b"mixed"
        assert headers["__connect.errors.topic"].decode() == installation.topology.stories
    assert {event["uri"] for event in installation.events()} == {f"urn:test:{n}" for n in range(3)}


def test_an_event_also_goes_to_every_route_that_it_matches(broker: Broker, tmp_path: Path) -> None:
    routes = [
        {"topic_name": "routes.morocco", "where": {"countries": ["MA"], "roles": ["original"]}},
        {"topic_name": "routes.dpa", "where": {"agencies": ["dpa"]}},
        {"topic_name": "routes.japan", "where": {"countries": ["JP"]}},
    ]
    with installed(broker.bootstrap, tmp_path, routes=routes) as installation:
        installation.worker()
        installation.produce([ninjs(1, "ميناء أكادير", LEAD, language="ar")], feed="dpa")
        installation.wait_for(lambda: len(installation.events()) == 1, "the event")
        [event] = installation.events()
        for name, expected in (("routes.morocco", 1), ("routes.dpa", 1), ("routes.japan", 0)):
            routed = [orjson.loads(record.value) for record in installation.read(name)]
            assert routed == [event] * expected


def test_metrics_and_health_tell_what_happened(installation: Installation) -> None:
    worker = installation.worker()
    installation.produce([*unique_stories(20), b"x"], feed="okaz")
    installation.wait_for(lambda: len(installation.events()) == 20, "20 events")
    with urlopen(f"{worker.http}/ready") as answer:
        assert json.loads(answer.read())["ready"] is True
    with urlopen(f"{worker.http}/metrics") as answer:
        lines = set(answer.read().decode().splitlines())
    assert 'wirestream_records_read_total{stage="annotate"} 21.0' in lines
    assert 'wirestream_dead_letters_total{reason="no-story"} 1.0' in lines
    assert 'wirestream_events_total{role="original"} 20.0' in lines
    assert 'wirestream_end_to_end_seconds_count{language="en"} 20.0' in lines


def test_the_two_stages_can_run_in_workers_of_their_own(installation: Installation) -> None:
    annotate = installation.worker("--stages", "annotate")
    dedup = installation.worker("--stages", "dedup")
    installation.produce(unique_stories(50), feed="okaz")
    installation.wait_for(lambda: len(installation.events()) == 50, "50 events")
    assert (annotate.stop(), dedup.stop()) == (0, 0)
