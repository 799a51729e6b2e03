"""What hands change behind the mesh's back is named by drift and repaired by apply."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.report.drift import Drift
from reconciler.report.drift_text import drift_text
from tests.estate import ANALYTICS, BANKING, CENTRAL, NOBODY, Estate, actions

CATALOG = {"CatalogId": CENTRAL}
TABLE = {**CATALOG, "DatabaseName": "credit-card", "Name": "credit_card"}
BUCKET = f"bank-consumer-banking-{BANKING}-eu-west-1"
LOCATION = f"arn:aws:s3:::{BUCKET}"


def hand_made_grant(estate: Estate) -> None:
    estate.client("lakeformation").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"},
        Resource={"Table": TABLE},
        Permissions=["SELECT"],
    )


def removed_tag(estate: Estate) -> None:
    estate.client("lakeformation").remove_lf_tags_from_resource(
        Resource={"TableWithColumns": {**TABLE, "ColumnNames": ["age"]}},
        LFTags=[{"TagKey": "sensitivity", "TagValues": ["restricted"]}],
    )


def changed_tag(estate: Estate) -> None:
    estate.client("lakeformation").add_lf_tags_to_resource(
        Resource={"TableWithColumns": {**TABLE, "ColumnNames": ["age"]}},
        LFTags=[{"TagKey": "sensitivity", "TagValues": ["public"]}],
    )


def deleted_link(estate: Estate) -> None:
    estate.client("glue", ANALYTICS).delete_database(CatalogId=ANALYTICS, Name="rl_credit-card")


def redirected_link(estate: Estate) -> None:
    glue = estate.client("glue", ANALYTICS)
    glue.delete_database(CatalogId=ANALYTICS, Name="rl_credit-card")
    target = {"CatalogId": CENTRAL, "DatabaseName": "fund-prices"}
    glue.create_database(CatalogId=ANALYTICS, DatabaseInput={"Name": "rl_credit-card", "TargetDatabase": target})
    estate.client("lakeformation", ANALYTICS).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"},
        Resource={"Database": {"CatalogId": ANALYTICS, "Name": "rl_credit-card"}},
        Permissions=["DESCRIBE"],
    )


def widened_statement(estate: Estate) -> None:
    s3 = estate.client("s3", BANKING)
    policy = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])
    for statement in policy["Statement"]:
        if statement["Effect"] == "Allow":
            statement["Principal"] = {"AWS": "*"}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(policy))


def deleted_policy(estate: Estate) -> None:
    estate.client("s3", BANKING).delete_bucket_policy(Bucket=BUCKET)


def opened_bucket(estate: Estate) -> None:
    estate.client("s3", BANKING).delete_public_access_block(Bucket=BUCKET)


def removed_admin(estate: Estate) -> None:
    lakeformation = estate.client("lakeformation")
    settings = lakeformation.get_data_lake_settings()["DataLakeSettings"]
    admins = settings["DataLakeAdmins"]
    settings["DataLakeAdmins"] = [row for row in admins if "data-mesh-owner" not in row["DataLakePrincipalIdentifier"]]
    assert len(settings["DataLakeAdmins"]) == len(admins) - 1
    lakeformation.put_data_lake_settings(DataLakeSettings=settings)


def reopened_defaults(estate: Estate) -> None:
    lakeformation = estate.client("lakeformation")
    settings = lakeformation.get_data_lake_settings()["DataLakeSettings"]
    everybody = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}
    settings["CreateTableDefaultPermissions"] = [{"Principal": everybody, "Permissions": ["ALL"]}]
    lakeformation.put_data_lake_settings(DataLakeSettings=settings)


def changed_workgroup(estate: Estate) -> None:
    estate.client("athena", ANALYTICS).update_work_group(
        WorkGroup="bank-analytics-coe-data-scientist", ConfigurationUpdates={"EnforceWorkGroupConfiguration": False}
    )


def deregistered_location(estate: Estate) -> None:
    estate.client("lakeformation").deregister_resource(ResourceArn=LOCATION)


def deleted_table(estate: Estate) -> None:
    estate.client("glue").delete_table(**TABLE)


def deleted_database(estate: Estate) -> None:
    estate.client("glue").delete_database(CatalogId=CENTRAL, Name="deal-pipeline")


def changed_description(estate: Estate) -> None:
    glue = estate.client("glue")
    database = glue.get_database(CatalogId=CENTRAL, Name="credit-card")["Database"]
    kept = {name: database[name] for name in ("Name", "LocationUri", "Parameters", "CreateTableDefaultPermissions")}
    glue.update_database(CatalogId=CENTRAL, Name="credit-card", DatabaseInput={**kept, "Description": "Old stuff"})


def added_column(estate: Estate) -> None:
    glue = estate.client("glue")
    table = glue.get_table(CatalogId=CENTRAL, DatabaseName="deal-pipeline", Name="deal")["Table"]
    taken = ("Name", "Description", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters")
    changed = {name: table[name] for name in taken if name in table}
    changed["StorageDescriptor"]["Columns"].append({"Name": "iban", "Type": "string"})
    glue.update_table(CatalogId=CENTRAL, DatabaseName="deal-pipeline", TableInput=changed)


def widened_role(estate: Estate) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    estate.client("iam", ANALYTICS).put_role_policy(
        RoleName="credit-analyst", PolicyName="meshform", PolicyDocument=json.dumps(policy)
    )


def revoked_share(estate: Estate) -> None:
    expression = [{"TagKey": "product", "TagValues": ["credit-profile"]}]
    policy = {**CATALOG, "ResourceType": "DATABASE", "Expression": expression}
    estate.client("lakeformation").revoke_permissions(
        Principal={"DataLakePrincipalIdentifier": ANALYTICS},
        Resource={"LFTagPolicy": policy},
        Permissions=["DESCRIBE"],
        PermissionsWithGrantOption=["DESCRIBE"],
    )


CASES: list[tuple[Callable[[Estate], None], str]] = [
    (hand_made_grant, "- not asked for: grant SELECT on table 111111111111:credit-card.credit_card"),
    (removed_tag, "+ missing: tag-assignment credit-card.credit_card.age sensitivity"),
    (changed_tag, "~ changed: tag-assignment credit-card.credit_card.age sensitivity"),
    (deleted_link, "+ missing: resource-link rl_credit-card"),
    (redirected_link, "~ changed: resource-link rl_credit-card"),
    (widened_statement, f"~ changed: bucket-policy {BUCKET}"),
    (deleted_policy, f"+ missing: bucket-policy {BUCKET}"),
    (opened_bucket, f"~ changed: bucket {BUCKET}"),
    (removed_admin, "~ changed: lake-settings settings"),
    (reopened_defaults, "~ changed: lake-settings settings"),
    (changed_workgroup, "~ changed: workgroup bank-analytics-coe-data-scientist"),
    (deregistered_location, f"+ missing: location {LOCATION}"),
    (deleted_table, "+ missing: table credit-card.credit_card"),
    (deleted_database, "+ missing: database deal-pipeline"),
    (changed_description, "~ changed: database credit-card"),
    (added_column, "~ changed: table deal-pipeline.deal"),
    (widened_role, "~ changed: iam-role credit-analyst"),
    (
        revoked_share,
        "+ missing: grant DESCRIBE on databases of 111111111111 where product=credit-profile to 444444444444",
    ),
]


@pytest.mark.parametrize(("hand", "line"), CASES, ids=lambda value: getattr(value, "__name__", ""))
def test_drift_names_what_a_hand_changed_and_apply_repairs_it(
    built: Estate, hand: Callable[[Estate], Any], line: str
) -> None:
    hand(built)
    drift = list(drift_text(Drift(built.review())))
    assert any(line in text for text in drift), "\n".join(drift)
    built.repair()


def test_what_a_hand_granted_outside_the_territory_is_no_drift(built: Estate) -> None:
    glue, lakeformation = built.client("glue"), built.client("lakeformation")
    glue.create_database(CatalogId=CENTRAL, DatabaseInput={"Name": "theirs", "CreateTableDefaultPermissions": []})
    lakeformation.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"},
        Resource={"Database": {**CATALOG, "Name": "theirs"}},
        Permissions=["DESCRIBE"],
    )
    try:
        assert actions(built.plan()) == set()
    finally:
        glue.delete_database(CatalogId=CENTRAL, Name="theirs")


def test_a_grant_to_a_principal_that_is_nobody_of_ours_is_drift_too(built: Estate) -> None:
    built.client("iam").create_role(
        RoleName="somebody-else",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}),
    )
    built.client("lakeformation").grant_permissions(
        Principal={"DataLakePrincipalIdentifier": NOBODY},
        Resource={"TableWithColumns": {**TABLE, "ColumnNames": ["age"]}},
        Permissions=["SELECT"],
    )
    assert actions(built.plan()) == {f"delete grant SELECT on columns of {CENTRAL}:credit-card.credit_card to {NOBODY}"}
    built.repair()
    built.client("iam").delete_role(RoleName="somebody-else")
