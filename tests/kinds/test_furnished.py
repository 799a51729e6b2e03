"""What others set on a thing stays when we change it: every member that AWS takes, through each update that replaces.

Rows are made of botocore's own shapes, so a new member of AWS is a new case here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session
import pytest

from reconciler.kinds import registry
from reconciler.model.address import Placement
from reconciler.model.resource import AnyResource
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh
from tests.estate import mesh_of
from tests.kinds.full import full

Path = tuple[str | int, ...]
KINDS = {
    "database": ("glue", "GetDatabases", "DatabaseList", "UpdateDatabase", "DatabaseInput"),
    "glue-job": ("glue", "GetJobs", "Jobs", "UpdateJob", "JobUpdate"),
    "lake-settings": (
        "lakeformation",
        "GetDataLakeSettings",
        "DataLakeSettings",
        "PutDataLakeSettings",
        "DataLakeSettings",
    ),
    "table": ("glue", "GetTables", "TableList", "UpdateTable", "TableInput"),
}
"""Kinds whose update replaces a whole document: how it is listed, and where it is written."""

NOT_OURS_TO_KEEP = {
    # A link and a federated database are no databases of ours; a view or a federated table is no table of files.
    "database": {"TargetDatabase", "FederatedDatabase", "CreateTableDefaultPermissions"},
    "table": {"TargetTable", "FederatedTable", "ViewDefinition", "ViewOriginalText", "ViewExpandedText", "TableType"},
    # The capacity of a job is said by its workers; AWS takes one or the other. Its arguments are declared as a whole.
    "glue-job": {"AllocatedCapacity", "MaxCapacity", "DefaultArguments"},
    "lake-settings": {"CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions"},
}


class Answers:
    """A reader that has one answer."""

    role = "reader"

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows

    def read(self, *_: Any, **__: Any) -> dict[str, Any]:
        return {"DataLakeSettings": self.rows[0]}

    def once(self, key: str, make: Any) -> Any:
        return make()

    def pages(self, placement: Placement, service: str, operation: str, *_: Any, **__: Any) -> Iterator[Any]:
        if operation == "GetDatabases" and "DatabaseName" in self.rows[0]:
            return iter([{"Name": self.rows[0]["DatabaseName"]}])
        return iter(self.rows)


def filled(shape: Any, deep: int = 0) -> Any:
    """A value with every member of a shape set; recursive shapes end after a few steps."""
    match shape.type_name:
        case "structure":
            return {name: filled(each, deep + 1) for name, each in shape.members.items() if deep < 5}
        case "list":
            return [filled(shape.member, deep + 1)] if deep < 5 else []
        case "map":
            return {"theirs": filled(shape.value, deep + 1)}
        case "string":
            return shape.enum[0] if shape.enum else "theirs"
        case "integer" | "long":
            return 7
        case "double" | "float":
            return 7.0
        case "boolean":
            return True
        case other:
            return f"a {other}"


def leaves(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    match value:
        case dict():
            for key, each in value.items():
                yield from leaves(each, (*at, key))
        case list():
            for number, each in enumerate(value):
                yield from leaves(each, (*at, number))
        case _:
            yield at, value


def _row(name: str, shape: Any, want: AnyResource, written: Mapping[str, Any]) -> dict[str, Any]:
    """A row with every member set, of the name of what is wanted and with its columns."""
    row: dict[str, Any] = filled(shape)
    if name == "table":
        for keys, place in (("Columns", row["StorageDescriptor"]), ("PartitionKeys", row)):
            ours = written[keys] if keys in written else written["StorageDescriptor"][keys]
            place[keys] = [{**column, "Parameters": {"iceberg.field.id": "1"}} for column in ours]
        return {**row, "Name": want.spec.table, "DatabaseName": want.spec.database, "TableType": "EXTERNAL_TABLE"}
    if name != "lake-settings":
        row["Name"] = want.address.name
    row.pop("TargetDatabase", None)
    return row


@pytest.mark.parametrize("name", KINDS)
def test_what_others_set_comes_back_as_it_was(name: str) -> None:
    service, listing, items, operation, param = KINDS[name]
    mesh: Mesh = mesh_of(full())
    kind, model = registry()[name], botocore.session.get_session().get_service_model(service)
    want = max(compile_mesh(mesh, registry()).of_kind(name), key=lambda each: len(str(each.spec)))
    written = next(call.params for call in kind.create(want))
    made = next(value for key, value in written.items() if key in (param, "JobUpdate")) if param in written else written
    listed = model.operation_model(listing).output_shape.members[items]
    row = _row(name, listed.member if listed.type_name == "list" else listed, want, made)
    (have,) = [
        each for each in kind.observe(Answers([row]), want.address.placement, mesh) if each.address == want.address
    ]
    (call,) = kind.update(have, kind.merge_unmanaged(want, have))
    assert call.operation == operation
    takes = model.operation_model(operation).input_shape.members[param]
    ours = {path for path, _ in leaves(made)}
    came = dict(leaves(call.params[param]))
    lost = {
        path: value
        for path, value in leaves(row)
        if path[0] in takes.members
        and path[0] not in NOT_OURS_TO_KEEP[name]
        and path not in ours
        and came.get(path) != value
    }
    assert lost == {}
