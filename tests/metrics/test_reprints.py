from stream.metrics.reprints import FirstReprints
from stream.model import Cluster, Role


def cluster(number: int, role: Role) -> Cluster:
    return Cluster(id=f"{number:032x}", role=role, original=f"{number:032x}")


def test_the_first_copy_of_a_story_is_measured_and_no_later_one() -> None:
    reprints = FirstReprints()
    assert reprints.see(cluster(1, "original"), 0, "dpa") is None
    assert reprints.see(cluster(1, "update"), 30_000, "dpa") is None
    assert reprints.see(cluster(1, "copy"), 90_000, "none") == ("dpa", 90.0)
    assert reprints.see(cluster(1, "copy"), 100_000, "none") is None


def test_a_reprint_that_came_before_the_agencys_own_copy_counts_by_the_earlier_text() -> None:
    reprints = FirstReprints()
    reprints.see(cluster(1, "original"), 90_000, "none")
    assert reprints.see(cluster(1, "copy"), 0, "dpa") == ("dpa", 90.0)


def test_a_story_from_before_the_take_over_is_not_measured() -> None:
    assert FirstReprints().see(cluster(1, "copy"), 90_000, "none") is None


def test_the_oldest_stories_are_given_up_when_there_are_too_many() -> None:
    reprints = FirstReprints(most=2)
    for number in (1, 2, 3):
        reprints.see(cluster(number, "original"), 0, "dpa")
    measured = [reprints.see(cluster(number, "copy"), 1000, "none") for number in (1, 2, 3)]
    assert measured == [None, ("dpa", 1.0), ("dpa", 1.0)]
