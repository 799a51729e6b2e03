"""A column gets another name, for a while both: who read its values reads them all the time, and nobody else does."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.making.announcing import renamed, retired
from reconciler.making.edits import Edits
from reconciler.making.removing import removed
from reconciler.making.things import readers, thing_of
from reconciler.making.writing import write
from reconciler.spec.load import load
from reconciler.spec.mesh import Mesh
from reconciler.spec.retiring import BY_NAME, retiring_within
from reconciler.spec.tags import effective_tags, readable_columns
from reconciler.spec.yaml.source import folder_sources
from tests.spec.small import PRODUCT, STUDY, TODAY, changed

UNTIL = date(2027, 6, 30)
COLUMNS = "      - {name: id, type: string}\n      - {name: amount, type: int}\n"
CENTRAL = ("accounts/central.yaml", "parts: [central]", "parts: [central, consumer]")


def mesh_in(folder: str | Path) -> Mesh:
    loaded = load(folder_sources(Path(folder)), TODAY)
    assert loaded.mesh is not None, loaded.findings
    return loaded.mesh


def put(folder: str | Path, edits: Edits) -> Mesh:
    write(Path(folder), edits.files)
    return mesh_in(folder)


def files_in(folder: Path, *changes: tuple[str, str, str]) -> Path:
    write(folder, changed(*changes))
    return folder


names = st.lists(st.sampled_from(["id", "amount", "email"]), min_size=1, unique=True)
shares = st.one_of(
    st.just("clearance: {sensitivity: [internal]}"),
    names.map(lambda each: f"tables: [{{name: order, columns: [{', '.join(each)}]}}]"),
    st.lists(st.sampled_from(["id", "amount"]), min_size=1, max_size=1).map(
        lambda each: f"tables: [{{name: order, exclude: [{each[0]}]}}]"
    ),
    st.just("tables:\n  - name: order\n    columns: [id]\n    rows: amount > 1 AND NOT (id = 'amount')"),
)


@settings(max_examples=25, deadline=None)
@given(shares, st.sampled_from(["amount", "id"]), st.sampled_from(["parquet", "json", "csv", "orc"]), st.booleans())
def test_who_read_the_values_reads_them_all_the_time_and_nobody_else(
    share: str, old: str, form: str, has_rules: bool
) -> None:
    rules = (
        '    quality:\n      - rule: IsComplete "amount"\n      - {rule: ColumnValues "id" > "amount", promise: 0.9}\n'
    )
    with TemporaryDirectory() as place:
        edited = [
            (STUDY, "clearance: {sensitivity: [internal]}", share),
            (STUDY, "consumer: lab", "consumer: lab # ours"),
        ]
        edited += [("consumers/lab/consumer.yaml", "account: lab", "account: central"), CENTRAL]
        more = f"    format: {form}\n{rules if has_rules else ''}    partitionKeys:"
        files_in(Path(place), (PRODUCT, "    partitionKeys:", more), *edited)
        first = mesh_in(place)
        before = _read(first)
        both = put(place, renamed(first, thing_of(first, f"order.{old}"), "new", UNTIL))
        expected = before | {"new"} if old in before and form in BY_NAME else before
        assert _read(both) == expected
        (thing,) = retiring_within(both, date(2027, 7, 1), 0)[0]
        after = put(place, removed(both, thing))
        assert _read(after) == frozenset("new" if name == old else name for name in before)
        table = after.products["orders"].table("order")
        assert {each.name for each in table.columns} == ({"id", "amount", "email"} - {old}) | {"new"}
        was = first.products["orders"].table("order")
        assert _tags(after, "new") == _tags(first, old)
        assert len(table.quality) == len(was.quality)
        assert [each.promise for each in table.quality].count(0.9) == (1 if has_rules else 0)
        assert not retiring_within(after, date(2030, 1, 1), 0)[0]
        assert "# ours" in (Path(place) / STUDY).read_text()
        assert yaml.safe_load((Path(place) / STUDY).read_text())["purpose"] == "A study."


def _read(mesh: Mesh) -> frozenset[str]:
    product = mesh.products["orders"]
    return frozenset(readable_columns(mesh, mesh.subscriptions["study"], product, product.tables[0]))


def _tags(mesh: Mesh, column: str) -> dict[str, str]:
    product = mesh.products["orders"]
    table = product.tables[0]
    return dict(effective_tags(mesh, product, table, table.column(column)))


@pytest.mark.parametrize(
    ("name", "gone"),
    [("orders", True), ("order", True), ("sales/orders", True), ("order.email", False)],
)
def test_what_is_past_its_day_goes_with_what_names_it(name: str, gone: bool, tmp_path: Path) -> None:
    files_in(tmp_path)
    mesh = mesh_in(tmp_path)
    thing = thing_of(mesh, name)
    assert [*readers(mesh, thing)] == ([] if name == "order.email" else ["lab/analyst: study, owner lab-team"])
    announced = put(tmp_path, retired(mesh, thing, UNTIL, None, "Nobody looks after it."))
    assert _read(announced) == _read(mesh), "nothing is taken away by it"
    (due,) = retiring_within(announced, date(2027, 7, 1), 0)[0]
    assert retiring_within(announced, UNTIL, 0) == ([], [due])
    edits = removed(announced, due)
    write(tmp_path, edits.files)
    assert (tmp_path / PRODUCT).exists() != gone
    assert (tmp_path / STUDY).exists() != gone
    assert mesh_in(tmp_path).products.keys() == (set() if gone else {"orders"})


def test_a_list_with_the_gone_column_only_does_not_become_one_of_all_columns(tmp_path: Path) -> None:
    share = "tables: [{name: order, columns: [email]}]"
    files_in(tmp_path, (STUDY, "clearance: {sensitivity: [internal]}", share))
    mesh = mesh_in(tmp_path)
    announced = put(tmp_path, retired(mesh, thing_of(mesh, "order.email"), UNTIL))
    (due,) = retiring_within(announced, date(2027, 7, 1), 0)[0]
    assert put(tmp_path, removed(announced, due)).written == {}


@pytest.mark.parametrize("shared", [False, True], ids=["its own", "of two tables"])
@pytest.mark.parametrize("name", ["orders", "orders.price"])
def test_a_contract_goes_with_the_last_table_that_it_describes(name: str, shared: bool, tmp_path: Path) -> None:
    tables = "tables:\n  - {name: price, contract: prices.odcs.yaml}\n"
    tables += "  - {name: offer, contract: prices.odcs.yaml}\n" if shared else ""
    files_in(tmp_path, (PRODUCT, "tables:\n", tables))
    contract = tmp_path / PRODUCT.replace("orders.yaml", "prices.odcs.yaml")
    schema = "".join(
        f"  - name: {each}\n    properties: [{{name: isin, logicalType: string}}]\n" for each in ("price", "offer")
    )
    contract.write_text(
        f"apiVersion: v3.0.2\nkind: DataContract\nid: p\nversion: 1.0.0\nstatus: active\nschema:\n{schema}"
    )
    mesh = mesh_in(tmp_path)
    announced = put(tmp_path, retired(mesh, thing_of(mesh, name), UNTIL))
    (due,) = retiring_within(announced, date(2027, 7, 1), 0)[0]
    put(tmp_path, removed(announced, due))
    assert contract.exists() == (shared and name == "orders.price")
