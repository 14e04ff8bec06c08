"""Annotate: from records to stories that know their language, author, topics, regions and sketch.

Pure: no Kafka, no clock. The worker's *annotate* agent and `wirestream process` run this same code. All
tables are loaded at construction (about a second), nothing afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from stream import __version__
from stream.codec import STORY_SCHEMA, encode, story_id, trace_headers
from stream.credit import referred
from stream.credit.agencies import Agencies
from stream.credit.find import Credit, CreditFinder
from stream.credit.markers import read as read_markers
from stream.dedup.card import make_card, make_sketches
from stream.dedup.sketch import Sketch
from stream.errors import Reason, Rejected, SettingsError
from stream.faults import NOT_OF_THE_RECORD, Fault
from stream.lifecycle.life import Life
from stream.model import Annotated, Facets, Lifecycle, Record, Region, Story, Topic
from stream.regions.gazetteer import Gazetteer
from stream.regions.locate import Locator, PlaceInput
from stream.settings import FeedSettings, Settings
from stream.sizes import EVENT_BYTES
from stream.text.language import detect as detect_language
from stream.text.language import primary
from stream.text.lexicon import Lexicon
from stream.text.tokens import Reading, hashes, read
from stream.topics.classify import Classifier, TopicInput
from stream.topics.taxonomy import Taxonomy
from stream.wire.detect import Limits, parse

# Feeds without a name of their own still need one: it is part of a story's identity.
UNKNOWN_FEED = "unknown"
# What notes that are about another item say of themselves.
_REFERRING = frozenset(("kill", "hold", "correction"))
# It stands in every event, its headers and the metrics.
_FEED_CHARACTERS = 200
_NO_WORDS: Final = read("")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one record: its stories in document order, or why there are none."""

    record: Record
    stories: tuple[Annotated, ...] = ()
    rejected: Rejected | None = None


@dataclass(slots=True)
class Draft:
    """A story while it is annotated: what was read so far, and the inputs of what is asked next."""

    story: Story
    record: Record
    feed: str
    options: FeedSettings
    language: str | None
    credit: Credit
    lifecycle: Lifecycle
    life: Life
    own_agency: str | None
    body: str
    """The copy between its head and tail credit, for matching only."""

    headline_words: Reading = _NO_WORDS
    body_words: Reading = _NO_WORDS
    """Those of `body`. Words are read for a batch at once."""

    def topic_input(self) -> TopicInput:
        tokens = self.body_words.tokens
        if self.credit.dateline is not None:
            # The body starts behind the dateline, whose place is a word like others to the topics.
            tokens = np.concatenate([hashes(self.credit.dateline.text), tokens])
        return TopicInput(
            headline_tokens=self.headline_words.tokens,
            body_tokens=tokens,
            sections=self.story.sections,
            subjects=self.story.subjects,
            language=self.language,
        )

    def place_input(self) -> PlaceInput:
        return PlaceInput(
            headline=self.story.headline or "",
            body=self.body,
            headline_tokens=self.headline_words.tokens,
            body_tokens=self.body_words.tokens,
            dateline=self.credit.dateline,
            places=self.story.places,
            feed_country=self.options.country,
            agency=self.credit.agency,
            language=self.language,
            shapes=(self.headline_words.shapes, self.body_words.shapes),
        )


class Annotator:
    """The stage with its tables. Stateless between calls but for memos. Raises SettingsError for a feed whose
    agency, country or language is in no table.

    `observer` is called with every story that was annotated and what was known of it on the way, for
    those who explain.
    """

    def __init__(
        self, settings: Settings, *, observer: Callable[[Annotated, Draft], None] | None = None
    ) -> None:
        self._observer = observer
        self._feeds = settings.feeds
        self._default = FeedSettings()
        self._limits = Limits(
            document_bytes=settings.limits.story_bytes, items=settings.limits.document_stories
        )
        self.agencies = Agencies.load()
        self.taxonomy = Taxonomy.load()
        self.gazetteer = Gazetteer.load()
        for name, feed in settings.feeds.items():
            self._check(f"feeds.{name}", feed)
        self._lexicon = Lexicon()
        self._credits = CreditFinder(self.agencies, self.gazetteer.country_of)
        self.locator = Locator(self.gazetteer)
        self.classifier = Classifier.load(self.taxonomy)
        self._pipeline = {
            "software": f"wirestream {__version__}",
            "topics": self.classifier.version,
            "regions": self.gazetteer.version,
        }

    def _check(self, path: str, feed: FeedSettings) -> None:
        """Raises SettingsError for a code that no table has: it would silently say nothing of the feed."""
        if feed.agency and self.agencies.of_feed(feed.agency) is None:
            raise SettingsError(f"{path}.agency: no agency is called {feed.agency!r}")
        if feed.country and feed.country not in self.gazetteer.countries:
            raise SettingsError(
                f"{path}.country: {feed.country!r} is no ISO 3166 alpha-2 country, such as SA"
            )
        if feed.language and primary(feed.language) is None:
            raise SettingsError(
                f"{path}.language: {feed.language!r} is no BCP 47 language, such as ar or pt-BR"
            )

    def annotate(self, records: Sequence[Record], *, feed: str | None = None) -> list[Outcome]:
        """One outcome a record, in order. `feed` names the feed of records that carry no `feed` header.

        Raises nothing for any input: a record that cannot become a story has an outcome that says why, and
        so has one over which this program itself raises, which is found by taking them one by one.
        """
        try:
            return self._annotate(records, feed)
        except NOT_OF_THE_RECORD:
            raise
        except Exception:  # noqa: BLE001 - which record it was is found out here
            return [self._alone(record, feed) for record in records]

    def _alone(self, record: Record, feed: str | None) -> Outcome:
        try:
            [outcome] = self._annotate([record], feed)
        except NOT_OF_THE_RECORD:
            raise
        except Exception as error:  # noqa: BLE001 - kept in the outcome
            return Outcome(record, rejected=Fault.of(error))
        return outcome

    def _annotate(self, records: Sequence[Record], feed: str | None) -> list[Outcome]:
        parsed: list[list[Draft] | Rejected] = []
        for record in records:
            try:
                parsed.append(self._read(record, feed))
            except Rejected as rejected:
                parsed.append(rejected)
        drafts = [draft for result in parsed if isinstance(result, list) for draft in result]
        texts = [text for draft in drafts for text in (draft.story.headline or "", draft.body)]
        readings = iter(self._lexicon.read(texts))
        for draft in drafts:
            draft.headline_words, draft.body_words = next(readings), next(readings)
        topics = self.classifier.classify_batch([draft.topic_input() for draft in drafts])
        sketches = make_sketches([(draft.body_words.tokens, draft.body) for draft in drafts])
        outcomes = []
        cursor = 0
        for record, result in zip(records, parsed, strict=True):
            if isinstance(result, Rejected):
                outcomes.append(Outcome(record, rejected=result))
                continue
            mine = slice(cursor, cursor + len(result))
            cursor += len(result)
            try:
                stories = tuple(map(self._finish, result, topics[mine], sketches[mine]))
            except Rejected as rejected:
                outcomes.append(Outcome(record, rejected=rejected))
            else:
                outcomes.append(Outcome(record, stories))
        return outcomes

    def _read(self, record: Record, default_feed: str | None) -> list[Draft]:
        named = record.header("feed") or default_feed
        charset = self._feeds[named].charset if named in self._feeds else None
        stories = parse(record, charset=charset, limits=self._limits)
        return [
            self._draft(story, record, _feed_name(named or story.provider or UNKNOWN_FEED))
            for story in stories
        ]

    def _draft(self, story: Story, record: Record, feed: str) -> Draft:
        options = self._feeds.get(feed, self._default)
        language = detect_language(story.body, story.language or options.language)
        # A feed is an agency's own by its settings, or by its name (`dpa`, `spa.gov.sa`).
        wire = self.agencies.of_feed(options.agency or feed)
        own_agency = wire.id if wire is not None else None
        credit = self._credits.find(story, feed_agency=own_agency)
        lifecycle, bare = read_markers(story)
        about = None if _REFERRING.isdisjoint(lifecycle.signal) else referred.read(story)
        return Draft(
            story=story,
            record=record,
            feed=feed,
            options=options,
            language=language,
            credit=credit,
            lifecycle=lifecycle,
            life=Life.of(
                story,
                lifecycle,
                about,
                (story.headline or "") if bare is None else bare,
                copy=(credit.start, credit.end),
                feed=feed,
                wire=own_agency,
                own=options.kind == "agency" or own_agency is not None,
            ),
            own_agency=own_agency,
            body=story.body[credit.start : credit.end],
        )

    def _finish(self, draft: Draft, topics: list[Topic], sketch: Sketch) -> Annotated:
        story, record, credit = draft.story, draft.record, draft.credit
        regions, named = self.locator.locate(draft.place_input())
        identity = story_id(draft.feed, story, record.value or b"")
        agency = credit.agency.id if credit.agency else None
        countries = tuple(region.country for region in regions if region.country)
        card = make_card(
            id=identity,
            event_time=story.published_at or record.timestamp,
            received_at=record.timestamp,
            headline=story.headline or "",
            body=draft.body,
            tokens=draft.body_words.tokens,
            headline_tokens=draft.headline_words.tokens,
            feed=draft.feed,
            scope=draft.own_agency,
            own=draft.options.kind == "agency" or draft.own_agency is not None,
            uri=story.uri,
            version=story.version or (f"{story.revised_at:%Y%m%d%H%M%S%f}" if story.revised_at else None),
            pubstatus=story.pubstatus,
            countries=named,
            sketch=sketch,
        ).to_bytes()
        life = draft.life.to_bytes()
        event = encode(self._event(draft, identity, topics, regions, record.timestamp))
        size = len(event) + len(card) + len(life)
        if size > EVENT_BYTES:
            raise Rejected(
                Reason.TOO_LARGE, f"the event would take {size:,} bytes, at most {EVENT_BYTES:,} fit"
            )
        facets = Facets(
            feed=draft.feed,
            agency=agency,
            language=draft.language,
            tops=tuple(dict.fromkeys(self.taxonomy.top(topic.qcode) for topic in topics)),
            countries=countries,
            m49=self._m49(regions),
        )
        annotated = Annotated(
            identity, record.origin, record.timestamp, event, card, facets, trace_headers(record), life
        )
        if self._observer is not None:
            self._observer(annotated, draft)
        return annotated

    def _m49(self, regions: Sequence[Region]) -> tuple[str, ...]:
        codes: dict[str, None] = {}
        for region in regions:
            codes.update(dict.fromkeys(self.gazetteer.m49_path(region.m49)))
        return tuple(codes)

    def _event(
        self,
        draft: Draft,
        identity: str,
        topics: Sequence[Topic],
        regions: Sequence[Region],
        received_at: datetime,
    ) -> dict[str, object]:
        story, credit = draft.story, draft.credit
        return {
            "schema": STORY_SCHEMA,
            "id": identity,
            "uri": story.uri,
            "version": story.version,
            "pubstatus": story.pubstatus,
            "feed": draft.feed,
            "format": story.format,
            "source": {
                "topic": draft.record.origin.topic_name,
                "partition": draft.record.origin.partition,
                "offset": draft.record.origin.offset,
            },
            "language": draft.language,
            "headline": story.headline,
            "body": story.body,
            "published_at": story.published_at,
            "received_at": received_at,
            "agency": credit.agency,
            "dateline": credit.dateline,
            "topics": topics,
            "regions": regions,
            "lifecycle": draft.lifecycle,
            "rights": story.rights,
            "pipeline": self._pipeline,
        }


def _feed_name(name: str) -> str:
    if len(name) > _FEED_CHARACTERS:
        raise Rejected(
            Reason.MALFORMED, f"the name of its feed has {len(name)} characters, at most {_FEED_CHARACTERS}"
        )
    return name
