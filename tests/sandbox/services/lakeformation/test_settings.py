"""Settings, locations, and who may point metadata at them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import CONSUMER, OWNER, Http
from tests.sandbox.lakes import Lake, database, principal, refused, table

INVALID = "InvalidInputException"
EVERYONE = [{"Principal": principal("IAM_ALLOWED_PRINCIPALS"), "Permissions": ["ALL"]}]


@pytest.fixture
def lake(http: Http) -> Lake:
    return Lake(http)


def _settings(lake: Lake) -> dict[str, Any]:
    found: dict[str, Any] = lake.lf.get_data_lake_settings()["DataLakeSettings"]
    return found


def test_a_fresh_account_leaves_everything_to_iam(http: Http) -> None:
    """dg/change-settings, dg/lf-permissions-reference#perm-super"""
    lf = http.client("lakeformation", OWNER)
    settings = lf.get_data_lake_settings()["DataLakeSettings"]
    assert settings["DataLakeAdmins"] == []
    assert settings["CreateDatabaseDefaultPermissions"] == settings["CreateTableDefaultPermissions"] == EVERYONE
    assert settings["Parameters"] == {"CROSS_ACCOUNT_VERSION": "4", "SET_CONTEXT": "TRUE"}
    http.client("glue", OWNER).create_database(DatabaseInput={"Name": "d"})


def test_settings_are_replaced_as_a_whole(lake: Lake) -> None:
    """API PutDataLakeSettings"""
    reader = lake.role("reader")
    lake.settings(ReadOnlyAdmins=[principal(reader)], TrustedResourceOwners=[CONSUMER])
    assert (len(_settings(lake)["ReadOnlyAdmins"]), _settings(lake)["TrustedResourceOwners"]) == (1, [CONSUMER])
    lake.lf.put_data_lake_settings(DataLakeSettings={})
    settings = _settings(lake)
    assert settings["DataLakeAdmins"] == settings["ReadOnlyAdmins"] == settings["TrustedResourceOwners"] == []
    assert settings["CreateTableDefaultPermissions"] == []
    assert settings["Parameters"]["CROSS_ACCOUNT_VERSION"] == "1"


@pytest.mark.parametrize(
    "given",
    [
        {"DataLakeAdmins": [principal("arn:aws:iam::111111111111:role/nobody")]},
        {"DataLakeAdmins": [principal("222222222222")]},
        {"DataLakeAdmins": [principal("arn:aws:identitystore:::user/1")]},
        {"DataLakeAdmins": [principal(f"arn:aws:iam::111111111111:role/r{n}") for n in range(31)]},
        {"Parameters": {"CROSS_ACCOUNT_VERSION": "6"}},
        {"Parameters": {"CROSS_ACCOUNT_VERSION": "12"}},
        {"Parameters": {"UNKNOWN": "TRUE"}},
        {"CreateTableDefaultPermissions": [{"Principal": principal("111111111111"), "Permissions": ["ALL"]}]},
        {"CreateTableDefaultPermissions": [{**EVERYONE[0], "Permissions": ["SELECT"]}]},
    ],
)
def test_invalid_settings_are_refused(lake: Lake, given: dict) -> None:
    """API DataLakeSettings; dg/troubleshooting; dg/identity-center-lf-notes"""
    before = _settings(lake)
    assert refused(lake.settings, **given)[0] == INVALID
    assert _settings(lake) == before


def test_there_is_no_way_back_from_version_five(lake: Lake) -> None:
    """dg/optimize-ram"""
    lake.settings(Parameters={"CROSS_ACCOUNT_VERSION": "3"})
    lake.settings(Parameters={"CROSS_ACCOUNT_VERSION": "2"})
    lake.settings(Parameters={"CROSS_ACCOUNT_VERSION": "5"})
    for parameters in ({"CROSS_ACCOUNT_VERSION": "4"}, {}):
        assert refused(lake.settings, Parameters=parameters)[0] == INVALID


def test_a_database_keeps_the_table_defaults_that_it_was_made_with(lake: Lake) -> None:
    """dg/change-settings: new tables stay open until UpdateDatabase"""
    lake.settings(CreateDatabaseDefaultPermissions=EVERYONE, CreateTableDefaultPermissions=EVERYONE)
    lake.database()
    lake.settings()
    lake.table(name="first")
    assert len(lake.rows("IAM_ALLOWED_PRINCIPALS", Resource=table("first"))) == 1
    lake.glue.update_database(Name="sales", DatabaseInput={"Name": "sales", "CreateTableDefaultPermissions": []})
    lake.table(name="second")
    assert lake.rows("IAM_ALLOWED_PRINCIPALS", Resource=table("second")) == []


def test_the_callers_identity_is_told(lake: Lake) -> None:
    """API GetDataLakePrincipal"""
    identity = lake.lf.get_data_lake_principal()["Identity"]
    assert identity.startswith(f"arn:aws:sts::{OWNER}:assumed-role/")


def test_a_location_lives_from_register_to_deregister(lake: Lake) -> None:
    """API RegisterResource, DescribeResource, UpdateResource, DeregisterResource"""
    role, arn = lake.role("loader"), "arn:aws:s3:::lake/sales"
    lake.lf.register_resource(ResourceArn=arn, RoleArn=role, HybridAccessEnabled=True)
    info = lake.lf.describe_resource(ResourceArn=arn + "/")["ResourceInfo"]
    assert (info["RoleArn"], info["HybridAccessEnabled"]) == (role, True)
    assert refused(lake.lf.register_resource, ResourceArn=arn + "/", RoleArn=role)[0] == "AlreadyExistsException"
    other = lake.role("other")
    lake.lf.update_resource(ResourceArn=arn, RoleArn=other, HybridAccessEnabled=False)
    equal = [{"Field": "ROLE_ARN", "ComparisonOperator": "EQ", "StringValueList": [other]}]
    (listed,) = lake.lf.list_resources(FilterConditionList=equal)["ResourceInfoList"]
    assert (listed["ResourceArn"], listed["HybridAccessEnabled"]) == (arn, False)
    lake.lf.deregister_resource(ResourceArn=arn)
    assert refused(lake.lf.describe_resource, ResourceArn=arn)[0] == "EntityNotFoundException"
    assert refused(lake.lf.deregister_resource, ResourceArn=arn)[0] == "EntityNotFoundException"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"RoleArn": "arn:aws:iam::111111111111:role/nobody"},
        {"UseServiceLinkedRole": True, "RoleArn": "arn:aws:iam::111111111111:role/OrganizationAccountAccessRole"},
    ],
)
def test_a_location_needs_one_role_that_exists(lake: Lake, given: dict) -> None:
    """API RegisterResource"""
    assert refused(lake.lf.register_resource, ResourceArn="arn:aws:s3:::lake", **given)[0] == INVALID


def test_a_location_with_the_service_linked_role_cannot_be_edited(lake: Lake) -> None:
    """dg/notes-hybrid"""
    arn = "arn:aws:s3:::lake"
    lake.lf.register_resource(ResourceArn=arn, UseServiceLinkedRole=True)
    assert refused(lake.lf.update_resource, ResourceArn=arn, RoleArn=lake.role("loader"))[0] == INVALID


def test_registering_with_the_service_linked_role_makes_it(lake: Lake) -> None:
    """dg/service-linked-roles: made when a location is registered with it"""
    name = "AWSServiceRoleForLakeFormationDataAccess"
    iam = lake.client("iam")
    assert refused(iam.get_role, RoleName=name)[0] == "NoSuchEntity"
    for arn in ("arn:aws:s3:::lake", "arn:aws:s3:::other"):
        lake.lf.register_resource(ResourceArn=arn, UseServiceLinkedRole=True)
        made = iam.get_role(RoleName=name)["Role"]["Arn"]
        assert made == f"arn:aws:iam::{OWNER}:role/aws-service-role/lakeformation.amazonaws.com/{name}"
        assert lake.lf.describe_resource(ResourceArn=arn)["ResourceInfo"]["RoleArn"] == made


def test_registered_locations_are_for_those_who_hold_them(lake: Lake) -> None:
    """dg/access-control-underlying-data: a permission covers what is below; the database's location is free"""
    builder = lake.role("builder")
    lake.database()
    lake.database("placed", LocationUri="s3://lake/placed")
    lake.lf.register_resource(ResourceArn="arn:aws:s3:::lake/", UseServiceLinkedRole=True)
    for name in ("sales", "placed"):
        lake.grant(builder, database(name), "CREATE_TABLE")
    glue = lake.client("glue", "builder")

    def create(name: str, home: str, path: str) -> None:
        descriptor = {"Columns": [{"Name": "a", "Type": "int"}], "Location": f"s3://lake/{path}/"}
        glue.create_table(DatabaseName=home, TableInput={"Name": name, "StorageDescriptor": descriptor})

    code, message = refused(create, "one", "sales", "sales/one")
    assert (code, message) == (
        "AccessDeniedException", "Insufficient Lake Formation permission(s) on s3://lake/sales/one",
    )  # fmt: skip
    create("two", "placed", "placed/two")
    location = {"DataLocation": {"ResourceArn": "arn:aws:s3:::lake/sales"}}
    lake.grant(builder, location, "DATA_LOCATION_ACCESS")
    create("one", "sales", "sales/one")
    assert refused(create, "three", "sales", "salesroom")[0] == "AccessDeniedException"


def test_privileged_registration_grants_the_location_to_the_caller(lake: Lake) -> None:
    """API RegisterResource: WithPrivilegedAccess"""
    lake.lf.register_resource(ResourceArn="arn:aws:s3:::lake/", UseServiceLinkedRole=True, WithPrivilegedAccess=True)
    found = lake.held(lake.admin, ResourceType="DATA_LOCATION")
    assert [(p, o) for _, p, o in found] == [(["DATA_LOCATION_ACCESS"], ["DATA_LOCATION_ACCESS"])]
