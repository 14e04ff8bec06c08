"""From records to annotated stories, without Kafka."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson
import pytest

from stream.annotate import Annotator
from stream.dedup.card import Card
from stream.dedup.cluster import Deduplicator
from stream.dedup.settings import DedupSettings
from stream.errors import Reason, SettingsError
from stream.model import Origin, Record
from stream.settings import Settings
from tests.scenarios.stories import ninjs

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BODY = """الكويت (كونا) -- أعلن بنك الكويت المركزي اليوم خفض سعر الخصم ربع نقطة مئوية إلى 3.75 في المئة.

وقال المحافظ إن القرار يأتي بعد تراجع التضخم إلى أدنى مستوى له منذ أربعة أعوام، وإن البنك يراقب الأسواق."""


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    settings = Settings.model_validate(
        {
            "feeds": {
                "home": {"country": "KW", "language": "ar"},
                "kuna-wire": {"agency": "kuna"},
                "old-system": {"charset": "windows-1256"},
                "أخبار": {"charset": "windows-1256"},
            },
            "limits": {"story_bytes": 20_000},
        }
    )
    return Annotator(settings)


def record(value: bytes | None, number: int = 0, **headers: str) -> Record:
    pairs = tuple((name.replace("_", "-"), text.encode()) for name, text in headers.items())
    return Record(value, NOON, Origin("wire.stories", 1, number), headers=pairs)


def test_outcomes_stand_in_the_order_of_the_records_whatever_became_of_them(annotator: Annotator) -> None:
    values = [ninjs(1, "a", BODY), b"{", ninjs(2, "b", BODY), b"", ninjs(3, "c", BODY)]
    outcomes = annotator.annotate([record(value, number) for number, value in enumerate(values)])
    assert [outcome.record.origin.offset for outcome in outcomes] == [0, 1, 2, 3, 4]
    assert [len(outcome.stories) for outcome in outcomes] == [1, 0, 1, 0, 1]
    uris = [orjson.loads(o.stories[0].event)["uri"] for o in outcomes if o.stories]
    assert uris == ["urn:test:1", "urn:test:2", "urn:test:3"]
    reasons = [o.rejected.reason for o in outcomes if o.rejected]
    assert reasons == [Reason.MALFORMED, Reason.EMPTY]


def test_a_batch_gives_what_its_records_give_one_by_one(annotator: Annotator) -> None:
    records = [record(ninjs(n, f"عنوان {n}", BODY.replace("3.75", f"{n}.5")), n) for n in range(5)]
    together = [outcome.stories for outcome in annotator.annotate(records)]
    assert together == [annotator.annotate([one])[0].stories for one in records]


def test_cables_of_one_formula_to_two_countries_are_two_stories(annotator: Annotator) -> None:
    cable = (
        "بعث رئيس الجمهورية اليوم برقية تهنئة إلى {who} بمناسبة ذكرى العيد الوطني لبلاده. وأعرب الرئيس في "
        "برقيته باسمه وباسم الشعب والحكومة عن أصدق التهاني وأطيب التمنيات له بموفور الصحة ودوام السعادة، "
        "ولشعب {whose} الشقيق باطراد التقدم والازدهار. وأشاد الرئيس بهذه المناسبة بتميز العلاقات الأخوية بين "
        "البلدين والشعبين الشقيقين، التي يسعى الجميع إلى تعزيزها وتنميتها في المجالات كافة، مؤكدا حرصه على "
        "مواصلة التشاور لما فيه خير البلدين."
    )
    peru = cable.format(who="الرئيس عبدالله سالم رئيس بيرو", whose="بيرو")
    chad = cable.format(who="الرئيس عبدالله هاشم رئيس تشاد", whose="تشاد")
    bodies = [("الرئيس يهنئ بيرو", peru), ("الرئيس يهنئ تشاد", chad), ("تهنئة إلى بيرو", peru + " وكالات")]
    values = [ninjs(number, *story) for number, story in enumerate(bodies, start=1)]
    deduplicator = Deduplicator(DedupSettings())
    outcomes = annotator.annotate([record(value, number) for number, value in enumerate(values)])
    to_peru, to_chad, again = (
        deduplicator.decide(Card.from_bytes(outcome.stories[0].card)).id for outcome in outcomes
    )
    assert to_peru == again
    assert to_peru != to_chad


def test_the_feed_is_the_header_then_the_verbs_then_the_items_own_source(annotator: Annotator) -> None:
    item = ninjs(1, "a", BODY, source="Items Source")
    [headed] = annotator.annotate([record(item, feed="from-header")], feed="from-verb")
    [told] = annotator.annotate([record(item)], feed="from-verb")
    [own] = annotator.annotate([record(item)])
    [none] = annotator.annotate([record(BODY.encode())])
    feeds = [outcome.stories[0].facets.feed for outcome in (headed, told, own, none)]
    assert feeds == ["from-header", "from-verb", "Items Source", "unknown"]


def test_the_body_of_the_event_keeps_the_credit_line_that_matching_leaves_out(annotator: Annotator) -> None:
    without = BODY.partition("-- ")[2]
    [credited] = annotator.annotate([record(ninjs(1, "a", BODY))])
    [bare] = annotator.annotate([record(ninjs(2, "a", without))])
    assert orjson.loads(credited.stories[0].event)["body"] == BODY
    cards = [Card.from_bytes(outcome.stories[0].card) for outcome in (credited, bare)]
    assert cards[0].text.sketch.tolist() == cards[1].text.sketch.tolist()


def test_an_agencys_own_feed_is_known_by_its_setting(annotator: Annotator) -> None:
    [own] = annotator.annotate([record(ninjs(1, "a", BODY), feed="kuna-wire")])
    [reprint] = annotator.annotate([record(ninjs(1, "a", BODY), feed="home")])
    assert Card.from_bytes(own.stories[0].card).own
    assert not Card.from_bytes(reprint.stories[0].card).own
    assert own.stories[0].facets.agency == reprint.stories[0].facets.agency == "kuna"


def test_the_feeds_charset_is_used_where_the_document_declares_none(annotator: Annotator) -> None:
    [outcome] = annotator.annotate([record(BODY.encode("windows-1256"), feed="old-system")])
    assert orjson.loads(outcome.stories[0].event)["body"] == BODY


def test_the_configured_limit_rejects_what_is_larger(annotator: Annotator) -> None:
    [outcome] = annotator.annotate([record(ninjs(1, "a", BODY * 100))])
    assert outcome.rejected is not None
    assert outcome.rejected.reason is Reason.TOO_LARGE


def test_facets_hold_every_m49_region_around_a_country(annotator: Annotator) -> None:
    [outcome] = annotator.annotate([record(ninjs(1, "a", BODY))])
    facets = outcome.stories[0].facets
    assert facets.countries[0] == "KW"
    assert {"145", "142"} <= set(facets.m49)


def test_the_trace_context_is_passed_on(annotator: Annotator) -> None:
    [outcome] = annotator.annotate([record(ninjs(1, "a", BODY), traceparent="00-1-2-01", other="x")])
    assert outcome.stories[0].trace == (("traceparent", b"00-1-2-01"),)


def test_an_observer_sees_every_story_with_what_was_known_of_it() -> None:
    seen: list[tuple[str, str | None]] = []
    annotator = Annotator(Settings(), observer=lambda story, draft: seen.append((story.id, draft.language)))
    [outcome] = annotator.annotate([record(ninjs(1, "a", BODY))])
    assert seen == [(outcome.stories[0].id, "ar")]


def test_a_feed_named_by_a_folder_of_a_file_system_that_takes_letters_apart_has_its_settings(
    annotator: Annotator,
) -> None:
    [outcome] = annotator.annotate([record(BODY.encode("windows-1256"), feed="\u0627\u0654خبار")])
    assert outcome.stories[0].facets.feed == "أخبار"


def test_a_feed_whose_name_is_as_long_as_a_story_is_no_feed(annotator: Annotator) -> None:
    [outcome] = annotator.annotate([record(ninjs(1, "a", BODY), feed="x" * 10_000)])
    assert outcome.rejected is not None
    assert outcome.rejected.reason is Reason.MALFORMED
    assert "feed" in outcome.rejected.detail


@pytest.mark.parametrize(("key", "code"), [("agency", "nobody"), ("country", "XX"), ("language", "arbic")])
def test_a_code_of_a_feed_that_no_table_has_is_a_wrong_setting(key: str, code: str) -> None:
    settings = Settings.model_validate({"feeds": {"okaz": {key: code}}})
    with pytest.raises(SettingsError, match=rf"feeds\.okaz\.{key}.*'{code}'"):
        Annotator(settings)


def test_no_more_stories_of_a_document_are_read_than_the_settings_say() -> None:
    items = "".join(
        f"<item><title>Item {number}</title><description>The text of item {number} stands here, and it is "
        "long enough to be a story.</description></item>"
        for number in range(5)
    )
    feed = f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()
    few = Annotator(Settings.model_validate({"limits": {"document_stories": 3}}))
    assert [len(one.annotate([record(feed)])[0].stories) for one in (few, Annotator(Settings()))] == [3, 5]
