"""Taking something out of the mesh plans the deletions that follow, in an order that AWS accepts, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from reconciler.model.change import Delete
from tests.estate import (
    ANALYTICS,
    BANKING,
    CENTRAL,
    NOTIFICATION_KINDS,
    Estate,
    actions,
    bank,
    example,
    step_of,
    variant,
    wave_of,
)

PRODUCT = "domains/consumer-banking/products/credit-profile.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"
SCIENTIST = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"
ANALYST = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/credit-analyst"
MODEL = "where product=credit-profile AND sensitivity in (confidential, internal)"
REPORT = "where product=credit-profile AND sensitivity=internal"


def test_a_subscription_takes_its_own_grants_along_and_no_others(built: Estate) -> None:
    without = variant(without=["consumers/analytics-coe/subscriptions/credit-risk-model"])
    plan = built.plan(without)
    tables, databases = f"tables of {CENTRAL} {MODEL}", f"databases of {CENTRAL} where product=credit-profile"
    assert actions(plan) == {
        f"delete grant DESCRIBE on {tables} to {ANALYTICS}",
        f"delete grant SELECT on {tables} to {ANALYTICS}",
        f"delete grant DESCRIBE on tag {CENTRAL}:sensitivity=confidential to {ANALYTICS}",
        f"delete grant DESCRIBE on {tables} to {SCIENTIST}",
        f"delete grant SELECT on {tables} to {SCIENTIST}",
        f"delete grant DESCRIBE on {databases} to {SCIENTIST}",
        f"delete grant DESCRIBE on database {ANALYTICS}:rl_credit-card to {SCIENTIST}",
    }
    waves = wave_of(plan)
    passed_on = step_of(plan, "grant", f"SELECT on {tables} to {SCIENTIST}").address
    given = step_of(plan, "grant", f"SELECT on {tables} to {ANALYTICS}").address
    assert waves[passed_on] < waves[given]
    built.repair(without)


def test_the_last_subscription_takes_the_link_along_after_its_grants(built: Estate) -> None:
    without = variant(without=["consumers/analytics-coe/subscriptions"])
    plan = built.plan(without)
    gone = {line for line in actions(plan) if "grant" not in line}
    assert gone == {"delete resource-link rl_credit-card"}
    assert all(line.startswith("delete ") for line in actions(plan))
    waves = wave_of(plan)
    link = step_of(plan, "resource-link", "rl_credit-card").address
    on_link = [step.address for step in plan.steps if "rl_credit-card" in step.address.name and step.address != link]
    assert on_link
    assert all(waves[address] < waves[link] for address in on_link)
    built.repair(without)


def test_a_column_tag_goes_alone(built: Estate) -> None:
    without = variant(
        (FUNDS, ", tags: {sensitivity: confidential}", ""), (FUNDS, "    tags: {sensitivity: public}\n", "")
    )
    places = {f"delete tag-assignment fund-prices.fund_price.{column} sensitivity" for column in COLUMNS}
    assert {line for line in actions(built.plan(without)) if "tag-assignment" in line} == places
    built.repair(without)


COLUMNS = ("isin", "currency", "net_asset_value", "net_inflow")


def test_a_column_loses_its_tag_before_the_table_loses_it(built: Estate) -> None:
    text = example()["domains/investment-banking/products/deal-pipeline.yaml"]
    (line,) = re.findall(r"      - \{name: value_eur.*\n", text)
    without = variant(("domains/investment-banking/products/deal-pipeline.yaml", line, ""))
    plan = built.plan(without)
    assert actions(plan) == {
        "update table deal-pipeline.deal",
        "delete tag-assignment deal-pipeline.deal.value_eur sensitivity",
    }
    waves = wave_of(plan)
    assert waves[step_of(plan, "tag-assignment", "value_eur").address] < waves[step_of(plan, "table", "deal").address]
    built.repair(without)


def test_a_product_takes_its_catalog_tags_and_shares_along_and_leaves_the_bucket(built: Estate) -> None:
    without = variant(without=[FUNDS])
    plan = built.plan(without)
    assert all(isinstance(step.change, Delete) for step in plan.steps if step.address.kind not in NOTIFICATION_KINDS)
    lines = actions(plan)
    assert {line for line in lines if not line.startswith(("delete grant", "delete tag-assignment"))} == {
        "delete database fund-prices",
        "delete table fund-prices.fund_price",
        "delete resource-link rl_fund-prices",
        "delete lf-tag-value product=fund-prices",
        "delete iam-role quality-fund-prices.bank",
        "delete ruleset meshform-bank-fund-prices-fund_price",
    }
    assert all("fund-prices" in line for line in lines)
    waves = wave_of(plan)
    database = waves[step_of(plan, "database", "fund-prices").address]
    table = waves[step_of(plan, "table", "fund_price").address]
    gone_with_it = [step for step in plan.steps if step.address.kind == "tag-assignment"]
    tags = [waves[step.address] for step in gone_with_it]
    assert [step.calls for step in gone_with_it if step.calls] == [], "they go with the table and the database"
    value = waves[step_of(plan, "lf-tag-value", "product=fund-prices").address]
    assert table < database
    assert table < min(tags)
    assert max(tags) < value
    built.aws.calls.clear()
    built.plan(without)
    assert [call for call in built.aws.calls if call.operation == "GetResourceLFTags"] == [], "read in bulk"
    built.repair(without)


def test_a_domain_takes_its_role_location_and_statements_along_and_leaves_its_data(built: Estate) -> None:
    without = variant(
        ("lf-tags/subject.yaml", "[consumer-banking, asset-management, investment-banking]", "[consumer-banking]"),
        without=["domains/asset-management"],
    )
    bucket = f"bank-asset-management-{BANKING}-eu-west-1"
    plan = built.plan(without)
    lines = actions(plan)
    assert {
        "delete iam-role register-asset-management.bank",
        "delete iam-role asset-management-steward",
        f"delete location arn:aws:s3:::{bucket}",
        f"delete bucket-policy {bucket}",
        "delete database fund-prices",
        "delete lf-tag-value domain=asset-management",
    } <= lines
    assert not any(line.startswith("delete bucket bank") for line in lines)
    waves = wave_of(plan)
    database = waves[step_of(plan, "database", "fund-prices").address]
    location = waves[step_of(plan, "location", bucket).address]
    role = waves[step_of(plan, "iam-role", "register-asset-management.bank").address]
    assert database < location < role
    built.repair(without)
    left = built.client("s3", BANKING).list_buckets()["Buckets"]
    assert bucket in [row["Name"] for row in left]


def test_an_administrator_goes_with_the_role_that_the_mesh_made_for_him(built: Estate) -> None:
    without = variant(("accounts/central.yaml", "[data-mesh-owner]", "[data-mesh-boss]"))
    plan = built.plan(without)
    assert {"update lake-settings settings", "delete iam-role data-mesh-owner"} <= actions(plan)
    waves = wave_of(plan)
    settings = waves[step_of(plan, "lake-settings", "settings").address]
    assert waves[step_of(plan, "iam-role", "data-mesh-boss").address] < settings
    assert settings < waves[step_of(plan, "iam-role", "data-mesh-owner").address]
    built.repair(without)


class Strangers:
    """Things of other people beside and inside the mesh's accounts."""

    bucket = f"bank-consumer-banking-{BANKING}-eu-west-1"

    def __init__(self, estate: Estate) -> None:
        self.later = estate.people_come
        self.glue, self.lakeformation = estate.client("glue"), estate.client("lakeformation")
        self.s3, self.iam = estate.client("s3", BANKING), estate.client("iam")
        self.abroad = estate.client("glue", ANALYTICS)

    def come(self) -> None:
        trust = json.dumps({"Version": "2012-10-17", "Statement": []})
        self.iam.create_role(RoleName="stranger", AssumeRolePolicyDocument=trust)
        self.later()
        self.arn = f"arn:aws:iam::{CENTRAL}:role/stranger"
        who = {"DataLakePrincipalIdentifier": self.arn}
        self.glue.create_database(DatabaseInput={"Name": "strange", "CreateTableDefaultPermissions": []})
        self.lakeformation.create_lf_tag(TagKey="strange", TagValues=["one"])
        self.lakeformation.grant_permissions(
            Principal=who, Resource={"Database": {"Name": "strange"}}, Permissions=["DESCRIBE"]
        )
        self.lakeformation.grant_permissions(
            Principal=who, Resource={"LFTag": {"TagKey": "strange", "TagValues": ["one"]}}, Permissions=["DESCRIBE"]
        )
        settings = self.lakeformation.get_data_lake_settings()["DataLakeSettings"]
        settings["DataLakeAdmins"].append(who)
        self.lakeformation.put_data_lake_settings(DataLakeSettings=settings)
        policy = json.loads(self.s3.get_bucket_policy(Bucket=self.bucket)["Policy"])
        deny = {"Sid": "Strange", "Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketAcl"}
        policy["Statement"].append({**deny, "Resource": f"arn:aws:s3:::{self.bucket}"})
        self.s3.put_bucket_policy(Bucket=self.bucket, Policy=json.dumps(policy))
        target = {"CatalogId": CENTRAL, "DatabaseName": "strange"}
        self.abroad.create_database(DatabaseInput={"Name": "rl_strange", "TargetDatabase": target})

    def are_well(self) -> None:
        assert self.glue.get_database(Name="strange")["Database"]["Name"] == "strange"
        assert self.lakeformation.get_lf_tag(TagKey="strange")["TagValues"] == ["one"]
        rows = self.lakeformation.list_permissions()["PrincipalResourcePermissions"]
        mine = [row for row in rows if row["Principal"]["DataLakePrincipalIdentifier"] == self.arn]
        assert len(mine) == 2
        settings = self.lakeformation.get_data_lake_settings()["DataLakeSettings"]
        assert {"DataLakePrincipalIdentifier": self.arn} in settings["DataLakeAdmins"]
        policy = json.loads(self.s3.get_bucket_policy(Bucket=self.bucket)["Policy"])
        assert "Strange" in [statement["Sid"] for statement in policy["Statement"]]
        assert self.abroad.get_database(Name="rl_strange")["Database"]["Name"] == "rl_strange"


def test_nothing_of_anybody_else_is_touched_by_repairs_or_removals(built: Estate) -> None:
    strangers = Strangers(built)
    strangers.come()
    assert built.plan().is_empty
    without = variant(
        ("lf-tags/subject.yaml", "[consumer-banking, asset-management, investment-banking]", "[investment-banking]"),
        without=["domains/consumer-banking", "domains/asset-management", "consumers"],
    )
    built.repair(without)
    strangers.are_well()
    built.repair(bank())
    strangers.are_well()


def test_what_is_foreign_is_shown(built: Estate) -> None:
    strangers = Strangers(built)
    strangers.come()
    shown = {(other.resource.address.kind, other.reason) for other in built.plan().foreign}
    assert ("lf-tag", "a key that no document declares") in shown
    kinds = {kind for kind, _ in shown}
    assert {"bucket-policy", "lake-settings", "lf-tag"} <= kinds
    assert any(strangers.arn in reason for _, reason in shown)
    assert any("Strange" in reason for _, reason in shown)


def test_the_bucket_of_another_mesh_is_left_alone_though_its_name_begins_like_ours(built: Estate) -> None:
    s3, name = built.client("s3", BANKING), "bank-two-sales"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "meshform:mesh", "Value": "bank-two"}]})
    deny = {"Sid": "MeshformDenyPlainHttp", "Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketAcl"}
    policy = {"Version": "2012-10-17", "Statement": [{**deny, "Resource": f"arn:aws:s3:::{name}"}]}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(policy))
    plan = built.plan()
    assert plan.is_empty
    assert not plan.foreign
    s3.delete_bucket(Bucket=name)


@pytest.mark.parametrize("kind", ["table", "database"])
def test_retiring_a_product_is_refused_until_somebody_says_so(built: Estate, kind: str) -> None:
    without = variant(without=[FUNDS])
    messages = [finding.message for finding in built.review(without).findings if finding.rule == "catalog-loss"]
    assert any(message.startswith(f"The {kind} fund-prices") for message in messages)


def test_a_database_with_somebody_elses_table_in_it_is_not_deleted(built: Estate) -> None:
    """DeleteDatabase would take the table along."""
    place = {"DatabaseName": "fund-prices"}
    built.client("glue").create_table(**place, TableInput={"Name": "theirs", "StorageDescriptor": {"Columns": []}})
    without = variant(without=[FUNDS])
    plan = built.plan(without)
    held = {held.address.name: held.reason for held in plan.held if held.address.kind == "database"}
    assert held == {"fund-prices": "it has tables that are not ours: theirs"}
    run = built.apply_reviewed(without)
    assert not run.failed
    assert built.client("glue").get_table(**place, Name="theirs")["Table"]["Name"] == "theirs"
    built.client("glue").delete_table(**place, Name="theirs")
    built.repair(without)


@pytest.fixture
def by_expression(built: Estate) -> Iterator[Estate]:
    """A hand has granted by a saved expression, which opens what is ours."""
    lakeformation = built.client("lakeformation")
    terms = [{"TagKey": "sensitivity", "TagValues": ["public"]}]
    lakeformation.create_lf_tag_expression(Name="saved", Expression=terms)
    lakeformation.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"},
        Resource={"LFTagPolicy": {"ResourceType": "TABLE", "ExpressionName": "saved"}},
        Permissions=["SELECT"],
    )
    yield built
    built.aws.world.faults.clear()
    lakeformation.delete_lf_tag_expression(Name="saved")


def test_a_grant_by_a_saved_expression_is_as_one_by_its_tags(by_expression: Estate) -> None:
    """Who saves the expression before he grants by it does not get past `undeclaredGrants`."""
    (step,) = by_expression.plan().steps
    assert step.change.action == "delete"
    assert "expression saved" in step.address.name
    report = variant(("mesh.yaml", "undeclaredGrants: revoke", "undeclaredGrants: report"))
    told = by_expression.plan(report)
    assert told.is_empty
    assert any("a grant that no document asks for" in other.reason for other in told.foreign)
    by_expression.repair()
    listed = by_expression.client("lakeformation").list_permissions(ResourceType="LF_TAG_POLICY_TABLE")
    assert "saved" not in str(listed["PrincipalResourcePermissions"])


def test_a_grant_whose_reach_cannot_be_told_is_shown_and_left(by_expression: Estate) -> None:
    by_expression.aws.faults({"operation": "ListLFTagExpressions", "error": "AccessDeniedException", "times": None})
    plan = by_expression.plan()
    assert [step for step in plan.steps if step.address.kind == "grant"] == []
    assert "a grant whose reach the mesh cannot tell" in {other.reason for other in plan.foreign}
