"""What a mesh has made goes as a whole; what it uses, what was there before, data and settings stay."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.kinds import registry
from reconciler.kinds.common.owner import UNMARKED
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.table import Table
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.model.address import Address
from reconciler.model.change import Change, Delete, Update
from reconciler.model.plan import Foreign, Plan
from reconciler.model.resource import AnyResource, Gap, Observation, Resource, Snapshot
from reconciler.plan.teardown import Kept, teardown
from tests.estate import CENTRAL, bank, placement
from tests.plan.test_gates import unmarked, wanted
from tests.plan.test_scope import ASKED, NAMES, Asked, OwnedKind
from tests.plan.toys import Toy, address, toy

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


class StuckKind(OwnedKind):
    """Of nine nothing is the mesh's; one (`o!`) cannot go while a part of others is on it."""

    def has_nothing_managed(self, have: Resource[Toy]) -> bool:
        return have.spec.value == 9

    def blocked(self, change: Change, foreign: Iterable[Foreign]) -> str | None:
        is_stuck = isinstance(change, Delete) and change.have.address.name == "o!" and change.have.spec.value == 3
        return "it is stuck" if is_stuck else None


MANY = st.dictionaries(NAMES, st.sampled_from([1, 2, 3, 9]))


@settings(max_examples=60)
@given(ASKED, MANY, st.sets(NAMES))
def test_what_is_the_meshs_alone_goes_and_whatever_stays_is_told_why(
    asked: Asked, there: dict[str, int], adopted: set[str]
) -> None:
    wanted = Snapshot(
        replace(toy(name, value), mode="external" if used else "managed") for name, (value, used) in asked.items()
    )
    found = Observation(Snapshot(toy(name, value) for name, value in there.items()))
    plan, kept = teardown(bank(), wanted, map(address, adopted), found, {"toy": StuckKind()})
    stays: dict[str, str] = {}
    for name, value in there.items():
        if name not in asked:
            stays |= {"k": {name: "it is kept"}, "t": {name: "it is told"}}.get(name[0], {})
        elif asked[name][1]:
            stays[name] = "it was there before the mesh, which only uses it"
        elif name[0] in "mu":
            stays[name] = {"m": "it belongs to the mesh other", "u": f"it {UNMARKED.words}"}[
                name[0]
            ] + ", and is only used"
        elif name in adopted:
            stays[name] = "it was there before the mesh and was adopted"
        if name in asked and name[0] == "k":
            stays[name] = "it is kept"
        if name == "o!" and name in asked and value == 3:
            stays[name] = "a right of others"
        if name[0] == "o" and name not in asked and name in adopted:
            stays[name] = "it was there before the mesh and was adopted"
    assert {each.address.name: each.why for each in kept} == stays
    mine = {name for name, value in there.items() if value != 9 and (name in asked or name[0] == "o")}
    goes = {step.address.name for step in plan.steps if isinstance(step.change, Delete)}
    held = {each.address.name: each.reason for each in plan.held}
    assert held == ({"o!": "it is stuck"} if "o!" in mine - stays.keys() and there["o!"] == 3 else {})
    assert goes == mine - stays.keys() - held.keys()


def test_parts_of_others_keep_nothing_that_goes_without_them() -> None:
    """A statement in a bucket's policy stays alone; a role goes only when its last policy is gone."""

    def shared(each: AnyResource) -> AnyResource:
        match each.spec:
            case BucketPolicy():
                return replace(each, spec=replace(each.spec, others=('{"Effect":"Deny","Sid":"theirs"}',)))
            case Role():
                return replace(each, spec=replace(each.spec, added_rights=(("a policy of theirs", "x"),)))
        return each

    plan, kept = taken_down(shared)
    policies, roles = ({each.address for each in WANTED.of(sort)} for sort in (BucketPolicy, Role))
    assert policies <= deleted(plan)
    for step in plan.steps:
        if step.address in policies:
            (call,) = step.calls
            assert json.loads(str(call.params["Policy"]))["Statement"] == [{"Effect": "Deny", "Sid": "theirs"}]
    assert roles.isdisjoint(deleted(plan))
    assert {kept[each] for each in roles} == {"a policy of theirs"}


def test_of_what_was_adopted_and_is_gone_nothing_is_told() -> None:
    table = next(each for each in WANTED.of(Table))
    gone = table.address._replace(name="credit-card.other")
    assert gone not in taken_down(adopted=[gone])[1]
