"""What a simulated service is made of: callers, requests and handlers.

A room is a package of this one (`glue`, `lakeformation`, ...). Every function in it that carries
`@operation` is a handler, and is found by walking the room's modules: nothing lists it elsewhere.
A room whose `__init__` defines `State` gets `world.<room> = State(world)`, anew at every reset. One that
says `BESIDE_MOTO = True` leaves the operations that it has no handlers for to moto.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.core.errors import AwsError, not_simulated

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World

Params = dict[str, Any]

#: The attribute of a handler that holds its name and its Operation.
DECLARED = "sandbox_operation"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls.

    `arn` is what AWS logs (`arn:aws:sts::1:assumed-role/r/session`), `principal` the IAM ARN that
    permissions name (`arn:aws:iam::1:role/r`), `session` the session's name, empty for users and root.
    """

    account: str
    arn: str
    principal: str
    session: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    session_policy: str | None = None
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One call, parsed and checked against botocore's model. `params` has the shape that boto3 users write."""

    world: World
    caller: Caller
    region: str
    service: str
    operation: str
    params: Params
    #: For batch operations: the entries, by position, that a fault makes fail.
    entry_faults: Mapping[int, AwsError] = field(default_factory=dict)

    def not_simulated(self, what: str = "") -> AwsError:
        """The error that says that this call, or `what` of it, is not simulated."""
        return not_simulated(self.service, self.operation, what)


Handler = Callable[[Request], Params]
Resources = Callable[[Request], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Operation:
    """A handler and what it declares.

    honours     paths of parameters that it heeds, with everything below them; lists are passed through,
                so `Entries.Principal` is the principal of every entry
    refuses     paths below an honoured one that it does not heed
    resources   the ARNs on which IAM must allow the action; None means `*`
    action      the IAM action, where it is not the operation's own name
    """

    handler: Handler
    honours: tuple[str, ...]
    refuses: tuple[str, ...]
    resources: Resources | None
    action: str | None

    def unheeded(self, params: Mapping[str, Any]) -> str | None:
        """The path of the first parameter sent that is not heeded, or None."""
        return _unheeded(params, "", self.honours, self.refuses)


def operation(
    *,
    honours: str = "",
    refuses: str = "",
    resources: Resources | None = None,
    action: str | None = None,
    name: str | None = None,
) -> Callable[[Handler], Handler]:
    """Make a function the handler of the operation that it is named for (`create_table` is CreateTable).

    `honours` and `refuses` are paths, separated by spaces. A parameter that is sent and not honoured
    answers NotImplemented with its path. `name` is for names that snake case cannot carry (`CreateLFTag`
    is found as `create_lf_tag`, as in boto3, so it is seldom needed).
    """

    def declare(handler: Handler) -> Handler:
        declared = Operation(handler, tuple(honours.split()), tuple(refuses.split()), resources, action)
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
