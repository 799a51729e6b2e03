"""Views of Athena: made, changed, read with the rights of who reads them, and dropped."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.athena import ANALYST, execution, failure, lake, rows
from tests.sandbox.conftest import OWNER, Http
from tests.sandbox.lakes import Lake, database


@pytest.fixture
def athena(http: Http) -> Any:
    lake(http, OWNER)
    return http.client("athena")


def test_a_view_is_kept_as_athena_keeps_it_and_read_like_a_table(http: Http, athena: Any) -> None:
    """create-view; working-with-views."""
    made = execution(athena, "CREATE VIEW sales.old AS SELECT id, name AS who FROM sales.cards WHERE age > 30")
    assert (made["Status"]["State"], made["StatementType"]) == ("SUCCEEDED", "DDL")
    table = http.client("glue").get_table(DatabaseName="sales", Name="old")["Table"]
    assert (table["TableType"], table["Parameters"]["presto_view"]) == ("VIRTUAL_VIEW", "true")
    assert [(c["Name"], c["Type"]) for c in table["StorageDescriptor"]["Columns"]] == [
        ("id", "bigint"),
        ("who", "string"),
    ]
    text = table["ViewOriginalText"].removeprefix("/* Presto View: ").removesuffix(" */")
    assert json.loads(base64.b64decode(text))["schema"] == "sales"
    assert rows(athena, "SELECT v.who FROM sales.old AS v ORDER BY 1") == [["who"], ["Ann"], ["Bob"]]
    assert rows(athena, "SELECT count(*) FROM old JOIN cards ON old.id = cards.id", **CONTEXT) == [["_col0"], ["2"]]


CONTEXT = {"QueryExecutionContext": {"Database": "sales"}}


def test_names_in_a_view_are_of_its_own_database(http: Http, athena: Any) -> None:
    http.client("glue").create_database(DatabaseInput={"Name": "more"})
    execution(
        athena,
        "CREATE VIEW v AS WITH c AS (SELECT land FROM cards) SELECT land, count(*) AS n FROM c GROUP BY 1",
        **CONTEXT,
    )
    elsewhere = {"QueryExecutionContext": {"Database": "more"}}
    assert rows(athena, "SELECT n FROM sales.v ORDER BY land", **elsewhere) == [["n"], ["2"], ["1"]]
    execution(athena, "CREATE VIEW more.w AS SELECT n FROM sales.v", **elsewhere)
    assert rows(athena, "SELECT sum(n) AS s FROM w", **elsewhere) == [["s"], ["3"]]


def test_a_view_is_made_once_and_replaced_by_name(athena: Any) -> None:
    execution(athena, "CREATE VIEW sales.v AS SELECT id FROM sales.cards")
    assert failure(athena, "CREATE VIEW sales.v AS SELECT name FROM sales.cards").startswith("VIEW_ALREADY_EXISTS")
    again = execution(athena, "CREATE OR REPLACE VIEW sales.v AS SELECT name FROM sales.cards")
    assert again["Status"]["State"] == "SUCCEEDED", again["Status"]
    assert rows(athena, "SELECT * FROM sales.v ORDER BY 1")[:2] == [["name"], ["Ann"]]
    assert execution(athena, "DROP VIEW IF EXISTS sales.v")["Status"]["State"] == "SUCCEEDED"
    assert failure(athena, "SELECT * FROM sales.v").startswith("TABLE_NOT_FOUND")


def test_who_reads_a_view_needs_the_rights_on_what_is_behind_it(http: Http, athena: Any) -> None:
    """lf-athena-limitations, permissions to views."""
    execution(athena, "CREATE VIEW sales.v AS SELECT id, age FROM sales.cards")
    owner = Lake(http, OWNER)
    reader = http.role(OWNER, "reader", *ANALYST)
    owner.lf.register_resource(ResourceArn="arn:aws:s3:::lake", UseServiceLinkedRole=True)
    owner.grant(reader, database(), "DESCRIBE")
    for name in ("v", "cards"):
        iap = {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}
        owner.lf.revoke_permissions(
            Principal=iap, Resource={"Table": {"DatabaseName": "sales", "Name": name}}, Permissions=["ALL"]
        )
    owner.grant(reader, {"Table": {"DatabaseName": "sales", "Name": "v"}}, "SELECT")
    mine = http.client("athena", OWNER, "reader")
    assert "Failed analyzing stored view 'awsdatacatalog.sales.v'" in failure(mine, "SELECT * FROM sales.v")
    columns = {"TableWithColumns": {"DatabaseName": "sales", "Name": "cards", "ColumnNames": ["id"]}}
    owner.grant(reader, columns, "SELECT")
    assert rows(mine, "SELECT id FROM sales.cards ORDER BY 1")[1] == ["1"]
    assert "COLUMN_NOT_FOUND" in failure(mine, "SELECT * FROM sales.v")


def test_a_view_of_the_data_catalog_is_kept_and_not_read(http: Http, athena: Any) -> None:
    """API_ViewDefinitionInput."""
    sql = "SELECT id FROM sales.cards"
    said = {
        "IsProtected": True,
        "Definer": f"arn:aws:iam::{OWNER}:role/definer",
        "SubObjects": [f"arn:aws:glue:eu-west-1:{OWNER}:table/sales/cards"],
        "Representations": [
            {"Dialect": "ATHENA", "DialectVersion": "3", "ViewOriginalText": sql, "ViewExpandedText": sql}
        ],
    }
    glue = http.client("glue")
    storage = {"Columns": [{"Name": "id", "Type": "bigint"}]}
    given = {"Name": "mdv", "TableType": "VIRTUAL_VIEW", "StorageDescriptor": storage, "ViewDefinition": said}
    glue.create_table(DatabaseName="sales", TableInput=given)
    table = glue.get_table(DatabaseName="sales", Name="mdv")["Table"]
    assert table["IsMultiDialectView"]
    assert table["ViewDefinition"]["Definer"] == said["Definer"]
    with pytest.raises(ClientError, match=r"NotImplemented.*which Athena did not make"):
        execution(athena, "SELECT * FROM sales.mdv")
    with pytest.raises(ClientError, match=r"NotImplemented|mismatched"):
        execution(athena, f"CREATE PROTECTED MULTI DIALECT VIEW sales.x SECURITY DEFINER AS {sql}")
