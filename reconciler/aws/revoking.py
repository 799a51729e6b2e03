"""Revoking: one permission at a time where AWS refuses several, and what is gone with its database or table.

A revoke whose part is implicit or absent may be refused as a whole (Terraform #35160, docs/assumptions.md:
`revoke-in-part`): then each part goes alone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model.call import Call, Params

_MISSING = "Resource does not exist or requester is not authorized"


def is_of_several(params: Params) -> bool:
    """Whether a request takes back more than one permission."""
    return len(_permissions(params)) > 1


def pieces(params: Params) -> Iterator[dict[str, Any]]:
    """The same as requests for one permission each."""
    rest = {name: value for name, value in params.items() if not name.startswith("Permissions")}
    for permission in _permissions(params):
        piece = {**rest, "Permissions": [permission] if permission in params.get("Permissions", ()) else []}
        if permission in params.get("PermissionsWithGrantOption", ()):
            piece["PermissionsWithGrantOption"] = [permission]
        yield piece


def _permissions(params: Params) -> list[str]:
    return sorted({*params.get("Permissions", ()), *params.get("PermissionsWithGrantOption", ())})


class Gone:
    """The databases and tables that a run has dropped. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._dropped: set[tuple[str, str]] = set()

    def note(self, call: Call) -> None:
        """Remember what a call has dropped; it is made anew by one that creates."""
        what = _named(call)
        if what is None:
            return
        with self._lock:
            if call.operation.startswith("Delete"):
                self._dropped.add(what)
            else:
                self._dropped.discard(what)

    def explains(self, call: Call, error: tuple[str, str]) -> bool:
        """Whether a revoke is refused because what it is about was dropped: AWS says so as if it were forbidden."""
        code, message = error
        if call.operation != "RevokePermissions" or code != "AccessDeniedException" or _MISSING not in message:
            return False
        with self._lock:
            return any(what in self._dropped for what in _about(call.params.get("Resource", {})))


def _named(call: Call) -> tuple[str, str] | None:
    """The database and the table (or none) that a call of Glue makes or drops."""
    if call.service != "glue" or call.operation not in (
        "CreateDatabase",
        "DeleteDatabase",
        "CreateTable",
        "DeleteTable",
    ):
        return None
    params = call.params
    if call.operation.endswith("Table"):
        return str(params["DatabaseName"]), str(params.get("Name") or params.get("TableInput", {}).get("Name"))
    return str(params.get("Name") or params.get("DatabaseInput", {}).get("Name")), ""


def _about(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The database and the table that a permission is on; a table goes with its database."""
    for sort, named in resource.items():
        if sort == "Database":
            yield str(named["Name"]), ""
        elif sort in ("Table", "TableWithColumns"):
            yield str(named["DatabaseName"]), ""
            yield str(named["DatabaseName"]), str(named.get("Name", ""))
        elif sort == "DataCellsFilter":
            yield str(named["DatabaseName"]), ""
            yield str(named["DatabaseName"]), str(named["TableName"])
