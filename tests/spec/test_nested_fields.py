"""Fields of structs that are shared by name: what they mean, what Lake Formation gets, and who reads of what."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import addresses, registry
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.model.address import Placement
from reconciler.model.lakeformation import Grant, OnFilter
from reconciler.model.resource import AnyResource, Resource
from reconciler.plan.compile import compile_mesh
from reconciler.spec.documents.table import Column, Table
from reconciler.spec.nested_fields import as_listed, field_path
from reconciler.spec.tags import readable_columns
from tests.access.building import ANN, access, give, table
from tests.access.building import T as PLACE
from tests.spec.small import PRODUCT, STUDY, changed, loaded

ADDRESS = '{name: address, type: "struct<Zip:string,at:struct<x:double,y:double>>"}'
COLUMNS = (PRODUCT, "{name: amount, type: int}", f"{{name: amount, type: int}}\n      - {ADDRESS}")
BY_NAME = (
    STUDY,
    "clearance: {sensitivity: [internal]}",
    "tables: [{name: order, columns: [id, address.zip, address.at.x]}]",
)

NAME = st.text("abc", min_size=1, max_size=3)


@given(st.lists(NAME, min_size=1, max_size=5), st.text("xyz", min_size=1, max_size=2))
def test_a_field_is_found_by_its_path_and_nothing_else_is(path: list[str], other: str) -> None:
    kind = "int"
    for name in reversed(path[1:]):
        kind = f"struct<{name.upper()}:{kind}>"
    made = Table(name="t", columns=(Column(name=path[0], type=kind),))
    assert field_path(made, ".".join(path)) == tuple(path)
    assert field_path(made, ".".join([*path, other])) == ()
    assert field_path(made, other) == ()
    quoted = ".".join(f'"{name}"' for name in path) if len(path) > 1 else path[0]
    assert as_listed(made, [".".join(path)]) == (quoted,)


def test_a_column_with_a_dot_in_its_name_is_that_column() -> None:
    made = Table(name="t", columns=(Column(name="a", type="struct<b:int>"), Column(name="a.b", type="int")))
    assert field_path(made, "a.b") == ("a.b",)


def test_fields_are_shared_by_a_filter_over_all_rows() -> None:
    mesh = loaded(changed(COLUMNS, BY_NAME)).mesh
    assert mesh is not None
    wanted = compile_mesh(mesh, registry())
    (made,) = wanted.of(DataFilter)
    assert made.spec == DataFilter("orders", "order", ('"address"."at"."x"', '"address"."zip"', "id"), False, "")
    targets = {grant.spec.target for grant in wanted.of(Grant) if grant.spec.principal == "444444444444"}
    assert any(isinstance(target, OnFilter) for target in targets)
    product = mesh.products["orders"]
    assert readable_columns(mesh, mesh.subscriptions["study"], product, product.tables[0]) == ("id", "address")


def test_who_reads_a_field_reads_of_its_column_and_what_is_left_out_leaves_the_rest() -> None:
    for listed, excluded, read in ((('"a"."x"', "b"), False, {"a", "b"}), (('"a"."x"', "b"), True, {"a", "c"})):
        name = f"f{excluded}"
        spec = DataFilter("db", "t", listed, excluded, "")
        found = access(table(), _filter(name, spec), *give(ANN, OnFilter(PLACE.catalog, "db", "t", name)))
        assert set(found.on(ANN, PLACE).columns) == read


def _filter(name: str, spec: DataFilter) -> AnyResource:
    return Resource(addresses.data_filter(Placement(PLACE.catalog, "eu-west-1"), "db", "t", name), spec)
