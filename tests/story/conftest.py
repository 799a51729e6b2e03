"""Every story is told where AWS takes its time: a new role or administrator is known elsewhere ten seconds later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.sandbox import Sandbox, sandbox
from tests.delay import SECONDS, Delay
from tests.estate import Estate, Kept
from tests.signed_in import signed_in

DELAY = Delay()
"""One for all modules: what the accounts of one module say of a time has to hold in the next."""
KEPT: dict[str, Kept] = {}
"""The accounts of `world`, which are the same in each module."""


@pytest.fixture(scope="module")
def delay() -> Iterator[Delay]:
    with pytest.MonkeyPatch.context() as patch:
        DELAY.rule(patch)
        yield DELAY


@pytest.fixture(scope="module")
def world(delay: Delay) -> Iterator[Sandbox]:
    with sandbox(propagation_ms=SECONDS * 1000) as aws, signed_in(aws):
        yield aws


@pytest.fixture(scope="module")
def shared(world: Sandbox, delay: Delay) -> Estate:
    """People come later: by then everything is known."""
    estate = Estate(world, KEPT)
    estate.people_come = delay.over
    return estate
