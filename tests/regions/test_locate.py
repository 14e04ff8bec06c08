from __future__ import annotations

import pytest

from stream.model import Agency, Dateline, Place
from stream.regions.locate import Locator, PlaceInput
from stream.text.tokens import hashes
from tests.regions.conftest import Locate

_CNN = Agency("cnn", "CNN", "CNN")


def _countries(regions: list) -> list[str | None]:  # type: ignore[type-arg]
    return [region.country for region in regions]


@pytest.mark.parametrize(
    ("sentence", "country"),
    [
        ("وصل الوفد إلى المغرب صباح اليوم", "MA"),
        ("اتفق الجانبان بالمغرب على خطة العمل", "MA"),
        ("شكرت الحكومة وللسعودية دور كبير", "SA"),
        ("منح البنك قرضا للأردن هذا العام", "JO"),
        ("أعلنت الشركات المصرية نتائجها", "EG"),
        ("استقبلت البعثة الحجاج السعوديين في المطار", "SA"),
        ("درس المغاربة في الجامعة الجديدة", "MA"),
        ("عقد اللقاء في سلطنة عمان أمس", "OM"),
        ("وصل الرئيس إلى مالي بعد جولة طويلة", "ML"),
        ("ضرب زلزال شمال كاليفورنيا فجرا", "US"),
    ],
)
def test_arabic_names_are_found_with_clitics_gender_and_number(
    locate: Locate, sentence: str, country: str
) -> None:
    assert _countries(locate(sentence))[0] == country


@pytest.mark.parametrize(
    ("sentence", "language", "country"),
    [
        ("Les autorités marocaines ont annoncé un accord.", "fr", "MA"),
        ("Die ägyptischen Behörden haben zugestimmt.", "de", "EG"),
        ("El gobierno alemán aprobó la ley.", "es", "DE"),
        ("Officials in the U.S. said on Monday.", "en", "US"),
        ("Turkey and its neighbours signed the deal.", "en", "TR"),
        ("A fire broke out in Springfield, Illinois.", "en", "US"),
    ],
)
def test_other_languages_have_their_names_and_nationalities(
    locate: Locate, sentence: str, language: str, country: str
) -> None:
    assert _countries(locate(sentence, language=language))[0] == country


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("أعلن المدير المالي نتائج الربع الثالث", "ar"),
        ("قال بيان صدر يوم الخميس إن الجامعة ستفتح أبوابها", "ar"),
        ("كتب في صحيفة الشرق الأوسط مقالا عن القراءة", "ar"),
        ("فاز محمد المصري بجائزة الرواية", "ar"),
        ("افتتح الأمير تركي بن ناصر المعرض", "ar"),
        ("صلى الناس صلاة المغرب في البيت", "ar"),
        ("Roast turkey was served with rice.", "en"),
        ("Michael Jordan scored forty points.", "en"),
        ("Tom Holland plays the lead.", "en"),
        ("The judge told us to wait.", "en"),
        ("He was reading in the bath.", "en"),
        ("The coupon is paid in Australian dlrs.", "en"),
    ],
)
def test_words_persons_and_papers_are_no_places(locate: Locate, sentence: str, language: str) -> None:
    assert locate(sentence, language=language) == []


def test_an_ambiguous_town_goes_to_the_country_that_the_story_speaks_of(locate: Locate) -> None:
    assert _countries(locate("قتل شخصان في طرابلس")) == ["LY"]
    lebanese = locate("قال وزير لبناني إن شخصين قتلا في طرابلس وإن الجيش اللبناني انتشر")
    assert _countries(lebanese) == ["LB"]


def test_a_state_after_a_town_settles_it(locate: Locate) -> None:
    assert _countries(locate("A school opened in Athens, Ga. yesterday.", language="en")) == ["US"]


def test_the_headline_weighs_more_than_a_list_in_the_body(locate: Locate) -> None:
    body = (
        "حضر الاجتماع ممثلون عن دول عدة. "
        + "تحدث الحاضرون عن التعاون في مجالات مختلفة. " * 8
        + "مثل فرنسا وإسبانيا"
    )
    regions = locate(body, headline="تونس تفتح مطارا جديدا")
    assert (regions[0].country, regions[0].role) == ("TN", "subject")
    assert {r.role for r in regions[1:]} == {"mention"}


def test_a_country_that_only_the_dateline_names_has_the_role_dateline(locate: Locate) -> None:
    regions = locate("قال الرئيس الفرنسي إن فرنسا ستعزز وجودها", dateline=Dateline("لندن", "لندن", "GB"))
    assert {r.country: r.role for r in regions} == {"FR": "subject", "GB": "dateline"}


def test_a_dateline_country_that_the_text_is_about_is_a_subject(locate: Locate) -> None:
    regions = locate("عقد المؤتمر في المغرب أمس", dateline=Dateline("مراكش", "مراكش", "MA"))
    assert [(r.country, r.role) for r in regions] == [("MA", "subject")]


def test_the_words_of_the_dateline_itself_are_no_evidence(locate: Locate) -> None:
    dateline = Dateline("لندن", "لندن", "GB")
    regions = locate("لندن قال الرئيس الفرنسي إن فرنسا ستعزز وجودها", dateline=dateline)
    assert {r.country: r.role for r in regions} == {"FR": "subject", "GB": "dateline"}


def test_the_bureau_of_a_broadcaster_is_no_subject_and_no_origin(locate: Locate) -> None:
    regions = locate(
        "أعلنت وزارة الدفاع الأمريكية بدء التحقيق",
        dateline=Dateline("دبي", "دبي", "AE"),
        agency=_CNN,
    )
    assert (regions[0].country, regions[0].role) == ("US", "subject")
    assert {r.role for r in regions if r.country == "AE"} == {"mention"}


def test_a_local_story_without_a_place_gets_its_feeds_country(locate: Locate) -> None:
    regions = locate("افتتح المعرض أمس وسط حضور كبير", feed_country="SA")
    assert [(r.country, r.role) for r in regions] == [("SA", "subject")]
    assert regions[0].score < 0.3


@pytest.mark.parametrize(
    ("body", "m49"),
    [("تسعى أفريقيا إلى توفير الغذاء لسكانها", "002"), ("تبحث دول الخليج توحيد التعرفة", "145")],
)
def test_a_story_on_a_part_of_the_world_is_not_its_feeds_countrys(
    locate: Locate, body: str, m49: str
) -> None:
    (region,) = locate(body, feed_country="SA")
    assert (region.country, region.m49, region.role, region.by) == (None, m49, "subject", "text")


def test_a_story_that_names_only_a_body_of_the_whole_world_is_its_feeds_countrys(locate: Locate) -> None:
    regions = locate("أوصت منظمة الصحة العالمية بلقاح جديد", feed_country="SA")
    assert [(region.country, region.m49) for region in regions] == [("SA", "145"), (None, "001")]


@pytest.mark.parametrize(
    "body",
    [
        "سافر التجار إلى الخليج بحثا عن العمل",
        "عاد المسافرون من الخليج أمس",
        "ترتفع الحرارة في منطقة الخليج",
    ],
)
def test_the_gulf_is_a_part_of_the_world(locate: Locate, body: str) -> None:
    assert [(region.country, region.m49) for region in locate(body)] == [(None, "145")]


@pytest.mark.parametrize(
    "body",
    [
        "فاز نادي الخليج على ضيفه بهدفين",
        "تعادل الخليج مع ضيفه بهدف لمثله",
        "كتب في صحيفة الخليج مقالا عن القراءة",
        "واصل فريق الخليج تحضيراته للموسم",
        "أعلن بنك الخليج أرباح الربع الثالث",
    ],
)
def test_the_gulf_is_a_club_a_paper_and_a_bank_too(locate: Locate, body: str) -> None:
    assert locate(body) == []


def test_the_kingdom_is_the_feeds_own(locate: Locate) -> None:
    assert _countries(locate("شهدت المملكة نموا في القطاع", feed_country="SA")) == ["SA"]
    assert _countries(locate("شهدت المملكة نموا في القطاع", feed_country="MA")) == ["MA"]


def test_a_story_without_a_place_or_a_setting_has_no_region(locate: Locate) -> None:
    assert locate("افتتح المعرض أمس وسط حضور كبير") == []
    assert locate("") == []


def test_supplied_places_stand_first_and_are_kept(locate: Locate) -> None:
    places = (Place("Kenya", None), Place(None, "ug"), Place("nowhere at all", "ZZ"))
    regions = locate("The talks were held in France.", places=places, language="en")
    assert _countries(regions) == ["KE", "UG", "FR"]
    assert [r.score for r in regions][:2] == [1.0, 1.0]


def test_a_body_of_several_states_is_a_wider_region_and_comes_last(locate: Locate) -> None:
    regions = locate("رحب الاتحاد الأوروبي بقرار تونس")
    assert [(r.country, r.m49) for r in regions] == [("TN", "015"), (None, "150")]


def test_capitals_say_nothing_in_a_headline_that_is_all_capitals(locate: Locate) -> None:
    regions = locate("Brazil sold more coffee.", headline="SALE OF COFFEE BY BANK IN BRAZIL", language="en")
    assert _countries(regions) == ["BR"]


def test_the_same_story_has_the_same_regions_every_time(locate: Locate) -> None:
    body = "التقى وزير الخارجية الإيطالي نظيره الليبي في طرابلس"
    assert locate(body) == locate(body)


def test_scores_lie_between_nought_and_one_and_fall(locate: Locate) -> None:
    regions = locate("قالت مصر إن السودان وإثيوبيا اتفقا. مصر ترحب بالاتفاق مع إثيوبيا", headline="مصر ترحب")
    scores = [r.score for r in regions]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < s <= 1 for s in scores)


def test_an_explanation_names_the_words_in_the_order_of_the_regions(locator: Locator) -> None:
    headline, body = "تونس تفتح مطارا", "قالت الحكومة التونسية إن المطار جاهز"
    story = PlaceInput(
        headline=headline,
        body=body,
        headline_tokens=hashes(headline),
        body_tokens=hashes(body),
        dateline=Dateline("باريس", "باريس", "FR"),
        language="ar",
    )
    reasons = locator.explain(story)
    assert [(r.country, r.words, r.by) for r in reasons] == [
        ("TN", ("تونس", "التونسيه"), "text"),
        ("FR", (), "dateline"),
    ]


@pytest.mark.parametrize(
    ("headline", "body", "countries"),
    [
        ("تونس تفتح مطارا", "قال الوزير التونسي إن مسافرين من اليابان وصلوا", {"TN": True, "JP": False}),
        # A headline is another desk's where the text is reprinted.
        ("تونس تفتح مطارا وتونس ترحب", "قال الوزير إنه جاهز", {"TN": False}),
        ("الوزير يفتح مطارا", "يقع المطار في تونس", {"TN": False}),
        ("الوزير يفتح مطارا", "يقع المطار في تونس وقالت الحكومة التونسية إنه جاهز", {"TN": True}),
        # Which town or kingdom is meant the reader of another paper would read otherwise.
        ("طرابلس تفتح مطارا", "قال الوزير في طرابلس إن المطار جاهز", {"LB": False}),
        ("المملكة تفتح مطارا", "قال الوزير إن المملكة سعيدة", {"LB": False}),
        ("الوزير يفتح مطارا", "قال إنه جاهز", {}),
    ],
)
def test_a_story_is_about_a_country_that_its_own_words_name_twice_and_not_in_the_headline_alone(
    locator: Locator, headline: str, body: str, countries: dict[str, bool]
) -> None:
    story = PlaceInput(headline, body, hashes(headline), hashes(body), feed_country="LB", language="ar")
    assert locator.locate(story).countries == countries


@pytest.mark.parametrize("setting", ["XX", "", "arabia"])
def test_a_feed_setting_that_is_no_country_is_ignored(locate: Locate, setting: str) -> None:
    assert locate("افتتحت وزارة الصحة المعرض وشهدت المملكة احتفالا", feed_country=setting) == []


def test_the_feeds_country_is_not_asked_where_the_supplier_says_where(locate: Locate) -> None:
    places = (Place("Egypt", "EG"),)
    assert _countries(locate("افتتح المعرض أمس", places=places, feed_country="SA")) == ["EG"]


def test_a_feed_setting_may_be_in_small_letters(locate: Locate) -> None:
    assert _countries(locate("افتتح المعرض أمس", feed_country="sa")) == ["SA"]


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Georgia Brown sang two songs.", "en"),
        ("Kathy Ireland sells furniture.", "en"),
        ("Jordan Smith won the contest.", "en"),
        ("لعب عبد الرحمن التركي في الوسط", "ar"),
        ("قال الدكتور الصيني إن العلاج متاح", "ar"),
        ("أصيب في القدم اليمنى", "ar"),
    ],
)
def test_the_names_beside_a_name_make_it_a_persons(locate: Locate, sentence: str, language: str) -> None:
    assert locate(sentence, language=language) == []


def test_a_country_that_is_a_given_name_too_counts_beside_other_evidence(locate: Locate) -> None:
    regions = locate("The Jordan Valley lies dry, said officials in Amman.", language="en")
    assert _countries(regions) == ["JO"]


_AMMAN = Dateline("عمان", "عمان", "JO")


@pytest.mark.parametrize(
    ("body", "agency", "feed_country", "country"),
    [
        ("افتتح الوزير المشروع الجديد", None, None, "JO"),
        ("افتتح الوزير المشروع الجديد", Agency("petra", "Jordan News Agency", "بترا"), None, "JO"),
        ("افتتح الوزير المشروع الجديد", Agency("ona", "Oman News Agency", "العمانية"), None, "OM"),
        ("افتتح الوزير المشروع الجديد", None, "OM", "OM"),
        ("افتتح السلطان هيثم المشروع في مسقط", None, None, "OM"),
        ("افتتح الملك عبدالله الثاني المشروع", None, None, "JO"),
        ("قال مسؤول في عمان إن الحكومة الأردنية وافقت", None, None, "JO"),
    ],
)
def test_a_dateline_of_two_readings_is_settled_by_agency_feed_or_text(
    locate: Locate, body: str, agency: Agency | None, feed_country: str | None, country: str
) -> None:
    regions = locate(body, dateline=_AMMAN, agency=agency, feed_country=feed_country)
    assert _countries(regions) == [country]


def test_a_town_of_two_countries_in_the_dateline_follows_the_text(locate: Locate) -> None:
    tripoli = Dateline("طرابلس", "طرابلس", "LY")
    regions = locate("انتشر الجيش اللبناني بعد اجتماع الحكومة اللبنانية", dateline=tripoli)
    assert _countries(regions) == ["LB"]


def test_oman_and_amman_in_the_text_follow_the_other_names(locate: Locate) -> None:
    assert _countries(locate("وصل الوزير الأردني إلى عمان")) == ["JO"]
    assert _countries(locate("وصل الوفد إلى عمان قادما من مسقط")) == ["OM"]


@pytest.mark.parametrize(
    ("note", "language"),
    [
        ("(Reporting by Jane Roe in Cairo; editing by John Doe in London)", "en"),
        ("(تغطية صحفية فلان الفلاني - مكتب القاهرة)", "ar"),
        ("(إعداد فلان من بيروت للنشرة العربية)", "ar"),
    ],
)
def test_the_desks_closing_note_gives_no_region(locate: Locate, note: str, language: str) -> None:
    regions = locate(f"Tunisia, تونس.\n{note}", language=language)
    assert _countries(regions) == ["TN"]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Georgia, 12, won the contest.", []),
        ("Georgia told her teacher the truth.", []),
        ("Jordan scored 40 points.", []),
        ("Brooklyn, the couple's eldest son, came too.", []),
        ("Georgia told its neighbours the truth.", ["GE"]),
        ("The minister said in Jordan he would stay.", ["JO"]),
        ("Jordan scored a diplomatic victory.", ["JO"]),
        ("In Niger last week soldiers met.", ["NE"]),
    ],
)
def test_what_follows_a_name_at_a_sentences_head_tells_a_person(
    locate: Locate, sentence: str, found: list[str]
) -> None:
    assert _countries(locate(sentence, language="en")) == found
