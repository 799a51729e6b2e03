"""The reference of the mesh language: every field of every kind of document, from the models."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from datetime import date
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from reconciler.spec.documents.base import Document
from reconciler.spec.language.fields import fields, plain
from reconciler.spec.language.registry import document_types

_WORDS: dict[object, str] = {str: "text", int: "whole number", float: "number", bool: "true or false", date: "date"}


def page() -> str:
    """Sections of Markdown, one a kind, with a table of its fields and of those of its parts."""
    return "\n".join(_section(kind, document.folder, document) for kind, document in document_types().items())


def _section(kind: str, folder: str, document: type[BaseModel]) -> str:
    lines = [f"### {kind}", "", f"{_sentence(document)} By custom in `{folder}`.", "", *_table(document)]
    for part in dict.fromkeys(parts(document)):
        lines += ["", f"#### {kind}: {part.__name__}", "", _sentence(part), "", *_table(part)]
    return "\n".join(lines) + "\n"


def _sentence(model: type[BaseModel]) -> str:
    return " ".join((inspect.getdoc(model) or "").split())


def _table(model: type[BaseModel]) -> list[str]:
    rows = [
        f"| `{name}` | {_type(field.annotation)} | {_default(model, name, field)} | {_escaped(field.description)} |"
        for name, field in fields(model).items()
    ]
    return ["| field | type | default | |", "|---|---|---|---|", *rows]


def _escaped(text: str | None) -> str:
    return (text or "").replace("<", "\\<").replace("|", "\\|")


def parts(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The models below a model, each before what is below it."""
    for field in model.model_fields.values():
        for part in _models(field.annotation):
            yield part
            yield from parts(part)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    here = plain(annotation)
    if isinstance(here, type) and issubclass(here, BaseModel):
        yield here
    for inner in get_args(here):
        yield from _models(inner)


def _type(annotation: object) -> str:
    here = plain(annotation)
    origin, arguments = get_origin(here), get_args(here)
    if origin is Literal:
        return " or ".join(f"`{each}`" for each in arguments)
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return f"mapping to {_type(arguments[1])}"
    if isinstance(here, type) and issubclass(here, BaseModel):
        return here.__name__
    if origin in (Union, UnionType):
        return " or ".join(_type(each) for each in arguments)
    return _WORDS[here]


def _default(model: type[BaseModel], name: str, field: FieldInfo) -> str:
    if field.is_required() or (issubclass(model, Document) and name in ("apiVersion", "kind")):
        return "**needed**"
    return _shown(field.default)


def _shown(value: Any) -> str:
    match value:
        case None | () | {} | "":
            return ""
        case bool():
            return f"`{str(value).lower()}`"
        case tuple():
            return f"`[{', '.join(value)}]`"
        case BaseModel():
            return "its defaults"
        case _:
            return f"`{value}`"
