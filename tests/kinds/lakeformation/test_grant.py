"""Grants are atoms: what is the same is never touched, what is added comes before what is taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import addresses
from reconciler.kinds.common.ownership import Ownership
from reconciler.kinds.lakeformation import grant_targets
from reconciler.kinds.lakeformation.grant import GrantKind
from reconciler.kinds.lakeformation.grant_lists import joined
from reconciler.kinds.territory import ownership_of
from reconciler.model.lakeformation import (
    ALL_TABLES,
    Grant,
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression,
)
from reconciler.model.resource import Resource, Snapshot
from tests.estate import ANALYTICS, CENTRAL, Estate, actions, bank, placement, specs

KIND = GrantKind()
HERE = placement(CENTRAL)
WHO = f"arn:aws:iam::{CENTRAL}:role/who"
COLUMNS = st.lists(st.sampled_from("abcdef"), min_size=1, unique=True).map(sorted).map(tuple)


def ownership() -> Ownership:
    return ownership_of(bank(), Snapshot([*specs("database").values(), *specs("location").values()]), Snapshot())


def on_columns(columns: tuple[str, ...], *, grantable: bool = False, excluded: bool = False) -> Resource[Grant]:
    grant = Grant(WHO, OnColumns(CENTRAL, "d", "t", columns, excluded), "SELECT", grantable)
    return Resource(addresses.grant(HERE, grant), grant)


@given(COLUMNS, COLUMNS)
def test_changed_columns_are_right_whether_aws_keeps_lists_apart_or_as_one(
    old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    calls = KIND.update(on_columns(old), on_columns(new))
    apart, as_one = {frozenset(old)}, set(old)
    for number, call in enumerate(calls):
        named = frozenset(call.params["Resource"]["TableWithColumns"]["ColumnNames"])
        if call.operation == "GrantPermissions":
            apart, as_one = apart | {named}, as_one | named
        else:
            assert number > 0, "what is new comes first"
            apart, as_one = apart - {named}, as_one - named
        assert set(old) & set(new) <= frozenset().union(*apart), "nobody loses what he keeps"
    assert frozenset().union(*apart) == set(new)
    assert as_one == set(new)
    assert (calls == ()) == (old == new)


@given(COLUMNS, COLUMNS)
def test_rows_of_one_atom_open_together_what_each_opens(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    both = joined(on_columns(one).spec, on_columns(other).spec)
    assert both == joined(on_columns(other).spec, on_columns(one).spec)
    assert isinstance(both.target, OnColumns)
    assert set(both.target.columns) == set(one) | set(other)
    shut = joined(on_columns(one, excluded=True).spec, on_columns(other, excluded=True).spec)
    assert isinstance(shut.target, OnColumns)
    assert set(shut.target.columns) == set(one) & set(other)


TABLE = OnTable(CENTRAL, "d", "t")


@pytest.mark.parametrize(
    ("one", "other", "refused"),
    [
        (TABLE, OnColumns(CENTRAL, "d", "t", ("a",)), True),
        (OnColumns(CENTRAL, "d", "t", ("a",)), TABLE, True),
        (OnColumns(CENTRAL, "d", "t", ("a",)), OnColumns(CENTRAL, "d", "t", ("a",), True), True),
        (TABLE, TABLE, False),
        (TABLE, OnColumns(CENTRAL, "d", "other", ("a",)), False),
        (TABLE, OnColumns("9", "d", "t", ("a",)), False),
        (OnDatabase(CENTRAL, "d"), OnColumns(CENTRAL, "d", "t", ("a",)), False),
        (OnFilter(CENTRAL, "d", "t", "f"), OnColumns(CENTRAL, "d", "t", ("a",)), False),
    ],
)
def test_columns_of_a_table_are_refused_beside_the_table(one: Target, other: Target, refused: bool) -> None:
    assert grant_targets.collide(one, other) == refused


@pytest.mark.parametrize(
    ("target", "inside"),
    [
        (OnDatabase(CENTRAL, "credit-card"), True),
        (OnTable(CENTRAL, "credit-card", ALL_TABLES), True),
        (OnColumns(CENTRAL, "credit-card", "credit_card", ("age",)), True),
        (OnFilter(CENTRAL, "credit-card", "credit_card", "f"), True),
        (OnDatabase(CENTRAL, "theirs"), False),
        (OnDatabase(ANALYTICS, "rl_credit-card"), True),
        (OnDatabase(ANALYTICS, "credit-card"), False),
        (OnDatabase(ANALYTICS, "rl_theirs"), False),
        (OnTag(CENTRAL, "sensitivity", "internal"), True),
        (OnTag(ANALYTICS, "sensitivity", "internal"), False),
        (OnTag(CENTRAL, "theirs", "x"), False),
        (OnTagPolicy(CENTRAL, "TABLE", expression({"sensitivity": ["public"], "theirs": ["x"]})), True),
        (OnTagPolicy(CENTRAL, "TABLE", expression({"theirs": ["x"]})), False),
        (OnLocation(CENTRAL, "arn:aws:s3:::bank-consumer-banking-222222222222-eu-west-1/credit_card"), True),
        (OnLocation(CENTRAL, "arn:aws:s3:::bank-consumer-banking-222222222222-eu-west-10"), False),
        (OnLocation(CENTRAL, "arn:aws:s3:::theirs"), False),
        (OnCatalog(CENTRAL), False),
    ],
)
def test_the_territory_is_what_a_grant_is_on(target: Target, inside: bool) -> None:
    assert grant_targets.is_inside(placement(target.catalog), target, ownership()) == inside
    grant = Grant(WHO, target, "DESCRIBE")
    assert KIND.owner(Resource(addresses.grant(HERE, grant), grant), ownership()).is_ours == inside


def test_rights_of_the_reconciler_as_creator_are_not_drift() -> None:
    own = f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole"
    grant = Grant(own, OnTag(CENTRAL, "sensitivity", "internal"), "ALTER", True)
    owner = KIND.owner(Resource(addresses.grant(HERE, grant), grant), ownership())
    assert not owner.is_ours
    assert not owner.note


def test_where_the_territory_only_reports_a_hand_made_grant_is_shown(built: Estate) -> None:
    from tests.estate import variant

    lenient = variant(("mesh.yaml", "undeclaredGrants: revoke", "undeclaredGrants: report"))
    who = f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"
    built.client("lakeformation").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": who},
        Resource={"Table": {"DatabaseName": "credit-card", "Name": "credit_card"}},
        Permissions=["DESCRIBE"],
    )
    plan = built.plan(lenient)
    assert plan.is_empty
    (other,) = plan.foreign
    assert other.reason.startswith("a grant that no document asks for (last changed by ")
    assert actions(built.plan()) == {f"delete grant DESCRIBE on table {CENTRAL}:credit-card.credit_card to {who}"}
    built.repair()


def test_what_an_account_passes_on_waits_for_what_it_received_and_accepted() -> None:
    name = "SELECT on tables of 111111111111 where product=credit-profile AND sensitivity=internal to arn:"
    (want,) = [
        each
        for key, each in specs("grant").items()
        if key.startswith(name) and each.address.placement == placement(ANALYTICS)
    ]
    needed = {(need.kind, need.placement.account) for need in KIND.needs(want)}
    assert {("ram-acceptance", ANALYTICS), ("grant", CENTRAL), ("iam-role", ANALYTICS)} <= needed


def test_the_grant_option_alone_can_be_taken_back() -> None:
    have, want = on_columns(("a",), grantable=True), on_columns(("a",))
    (call,) = KIND.update(have, want)
    assert call.operation == "RevokePermissions"
    assert call.params["Permissions"] == []
    assert call.params["PermissionsWithGrantOption"] == ["SELECT"]


def test_a_condition_is_part_of_the_atom() -> None:
    plain = on_columns(("a",)).spec
    assert addresses.grant(HERE, plain) != addresses.grant(HERE, replace(plain, condition="context.x = 1"))
