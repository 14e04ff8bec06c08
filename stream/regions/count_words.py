"""Count the words of real text, so that the build can tell names from words:
`python -m stream.regions.count_words [--data DIR] [--output FILE]`.

One line a word. Arabic script: the word, how often it stands, how often right after a noun that announces
a place (`مدينة`, `محافظة` …), what `stream.regions.learn_contexts` and `stream.regions.learn_persons` learned
of it, and whether it is a given name. Latin script: the
word, how often it is written in lower case inside a sentence, how often with a capital there, how often
with a capital right after a title or given name. Rare words are left out: what is seen a handful of times
proves nothing.
"""

from __future__ import annotations

import argparse
import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson

from stream.development import DATA
from stream.regions.arabic_forms import is_arabic
from stream.regions.learn_contexts import learn, read_corpus
from stream.regions.learn_persons import given_names, learn_persons
from stream.regions.phrases import EDGE, RARE, SOURCES, word_set
from stream.text.tokens import words

_LEAST_ARABIC = 6
_LEAST_LATIN = 3


def texts(data: Path) -> Iterator[str]:
    for name in (
        "saudinews/july.jsonl.gz",
        "topics/ant_v21_skynews_bbc_cnn.jsonl.gz",
        "topics/ant_v11.jsonl.gz",
        "regions/reuters21578_train.jsonl.gz",
    ):
        with gzip.open(data / name) as lines:
            for line in lines:
                yield str(orjson.loads(line).get("text") or "")
    for folder in ("masakhanews_eng", "masakhanews_fra"):
        for path in sorted((data / "topics" / folder).glob("dev.tsv")):
            with path.open(encoding="utf-8", newline="") as lines:
                for row in csv.DictReader(lines, delimiter="\t"):
                    yield row.get("text") or ""


def count(data: Path) -> Iterator[tuple[str, ...]]:
    arabic: Counter[str] = Counter()
    announced: Counter[str] = Counter()
    arabic_texts: list[list[str]] = []
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    titled: Counter[str] = Counter()
    nouns = word_set(SOURCES / "place_nouns.txt")
    titles = {
        word.lower()
        for line in (SOURCES / "first_names.txt").read_text("utf-8").splitlines()
        if line[0] != "#" and not is_arabic(line)
        for word in line.split()
    }
    for text in texts(data):
        pieces = text.split()
        if pieces and is_arabic(pieces[len(pieces) // 2]):
            before = ""
            arabic_texts.append(words(text))
            for word in arabic_texts[-1]:
                if is_arabic(word):
                    arabic[word] += 1
                    if before in nouns:
                        announced[word] += 1
                before = word
            continue
        before = "."
        for piece in pieces:
            bare = piece.strip("\"'(),.;:!?<>-“”‘’")
            bare = bare[:-2] if bare.endswith(("'s", "’s")) else bare
            if bare.isalpha() and before[-1] not in '.!?:"-“':
                if bare.islower():
                    lower[bare] += 1
                elif bare.istitle():
                    capital[bare.lower()] += 1
                    if before.strip(".").lower() in titles:
                        titled[bare.lower()] += 1
            before = piece
    often = sorted(word for word, seen in arabic.items() if seen >= _LEAST_ARABIC)
    given = given_names(arabic_texts, arabic)
    corpus = read_corpus(arabic_texts, often)
    places, persons = learn(corpus), learn_persons(corpus, given)
    for word in (EDGE, RARE, *often):
        learned = (*places[word], *persons[word], int(word in given))
        yield word, str(arabic[word]), str(announced[word]), *map(str, learned)
    for word in sorted(lower.keys() | titled.keys()):
        if lower[word] >= _LEAST_LATIN or titled[word] >= _LEAST_LATIN:
            yield word, str(lower[word]), str(capital[word]), str(titled[word])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--output", type=Path, default=SOURCES / "words.tsv.gz")
    options = parser.parse_args()
    with (
        options.output.open("wb") as file,
        gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0) as out,
    ):
        for row in count(options.data):
            out.write(("\t".join(row) + "\n").encode())


if __name__ == "__main__":
    main()
