"""What a mesh has made goes as a whole; what it uses, what was there before, data and settings stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from reconciler.kinds import registry
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.model.address import Address
from reconciler.model.change import Delete, Update
from reconciler.model.plan import Plan
from reconciler.model.resource import AnyResource, Gap, Observation, Snapshot
from reconciler.plan.teardown import Kept, teardown
from tests.estate import CENTRAL, bank, placement
from tests.plan.test_gates import unmarked, wanted

WANTED = wanted()
SETTINGS = {each.address for each in WANTED.of(LakeSettings)}


def taken_down(
    change: Callable[[AnyResource], AnyResource] = lambda each: each,
    wants: Callable[[AnyResource], AnyResource] = lambda each: each,
    adopted: Iterable[Address] = (),
    gaps: tuple[Gap, ...] = (),
) -> tuple[Plan, dict[Address, str]]:
    """The example taken down where AWS has it, changed; and what of it stays."""
    found = Observation(Snapshot(map(change, WANTED.values())), gaps)
    plan, kept = teardown(bank(), Snapshot(map(wants, WANTED.values())), adopted, found, registry())
    assert kept == tuple(sorted(kept, key=lambda each: each.address))
    assert all(isinstance(each, Kept) for each in kept)
    return plan, {each.address: each.why for each in kept}


def deleted(plan: Plan) -> set[Address]:
    return {step.address for step in plan.steps if isinstance(step.change, Delete)}


def test_all_of_it_goes_but_settings_and_data() -> None:
    plan, kept = taken_down()
    assert deleted(plan) | kept.keys() >= set(WANTED)
    assert deleted(plan).isdisjoint(kept)
    assert {address for address, why in kept.items() if why == "an account keeps its settings"} == SETTINGS
    assert deleted(plan) >= {each.address for each in WANTED.of(Table)}
    for step in plan.steps:
        if isinstance(step.change, Update):
            own = WANTED[step.address].spec.own_roles
            assert step.address in SETTINGS
            assert own
            assert {arn for arn in step.change.have.spec.admins if own in arn}
            assert step.change.want.spec.admins == {arn for arn in step.change.have.spec.admins if own not in arn}
    central = next(each for each in SETTINGS if each.placement.account == CENTRAL)
    assert central in {step.address for step in plan.steps}


def test_settings_that_are_only_used_lose_nothing_but_what_no_role_of_the_mesh_is() -> None:
    plan, _ = taken_down(
        wants=lambda each: replace(each, mode="external") if isinstance(each.spec, LakeSettings) else each
    )
    assert not [step for step in plan.steps if isinstance(step.change, Update)]


def test_what_is_used_stays_and_is_told_why() -> None:
    used = {each.address for each in WANTED.of(Table)}
    plan, kept = taken_down(wants=lambda each: replace(each, mode="external") if each.address in used else each)
    assert deleted(plan).isdisjoint(used)
    assert {kept[each] for each in used} == {"it was there before the mesh, which only uses it"}


def test_what_others_made_stays_and_is_told_whose_it_is() -> None:
    plan, kept = taken_down(unmarked)
    databases = {each.address for each in WANTED.of(Database)}
    assert deleted(plan).isdisjoint(databases)
    assert all("was not made by a mesh" in kept[each] or "used as it is" in kept[each] for each in databases)


def test_what_was_adopted_stays_unless_what_it_is_on_goes() -> None:
    plan, kept = taken_down(adopted=list(WANTED))
    assert not deleted(plan)
    tables = {each.address for each in WANTED.of(Table)}
    assert {kept[each] for each in tables} == {"it was there before the mesh and was adopted"}
    table = next(each for each in WANTED.of(Table) if each.spec.table == "fund_price")
    plan, kept = taken_down(adopted=[table.address])
    assert table.address not in deleted(plan)
    assert kept[table.address] == f"it was adopted, and goes with database {table.spec.database}"


def test_what_was_not_seen_as_a_whole_is_held() -> None:
    gap = Gap("table", placement(CENTRAL), "denied")
    plan, _ = taken_down(gaps=(gap,))
    tables = {each.address for each in WANTED.of(Table)}
    assert deleted(plan).isdisjoint(tables)
    assert {item.reason for item in plan.held if item.address in tables} == {"not seen as a whole: denied"}
