from __future__ import annotations

from collections.abc import Callable

import pytest

from stream.errors import Reason, Rejected
from stream.model import Story

Read = Callable[..., Story]
Refuse = Callable[..., Rejected]

LEAD = (
    "تونس (وات) - أعلنت وزارة الفلاحة اليوم انطلاق موسم جني الزيتون في ولايات الوسط، وسط توقعات بمحصول قياسي."
)
MORE = (
    "وقال مسؤول في الوزارة إن التقديرات الأولية تشير إلى 280 ألف طن من الزيت، بزيادة الثلث عن الموسم الماضي."
)
HEADLINE = "موسم زيتون قياسي متوقع في ولايات الوسط"


def test_a_take_without_a_page_loses_nothing(read: Read) -> None:
    lines = [LEAD, MORE, "المزيد لاحقا", "(وات)", "ي.م/ ع.ب"]
    story = read("\n\n".join(lines))
    assert story.body == "\n\n".join(lines)
    assert story.headline is None


@pytest.mark.parametrize("word", ["التعليقات", "شارك", "Comments", "Share", "المزيد", "Tags", "Datenschutz"])
def test_an_ordinary_word_on_its_own_line_does_not_make_a_page(word: str, read: Read) -> None:
    text = f"{LEAD}\n\n{word}\n\n{MORE}"
    assert read(text).body == text


def test_a_sentence_that_begins_like_a_phrase_stays(read: Read) -> None:
    sentence = "شارك على هامش الاجتماع عدد من الخبراء الأجانب، وفق ما أوردته مصادر رسمية في العاصمة يوم أمس."
    text = f"{LEAD}\n\n{sentence}\n\n{MORE}"
    assert read(text).body == text


def test_first_short_line_before_an_empty_line_is_the_headline(read: Read) -> None:
    story = read(f"{HEADLINE}\n\n{LEAD}\n\n{MORE}")
    assert (story.headline, story.body) == (HEADLINE, f"{LEAD}\n\n{MORE}")


def test_first_short_line_right_above_a_dateline_is_the_headline(read: Read) -> None:
    story = read(f"{HEADLINE}\n{LEAD}")
    assert (story.headline, story.body) == (HEADLINE, LEAD)


def test_a_first_line_with_a_full_stop_is_no_headline(read: Read) -> None:
    text = f"بدأ موسم الزيتون.\n\n{MORE}"
    assert (read(text).headline, read(text).body) == (None, text)


def test_a_dateline_alone_on_the_first_line_is_no_headline(read: Read) -> None:
    text = f"تونس-(د ب أ):\n\n{MORE}"
    assert (read(text).headline, read(text).body) == (None, text)


def test_a_first_line_with_text_right_below_is_no_headline(read: Read) -> None:
    assert read(f"{HEADLINE}\n{MORE}").headline is None


@pytest.mark.parametrize(
    "section", ["أخبار عربية ودولية", "اقتصاد", "World News", "Actualités économiques", "Politik"]
)
def test_a_section_header_above_the_headline_goes_to_the_sections(section: str, read: Read) -> None:
    story = read(f"{section}\n\n{HEADLINE}\n\n{LEAD}\n\n{MORE}")
    assert (story.sections, story.headline, story.body) == ((section,), HEADLINE, f"{LEAD}\n\n{MORE}")


def test_a_trail_gives_its_sections_without_the_home_page(read: Read) -> None:
    story = read(f"الرئيسية » اقتصاد » أعمال\n\n{HEADLINE}\n\n{LEAD}")
    assert (story.sections, story.headline) == (("اقتصاد", "أعمال"), HEADLINE)


def test_the_name_of_a_site_above_the_section_is_no_headline(read: Read) -> None:
    story = read(f"جريدة ضفاف البحيرة\n\nاقتصاد\n\n{HEADLINE}\n\n{LEAD}")
    assert (story.headline, story.body) == (HEADLINE, LEAD)
    assert "اقتصاد" in story.sections


def test_a_menu_above_the_headline_gives_no_sections(read: Read) -> None:
    menu = "محليات\nعربي ودولي\nرياضة\nاقتصاد\nثقافة وفنون\nصحة"
    tail = "مقالات ذات صلة\nأسعار الزيت"
    story = read(f"الرئيسية\n{menu}\n{HEADLINE}\n12 مايو 2026\nشارك\n{LEAD}\n\n{MORE}\n\n{tail}")
    assert (story.sections, story.headline, story.body) == ((), HEADLINE, f"{LEAD}\n\n{MORE}")


def test_a_deck_under_the_headline_stays_in_the_body(read: Read) -> None:
    deck = "الوزارة تتوقع 280 ألف طن من الزيت هذا العام"
    story = read(f"{HEADLINE}\n\n{deck}\n\n{LEAD}")
    assert (story.headline, story.body) == (HEADLINE, f"{deck}\n\n{LEAD}")


def test_what_follows_a_comment_form_is_cut(read: Read) -> None:
    comment = "كلام زائر طويل عن الموسم والأسعار وكل ما يخطر في البال من شكاوى ومن مديح للحكومة السابقة."
    tail = f"اترك تعليقاً\nلن يتم نشر عنوان بريدك الإلكتروني.\n{comment}"
    assert read(f"{HEADLINE}\n\n{LEAD}\n\n{MORE}\n\n{tail}").body == f"{LEAD}\n\n{MORE}"


def test_a_comment_link_above_the_story_does_not_end_it(read: Read) -> None:
    tail = "مقالات ذات صلة\nأسعار الزيت\n\nزر الذهاب إلى الأعلى"
    assert read(f"{HEADLINE}\n\nاترك تعليقاً\n\n{LEAD}\n\n{MORE}\n\n{tail}").body == f"{LEAD}\n\n{MORE}"


def test_a_pointer_inside_the_story_takes_its_links_and_no_more(read: Read) -> None:
    text = f"{LEAD}\n\nاقرأ أيضا\nأسعار الزيت ترتفع\n\n{MORE}\n\nمقالات ذات صلة\nسوق الزيوت"
    assert read(text).body == f"{LEAD}\n\n{MORE}"


def test_a_list_in_the_middle_does_not_end_the_story(read: Read) -> None:
    text = f"{LEAD}\n\nالأكثر قراءة\nأسعار الزيت ترتفع\n\n{MORE}\n\n{MORE} مرة أخرى.\n\nاترك تعليقاً"
    assert read(text).body == f"{LEAD}\n\n{MORE}\n\n{MORE} مرة أخرى."


def test_hard_wrapped_lines_are_joined(read: Read) -> None:
    text = (
        "The council voted on Tuesday to rebuild the old harbour wall,\n"
        "which a storm broke in three places last winter. Work starts in\n"
        "June and will take two years, the mayor said after the session,\n"
        "adding that the costs would be shared with the province and the\n"
        "owners of the boats.\n"
        "\n"
        "Fishermen had asked for a taller wall at the northern end, where\n"
        "waves come over it."
    )
    first, second = read(text).body.split("\n\n")
    assert first.endswith("the owners of the boats.")
    assert second == "Fishermen had asked for a taller wall at the northern end, where waves come over it."


def test_lines_without_empty_lines_between_are_paragraphs(read: Read) -> None:
    assert read(f"{LEAD}\n{MORE}").body == f"{LEAD}\n\n{MORE}"


def test_controls_go_and_line_ends_are_one_kind(read: Read) -> None:
    text = f"\x00{LEAD}\x07\r\n\r\n\r\n{MORE}\x1a  \r\n"
    assert read(text).body == f"{LEAD}\n\n{MORE}"


def test_marks_digits_and_quotes_stay_as_published(read: Read) -> None:
    text = "قالَ الوزيرُ “لن نتراجع” في ١٢ أيار/مايو ٢٠٢٦، مؤكّداً أنّ القرار نهائي ولا رجعة فيه."
    assert read(text).body == text


def test_text_is_nfc(read: Read) -> None:
    assert read("Le cafe\u0301 du port a rouvert ses portes mercredi matin.").body.startswith(
        "Le caf\u00e9 du"
    )


def test_a_language_written_without_spaces_is_text(read: Read) -> None:
    assert read("国务院总理星期三在北京会见了来访的客人，双方就经贸合作交换了意见。").format == "plain"


@pytest.mark.parametrize(
    "value", ["x", "42", "aGVsbG8gd29ybGQgYmFzZTY0IHRleHQ" * 20, "---- ---- ----", "\0\0\0 a"]
)
def test_a_text_without_words_is_no_story(value: str, refuse: Refuse) -> None:
    assert refuse(value).reason is Reason.NO_STORY


def test_nothing_but_boilerplate_is_no_story(refuse: Refuse) -> None:
    assert refuse("مقالات ذات صلة\nاترك تعليقاً\nزر الذهاب إلى الأعلى").reason is Reason.NO_STORY


def test_nine_hundred_kilobytes_are_too_large(refuse: Refuse) -> None:
    assert refuse((MORE + " ") * 5_000).reason is Reason.TOO_LARGE
