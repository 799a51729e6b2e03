"""What is healed: only what a policy names, only what somebody else did, and no quarrel."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from reconciler.drift.causes import key
from reconciler.drift.deviations import deviations
from reconciler.drift.healing import TIMES, completes, gives_back, healable, is_own, quarrels, rounds
from reconciler.kinds import registry
from reconciler.kinds.iam.permissions_due import given_to
from reconciler.model.change import Create, Delete, Update
from reconciler.model.lakeformation import Grant, OnTable
from reconciler.model.last_change import LastChange
from reconciler.model.plan import Plan, Step
from reconciler.model.resource import Snapshot
from reconciler.plan.compile import compile_mesh
from tests.drift.test_causes import NOON, call, granting
from tests.estate import ANALYTICS, CENTRAL, Estate, bank, variant
from tests.grants import atom
from tests.kinds.iam.test_permissions_due import ROLE, apply_only, delete_role

OWN = f"arn:aws:sts::{CENTRAL}:assumed-role/OrganizationAccountAccessRole/meshform-42"
TRUST = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{CENTRAL}:root"}, "Action": "sts:AssumeRole"}
OTHER = f"arn:aws:sts::{CENTRAL}:assumed-role/OrganizationAccountAccessRole/terraform"


def by(arn: str, minutes: int) -> object:
    who = {"type": "AssumedRole", "arn": arn}
    return call("GrantPermissions", minutes, requestParameters=granting(), userIdentity=who, eventID=str(minutes))


def test_a_session_of_ours_is_told_from_others_of_the_same_role() -> None:
    assert is_own(OWN, bank())
    assert not is_own(OTHER, bank())
    assert not is_own("glue.amazonaws.com", bank())


@given(st.lists(st.booleans(), max_size=12), st.randoms(use_true_random=False))
def test_a_round_is_anothers_change_after_ours_whatever_the_order_of_events(own: list[bool], random: object) -> None:
    calls = [by(OWN if each else OTHER, minutes) for minutes, each in enumerate(own)]
    expected = sum(own[n] and not own[n + 1] for n in range(len(own) - 1))
    random.shuffle(calls)  # type: ignore[attr-defined]
    assert rounds([*calls, *calls], bank(), NOON) == expected  # type: ignore[list-item]


def test_the_third_round_is_a_quarrel_and_old_ones_are_forgotten() -> None:
    calls = [by(OWN if number % 2 == 0 else OTHER, number) for number in range(2 * TIMES)]
    assert quarrels({"x": calls, "y": calls[2:]}, bank(), NOON) == {"x": TIMES}  # type: ignore[dict-item]
    assert quarrels({"x": calls}, bank(), NOON + timedelta(days=30)) == {}  # type: ignore[dict-item]


def test_a_right_of_the_role_that_works_is_given_back_whoever_gave_it_and_nothing_else_of_ours_is() -> None:
    """AWS gives it to the maker of a table: healing that was killed in between has it, by its own doing."""
    mesh = variant(("mesh.yaml", "limits:", "drift: {heal: {kinds: [table, grant]}}\nlimits:"))
    table = OnTable(CENTRAL, "credit-card", "credit_card")
    own, other = (
        atom(Grant(f"arn:aws:iam::{CENTRAL}:role/{name}", table, "SELECT"))
        for name in ("OrganizationAccountAccessRole", "data-mesh-steward")
    )
    account = atom(Grant(ANALYTICS, table, "SELECT"))
    changes = [Delete(own), Create(own), Delete(other), Delete(account)]
    assert [gives_back(each, mesh) for each in changes] == [True, False, False, False]
    plan = Plan((tuple(Step(each, ()) for each in (Delete(own), Delete(other))),))
    assert healable(plan, Snapshot(), (), {}, (), mesh).expected.keys() == {str(own.address)}
    only_tables = variant(("mesh.yaml", "limits:", "drift: {heal: {kinds: [table]}}\nlimits:"))
    assert not healable(plan, Snapshot(), (), {}, (), only_tables).expected, "mesh.yaml does not name it"


def test_a_role_that_was_only_half_made_is_completed_whoever_did_that() -> None:
    """And nothing else of a role that nobody else has changed: documents may ask for it, which nobody has applied."""
    mesh = variant(("mesh.yaml", "limits:", "drift: {heal: {kinds: [iam-role]}}\nlimits:"))
    (role,) = (each for each in compile_mesh(bank(), registry()).of_kind("iam-role") if each.address == ROLE)

    def was(**fields: str) -> Update:
        return Update(replace(role, spec=replace(role.spec, **fields)), role)

    changes = [
        was(policy=""),
        was(policy="{}"),
        was(policy="", trust="{}"),
        was(trust="{}"),
        Create(role),
        Delete(role),
    ]
    assert [completes(each) for each in changes] == [True, False, False, False, False, False]
    for change, expected in zip(changes, [{str(ROLE)}, set(), set(), set(), set(), set()], strict=True):
        assert healable(Plan(((Step(change, ()),),)), Snapshot(), (), {}, (), mesh).expected.keys() == expected


def test_a_role_is_set_back_though_what_a_run_left_due_may_not_be_given(built: Estate) -> None:
    """Who trusts it is one thing, what it may read another: without `grant` only the second one waits."""
    delete_role(built)
    apply_only(built, "iam-role")
    built.client("iam", ANALYTICS).update_assume_role_policy(
        RoleName=ROLE.name,
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [TRUST]}),
    )
    plan, found = built.plan(), built.look().found
    hand = {key(each): LastChange(OTHER, NOON) for each in deviations(plan) if each.address == ROLE}
    every = {str(step.address) for step in plan.steps}
    for kinds, healed, left in (
        ("[iam-role]", {str(ROLE)}, {given_to(ROLE): {"grant"}}),
        ("[grant]", set(), {given_to(ROLE): {"iam-role"}}),
        ("[iam-role, grant]", every, {}),
        ("[table]", set(), {}),
    ):
        mesh = variant(("mesh.yaml", "limits:", f"drift: {{heal: {{kinds: {kinds}}}}}\nlimits:"))
        may = healable(plan, found, deviations(plan), hand, (), mesh)
        assert (may.expected.keys(), may.left) == (healed, left), kinds
