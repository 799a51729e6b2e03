"""How often the state of each service may have changed: who has read something knows whether to read it again."""

from __future__ import annotations

from collections import Counter

#: How the names of operations begin that leave everything as it is.
READS = ("Get", "List", "Describe", "Search", "BatchGet", "Head", "Lookup", "AssumeRole")


class Changes:
    """Counts, by service. They only grow, also over a reset of the world."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def served(self, service: str, operation: str) -> None:
        """An operation was served; one that is no read may have changed something, whatever it answered."""
        if not operation.startswith(READS):
            self.add(service)

    def add(self, service: str) -> None:
        """The service changed by itself, as an association does that was looked at often enough."""
        self._counts[service] += 1

    def counts(self) -> Counter[str]:
        """A copy of the counts, to compare with later ones."""
        return self._counts.copy()
