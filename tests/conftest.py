"""The simulated AWS that a module's tests share: `estate` is empty, `built` is as the example mesh wants it."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

from reconciler import garbage
from reconciler.aws import apply, reading_pool, trail
from reconciler.aws.crew import Alone
from reconciler.kinds.common import concurrent_map
from reconciler.sandbox import Sandbox, sandbox
from tests import botocore_once, moto_once
from tests.estate import Estate, Kept
from tests.reading_once import read_once
from tests.signed_in import signed_in
from tests.writes import tell_writes_apart

# readline tells the processes that pytest starts of a terminal with 80 columns; output of tests goes into no terminal.
for name in ("COLUMNS", "LINES"):
    os.environ.pop(name, None)

# The same examples on every machine, and no verdict on how fast the machine is.
settings.register_profile("meshform", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("meshform")
# And the same whatever other tests run: it would also take constants from every module that is loaded by then.
providers._get_local_constants = providers.Constants

botocore_once.make_once()
moto_once.make_once()
read_once()
tell_writes_apart()

# What the modules of tests have loaded is looked through by no collection: it is most of what there is. Nor does a
# command that runs in this process make it look more often, or keep what it made for ever.
garbage.YOUNG, garbage.MANY = 1_000_000, sys.maxsize
gc.set_threshold(garbage.YOUNG, 20, 20)


def pytest_collection_finish() -> None:
    gc.freeze()


LONG = (
    "story/test_closed_by_hand.py",
    "story/test_let_in_as_printed.py",
    "access/test_trusts.py",
    "life/test_approvals.py",
    "kinds/test_laws.py",
    "importing/test_random_estates.py",
    "access/test_shifting.py",
    "story/test_catalog_in_a_browser.py",
    "plan/test_changed.py",
    "spec/test_every_field.py",
    "story/test_no_gap.py",
    "cli/test_commands.py",
    "doctor/test_trial_run.py",
    "doctor/test_examine.py",
    "story/test_main_law.py",
    "spec/language/test_examples.py",
    "story/test_suspension.py",
    "kinds/test_left_out.py",
    "kinds/ram/test_offered_again.py",
    "life/test_life.py",
    "life/test_ends.py",
    "bootstrap/test_template.py",
    "budget/test_calls.py",
    "spec/test_wildcards.py",
    "life/test_schedules.py",
    "cli/test_drift.py",
    "access/test_agreement.py",
    "importing/test_unseen.py",
    "story/test_documented.py",
    "access/test_laws.py",
    "story/test_two_regions.py",
    "story/test_furnished_estate.py",
    "story/test_made_by_commands.py",
    "story/test_day_one.py",
    "kinds/lakeformation/test_grant_reader.py",
    "story/test_principals.py",
    "story/test_notices.py",
    "story/test_left_as_it_was.py",
    "story/test_removal.py",
    "story/test_drift_and_repair.py",
    "story/test_two_meshes.py",
)
"""The files that take longest: they come first, while there is other work for the other worker."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {f"tests/{path}": place for place, path in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


@pytest.fixture(autouse=True)
def lookups_without_waiting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulated AWS has no quota of two lookups a second. tests/aws/test_trail.py holds the pace."""
    if not request.node.nodeid.startswith("tests/aws/test_trail.py"):
        monkeypatch.setattr(trail, "SECONDS", 0)


THREADED = ("tests/aws/", "tests/budget/", "tests/kinds/common/test_concurrent_map.py")
"""What tells of many threads."""

WRITTEN_SIDE_BY_SIDE = ("tests/campaigns/", "tests/life/", "tests/story/test_day_one.py", "tests/story/test_no_gap.py")
"""What tells of writes of one run that are under way together."""


@pytest.fixture(scope="module", autouse=True)
def without_threads(request: pytest.FixtureRequest) -> Iterator[None]:
    """The simulated AWS answers one call at a time: threads that ask it would only take turns, and that costs."""
    with pytest.MonkeyPatch.context() as patch:
        if not request.node.nodeid.startswith(THREADED):
            patch.setattr(reading_pool, "ThreadPoolExecutor", lambda *_, **__: Alone())
            patch.setattr(concurrent_map, "threads", lambda _: Alone())
            if not request.node.nodeid.startswith(WRITTEN_SIDE_BY_SIDE):
                patch.setattr(apply, "writing_pools", lambda: nullcontext((Alone(), Alone())))
        yield


SIGNING_IN = ("tests/aws/",)
"""What tells of how a run signs in."""


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """One sandbox in process for all tests of a module."""
    with sandbox() as aws, nullcontext() if request.node.nodeid.startswith(SIGNING_IN) else signed_in(aws):
        yield aws


KEPT: dict[str, Kept] = {}
"""The accounts of `world`, which are the same in each module."""


@pytest.fixture(scope="module")
def shared(world: Sandbox) -> Estate:
    """The estate of a module; tests take `estate` or `built`."""
    return Estate(world, KEPT)


@pytest.fixture
def estate(shared: Estate) -> Estate:
    """Empty accounts."""
    shared.empty()
    return shared


@pytest.fixture
def built(shared: Estate) -> Estate:
    """Accounts as the example mesh wants them. What a test leaves behind is not seen by the next one."""
    shared.built()
    return shared
