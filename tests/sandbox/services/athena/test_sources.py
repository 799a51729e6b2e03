"""What a query returns is what Lake Formation lets its reader see, through the consumer's link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.sandbox.athena import ANALYST, cards, execution, failure, lake, rows
from tests.sandbox.conftest import CONSUMER, OWNER, Http
from tests.sandbox.lakes import Lake, database

TARGET = {"CatalogId": OWNER, "DatabaseName": "sales"}


@dataclass
class Shared:
    """The owner's `sales.cards`, shared with the consumer, who has a link `shop`."""

    http: Http
    owner: Lake
    consumer: Lake
    analyst: str

    def accept(self) -> None:
        for invitation in self.consumer.ram.get_resource_share_invitations()["resourceShareInvitations"]:
            if invitation["status"] == "PENDING":
                arn = invitation["resourceShareInvitationArn"]
                self.consumer.ram.accept_resource_share_invitation(resourceShareInvitationArn=arn)
        for _ in range(3):
            for kind in ("RESOURCE", "PRINCIPAL"):
                self.owner.ram.get_resource_share_associations(associationType=kind)

    def share(self, resource: dict[str, Any], *permissions: str) -> None:
        """Give the consumer's account permissions that it may pass on."""
        self.owner.grant(CONSUMER, resource, *permissions, option=permissions)
        self.accept()

    def athena(self, role: str = "analyst") -> Any:
        return self.http.client("athena", CONSUMER, role)


def columns(*names: str) -> dict[str, Any]:
    return {"TableWithColumns": {**TARGET, "Name": "cards", "ColumnNames": list(names)}}


def foreign() -> dict[str, Any]:
    return {"Table": {**TARGET, "Name": "cards"}}


@pytest.fixture
def shared(http: Http) -> Shared:
    owner, consumer = Lake(http, OWNER), Lake(http, CONSUMER)
    lake(http, OWNER)
    s3 = http.client("s3", CONSUMER)
    s3.create_bucket(Bucket="answers", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    owner.lf.register_resource(ResourceArn="arn:aws:s3:::lake", UseServiceLinkedRole=True)
    keeps = {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::answers", "arn:aws:s3:::answers/*"]}
    analyst = http.role(CONSUMER, "analyst", *ANALYST, keeps)
    http.role(CONSUMER, "stranger", *ANALYST, keeps)
    consumer.glue.create_database(DatabaseInput={"Name": "shop", "TargetDatabase": TARGET})
    consumer.grant(analyst, database("shop"), "DESCRIBE")
    return Shared(http, owner, consumer, analyst)


ANSWERS = {"ResultConfiguration": {"OutputLocation": "s3://answers/"}}


def test_the_analyst_gets_the_columns_granted_and_no_others(shared: Shared) -> None:
    """granting-table-permissions, data-filtering: column lists."""
    shared.share(foreign(), "SELECT", "DESCRIBE")
    shared.consumer.grant(shared.analyst, columns("id", "land"), "SELECT")
    got = rows(shared.athena(), 'SELECT * FROM "shop"."cards" ORDER BY 1', **ANSWERS)
    assert got == [["id", "land"], ["1", "de"], ["2", "fr"], ["3", "de"]]


def test_a_hidden_column_fails_as_a_missing_one(shared: Shared) -> None:
    """Athena does not tell whether a column is hidden or not there."""
    shared.share(foreign(), "SELECT", "DESCRIBE")
    shared.consumer.grant(shared.analyst, columns("id", "land"), "SELECT")
    for sql in ("SELECT age FROM shop.cards", "SELECT nix FROM shop.cards"):
        name = sql.split()[1]
        assert failure(shared.athena(), sql, **ANSWERS) == (
            f"COLUMN_NOT_FOUND: line 1:8: Column '{name}' cannot be resolved or requester is not authorized to "
            "access requested resources"
        )
    for sql in (
        "SELECT id FROM shop.cards WHERE age > 30",
        "SELECT id FROM shop.cards ORDER BY age",
        "SELECT count(age) FROM shop.cards",
        "SELECT c.age FROM shop.cards c",
        "SELECT id FROM shop.cards a WHERE EXISTS (SELECT 1 FROM shop.cards b WHERE b.age = 33)",
    ):
        assert failure(shared.athena(), sql, **ANSWERS).startswith("COLUMN_NOT_FOUND")


def test_a_role_without_rights_fails(shared: Shared) -> None:
    """access-control-underlying-data: no permission on the link, none on the target."""
    shared.share(foreign(), "SELECT", "DESCRIBE")
    assert failure(shared.athena("stranger"), "SELECT * FROM shop.cards", **ANSWERS).startswith(
        "Insufficient permissions to execute the query"
    )
    shared.consumer.grant(f"arn:aws:iam::{CONSUMER}:role/stranger", database("shop"), "DESCRIBE")
    assert failure(shared.athena("stranger"), "SELECT * FROM shop.cards", **ANSWERS).startswith(
        "Insufficient permissions to execute the query"
    )


def test_the_link_needs_describe(shared: Shared) -> None:
    """resource-links-glue-apis: DESCRIBE on the link as well as rights on the target."""
    shared.share(foreign(), "SELECT", "DESCRIBE")
    stranger = f"arn:aws:iam::{CONSUMER}:role/stranger"
    shared.consumer.grant(stranger, foreign(), "SELECT")
    assert "Insufficient permissions" in failure(shared.athena("stranger"), "SELECT * FROM shop.cards", **ANSWERS)
    shared.consumer.grant(stranger, database("shop"), "DESCRIBE")
    assert len(rows(shared.athena("stranger"), "SELECT * FROM shop.cards", **ANSWERS)) == 4


def test_nothing_is_read_before_the_invitation_is_accepted(shared: Shared) -> None:
    """accepting-ram-invite: the share is seen only after acceptance."""
    shared.owner.grant(shared.analyst, foreign(), "SELECT")
    assert "Insufficient permissions" in failure(shared.athena(), "SELECT * FROM shop.cards", **ANSWERS)
    shared.accept()
    assert len(rows(shared.athena(), "SELECT * FROM shop.cards", **ANSWERS)) == 4


def test_revoking_the_owner_s_grant_cuts_the_analyst_off_at_once(shared: Shared) -> None:
    """cross-account-permissions: what the account has not, nobody in it has."""
    shared.share(foreign(), "SELECT", "DESCRIBE")
    shared.consumer.grant(shared.analyst, foreign(), "SELECT")
    assert len(rows(shared.athena(), "SELECT * FROM shop.cards", **ANSWERS)) == 4
    both = ("SELECT", "DESCRIBE")
    shared.owner.revoke(CONSUMER, foreign(), *both, option=both)
    assert execution(shared.athena(), "SELECT * FROM shop.cards", **ANSWERS)["Status"]["State"] == "FAILED"


def filtered(shared: Shared, name: str, *names: str, where: str) -> dict[str, Any]:
    """A data cells filter of the owner on `cards`, as a resource to grant."""
    address = {"TableCatalogId": OWNER, "DatabaseName": "sales", "TableName": "cards", "Name": name}
    data = {**address, "ColumnNames": list(names), "RowFilter": {"FilterExpression": where}}
    shared.owner.lf.create_data_cells_filter(TableData=data)
    return {"DataCellsFilter": address}


def test_a_row_filter_hides_rows_also_by_a_column_that_is_hidden(shared: Shared) -> None:
    """data-filtering: rows of the filter only; its expression may use other columns."""
    shared.owner.grant(shared.analyst, filtered(shared, "germans", "id", "name", where="land = 'de'"), "SELECT")
    shared.accept()
    got = rows(shared.athena(), "SELECT * FROM shop.cards ORDER BY id", **ANSWERS)
    assert got == [["id", "name"], ["1", "Ann"], ["3", "Cleo"]]
    assert rows(shared.athena(), "SELECT count(*) FROM shop.cards", **ANSWERS)[1] == ["2"]


def test_two_filters_unite_and_mask_cells_outside_their_own(shared: Shared) -> None:
    """data-filters-about, GetUnfilteredTableMetadata: a cell outside its column's predicate is NULL."""
    shared.owner.grant(shared.analyst, filtered(shared, "germans", "id", "name", where="land = 'de'"), "SELECT")
    shared.owner.grant(shared.analyst, filtered(shared, "elders", "id", "age", where="age > 30"), "SELECT")
    shared.accept()
    got = rows(shared.athena(), "SELECT * FROM shop.cards ORDER BY id", **ANSWERS)
    assert got == [["id", "name", "age"], ["1", "Ann", "33"], ["2", None, "51"], ["3", "Cleo", None]]
    assert rows(shared.athena(), "SELECT id FROM shop.cards WHERE name = 'Bob'", **ANSWERS) == [["id"]]


def test_a_governed_table_needs_get_data_access(shared: Shared) -> None:
    """access-control-underlying-data: lakeformation:GetDataAccess."""
    keeps = {"Effect": "Allow", "Action": ["athena:*", "glue:Get*", "s3:*"], "Resource": "*"}
    role = shared.http.role(CONSUMER, "blocked", keeps)
    shared.share(foreign(), "SELECT", "DESCRIBE")
    shared.consumer.grant(role, foreign(), "SELECT")
    shared.consumer.grant(role, database("shop"), "DESCRIBE")
    assert "lakeformation:GetDataAccess" in failure(shared.athena("blocked"), "SELECT * FROM shop.cards", **ANSWERS)


def test_glue_shows_the_analyst_the_same_columns(shared: Shared) -> None:
    """lf-permissions-reference: with partial SELECT only those columns are seen in metadata."""
    shared.share(foreign(), "SELECT", "DESCRIBE")
    shared.consumer.grant(shared.analyst, columns("id", "land"), "SELECT")
    glue = shared.http.client("glue", CONSUMER, "analyst")
    through = glue.get_tables(DatabaseName="shop")["TableList"]
    direct = glue.get_table(CatalogId=OWNER, DatabaseName="sales", Name="cards")["Table"]
    for found in (*through, direct):
        assert [c["Name"] for c in found["StorageDescriptor"]["Columns"]] == ["id", "land"]
    assert direct["IsRegisteredWithLakeFormation"] is True
    assert [found["IsRegisteredWithLakeFormation"] for found in through] == [False]


def test_get_tables_through_a_link_lists_only_what_is_shared(shared: Shared) -> None:
    """resource-links-glue-apis, GetTables: only the shared tables of a foreign database."""
    shared.owner.glue.create_table(DatabaseName="sales", TableInput=cards(Name="secret"))
    shared.share(foreign(), "SELECT", "DESCRIBE")
    shared.consumer.grant(shared.analyst, foreign(), "SELECT")
    glue = shared.http.client("glue", CONSUMER, "analyst")
    assert [t["Name"] for t in glue.get_tables(DatabaseName="shop")["TableList"]] == ["cards"]


def test_shared_databases_are_listed_only_when_asked_for(shared: Shared) -> None:
    """API_GetDatabases: ResourceShareType FOREIGN, ALL."""
    shared.share({"Database": {"CatalogId": OWNER, "Name": "sales"}}, "DESCRIBE")
    glue = shared.consumer.glue
    assert [d["Name"] for d in glue.get_databases()["DatabaseList"]] == ["shop"]
    assert [d["Name"] for d in glue.get_databases(ResourceShareType="FOREIGN")["DatabaseList"]] == ["sales"]
    assert [d["Name"] for d in glue.get_databases(ResourceShareType="ALL")["DatabaseList"]] == ["shop", "sales"]
