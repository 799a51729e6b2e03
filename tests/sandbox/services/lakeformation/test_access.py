"""What a principal reads in the end: grants, tags, filters, hybrid mode."""

from __future__ import annotations

import pytest

from reconciler.sandbox import Sandbox
from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.services.lakeformation.resources import Database, Table
from tests.sandbox.conftest import OWNER
from tests.sandbox.lakes import (
    COLUMNS,
    Inside,
    Lake,
    Lakes,
    all_tables,
    but,
    cells,
    columns,
    database,
    policy,
    principal,
    refused,
    table,
)

ALL = dict.fromkeys(COLUMNS)


@pytest.fixture
def lake(aws: Sandbox, lakes: Lakes) -> Lake:
    return lakes.sales(Inside(aws))


@pytest.fixture
def analyst(lake: Lake) -> str:
    return lake.role("analyst")


def test_without_a_grant_nothing_is_read(lake: Lake, analyst: str) -> None:
    """dg/lf-permissions-reference"""
    assert lake.reads(analyst).verdict == "denied"
    assert lake.reads(lake.role("other")).columns == {}


def test_administrators_do_not_read_without_a_grant(lake: Lake) -> None:
    """dg/implicit-permissions: no implicit SELECT"""
    second = lake.role("second")
    lake.settings(DataLakeAdmins=[principal(lake.admin), principal(second)])
    assert lake.reads(second).verdict == "denied"
    assert lake.inside.sees_table(_caller(lake, second), OWNER, "sales", "orders")


@pytest.mark.parametrize("permission", ["SELECT", "ALL"])
@pytest.mark.parametrize("resource", [table(), all_tables()])
def test_select_or_all_on_a_table_or_on_all_tables_reads_everything(
    lake: Lake, analyst: str, permission: str, resource: dict
) -> None:
    """dg/lf-permissions-reference"""
    lake.grant(analyst, resource, permission)
    access = lake.reads(analyst)
    assert (access.verdict, access.columns, access.row_filter) == ("enforced", ALL, None)


@pytest.mark.parametrize("permission", ["DESCRIBE", "INSERT", "DELETE", "ALTER", "DROP"])
def test_no_other_permission_reads(lake: Lake, analyst: str, permission: str) -> None:
    """dg/lf-permissions-reference: engines need SELECT"""
    lake.grant(analyst, table(), permission)
    assert lake.reads(analyst).verdict == "denied"


def test_chosen_columns_are_read_and_partition_keys_with_them(lake: Lake, analyst: str) -> None:
    """dg/data-filtering-notes: partition keys cannot be withheld"""
    lake.table(name="days", keys=("day",))
    lake.grant(analyst, columns("id", name="days"), "SELECT")
    assert lake.reads(analyst, "days").columns == {"id": None, "day": None}
    assert lake.inside.visible_columns(_caller(lake, analyst), OWNER, "sales", "days") == ["id", "day"]


def test_excluded_columns_are_not_read(lake: Lake, analyst: str) -> None:
    """dg/data-filtering-notes"""
    lake.grant(analyst, but("name"), "SELECT")
    assert set(lake.reads(analyst).columns) == {"id", "country", "amount"}


def test_filters_unite_cell_by_cell(lake: Lake, analyst: str) -> None:
    """dg/data-filtering-notes; API glue ColumnRowFilter"""
    lake.filter("german", "country = 'de'", only=("id", "name"))
    lake.filter("large", "amount > 100", only=("id", "amount"))
    lake.grant(analyst, cells("german"), "SELECT")
    lake.grant(analyst, cells("large"), "SELECT")
    access = lake.reads(analyst)
    assert access.columns == {
        "id": "(amount > 100) OR (country = 'de')",
        "name": "(country = 'de')",
        "amount": "(amount > 100)",
    }
    assert access.row_filter == "(amount > 100) OR (country = 'de')"


def test_all_rows_prevail_over_other_filters(lake: Lake, analyst: str) -> None:
    """dg/data-filtering-notes"""
    lake.filter("german", "country = 'de'")
    lake.filter("every")
    lake.grant(analyst, cells("german"), "SELECT")
    assert lake.reads(analyst).row_filter == "(country = 'de')"
    lake.grant(analyst, cells("every"), "SELECT")
    assert (lake.reads(analyst).columns, lake.reads(analyst).row_filter) == (ALL, None)


def test_a_group_of_all_principals_of_the_account_counts(lake: Lake, analyst: str) -> None:
    """dg/lf-permissions-reference: ALLIAMPrincipals"""
    lake.grant(f"{OWNER}:IAMPrincipals", table(), "SELECT")
    assert lake.reads(analyst).verdict == "enforced"


def test_tags_are_evaluated_column_by_column(lake: Lake, analyst: str) -> None:
    """dg/managing-dl-tutorial: only the two columns tagged sensitive are read"""
    lake.tag("confidential", "true", "false")
    lake.tag("sensitive", "true", "false")
    lake.put(database(), confidential="false")
    lake.put(columns("name", "amount"), sensitive="true")
    lake.grant(analyst, policy(confidential=["false"], sensitive=["true"]), "SELECT")
    assert set(lake.reads(analyst).columns) == {"name", "amount"}


def test_where_some_columns_match_all_is_select_and_nothing_more(lake: Lake, analyst: str) -> None:
    """dg/lf-tag-considerations"""
    lake.tag("class", "public", "secret")
    lake.put(table(), **{"class": "public"})
    lake.put(columns("name"), **{"class": "secret"})
    lake.grant(analyst, policy(**{"class": ["public"]}), "ALL")
    assert set(lake.reads(analyst).columns) == {"id", "country", "amount"}
    caller = _caller(lake, analyst)
    with pytest.raises(AwsError, match="Required Drop on orders"):
        lake.inside.authorize(caller, "DROP", _table(lake))
    lake.put(columns("name"), **{"class": "public"})
    lake.inside.authorize(caller, "DROP", _table(lake))
    assert set(lake.reads(analyst).columns) == set(COLUMNS)


@pytest.mark.parametrize(("values", "reads"), [(["public", "secret"], True), (["*"], True), (["secret"], False)])
def test_values_are_alternatives_and_a_star_is_any(lake: Lake, analyst: str, values: list[str], *, reads: bool) -> None:
    """dg/granting-catalog-perms-TBAC"""
    lake.tag("class", "public", "secret")
    lake.put(database(), **{"class": "public"})
    lake.grant(analyst, policy(**{"class": values}), "SELECT")
    assert (lake.reads(analyst).verdict == "enforced") is reads


def test_every_key_of_an_expression_must_be_on_the_resource(lake: Lake, analyst: str) -> None:
    """dg/lf-tag-considerations: keys are joined by AND"""
    lake.tag("class", "public")
    lake.tag("domain", "sales")
    lake.put(table(), **{"class": "public"})
    lake.grant(analyst, policy(**{"class": ["public"], "domain": ["sales"]}), "SELECT")
    assert lake.reads(analyst).verdict == "denied"
    lake.put(database(), domain="sales")
    assert lake.reads(analyst).verdict == "enforced"


def test_a_changed_saved_expression_changes_access_at_once(lake: Lake, analyst: str) -> None:
    """API UpdateLFTagExpression"""
    lake.tag("class", "public", "secret")
    lake.put(table(), **{"class": "public"})
    lake.lf.create_lf_tag_expression(Name="e", Expression=[{"TagKey": "class", "TagValues": ["secret"]}])
    lake.grant(analyst, {"LFTagPolicy": {"ResourceType": "TABLE", "ExpressionName": "e"}}, "SELECT")
    assert lake.reads(analyst).verdict == "denied"
    lake.lf.update_lf_tag_expression(Name="e", Expression=[{"TagKey": "class", "TagValues": ["public"]}])
    assert lake.reads(analyst).verdict == "enforced"


def test_a_database_policy_gives_nothing_on_tables(lake: Lake, analyst: str) -> None:
    """dg/managing-dl-tutorial"""
    lake.tag("class", "public")
    lake.put(database(), **{"class": "public"})
    lake.grant(analyst, policy("DATABASE", **{"class": ["public"]}), "ALL")
    assert not lake.inside.sees_table(_caller(lake, analyst), OWNER, "sales", "orders")
    lake.inside.authorize(_caller(lake, analyst), "CREATE_TABLE", _database(lake))


def test_describe_on_a_database_does_not_list_its_tables(lake: Lake, analyst: str) -> None:
    """dg/lf-permissions-reference#perm-describe"""
    lake.grant(analyst, database(), "DESCRIBE")
    caller = _caller(lake, analyst)
    assert lake.inside.sees_database(caller, OWNER, "sales")
    assert not lake.inside.sees_table(caller, OWNER, "sales", "orders")


def test_a_permission_on_a_table_shows_its_database(lake: Lake, analyst: str) -> None:
    """dg/granting-table-permissions, dg/abac-considerations"""
    caller = _caller(lake, analyst)
    assert not lake.inside.sees_database(caller, OWNER, "sales")
    lake.grant(analyst, columns("id"), "SELECT")
    assert lake.inside.sees_database(caller, OWNER, "sales")


def test_everyone_reads_what_is_open_to_iam(aws: Sandbox) -> None:
    """dg/lf-permissions-reference#perm-super"""
    lake = Lake(Inside(aws), open_defaults=True).sales()
    assert lake.reads(lake.role("anybody")).verdict == "open"
    lake.revoke("IAM_ALLOWED_PRINCIPALS", table(), "ALL")
    assert lake.reads(f"arn:aws:iam::{OWNER}:role/anybody").verdict == "denied"


@pytest.mark.parametrize("where", [table(), all_tables(), database()])
def test_for_the_opted_in_lake_formation_decides(aws: Sandbox, where: dict) -> None:
    """dg/hybrid-access-workflow"""
    lake = Lake(Inside(aws), open_defaults=True).sales()
    analyst, other = lake.role("analyst"), lake.role("other")
    lake.lf.create_lake_formation_opt_in(Principal=principal(analyst), Resource=where)
    assert (lake.reads(analyst).verdict, lake.reads(other).verdict) == ("denied", "open")
    lake.grant(analyst, columns("id"), "SELECT")
    assert lake.reads(analyst).columns == {"id": None}
    lake.lf.delete_lake_formation_opt_in(Principal=principal(analyst), Resource=where)
    assert lake.reads(analyst).verdict == "open"


def test_only_administrators_opt_in_and_not_by_tags(lake: Lake, analyst: str) -> None:
    """dg/notes-hybrid"""
    lake.tag("class", "public")
    theirs = lake.client("lakeformation", "analyst")
    asked = {"Principal": principal(analyst), "Resource": table()}
    assert refused(theirs.create_lake_formation_opt_in, **asked)[0] == "AccessDeniedException"
    asked["Resource"] = policy(**{"class": ["public"]})
    assert refused(lake.lf.create_lake_formation_opt_in, **asked)[0] == "InvalidInputException"
    assert refused(theirs.list_lake_formation_opt_ins)[0] == "AccessDeniedException"


def test_opt_ins_are_listed_with_filters(lake: Lake, analyst: str) -> None:
    """API ListLakeFormationOptIns"""
    lake.lf.create_lake_formation_opt_in(Principal=principal(analyst), Resource=table())
    lake.lf.create_lake_formation_opt_in(Principal=principal(analyst), Resource=database())
    found = lake.lf.list_lake_formation_opt_ins(Resource=table())["LakeFormationOptInsInfoList"]
    assert [(o["Principal"]["DataLakePrincipalIdentifier"], list(o["Resource"])) for o in found] == [
        (analyst, ["Table"])
    ]
    absent = {"Principal": principal(lake.admin), "Resource": table()}
    assert refused(lake.lf.delete_lake_formation_opt_in, **absent)[0] == "EntityNotFoundException"


def test_a_creator_holds_everything_on_his_table(lake: Lake, analyst: str) -> None:
    """dg/implicit-permissions"""
    lake.grant(analyst, database(), "CREATE_TABLE")
    mine = {"Name": "mine", "StorageDescriptor": {"Columns": [{"Name": "a", "Type": "int"}]}}
    lake.client("glue", "analyst").create_table(DatabaseName="sales", TableInput=mine)
    assert lake.reads(analyst, "mine").columns == {"a": None}
    theirs = lake.client("lakeformation", "analyst")
    other = principal(lake.role("other"))
    theirs.grant_permissions(Principal=other, Resource=table("mine"), Permissions=["SELECT"])
    assert lake.reads(other["DataLakePrincipalIdentifier"], "mine").verdict == "enforced"


def test_a_dropped_table_takes_its_grants_and_tags_along(lake: Lake, analyst: str) -> None:
    """docs/assumptions.md"""
    lake.grant(analyst, table(), "SELECT")
    lake.glue.delete_table(DatabaseName="sales", Name="orders")
    lake.table()
    assert lake.reads(analyst).verdict == "denied"


def _caller(lake: Lake, arn: str) -> Caller:
    return Caller(lake.account, arn, arn)


def _table(lake: Lake) -> Table:
    return Table(lake.account, "sales", "orders")


def _database(lake: Lake) -> Database:
    return Database(lake.account, "sales")
