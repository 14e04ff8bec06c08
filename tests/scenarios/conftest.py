from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from stream.kafka.broker import Broker
from tests.scenarios.faults import Result, Trial
from tests.scenarios.installation import Installation, installed

# The property of a test's report that holds its result: reports come back from processes that run tests.
_FAULTS = "faults"


@pytest.fixture
def installation(broker: Broker, tmp_path: Path) -> Iterator[Installation]:
    """A fresh installation with its topics made and no worker started."""
    with installed(broker.bootstrap, tmp_path) as installation:
        yield installation


@pytest.fixture
def trial(request: pytest.FixtureRequest, seed: int) -> Trial:
    """A fault scenario of the size that the command line asks for."""
    option = request.config.getoption
    plugin = request.config.pluginmanager.get_plugin

    def report(result: Result) -> None:
        request.node.user_properties.append((_FAULTS, asdict(result)))
        if option("--soak"):
            # An hour's run that is cut off shall have told what it found.
            with plugin("capturemanager").global_and_fixture_disabled():
                plugin("terminalreporter").write_line(f"\n{_line(result)}")

    return Trial(
        name=request.node.name,
        stories=option("--fault-stories"),
        kills=option("--fault-kills"),
        seconds=option("--fault-seconds"),
        seed=seed,
        report=report,
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "trial" in metafunc.fixturenames:
        rounds = metafunc.config.getoption("--fault-rounds")
        metafunc.parametrize("seed", range(1, rounds + 1), ids=lambda seed: f"seed{seed}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    found = [dict(report.user_properties).get(_FAULTS) for report in reports if report.when == "call"]
    results = [Result(**result) for result in found if result]
    if not results:
        return
    terminalreporter.section("faults: readers of committed records saw")
    for result in results:
        terminalreporter.write_line(_line(result))
    terminalreporter.write_line(_total(results))


def _line(r: Result) -> str:
    figures = f"{r.stories:>9,} stories {r.faults:>3} faults {r.lost} lost {r.doubled} doubled"
    return f"{figures} {r.seconds:6.0f} s  {r.name}"


def _total(results: Sequence[Result]) -> str:
    stories, faults = sum(r.stories for r in results), sum(r.faults for r in results)
    lost, doubled = sum(r.lost for r in results), sum(r.doubled for r in results)
    return f"{stories:>9,} stories {faults:>3} faults {lost} lost {doubled} doubled in all"
