"""RequestedAccess: what a change asked for in access, so that what a plan does besides can be told from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from reconciler.access import AccessDifference, AccessEntry
from reconciler.access.algebra.rows import text
from reconciler.access.differences.access_entry import ChangeType, narrowed
from reconciler.access.state.principal_directory import is_whole
from reconciler.errors import MeshformError
from reconciler.model.change import Change, Create, Update
from reconciler.model.plain_json import MISSHAPEN
from reconciler.plan.openings import openings

Fact = tuple[object, ...]
_READING = frozenset({"SELECT", "DESCRIBE"})
_VALUES = re.compile(r"(the LF-tag .+) in \((.+)\)")


@dataclass(frozen=True, slots=True)
class RequestedAccess:
    """The single facts of an access difference: a column with its rows, a permission, an administrator."""

    gained: frozenset[Fact] = frozenset()
    lost: frozenset[Fact] = frozenset()
    made: frozenset[str] = frozenset()
    """Addresses of what the change makes: a reader's role that is not among them was there before."""
    changed: frozenset[str] = frozenset()
    """Addresses of what the change asks to be otherwise, or no more."""
    options: frozenset[Fact] = frozenset()
    """What somebody may pass on."""
    opened: frozenset[tuple[str, str]] = frozenset()
    """What it asks to let where it changes something (see `openings`), by address."""

    def unasked_openings(self, change: Change) -> frozenset[str]:
        """What a change lets (see `openings`) and was not asked for; of what the change makes, nothing."""
        address = str(change.address)
        if address in self.made:
            return frozenset()
        return frozenset(words for words in openings(change) if (address, words) not in self.opened)

    def that_says(self, other: RequestedAccess | None) -> RequestedAccess:
        """What of it another one asks for, too; all of it where that is not known."""
        if other is None:
            return self
        return RequestedAccess(*(getattr(self, each.name) & getattr(other, each.name) for each in fields(self)))

    def touches(self, address: str, *, made: bool) -> bool:
        """Whether the change asks for it that something is made, or (not `made`) is otherwise or no more."""
        return address in self.made or (not made and address in self.changed)

    def beyond(self, entries: Iterable[AccessEntry], *, lost: bool = False) -> tuple[AccessEntry, ...]:
        """What of entries was not asked for, each narrowed to that part. `lost`: they are about what is lost."""
        asked = self.lost if lost else self.gained
        return tuple(part for entry in entries if (part := _part(entry, asked, wanted=False)) is not None)

    def among(self, entries: Iterable[AccessEntry], *, lost: bool = False) -> tuple[AccessEntry, ...]:
        """What of entries was asked for, each narrowed to that part."""
        asked = self.lost if lost else self.gained
        return tuple(part for entry in entries if (part := _part(entry, asked, wanted=True)) is not None)

    def asks_to_pass_on(self, entry: AccessEntry) -> bool:
        """Whether the change asks for all that somebody may pass on by an entry of that."""
        is_share = is_whole(entry.principal)
        return self.options.issuperset(_options(entry_row(entry))) or (is_share and not self.beyond((entry,)))

    def asks_for_admin(self, account: str, principal: str) -> bool:
        """Whether the change makes somebody a data lake administrator."""
        return ("admin", account, principal) in self.gained


def requested(difference: AccessDifference, asked: Iterable[Change] = ()) -> RequestedAccess:
    """What the difference of two meshes asks for, in access and by what it makes."""
    every = tuple(asked)
    return RequestedAccess(
        frozenset(_facts(entry_row(entry) for entry in (*difference.gained, *difference.shared)))
        | {("admin", *admin) for admin in difference.admins_gained},
        frozenset(_facts(entry_row(entry) for entry in (*difference.lost, *difference.unshared)))
        | {("admin", *admin) for admin in difference.admins_lost},
        frozenset(str(change.address) for change in every if isinstance(change, Create)),
        frozenset(str(change.address) for change in every if not isinstance(change, Create)),
        frozenset(fact for entry in difference.passed_on for fact in _options(entry_row(entry))),
        frozenset((str(each.address), words) for each in every if isinstance(each, Update) for words in openings(each)),
    )


def requested_in(documents: Iterable[Mapping[str, Any]]) -> RequestedAccess | None:
    """What reviewed plans in JSON v1 asked for, together; None where one of them was not made against a base."""
    gained: set[Fact] = set()
    lost: set[Fact] = set()
    made: set[str] = set()
    changed: set[str] = set()
    options: set[Fact] = set()
    opened: set[tuple[str, str]] = set()
    for document in documents:
        asked = document.get("asked_access")
        if asked is None:
            return None
        try:
            gained.update(_facts([*asked["gained"], *asked["shared"]]))
            lost.update(_facts([*asked["lost"], *asked["unshared"]]))
            gained.update(("admin", each["account"], each["principal"]) for each in asked["admins_gained"])
            options.update(fact for each in asked.get("passed_on", ()) for fact in _options(each))
            made.update(str(each["address"]) for each in document["asked"] if each["action"] == "create")
            changed.update(str(each["address"]) for each in document["asked"] if each["action"] != "create")
            lost.update(("admin", each["account"], each["principal"]) for each in asked["admins_lost"])
            opened.update((str(each["address"]), str(said)) for each in document["asked"] for said in _opens(each))
        except MISSHAPEN as error:
            raise MeshformError("The reviewed plan is not a plan made by `meshform plan --format json`.") from error
    return RequestedAccess(
        frozenset(gained), frozenset(lost), frozenset(made), frozenset(changed), frozenset(options), frozenset(opened)
    )


def _opens(asked: Mapping[str, Any]) -> Iterable[object]:
    """What a row of `asked` lets besides; plans of older versions do not tell it, so that nothing was asked for."""
    return asked.get("opens") or ()


def entry_row(entry: AccessEntry) -> dict[str, Any]:
    """The fields of an entry that facts are made of, as in JSON v1."""
    return {
        "principal": entry.principal,
        "catalog": entry.place.catalog,
        "database": entry.place.database,
        "table": entry.place.table,
        "change": entry.change,
        "columns": entry.columns,
        "rows": text(entry.rows),
        "rows_before": text(entry.rows_before) if entry.rows_before is not None else None,
        "permissions": entry.permissions,
        "values_of": dict(entry.values_of),
        "thing": entry.thing,
        "path": entry.path,
        "assumed": entry.assumed.role if entry.assumed is not None else "",
    }


def _singles(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A row for each value of an LF-tag: which of them are told as one thing depends on what else is told."""
    found = _VALUES.fullmatch(row.get("thing") or "")
    if found is None:
        return [row]
    return [{**row, "thing": f"{found[1]}={value}"} for value in found[2].split(", ")]


def _facts(rows: Iterable[Mapping[str, Any]]) -> Iterator[Fact]:
    for row in (single for each in rows for single in _singles(each)):
        whose = _whose(row)
        change = row["change"]
        values = row.get("values_of") or {}
        yield from (
            (*whose, change, column, values.get(column), row["rows"], row["rows_before"]) for column in row["columns"]
        )
        yield from ((*whose, "may", permission) for permission in row["permissions"])
        if change not in ("columns", "rows", "permissions", "rights"):
            yield (*whose, change, row.get("path", ""))


def _whose(row: Mapping[str, Any]) -> Fact:
    """Who, acting as which role if as any, and what it is about."""
    assumed, place = row.get("assumed", ""), row["table"] or row.get("thing", "")
    return (row["principal"], *([assumed] if assumed else ()), row["catalog"], row["database"], place)


def _options(row: Mapping[str, Any]) -> Iterator[Fact]:
    """What somebody may pass on by an entry of that, apart from what he may do himself."""
    for one in _singles(row):
        whose = ("option", one["principal"], one["catalog"], one["database"], one["table"] or one.get("thing", ""))
        yield (*whose, one["change"])
        yield from ((*whose, each) for each in (*one["columns"], *one["permissions"]))


def _part(entry: AccessEntry, asked: frozenset[Fact], *, wanted: bool) -> AccessEntry | None:
    """The part of an entry that was asked for (wanted), or that was not; None where there is none."""
    row = entry_row(entry)
    whose = _whose(row)
    is_doubt = entry.change == "unknown" and bool(entry.columns or entry.permissions)
    if entry.change not in ("columns", "rows", "permissions", "rights") and not is_doubt:
        return entry if ((*whose, entry.change, entry.path) in asked) is wanted else None
    values = dict(entry.values_of)
    every = {
        (*whose, entry.change, column, values.get(column), row["rows"], row["rows_before"]): column
        for column in entry.columns
    }
    kept = tuple(
        column
        for fact, column in every.items()
        if (fact in asked or (*whose, "columns", column, values.get(column), None, None) in asked) is wanted
    )
    # Whoever reads a column reads it by these, which are said with the columns.
    beside = _READING if entry.columns else frozenset[str]()
    mine = tuple(right for right in entry.permissions if right not in beside)
    each_of = [_whose(one) for one in _singles(row)]
    rights = tuple(right for right in mine if all((*one, "may", right) in asked for one in each_of) is wanted)
    if (kept, rights) == (entry.columns, mine):
        return entry
    if kept:
        reading = tuple(right for right in entry.permissions if right in beside)
        return replace(narrowed(entry, kept), permissions=(*reading, *rights))
    change: ChangeType = entry.change if entry.change in ("rights", "unknown") else "permissions"
    return replace(narrowed(entry, ()), change=change, permissions=rights) if rights else None


def is_new_in_aws(entry: AccessEntry) -> bool:
    """Whether AWS has no such table now (of rights on other things: no table at all): what is gained on it cannot have
    been revoked from it.
    """
    return not entry.other.tables if entry.thing else entry.place not in entry.other.tables
