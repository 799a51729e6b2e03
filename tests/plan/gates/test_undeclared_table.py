"""A table that fits a pattern is told until it is declared, by an entry that can be pasted; one of others' is not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.kinds import registry
from reconciler.kinds.glue.table import Table
from reconciler.model.resource import Observation, Resource, Snapshot
from reconciler.pipeline import review
from reconciler.plan.compile import compile_mesh
from reconciler.plan.gates.undeclared_table import findings
from reconciler.spec.mesh import Mesh
from tests.estate import variant
from tests.kinds.full import FUNDS


def mesh(more: str = "", database: str = "lake") -> Mesh:
    part = f"database: {database}\nexternal: [database]\nextent: tables\npattern: fund_*\n"
    named = "  - name: fund_price\n"
    return variant(
        (FUNDS, "database: fund-prices\n", part),
        (FUNDS, named, f"{more}{named}    definition: external\n"),
    )


def observed(*names: str) -> Observation:
    """The tables of the mesh, and copies of one under other names."""
    wanted = compile_mesh(mesh(), registry())
    (like,) = (each for each in wanted.of(Table) if each.spec.database == "lake")
    return Observation(Snapshot([*wanted.values(), *(_copy(like, name) for name in names)]))


def _copy(like: Resource[Table], name: str) -> Resource[Table]:
    return replace(like, address=like.address._replace(name=f"lake.{name}"), spec=replace(like.spec, table=name))


def said(of: Mesh, found: Observation) -> list[str]:
    return [each.message for each in findings(review(of, observation=found))]


def test_the_entry_that_is_told_declares_it() -> None:
    found = observed("fund_2027", "scratch")
    (message,) = said(mesh(), found)
    entry = message.partition("Declared, it is ")[2]
    assert message.startswith("lake.fund_2027 fits fund_*")
    declared = mesh(more=f"  {entry}\n")
    (product,) = (each for each in declared.products.values() if each.is_part)
    there = next(each.spec for each in found.found.of(Table) if each.spec.table == "fund_2027")
    assert dict(product.table("fund_2027").types) == {column.name: column.type for column in there.columns}
    assert said(declared, found) == []


def test_in_another_database_of_the_product_the_entry_names_it() -> None:
    there = "  - {name: fund_pond, database: pond, definition: external, columns: [{name: isin, type: string}]}\n"
    declares = mesh(more=there)
    found = observed("fund_2027")
    (like,) = (each for each in found.found.of(Table) if each.spec.table == "fund_2027")
    address = like.address._replace(name="pond.fund_2027")
    of_pond = replace(like, address=address, spec=replace(like.spec, database="pond", partition_keys=()))
    (message,) = said(declares, Observation(Snapshot([of_pond])))
    assert message.startswith("pond.fund_2027 fits fund_*")
    assert '"name": "fund_2027", "database": "pond", "definition": "external"' in message
    assert "partitionKeys" not in message
    entry = message.partition("Declared, it is ")[2]
    assert said(mesh(more=f"{there}  {entry}\n"), Observation(Snapshot([of_pond]))) == []
    (message,) = said(declares, Observation(Snapshot([like])))
    assert '"name": "fund_2027", "definition": "external"' in message, "its own needs no name"


@pytest.mark.parametrize("form", ["avro", "iceberg", "orc", "parquet", "json"])
def test_a_format_that_decides_how_columns_are_found_is_said(form: str) -> None:
    written = variant(
        (FUNDS, "  - name: fund_price\n", f"  - name: fund_price\n    definition: external\n    format: {form}\n")
    )
    (like,) = (each for each in compile_mesh(written, registry()).of(Table) if each.spec.table == "fund_price")
    found = replace(like, spec=replace(like.spec, database="lake", table="fund_2027"))
    (message,) = said(mesh(), Observation(Snapshot([found])))
    assert (f'"format": "{form}"' in message) == (form in ("avro", "iceberg", "orc"))
    assert ('"partitionKeys": [{"name": "trading_day", "type": "date"}]' in message) == bool(like.spec.partition_keys)


def test_nothing_is_told_of_other_databases() -> None:
    assert said(mesh(database="pond"), observed("fund_2027")) == []
