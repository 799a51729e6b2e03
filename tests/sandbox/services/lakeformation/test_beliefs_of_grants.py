"""What nobody knows of grants, under each answer that AWS may give."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.sandbox import sandbox
from tests.sandbox.conftest import CONSUMER, OWNER
from tests.sandbox.lakes import Inside, Lake, columns, database, refused, table


def lists(lake: Lake, who: str) -> list[list[str]]:
    return sorted(
        row["Resource"]["TableWithColumns"]["ColumnNames"]
        for row in lake.rows(who)
        if "ColumnNames" in row["Resource"].get("TableWithColumns", {})
    )


@pytest.mark.parametrize(("answer", "listed"), [("listed", True), ("implicit", False)])
def test_a_maker_has_everything_listed_or_not(answer: str, *, listed: bool) -> None:
    with sandbox(beliefs={"rights-of-makers": answer}) as aws:
        lake = Lake(Inside(aws)).sales()
        maker = lake.role("maker")
        lake.grant(maker, database(), "CREATE_TABLE")
        lake.client("glue", "maker").create_table(
            DatabaseName="sales", TableInput={"Name": "own", "StorageDescriptor": {"Columns": []}}
        )
        assert bool([r for r in lake.rows(maker) if "Database" not in r["Resource"]]) is listed
        if listed:
            lake.revoke(maker, table("own"), "ALL")
            lake.revoke(maker, table("own"), *("ALTER", "DELETE", "DESCRIBE", "DROP", "INSERT", "SELECT"))
        else:
            assert refused(lake.revoke, maker, table("own"), "ALL")[1].startswith("No permissions revoked.")
            lake.client("glue", "maker").delete_table(DatabaseName="sales", Name="own")


@pytest.mark.parametrize(
    ("answer", "together", "rest"),
    [("apart", [["id"], ["id", "name"]], [["id"]]), ("one", [["id", "name"]], [])],
)
def test_lists_of_columns(answer: str, together: list[list[str]], rest: list[list[str]]) -> None:
    """A new list is granted before the old one is revoked: the new one is what is left, either way."""
    with sandbox(beliefs={"lists-of-columns": answer}) as aws:
        lake = Lake(Inside(aws)).sales()
        who = lake.role("analyst")
        lake.grant(who, columns("id"), "SELECT")
        lake.grant(who, columns("id", "name"), "SELECT")
        assert lists(lake, who) == together
        lake.revoke(who, columns("id", "name"), "SELECT")
        assert lists(lake, who) == rest


def test_a_part_of_one_list_can_be_revoked() -> None:
    with sandbox(beliefs={"lists-of-columns": "one"}) as aws:
        lake = Lake(Inside(aws)).sales()
        who = lake.role("analyst")
        lake.grant(who, columns("id", "name"), "SELECT")
        assert refused(lake.revoke, who, columns("amount"), "SELECT")[1] == "Permissions modification is invalid."
        lake.revoke(who, columns("name", "amount"), "SELECT")
        assert lists(lake, who) == [["id"]]


@pytest.mark.parametrize(("answer", "reads"), [("return", True), ("void", False)])
def test_a_role_of_a_name_that_was_there(answer: str, *, reads: bool) -> None:
    with sandbox(beliefs={"roles-made-anew": answer}) as aws:
        lake = Lake(Inside(aws)).sales()
        who = lake.role("analyst")
        lake.grant(who, table(), "SELECT")
        iam = lake.http.client("iam", OWNER)
        iam.delete_role_policy(RoleName="analyst", PolicyName="policy")
        iam.delete_role(RoleName="analyst")
        lake.role("analyst")
        assert len(lake.rows(who)) == 1
        assert bool(lake.reads(who).columns) is reads
        lake.grant(who, table(), "SELECT")
        assert lake.reads(who).columns


@pytest.mark.parametrize("answer", ["taken", "refused"])
def test_a_grant_option_alone(answer: str) -> None:
    with sandbox(beliefs={"grant-option-alone": answer}) as aws:
        lake = Lake(Inside(aws)).sales()
        who = lake.role("analyst")
        lake.grant(who, table(), "SELECT", option=["SELECT"])
        if answer == "taken":
            lake.revoke(who, table(), option=["SELECT"])
        else:
            assert refused(lake.revoke, who, table(), option=["SELECT"])[0] == "InvalidInputException"
        ((_, _, option),) = lake.held(who)
        assert bool(option) is (answer == "refused")


def passed_on(aws: Any) -> tuple[Lake, Lake, str]:
    """An owner, a consumer, and a role to whom the consumer passed on a table."""
    owner = Lake(Inside(aws)).sales()
    consumer = Lake(Inside(aws), CONSUMER)
    owner.grant(CONSUMER, table(), "SELECT", "DESCRIBE", option=["SELECT", "DESCRIBE"])
    for invitation in consumer.ram.get_resource_share_invitations()["resourceShareInvitations"]:
        consumer.ram.accept_resource_share_invitation(
            resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
        )
    for _ in range(3):
        owner.ram.get_resource_share_associations(associationType="PRINCIPAL")
    who = consumer.role("analyst")
    consumer.grant(who, table(catalog=OWNER), "SELECT")
    return owner, consumer, who


@pytest.mark.parametrize(("answer", "catalog"), [("central", OWNER), ("own", CONSUMER)])
def test_what_was_passed_on_is_listed_under_one_catalog(answer: str, catalog: str) -> None:
    with sandbox(beliefs={"passed-on-under-which-catalog": answer}) as aws:
        _, consumer, who = passed_on(aws)
        for each in (OWNER, CONSUMER):
            assert bool(consumer.rows(who, CatalogId=each)) is (each == catalog)


@pytest.mark.parametrize(("answer", "kept"), [("kept", True), ("gone", False)])
def test_what_was_passed_on_of_what_is_shared_no_more(answer: str, *, kept: bool) -> None:
    with sandbox(beliefs={"passed-on-after-revoke": answer}) as aws:
        owner, consumer, who = passed_on(aws)
        owner.revoke(CONSUMER, table(), "SELECT", "DESCRIBE")
        assert bool(consumer.rows(who, CatalogId=OWNER)) is kept


@pytest.mark.parametrize(("answer", "told"), [("given", True), ("not-given", False)])
def test_defaults_on_links(answer: str, *, told: bool) -> None:
    with sandbox(beliefs={"defaults-on-links": answer}) as aws:
        lake = Lake(Inside(aws), open_defaults=True).sales()
        lake.glue.create_database(
            DatabaseInput={"Name": "link", "TargetDatabase": {"CatalogId": OWNER, "DatabaseName": "sales"}}
        )
        assert bool(lake.rows("IAM_ALLOWED_PRINCIPALS", Resource=database("link"))) is told
        assert lake.rows("IAM_ALLOWED_PRINCIPALS", Resource=database())
