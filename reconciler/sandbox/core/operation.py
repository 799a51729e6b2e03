"""How a service declares its operations.

A service is a package under `services/` (`glue`, `lakeformation`, ...). Every function in it that carries `@operation`
is a handler, and is found by walking the package's modules: nothing lists it elsewhere. What the package's `__init__`
may define, `core/service_registry.py` says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Params = dict[str, Any]

#: The attribute of a handler that holds its name and its Operation.
DECLARED = "sandbox_operation"

#: Takes a `Request` and gives the answer. Requests know the world, and nothing here does.
Handler = Callable[[Any], Params]
Resources = Callable[[Any], Sequence[str]]
Keys = Callable[[Any], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Operation:
    """A handler and what it declares.

    honours     paths of parameters that it heeds, with everything below them; lists are passed through,
                so `Entries.Principal` is the principal of every entry
    refuses     paths below an honoured one that it does not heed
    resources   the ARNs on which IAM must allow the action; None means `*`
    action      the IAM action, where it is not the operation's own name
    keys        condition keys that only this call has, with `_` for `:`
    """

    handler: Handler
    honours: tuple[str, ...]
    refuses: tuple[str, ...]
    resources: Resources | None
    action: str | None
    keys: Keys | None = None

    def unheeded(self, params: Mapping[str, Any]) -> str | None:
        """The path of the first parameter sent that is not heeded, or None."""
        return _unheeded(params, "", self.honours, self.refuses)


def operation(
    *,
    honours: str = "",
    refuses: str = "",
    resources: Resources | None = None,
    action: str | None = None,
    keys: Keys | None = None,
    name: str | None = None,
) -> Callable[[Handler], Handler]:
    """Make a function the handler of the operation that it is named for (`create_table` is CreateTable).

    `honours` and `refuses` are paths, separated by spaces. A parameter that is sent and not honoured
    answers NotImplemented with its path. `name` is for names that snake case cannot carry (`CreateLFTag`
    is found as `create_lf_tag`, as in boto3, so it is seldom needed).
    """

    def declare(handler: Handler) -> Handler:
        declared = Operation(handler, tuple(honours.split()), tuple(refuses.split()), resources, action, keys)
        handler.__dict__[DECLARED] = (name or handler.__name__, declared)
        return handler

    return declare


def _unheeded(value: Any, path: str, honours: tuple[str, ...], refuses: tuple[str, ...]) -> str | None:
    if path and path in refuses:
        return path
    whole = any(path == h or path.startswith(h + ".") for h in honours)
    if whole and not any(r.startswith(path + ".") for r in refuses):
        return None
    if isinstance(value, list):
        found = (_unheeded(item, path, honours, refuses) for item in value)
        return next((f for f in found if f), None)
    if not isinstance(value, Mapping):
        return None if whole else path
    if path and not whole and not any(h.startswith(path + ".") for h in honours):
        return path
    for name, member in value.items():
        if member is None:
            continue
        found_below = _unheeded(member, f"{path}.{name}" if path else name, honours, refuses)
        if found_below:
            return found_below
    return None
