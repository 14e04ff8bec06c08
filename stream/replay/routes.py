"""The routes of the settings, as a replay follows them: each to a topic of the replay's own."""

from __future__ import annotations

from dataclasses import replace

from stream.annotate import Annotator
from stream.replay.scope import Scope
from stream.routes import Route, compile_routes
from stream.settings import Settings
from stream.topology import Topology
from stream.vocabulary import vocabulary


def replay_routes(settings: Settings, scope: Scope) -> tuple[Route, ...]:
    """Raises SettingsError as `compile_routes` and `Annotator` do, routes or not: whoever calls this before a
    replay is begun knows that the processes that annotate for it will start."""
    topology = scope.topology(settings)
    reserved = set(Topology(settings).reserved())
    routes = compile_routes(settings.routes, vocabulary(Annotator(settings)), reserved)
    return tuple(replace(route, topic_name=topology.route(route.topic_name)) for route in routes)
