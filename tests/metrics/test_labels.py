from stream.metrics.labels import Bounded


def test_values_past_the_bound_are_other_and_no_value_is_none() -> None:
    bounded = Bounded(most=2)
    assert [bounded(value) for value in ("a", "b", "c", "a", None)] == ["a", "b", "other", "a", "none"]
