"""Whose a principal, a database and a grant are, by the documents; and of several subscriptions the longest."""

from __future__ import annotations

import pytest

from reconciler.access import facts_of
from reconciler.access.facts.access_fact import NO_TERMS, Terms
from reconciler.access.facts.attribution import attribution
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.spec.names import domain_steward_arns, principal_arn, writer_arn
from tests.access.building import EVE, ORGANIZATION, OTHER
from tests.estate import CENTRAL, MARKETS, access_of, bank, variant
from tests.life.play import subscription

HERE = "consumers/analytics-coe/subscriptions"
CREDIT = "domains/consumer-banking/products/credit-profile.yaml"


def test_who_somebody_is_to_the_mesh() -> None:
    writers = "writers: [{name: dbt, role: dbt}]\nkind: Product"
    mesh = variant((CREDIT, "kind: Product", writers), ("mesh.yaml", "plan: Organ", "plan: PlanOrgan"))
    known, coe = attribution(mesh), mesh.consumers["analytics-coe"]
    product = mesh.products["credit-profile"]
    expected = {
        IAM_ALLOWED_PRINCIPALS: "everybody",
        OTHER: "account",
        ORGANIZATION: "organization",
        EVE: "other",
        writer_arn(mesh, product, product.writers[0]): "writer",
        f"arn:aws:iam::{MARKETS}:role/OrganizationAccountAccessRole": "machinery",
        f"arn:aws:iam::{MARKETS}:role/PlanOrganizationAccountAccessRole": "machinery",
        f"arn:aws:iam::{MARKETS}:role/meshform/bank/anything": "machinery",
        f"arn:aws:iam::{MARKETS}:role/meshform/other/anything": "other",
    }
    expected |= {principal_arn(mesh, coe, each): "reader" for each in coe.principals}
    expected |= dict.fromkeys(domain_steward_arns(mesh, mesh.domains["consumer-banking"]), "steward")
    assert {each: known.principal_type(each) for each in expected} == expected
    assert known.consumers == {principal_arn(mesh, coe, each): "analytics-coe" for each in coe.principals}


def test_a_product_is_one_of_the_central_catalog() -> None:
    known = attribution(bank())
    for database in ("credit-card", "fund-prices", "deal-pipeline"):
        found = known.product(CENTRAL, database)
        assert found is not None
        assert found.database == database
        assert known.product(MARKETS, database) is None
    assert known.product(CENTRAL, "db") is None


@pytest.mark.parametrize(
    ("first", "second", "longest"),
    [
        ("expires: 2027-01-01\n", "expires: 2028-01-01\n", "second"),
        ("expires: 2028-01-01\n", "expires: 2027-01-01\n", "first"),
        ("", "expires: 2028-01-01\n", "first"),
        ("expires: 2028-01-01\n", "", "second"),
        ("", "", "second"),
    ],
)
def test_of_subscriptions_that_give_the_same_the_longest_is_told_and_all_are_named(
    first: str, second: str, longest: str
) -> None:
    fields = {"product": "asset-management/fund-prices"}
    more = {
        f"{HERE}/{name}.yaml": subscription(name, "public", **fields) + end
        for name, end in (("first", first), ("second", second))
    }
    mesh = variant(more=more)
    facts = [*facts_of(access_of(mesh), mesh)]
    told = {(each.terms.subscription, each.subscriptions) for each in facts if each.is_reading and each.subscriptions}
    assert (longest, ("first", "second")) in told


def test_the_terms_are_those_of_the_subscription() -> None:
    known = attribution(bank())
    assert known.terms(["credit-risk-model"]) == Terms(
        "credit-risk-model",
        "Train and serve the credit risk model.",
        "2027-06-30",
        "consumer-banking-stewards",
        "2026-11-16",
        "DATA-101",
    )
    assert known.terms(["gone"]) == known.terms([]) == NO_TERMS
    path = f"{HERE}/credit-risk-model.yaml"
    plain = attribution(variant((path, "expires: 2027-06-30\n", ""), (path, ", ticket: DATA-101", "")))
    told = plain.terms(["credit-risk-model", "gone"])
    assert (told.expires, told.ticket, told.approved_by) == ("", "", "consumer-banking-stewards")
    deals = {f"{HERE}/deals.yaml": subscription("deals", "internal").partition("approval:")[0]}
    assert attribution(variant(more=deals)).terms(["deals"]) == Terms("deals", "To play the whole life.")


def test_of_one_grant_that_names_the_columns_of_several_each_column_is_of_those_who_ask_for_it() -> None:
    product = {"product": "consumer-banking/credit-profile"}
    asked = {"ages": "[age, amount]", "sums": "[amount, purpose]"}
    more = {
        f"{HERE}/{name}.yaml": subscription(name, "internal", **product).replace(
            "clearance: {sensitivity: [internal]}", f"tables: [{{name: credit_card, columns: {columns}}}]"
        )
        for name, columns in asked.items()
    }
    mesh = variant(more=more)
    facts = [each for each in facts_of(access_of(mesh), mesh) if {*each.subscriptions} & asked.keys() and each.column]
    told = {each.column: {*each.subscriptions} & asked.keys() for each in facts if each.is_reading}
    assert told == {"age": {"ages"}, "amount": {"ages", "sums"}, "purpose": {"sums"}}
    assert {each.terms.subscription for each in facts if each.column == "age"} == {"ages"}
