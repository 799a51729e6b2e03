"""A notice is given after what it tells of, and before that by which it is given."""

from __future__ import annotations

import json

from reconciler.kinds import registry
from reconciler.model.change import Change, Create, Delete
from reconciler.model.plan import Plan
from reconciler.model.resource import AnyResource, Observation, Snapshot
from reconciler.plan.build import build
from reconciler.plan.diff import Difference
from tests.estate import ANALYTICS, CENTRAL, bank, wave_of


def central(kind: str, part: str) -> AnyResource:
    """What the example wants of a kind in its central account, by a part of its name."""
    wanted = registry()[kind].desired(bank())
    return next(each for each in wanted if each.address.placement.account == CENTRAL and part in each.address.name)


GRANT = central(
    "grant", f"SELECT on tables of {CENTRAL} where product=credit-profile AND sensitivity=internal to {ANALYTICS}"
)
BUS = central("event-bus", "meshform-bank")


def waves(*changes: Change) -> tuple[Plan, list[int]]:
    """The plan of changes, and in which wave each of them is, and then the notice that they make necessary."""
    plan = build(Difference(changes, ()), Observation(Snapshot()), bank(), registry())
    by = {address.kind: wave for address, wave in wave_of(plan).items()}
    return plan, [*(by[change.address.kind] for change in changes), by["notice"]]


def test_what_was_given_and_what_was_taken_is_told_once_it_is_done() -> None:
    for change in (Create(GRANT), Delete(GRANT)):
        _, (grant, notice) = waves(change)
        assert grant < notice


def test_a_bus_that_comes_is_there_before_a_notice_and_one_that_goes_stays_until_then() -> None:
    _, (grant, comes, notice) = waves(Create(GRANT), Create(BUS))
    assert max(grant, comes) < notice
    _, (grant, goes, notice) = waves(Delete(GRANT), Delete(BUS))
    assert grant < notice < goes


def test_a_notice_as_it_is_sent_names_its_run_and_product() -> None:
    plan, _ = waves(Create(GRANT))
    (step,) = (each for each in plan.steps if each.address.kind == "notice")
    (sent,) = registry()["notice"].sent_in("some-run", step.calls)
    assert json.loads(sent.params["Entries"][0]["Detail"])["id"] == "some-run/credit-profile"
