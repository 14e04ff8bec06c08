"""The codes that settings may name and what people call them, from the tables that the annotator loaded."""

from __future__ import annotations

from stream.annotate import Annotator
from stream.metrics.labels import Names
from stream.routes import Vocabulary


def vocabulary(annotator: Annotator) -> Vocabulary:
    """What routes are checked against."""
    taxonomy = annotator.taxonomy

    def top(code: str) -> str | None:
        digits = code.removeprefix("medtop:")
        qcode = f"medtop:{digits:0<8}" if digits.isdigit() and len(digits) in (2, 8) else ""
        return qcode if qcode in taxonomy.tops else None

    return Vocabulary(
        resolve_topic=top,
        countries=annotator.gazetteer.countries,
        m49=annotator.gazetteer.regions,
        agencies={wire.id for wire in annotator.agencies},
    )


def names(annotator: Annotator) -> Names:
    """English names of the top-level topics and of the M49 sub-regions, for label values."""
    taxonomy, gazetteer = annotator.taxonomy, annotator.gazetteer
    return Names(
        topics={top: taxonomy.name(top) for top in taxonomy.tops},
        regions={code: gazetteer.name(code) for code in map(gazetteer.m49, gazetteer.countries)},
    )
