"""Decisions for people, with what led to them: `wirestream process --explain`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from stream import render
from stream.annotate import Annotator, Draft
from stream.codec import ADVISORY_SCHEMA, from_timestamp_ms
from stream.dedup.explain import explain as explain_decision
from stream.fold import Folded, Further, released
from stream.model import Annotated
from stream.regions.locate import Reason
from stream.settings import Settings
from stream.text.tokens import words
from stream.topics.classify import Explanation

_MOST_WORDS = 6
# Comparing takes time that grows with the square of the length; no reader compares more than some pages.
_COMPARED = 20_000


class Explainer:
    """Explains the decisions of one run, in order. Feed `annotator` to `process`, and each event of it to
    `explain`. Remembers the texts of one dedup window, to show copies beside what they were matched with."""

    def __init__(self, settings: Settings) -> None:
        self.annotator = Annotator(settings, observer=self._note)
        self._reasons: dict[str, _Reasons] = {}
        self._texts = _Texts(settings.dedup.window.total_seconds())

    def explain(self, folded: Folded) -> str:
        """The decision on one story with what comes of it: text of some lines, an empty one at the end.
        Nothing for a story that another shard decides on."""
        before = _told(released(folded.before))
        behind = _told((*folded.further, *released(folded.after)))
        return before + ("" if folded.annotated.notice else self._explained(folded)) + behind

    def release(self, event: Further) -> str:
        """A story that goes out at the end of the input, when its embargo is over."""
        return _told([event])

    def _explained(self, folded: Folded) -> str:
        event = orjson.loads(folded.event)
        matched = self._texts.get(folded.cluster.matched)
        self._texts.add(event)
        waits = [from_timestamp_ms(held.until) for held in folded.held if held.id == event["id"]]
        lines = [
            *render.headline(event),
            *render.source(event, event["source"]["topic"]),
            *_because_of(event, self._reasons.pop(event["id"])),
            *render.life(event),
            *(line for until in waits for line in render.held(until)),
        ]
        body, other = event["body"][:_COMPARED], matched[:_COMPARED] if matched else ""
        decision = explain_decision(body, other, folded.cluster, width=render.WIDTH)
        return f"{render.plain(lines)}{decision}\n\n"

    def _note(self, annotated: Annotated, draft: Draft) -> None:
        where = draft.credit.dateline.text if draft.credit.dateline else ""
        text = [*words(draft.story.headline or ""), *words(where), *words(draft.body)]
        self._reasons[annotated.id] = _Reasons(
            self.annotator.classifier.explain(draft.topic_input(), text),
            self.annotator.locator.explain(draft.place_input()),
        )


def _told(events: Sequence[Further]) -> str:
    """The events beside a story's own."""
    lines: list[render.Line] = []
    for event in (orjson.loads(further.event) for further in events):
        is_advisory = event["schema"] == ADVISORY_SCHEMA
        lines += render.advisory(event) if is_advisory else render.released(event)
    return f"{render.plain(lines)}\n" if lines else ""


class _Reasons(NamedTuple):
    topics: Sequence[Explanation]
    regions: Sequence[Reason]


def _because_of(event: dict[str, Any], reasons: _Reasons) -> list[render.Line]:
    """Topics and regions, a line each, with the words of the story that carried them."""
    lines = []
    for topic, why in zip(event["topics"], reasons.topics, strict=True):
        carried = [word for word, _ in why.words[:_MOST_WORDS]]
        lines += _because("topic", render.topic(topic), carried)
    for region, reason in zip(event["regions"], reasons.regions, strict=True):
        source = "as supplied" if reason.by == "supplied" else f"by the {reason.by}"
        said = reason.words[:_MOST_WORDS] or [source]
        lines += _because("region", render.region(region), said)
    return lines


def _because(label: str, what: str, carried: Sequence[str]) -> list[render.Line]:
    because = f": {', '.join(map(render.among_latin, carried))}" if carried else ""
    return render.labelled(label, [f"{what}{because}"])


class _Texts:
    """Bodies of the last `window` seconds of event time, by story id."""

    def __init__(self, window: float) -> None:
        self._window = window
        self._bodies: dict[str, tuple[float, str]] = {}

    def get(self, identity: str | None) -> str | None:
        found = self._bodies.get(identity) if identity else None
        return found[1] if found else None

    def add(self, event: dict[str, Any]) -> None:
        time = datetime.fromisoformat(event["published_at"] or event["received_at"]).timestamp()
        self._bodies[event["id"]] = (time, event["body"])
        while len(self._bodies) > 1:
            oldest = next(iter(self._bodies))
            if self._bodies[oldest][0] >= time - self._window:
                break
            del self._bodies[oldest]
