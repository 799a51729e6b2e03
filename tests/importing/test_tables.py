"""Tables as fields: what decides how the files are read is said as it is, or the table is left to its writer."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reconciler.importing.homes import Home
from reconciler.importing.tables import _files
from reconciler.kinds.glue.column_identity import reading_of
from reconciler.kinds.glue.storage_descriptor import properties_of, storage_of
from reconciler.kinds.glue.table import Table
from reconciler.spec.documents import table as document
from tests.kinds.glue.test_column_identity import HEEDED
from tests.kinds.glue.test_formats import table_of, variant, with_table

KEYS = st.sampled_from([*HEEDED, "comment", "numRows", "table_type", "meshform:mesh"])
VALUES = st.sampled_from(["a", "|", "true", "s3://b/t/", "s3://others/x/", "delta", " ", "a\nb"])
SETTINGS = st.dictionaries(KEYS, VALUES, max_size=3)
LINES = (("format: csv",), ("format: json",), ("format: orc",), ("format: csv", "csv: {serializer: openCsv}"), ())
MESHES = [table_of(with_table(*lines)) if lines else table_of(variant()) for lines in LINES]


@given(st.sampled_from(MESHES), SETTINGS, SETTINGS, st.booleans())
def test_files_are_read_by_the_imported_fields_as_before(
    table: Table, serializer: dict[str, str], own: dict[str, str], managed: bool
) -> None:
    location = "s3://b/t/"
    parameters = {**dict(table.storage.parameters), **serializer}
    storage = replace(table.storage, location=location, parameters=tuple(sorted(parameters.items())))
    found = replace(table, storage=storage, parameters=tuple(sorted(own.items())))
    fields = _files(Home("h", "111111111111", managed, "b", ""), found)
    told = {"name": found.table, **{name: value for name, value in fields.items() if value is not None}}
    said = document.Table.model_validate(told, by_alias=True, by_name=False)
    if said.definition == "external":
        assert found.layout.reading.format == "delta" or {*own, *serializer} & {*HEEDED, "table_type"}
        return
    again = reading_of(storage_of(said, location), tuple(sorted(properties_of(said).items())))
    assert again == found.layout.reading
