"""What IAM has said and other services have not heard yet: `propagation_ms` of the settings is how long that takes.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from moto.core.utils import utcnow

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World


def is_known(world: World, role: Any) -> bool:
    """Whether services other than IAM know a role of moto's by now."""
    delay = world.settings.propagation_ms / 1000
    return not delay or (utcnow() - role.create_date).total_seconds() >= delay


def is_over(world: World, since: float | None) -> bool:
    """Whether what changed at a time (of the monotonic clock; None: long ago) is in force by now."""
    return since is None or time.monotonic() - since >= world.settings.propagation_ms / 1000
