"""A database that teams share becomes a product for each, where something says of every table whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from reconciler.importing.importing import Done
from tests.estate import ANALYTICS, BANKING, Estate
from tests.importing.laws import basis_of, hold_the_laws, import_of, same_access
from tests.importing.test_odd_estates import IAM_ROLE, base, give
from tests.story.test_shared_database import mesh as shop
from tests.story.test_shared_database import warehouse

OWNERS = {"orders": "Sales", "returns": "Sales", "claims": "Risk"}


def shared(estate: Estate, evidence: str) -> Any:
    """One database with the tables of two teams; the analyst reads one of each."""
    lake, glue = base(estate)
    glue.create_database(DatabaseInput={"Name": "house"})
    for place in ("lake/sales", "lake/risk") if evidence == "locations" else ():
        lake.register_resource(ResourceArn=f"arn:aws:s3:::{place}", UseServiceLinkedRole=True)
    if evidence == "tags":
        lake.create_lf_tag(TagKey="team", TagValues=["sales", "risk"])
    for name, owner in OWNERS.items():
        columns = [{"Name": "id", "Type": "string"}]
        storage = {"Columns": columns, "Location": f"s3://lake/{owner.lower()}/{name}/"}
        table: dict[str, Any] = {"Name": name, "StorageDescriptor": storage}
        if evidence == "parameters":
            table["Parameters"] = {"Data_Owner": owner}
        if evidence == "owners":
            table["Owner"] = owner
        glue.create_table(DatabaseName="house", TableInput=table)
        where = {"Table": {"DatabaseName": "house", "Name": name}}
        if evidence == "tags":
            tags = [{"TagKey": "team", "TagValues": [owner.lower()]}]
            lake.add_lf_tags_to_resource(Resource=where, LFTags=tags)
        if name != "returns":
            give(lake, IAM_ROLE, where, "SELECT", "DESCRIBE")
    give(lake, IAM_ROLE, {"Database": {"Name": "house"}}, "DESCRIBE")
    return lake


def imported(estate: Estate, names: Mapping[str, str] | None = None) -> Done:
    estate.fresh_sessions()
    done, seen = import_of(estate, replace(basis_of(BANKING, ANALYTICS), names=names or {}))
    hold_the_laws(done, seen)
    same_access(done, seen, unnamed=("x,y",))
    return done


def parts(done: Done) -> dict[str, list[str]]:
    assert done.mesh is not None
    return {name: [table.name for table in each.tables] for name, each in done.mesh.products.items() if each.is_part}


RARER = [pytest.param(each, marks=pytest.mark.soak) for each in ("tags", "owners")]


@pytest.mark.parametrize("evidence", ["parameters", "locations", *RARER])
def test_a_shared_database_is_several_products(estate: Estate, evidence: str) -> None:
    shared(estate, evidence)
    done = imported(estate)
    assert done.mesh is not None
    assert sorted(parts(done).values()) == [["claims"], ["orders", "returns"]]
    assert len([each for each in done.mesh.subscriptions.values() if "house" in (each.product or "")]) == 2
    assert len({each.domain for each in done.mesh.products.values() if each.is_part}) == (1 + (evidence == "locations"))
    if evidence in ("parameters", "owners"):
        assert {each.owner for each in done.mesh.products.values() if each.is_part} == {"Sales", "Risk"}


@pytest.mark.soak
def test_without_evidence_it_is_one_product(estate: Estate) -> None:
    shared(estate, "nothing")
    assert parts(imported(estate)) == {}


def test_people_say_whose_a_table_is(estate: Estate) -> None:
    shared(estate, "parameters")
    said = {"table house.orders": "shop", "table house.returns": "back-office"}
    assert parts(imported(estate, said)) == {"shop": ["orders"], "back-office": ["returns"], "house-rest": ["claims"]}


def test_parts_that_a_mesh_has_made_are_imported_provably_equal(estate: Estate) -> None:
    warehouse(estate)
    estate.repair(shop(orders=("line",), refunds=("refund",)))
    estate.fresh_sessions()
    done, seen = import_of(estate, basis_of(BANKING, ANALYTICS))
    hold_the_laws(done, seen)
    same_access(done, seen)
