"""What botocore's models say of a request: types, needed members, lengths, patterns, counts, values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.model import Shape

from reconciler.model.call import Call

_SESSION = botocore.session.get_session()
_ASTRAL = r"\uD800\uDC00-\uDBFF\uDFFF"
_PROPERTY = re.compile(r"\\p\{(\w)\}")


@cache
def service(name: str) -> Any:
    return _SESSION.get_service_model(name)


def faults(call: Call) -> Iterator[str]:
    """What AWS's model does not take in a request."""
    if call.operation:
        shape = service(call.service).operation_model(call.operation).input_shape
        given = {name: "arn:aws:sns:::x" if value is None else value for name, value in dict(call.params).items()}
        if call.each:
            given[call.each[0]] = "found-at-the-time"
        yield from _faults(shape, given, f"{call.service}.{call.operation}")


def _faults(shape: Shape, value: Any, where: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    match shape.type_name:
        case "structure":
            for name in shape.metadata.get("required", ()):
                if name not in value:
                    yield f"{where}.{name} is missing"
            for name, inner in value.items():
                if name not in shape.members:
                    yield f"{where}.{name} is unknown"
                else:
                    yield from _faults(shape.members[name], inner, f"{where}.{name}")
            return
        case "list":
            yield from _sized(len(value), least, most, where)
            for inner in value:
                yield from _faults(shape.member, inner, f"{where}[]")
        case "map":
            yield from _sized(len(value), least, most, where)
            for key, inner in value.items():
                yield from _faults(shape.key, key, f"{where} key")
                yield from _faults(shape.value, inner, f"{where}[{key}]")
        case "string":
            if not isinstance(value, str):
                yield f"{where} is no text: {value!r}"
                return
            yield from _sized(len(value), least, most, where)
            pattern = shape.metadata.get("pattern")
            if pattern and not _fits(pattern, value):
                yield f"{where} does not fit {pattern}: {value[:80]!r}"
            enum = getattr(shape, "enum", None)
            if enum and value not in enum:
                yield f"{where} is none of {enum}: {value!r}"


def _sized(size: int, least: int | None, most: int | None, where: str) -> Iterator[str]:
    if least is not None and size < least:
        yield f"{where} has {size}, at least {least}"
    if most is not None and size > most:
        yield f"{where} has {size}, at most {most}"


def _fits(pattern: str, value: str) -> bool:
    """Whether a text fits a pattern of Java, of which Python has no classes of Unicode and other astral signs."""
    kinds = _PROPERTY.findall(pattern)
    if kinds:
        rest = re.sub(r"[\^$()\[\]*+\\]|\\p\{\w\}", "", _PROPERTY.sub("", pattern)) + ("*" if r"\*" in pattern else "")
        return all(unicodedata.category(sign)[0] in kinds or sign in rest or sign in "+-" for sign in value)
    return re.fullmatch(pattern.replace(_ASTRAL, r"\U00010000-\U0010FFFF"), value) is not None


def limit(name: str, shape: str, what: str = "max") -> int:
    """A number of a model: `limit("glue", "CommentString")`."""
    found = service(name).shape_for(shape).metadata[what]
    assert isinstance(found, int)
    return found
