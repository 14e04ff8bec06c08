from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest

from stream.topics.corpus import Example
from stream.topics.material import NO_NEWS, TOPS, Material, gather, seeds

SECTIONS = {"a-1": "sport", "a-2": "economy", "a-3": "world", "a-4": "sport", "a-5": "sport"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder laid out as the development data, with a few stories in it."""
    data = tmp_path_factory.mktemp("data")
    for name in ("saudinews", "topics/masakhanews_eng", "topics/masakhanews_fra", "regions", "vocab"):
        (data / name).mkdir(parents=True)
    outlet = [
        {
            "id": i,
            "source": "one" if i < "a-4" else "two",
            "category": s,
            "title": "عنوان",
            "text": "خبر قصير",
        }
        for i, s in SECTIONS.items()
    ]
    _lines(data / "topics" / "ant_v21_skynews_bbc_cnn.jsonl.gz", outlet)
    for empty in ("saudinews/july", "topics/ant_v11", "regions/reuters21578_train"):
        _lines(data / f"{empty}.jsonl.gz", [])
    for name in ("lgl", "GWN"):
        (data / "regions" / f"{name}.xml").write_text("<articles/>")
    for folder in ("masakhanews_eng", "masakhanews_fra"):
        table = "category\theadline\ttext\n" + 3 * "health\tA vaccine\tDoctors vaccinate\n"
        table += "technology\tA robot\tEngineers build\n"
        (data / "topics" / folder / "dev.tsv").write_text(table)
    concept = {"qcode": "medtop:20000822", "top": "medtop:15000000", "retired": False}
    concept |= {"name": {"en-GB": "competition"}, "definition": {"en-GB": "A contest"}}
    (data / "vocab" / "mediatopics.json").write_bytes(orjson.dumps([concept]))
    (data / "gold_topics_regions.jsonl").write_bytes(orjson.dumps({"id": "a-4", "topics": ["15"]}))
    (data / "topics_train.tsv").write_text("id\ttops\na-1\t15,04\n")
    (data / "topics_dev.tsv").write_text("id\ttops\na-5\t15\n")
    (data / "topics_dev_en.tsv").write_text("id\ttops\n")
    return data


def _lines(path: Path, rows: list[dict[str, str]]) -> None:
    with gzip.open(path, "wb") as file:
        file.writelines(orjson.dumps(row) + b"\n" for row in rows)


def targets(material: Material) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row, top, weight in material.targets:
        found.setdefault(material.examples[row].id, {})[top] = weight
    return found


def stories(material: Material) -> list[Example]:
    return [example for example in material.examples if example.id in SECTIONS]


def test_what_reading_says_counts_before_the_section(folder: Path) -> None:
    found = targets(gather(folder, folder))
    assert found["a-1"] == {"15": 0.65, "04": 0.35}
    assert set(found["a-2"]) == {"04"}
    assert "a-3" not in found


def test_gold_and_development_sets_are_not_even_read(folder: Path) -> None:
    assert [story.id for story in stories(gather(folder, folder))] == ["a-1", "a-2", "a-3"]


def test_an_outlet_can_be_left_out(folder: Path) -> None:
    assert stories(gather(folder, folder, without="one")) == []


def test_texts_that_are_no_news_speak_for_no_top(folder: Path) -> None:
    material = gather(folder, folder)
    none = [example for example in material.examples if example.source == "none"]
    assert none
    assert all(targets(material)[example.id].keys() == {NO_NEWS} for example in none)


def test_the_same_data_gives_the_same_material(folder: Path) -> None:
    assert gather(folder, folder) == gather(folder, folder)


def test_a_label_of_few_stories_counts_as_much_as_the_average_label(folder: Path) -> None:
    found = targets(gather(folder, folder))
    common, rare = found["masakha-fr-dev-0"]["07"], found["masakha-fr-dev-3"]["13"]
    assert rare == pytest.approx(2 * common)


def test_every_top_has_seed_words() -> None:
    assert all(len(seeds()[top]) > 20 for top in TOPS)
