"""Tables whose values name their column, changed at random, and read before and after, beside the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from reconciler.access import Access, AccessEntry, difference
from reconciler.access.algebra.rows import ALL_ROWS
from reconciler.access.differences.compare import OTHER_VALUES
from reconciler.kinds.glue.compatibility import judgements
from reconciler.kinds.glue.table import Table
from tests.access.agreement import asked
from tests.access.lake import PRINCIPALS, Lake
from tests.access.worlds import settle
from tests.estate import CENTRAL
from tests.sandbox.files import FORMATS, SERIALIZERS, objects, table_input

DATABASE, NAMES = "credit-card", "abcdefgh"
READERS = PRINCIPALS[:2]

Cells = frozenset[str]
Whose = Mapping[str, str | None]
"""Of each column the column of the files whose values it shows."""


@dataclass(frozen=True)
class Looked:
    """A state of the table: what the product says of it, what each reader sees, whose filter is refused, and whose
    values each column shows."""

    access: Access
    table: Table
    seen: Mapping[str, Cells]
    refused: frozenset[str]
    whose: Whose


@dataclass(frozen=True)
class Played:
    """One change: its format, the kinds of change in it, and where the verdict and the values disagree."""

    form: str
    kinds: tuple[str, ...]
    disagreements: tuple[str, ...]
    moved: bool


def play(lake: Lake, seed: int) -> Played:
    """Make the table of a seed, change it, and compare."""
    random = Random(seed)
    form = random.choice(FORMATS)
    columns = random.sample(NAMES[:6], random.choice((2, 3, 4, 5)))
    location = f"s3://lake/shift/{seed}/"
    s3, keys = lake.client("s3", CENTRAL), []
    for key, body in objects(form, [{name: f"{name}-{row}" for name in columns} for row in (1, 2)], location).items():
        keys.append(f"shift/{seed}/{key}")
        s3.put_object(Bucket="lake", Key=keys[-1], Body=body)
    _fill(lake, random, table_input(form, "t", columns, location))
    before = _look(lake)
    kinds = _change(lake, random, form)
    after = _look(lake)
    for key in keys:
        s3.delete_object(Bucket="lake", Key=key)
    found = tuple(f"seed {seed}, {form}, {', '.join(kinds)}: {each}" for each in _disagreements(before, after))
    return Played(form, kinds, found, any(old != after.whose.get(name) for name, old in before.whose.items()))


def _fill(lake: Lake, random: Random, table: dict[str, Any]) -> None:
    lake.empty()
    settle(lake, CENTRAL)
    lf, glue = lake.client("lakeformation", CENTRAL), lake.client("glue", CENTRAL)
    lf.register_resource(ResourceArn="arn:aws:s3:::lake", UseServiceLinkedRole=True)
    glue.create_database(DatabaseInput={"Name": DATABASE})
    glue.create_table(DatabaseName=DATABASE, TableInput=table)
    names = [column["Name"] for column in table["StorageDescriptor"]["Columns"]]
    for reader in READERS:
        shown = random.sample(names, random.randint(1, len(names)))
        if random.random() < 0.3:
            by = random.choice(names)
            _filter(lake, reader, f"{by} = '{by}-1'", shown)
        else:
            _grant(lake, reader, shown)


def _filter(lake: Lake, reader: str, rows: str, shown: list[str]) -> None:
    lf, name = lake.client("lakeformation", CENTRAL), f"for-{reader.rpartition('/')[2]}"
    place = {"TableCatalogId": CENTRAL, "DatabaseName": DATABASE, "TableName": "t", "Name": name}
    lf.create_data_cells_filter(TableData={**place, "RowFilter": {"FilterExpression": rows}, "ColumnNames": shown})
    lf.grant_permissions(
        Principal={"DataLakePrincipalIdentifier": reader},
        Resource={"DataCellsFilter": place},
        Permissions=["SELECT"],
    )


def _grant(lake: Lake, reader: str, columns: list[str]) -> None:
    lake.client("lakeformation", CENTRAL).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": reader},
        Resource={"TableWithColumns": {"DatabaseName": DATABASE, "Name": "t", "ColumnNames": columns}},
        Permissions=["SELECT"],
    )


def _change(lake: Lake, random: Random, form: str) -> tuple[str, ...]:
    """One or two changes at once, and grants on some of the columns that are new by name."""
    glue = lake.client("glue", CENTRAL)
    record = glue.get_table(DatabaseName=DATABASE, Name="t")["Table"]
    given = {name: record[name] for name in ("Name", "TableType", "Parameters", "StorageDescriptor")}
    columns: list[dict[str, str]] = given["StorageDescriptor"]["Columns"]
    old = [column["Name"] for column in columns]
    kinds = []
    for _ in range(random.choice((1, 1, 2))):
        kinds.append(
            random.choice(("swap", "swap", "put in", "put in", "append", "remove", "remove", "rename", "rename"))
        )
        _columns(random, kinds[-1], columns)
    if form != "iceberg" and random.random() < 0.2:
        kinds.append("read otherwise")
        _reading(random, form, given["StorageDescriptor"]["SerdeInfo"])
    glue.update_table(DatabaseName=DATABASE, TableInput=given)
    new = [column["Name"] for column in columns if column["Name"] not in old]
    for reader in READERS:
        if new and random.random() < 0.7:
            _grant(lake, reader, random.sample(new, random.randint(1, len(new))))
    return tuple(kinds)


def _columns(random: Random, kind: str, columns: list[dict[str, str]]) -> None:
    there = {column["Name"] for column in columns}
    fresh = {"Name": random.choice([name for name in NAMES if name not in there]), "Type": "string"}
    place = random.randrange(len(columns))
    match kind:
        case "swap":
            other = random.randrange(len(columns))
            columns[place], columns[other] = columns[other], columns[place]
        case "put in":
            columns.insert(place, fresh)
        case "append":
            columns.append(fresh)
        case "rename":
            columns[place] = fresh
        case "remove" if len(columns) > 1:
            columns.pop(place)


def _reading(random: Random, form: str, serializer: dict[str, Any]) -> None:
    settings = serializer.setdefault("Parameters", {})
    setting = f"{form.partition('-')[0]}.column.index.access"
    if form.startswith(("parquet", "orc")) and random.random() < 0.7:
        settings[setting] = random.choice(("true", "false"))
    elif form == "lazy" and random.random() < 0.7:
        settings["field.delim"] = random.choice((";", "-", ","))
    elif form == "json" and random.random() < 0.7:
        settings[f"mapping.{random.choice(NAMES)}"] = random.choice(NAMES)
    else:
        serializer["SerializationLibrary"] = SERIALIZERS[random.choice([f for f in FORMATS if f != "iceberg"])]


def _look(lake: Lake) -> Looked:
    access = lake.observed()
    (table,) = access.state.snapshot.of(Table)
    columns = [column.name for column in table.spec.columns]
    answers = {reader: asked(lake.athena(reader), f'SELECT * FROM "{DATABASE}"."t"') for reader in READERS}
    seen = {reader: _cells(*answer) for reader, answer in answers.items()}
    # A filter that names a column that is no longer there fails all of its reader's queries.
    refused = frozenset(reader for reader, (_, rows) in answers.items() if "INVALID_ROW_FILTER" in str(rows))
    ended, rows = asked(lake.client("athena", CENTRAL), f'SELECT * FROM "{DATABASE}"."t"')
    first = rows[1] if ended == "SUCCEEDED" and len(rows) > 1 else [None] * len(columns)
    whose = {name: (value or "").partition("-")[0] or None for name, value in zip(columns, first, strict=True)}
    return Looked(access, table.spec, seen, refused, whose)


def _cells(ended: str, rows: list[list[str | None]]) -> Cells:
    return frozenset(cell for row in rows[1:] for cell in row if cell) if ended == "SUCCEEDED" else frozenset()


def _disagreements(before: Looked, after: Looked) -> Iterator[str]:
    told = difference(before.access, after.access)
    judged = list(judgements(before.table, after.table))
    sure = not any(each.sort in ("format", "recut") for each in judged)
    for reader in READERS:
        gained = [entry for entry in told.gained if entry.principal == reader]
        lost = [entry for entry in told.lost if entry.principal == reader]
        more, less = after.seen[reader] - before.seen[reader], before.seen[reader] - after.seen[reader]
        if sure:
            yield from _side(f"{reader} gains", more, gained, before, after)
            if reader not in after.refused:
                yield from _side(f"{reader} loses", less, lost, after, before)
        elif more and not any(OTHER_VALUES in reason for entry in gained for reason in entry.reasons):
            yield f"{reader} comes to read {sorted(more)}, and no doubt is told: {gained}"
    if sure:
        shifted = {each.column for each in judged if each.sort == "shifted"}
        for name, whose in before.whose.items():
            if name in after.whose and (whose != after.whose[name]) != (name in shifted):
                yield f"{name} showed {whose}, now {after.whose[name]}; judged {judged}"


def _side(what: str, cells: Cells, entries: list[AccessEntry], other: Looked, here: Looked) -> Iterator[str]:
    """Where the cells that one state shows beyond the other are not those that the entries tell, either way."""
    seen = {cell.partition("-")[0] for cell in cells}
    columns = {here.whose[name] for entry in entries for name in entry.columns}
    if not seen <= columns:
        yield f"{what} {sorted(cells)}, told {entries}"
    for entry in entries:
        if entry.change == "columns" and entry.rows == ALL_ROWS and entry.principal not in here.refused:
            silent = {here.whose[name] for name in entry.columns} - {None} - seen
            if silent:
                yield f"{what} nothing of {silent}, told {entry}"
        for name, old in entry.values_of:
            if here.whose[name] != other.whose[old]:
                yield f"{what}: {name} does not show the values of {old}: {here.whose}, {other.whose}"
