"""The simulated AWS that a module's tests share: `estate` is empty, `built` is as the example mesh wants it."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from reconciler.sandbox import Sandbox, sandbox
from tests.estate import Estate

# readline tells the processes that pytest starts of a terminal with 80 columns; output of tests goes into no terminal.
for name in ("COLUMNS", "LINES"):
    os.environ.pop(name, None)

# The same examples on every machine, and no verdict on how fast the machine is.
settings.register_profile("meshform", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("meshform")

# What the modules of tests have loaded is looked through by no collection: it is most of what there is.
gc.set_threshold(100_000, 20, 20)


def pytest_collection_finish() -> None:
    gc.freeze()


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    """One sandbox in process for all tests of a module."""
    with sandbox() as aws:
        yield aws


@pytest.fixture(scope="module")
def shared(world: Sandbox) -> Estate:
    """The estate of a module; tests take `estate` or `built`."""
    return Estate(world)


@pytest.fixture
def estate(shared: Estate) -> Estate:
    """Empty accounts."""
    shared.empty()
    return shared


@pytest.fixture
def built(shared: Estate) -> Iterator[Estate]:
    """Accounts as the example mesh wants them. What a test leaves behind is not seen by the next one."""
    shared.built()
    yield shared
    shared.settled()
