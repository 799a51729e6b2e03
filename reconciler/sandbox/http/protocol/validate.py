"""Checks a request against botocore's model: what botocore itself does not check is checked here.

botocore checks required members, types and minima only; AWS also refuses unknown enum values, values
that are too long, too many or too large, and values that break the pattern.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from reconciler.sandbox.core.errors import AwsError, not_simulated
from reconciler.sandbox.http.protocol.models import operation_model
from reconciler.sandbox.http.protocol.patterns import compiled

#: The error that a service answers to a request that breaks its model.
CODES = {
    "athena": "InvalidRequestException",
    "sns": "InvalidParameter",
    "glue": "ValidationException",
    "lakeformation": "InvalidInputException",
    "ram": "InvalidParameterException",
    "sts": "ValidationError",
}

#: botocore's shapes; their stubs know the members of none.
Shape = Any
Violation = tuple[str, Any, str]
Check = Callable[[Any, str], Iterator[Violation]]

_TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "double": (int, float),
    "float": (int, float),
    "boolean": (bool,),
    "timestamp": (datetime,),
    "blob": (bytes,),
}
_checks: dict[int, tuple[Shape, list[Check]]] = {}


def validate(service: str, operation: str, params: dict[str, Any]) -> None:
    """Raise AWS's validation error if the parameters break the model of the operation.

    A member that the model does not know answers NotImplemented: AWS may know it, the sandbox does not.
    """
    shape = operation_model(service, operation).input_shape
    if shape is None:
        return
    violations = list(_violations(shape, params, ""))
    if not violations:
        return
    unknown = next((v for v in violations if v[2] == _UNKNOWN), None)
    if unknown:
        raise not_simulated(service, operation, f"with {unknown[0]}")
    told = "; ".join(
        f"Value {_shown(value)} at '{path}' failed to satisfy constraint: {rule}" for path, value, rule in violations
    )
    wrong = [value for path, value, _ in violations if ".member" in path and "ermissions" in path.rpartition(".")[0]]
    if service == "lakeformation" and len(wrong) == len(violations) and operation in _GRANTS:
        # No word of the model's: Lake Formation itself looks at permissions (recorded).
        message = f"[{', '.join(map(str, wrong))}] are not all valid Lake Formation permissions. "
        raise AwsError(CODES[service], f" Please grant only valid Lake Formation permissions. {message}")
    plural = "s" if len(violations) > 1 else ""
    raise AwsError(
        CODES.get(service, "ValidationException"), f"{len(violations)} validation error{plural} detected: {told}"
    )


_GRANTS = ("GrantPermissions", "RevokePermissions", "BatchGrantPermissions", "BatchRevokePermissions")
_UNKNOWN = "unknown member"


def _violations(shape: Shape, value: Any, path: str) -> Iterator[Violation]:
    known = _checks.get(id(shape))
    if known is None:
        # The shape is kept beside its checks so that its id stays its own.
        known = _checks[id(shape)] = (shape, _built(shape))
    for check in known[1]:
        yield from check(value, path)


def _built(shape: Shape) -> list[Check]:
    """The checks of one shape; made once, since requests come by the thousand."""
    meta: dict[str, Any] = dict(shape.metadata)
    kind = shape.type_name
    if getattr(shape, "is_document_type", False):
        # Any JSON at all.
        return []
    checks: list[Check] = [_of_type(kind)]
    if kind == "structure":
        checks.append(_members(shape))
    elif kind == "list":
        checks.append(_items(shape.member))
    elif kind == "map":
        checks.append(_entries(shape.key, shape.value))
    if kind == "string" and getattr(shape, "enum", None):
        allowed = list(shape.enum)
        checks.append(_rule(lambda v: v in allowed, f"Member must satisfy enum value set: [{', '.join(allowed)}]"))
    if "pattern" in meta and kind == "string":
        pattern = compiled(meta["pattern"])
        rule = f"Member must satisfy regular expression pattern: {meta['pattern']}"
        checks.append(_rule(lambda v: pattern.fullmatch(v) is not None, rule))
    checks.extend(_bounds(kind, meta.get("min"), meta.get("max")))
    return checks


def _bounds(kind: str, least: int | None, most: int | None) -> Iterator[Check]:
    number = kind in ("integer", "long", "double", "float")
    if not number and kind not in ("string", "list", "map", "blob"):
        return
    what = "value" if number else "length"
    if least:
        rule = f"Member must have {what} greater than or equal to {least}"
        yield _rule((lambda v: v >= least) if number else (lambda v: len(v) >= least), rule)
    if most is not None:
        rule = f"Member must have {what} less than or equal to {most}"
        yield _rule((lambda v: v <= most) if number else (lambda v: len(v) <= most), rule)


def _rule(holds: Callable[[Any], bool], rule: str) -> Check:
    def check(value: Any, path: str) -> Iterator[Violation]:
        if not holds(value):
            yield path, value, rule

    return check


def _of_type(kind: str) -> Check:
    types = _TYPES[kind]

    def check(value: Any, path: str) -> Iterator[Violation]:
        if not isinstance(value, types) or (isinstance(value, bool) and kind != "boolean"):
            # The other checks could not read it, so this one ends the request.
            raise AwsError("SerializationException", f"{path or 'the request'} is not a {kind}")
        yield from ()

    return check


def _members(shape: Shape) -> Check:
    members, required = dict(shape.members), tuple(shape.required_members)

    def check(value: dict[str, Any], path: str) -> Iterator[Violation]:
        at = f"{path}." if path else ""
        for name in required:
            if value.get(name) is None:
                yield f"{at}{_lower(name)}", None, "Member must not be null"
        for name, member in value.items():
            if name not in members:
                yield f"{at}{name}", member, _UNKNOWN
            elif member is not None:
                yield from _violations(members[name], member, f"{at}{_lower(name)}")

    return check


def _items(member: Shape) -> Check:
    def check(value: list[Any], path: str) -> Iterator[Violation]:
        for position, item in enumerate(value, start=1):
            yield from _violations(member, item, f"{path}.{position}.member")

    return check


def _entries(key: Shape, member: Shape) -> Check:
    def check(value: dict[str, Any], path: str) -> Iterator[Violation]:
        for name, item in value.items():
            yield from _violations(key, name, f"{path}.key")
            yield from _violations(member, item, f"{path}.{name}.member")

    return check


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _shown(value: Any) -> str:
    return "null" if value is None else f"'{value}'"
