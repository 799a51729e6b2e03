"""The identity store of one region: names and ids of groups and users."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from reconciler.sandbox.core.errors import AwsError


class IdentityStore:
    """One for the whole organization, as an organization's instance has it. Memberships are not simulated.

    store   its id; empty for an organization that has not enabled IAM Identity Center
    """

    def __init__(self, world: Any) -> None:
        self.world = world
        self.store = "d-9067230123"
        self.ids: dict[tuple[str, str], str] = {}
        self._made = 0

    def require(self, store: str) -> None:
        """Raise ResourceNotFoundException for another store."""
        if store.rpartition("/")[2] != self.store:
            raise AwsError("ResourceNotFoundException", f"IDENTITY_STORE not found: {store}")

    def add(self, sort: str, name: str) -> str:
        """The id of a new one; ConflictException for a name that is taken."""
        if (sort, name) in self.ids:
            raise AwsError("ConflictException", f"Duplicate {sort} name", 409)
        self._made += 1
        self.ids[sort, name] = str(uuid5(NAMESPACE_URL, f"{sort} {name} {self._made}"))
        return self.ids[sort, name]

    def remove(self, sort: str, gone: str) -> None:
        """Forget one by its id; ResourceNotFoundException where there is none."""
        name = next((each for each, known in self.ids.items() if each[0] == sort and known == gone), None)
        if name is None:
            raise AwsError("ResourceNotFoundException", f"{sort.upper()} not found.")
        del self.ids[name]

    def found(self, sort: str, name: object) -> str:
        """The id by name; ResourceNotFoundException where nobody has it."""
        known = self.ids.get((sort, str(name)))
        if known is None:
            raise AwsError("ResourceNotFoundException", f"{sort.upper()} not found.")
        return known
