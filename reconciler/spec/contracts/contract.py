"""Tables whose columns and quality come from an Open Data Contract Standard file."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from reconciler.model.finding import Finding
from reconciler.spec.contracts.classification import Scale, TableLabels
from reconciler.spec.contracts.kept import TABLES, not_read, said
from reconciler.spec.contracts.odcs import Contract, Property, Quality, SchemaObject
from reconciler.spec.contracts.odcs_quality import column_rules, key_rule, rules
from reconciler.spec.contracts.physical_types import glue_type_of
from reconciler.spec.contracts.property_types import property_type
from reconciler.spec.contracts.sla import max_age, not_taken
from reconciler.spec.documents.product import Freshness, Product
from reconciler.spec.documents.table import Column, PartitionKey, QualityRule, Table
from reconciler.spec.language import validation_messages
from reconciler.spec.rule import Rule
from reconciler.spec.suggest import did_you_mean
from reconciler.spec.yaml.source_map import Key, SourceMap

NOT_FOUND = Rule(
    "contract-not-found",
    "error",
    "A table's contract is a data contract file of this mesh, and describes the table.",
    "The path is relative to the product's document and stays inside the mesh. In the file, `name` or `physicalName` "
    "of an object of `schema` is the table's name.",
)
TWICE = Rule(
    "contract-and-columns",
    "error",
    "A table's columns come from its contract or from the product's document, not from both.",
    "Delete `columns` and `partitionKeys` from the table, or its `contract`.",
)
UNTYPED = Rule(
    "contract-type",
    "error",
    "Every column of a contract has a name and a type that Glue knows.",
    "Set `name`, and `physicalType` to a type such as string or decimal(10,2), or `logicalType` to one of the "
    "standard's.",
)
GUESSED = Rule(
    "contract-type-guessed",
    "warning",
    "The physicalType of a column is one whose meaning is known.",
    "Of another one only the logicalType is read, which tells no sizes: money may become a double. Write the type as "
    "Glue does, such as decimal(12,2) or bigint.",
)
SKIPPED = Rule(
    "contract-quality-skipped",
    "warning",
    "Every quality check of a contract is one that Glue Data Quality can make.",
    "Text and SQL checks and some metrics have no rule in DQDL. Write the rule under `quality` of the table, or in the "
    "contract as type custom with engine dqdl.",
)
UNUSED = Rule(
    "contract-unused",
    "warning",
    "Every data contract in the mesh is used by a table.",
    "Name the file in `contract` of a table, or delete it.",
    when_sound=True,
)

UNREAD = Rule(
    "contract-not-read",
    "note",
    "Every field of a data contract is one that a mesh has.",
    "The fields that are named stay in the contract; nothing in AWS follows from them. Relationships, roles and "
    "prices have no field in a mesh.",
    when_sound=True,
)

_SUGGESTED = 20
"""So many mistakes of a product are told with what was meant: each looks through all names that there are."""

Contracts = Mapping[str, tuple[Contract, SourceMap]]


@dataclass(slots=True)
class Imported:
    """A product with its tables complete, what is wrong, and the paths of the contracts that were used."""

    product: Product
    findings: list[Finding] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def near(self, word: str, known: Iterable[str]) -> str:
        """` (did you mean x?)` or nothing."""
        return did_you_mean(word, known) if len(self.findings) < _SUGGESTED else ""


def imported(product: Product, path: str, contracts: Contracts, scale: Scale) -> Imported:
    """A product, read from `path` of the mesh, with the tables that have a contract filled in from it."""
    result = Imported(product)
    if all(table.contract is None for table in product.tables):
        return result
    tables: list[Table] = []
    grafts: dict[Key, SourceMap] = {}
    place = product.source_map
    for index, table in enumerate(product.tables):
        if table.contract is not None:
            found = _found(result, index, table, posixpath.dirname(path), contracts)
            if found is not None:
                described, described_place = found
                usual = table.tags.get(scale.key) or product.tags.get(scale.key, "")
                reader = _Reader(described, described_place, TableLabels(scale, usual), result.findings)
                table, parts = reader.table(table)
                result.findings.extend(reader.labels.opened())
                grafts[index] = place.node("tables", index).with_parts(parts)
        tables.append(table)
    place = place.grafted(("tables",), grafts)
    slas = [contracts[used][0].sla_properties for used in result.used if used in contracts]
    age = max_age(*slas) if product.freshness is None else None
    promise = {"freshness": Freshness(max_age=age)} if age else {}
    result.product = product.model_copy(update={"tables": tuple(tables), **promise})
    result.product.with_source_map(place)
    return result


def tables_of(
    contract: Contract, place: SourceMap, scale: Scale
) -> Iterator[tuple[SchemaObject, Table, TableLabels, list[Finding]]]:
    """Each table that a contract describes, how sensitive what is in it is, and what of it cannot be taken."""
    for at, described in enumerate(contract.objects):
        findings: list[Finding] = []
        labels = TableLabels(scale)
        reader = _Reader(described, place.node("schema", at), labels, findings)
        yield described, reader.table(Table(name="table"))[0], labels, findings


def unused(contracts: Contracts, used: set[str]) -> Iterator[Finding]:
    """A warning for each contract that no table uses; of the others what nobody reads."""
    for path, (contract, place) in contracts.items():
        if path not in used:
            yield UNUSED.broken(place.origin, "no table uses this data contract")
            continue
        missing = not_read(place, TABLES)
        for at, about in not_taken(contract.sla_properties, is_end_taken=False):
            missing.setdefault(f"slaProperties of {about}", place.node("slaProperties", at))
        if missing:
            first = min(missing.values(), key=lambda each: each.line)
            yield UNREAD.broken(first.origin, f"not read: {said(missing)}")


def _found(
    result: Imported, index: int, table: Table, folder: str, contracts: Contracts
) -> tuple[SchemaObject, SourceMap] | None:
    origin = result.product.at("tables", index, "contract")
    if table.columns or table.partition_keys:
        result.findings.append(TWICE.broken(origin, f"table {table.name} has a contract and columns; keep one of them"))
        return None
    path = posixpath.normpath(posixpath.join(folder, table.contract or ""))
    result.used.add(path)
    if path not in contracts:
        message = f"there is no data contract {path} in the mesh{result.near(path, contracts)}"
        result.findings.append(NOT_FOUND.broken(origin, message))
        return None
    contract, place = contracts[path]
    position = contract.positions.get(table.name)
    if position is not None:
        return contract.objects[position], place.node("schema", position)
    message = f"the contract {path} describes no table {table.name}{result.near(table.name, contract.positions)}"
    result.findings.append(NOT_FOUND.broken(origin, message))
    return None


class _Reader:
    """Reads one table of a contract, and notes what it cannot take."""

    def __init__(self, described: SchemaObject, place: SourceMap, labels: TableLabels, findings: list[Finding]) -> None:
        self.described = described
        self.source_map = place
        self.labels = labels
        self.findings = findings
        self.rules: list[QualityRule] = []
        self.rule_places: dict[Key, SourceMap] = {}

    def table(self, table: Table) -> tuple[Table, dict[Key, SourceMap]]:
        """The table complete, and the places of what was added."""
        columns: list[Column] = []
        places: dict[Key, SourceMap] = {}
        keys: list[tuple[int, PartitionKey, SourceMap]] = []
        whole_key = key_rule(self.described.properties)
        for index, each in enumerate(self.described.properties):
            place = self.source_map.node("properties", index)
            kind = property_type(each)
            if not each.column_name or kind is None:
                self.findings.append(
                    UNTYPED.broken(
                        place.origin, f"column {each.column_name or '(no name)'} has no type that Glue knows"
                    )
                )
                continue
            if each.physical_type and glue_type_of(each.physical_type) is None:
                message = f"{each.physical_type} is no type of Glue; the logicalType makes {each.column_name} {kind}"
                self.findings.append(GUESSED.broken(place.at("physicalType"), message))
            self._checks(each.quality, each, place)
            for text in column_rules(each, is_key=whole_key is None):
                self._add(text, place)
            described_at = place
            try:
                if each.partitioned:
                    self.findings.extend(self.labels.key(each, place))
                    key = PartitionKey(name=each.column_name, type=kind, description=_one_line(each.description))
                    keys.append((each.partition_key_position, key, place))
                    continue
                said = self.labels.column(each, place)
                self.findings.extend(said.findings)
                tags = {self.labels.scale.key: said.label} if said.label else {}
                described_at = _column_place(place, self.labels.scale.key, said.place if tags else None)
                column = Column(name=each.column_name, type=kind, description=_one_line(each.description), tags=tags)
            except ValidationError as error:
                self.findings.extend(validation_messages.findings(Column, error, described_at))
                continue
            places[len(columns)] = described_at
            columns.append(column)
        if whole_key is not None:
            self._add(whole_key, self.source_map)
        self._checks(self.described.quality, None, self.source_map)
        keys.sort(key=lambda key: key[0])
        complete = table.model_copy(
            update={
                "columns": tuple(columns),
                "partition_keys": tuple(key for _, key, _ in keys),
                "quality": (*table.quality, *self.rules),
                "description": table.description or self.described.description,
            }
        )
        # A copy takes along what was worked out from the columns of before.
        vars(complete).pop("types", None)
        first = len(table.quality)
        return complete, {
            "columns": self.source_map.node("properties").with_parts(places),
            "partitionKeys": self.source_map.with_parts({index: place for index, (_, _, place) in enumerate(keys)}),
            "quality": self.source_map.with_parts(
                {first + index: place for index, place in enumerate(self.rule_places.values())}
            ),
        }

    def _checks(self, checks: tuple[Quality, ...], column: Property | None, place: SourceMap) -> None:
        for index, check in enumerate(checks):
            here = place.node("quality", index)
            found = rules(check, column)
            if not found:
                self.findings.append(
                    SKIPPED.broken(here.origin, "Glue Data Quality has no rule for this check, so it is left out")
                )
            for text in found:
                self._add(text, here)

    def _add(self, text: str, place: SourceMap) -> None:
        if all(each.rule != text for each in self.rules):
            try:
                rule = QualityRule(rule=text)
            except ValidationError as error:
                self.findings.extend(validation_messages.findings(QualityRule, error, place))
                return
            self.rule_places[len(self.rules)] = place
            self.rules.append(rule)


def _one_line(text: str | None) -> str | None:
    """A description on one line, which is all that Glue takes for a column."""
    return " ".join((text or "").split()) or None


def _column_place(place: SourceMap, key: str, labelled: SourceMap | None) -> SourceMap:
    parts, more = dict(place.parts), dict[Key, SourceMap]()
    if labelled is not None:
        more["tags"] = labelled.with_parts({key: labelled})
    if "physicalType" in parts or "logicalType" in parts:
        more["type"] = parts.get("physicalType") or parts["logicalType"]
    return place.with_parts(more)
