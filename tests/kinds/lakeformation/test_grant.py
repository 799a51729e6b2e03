"""Grants are atoms: what is the same is never touched, what is added comes before what is taken away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import Owner
from reconciler.kinds.iam.permissions_due import given_to
from reconciler.kinds.lakeformation import grant_targets
from reconciler.kinds.lakeformation.grant import GrantKind
from reconciler.kinds.lakeformation.grant_calls import give, take
from reconciler.kinds.lakeformation.grant_lists import joined
from reconciler.kinds.lakeformation.grant_takings import taking
from reconciler.kinds.lakeformation.used_databases import put_of
from reconciler.model.call import Call
from reconciler.model.change import Create, Delete, Update
from reconciler.model.lakeformation import (
    ALL_TABLES,
    IAM_ALLOWED_PRINCIPALS,
    Grant,
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnOther,
    OnSavedExpression,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
    expression,
)
from reconciler.model.last_change import LastChange
from reconciler.model.resource import Resource, Snapshot
from reconciler.spec.names import BY_NAME
from tests.estate import ANALYTICS, CENTRAL, Edit, Estate, actions, bank, placement, specs, variant
from tests.grants import atom, ownership

KIND = GrantKind()
HERE = placement(CENTRAL)
LENIENT: Edit = ("mesh.yaml", "undeclaredGrants: revoke", "undeclaredGrants: report")
WHO = f"arn:aws:iam::{CENTRAL}:role/who"
COLUMNS = st.lists(st.sampled_from("abcdef"), min_size=1, unique=True).map(sorted).map(tuple)


def on_columns(
    columns: tuple[str, ...], *, grantable: bool = False, excluded: bool = False, who: str = WHO
) -> Resource[Grant]:
    return atom(Grant(who, OnColumns(CENTRAL, "d", "t", columns, excluded), "SELECT", grantable))


def of_account(columns: tuple[str, ...], who: str = ANALYTICS) -> Resource[Grant]:
    """What an account may pass on."""
    return on_columns(columns, grantable=True, who=who)


def named(call: Call) -> tuple[str, ...]:
    """The columns that a request names."""
    return tuple(call.params["Resource"]["TableWithColumns"]["ColumnNames"])


@given(COLUMNS, COLUMNS)
def test_changed_columns_are_right_whether_aws_keeps_lists_apart_or_as_one(
    old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    calls = KIND.update(on_columns(old), on_columns(new))
    apart, as_one = {frozenset(old)}, set(old)
    for number, call in enumerate(calls):
        columns = frozenset(named(call))
        if call.operation == "GrantPermissions":
            apart, as_one = apart | {columns}, as_one | columns
        else:
            assert number > 0, "what is new comes first"
            apart, as_one = apart - {columns}, as_one - columns
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
        (OnColumns(CENTRAL, "d", "t", ("a",)), OnColumns(CENTRAL, "d", "t", ("a",)), False),
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
    assert KIND.owner(atom(grant), ownership()).is_ours == inside


def test_rights_of_the_reconciler_as_creator_are_not_drift() -> None:
    own = f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole"
    grant = Grant(own, OnTag(CENTRAL, "sensitivity", "internal"), "ALTER", True)
    owner = KIND.owner(atom(grant), ownership())
    assert not owner.is_ours
    assert not owner.note


def test_where_the_territory_only_reports_a_hand_made_grant_is_shown(built: Estate) -> None:
    who = f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"
    built.client("lakeformation").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": who},
        Resource={"Table": {"DatabaseName": "credit-card", "Name": "credit_card"}},
        Permissions=["DESCRIBE"],
    )
    plan = built.plan(variant(LENIENT))
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


TABLE_OF_OURS = OnTable(CENTRAL, "credit-card", "credit_card")
SAVED = OnSavedExpression(CENTRAL, "TABLE", "e")
BY_KEY = OnTagPolicy(CENTRAL, "TABLE", expression({"theirs": ["x"], "sensitivity": ["public"]}))
LINK = OnDatabase(ANALYTICS, "rl_credit-card")
APPLY = f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole"
BOOTSTRAPPED: tuple[Edit, ...] = (
    ("mesh.yaml", "  plan: OrganizationAccountAccessRole", "  plan: reads"),
    ("mesh.yaml", "  apply: OrganizationAccountAccessRole", "  apply: writes"),
)
IS_HYBRID: Edit = ("domains/consumer-banking/domain.yaml", "account:", "hybrid: true\naccount:")
MAKERS: Edit = (
    "domains/consumer-banking/products/credit-profile.yaml",
    "tables:\n",
    "writers: [{name: etl, role: etl}]\ntables:\n",
)
WRITER = "arn:aws:iam::222222222222:role/etl"
FILTER = OnFilter(CENTRAL, "credit-card", "credit_card", "f")
USED, LISTED = {"used": frozenset({"credit-card"})}, {"listed": frozenset({put_of(FILTER)})}
REPORTED, ALONE = "a grant that no document asks for", "a grant by tags that is left alone"


def assert_told(owner: Owner, sort: str, note: str) -> None:
    """An owner of this sort, with a note that begins so, or with none."""
    assert (owner.sort, owner.note.startswith(note), bool(owner.note)) == (sort, True, bool(note))
    assert "None" not in owner.note


@pytest.mark.parametrize(
    ("who", "target", "edits", "territory", "sort", "note"),
    [
        (WHO, TABLE_OF_OURS, (), {}, "ours", ""),
        (WHO, TABLE_OF_OURS, (LENIENT,), {}, "unmarkable", REPORTED),
        (WHO, TABLE_OF_OURS, (), USED, "unmarkable", REPORTED),
        (APPLY, TABLE_OF_OURS, (), {}, "ours", ""),
        (APPLY, TABLE_OF_OURS, (), USED, "unmarked", ""),
        (f"arn:aws:iam::{CENTRAL}:role/writes", TABLE_OF_OURS, BOOTSTRAPPED, USED, "ours", ""),
        (APPLY, OnTable(CENTRAL, "theirs", "t"), (), {}, "unmarkable", ""),
        (APPLY, OnTag(CENTRAL, "sensitivity", "public"), (), {}, "unmarkable", ""),
        (APPLY, LINK, (), {}, "unmarkable", ""),
        (WHO, LINK, (), {}, "ours", ""),
        (IAM_ALLOWED_PRINCIPALS, LINK, (), {}, "unmarkable", ""),
        (IAM_ALLOWED_PRINCIPALS, TABLE_OF_OURS, (), {}, "ours", ""),
        (IAM_ALLOWED_PRINCIPALS, TABLE_OF_OURS, (IS_HYBRID,), {}, "unmarkable", "open to whoever IAM allows"),
        (WHO, TABLE_OF_OURS, (IS_HYBRID,), {}, "ours", ""),
        (WHO, SAVED, (), {}, "unmarkable", "a grant whose reach the mesh cannot tell"),
        (WHO, SAVED, (), {"saved": {"e": expression({"sensitivity": ["public"]})}}, "ours", ""),
        (WHO, OnSavedExpression(ANALYTICS, "TABLE", "e"), (), {"saved": {"e": BY_KEY.terms}}, "unmarkable", ""),
        (WHO, OnOther(CENTRAL, "{}"), (), {}, "unmarkable", "a grant whose reach the mesh cannot tell"),
        (WHO, FILTER, (LENIENT,), {}, "unmarkable", REPORTED),
        (WHO, FILTER, (LENIENT,), LISTED, "ours", ""),
        (WRITER, TABLE_OF_OURS, (MAKERS,), {}, "unmarkable", ""),
        (WRITER, OnTable(CENTRAL, "fund-prices", "fund_price"), (MAKERS,), {}, "ours", ""),
    ],
)  # fmt: skip
def test_whose_a_grant_is(
    who: str, target: Target, edits: tuple[Edit, ...], territory: dict[str, Any], sort: str, note: str
) -> None:
    mine = replace(ownership(), mesh=variant(*edits) if edits else bank(), **territory)
    grant = Grant(who, target, "SELECT")
    owner = KIND.owner(atom(grant, target.catalog), mine)
    assert_told(owner, sort, note)
    assert KIND.other_owner(atom(grant, target.catalog), mine) == (owner if owner.is_somebodys else None)


@pytest.mark.parametrize(
    ("reach", "used", "made", "sort", "note"),
    [
        (None, (), ("sensitivity",), "ours", ""),
        (("credit-card",), (), ("sensitivity", "theirs"), "ours", ""),
        (("credit-card", "others"), (), ("sensitivity", "theirs"), "unmarkable", ALONE),
        ((), (), ("sensitivity",), "unmarkable", ALONE),
        (("credit-card",), ("credit-card",), (), "unmarkable", REPORTED),
        (("credit-card",), ("credit-card",), ("sensitivity",), "ours", ""),
        (("credit-card", "fund-prices"), ("credit-card",), (), "ours", ""),
        (("?",), (), ("sensitivity",), "unmarkable", ALONE),
    ],
)
def test_whose_a_grant_by_tags_is_goes_by_what_it_reaches(
    reach: tuple[str, ...] | None, used: tuple[str, ...], made: tuple[str, ...], sort: str, note: str
) -> None:
    mine = replace(ownership(), used=frozenset(used), made_keys=frozenset(made))
    grant = Grant(WHO, BY_KEY, "SELECT", reach=None if reach is None else frozenset(reach))
    owner = KIND.owner(atom(grant), mine)
    assert_told(owner, sort, note)


def test_what_apply_gave_goes_where_nobody_else_works_as_its_role() -> None:
    grant = Grant(WHO, TABLE_OF_OURS, "SELECT")
    writes = f"arn:aws:iam::{CENTRAL}:role/writes"
    for by, edits, is_ours in (
        (writes, BOOTSTRAPPED, True),
        (WHO, BOOTSTRAPPED, False),
        (None, BOOTSTRAPPED, False),
        (APPLY, (), False),
    ):
        changed = LastChange(by, None) if by else None
        have = replace(atom(grant), changed=changed)
        owner = KIND.owner(have, replace(ownership(), mesh=variant(LENIENT, *edits)))
        assert owner.is_ours == is_ours
        assert is_ours or (by is None) == ("last changed" not in owner.note)


def needed(grant: Grant, account: str = CENTRAL) -> list[tuple[str, str]]:
    return [(each.kind, each.placement.account) for each in KIND.needs(atom(grant, account))]


def test_a_grant_waits_for_the_settings_for_whom_it_is_and_what_it_is_on() -> None:
    on = OnTable(CENTRAL, "d", "t")
    table = [("database", CENTRAL), ("table", CENTRAL)]
    assert needed(Grant(WHO, on, "SELECT")) == [("lake-settings", CENTRAL), ("iam-role", CENTRAL), *table]
    assert needed(Grant(WHO, on, "SELECT", own=True)) == [("lake-settings", CENTRAL)]
    other = f"arn:aws:iam::{ANALYTICS}:role/who"
    assert needed(Grant(other, on, "SELECT")) == [
        ("lake-settings", CENTRAL), ("iam-role", ANALYTICS), *table, ("catalog-policy", CENTRAL)
    ]  # fmt: skip
    assert needed(Grant(f"arn:aws:iam::{ANALYTICS}:user/who", on, "SELECT")) == [
        ("lake-settings", CENTRAL), *table, ("catalog-policy", CENTRAL)
    ]  # fmt: skip
    assert needed(Grant(other, on, "SELECT"), ANALYTICS) == [
        ("lake-settings", ANALYTICS), ("iam-role", ANALYTICS), *table, ("ram-acceptance", ANALYTICS), ("grant", CENTRAL)
    ]  # fmt: skip


@pytest.mark.parametrize("sort", ["group", "user"])
def test_a_grant_to_somebody_of_identity_center_waits_until_he_is_looked_up(sort: str) -> None:
    named = Grant(f"arn:aws:identitystore:::{sort}/{BY_NAME}analysts", OnDatabase(CENTRAL, "d"), "DESCRIBE")
    assert addresses.center_identity(HERE, sort, "analysts") in {*KIND.needs(atom(named))}
    known = replace(named, principal=f"arn:aws:identitystore:::{sort}/1-2-3")
    assert addresses.CENTER_IDENTITY not in {each.kind for each in KIND.needs(atom(known))}


@pytest.mark.parametrize("option", [True, False])
def test_lists_that_exclude_and_come_to_the_same_are_left_as_they_are(option: bool) -> None:
    """Several lists of an account, all but these columns each: together they open what is wanted."""
    one, other, want = (
        on_columns(columns, excluded=True, grantable=True, who=ANALYTICS).spec
        for columns in (("a", "b"), ("a", "c"), ("a",))
    )
    calls = KIND.update(atom(joined(one, other)), atom(replace(want, grantable=option)))
    assert [call.operation for call in calls] == ([] if option else ["RevokePermissions"])


@given(COLUMNS, COLUMNS)
def test_an_account_takes_back_what_it_passed_on_before_it_loses_it(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    """New columns at once; the lists that say others in a second step, which comes after the account's own."""
    have, want = of_account(old), of_account(new)
    change = Update(have, want)
    second = list(KIND.derived_changes([change], bank(), Snapshot()))
    loses = bool(set(old) - set(new))
    assert len(second) == loses
    calls = KIND.update(have, want)
    if loses:
        assert [call.operation for call in calls] == ["GrantPermissions"]
        (later,) = second
        assert isinstance(later, Update)
        assert [call.operation for call in KIND.update(later.have, later.want)] == [
            "GrantPermissions", "RevokePermissions", "GrantPermissions"
        ]  # fmt: skip
        assert not [*KIND.derived_changes([later], bank(), Snapshot())], "the second step needs no third"
        assert not [*KIND.before(later)]
        passed = Grant(f"arn:aws:iam::{ANALYTICS}:role/x", OnColumns(CENTRAL, "d", "t", old), "SELECT")
        own = atom(passed, ANALYTICS)
        assert taking(HERE, replace(passed, principal=ANALYTICS)) in {*KIND.before(Delete(own))}
        assert later.address == taking(HERE, replace(passed, principal=ANALYTICS))


@given(COLUMNS, COLUMNS)
def test_a_principal_has_no_second_step(old: tuple[str, ...], new: tuple[str, ...]) -> None:
    assert not [*KIND.derived_changes([Update(of_account(old, who=WHO), of_account(new, who=WHO))], bank(), Snapshot())]
    assert not [*KIND.derived_changes([Delete(of_account(old)), Create(of_account(new))], bank(), Snapshot())]


@given(COLUMNS, COLUMNS)
def test_rows_that_stay_within_what_is_wanted_are_not_taken(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """Of two lists of one atom only those go that say more, and a deleted atom takes each of its rows."""
    both = replace(on_columns(one), spec=joined(on_columns(one).spec, on_columns(other).spec))
    calls = KIND.update(both, on_columns(one))
    taken = [named(call) for call in calls if call.operation == "RevokePermissions"]
    assert taken == ([other] if not set(other) <= set(one) else [])
    assert sorted(map(named, KIND.delete(both))) == sorted({one, other})


@pytest.mark.parametrize("had", [True, False])
@pytest.mark.parametrize("wants", [True, False])
def test_the_grant_option_is_given_or_taken_where_it_differs(had: bool, wants: bool) -> None:
    calls = KIND.update(on_columns(("a",), grantable=had), on_columns(("a",), grantable=wants))
    assert [(call.operation, call.params["Permissions"]) for call in calls] == {
        (True, False): [("RevokePermissions", [])],
        (False, True): [("GrantPermissions", ["SELECT"])],
    }.get((had, wants), [])
    assert all(call.params["PermissionsWithGrantOption"] == ["SELECT"] for call in calls)


def test_columns_are_revoked_before_their_table_changes_and_shares_are_given_before_they_are_accepted() -> None:
    account = of_account(("a",))
    table = addresses.table(HERE, "d", "t")
    assert [*KIND.before(Delete(account))] == [
        taking(HERE, replace(account.spec, principal=CENTRAL)),
        taking(HERE, account.spec),
        table,
    ]
    assert [*KIND.before(Create(account))] == [addresses.ram_acceptance(placement(ANALYTICS))]
    assert [*KIND.before(Create(of_account(("a",), who=WHO)))] == [given_to(addresses.iam_role(HERE, WHO))]
    whole = Grant(ANALYTICS, OnTable(CENTRAL, "d", "t"), "SELECT")
    assert not [*KIND.before(Delete(atom(whole)))]
    passed = Grant(f"arn:aws:iam::{ANALYTICS}:role/x", OnTable(CENTRAL, "d", "t"), "SELECT")
    assert [*KIND.before(Create(atom(passed, ANALYTICS)))] == [given_to(addresses.iam_role(placement(ANALYTICS), "x"))]


def test_a_grant_is_called_by_whom_it_is_for_and_what_it_is_on() -> None:
    assert KIND.mentions(on_columns(("a",))) == (WHO, "d", "t")


def test_requests_say_the_grant_option_and_the_condition_where_there_are_any() -> None:
    plain = on_columns(("a",)).spec
    said = {call.operation: call.params for call in (give(HERE, plain), take(HERE, plain))}
    assert {*said["GrantPermissions"]} == {*said["RevokePermissions"]} == {"Principal", "Resource", "Permissions"}
    full = replace(plain, grantable=True, condition="context.x = 1")
    for call in (give(HERE, full), take(HERE, full)):
        assert call.params["PermissionsWithGrantOption"] == call.params["Permissions"] == ["SELECT"]
        assert call.params["Condition"] == {"Expression": "context.x = 1"}
        assert call.params["Principal"] == {"DataLakePrincipalIdentifier": WHO}
