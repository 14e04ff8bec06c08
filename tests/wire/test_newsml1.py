from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stream.errors import Reason, Rejected
from stream.model import Place, Story, Subject
from stream.wire.detect import parse
from tests.wire.conftest import record

Read = Callable[..., Story]
Refuse = Callable[..., Rejected]

TEXT = "<ContentItem><DataContent>The council voted to rebuild the dyke.</DataContent></ContentItem>"


def item(
    components: str = f"<NewsComponent>{TEXT}</NewsComponent>", management: str = "", identity: str = ""
) -> str:
    return (
        f"<NewsML><NewsItem><Identification>{identity}</Identification><NewsManagement>{management}"
        f"</NewsManagement>{components}</NewsItem></NewsML>"
    )


def test_translations_are_stories_of_their_own_and_pictures_are_none() -> None:
    sample = (Path(__file__).parent / "samples" / "newsml-1" / "two-languages.xml").read_bytes()
    french, english = parse(record(sample))
    assert french == Story(
        format="newsml-1",
        uri="urn:newsml:apn.example:20260513:digue-1#1",
        version="2",
        headline="La digue sera reconstruite",
        body="Le conseil a voté mardi la reconstruction de la digue.\n\nLes travaux commencent dimanche.",
        provider="APN",
        language="fr",
        published_at=datetime(2026, 5, 13, 8, 0, tzinfo=UTC),
        byline="Anne Morel",
        dateline="Saint-Alban, 13 mai 2026 (APN) -",
        located="Saint-Alban",
        sections=("digue", "tempête"),
        subjects=(Subject("subj", "06000000", "environnement"),),
        places=(Place(None, "FR"),),
        slugline="digue",
        urgency=2,
        signals=("sig:update",),
        embargoed_until=datetime(2026, 5, 13, 12, 0, tzinfo=UTC),
        rights="NO ARCHIVE",
    )
    assert (english.item, english.uri) == (1, "urn:newsml:apn.example:20260513:digue-1#2")
    assert (english.language, english.headline, english.slugline) == (
        "en",
        "Dyke to be rebuilt",
        "digue-vote",
    )
    assert english.body == "The council voted on Tuesday to rebuild the dyke.\n\nWork starts on Sunday."


@pytest.mark.parametrize(
    ("identity", "uri", "version"),
    [
        ("<PublicIdentifier>urn:newsml:a:2026:x:y:7</PublicIdentifier>", "urn:newsml:a:2026:x:y", "7"),
        ("<PublicIdentifier>urn:newsml:a:20260513:x:7U</PublicIdentifier>", "urn:newsml:a:20260513:x", "7"),
        ("<ProviderId>a</ProviderId><DateId>20260513</DateId><NewsItemId>x</NewsItemId><RevisionId>3</RevisionId>"
         "<PublicIdentifier>urn:newsml:a</PublicIdentifier>", "urn:newsml:a:20260513:x", "3"),
        ("<ProviderId>a</ProviderId>", None, None),
    ],
)  # fmt: skip
def test_identity_holds_through_the_revisions(
    identity: str, uri: str | None, version: str | None, read: Read
) -> None:
    story = read(item(identity=f"<NewsIdentifier>{identity}</NewsIdentifier>"))
    assert (story.uri, story.version) == (uri, version)


@pytest.mark.parametrize(
    ("management", "status"),
    [
        ('<Status FormalName="USABLE"/>', "usable"),
        ("<Status>Usable</Status>", "usable"),
        ('<Status FormalName="Open"/>', "usable"),
        ('<Status FormalName="Canceled"/>', "canceled"),
        ('<Status FormalName=" withheld "/>', "withheld"),
        ('<Status FormalName="Embargoed"/>', "withheld"),
    ],
)
def test_statuses_are_read_as_suppliers_write_them(management: str, status: str, read: Read) -> None:
    assert read(item(management=management)).pubstatus == status


def test_a_cancelled_item_needs_no_text(read: Read) -> None:
    story = read(item("", '<Status FormalName="Canceled"/>'))
    assert (story.pubstatus, story.body) == ("canceled", "")


@pytest.mark.parametrize(
    ("component", "reason"),
    [
        ("<ContentItem Href='a.jpg'><MediaType FormalName='Photo'/></ContentItem>", Reason.NOT_TEXT),
        (f"<Role FormalName='Caption'/>{TEXT}", Reason.NOT_TEXT),
        (
            "<ContentItem><MimeType FormalName='text/css'/><DataContent>p {}</DataContent></ContentItem>",
            Reason.NOT_TEXT,
        ),
        ("<NewsLines><HeadLine>A picture</HeadLine></NewsLines><ContentItem Href='a.mp4'/>", Reason.NOT_TEXT),
        ("<ContentItem><DataContent> \u200b </DataContent></ContentItem>", Reason.NO_STORY),
    ],
)
def test_items_without_a_text_are_refused(component: str, reason: Reason, refuse: Refuse) -> None:
    assert refuse(item(f"<NewsComponent>{component}</NewsComponent>")).reason is reason


def test_a_flash_is_its_headline(read: Read) -> None:
    lines = "<NewsLines><HeadLine>Dyke broken</HeadLine></NewsLines><ContentItem><DataContent/></ContentItem>"
    assert read(item(f"<NewsComponent>{lines}</NewsComponent>")).body == "Dyke broken"


def test_equivalents_stand_for_one_another(read: Read) -> None:
    text = TEXT.replace("dyke", "dyke and the road")
    alternatives = f"<NewsComponent>{TEXT}</NewsComponent><NewsComponent>{text}</NewsComponent>"
    both = read(item(f"<NewsComponent>{alternatives}</NewsComponent>"))
    one = read(item(f'<NewsComponent EquivalentsList="yes">{alternatives}</NewsComponent>'))
    assert both.body.count("council") == 2
    assert one.body == "The council voted to rebuild the dyke and the road."


def test_windows_1256_is_read(read: Read) -> None:
    arabic = "قرر المجلس إعادة بناء السد الذي انهار في العاصفة"
    text = item(
        f"<NewsComponent>{TEXT.replace('The council voted to rebuild the dyke.', arabic)}</NewsComponent>"
    )
    assert read(f'<?xml version="1.0" encoding="windows-1256"?>{text}'.encode("windows-1256")).body == arabic
