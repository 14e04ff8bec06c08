"""How much of what the parsers take. Every number carries its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one document. Past the first six it is rejected; headlines and lists are cut."""

    # The longest wire features and chronologies stay under 100 kB; half a megabyte is a dump, not a story.
    document_bytes: int = 512 * 1024
    # Pages carry scripts and menus many times the size of their text: of 1,032 saved pages of news sites
    # five are over one megabyte, none over two.
    page_bytes: int = 2 * 1024 * 1024
    # Bounds the time that one page can take. Half of those pages have under 1,400 tags, the richest 19,629;
    # this many paragraphs without a story in them take about half a second.
    page_tags: int = 20_000
    # One XML document may carry many stories: a feed of two hundred full texts, a message with all its items.
    xml_bytes: int = 2 * 1024 * 1024
    # Bounds the memory that its tree takes (about 150 bytes an element), escaped mark-up counted along: two
    # hundred full texts of sixty paragraphs have half as many.
    xml_tags: int = 50_000
    # What may remain as text after the markup is gone: a page of 900 kB of words is no story either.
    story_chars: int = 256 * 1024
    # A headline is a sentence; what is longer is a paragraph in the wrong field. Twice the longest seen
    # in practice (summary headlines of state agencies run to about 250 characters).
    headline_chars: int = 500
    # Supplied lists (subjects, places) are read up to this many entries; rich items carry about 60.
    entries: int = 200
    # Stories of one document: of a feed the first ones, a spooled line with more is rejected. Feeds hold 10
    # to 100 items; a line carries some hundreds of messages in the hours that one file is spooled.
    items: int = 1000
    # No story was wired before this year, so an older date is a fault of the producer's clock or software.
    earliest_year: int = 1900
    # Advance copy is dated ahead by days, seldom weeks. Event time drives the window of the index, so a
    # date in the far future would empty it.
    days_ahead: int = 366
