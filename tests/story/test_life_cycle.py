"""Products and domains retire, get other names, types and homes; their data stay."""

from __future__ import annotations

import pytest

from reconciler import pipeline
from reconciler.errors import Refused
from tests.estate import ANALYTICS, BANKING, CENTRAL, MARKETS, Estate, actions, edited, mesh_of, variant, wave_of

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"
SUBSCRIPTIONS = "consumers/analytics-coe/subscriptions/"
BUCKET = f"bank-consumer-banking-{BANKING}-eu-west-1"
DURATION = "- name: duration\n        type: int"


def rules(estate: Estate, mesh: object) -> set[str]:
    return {finding.rule for finding in estate.review(mesh).findings}  # type: ignore[arg-type]


def test_a_retired_product_is_revoked_unlinked_and_deleted_in_this_order(built: Estate) -> None:
    mesh = variant(without=(SUBSCRIPTIONS, CREDIT))
    plan = built.plan(mesh)
    waves = {str(address): wave for address, wave in wave_of(plan).items()}
    own, lab = f"{CENTRAL}/eu-west-1", f"{ANALYTICS}/eu-west-1"
    terms = "where product=credit-profile AND sensitivity=internal"
    people = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/credit-analyst"
    passed_on = waves[f"grant {lab} SELECT on tables of {CENTRAL} {terms} to {people}"]
    shared = waves[f"grant {own} SELECT on tables of {CENTRAL} {terms} to {ANALYTICS}"]
    link, table = waves[f"resource-link {lab} rl_credit-card"], waves[f"table {own} credit-card.credit_card"]
    assert passed_on < shared
    assert link < waves[f"database {own} credit-card"]
    assert table < waves[f"database {own} credit-card"]
    assert {"catalog-loss", "mass-delete"} <= rules(built, mesh)


def test_data_of_a_retired_domain_stay_and_are_told(built: Estate) -> None:
    s3 = built.client("s3", BANKING)
    s3.put_object(Bucket=BUCKET, Key="credit_card/part-0.csv", Body=b"status\n1\n")
    associators = ("lf-tags/subject.yaml", "[consumer-banking, asset-management", "[asset-management")
    mesh = variant(associators, without=(SUBSCRIPTIONS, "domains/consumer-banking/"))
    built.repair(mesh)
    assert s3.get_object(Bucket=BUCKET, Key="credit_card/part-0.csv")["Body"].read() == b"status\n1\n"
    told = {other.resource.address.name: other.reason for other in built.plan(mesh).foreign}
    assert "never deleted" in told[BUCKET]
    assert built.client("glue").get_databases()["DatabaseList"]


def test_a_renamed_database_is_retired_and_made_anew_with_a_warning(built: Estate) -> None:
    mesh = variant((FUNDS, "database: fund-prices", "database: fund-quotes"))
    found = [finding for finding in built.review(mesh).findings if finding.rule == "rename"]
    assert [finding.severity for finding in found] == ["warning"]
    assert "fund-prices.fund_price becomes fund-quotes.fund_price" in found[0].message
    assert {"delete database fund-prices", "create database fund-quotes"} <= actions(built.plan(mesh))
    built.repair(mesh)


def test_a_wider_type_is_applied_and_a_narrower_one_only_when_somebody_says_so(built: Estate) -> None:
    wider = variant((CREDIT, DURATION, DURATION.replace("int", "bigint")))
    assert "schema-break" not in rules(built, wider)
    built.repair(wider)
    narrower = built.review(variant((CREDIT, DURATION, DURATION.replace("int", "smallint"))))
    with pytest.raises(Refused, match="schema-break"):
        pipeline.apply_reviewed(narrower, built.sessions)
    assert built.plan(wider).is_empty


def test_a_type_that_somebody_narrowed_by_hand_is_told_and_put_back_without_a_word(built: Estate) -> None:
    glue = built.client("glue")
    table = glue.get_table(DatabaseName="credit-card", Name="credit_card")["Table"]
    kept = ("Name", "Description", "Parameters", "PartitionKeys", "TableType", "StorageDescriptor")
    given = {name: table[name] for name in kept if name in table}
    given["StorageDescriptor"]["Columns"][1]["Type"] = "tinyint"
    glue.update_table(DatabaseName="credit-card", TableInput=given)
    found = [finding for finding in built.review().findings if finding.rule.startswith("schema-")]
    assert [(finding.rule, finding.severity) for finding in found] == [("schema-drift", "warning")]
    assert "breaks who reads it" in found[0].message
    built.repair()


def test_a_product_that_moves_to_another_domain_says_that_its_files_do_not(built: Estate) -> None:
    files = dict(edited(without=(FUNDS,)))
    text = edited()[FUNDS].replace("domain: asset-management", "domain: investment-banking")
    files["domains/investment-banking/products/fund-prices.yaml"] = text
    mesh = mesh_of(files)
    found = [finding.message for finding in built.review(mesh).findings if finding.rule == "moved-files"]
    assert len(found) == 1
    assert f"s3://bank-investment-banking-{MARKETS}-eu-west-1/deals/fund_price/" in found[0]
    built.repair(mesh)
    glue = built.client("glue", MARKETS)
    assert "rl_fund-prices" in {row["Name"] for row in glue.get_databases()["DatabaseList"]}
    assert "rl_fund-prices" not in {
        row["Name"] for row in built.client("glue", BANKING).get_databases()["DatabaseList"]
    }
