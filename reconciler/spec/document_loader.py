"""From the bytes of one file to a document, or to everything that is wrong with it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from reconciler.model.finding import Finding
from reconciler.spec.contracts.odcs import Contract
from reconciler.spec.documents.base import API_VERSION, Document
from reconciler.spec.language import validation_messages
from reconciler.spec.language.registry import document_types
from reconciler.spec.rule import Rule
from reconciler.spec.suggest import did_you_mean
from reconciler.spec.yaml.parse import Tree, parse
from reconciler.spec.yaml.source import Source
from reconciler.spec.yaml.source_map import SourceMap

M = TypeVar("M", bound=BaseModel)
Parse = Callable[[Source], tuple[Tree, SourceMap | None, list[Finding]]]

_LONG, _LARGE = 2000, 64 * 1024
"""Entries of a list, and bytes of a file, from which on mistakes are told from the beginning."""

KIND = Rule(
    "unknown-kind",
    "error",
    "Every document is of a kind that the mesh language knows.",
    "The line `kind:` says what the document is. docs/mesh-language.md lists the kinds.",
)


@dataclass(frozen=True, slots=True)
class Read:
    """What one file gave: a document or a data contract; or findings, and the names that it may have declared."""

    path: str
    document: Document | None = None
    contract: tuple[Contract, SourceMap] | None = None
    findings: tuple[Finding, ...] = ()
    names: frozenset[str] = field(default_factory=frozenset)


def read(source: Source, parse: Parse = parse, known: dict[object, object] | None = None) -> Read:
    """The document in a file; `known` are pieces that it may share with others. Never raises."""
    value, place, wrong = parse(source)
    if wrong or place is None:
        return Read(source.path, findings=tuple(wrong), names=_guessed(source.path, None))
    if not isinstance(value, dict):
        finding = validation_messages.TYPE.broken(
            place.origin, "a document is a mapping of fields that begins with apiVersion"
        )
        return Read(source.path, findings=(finding,), names=_guessed(source.path, None))
    kind, is_large = value.get("kind"), len(source.content) > _LARGE
    if kind == "DataContract":
        contract, wrong = validated(Contract, value, place, is_large=is_large)
        return Read(source.path, contract=(contract, place) if contract else None, findings=tuple(wrong))
    document_type = document_types().get(kind) if isinstance(kind, str) else None
    if document_type is None:
        return Read(source.path, findings=(_unknown(kind, place),), names=_guessed(source.path, value))
    document, wrong = validated(document_type, value, place, is_large=is_large, known=known)
    if "apiVersion" not in value:
        wrong = [validation_messages.MISSING.broken(place.origin, f"`apiVersion` is missing: {API_VERSION}"), *wrong]
    if document is None or wrong:
        return Read(source.path, findings=tuple(wrong), names=_guessed(source.path, value))
    return Read(source.path, document=document.with_source_map(place))


def validated(
    model: type[M],
    value: Tree,
    place: SourceMap,
    *,
    is_large: bool = False,
    known: dict[object, object] | None = None,
) -> tuple[M | None, list[Finding]]:
    """A value as a model, or all that is wrong with it; of a large one it may be what is wrong with its beginning."""
    try:
        return model.model_validate(value, by_alias=True, by_name=False, context=known), []
    except ValidationError as error:
        wrong = error
    if is_large:
        # A mistake in every one of a hundred thousand entries is told from the first ones.
        try:
            model.model_validate(_beginning(value), by_alias=True, by_name=False)
        except ValidationError as error:
            wrong = error
    return None, validation_messages.findings(model, wrong, place)


def _beginning(value: Tree) -> Tree:
    """A value with the beginning of every long list."""
    match value:
        case dict():
            return {key: _beginning(inner) for key, inner in value.items()}
        case list():
            return [_beginning(inner) for inner in value[:_LONG]]
        case _:
            return value


def _unknown(kind: Tree, place: SourceMap) -> Finding:
    known = ", ".join(document_types())
    if kind is None:
        return validation_messages.MISSING.broken(place.at("kind"), f"`kind` is missing: one of {known}")
    near = did_you_mean(kind, document_types()) if isinstance(kind, str) else ""
    shown = kind if isinstance(kind, str) and len(kind) <= 60 else "this"
    return KIND.broken(place.at("kind"), f"{shown} is no kind of document{near or f'; there are {known}'}")


def _guessed(path: str, value: dict[str, Tree] | None) -> frozenset[str]:
    """Names that a broken document may have declared, so that others that use them are not called wrong."""
    folder, file = posixpath.split(path)
    names = {posixpath.splitext(file)[0], posixpath.basename(folder)}
    name = value.get("name") if value else None
    if isinstance(name, str):
        names.add(name)
    return frozenset(names)
