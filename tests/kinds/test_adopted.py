"""What was there before: adopted permissions are wanted as they are, and external domains want nothing of ours."""

from __future__ import annotations

import pytest

from reconciler.kinds import registry
from reconciler.kinds.sharing.adopted_rights import adopted_targets
from reconciler.model.lakeformation import (
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
)
from reconciler.plan.compile import compile_mesh
from tests.estate import ANALYTICS, CENTRAL, variant

ADOPTED = """\
apiVersion: meshform/v1
kind: Adopted
name: analytics
description: What was clicked.
reviewBy: 2027-01-01
grants:
  - account: central
    principal: "arn:aws:iam::444444444444:role/old"
    permissions: [DESCRIBE, SELECT]
    grantable: [SELECT]
    resource: {%s}
filters:
  - {database: credit-card, table: credit_card, name: old rows, exclude: [age], rows: credit_risk = 1}
optIns:
  - {account: central, principal: "444444444444", resource: {database: credit-card}}
tags:
  - {database: fund-prices, table: fund_price, column: trading_day, key: subject, value: funds}
"""
C = CENTRAL
TARGETS = [
    ("catalog: '444444444444'", [OnCatalog(ANALYTICS)]),
    ("database: d", [OnDatabase(C, "d")]),
    ("catalog: '444444444444', database: rl_d", [OnDatabase(ANALYTICS, "rl_d")]),
    ("database: d, table: t", [OnTable(C, "d", "t")]),
    ("database: d, table: '*'", [OnTable(C, "d", "*")]),
    ("database: d, table: t, columns: [b, a]", [OnColumns(C, "d", "t", ("a", "b"))]),
    ("database: d, table: t, exclude: [a]", [OnColumns(C, "d", "t", ("a",), excluded=True)]),
    ("database: d, table: t, filter: Rows", [OnFilter(C, "d", "t", "Rows")]),
    ("location: 'arn:aws:s3:::b/p'", [OnLocation(C, "arn:aws:s3:::b/p")]),
    ("of: TAG, tags: {k: [v, w]}", [OnTag(C, "k", "v"), OnTag(C, "k", "w")]),
    ("of: TABLE, tags: {k: [w, v]}", [OnTagPolicy(C, "TABLE", (("k", ("v", "w")),))]),
    ("of: DATABASE, expression: mine", [OnSavedExpression(C, "DATABASE", "mine")]),
    ("""other: '{"New": {}}'""", [OnOther(C, '{"New": {}}')]),
]


@pytest.mark.parametrize(("on", "targets"), TARGETS)
def test_an_adopted_permission_is_wanted_on_what_it_is_on(on: str, targets: list[object]) -> None:
    mesh = variant(more={"adopted/analytics.yaml": ADOPTED % on})
    entry = mesh.adopted["analytics"].grants[0]
    assert list(adopted_targets(mesh, entry.resource)) == targets
    wanted = {each.spec for each in registry()["grant"].desired(mesh) if each.spec.principal == entry.principal}
    assert {(each.target, each.permission, each.grantable) for each in wanted} == {
        (target, permission, permission == "SELECT") for target in targets for permission in ("DESCRIBE", "SELECT")
    }


def test_adopted_filters_opt_ins_and_tags_are_wanted() -> None:
    before, after = variant(), variant(more={"adopted/analytics.yaml": ADOPTED % "database: d"})
    more = compile_mesh(after, registry()).keys() - compile_mesh(before, registry()).keys()
    assert {(each.kind, each.name) for each in more if each.kind != "grant"} == {
        ("data-filter", "credit-card.credit_card/old rows"),
        ("opt-in", f"444444444444 on database {CENTRAL}:credit-card"),
        ("tag-assignment", "fund-prices.fund_price.trading_day subject"),
    }


def test_of_an_external_domain_nothing_is_made() -> None:
    files = ("domains/asset-management/domain.yaml", "stewards: [asset-management-steward]\n", "resources: external\n")
    product = "domains/asset-management/products/fund-prices.yaml"
    mesh = variant(
        files,
        (
            product,
            "    quality:\n      - {rule: 'IsComplete \"isin\"'}\n"
            "      - {rule: 'ColumnValues \"net_asset_value\" > 0', promise: 1.0}\n",
            "",
        ),
    )
    about = [
        each
        for each in compile_mesh(mesh, registry()).values()
        if "asset-management" in str(each.address) or "fund" in str(each.address)
    ]
    made = {(each.address.kind, each.address.name) for each in about if each.mode == "managed"}
    # What people write of it is kept: its LF-tags, and the values of the key that it carries.
    assert {kind for kind, _ in made} == {"grant", "lf-tag-value", "tag-assignment"}
    assert all("subject" in name for _, name in made if "sensitivity" not in name)
    assert {each.address.kind for each in about if each.mode == "external"} == {"database", "table"}
