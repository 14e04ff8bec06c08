"""Build the compact taxonomy: `python -m stream.topics.build [--data DIR] [--output FILE]`.

Reads the vocabulary file of IPTC Media Topics (a list of concepts with labels, definitions and the links
to the older subject codes) and keeps what the service needs: the tree, the labels, and two maps. One maps
each retired concept to its replacement, the other each subject code to the concept that took it over.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from stream.development import DATA

Concept = dict[str, Any]

OUTPUT = Path(__file__).parents[1] / "data" / "taxonomy" / "mediatopics.json"
# The vocabulary's own language keys, where they are not what BCP 47 calls the language.
_LANGUAGES = {"dk": "da", "se": "sv", "no-NB": "nb", "no-NN": "nn", "pt-PT": "pt"}
# A variant is stored only where it differs from the language that it falls back to.
_FALLBACKS = {"en-US": "en-GB", "pt-BR": "pt", "nn": "nb"}


def labels(concept: Concept) -> dict[str, str]:
    """The labels of a concept by BCP 47 tag, variants only where they differ."""
    named = {_LANGUAGES.get(key, key): text.strip() for key, text in concept["name"].items()}
    return {tag: text for tag, text in named.items() if text != named.get(_FALLBACKS.get(tag, ""))}


def replacements(concepts: Iterable[Concept]) -> Iterator[tuple[str, str]]:
    """Each retired concept with the active one that stands for it: the one that bears the same English
    name, else the same Wikidata item, else its nearest active ancestor.

    The vocabulary names no successors, so the ancestor is the most that can be said of the others.
    """
    by_qcode = {concept["qcode"]: concept for concept in concepts}
    active = [concept for concept in by_qcode.values() if not concept["retired"]]
    by_name = {concept["name"]["en-GB"].casefold(): concept["qcode"] for concept in active}
    by_item = {concept["wikidata"]: concept["qcode"] for concept in active if concept["wikidata"]}
    for concept in by_qcode.values():
        if not concept["retired"]:
            continue
        successor = by_name.get(concept["name"]["en-GB"].casefold()) or by_item.get(concept["wikidata"])
        ancestor = concept
        while successor is None and ancestor["broader"]:
            ancestor = by_qcode[ancestor["broader"]]
            successor = None if ancestor["retired"] else ancestor["qcode"]
        yield concept["qcode"], successor or concept["top"]


def compact(concepts: list[Concept]) -> dict[str, Any]:
    """The taxonomy as the service loads it: codes without their scheme, parents before children."""
    retired = {_code(old): _code(new) for old, new in replacements(concepts)}
    subjects: dict[str, str] = {}
    for concept in sorted(concepts, key=lambda concept: (bool(concept["retired"]), concept["qcode"])):
        if concept["subjectcode"]:
            code = _code(concept["qcode"])
            subjects.setdefault(concept["subjectcode"].rsplit("/", 1)[1], retired.get(code, code))
    active = sorted((c for c in concepts if not c["retired"]), key=lambda c: (c["level"], c["qcode"]))
    return {
        "title": "IPTC Media Topics",
        "attribution": "IPTC NewsCodes, © International Press Telecommunications Council, CC BY 4.0, "
        "https://creativecommons.org/licenses/by/4.0/; definitions left out, successors of retired "
        "concepts derived",
        "source": "http://cv.iptc.org/newscodes/mediatopic/",
        "version": "2025-03-31",
        "concepts": [
            [_code(c["qcode"]), _code(c["broader"]) if c["broader"] else "", labels(c)] for c in active
        ],
        "retired": dict(sorted(retired.items())),
        "subjectcodes": dict(sorted(subjects.items())),
    }


def _code(qcode: str) -> str:
    return qcode.removeprefix("medtop:")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m stream.topics.build", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder that holds vocab/mediatopics.json")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()
    concepts = orjson.loads((options.data / "vocab" / "mediatopics.json").read_bytes())
    table = compact(concepts)
    options.output.write_bytes(orjson.dumps(table, option=orjson.OPT_APPEND_NEWLINE))
    print(f"{len(table['concepts'])} concepts, {len(table['retired'])} retired: {options.output}")


if __name__ == "__main__":
    main()
