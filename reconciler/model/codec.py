"""Codec: frozen dataclasses as plain JSON and back, by their types; what comes back is equal, field by field.

| a value of type            | is written as                                             |
|----------------------------|-----------------------------------------------------------|
| a dataclass, a named tuple | an object of its fields; as one of several types: with `is` |
| tuple, frozenset           | a list (a set sorted)                                     |
| a mapping                  | an object                                                 |
| Annotated[type, check]     | as the type; read back, `check` raises ValueError for what it does not take |
| Any (a document of AWS's)  | itself; a time as `{"$time": "2026-11-26T..."}`           |
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from reconciler.model.moment import moment

_TIME = "$time"
_IS = "is"
_PLAIN = (str, int, float, bool, type(None))


def encode(value: object, kind: Any = None) -> Any:
    """A value as plain JSON. `kind` is its declared type, the value's own where it is left out."""
    kind = type(value) if kind is None else kind
    match _form(kind):
        case "record":
            return {name: encode(getattr(value, name), each) for name, each in _hints(kind).items()}
        case "choice":
            chosen = _choice(kind, value)
            data = encode(value, chosen)
            return {_IS: chosen.__name__, **data} if _form(chosen) == "record" else data
        case "tuple":
            assert isinstance(value, tuple)
            return [encode(each, kind) for each, kind in zip(value, _parts(kind, len(value)), strict=True)]
        case "set":
            assert isinstance(value, frozenset)
            return sorted((encode(each, get_args(kind)[0]) for each in value), key=repr)
        case "map":
            assert isinstance(value, Mapping)
            return {key: encode(each, get_args(kind)[1]) for key, each in value.items()}
        case "any":
            return _raw(value)
        case _:
            return value


def compared(value: Any) -> Any:
    """The same with nothing in it that does not count where two are compared: equal values are encoded alike."""
    match value:
        case _ if is_dataclass(value) and not isinstance(value, type):
            kept = {each.name: compared(getattr(value, each.name)) for each in fields(value) if each.compare}
            return type(value)(**kept)
        case tuple() | frozenset() if not hasattr(value, "_fields"):
            return type(value)(compared(each) for each in value)
        case _:
            return value


def decode(kind: Any, data: Any) -> Any:
    """The value of a type that `encode` has written so. Raises ValueError where it is not of that type."""
    return _decoder(kind)(data)


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    """What reads values of one type; made once, because a snapshot holds hundreds of thousands of them."""
    match _form(kind):
        case "record":
            return _record_decoder(kind)
        case "choice":
            return lambda data: _decoder(_named(kind, data))(data)
        case "tuple":
            return lambda data: tuple(
                _decoder(part)(each) for each, part in zip(_of(data, list), _parts(kind, len(data)), strict=True)
            )
        case "set":
            element = _decoder(get_args(kind)[0])
            return lambda data: frozenset(element(each) for each in _of(data, list))
        case "map":
            value = _decoder(get_args(kind)[1])
            return lambda data: {key: value(each) for key, each in _of(data, dict).items()}
        case "any":
            return _from_raw
        case "literal":
            words = get_args(kind)
            return lambda data: words[words.index(data)]
        case "checked":
            base, *checks = get_args(kind)
            return _checked(_decoder(base), checks)
        case _:
            # A whole number is a float, too, and true is no number.
            fit: tuple[type, ...] = (float, int) if kind is float else (kind,)
            return lambda data: data if data.__class__ in fit else _of(data, *fit)


def _record_decoder(kind: type) -> Callable[[Any], Any]:
    decoders = {name: _decoder(hint) for name, hint in _hints(kind).items()}

    def decoded(data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ValueError(f"not a {kind.__name__}: {data!r}")
        try:
            return kind(**{name: decoders[name](each) for name, each in data.items() if name != _IS})
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a {kind.__name__}: {data!r}") from error

    return decoded


def _checked(decoder: Callable[[Any], Any], checks: list[Callable[[Any], None]]) -> Callable[[Any], Any]:
    def checked(data: Any) -> Any:
        value = decoder(data)
        for check in checks:
            check(value)
        return value

    return checked


def _of(data: Any, *kinds: type) -> Any:
    if data.__class__ not in kinds:
        raise ValueError(f"not a {kinds[0].__name__}: {data!r}")
    return data


@cache
def _hints(kind: type) -> dict[str, Any]:
    """The fields of a dataclass or a named tuple with their types."""
    hints = get_type_hints(kind, include_extras=True)
    names = [each.name for each in fields(kind)] if is_dataclass(kind) else list(getattr(kind, "_fields"))  # noqa: B009
    return {name: hints[name] for name in names}


@cache
def _form(kind: Any) -> str:
    """How values of a type are written."""
    origin = get_origin(kind)
    if kind is Any or kind is object:
        return "any"
    if origin in (Union, types.UnionType):
        return "choice"
    if origin is Literal:
        return "literal"
    if origin is Annotated:
        return "checked"
    if isinstance(kind, type) and (is_dataclass(kind) or hasattr(kind, "_fields")):
        return "record"
    if origin is tuple:
        return "tuple"
    if origin is frozenset:
        return "set"
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return "map"
    if kind in _PLAIN:
        return "plain"
    raise TypeError(f"no codec for {kind!r}")


def _parts(kind: Any, count: int) -> tuple[Any, ...]:
    """The types of the elements of a tuple."""
    parts = get_args(kind)
    return parts[:1] * count if len(parts) == 2 and parts[1] is Ellipsis else parts


def _choice(kind: Any, value: object) -> Any:
    """Which of several types a value is of."""
    for each in get_args(kind):
        origin = get_origin(each) or each
        if isinstance(origin, type) and isinstance(value, origin):
            return each
    raise TypeError(f"{value!r} is no {kind}")


def _named(kind: Any, data: Any) -> Any:
    """Which of several types plain data is of: records say so themselves."""
    if isinstance(data, Mapping) and _IS in data:
        named = (each for each in get_args(kind) if getattr(each, "__name__", "") == data[_IS])
        if (found := next(named, None)) is not None:
            return found
        raise ValueError(f"none of {kind}: {data!r}")
    plain = [each for each in get_args(kind) if _form(each) != "record"]
    if not plain:
        raise ValueError(f"none of {kind}: {data!r}")
    return next((each for each in plain if each in _PLAIN and data.__class__ is each), plain[0])


def _raw(value: Any) -> Any:
    """A document of AWS's, in which times are no plain data."""
    match value:
        case datetime():
            return {_TIME: value.isoformat()}
        case Mapping():
            return {key: _raw(each) for key, each in value.items()}
        case list() | tuple():
            return [_raw(each) for each in value]
        case _:
            return value


def _from_raw(data: Any) -> Any:
    match data:
        case {"$time": text, **rest} if not rest:
            return moment(text)
        case Mapping():
            return {key: _from_raw(each) for key, each in data.items()}
        case list():
            return [_from_raw(each) for each in data]
        case _:
            return data
