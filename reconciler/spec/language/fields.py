"""The fields of the models as people write them, and the model that stands at a path of a document."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by their names in YAML, in the order in which they are written."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def plain(annotation: object) -> object:
    """An annotation without Annotated and without None."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            rest = [each for each in get_args(annotation) if each is not type(None)]
            if len(rest) != 1:
                return annotation
            annotation = rest[0]
        else:
            return annotation


def below(annotation: object, key: str | int) -> object:
    """What stands below a key of a model, a mapping or a sequence; None when nothing is known of it."""
    here = plain(annotation)
    if isinstance(here, type) and issubclass(here, BaseModel):
        field = fields(here).get(str(key))
        return field.annotation if field else None
    origin, arguments = get_origin(here), get_args(here)
    if origin is tuple:
        return arguments[0]
    return arguments[1] if isinstance(origin, type) and issubclass(origin, Mapping) else None


def model_at(model: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel] | None:
    """The model that the mapping at a path must satisfy; None when it is free."""
    here: Any = model
    for key in path:
        here = below(here, key)
    found = plain(here)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None
