"""CSV files as people have them: delimiters, quotes, headers, encodings, and what is none."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.errors import MeshformError
from reconciler.making.csv_file import csv_table
from reconciler.making.read import read_table
from reconciler.spec.documents.table import Table
from reconciler.spec.language.glue_types import is_glue_type
from reconciler.spec.language.validation_messages import wrong_value


def written(folder: Path, text: str | bytes, name: str = "my Orders.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_names_types_and_the_sign_between(delimiter: str, tmp_path: Path) -> None:
    rows = [
        ("Id", "Größe in m", "PLZ", "When", "When"),
        ("1", "2.5", "01067", "2026-01-01", "x"),
        ("2", "", "1", "", ""),
    ]
    table = csv_table(written(tmp_path, "\n".join(delimiter.join(row) for row in rows)))
    assert [(each.name, each.type) for each in table.columns] == [
        ("id", "int"),
        ("grosse_in_m", "double"),
        ("plz", "string"),
        ("when", "date"),
        ("when_2", "string"),
    ]
    assert table.name == "my_orders"
    assert table.csv == {"header": True, "delimiter": delimiter}
    assert any("'Größe in m'" in line for line in table.told)


def test_what_stands_in_quotes_is_read_by_the_serializer_that_knows_them(tmp_path: Path) -> None:
    table = csv_table(written(tmp_path, 'a,b,c,d\n1,"x, y",2026-01-01,1\n2,z,2026-01-02,\n'))
    assert table.csv["serializer"] == "openCsv"
    assert [each.type for each in table.columns] == ["int", "string", "string", "string"]
    assert [bool(each.remark) for each in table.columns] == [False, False, True, True]


def test_without_a_header_columns_have_numbers(tmp_path: Path) -> None:
    table = csv_table(written(tmp_path, "1,a\n2,b\n"))
    assert table.csv["header"] is False
    assert [each.name for each in table.columns] == ["column_1", "column_2"]
    assert [each.type for each in table.columns] == ["int", "string"]


def test_packed_with_a_mark_in_front_and_in_folders_of_partitions(tmp_path: Path) -> None:
    place = tmp_path / "Shop Orders" / "Year=2026" / "country=de"
    place.mkdir(parents=True)
    path = place / "part-0.csv.gz"
    path.write_bytes(gzip.compress("\ufeffid,x\n1,2\n".encode()))
    table = read_table(str(path))
    assert [each.name for each in table.columns] == ["id", "x"]
    assert [key.name for key in table.partition_keys] == ["year", "country"]
    assert table.name == "shop_orders"


def test_a_key_that_is_a_column_too_is_no_partition_key(tmp_path: Path) -> None:
    (tmp_path / "year=2026").mkdir()
    table = read_table(str(written(tmp_path / "year=2026", "id,year\n1,2026\n")))
    assert table.partition_keys == ()
    assert any("no partition key" in line for line in table.told)


def test_a_header_may_have_a_gap_and_one_of_numbers_is_none(tmp_path: Path) -> None:
    table = csv_table(written(tmp_path, ",a\n0,x\n"))
    assert [each.name for each in table.columns] == ["column_1", "a"]
    assert table.csv["header"] is True
    assert csv_table(written(tmp_path, "2025,2026\n1,2\n")).csv["header"] is False


def test_another_encoding_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "name,x\nMüller,1\n".encode("latin-1"))
    with pytest.raises(MeshformError, match="not written in utf-8"):
        csv_table(path)
    assert any("convert the file" in line for line in csv_table(path, "latin-1").told)
    with pytest.raises(MeshformError, match="not written in klingon"):
        csv_table(path, "klingon")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"a,b\n1,2\n1,2,3\n", "3: the row has 3 instead of 2"),
        (b"a,b\n1,2\n" * 60 + b"1\n", "the row has 1 instead of 2"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "field larger"),
        (b"\xff\xfe\x00", "not written in utf-8"),
    ],
)
def test_what_is_no_table_is_told_with_its_line(content: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(MeshformError, match=words):
        csv_table(written(tmp_path, content))


def test_what_is_called_packed_and_is_not(tmp_path: Path) -> None:
    with pytest.raises(MeshformError, match="no CSV file"):
        csv_table(written(tmp_path, "a,b\n", "x.csv.gz"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(st.text(max_size=6), min_size=2, max_size=2), min_size=1, max_size=5))
def test_whatever_a_file_holds_the_table_is_one_or_the_file_is_refused(rows: list[list[str]], tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    try:
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
        table = csv_table(path)
    except (MeshformError, UnicodeEncodeError):
        return
    columns = [{"name": each.name, "type": each.type} for each in table.columns]
    assert wrong_value(Table, "name", table.name) is None
    assert len({each["name"] for each in columns}) == len(columns)
    for column in columns:
        assert is_glue_type(column["type"])
        assert Table.model_validate({"name": "t", "columns": [column]})
