"""One call on its way to its handler."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.sandbox.core.errors import AwsError, not_simulated
from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.core.operation import Params
from reconciler.sandbox.core.world import World


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
