"""What became of columns, commit by commit; what is no document says nothing and breaks nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from reconciler.aws.evidence_store import FolderStore
from reconciler.history.recorded import line_of, recorded
from reconciler.history.schema_changes import SchemaChange, schema_changes
from tests.history.repository import Repository

PATH = "domains/sales/products/orders.yaml"
HEAD = "kind: Product\nname: orders\ntables:\n"
LINE = "- {name: line, columns: [{name: amount, type: int}, {name: city, type: string, tags: {s: low}}]}\n"
AMOUNT, CITY = ("line", "amount"), ("line", "city")
CAME, WENT = ("added", "", "", False), ("removed", "", "", True)


def changes(repository: Repository, since: date = date(2026, 1, 1)) -> list[SchemaChange]:
    store = FolderStore(str(repository.folder / ".meshform"), "journal/")
    folder, index = str(repository.folder / "mesh"), str(repository.folder / "index")
    with recorded(line_of(folder), "mesh", store, index) as known:
        return list(schema_changes(known, since))


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (LINE.replace("int", "bigint"), [(*AMOUNT, "type", "int", "bigint", True)]),
        (LINE.replace("low", "high"), [(*CITY, "label", "s=low", "s=high", False)]),
        (LINE.replace("{name: amount, type: int}, ", ""), [(*AMOUNT, *WENT)]),
        (LINE.replace("type: int", "type: int, description: x"), [(*AMOUNT, "meaning", "", "x", False)]),
        (LINE.replace("name: city", "name: town"), [(*CITY, *WENT), ("line", "town", *CAME)]),
        (LINE + "- {name: more, columns: []}\n", [("more", "", *CAME)]),
        (LINE.replace("name: line", "name: row"), [("line", "", *WENT), ("row", "", *CAME)]),
        ("- [not, a, table]\n", []),
        ("- {name: line, columns: 7}\n", []),
        ("&a [*a]\n", []),
    ],
)
def test_each_sort_of_change(tmp_path: Path, new: str, says: list[tuple[object, ...]]) -> None:
    repository = Repository(tmp_path)
    first = repository.commit("2026-11-01T10:00:00Z", "One", {PATH: HEAD + LINE})
    second = repository.commit("2026-11-02T10:00:00Z", "Two", {PATH: HEAD + new})
    found = changes(repository)
    said = sorted((each.table, each.column, each.what, each.was, each.now, each.breaks) for each in found)
    assert said == sorted(says)
    for each in found:
        assert (each.commit, each.parent, each.product) == (second, first, "orders")
        assert each.by.startswith("ada")
    assert changes(repository, date(2026, 11, 3)) == []


def test_a_product_that_comes_or_goes_is_no_change_of_its_columns(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit("2026-11-01T10:00:00Z", "One", {PATH: HEAD + LINE})
    repository.commit("2026-11-02T10:00:00Z", "Two", {PATH: None})
    assert changes(repository) == []
