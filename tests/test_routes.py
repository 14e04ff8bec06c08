import pytest

from stream.errors import SettingsError
from stream.model import Facets
from stream.routes import Vocabulary, compile_routes, targets
from stream.settings import RouteFilter, RouteSettings

VOCABULARY = Vocabulary(
    resolve_topic={"16": "medtop:16000000", "medtop:15000000": "medtop:15000000"}.get,
    countries={"MA", "SA"},
    m49={"002", "015"},
    agencies={"dpa", "spa"},
)
STORY = Facets("okaz", "dpa", "ar", ("medtop:16000000",), ("MA",), ("015", "002"))


def route(name: str = "wire.x", **where: list[str]) -> RouteSettings:
    return RouteSettings(topic_name=name, where=RouteFilter.model_validate(where))


def matching(*routes: RouteSettings, story: Facets = STORY, role: str = "original") -> list[str]:
    return targets(compile_routes(routes, VOCABULARY, {"wire.stories"}), story, role)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "where",
    [
        {},
        {"topics": ["16"]},
        {"countries": ["SA", "MA"]},
        {"m49": ["002"]},
        {"agencies": ["dpa"]},
        {"languages": ["ar"]},
        {"languages": ["ar-SA"]},
        {"feeds": ["okaz"]},
        {"roles": ["original", "update"]},
        {"countries": ["MA"], "agencies": ["dpa"], "roles": ["original"]},
    ],
)
def test_an_event_goes_to_a_route_whose_conditions_all_hold(where: dict[str, list[str]]) -> None:
    assert matching(route(**where)) == ["wire.x"]


@pytest.mark.parametrize(
    "where",
    [
        {"topics": ["medtop:15000000"]},
        {"countries": ["SA"]},
        {"agencies": ["spa"]},
        {"languages": ["en"]},
        {"feeds": ["other"]},
        {"roles": ["copy"]},
        {"countries": ["MA"], "agencies": ["spa"]},
    ],
)
def test_one_condition_that_does_not_hold_keeps_the_event_out(where: dict[str, list[str]]) -> None:
    assert matching(route(**where)) == []


def test_a_story_without_an_agency_matches_no_agency_condition() -> None:
    story = Facets("okaz", None, "ar", (), (), ())
    assert matching(route(agencies=["dpa"]), story=story) == []


def test_a_topic_that_two_matching_routes_name_gets_the_event_once() -> None:
    assert matching(route(countries=["MA"]), route(topics=["16"]), route("wire.y")) == ["wire.x", "wire.y"]


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ({"topics": ["99"]}, "99"),
        ({"countries": ["XX"]}, "XX"),
        ({"m49": ["777"]}, "777"),
        ({"agencies": ["tass2"]}, "tass2"),
        ({"languages": ["arbic"]}, "arbic"),
    ],
)
def test_an_unknown_code_is_refused_with_the_route_and_the_code(
    where: dict[str, list[str]], code: str
) -> None:
    with pytest.raises(SettingsError, match=rf"routes\[0\] \(wire\.x\).*{code}"):
        matching(route(**where))


def test_a_route_cannot_take_a_topic_of_the_service() -> None:
    with pytest.raises(SettingsError, match="the service itself uses this topic"):
        matching(route("wire.stories"))
