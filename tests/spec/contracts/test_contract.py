"""Open Data Contract Standard files give a table its columns and quality, and every fault is told in the contract."""

# A case is a line, however long.
# ruff: noqa: E501

from __future__ import annotations

import pytest

from reconciler.spec.tags import effective_tags
from tests.counted import work
from tests.spec.small import PRODUCT, changed, loaded, places, said

COLUMNS = """    columns:
      - {name: id, type: string}
      - {name: amount, type: int}
      - {name: email, type: string, tags: {sensitivity: secret}}
    partitionKeys:
      - {name: day, type: date}
"""
PATH = "domains/sales/contracts/orders.odcs.yaml"
CONTRACT = """\
apiVersion: v3.1.0
kind: DataContract
id: 1b2c
version: 1.0.0
status: active
schema:
  - name: Orders
    physicalName: ORDER
    description: One row per order.
    quality:
      - {metric: rowCount, mustBeGreaterThan: 10}
    properties:
      - {name: id, physicalType: VARCHAR(36), primaryKey: true}
      - name: amount
        logicalType: integer
        logicalTypeOptions: {format: i64}
        required: true
        quality:
          - {metric: nullValues, mustBe: 0}
          - {type: custom, engine: dqdl, implementation: ColumnValues "amount" > 0}
      - {name: Email, logicalType: string, classification: Secret, description: Where to write to}
      - {name: day, logicalType: date, partitioned: true, partitionKeyPosition: 1}
      - {name: lines, logicalType: array, items: {logicalType: object, properties: [{name: sku, logicalType: string}]}}
"""


def with_contract(*changes: tuple[str, str, str]) -> dict[str, str]:
    added = [(PRODUCT, COLUMNS, "    contract: ../contracts/orders.odcs.yaml\n"), (PATH, "", CONTRACT)]
    return changed(*added, *changes)


def test_columns_types_keys_and_quality_come_from_the_contract() -> None:
    found = loaded(with_contract())
    assert found.findings == ()
    assert found.mesh is not None
    table = found.mesh.products["orders"].tables[0]
    assert [(column.name, column.type, dict(column.tags)) for column in table.columns] == [
        ("id", "varchar(36)", {}),
        ("amount", "bigint", {}),
        ("email", "string", {"sensitivity": "secret"}),
        ("lines", "array<struct<sku:string>>", {}),
    ]
    assert [(key.name, key.type) for key in table.partition_keys] == [("day", "date")]
    assert table.description == "One row per order."
    assert [rule.rule for rule in table.quality] == [
        'IsPrimaryKey "id"',
        'IsComplete "amount"',
        'ColumnValues "amount" > 0',
        "RowCount > 10",
    ]


def test_a_column_of_a_contract_points_into_the_contract() -> None:
    mesh = loaded(with_contract()).mesh
    assert mesh is not None
    product = mesh.products["orders"]
    assert str(product.at("tables", 0, "columns", 2, "tags", "sensitivity")) == f"mesh/{PATH}:21:44"
    assert str(product.at("tables", 0, "columns", 1, "type")) == f"mesh/{PATH}:15:9"
    assert str(product.at("tables", 0, "partitionKeys", 0)) == f"mesh/{PATH}:22:9"
    assert str(product.at("tables", 0, "name")) == "mesh/domains/sales/products/orders.yaml:10:5"


def test_a_column_without_classification_has_the_default_of_the_table() -> None:
    mesh = loaded(with_contract()).mesh
    assert mesh is not None
    product = mesh.products["orders"]
    table = product.tables[0]
    levels = [effective_tags(mesh, product, table, column)["sensitivity"] for column in table.columns]
    assert levels == ["internal", "internal", "secret", "internal"]


SKIPPED = "- §{type: sql, query: SELECT 1}"
FAULTS: list[tuple[str, str, list[tuple[str, str, str]]]] = [
    ("contract-version", "v3.1.0", [(PATH, "apiVersion: v3.1.0", "§apiVersion: v2.2.2")]),
    ("contract-not-found", "did you mean", [(PRODUCT, "contract: ../contracts/orders", "§contract: ../contracts/order")]),
    ("contract-not-found", "describes no table order", [(PRODUCT, "contract:", "§contract:"), (PATH, "ORDER", "x")]),
    ("contract-not-found", "../", [(PRODUCT, "contract: ../contracts", "§contract: ../../../../etc")]),
    ("contract-and-columns", "keep one", [(PRODUCT, "    contract:", "    columns: [{name: a, type: int}]\n    §contract:")]),
    ("contract-type", "lines", [(PATH, "- {name: lines, logicalType: array, items", "- §{name: lines, logicalType: array, x")]),
    ("contract-quality-skipped", "left out", [(PATH, "- {metric: nullValues, mustBe: 0}", SKIPPED)]),
    ("contract-type-guessed", "the logicalType makes amount bigint", [(PATH, "        logicalType: integer\n", "        §physicalType: GEOGRAPHY\n        logicalType: integer\n")]),
    ("contract-label", "did you mean secret", [(PATH, "properties: [{name: sku, logicalType: string}]", "properties: [{name: sku, logicalType: string, §classification: Secrets}]")]),
    ("contract-label", "reads its partition keys", [(PATH, "{name: day, logicalType: date, ", "{name: day, logicalType: date, §classification: secret, ")]),
    ("contract-label-raised", "lines.sku is secret", [(PATH, "{name: lines, ", "{name: lines, classification: internal, "), (PATH, "sku, logicalType: string", "sku, logicalType: string, §classification: secret")]),
    ("unknown-tag-value", "did you mean secret", [(PATH, "classification: Secret", "§classification: Secrets")]),
    ("glue-name", "`name`", [(PATH, "{name: Email,", "{§name: E*Mail,")]),
    ("missing-field", "`name`", [(PATH, "  - name: Orders\n    physicalName", "  - §physicalName")]),
    ("wrong-type", "`required`", [(PATH, "        required: true", "        §required: 1")]),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "part", "changes"), FAULTS, ids=[f"{rule}-{part}" for rule, part, _ in FAULTS])
def test_faults_are_told_where_they_are(rule: str, part: str, changes: list[tuple[str, str, str]]) -> None:
    files, marked = places(with_contract(*changes))
    found = [text for text in said(files) if f"  {rule}  " in text]
    assert [text.split("  ")[0] for text in found] == marked, said(files)
    assert part in found[0]


def test_a_contract_that_no_table_uses_is_a_warning() -> None:
    files = changed((PATH, "", CONTRACT))
    assert [text.split("  ")[:2] for text in said(files)] == [[f"mesh/{PATH}:1:1", "contract-unused"]]


def test_each_of_many_tables_finds_its_own_part_of_one_contract() -> None:
    one = "  - name: t{0}\n    properties: [{{name: c{0}, logicalType: string}}]\n"
    contract = CONTRACT[: CONTRACT.index("  - name: Orders")] + "".join(one.format(n) for n in range(300))
    tables = "".join(f"  - {{name: t{n}, contract: ../contracts/orders.odcs.yaml}}\n" for n in reversed(range(300)))
    found = loaded(changed((PRODUCT, "", tables), (PATH, "", contract)))
    assert found.mesh is not None, found.findings
    product = found.mesh.products["orders"]
    assert [table.columns[0].name for table in product.tables[1:]] == [f"c{n}" for n in reversed(range(300))]
    assert product.at("tables", 1, "columns", 0, "name").line == 6 + 299 * 2 + 2


def test_types_of_other_databases_and_descriptions_of_several_lines_are_understood() -> None:
    files = with_contract(
        (PATH, "        logicalType: integer\n", "        physicalType: NUMERIC(12,2)\n        logicalType: number\n"),
        (PATH, "description: Where to write to}", 'description: "Where to\\n  write to.\\n"}'),
    )
    mesh = loaded(files).mesh
    assert mesh is not None
    table = mesh.products["orders"].tables[0]
    assert table.column("amount").type == "decimal(12,2)"
    assert table.column("email").description == "Where to write to."


def test_what_is_not_read_is_told_by_name_and_line_and_nothing_else_is() -> None:
    more = "price: {priceAmount: 1}\nslaProperties:\n  - {property: latency, value: 1, unit: d}\n  - {property: retention, value: 3, unit: y}\n"
    files = with_contract((PATH, "schema:\n", f"{more}schema:\n"), (PATH, "{name: id, ", "{name: id, examples: [a], "))
    told = [text for text in said(files) if "contract-not-read" in text]
    assert len(told) == 1
    assert told[0].startswith(f"mesh/{PATH}:6:1")
    assert told[0].endswith(
        "not read: price (line 6), schema.properties.examples (line 17), slaProperties of retention (line 9)"
    )


def test_a_promised_latency_is_the_freshness_of_a_product_that_says_none() -> None:
    sla = "slaProperties: [{property: Latency, value: 4, unit: d}, {property: freshness, value: 90, unit: minutes}]\n"
    found = loaded(with_contract((PATH, "", sla)))
    assert found.mesh is not None
    product = found.mesh.products["orders"]
    assert product.freshness is not None
    assert product.freshness.max_age == "90m"
    own = loaded(
        with_contract((PATH, "", sla), (PRODUCT, "database: orders", "database: orders\nfreshness: {maxAge: 7d}"))
    )
    assert own.mesh is not None
    assert own.mesh.products["orders"].freshness is not None
    assert own.mesh.products["orders"].freshness.max_age == "7d"


def test_maps_are_read_in_the_words_of_the_newest_version() -> None:
    part = "- {name: lines, logicalType: map, map: {key: {logicalType: string}, value: {logicalType: array, items: {logicalType: integer}}}}"
    old = "- {name: lines, logicalType: array, items: {logicalType: object, properties: [{name: sku, logicalType: string}]}}"
    found = loaded(with_contract((PATH, "apiVersion: v3.1.0", "apiVersion: v3.2.0"), (PATH, old, part)))
    assert found.mesh is not None, found.findings
    assert found.mesh.products["orders"].tables[0].column("lines").type == "map<string,array<int>>"


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("logicalTypeOptions: {format: i64}", "logicalTypeOptions: {format: [i64]}", []),
        ('implementation: ColumnValues "amount" > 0', 'implementation: "Column\\aValues > 0"', ["empty-text"]),
    ],
)
def test_what_no_field_takes_is_told_at_its_place(old: str, new: str, rules: list[str]) -> None:
    found = said(with_contract((PATH, old, new)))
    assert [text.split("  ")[1] for text in found] == rules
    assert all(text.startswith(f"mesh/{PATH}:20:13") for text in found)


def test_wrong_paths_of_many_contracts_are_not_compared_with_each_other() -> None:
    """Each table names a contract that is not there, and as many others are."""

    def of(count: int) -> dict[str, str]:
        tables = "".join(f"  - {{name: t{each}, contract: ../c/x{each}.yaml}}\n" for each in range(count))
        body = "apiVersion: v3.1.0\nkind: DataContract\nid: a\nversion: 1.0.0\nstatus: active\nschema: []\n"
        head = changed()[PRODUCT].partition("tables:")[0]
        return {**changed(), PRODUCT: f"{head}tables:\n{tables}"} | {
            f"domains/sales/c/t{each}.yaml": body for each in range(count)
        }

    few, many = of(100), of(400)
    once, often = work(lambda: said(few)), work(lambda: said(many))
    assert often < 5 * once
