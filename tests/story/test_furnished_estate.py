"""Beside what people have: what Terraform, dbt, Spark, another mesh and hands have furnished stays byte for byte.

Whatever plain boto3 can read of it is the same after apply, drift, change and teardown, but for what the mesh declares:
the documents of an account of which it has a part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from reconciler.sandbox import sandbox
from tests.dump import Facts, dump
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate, actions, bank, edited, mesh_of
from tests.story.test_two_meshes import trust

KEY = f"arn:aws:kms:eu-west-1:{BANKING}:key/11111111-2222-3333-4444-555555555555"
READER = f"arn:aws:iam::{CENTRAL}:role/actuary"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lakeformation.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)
#: Documents of an account in which the mesh has a part: what else stands in them is looked at below.
SHARED = (" lake settings", " glue policy")


def set_up(estate: Estate) -> None:
    """What people have, made with the tools that they have."""
    _terraform(estate)
    _dbt(estate)
    _spark(estate, commit=1)
    _hands(estate)


def _terraform(estate: Estate) -> None:
    for account, bucket in ((BANKING, "tf-lake"), (ANALYTICS, "tf-athena-results")):
        s3 = estate.client("s3", account)
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        how = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
        rule = {"ApplyServerSideEncryptionByDefault": how, "BucketKeyEnabled": True}
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
        life = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "raw/"}, "Expiration": {"Days": 400}}
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [life]})
        s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "terraform", "Value": "lake"}]})
        let = {
            "Sid": "Etl",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{bucket}/*",
        }
        s3.put_bucket_policy(
            Bucket=bucket, Policy=json.dumps({"Version": "2008-10-17", "Id": "tf", "Statement": [let]})
        )
    iam, lake = estate.client("iam"), estate.client("lakeformation")
    for name, path in (("tf-lake-reader", "/"), ("actuary", "/"), ("looks-like-ours", "/meshform/bank/")):
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=TRUST)
    own = f"arn:aws:iam::{CENTRAL}:role/tf-lake-reader"
    lake.register_resource(ResourceArn="arn:aws:s3:::tf-lake/raw", RoleArn=own, HybridAccessEnabled=True)
    estate.client("athena", ANALYTICS).update_work_group(
        WorkGroup="primary",
        Description="everybody's",
        ConfigurationUpdates={
            "ResultConfigurationUpdates": {"OutputLocation": "s3://tf-athena-results/"},
            "BytesScannedCutoffPerQuery": 20_000_000,
        },
    )


def _dbt(estate: Estate) -> None:
    """Drops and makes its table, as every night."""
    glue, lake = estate.client("glue"), estate.client("lakeformation")
    if not [each for each in glue.get_databases()["DatabaseList"] if each["Name"] == "dbt_marts"]:
        glue.create_database(DatabaseInput={"Name": "dbt_marts", "Parameters": {"owner": "dbt"}})
        lake.create_lf_tag(TagKey="team", TagValues=["risk", "claims"])
        tags = [{"TagKey": "team", "TagValues": ["risk"]}]
        lake.add_lf_tags_to_resource(Resource={"Database": {"Name": "dbt_marts"}}, LFTags=tags)
        policy = {"ResourceType": "TABLE", "Expression": tags}
        who = {"DataLakePrincipalIdentifier": READER}
        lake.grant_permissions(Principal=who, Resource={"LFTagPolicy": policy}, Permissions=["SELECT", "DESCRIBE"])
        lake.grant_permissions(Principal=who, Resource={"Database": {"Name": "dbt_marts"}}, Permissions=["DESCRIBE"])
    else:
        glue.delete_table(DatabaseName="dbt_marts", Name="loss_ratio")
    columns = [{"Name": "year", "Type": "int", "Parameters": {"dbt": "1"}}, {"Name": "ratio", "Type": "double"}]
    storage = {"Location": "s3://tf-lake/raw/loss/", "Columns": columns}
    table = {"Name": "loss_ratio", "TableType": "EXTERNAL_TABLE", "StorageDescriptor": storage}
    glue.create_table(DatabaseName="dbt_marts", TableInput={**table, "Parameters": {"dbt_project_name": "marts"}})


def _spark(estate: Estate, commit: int) -> None:
    """An Iceberg table, and its commits: the place of the metadata is a parameter."""
    glue = estate.client("glue")
    columns = [
        {
            "Name": name,
            "Type": "string",
            "Parameters": {"iceberg.field.id": str(number), "iceberg.field.optional": "true"},
        }
        for number, name in enumerate(("claim", "note"), 1)
    ]
    table = {
        "Name": "claims",
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"table_type": "ICEBERG", "metadata_location": f"s3://tf-lake/ice/metadata/{commit:05}.json"},
        "StorageDescriptor": {"Location": "s3://tf-lake/ice", "Columns": columns},
    }
    if commit == 1:
        glue.create_database(DatabaseInput={"Name": "ice", "LocationUri": "s3://tf-lake/ice"})
        glue.create_table(DatabaseName="ice", TableInput=table)
    else:
        glue.update_table(DatabaseName="ice", TableInput=table)


def _hands(estate: Estate) -> None:
    """Things with names like the mesh's, and without its mark."""
    sns, events = estate.client("sns"), estate.client("events")
    topic = sns.create_topic(Name="meshform-bank-legacy", Attributes={"DisplayName": "legacy"})["TopicArn"]
    events.put_rule(Name="meshform-bank-legacy", EventPattern=json.dumps({"source": ["aws.glue"]}), RoleArn=READER)
    events.put_targets(Rule="meshform-bank-legacy", Targets=[{"Id": "topic", "Arn": topic, "Input": '"x"'}])
    lake = estate.client("lakeformation")
    cells = {"TableCatalogId": CENTRAL, "DatabaseName": "ice", "TableName": "claims", "Name": "no-notes"}
    lake.create_data_cells_filter(
        TableData={**cells, "RowFilter": {"FilterExpression": "claim = 'x'"}, "ColumnNames": ["claim"]}
    )
    table = {"CatalogId": CENTRAL, "DatabaseName": "ice", "Name": "claims"}
    lake.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": READER}, Resource={"Table": table}, Permissions=["SELECT"]
    )


def changed(before: Facts, after: Facts) -> dict[str, tuple[str, str | None]]:
    """What was there before and is otherwise now, but for the documents of which the mesh has a part."""
    return {
        name: (text, after.get(name))
        for name, text in before.items()
        if after.get(name) != text and not name.endswith(SHARED)
    }


def parts(text: str) -> set[str]:
    """The entries of a document in which several have a part."""
    found = json.loads(text)
    if isinstance(found, dict) and "PolicyInJson" in found:
        found = {"Statement": json.loads(found["PolicyInJson"])["Statement"]}
    lists = [each for each in found.values() if isinstance(each, list)] if isinstance(found, dict) else []
    return {json.dumps(each, sort_keys=True) for entries in lists for each in entries}


@pytest.fixture(scope="module")
def estate() -> Iterator[Estate]:
    with sandbox() as aws:
        made = Estate(aws)
        made.empty()
        lake = made.client("lakeformation")
        admin = f"arn:aws:iam::{CENTRAL}:role/OrganizationAccountAccessRole"
        settings = {"DataLakeAdmins": [{"DataLakePrincipalIdentifier": admin}], "CreateDatabaseDefaultPermissions": []}
        lake.put_data_lake_settings(DataLakeSettings={**settings, "CreateTableDefaultPermissions": []})
        set_up(made)
        assert not made.apply_reviewed(trust()).failed
        yield made


def test_an_estate_is_as_it_was_after_a_whole_life_of_the_mesh(estate: Estate) -> None:
    first = before = dump(estate)
    assert len(before) > 250
    run = estate.apply_reviewed()
    assert not run.failed
    assert changed(before, dump(estate)) == {}

    plan = estate.plan()
    assert actions(plan) == set()
    _dbt(estate)
    _spark(estate, commit=2)
    assert actions(estate.plan()) == set()
    before = {name: text for name, text in dump(estate).items() if name in before}

    credit = "domains/consumer-banking/products/credit-profile.yaml"
    report = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
    other = mesh_of(
        edited(
            (credit, "Duration of the credit in months", "Months for which the credit runs"),
            (report, "clearance: {sensitivity: [internal]}", "clearance: {sensitivity: [public]}"),
        )
    )
    assert not estate.apply_reviewed(other).failed
    assert changed(before, dump(estate)) == {}

    bare = mesh_of(edited(without=("consumers/", "domains/", "lf-tags/")))
    assert not estate.apply_reviewed(bare).failed
    after = dump(estate)
    assert changed(before, after) == {}
    assert actions(estate.plan(trust())) == set()
    for name in (each for each in first if each.endswith(SHARED)):
        assert parts(first[name]) <= parts(after[name]), name


def test_nothing_of_the_mesh_is_left_beside_it_but_what_is_kept(estate: Estate) -> None:
    """Buckets stay, since they hold people's data; so do settings, and the roles of administrators that still are."""
    after = dump(estate)
    ours = {name: text for name, text in after.items() if "meshform:mesh" in text and '"bank"' in text}
    left = {name for name in ours if "trust" not in name}
    kinds = {name.split()[1] for name in left}
    assert kinds <= {"s3", "iam"}
    assert bank().name == "bank"


CLAIMS = {
    "domains/claims/domain.yaml": f"""\
apiVersion: meshform/v1
kind: Domain
name: claims
description: What Terraform and dbt have, shared by the mesh.
owner: consumer-banking-stewards
account: banking-data
bucket: tf-lake
prefix: raw/
kmsKey: {KEY}
external: [bucket, bucket-policy, location]
""",
    "domains/claims/products/losses.yaml": """\
apiVersion: meshform/v1
kind: Product
name: losses
domain: claims
owner: consumer-banking-stewards
description: Loss ratios, as dbt makes them.
database: dbt_marts
external: [database]
tables:
  - name: loss_ratio
    definition: external
    location: loss/
    tags: {sensitivity: internal}
    columns:
      - {name: year, type: int}
      - {name: ratio, type: double, tags: {sensitivity: confidential}}
""",
    "consumers/analytics-coe/subscriptions/losses.yaml": """\
apiVersion: meshform/v1
kind: Subscription
name: losses-report
consumer: analytics-coe
product: claims/losses
clearance: {sensitivity: [internal]}
principals: [credit-analyst]
purpose: Compare years.
""",
}


def test_what_the_mesh_declares_of_it_is_tagged_and_shared_and_else_as_it_was(estate: Estate) -> None:
    # The hands of these tests are the apply role's own, and buckets of the mesh are kept: neither is somebody's.
    own = ("role/OrganizationAccountAccessRole {", " s3 bank-")
    before = {name: text for name, text in dump(estate).items() if not any(each in name for each in own)}
    mesh = mesh_of(edited(more=CLAIMS))
    review = estate.review(mesh)
    assert review.plan is not None
    assert [(str(held.address), held.reason) for held in review.plan.held] == []
    run = estate.apply_reviewed(mesh)
    assert not run.failed
    allowed = (" glue tags dbt_marts", " glue tags dbt_marts.loss_ratio")
    assert {name for name in changed(before, dump(estate)) if not name.endswith(allowed)} == set()
    assert actions(estate.plan(mesh)) == set()

    _dbt(estate)
    plan = estate.plan(mesh)
    others = {text for text in actions(plan) if not text.endswith("/OrganizationAccountAccessRole")}
    assert {text.split()[1] for text in others} == {"tag-assignment"}
    assert not [finding for finding in estate.review(mesh).findings if finding.severity == "error"]
    assert not estate.apply_reviewed(mesh).failed
    assert actions(estate.plan(mesh)) == set()

    bare = mesh_of(edited(without=("consumers/", "domains/", "lf-tags/")))
    assert not estate.apply_reviewed(bare).failed
    assert changed(before, dump(estate)) == {}
