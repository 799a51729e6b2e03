"""Extents: whose tables are, and that a shared database gives exactly what databases of their own would give."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access import evaluate, facts_of, principal_directory
from reconciler.kinds import addresses, registry
from reconciler.kinds.glue.table import Table as TableSpec
from reconciler.kinds.lakeformation.grant_targets import is_hybrid
from reconciler.kinds.lakeformation.table_makers import is_its_makers
from reconciler.model.lakeformation import Grant, OnTable
from reconciler.model.resource import Resource, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.extents import product_at, product_databases, products_in
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import writer_arn
from tests.estate import ROOT
from tests.spec.small import FILES, loaded

NAMES = ("a", "b", "c")
LEVELS = ("public", "internal", "secret")
Fact = tuple[object, ...]


@cache
def base() -> Mesh:
    mesh = loaded(FILES).mesh
    assert mesh is not None
    return mesh


def product(name: str, tables: Sequence[Mapping[str, Any]], subject: str | None, **more: object) -> Product:
    said = {"name": name, "domain": "sales", "owner": "x", "description": "x", "external": ["database"]}
    tags = {"subject": subject} if subject else {}
    return Product.model_validate({**said, "tags": tags, "tables": list(tables), **more})


@st.composite
def tables(draw: st.DrawFn, of: str) -> tuple[dict[str, Any], ...]:
    found = []
    for number in range(draw(st.integers(1, 3))):
        tags = draw(
            st.fixed_dictionaries({}, optional={"subject": st.just("people"), "sensitivity": st.sampled_from(LEVELS)})
        )
        own = draw(st.lists(st.none() | st.sampled_from(LEVELS), min_size=1, max_size=3))
        columns = [
            {"name": f"k{at}", "type": "int", "tags": {"sensitivity": level} if level else {}}
            for at, level in enumerate(own)
        ]
        found.append({"name": f"{of}{number}", "definition": "external", "tags": tags, "columns": columns})
    return tuple(found)


@st.composite
def subscriptions(draw: st.DrawFn, made: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Subscription]:
    found = {}
    for number in range(draw(st.integers(1, 3))):
        name, of = f"s{number}", draw(st.sampled_from(sorted(made)))
        said: dict[str, Any] = {"name": name, "consumer": "lab", "principals": ["analyst"], "purpose": "x"}
        said["share"] = draw(st.sampled_from(("account", "principals")))
        levels = draw(st.lists(st.sampled_from(LEVELS), min_size=1, unique=True))
        match draw(st.sampled_from(("product", "expression", "tables", "rows"))):
            case "product":
                said |= {"product": of, "clearance": {"sensitivity": levels}}
            case "expression":
                asked = draw(st.sampled_from(({"domain": ["sales"]}, {"subject": ["people"]}, {"subject": ["trade"]})))
                said |= {"expression": asked, "clearance": {"sensitivity": levels}}
            case "tables":
                said |= {"product": of, "tables": [{"name": each["name"]} for each in made[of][:2]]}
            case _:
                said |= {"product": of, "tables": [{"name": made[of][0]["name"], "columns": ["k0"], "rows": "k0 > 1"}]}
        found[name] = Subscription.model_validate(said)
    return found


def facts(snapshot: Snapshot, mesh: Mesh) -> set[Fact]:
    """What people have of tables, but for the names of the databases."""
    access = evaluate(snapshot, principal_directory(mesh))
    return {
        (
            fact.principal,
            fact.product,
            fact.table,
            fact.column,
            fact.permission,
            fact.rows,
            fact.verdict,
            fact.grantable,
            fact.labels,
            fact.subscriptions,
        )
        for fact in facts_of(access, mesh)
        if fact.table and fact.principal_type != "machinery"
    }


def orphan(like: Snapshot) -> Resource[TableSpec]:
    """A table that its engine has made in the shared database since."""
    first = next(iter(like.of(TableSpec)))
    where = addresses.table(first.address.placement, "lake", "later")
    return replace(first, address=where, spec=replace(first.spec, database="lake", table="later"))


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_shared_database_gives_what_databases_of_their_own_would_give(data: st.DataObject) -> None:
    made = {name: data.draw(tables(name)) for name in NAMES[: data.draw(st.integers(1, 3))]}
    subjects = {name: data.draw(st.sampled_from((None, "trade", "people"))) for name in made}
    asked = data.draw(subscriptions(made))

    def mesh(*, shared: bool, apart: bool = False) -> Mesh:
        how = {"extent": "tables"} if shared else {}
        products = {}
        for name, own in made.items():
            said = [{**each, "database": f"{each['name']}_db"} for each in own] if apart else own
            database = "lake" if shared else f"{name}_db"
            products[name] = product(name, said, subjects[name], database=database, **how)
        return replace(base(), products=products, subscriptions=asked, written=asked)

    alone, together = mesh(shared=False), mesh(shared=True)
    expected = facts(compile_mesh(alone, registry()), alone)
    compiled = compile_mesh(together, registry())
    assert facts(compiled, together) == expected
    # Each table in a database of its own, all of one product; and what nobody declared is nobody's.
    spread = mesh(shared=False, apart=True)
    assert facts(compile_mesh(spread, registry()), spread) == expected
    later = orphan(compiled)
    assert facts(Snapshot([*compiled.values(), later]), together) == expected


def test_whose_a_table_is() -> None:
    parts = [{"name": "x0", "definition": "external"}, {"name": "x1", "database": "other", "definition": "external"}]
    own = product("own", [{"name": "t"}, {"name": "u", "database": "more"}], None, database="own")
    part = product("part", parts, None, database="lake", extent="tables")
    rest = product("rest", [{"name": "y", "definition": "external"}], None, database="lake", extent="tables")
    mesh = replace(base(), products={each.name: each for each in (own, part, rest)}, subscriptions={}, written={})
    assert product_databases(mesh) == {"own", "more", "lake", "other"}
    assert (product_at(mesh, "own"), product_at(mesh, "more", "later")) == (own, own)
    assert (product_at(mesh, "lake", "x0"), product_at(mesh, "other", "x1"), product_at(mesh, "lake", "y")) == (
        part,
        part,
        rest,
    )
    assert (product_at(mesh, "lake"), product_at(mesh, "lake", "x1"), product_at(mesh, "none", "t")) == (
        None,
        None,
        None,
    )
    assert (products_in(mesh, "lake"), products_in(mesh, "other")) == ((part, rest), (part,))


def test_the_examples_of_the_page_fit_into_the_mesh() -> None:
    page = (ROOT / "docs/mesh-language.md").read_text(encoding="utf-8")
    examples = [text for text in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "product" in text.split("\n")[0]]
    chosen = [text for text in examples if "trade_2019" in text or "extent" in text]
    assert len(chosen) == 2
    files = dict(FILES)
    for number, text in enumerate(chosen):
        said = {"apiVersion": "meshform/v1", "kind": "Product", "name": f"p{number}", "domain": "sales", "owner": "x"}
        files[f"domains/sales/products/p{number}.yaml"] = yaml.safe_dump(
            {**said, "description": "x", **yaml.safe_load(text)}
        )
    found = loaded(files)
    assert found.mesh is not None, found.findings
    assert found.mesh.products["p0"].databases == ("trades", "trades_archive")
    assert product_at(found.mesh, "dbt_marts", "loss_event") is found.mesh.products["p1"]


def test_who_may_make_tables_beside_another_product_has_nothing_of_its_tables_by_that() -> None:
    writer = {"name": "etl", "role": "etl"}
    one = product(
        "one", [{"name": "a", "definition": "external"}], None, database="lake", extent="tables", writers=[writer]
    )
    two = product("two", [{"name": "b", "definition": "external"}], None, database="lake", extent="tables")
    mesh = replace(base(), products={each.name: each for each in (one, two)}, subscriptions={}, written={})
    central, etl = mesh.central.id, writer_arn(mesh, one, one.writers[0])
    made = {
        table: is_its_makers(mesh, "lake", Grant(etl, OnTable(central, "lake", table), "SELECT"))
        for table in ("a", "b", "nobodys")
    }
    assert made == {"a": True, "b": False, "nobodys": True}


def test_a_table_beside_those_of_a_hybrid_domain_is_not_open_to_iam_by_that() -> None:
    hybrid = base().domains["sales"].model_copy(update={"hybrid": True})
    domains = {"sales": base().domains["sales"], "open": hybrid.model_copy(update={"name": "open"})}
    one = product("one", [{"name": "a", "definition": "external"}], None, database="lake", extent="tables")
    two = product(
        "two", [{"name": "b", "definition": "external"}], None, database="lake", extent="tables", domain="open"
    )
    mesh = replace(
        base(), domains=domains, products={each.name: each for each in (one, two)}, subscriptions={}, written={}
    )
    found = {table: is_hybrid(OnTable(mesh.central.id, "lake", table), mesh) for table in ("a", "b")}
    assert found == {"a": False, "b": True}
