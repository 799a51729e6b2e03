"""How often the state of each service may have changed: who has read something knows whether to read it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

#: How the names of operations begin that leave everything as it is.
READS = ("Get", "List", "Describe", "Search", "BatchGet", "Head", "Lookup", "Simulate", "AssumeRole")
OBJECTS = ("PutObject", "DeleteObject")
"""Writes of S3 that leave the bucket itself as it was: locks, journals."""

OF_A_ROLE = ("PutRolePolicy", "DeleteRolePolicy", "AttachRolePolicy", "DetachRolePolicy", "TagRole", "UntagRole")
"""Writes of IAM that only say what one role may do: to others they are shown by IAM alone."""

MESSAGES = ("PutEvents",)
"""Writes that tell others something, and leave every service as it was."""


class Changes:
    """Counts, by service; of IAM by account and role; of S3 by bucket, and of its objects apart from itself.

    They are called `glue`, `iam 111111111111`, `iam 111111111111 a-role`, `s3 a-bucket` and `s3 a-bucket objects`, and
    only grow, also over a reset of the world.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def served(self, service: str, operation: str, account: str, params: Mapping[str, Any]) -> None:
        """An operation was served; one that is no read may have changed something, whatever it answered."""
        if operation.startswith(READS) or operation in MESSAGES:
            return
        self.add(" ".join((service, *_part(service, operation, account, params))))

    def add(self, service: str) -> None:
        """The service changed by itself, as an association does that was looked at often enough."""
        self._counts[service] += 1

    def counts(self) -> Counter[str]:
        """A copy of the counts, to compare with later ones."""
        return self._counts.copy()


def _part(service: str, operation: str, account: str, params: Mapping[str, Any]) -> tuple[str, ...]:
    """Of what in the service an operation may have changed something, beside what all of it is."""
    match service:
        case "iam" if account:
            return (account, str(params["RoleName"])) if operation in OF_A_ROLE and "RoleName" in params else (account,)
        case "s3" if "bucketName" in params:
            return (str(params["bucketName"]), *(("objects",) if operation in OBJECTS else ()))
        case _:
            return ()
