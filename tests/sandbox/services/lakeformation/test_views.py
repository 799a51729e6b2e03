"""Views: what reaches them from grants on all tables and by tags."""

from __future__ import annotations

from tests.sandbox.conftest import Http
from tests.sandbox.lakes import Lake, all_tables, policy, principal


def test_on_a_view_nothing_is_held_but_what_views_take(http: Http) -> None:
    """dg/lf-permissions-reference: ALL, SELECT, DESCRIBE and DROP; dg/views-notes: all tables are all views too"""
    lake = Lake(http).sales()
    analyst = lake.role("analyst")
    storage = {"Columns": [{"Name": "a", "Type": "int"}]}
    view = {"Name": "v", "TableType": "VIRTUAL_VIEW", "StorageDescriptor": storage, "ViewOriginalText": "SELECT 1"}
    lake.glue.create_table(DatabaseName="sales", TableInput=view)
    lake.grant(analyst, all_tables(), "INSERT", "SELECT")
    lake.tag("class", "public")
    lake.lf.add_lf_tags_to_resource(
        Resource={"Table": {"DatabaseName": "sales", "Name": "v"}},
        LFTags=[{"TagKey": "class", "TagValues": ["public"]}],
    )
    lake.grant(analyst, policy("TABLE", **{"class": ["public"]}), "ALTER", "DELETE")
    rows = lake.lf.list_permissions(
        Principal=principal(analyst), Resource={"Table": {"DatabaseName": "sales", "Name": "v"}}
    )["PrincipalResourcePermissions"]
    assert {held for row in rows for held in row["Permissions"]} == {"SELECT", "DESCRIBE"}
