"""Fixtures for pytest. They are plain fixtures, so any plugin for async tests will do (pytest-asyncio, anyio).

| fixture | scope | what |
| --- | --- | --- |
| `sim_server` | session | the local Discord's process; starts bots that live for several tests |
| `sim` | function | this test's fresh guild and channel |
| `actors` | function | its people: `actors.robin`, `actors.mika`, ... |
| `expect` | function | awaiting what the bot does |
| `clock` | function | freezing and moving world time |
| `faults` | function | breaking things on purpose |
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .clock import Clock
from .expect import Expect
from .faults import Faults
from .people import Actors
from .server import Server
from .world import Sim


@pytest.fixture(scope="session")
def sim_server() -> Iterator[Server]:
    """The local Discord's process: `cogwright sim` from COGWRIGHT_BIN or PATH, on a free port."""
    with Server.start() as server:
        yield server


@pytest.fixture
def sim(sim_server: Server) -> Iterator[Sim]:
    """A fresh world, or a fresh guild where a bot lives longer than a test; its bots end with it."""
    longer = list(sim_server.bots)
    yield Sim(sim_server)
    for bot in [bot for bot in sim_server.bots if bot not in longer]:
        bot.stop()


@pytest.fixture
def actors(sim: Sim) -> Actors:
    """The people of this test."""
    return sim.actors


@pytest.fixture
def expect(sim: Sim) -> Expect:
    """Awaiting what the bot does."""
    return sim.expect


@pytest.fixture
def clock(sim: Sim) -> Clock:
    """World time."""
    return sim.clock


@pytest.fixture
def faults(sim: Sim) -> Faults:
    """Breaking things on purpose."""
    return sim.faults


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failed test shows what happened in the local Discord, unless its own text has said so."""
    outcome: Any = yield
    report = outcome.get_result()
    sim = getattr(item, "funcargs", {}).get("sim")
    if not (report.failed and call.when == "call" and isinstance(sim, Sim)):
        return
    try:
        story = sim.story_blocking()
    except Exception as error:  # The report of a failure must not become one.
        story = f"(it cannot say: {error})\n" + sim.server.program.report("The local Discord:")
    told = str(call.excinfo.value) if call.excinfo else ""
    if "What came since the test began:" not in told:
        report.sections.append(("the local Discord", story))
