"""Targets of grants: what requests call them, what they are made of, whose they are, and which are refused together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.kinds import addresses
from reconciler.kinds.lakeformation import grant_targets
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
from reconciler.model.resource import Resource
from tests.estate import ANALYTICS, BANKING, CENTRAL, bank, placement, variant
from tests.grants import ownership

PLACE = placement(CENTRAL)
POLICY = OnTagPolicy(CENTRAL, "TABLE", expression({"a": ["x", "y"], "b": ["a", "z"]}))
BUCKET = "arn:aws:s3:::bank-consumer-banking-222222222222-eu-west-1/credit_card"
DOMAIN = "domains/consumer-banking/domain.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"


@pytest.mark.parametrize(
    ("target", "names", "needs"),
    [
        (OnDatabase(CENTRAL, "d"), ("d",), ["database d", "resource-link d"]),
        (OnTable(CENTRAL, "d", ALL_TABLES), ("d",), ["database d"]),
        (OnTable(CENTRAL, "d", "t"), ("d", "t"), ["database d", "table d.t"]),
        (OnColumns(CENTRAL, "d", "t", ("a",)), ("d", "t"), ["table d.t"]),
        (OnFilter(CENTRAL, "d", "t", "f"), ("d", "t", "f"), ["table d.t", "data-filter d.t/f"]),
        (OnTag(CENTRAL, "k", "v"), ("k",), ["lf-tag-value k=v"]),
        (POLICY, ("a", "x", "y", "b", "z"), [f"lf-tag-value {each}" for each in ("a=x", "a=y", "b=a", "b=z")]),
        (OnCatalog(CENTRAL), (), []),
    ],
    ids=str,
)
def test_a_target_has_names_and_is_made_of_what_they_name(
    target: Target, names: tuple[str, ...], needs: list[str]
) -> None:
    assert grant_targets.names_of(target) == names
    assert [f"{each.kind} {each.name}" for each in grant_targets.needs(PLACE, target)] == needs
    assert {each.placement for each in grant_targets.needs(PLACE, target)} <= {PLACE}


def test_a_location_is_called_by_its_arn_and_lies_in_registered_ones() -> None:
    assert grant_targets.names_of(OnLocation(CENTRAL, BUCKET)) == (BUCKET,)
    assert [*grant_targets.needs(PLACE, OnLocation(CENTRAL, BUCKET))] == [*addresses.locations_of(PLACE, BUCKET)]


def test_a_grant_is_where_its_catalog_is_in_the_region_in_which_it_was_given() -> None:
    grant = Grant("x", OnDatabase(ANALYTICS, "d"), "DESCRIBE")
    where = addresses.grant(PLACE._replace(region="us-east-1"), grant)
    assert grant_targets.place_of(Resource(where, grant)) == (ANALYTICS, "us-east-1")


def test_locations_and_tags_are_inside_of_the_catalogs_region_only() -> None:
    abroad = PLACE._replace(region="us-east-1")
    assert grant_targets.is_inside(placement(BANKING), OnLocation(BANKING, BUCKET), ownership())
    assert not grant_targets.is_inside(abroad, OnLocation(CENTRAL, BUCKET), ownership())
    for tags in (OnTag(CENTRAL, "sensitivity", "public"), OnTagPolicy(CENTRAL, "TABLE", (("sensitivity", ("x",)),))):
        assert grant_targets.is_inside(PLACE, tags, ownership())
        assert not grant_targets.is_inside(abroad, tags, ownership())


PART = variant(
    (FUNDS, "database: fund-prices\n", "database: lake\nexternal: [database]\nextent: tables\n"),
    (FUNDS, "  - name: fund_price\n", "  - name: fund_price\n    definition: external\n"),
)


@pytest.mark.parametrize(
    ("target", "database", "product"),
    [
        (OnDatabase(CENTRAL, "credit-card"), "credit-card", "credit-profile"),
        (OnDatabase(ANALYTICS, "rl_credit-card"), "credit-card", "credit-profile"),
        (OnDatabase(ANALYTICS, "theirs"), "theirs", None),
        (OnDatabase(CENTRAL, "theirs"), "theirs", None),
        (OnTable(CENTRAL, "credit-card", "credit_card"), "credit-card", "credit-profile"),
        (OnColumns(CENTRAL, "lake", "fund_price", ("a",)), "lake", "fund-prices"),
        (OnFilter(CENTRAL, "lake", "fund_price", "f"), "lake", "fund-prices"),
        (OnTable(CENTRAL, "lake", "theirs"), "lake", None),
        (OnTagPolicy(CENTRAL, "TABLE", expression({"product": ["fund-prices"]})), "lake", "fund-prices"),
        (OnTagPolicy(CENTRAL, "TABLE", expression({"product": ["fund-prices", "credit-profile"]})), "", None),
        (OnTagPolicy(CENTRAL, "TABLE", expression({"sensitivity": ["public"]})), "", None),
        (OnTag(CENTRAL, "product", "fund-prices"), "", None),
    ],
    ids=str,
)
def test_a_target_is_of_one_database_and_one_product_or_of_none(
    target: Target, database: str, product: str | None
) -> None:
    territory = ownership(PART)
    assert grant_targets.database_of(placement(target.catalog), target, territory) == database
    found = grant_targets.product_of(placement(target.catalog), target, territory)
    assert (found.name if found else None) == product


def test_of_a_product_of_several_databases_the_one_that_others_made_counts() -> None:
    several = variant(
        (
            FUNDS,
            "  - name: fund_price\n",
            "  - name: other\n    database: used\n    tags: {sensitivity: public}\n"
            "    columns: [{name: a, type: int}]\n  - name: fund_price\n",
        )
    )
    policy = OnTagPolicy(CENTRAL, "TABLE", expression({"product": ["fund-prices"]}))
    mine = ownership(several)
    assert grant_targets.database_of(PLACE, policy, mine) == "fund-prices"
    assert grant_targets.database_of(PLACE, policy, replace(mine, used=frozenset({"used"}))) == "used"


@pytest.mark.parametrize("hybrid", [True, False])
@pytest.mark.parametrize(
    ("target", "is_in"),
    [
        (OnDatabase(CENTRAL, "credit-card"), True),
        (OnTable(CENTRAL, "credit-card", "credit_card"), True),
        (OnTable(CENTRAL, "credit-card", "theirs"), True),
        (OnColumns(CENTRAL, "credit-card", "credit_card", ("a",)), True),
        (OnTable(CENTRAL, "fund-prices", "fund_price"), False),
        (OnDatabase(CENTRAL, "theirs"), False),
        (OnTag(CENTRAL, "product", "credit-profile"), False),
    ],
    ids=str,
)
def test_iam_decides_too_in_domains_that_say_so(target: Target, is_in: bool, hybrid: bool) -> None:
    mesh = variant((DOMAIN, "account:", "hybrid: true\naccount:")) if hybrid else bank()
    assert grant_targets.is_hybrid(target, mesh) == (is_in and hybrid)


def test_of_a_shared_database_the_tables_product_says_whether_iam_decides() -> None:
    """Of the database itself, and of tables of nobody, any of its products."""
    deals = "domains/investment-banking/products/deal-pipeline.yaml"
    part = "database: lake\nexternal: [database]\nextent: tables\n"
    shared = variant(
        (FUNDS, "database: fund-prices\n", part),
        (FUNDS, "  - name: fund_price\n", "  - name: fund_price\n    definition: external\n"),
        (deals, "database: deal-pipeline\n", part),
        (deals, "  - name: deal\n", "  - name: deal\n    definition: external\n"),
        ("domains/investment-banking/domain.yaml", "account:", "hybrid: true\naccount:"),
    )
    said = {name: grant_targets.is_hybrid(OnTable(CENTRAL, "lake", name), shared) for name in ("fund_price", "deal")}
    assert said == {"fund_price": False, "deal": True}
    assert grant_targets.is_hybrid(OnDatabase(CENTRAL, "lake"), shared)
