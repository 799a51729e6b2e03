"""How sensitive a data contract says that a column is: as its most sensitive part. Lake Formation labels no parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from reconciler.model.finding import Finding
from reconciler.spec.contracts.odcs import Property
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.rule import Rule
from reconciler.spec.suggest import did_you_mean
from reconciler.spec.yaml.source_map import NOWHERE, SourceMap

LABEL = Rule(
    "contract-label",
    "error",
    "Whatever a data contract classifies is readable with that label only.",
    "Lake Formation labels whole columns, and no partition keys: who reads any column of a table reads its keys. "
    "Classify the columns at least as the keys, or take a key out of them. The `classification` of a part (a field "
    "of a struct, entries of an array, keys or values of a map) is a value of the mesh's sensitivityKey and holds "
    "for its column. That takes an order of the values (`ordered: true` of the LFTag), or the same value for all of "
    "the column.",
)
RAISED = Rule(
    "contract-label-raised",
    "warning",
    "A column of a data contract is classified at least as each of its parts.",
    "The column has the label of its most sensitive part, so that nobody reads that part with a lower one. Say so in "
    "the contract, or make the part a column of its own.",
)


@dataclass(frozen=True, slots=True)
class Scale:
    """The mesh's sensitivity key, and its values: from the least to the most where they are `ordered`."""

    key: str
    values: tuple[str, ...] = ()
    ordered: bool = False

    def highest(self, labels: Iterable[str]) -> str:
        """The most sensitive of labels that are values; nothing of none."""
        return max((each for each in labels if each in self.values), key=self.values.index, default="")

    def is_lower(self, label: str, than: str) -> bool:
        """Whether a label, or none, lets somebody read who is not to read the other; any other one without an order."""
        if not self.ordered:
            return label != than
        return self.values.index(than) > (self.values.index(label) if label in self.values else 0)


def scale_of(key: str, tags: Iterable[LFTag]) -> Scale:
    """The scale that the LFTag of a key says; one without values where there is none."""
    tag = next((each for each in tags if each.name == key), None)
    return Scale(key, tag.value_names, tag.ordered) if tag is not None else Scale(key)


class Part(NamedTuple):
    """What a contract classifies, by its name with dots, and where."""

    name: str
    label: str
    place: SourceMap


@dataclass(frozen=True, slots=True)
class Classified:
    """What a contract says of a column.

    label  the label of the whole column; empty where that is the usual one of its table, or nothing says one
    least  the part that says how sensitive it is at least, where nothing says it of all of the column
    place  where the label is said
    """

    label: str
    place: SourceMap
    least: Part | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class TableLabels:
    """The labels of the columns and partition keys of a table; columns without one have the `usual` label, if any."""

    scale: Scale
    usual: str = ""
    columns: list[tuple[str, Classified]] = field(default_factory=list)
    keys: list[Part] = field(default_factory=list)

    def column(self, each: Property, place: SourceMap) -> Classified:
        """The label of a column, which is noted."""
        found = classified(each, place, self.scale, self.usual)
        self.columns.append((each.column_name, found))
        return found

    def key(self, each: Property, place: SourceMap) -> Iterator[Finding]:
        """Notes a partition key; what cannot be said of it is told."""
        found = classified(each, place, self.scale)
        yield from found.findings
        label = found.label or (found.least.label if found.least else "")
        if label in self.scale.values:
            self.keys.append(Part(each.column_name, label, found.place))
        elif label and self.scale.values:
            yield _unknown(self.scale, Part(each.column_name, label, found.place))

    def opened(self) -> Iterator[Finding]:
        """Partition keys that are read by whoever reads a column with a lower label."""
        for key in self.keys:
            for name, of_column in self.columns:
                label = of_column.label or self.usual
                if self.scale.is_lower(label, key.label):
                    said = f"is {label}" if label else f"has no {self.scale.key}"
                    yield LABEL.broken(
                        key.place.origin,
                        f"the partition key {key.name} is {key.label}, and the column {name} {said}: who reads any "
                        "column of a table reads its partition keys",
                    )
                    break


def classified(each: Property, place: SourceMap, scale: Scale, usual: str = "") -> Classified:
    """How sensitive a column is, by itself and its parts; `usual` is what it is where nothing is said."""
    own, here = _said(each), place.node("classification")
    if not scale.values:
        return Classified(own, here)
    parts = [part for part in _parts(each, place, each.column_name) if part.label]
    findings = [_unknown(scale, part) for part in parts if part.label not in scale.values]
    known = [part for part in parts if part.label in scale.values]
    stands, highest = own or usual, scale.highest(part.label for part in known)
    if not highest:
        return Classified(own, here, findings=tuple(findings))
    most = next(part for part in known if part.label == highest)
    if stands and stands not in scale.values:
        # That is told where the label stands.
        return Classified(own, here, most, tuple(findings))
    differ = len({part.label for part in known} | ({stands} if stands else set())) > 1
    if differ and not scale.ordered:
        words = " and ".join(sorted({f"{part.name} is {part.label}" for part in known}))
        of_column = f", {each.column_name} {stands}" if stands else ""
        message = f"{words}{of_column}: the values of {scale.key} have no order, so none of them is the column's"
        return Classified(own, here, most, (*findings, LABEL.broken(most.place.origin, message)))
    if not stands and _leaves_open(each):
        if scale.ordered and highest == scale.values[0]:
            return Classified(own, here, findings=tuple(findings))
        message = f"{most.name} is {most.label}, and nothing says how sensitive all of {each.column_name} is"
        return Classified(own, here, most, (*findings, LABEL.broken(most.place.origin, message)))
    if stands and not scale.is_lower(stands, highest):
        return Classified(own, here, findings=tuple(findings))
    if own:
        message = f"{most.name} is {most.label} and its column {own}: the column is labelled {most.label}"
        findings.append(RAISED.broken(most.place.origin, message))
    return Classified(highest, most.place, findings=tuple(findings))


def _said(each: Property) -> str:
    return (each.classification or "").lower()


def _inside(each: Property, place: SourceMap) -> Iterator[tuple[str, Property, SourceMap]]:
    """The parts of a column or of a part, by the name that each has in it; entries have the name of what has them."""
    for index, part in enumerate(each.properties):
        yield f".{part.column_name}", part, place.node("properties", index)
    if each.items is not None:
        yield "", each.items, place.node("items")
    for name in ("key", "value") if each.map_ is not None else ():
        part = getattr(each.map_, name)
        if part is not None:
            yield f".{name}", part, place.node("map", name)


def _parts(each: Property, place: SourceMap, name: str) -> Iterator[Part]:
    for suffix, part, where in _inside(each, place):
        yield Part(f"{name}{suffix}", _said(part), where.node("classification"))
        yield from _parts(part, where, f"{name}{suffix}")


def _leaves_open(each: Property) -> bool:
    """Whether something in it says nothing, and neither does what it is in."""
    inside = [part for _, part, _ in _inside(each, NOWHERE)]
    return not each.classification and (not inside or any(_leaves_open(part) for part in inside))


def _unknown(scale: Scale, part: Part) -> Finding:
    near = did_you_mean(part.label, scale.values)
    return LABEL.broken(part.place.origin, f"{part.name} is {part.label}, which is no value of {scale.key}{near}")
