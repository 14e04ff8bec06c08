from __future__ import annotations

from datetime import timedelta

import pytest

from stream.dedup.card import Card
from stream.dedup.cluster import Deduplicator
from stream.dedup.ledger import Entry
from stream.dedup.settings import DedupSettings
from stream.model import Cluster
from tests.dedup.stories import card_of, prose


def decide(*cards: Card, settings: DedupSettings | None = None) -> list[Cluster]:
    deduplicator = Deduplicator(settings or DedupSettings())
    return [deduplicator.decide(card) for card in cards]


def cut(text: str, share: float) -> str:
    words = text.split(" ")
    return " ".join(words[: int(len(words) * share)])


REPORT = prose(1, 300)


def test_a_story_that_nothing_resembles_opens_a_cluster() -> None:
    first, second = decide(card_of(REPORT), card_of(prose(2, 300)))
    assert (first.role, second.role) == ("original", "original")
    assert first.id != second.id
    assert first.matched is None


def test_the_same_text_from_another_outlet_is_a_copy() -> None:
    first, second = decide(card_of(REPORT), card_of(REPORT, minutes=30, headline="Another title"))
    assert (second.role, second.relation, second.id) == ("copy", "same", first.id)
    assert (second.matched, second.original) == (first.id, first.id)
    assert (second.containment, second.contained) == (1.0, 1.0)


@pytest.mark.parametrize("share", [0.9, 0.6, 0.4])
def test_a_reprint_cut_from_the_bottom_is_a_copy(share: float) -> None:
    first, second = decide(card_of(REPORT), card_of(cut(REPORT, share), minutes=60))
    assert (second.role, second.id) == ("copy", first.id)
    assert second.containment is not None
    assert second.containment > 0.9


def test_a_fuller_version_that_comes_later_is_a_copy_that_extends() -> None:
    _, second = decide(card_of(cut(REPORT, 0.5)), card_of(REPORT, minutes=60))
    assert (second.role, second.relation) == ("copy", "extended")


def test_a_reprint_of_the_fuller_version_finds_its_cluster() -> None:
    fuller = REPORT + "\n\n" + prose(9, 250)
    first, _, third = decide(
        card_of(REPORT), card_of(fuller, minutes=10), card_of(cut(fuller, 0.9), minutes=20)
    )
    assert third.id == first.id


def test_a_lightly_edited_reprint_is_a_copy() -> None:
    words = REPORT.split(" ")
    for at in range(5, len(words), 20):
        words[at] = "edited"
    first, second = decide(card_of(REPORT), card_of(" ".join(words), minutes=60))
    assert second.id == first.id


def test_a_round_up_that_swallows_stories_is_linked_and_not_merged() -> None:
    briefs = [prose(seed, 90) for seed in (11, 12, 13)]
    opening = prose(14, 120)
    *originals, round_up = decide(
        *(card_of(brief) for brief in briefs), card_of("\n\n".join((opening, *briefs)), minutes=60)
    )
    assert round_up.role == "original"
    assert {inside.id for inside in round_up.inside} == {original.id for original in originals}
    assert all(inside.share > 0.9 for inside in round_up.inside)


def test_a_brief_that_stands_inside_an_earlier_round_up_is_linked_and_not_merged() -> None:
    brief = prose(11, 90)
    round_up, story = decide(
        card_of("\n\n".join((prose(14, 150), brief, prose(15, 100)))), card_of(brief, minutes=60)
    )
    assert story.role == "original"
    assert [inside.id for inside in story.inside] == [round_up.id]


def test_a_story_does_not_join_by_way_of_a_third() -> None:
    left, middle, right = prose(21, 150), prose(22, 150), prose(23, 150)
    first, _, third = decide(
        card_of(left + "\n\n" + middle),
        card_of(middle + "\n\n" + right, minutes=10),
        card_of(right + "\n\n" + prose(24, 150), minutes=20),
    )
    assert third.id != first.id


MARKET = (
    "The central bank set its daily reference rate for the dollar at {rate} dinars, dealers said. "
    "Turnover in the morning session came to {turnover} million dinars, with bids between {low} and {high}."
)


def test_market_reports_of_one_formula_stay_apart() -> None:
    first, second = decide(
        card_of(MARKET.format(rate="3.11", turnover="410", low="3.09", high="3.12")),
        card_of(MARKET.format(rate="3.18", turnover="388", low="3.15", high="3.21"), minutes=60),
    )
    assert first.id != second.id


def test_the_same_market_report_twice_is_one() -> None:
    report = MARKET.format(rate="3.11", turnover="410", low="3.09", high="3.12")
    first, second = decide(card_of(report), card_of("Dealers' report: " + report, minutes=60))
    assert first.id == second.id


CABLE = (
    "بعث رئيس الجمهورية برقية تهنئة إلى {who} بمناسبة ذكرى {day} لبلاده. وأعرب الرئيس باسمه وباسم "
    "الشعب عن أصدق التهاني وأطيب التمنيات بالصحة والسعادة {title} ولحكومة وشعب {country} المزيد من "
    "التقدم والازدهار."
)


def test_cables_to_different_heads_of_state_stay_apart() -> None:
    first, second = decide(
        card_of(
            CABLE.format(
                who="الملكة هالة ملكة شمالستان", day="التتويج", title="لجلالتها", country="شمالستان"
            ),
            headline="الرئيس يهنئ ملكة شمالستان بذكرى التتويج",
        ),
        card_of(
            CABLE.format(who="الرئيس قيصر رئيس جنوبيا", day="الاستقلال", title="لفخامته", country="جنوبيا"),
            headline="الرئيس يهنئ رئيس جنوبيا بعيد الاستقلال",
            minutes=30,
        ),
    )
    assert first.id != second.id


@pytest.mark.parametrize(
    ("ours", "theirs", "are_copies"),
    [
        ({"MA": False, "EG": True}, {"MA": False, "OM": True}, False),
        ({"EG": True, "OM": False}, {"OM": True}, True),
        ({"EG": True}, {"OM": False}, True),
        ({"EG": True}, {}, True),
        ({"EG": True, "OM": True}, {"OM": True, "EG": True}, True),
    ],
)
def test_one_formula_about_a_country_each_is_two_stories(
    ours: dict[str, bool], theirs: dict[str, bool], are_copies: bool
) -> None:
    words = prose(41, 200).split(" ")
    edited = [*words[:120], "else", *words[121:]]
    first, second = decide(
        card_of(" ".join(words), countries=ours), card_of(" ".join(edited), minutes=30, countries=theirs)
    )
    assert (first.id == second.id) == are_copies


def test_pictures_with_captions_of_a_few_words_stay_apart() -> None:
    first, second = decide(
        card_of("photo gallery", headline="Harbour opens after storm"),
        card_of("photo gallery", headline="Champions parade through capital", minutes=5),
    )
    assert first.id != second.id


def test_stories_without_text_stay_apart() -> None:
    first, second = decide(card_of("", headline="One"), card_of("", headline="Two"))
    assert first.id != second.id


def test_chinese_copies_are_found_without_spaces() -> None:
    text = (
        "外交部发言人今天在北京举行的例行记者会上表示，双方将继续就贸易问题进行磋商，并希望尽快达成一项对双方都有利的协议。"
        "发言人说，上周的会谈是坦诚和富有成效的，代表团讨论了农产品、知识产权以及技术转让等议题。"
    )
    first, second, third = decide(
        card_of(text),
        card_of(text[:70], minutes=5),
        card_of(
            "国家气象中心预计，未来三天南方多地将有大到暴雨，部分地区可能出现强对流天气，请注意防范。",
            minutes=6,
        ),
    )
    assert first.id == second.id != third.id


def test_the_agencys_own_copy_becomes_the_original_and_the_cluster_keeps_its_id() -> None:
    reprint, own, later = decide(
        card_of(cut(REPORT, 0.8)),
        card_of(REPORT, name="own", minutes=20, own=True),
        card_of(REPORT, name="later", minutes=40),
    )
    assert own.id == later.id == reprint.id
    assert own.original == card_of(REPORT, name="own").id
    assert later.original == own.original


def test_an_earlier_text_that_arrives_late_becomes_the_original() -> None:
    first, second = decide(card_of(REPORT, minutes=60), card_of(cut(REPORT, 0.9), minutes=0))
    assert second.id == first.id
    assert second.original == card_of(cut(REPORT, 0.9), minutes=0).id


def test_a_reprint_does_not_displace_the_agencys_own_copy() -> None:
    own, earlier = decide(card_of(REPORT, minutes=60, own=True), card_of(cut(REPORT, 0.9), minutes=0))
    assert earlier.original == own.id


def test_the_same_item_with_other_text_is_an_update() -> None:
    first, second = decide(
        card_of(REPORT, uri="urn:1", version="1"),
        card_of(prose(5, 200), uri="urn:1", version="2", minutes=5),
    )
    assert (second.role, second.id, second.matched) == ("update", first.id, first.id)


def test_the_same_item_sent_twice_is_a_copy() -> None:
    _, second = decide(card_of(REPORT, uri="urn:1"), card_of(REPORT, uri="urn:1", minutes=5))
    assert (second.role, second.relation) == ("copy", "same")


def test_an_older_version_that_arrives_late_is_no_update() -> None:
    _, second = decide(
        card_of(REPORT, uri="urn:1", version="3"),
        card_of(cut(REPORT, 0.9), uri="urn:1", version="2", minutes=5),
    )
    assert second.role == "copy"


def test_one_uri_in_two_feeds_is_one_item_by_its_text_and_two_without() -> None:
    deduplicator = Deduplicator(DedupSettings())
    first = deduplicator.judge(card_of(REPORT, uri="urn:1"), "one").cluster
    other = deduplicator.judge(card_of(prose(5, 200), uri="urn:1", feed="other", minutes=5), "other").cluster
    again = deduplicator.judge(card_of(cut(REPORT, 0.9), uri="urn:1", feed="third", minutes=9), "third")
    assert other.role == "original"
    assert (again.cluster.id, again.chain and again.chain.kind) == (first.id, "repeat")


def test_an_identity_that_only_a_feed_knows_is_another_item_in_another_feed() -> None:
    first, second = decide(
        card_of(REPORT, uri="4711", version="1"),
        card_of(prose(5, 200), uri="4711", version="2", feed="other", minutes=5),
    )
    assert second.id != first.id


def test_a_canceled_item_kills_its_cluster() -> None:
    first, second = decide(
        card_of(REPORT, uri="urn:1"), card_of("Kill.", uri="urn:1", pubstatus="canceled", minutes=5)
    )
    assert (second.role, second.id) == ("kill", first.id)


def test_a_kill_of_an_unknown_item_stands_alone() -> None:
    (only,) = decide(card_of("Kill.", uri="urn:9", pubstatus="canceled"))
    assert only.role == "kill"


def test_texts_further_apart_than_the_window_are_two_stories() -> None:
    first, second = decide(
        card_of(REPORT),
        card_of(REPORT, minutes=49 * 60),
        settings=DedupSettings(window=timedelta(hours=48)),
    )
    assert first.id != second.id


def test_a_late_story_still_finds_its_copy() -> None:
    deduplicator = Deduplicator(DedupSettings(window=timedelta(hours=48)))
    first = deduplicator.decide(card_of(REPORT))
    for number in range(50):
        deduplicator.decide(card_of(prose(100 + number, 60), minutes=number * 40))
    assert deduplicator.decide(card_of(REPORT, minutes=-60)).id == first.id


def test_old_stories_leave_and_memory_is_given_back() -> None:
    deduplicator = Deduplicator(DedupSettings(window=timedelta(hours=1)))
    for number in range(3000):
        deduplicator.decide(card_of(prose(number, 30), minutes=number))
    assert len(deduplicator) < 300
    assert deduplicator.figures().clusters < 1500
    assert not deduplicator.seen(card_of(prose(0, 30), minutes=0).id)


def test_a_clock_in_the_future_does_not_empty_the_window() -> None:
    deduplicator = Deduplicator(DedupSettings())
    first = deduplicator.decide(card_of(REPORT))
    for number in range(20):
        deduplicator.decide(card_of(prose(number + 50, 80), minutes=number))
    deduplicator.decide(card_of(prose(40, 80), minutes=10**8))
    assert deduplicator.decide(card_of(REPORT, name="again", minutes=30)).id == first.id


def test_a_story_from_the_future_does_not_hold_up_those_behind_it() -> None:
    deduplicator = Deduplicator(DedupSettings(window=timedelta(hours=1)))
    deduplicator.decide(card_of(prose(1, 30), minutes=10**8))
    for number in range(2000):
        deduplicator.decide(card_of(prose(number + 10, 30), minutes=number))
    assert len(deduplicator) < 800


def test_more_stories_than_the_cap_are_not_remembered() -> None:
    deduplicator = Deduplicator(DedupSettings(stories=100))
    for number in range(500):
        deduplicator.decide(card_of(prose(number, 30), minutes=number / 100))
    assert len(deduplicator) == 100


def test_a_redelivery_is_known_by_its_id() -> None:
    deduplicator = Deduplicator(DedupSettings())
    card = card_of(REPORT)
    assert not deduplicator.seen(card.id)
    deduplicator.decide(card)
    assert deduplicator.seen(card.id)


def test_a_copy_says_which_facts_are_its_own() -> None:
    text = REPORT + " The toll rose to 41, officials said."
    other = REPORT + " The toll rose to 38, officials in Harrow said."
    _, second = decide(
        card_of(text, headline="Flood toll rises"), card_of(other, headline="«Harrow»: flood toll grows")
    )
    assert second.role == "copy"
    assert second.differs == ("38", "Harrow")


def test_a_fuller_copy_tells_a_few_of_its_numbers() -> None:
    fuller = REPORT + " " + ", ".join(str(number) for number in range(101, 130))
    _, second = decide(card_of(REPORT), card_of(fuller))
    assert second.differs == tuple(str(number) for number in range(101, 109))


def test_a_table_of_prices_with_other_prices_stays_apart() -> None:
    table = [*REPORT.split(" ")[:130], "wheat", "{}", "cents", "corn", "{}", "cents"]
    first, second = decide(
        card_of(" ".join(table).format("2.64", "1.40")), card_of(" ".join(table).format("2.55", "1.35"))
    )
    assert first.id != second.id


def test_a_feed_that_changes_one_number_sends_the_next_of_a_series() -> None:
    report = " ".join(REPORT.split(" ")[:80]) + " traders quoted {} on Monday"
    first, second = decide(card_of(report.format("412.50")), card_of(report.format("417.25"), minutes=60))
    assert first.id != second.id


def test_another_outlet_that_mistypes_a_number_still_reprints() -> None:
    report = " ".join(REPORT.split(" ")[:80]) + " traders quoted {} {}"
    first, second = decide(
        card_of(report.format("412.50", "on Monday")),
        card_of(report.format("421.50", "yesterday"), feed="other", minutes=60),
    )
    assert first.id == second.id


def test_one_mistyped_number_of_five_is_no_other_story() -> None:
    text = prose(60, 130) + " since 1880 in all 14 of the 27 towns and 33 more by 2015 or so"
    first, second = decide(card_of(text), card_of(text.replace("1880", "1888"), minutes=60, feed="paper"))
    assert second.id == first.id


@pytest.mark.parametrize(("share", "kept"), [(0.9, False), (0.4, True)])
def test_a_copy_cut_to_less_than_half_stands_for_its_cluster_too(share: float, kept: bool) -> None:
    deduplicator = Deduplicator(DedupSettings())
    deduplicator.decide(card_of(REPORT))
    card = card_of(cut(REPORT, share), minutes=10)
    entry = Entry.from_bytes(deduplicator.judge(card).entry.to_bytes())
    assert (entry.text is not None) == kept


def test_texts_of_one_length_that_each_name_their_own_place_stay_apart() -> None:
    words = prose(31, 120).split(" ")
    names = ["Sundvik", "council", "Sundvik", "school", "Ostra", "Ostra", "Tengel", "Tengel"]
    here = [*words, *names]
    for at in range(9, 120, 14):
        words[at] = ("Marholt", "Lindau", "Ferring")[at % 3]
    first, second = decide(card_of(" ".join(here)), card_of(" ".join(words), minutes=600))
    assert first.id != second.id


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_a_document_of_eight_thousand_words_is_found_again(share: float) -> None:
    document = prose(41, 8000)
    first, second = decide(card_of(document), card_of(cut(document, share) + " End", minutes=60))
    assert (second.role, second.id) == ("copy", first.id)


def test_a_flash_is_found_again_and_told_from_another() -> None:
    flash = "Governor of Sundvik resigns after council vote, spokesman says"
    first, second, third = decide(
        card_of(flash, headline="Governor resigns"),
        card_of(flash + " - agency", headline="Governor resigns", feed="other", minutes=2),
        card_of("Ferry runs aground off Tengel, nobody hurt, coast guard says", minutes=3),
    )
    assert first.id == second.id != third.id


def test_japanese_and_thai_copies_are_found_without_spaces() -> None:
    for text in (
        "首相は十日の記者会見で、来年度の予算案に防災対策の費用を盛り込む方針を明らかにした。関係閣僚会議は週内に開かれ、"
        "各省の要求を調整したうえで月末までに原案をまとめる見通しだ。野党は財源の説明が足りないとして審議を求めている。",
        "นายกรัฐมนตรีแถลงเมื่อวันจันทร์ว่ารัฐบาลจะเพิ่มงบประมาณสำหรับการป้องกันน้ำท่วมในภาคเหนือ"
        "โดยกระทรวงมหาดไทยจะเสนอแผนต่อที่ประชุมคณะรัฐมนตรีภายในสัปดาห์หน้าและเริ่มดำเนินการก่อนฤดูฝน",
    ):
        first, second = decide(card_of(text), card_of(text[: int(len(text) * 0.8)], feed="other", minutes=5))
        assert (second.role, second.id) == ("copy", first.id)


def test_a_follow_up_over_the_same_background_is_another_story() -> None:
    background = prose(71, 300)
    first, second = decide(
        card_of(f"{prose(72, 160)}\n\n{background}"), card_of(f"{prose(73, 150)}\n\n{background}", minutes=60)
    )
    assert second.role == "original"
    assert second.id != first.id
