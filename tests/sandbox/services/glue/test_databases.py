"""Databases and tables of Glue, as documented."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.conftest import CONSUMER, OWNER, Http

COLUMNS = [{"Name": "id", "Type": "int"}, {"Name": "age", "Type": "int"}]


def table(name: str, **more: Any) -> dict[str, Any]:
    """The input for a table of two columns."""
    return {"Name": name, "StorageDescriptor": {"Columns": COLUMNS, "Location": f"s3://lake/{name}/"}, **more}


@pytest.fixture
def glue(http: Http) -> Any:
    client = http.client("glue")
    client.create_database(DatabaseInput={"Name": "sales"})
    return client


def error(raised: pytest.ExceptionInfo[ClientError]) -> str:
    code: str = raised.value.response["Error"]["Code"]
    return code


def test_names_are_folded_to_lower_case(glue: Any) -> None:
    """API_DatabaseInput, API_TableInput: names are folded to lower case when stored."""
    glue.create_database(DatabaseInput={"Name": "Marketing"})
    glue.create_table(DatabaseName="MARKETING", TableInput=table("Leads"))
    found = glue.get_table(DatabaseName="Marketing", Name="LEADS")["Table"]
    assert (found["DatabaseName"], found["Name"], found["CatalogId"]) == ("marketing", "leads", OWNER)


def test_a_second_database_or_table_of_a_name_is_refused(glue: Any) -> None:
    """API_CreateDatabase, API_CreateTable: AlreadyExistsException."""
    glue.create_table(DatabaseName="sales", TableInput=table("orders"))
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_database(DatabaseInput={"Name": "SALES"})
    with pytest.raises(glue.exceptions.AlreadyExistsException):
        glue.create_table(DatabaseName="sales", TableInput=table("ORDERS"))


def test_what_is_not_there_is_entity_not_found(glue: Any) -> None:
    """API_GetDatabase, API_GetTable: EntityNotFoundException."""
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_database(Name="nowhere")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_table(DatabaseName="sales", Name="nothing")
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.delete_table(DatabaseName="sales", Name="nothing")


def test_a_page_has_at_most_100(glue: Any) -> None:
    """API_GetTables: MaxResults has a maximum of 100."""
    for number in range(105):
        glue.create_table(DatabaseName="sales", TableInput=table(f"t{number:03}"))
    first = glue.get_tables(DatabaseName="sales")
    assert len(first["TableList"]) == 100
    rest = glue.get_tables(DatabaseName="sales", NextToken=first["NextToken"])
    assert [t["Name"] for t in rest["TableList"]] == [f"t{n:03}" for n in range(100, 105)]
    assert "NextToken" not in rest
    with pytest.raises(ClientError, match="less than or equal to 100"):
        glue.get_tables(DatabaseName="sales", MaxResults=101)
    with pytest.raises(ClientError, match="token"):
        glue.get_tables(DatabaseName="sales", NextToken="!")


def test_expression_selects_tables_by_regular_expression(glue: Any) -> None:
    """API_GetTables: Expression is a regular expression pattern."""
    for name in ("orders", "orders_old", "clients"):
        glue.create_table(DatabaseName="sales", TableInput=table(name))
    assert [t["Name"] for t in glue.get_tables(DatabaseName="sales", Expression="orders.*")["TableList"]] == [
        "orders",
        "orders_old",
    ]


def test_attributes_to_get_leave_the_rest_out(glue: Any) -> None:
    """API_GetTables: AttributesToGet."""
    glue.create_table(DatabaseName="sales", TableInput=table("orders", TableType="EXTERNAL_TABLE"))
    found = glue.get_tables(DatabaseName="sales", AttributesToGet=["NAME", "TABLE_TYPE"])["TableList"]
    assert found == [{"Name": "orders", "TableType": "EXTERNAL_TABLE"}]


def test_an_update_with_an_old_version_id_is_a_concurrent_modification(glue: Any) -> None:
    """API_UpdateTable: VersionId is the version at which to update."""
    glue.create_table(DatabaseName="sales", TableInput=table("orders"))
    glue.update_table(DatabaseName="sales", TableInput=table("orders", Description="second"), VersionId="0")
    with pytest.raises(glue.exceptions.ConcurrentModificationException):
        glue.update_table(DatabaseName="sales", TableInput=table("orders"), VersionId="0")
    assert glue.get_table(DatabaseName="sales", Name="orders")["Table"]["Description"] == "second"


def test_an_update_archives_the_old_version_unless_told_not_to(glue: Any) -> None:
    """API_UpdateTable: SkipArchive."""
    glue.create_table(DatabaseName="sales", TableInput=table("orders"))
    glue.update_table(DatabaseName="sales", TableInput=table("orders", Description="b"))
    glue.update_table(DatabaseName="sales", TableInput=table("orders", Description="c"), SkipArchive=True)
    versions = glue.get_table_versions(DatabaseName="sales", TableName="orders")["TableVersions"]
    assert [(v["VersionId"], v["Table"].get("Description")) for v in versions] == [("2", "c"), ("0", None)]


def test_an_update_replaces_the_whole_table(glue: Any) -> None:
    """API_UpdateTable: what the input leaves out is gone."""
    glue.create_table(DatabaseName="sales", TableInput=table("orders", Parameters={"a": "b"}))
    glue.update_table(DatabaseName="sales", TableInput=table("orders"))
    assert "Parameters" not in glue.get_table(DatabaseName="sales", Name="orders")["Table"]


def test_a_database_takes_the_default_permissions_of_the_settings(glue: Any) -> None:
    """change-settings: CreateTableDefaultPermissions of the settings become the database's own; [] stays []."""
    default = glue.get_database(Name="sales")["Database"]["CreateTableDefaultPermissions"]
    assert default == [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}]
    glue.create_database(DatabaseInput={"Name": "closed", "CreateTableDefaultPermissions": []})
    assert glue.get_database(Name="closed")["Database"]["CreateTableDefaultPermissions"] == []


def test_deleting_a_database_deletes_its_tables(glue: Any) -> None:
    """API_DeleteDatabase."""
    glue.create_table(DatabaseName="sales", TableInput=table("orders"))
    glue.delete_database(Name="sales")
    glue.create_database(DatabaseInput={"Name": "sales"})
    assert glue.get_tables(DatabaseName="sales")["TableList"] == []


def test_a_batch_delete_tells_each_failure(glue: Any) -> None:
    """API_BatchDeleteTable: Errors."""
    glue.create_table(DatabaseName="sales", TableInput=table("orders"))
    errors = glue.batch_delete_table(DatabaseName="sales", TablesToDelete=["orders", "nothing"])["Errors"]
    assert [(e["TableName"], e["ErrorDetail"]["ErrorCode"]) for e in errors] == [("nothing", "EntityNotFoundException")]


def test_single_entries_of_a_batch_can_be_made_to_fail(glue: Any, http: Http) -> None:
    for name in ("a", "b"):
        glue.create_table(DatabaseName="sales", TableInput=table(name))
    http.control(
        "POST", "faults", [{"operation": "BatchDeleteTable", "error": "InternalServiceException", "entries": [1]}]
    )
    errors = glue.batch_delete_table(DatabaseName="sales", TablesToDelete=["a", "b"])["Errors"]
    assert [e["TableName"] for e in errors] == ["b"]
    assert [t["Name"] for t in glue.get_tables(DatabaseName="sales")["TableList"]] == ["b"]


def test_another_account_s_catalog_shows_nothing_that_is_not_shared(http: Http, glue: Any) -> None:
    """cross-account-access: without a grant the resource-based policy allows nothing."""
    other = http.client("glue", CONSUMER)
    for call in (
        lambda: other.get_database(CatalogId=OWNER, Name="sales"),
        lambda: other.get_tables(CatalogId=OWNER, DatabaseName="sales"),
        lambda: other.create_table(CatalogId=OWNER, DatabaseName="sales", TableInput=table("t")),
    ):
        with pytest.raises(ClientError) as raised:
            call()
        assert error(raised) == "AccessDeniedException"
    assert other.get_databases(CatalogId=OWNER)["DatabaseList"] == []
    assert other.get_databases(ResourceShareType="ALL")["DatabaseList"] == []


def test_search_finds_tables_by_words_of_names_and_columns(glue: Any) -> None:
    """API_SearchTables: SearchText, Filters."""
    glue.create_table(DatabaseName="sales", TableInput=table("orders", Parameters={"owner": "ann"}))
    glue.create_table(DatabaseName="sales", TableInput=table("clients"))
    assert [t["Name"] for t in glue.search_tables(SearchText="age")["TableList"]] == ["clients", "orders"]
    assert [t["Name"] for t in glue.search_tables(SearchText="order")["TableList"]] == ["orders"]
    found = glue.search_tables(Filters=[{"Key": "owner", "Value": "ann", "Comparator": "EQUALS"}])["TableList"]
    assert [t["Name"] for t in found] == ["orders"]


def test_partitions_are_found_by_an_expression_over_their_keys(glue: Any) -> None:
    """API_GetPartitions: Expression."""
    keys = [{"Name": "year", "Type": "int"}, {"Name": "land", "Type": "string"}]
    glue.create_table(DatabaseName="sales", TableInput=table("orders", PartitionKeys=keys))
    given = [{"Values": [year, land]} for year in ("2024", "2025") for land in ("de", "fr")]
    address = {"DatabaseName": "sales", "TableName": "orders"}
    assert glue.batch_create_partition(**address, PartitionInputList=given)["Errors"] == []
    errors = glue.batch_create_partition(**address, PartitionInputList=given[:1])["Errors"]
    assert errors[0]["ErrorDetail"]["ErrorCode"] == "AlreadyExistsException"

    def found(expression: str) -> list[list[str]]:
        answer = glue.get_partitions(**address, Expression=expression)
        return [p["Values"] for p in answer["Partitions"]]

    assert found("year = 2025 AND land IN ('de')") == [["2025", "de"]]
    assert found("year > 2024") == [["2025", "de"], ["2025", "fr"]]
    assert found("land LIKE 'f%' OR year BETWEEN 2025 AND 2026") == [["2024", "fr"], ["2025", "de"], ["2025", "fr"]]
    both = [
        glue.get_partitions(**address, Segment={"SegmentNumber": number, "TotalSegments": 2})["Partitions"]
        for number in (0, 1)
    ]
    assert sorted(p["Values"] for part in both for p in part) == sorted(p["Values"] for p in given)
    with pytest.raises(ClientError, match="no partition key"):
        found("colour = 'red'")


def test_tags_go_on_and_come_off(glue: Any) -> None:
    """API_TagResource, API_UntagResource, API_GetTags."""
    arn = f"arn:aws:glue:eu-west-1:{OWNER}:database/sales"
    glue.tag_resource(ResourceArn=arn, TagsToAdd={"team": "risk", "env": "test"})
    glue.untag_resource(ResourceArn=arn, TagsToRemove=["env"])
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"team": "risk"}
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_tags(ResourceArn=arn + "x")


def test_the_catalog_policy_is_guarded_by_its_hash_and_existence(glue: Any) -> None:
    """API_PutResourcePolicy: PolicyHashCondition, PolicyExistsCondition."""
    policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ram.amazonaws.com"},'
    policy += '"Action":"glue:ShareResource","Resource":"*"}]}'
    with pytest.raises(glue.exceptions.EntityNotFoundException):
        glue.get_resource_policy()
    failure = glue.exceptions.ConditionCheckFailureException
    with pytest.raises(failure):
        glue.put_resource_policy(PolicyInJson=policy, PolicyExistsCondition="MUST_EXIST")
    written = glue.put_resource_policy(PolicyInJson=policy, PolicyExistsCondition="NOT_EXIST")["PolicyHash"]
    with pytest.raises(failure):
        glue.put_resource_policy(PolicyInJson=policy, PolicyHashCondition="other")
    assert glue.get_resource_policy()["PolicyHash"] == written
    assert len(glue.get_resource_policies()["GetResourcePoliciesResponseList"]) == 1
    with pytest.raises(ClientError, match="InvalidInput"):
        glue.put_resource_policy(PolicyInJson="{]")
    with pytest.raises(failure):
        glue.delete_resource_policy(PolicyHashCondition="other")
    glue.delete_resource_policy(PolicyHashCondition=written)


def test_each_region_has_a_catalog_of_its_own(http: Http, glue: Any) -> None:
    """populating-catalog-methods: one Data Catalog per account and region."""
    assert http.session(region="us-east-1").client("glue").get_databases()["DatabaseList"] == []
