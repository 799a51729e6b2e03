"""Changes of the language: what two sets of schemas take otherwise, field by field, for people who have documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.spec.language.json_schema import Schema

_CHECKS = ("type", "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "format")


@dataclass(frozen=True, slots=True)
class LanguageChange:
    """`mark`: + may be written now, - no longer, ~ otherwise. `field` is a path such as `columns[].tags`; "" a kind."""

    mark: str
    kind: str
    field: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark} {self.kind} {self.field}".rstrip() + f": {self.text}"


@dataclass(frozen=True, slots=True)
class _Field:
    is_required: bool
    values: frozenset[str]
    checks: frozenset[str]


def changes(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> tuple[LanguageChange, ...]:
    """What has changed from old schemas to new ones, each by the name of its file."""
    before, after = _kinds(old), _kinds(new)
    found: list[LanguageChange] = []
    for kind in sorted(before.keys() | after.keys()):
        if kind not in before:
            found.append(LanguageChange("+", kind, "", "a new kind of document"))
        elif kind not in after:
            found.append(LanguageChange("-", kind, "", "this kind of document is gone"))
        else:
            found += _changed(kind, dict(fields_of(before[kind])), dict(fields_of(after[kind])))
    return tuple(found)


def _kinds(schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    return {str(schema.get("title", name)): schema for name, schema in schemas.items()}


def _changed(kind: str, old: Mapping[str, _Field], new: Mapping[str, _Field]) -> Iterator[LanguageChange]:
    for path in sorted(old.keys() | new.keys()):
        above = path.rpartition(".")[0].removesuffix("[]")
        if path not in old:
            if not above or above in old:
                needed = "a new field, which is needed" if new[path].is_required else "a new field"
                yield LanguageChange("~" if new[path].is_required else "+", kind, path, needed)
        elif path not in new:
            if not above or above in new:
                yield LanguageChange("-", kind, path, "this field is gone")
        else:
            yield from (LanguageChange(mark, kind, path, text) for mark, text in _otherwise(old[path], new[path]))


def _otherwise(old: _Field, new: _Field) -> Iterator[tuple[str, str]]:
    if new.is_required != old.is_required:
        yield ("~", "is needed now") if new.is_required else ("+", "may be left out now")
    if more := new.values - old.values:
        yield "+", f"takes {', '.join(sorted(more))}, too"
    if fewer := old.values - new.values:
        yield "~", f"no longer takes {', '.join(sorted(fewer))}"
    if new.checks != old.checks:
        yield "~", "what it takes is checked otherwise"


def fields_of(schema: Schema) -> Iterator[tuple[str, _Field]]:
    """The fields of a kind of document, each by its path."""
    parts = schema.get("$defs", {})
    yield from _below(schema, "", parts, frozenset())


def _below(
    node: Schema, path: str, parts: Mapping[str, Schema], inside: frozenset[str]
) -> Iterator[tuple[str, _Field]]:
    """The fields of a mapping, and of the mappings in them. A part within itself is not entered again."""
    for mapping in _variants(node, parts, inside):
        required = mapping[0].get("required", ())
        for name, each in mapping[0].get("properties", {}).items():
            place = f"{path}.{name}" if path else name
            variants = [variant for variant, _ in _variants(each, parts, mapping[1])]
            yield place, _Field(name in required, _values(variants), _checks(variants))
            for suffix, inner in _inner(each, parts, mapping[1]):
                yield from _below(inner, f"{place}{suffix}", parts, mapping[1])


def _inner(node: Schema, parts: Mapping[str, Schema], inside: frozenset[str]) -> Iterator[tuple[str, Schema]]:
    """What may stand in a value: itself, the entries of a list (`[]`), the values of a map (`.*`)."""
    yield "", node
    for variant, _ in _variants(node, parts, inside):
        if isinstance(variant.get("items"), dict):
            yield "[]", variant["items"]
        if isinstance(variant.get("additionalProperties"), dict):
            yield ".*", variant["additionalProperties"]


def _variants(
    node: Schema, parts: Mapping[str, Schema], inside: frozenset[str]
) -> Iterator[tuple[Schema, frozenset[str]]]:
    """A schema without references and choices: each that it may be, with the parts that led to it."""
    name = str(node.get("$ref", "")).rpartition("/")[2]
    if name and name not in inside and name in parts:
        yield from _variants(parts[name], parts, inside | {name})
    for choice in ("anyOf", "oneOf", "allOf"):
        for each in node.get(choice, ()):
            yield from _variants(each, parts, inside)
    yield node, inside


def _values(variants: list[Schema]) -> frozenset[str]:
    return frozenset(
        str(value)
        for each in variants
        for value in (*each.get("enum", ()), *([each["const"]] if "const" in each else []))
    )


def _checks(variants: list[Schema]) -> frozenset[str]:
    return frozenset(f"{key}={each[key]}" for each in variants for key in _CHECKS if key in each)
