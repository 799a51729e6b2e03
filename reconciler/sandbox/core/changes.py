"""How often the state of each service may have changed: who has read something knows whether to read it again."""

from __future__ import annotations

from collections import Counter

#: How the names of operations begin that leave everything as it is.
READS = ("Get", "List", "Describe", "Search", "BatchGet", "Head", "Lookup", "Simulate", "AssumeRole")
OBJECTS = ("PutObject", "DeleteObject")
"""Writes of S3 that leave the bucket itself as it was: locks, journals."""

MESSAGES = ("PutEvents",)
"""Writes that tell others something, and leave every service as it was."""


class Changes:
    """Counts, by service; of S3 also by bucket, and of a bucket's objects apart from itself.

    They are called `glue`, `s3 a-bucket` and `s3 a-bucket objects`, and only grow, also over a reset of the world.
    """

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def served(self, service: str, operation: str, bucket: str = "") -> None:
        """An operation was served; one that is no read may have changed something, whatever it answered."""
        if operation.startswith(READS) or operation in MESSAGES:
            return
        of_bucket = (bucket, *(("objects",) if operation in OBJECTS else ())) if bucket else ()
        self.add(" ".join((service, *of_bucket)))

    def add(self, service: str) -> None:
        """The service changed by itself, as an association does that was looked at often enough."""
        self._counts[service] += 1

    def counts(self) -> Counter[str]:
        """A copy of the counts, to compare with later ones."""
        return self._counts.copy()
