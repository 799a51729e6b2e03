"""Rights of one state and not of another: on databases, the catalog, locations, LF-tags; and to pass on of tables."""

from __future__ import annotations

from collections.abc import Container, Iterator

from reconciler.access.algebra.rows import ALL_ROWS
from reconciler.access.differences.access_entry import AccessEntry
from reconciler.access.differences.affected import Things
from reconciler.access.evaluation.candidates import is_reached
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.rights import Right, Rights, RightsIndex, Thing, described
from reconciler.access.state.grant_index import Given
from reconciler.access.state.table_view import TableId
from reconciler.model.lakeformation import OnDatabase

OPTION = " with grant option"


def rights_surplus(
    more: RightsIndex, less: RightsIndex, of: Access, other: Access, things: Things
) -> Iterator[AccessEntry]:
    """What somebody may do with these things in one state and not in the other; asked both ways round, what was gained
    and lost.

    That a database can be seen is not told of who reads or may change any of its tables, nor that a link can be.
    """
    links = links_of(of)
    for principal in sorted(things.keys() & of.state.to.keys()):
        have, had = more.of(principal, things[principal]), less.of(principal, things[principal])
        yield from rights_beyond(principal, have, had, of, other, links)


def links_of(access: Access) -> frozenset[tuple[str, str]]:
    """Every database that is only a link to another one, by account and name."""
    return frozenset((link.account, link.name) for those in access.state.links.values() for link in those)


def rights_beyond(
    principal: str, have: Rights, had: Rights, of: Access, other: Access, links: Container[tuple[str, str]]
) -> Iterator[AccessEntry]:
    """What of the rights that a principal has is not among others."""
    told = [
        right
        for key, right in have.items()
        if _is_more(right, had.get(key)) and not _is_said_anyway(of, principal, right, links)
    ]
    yield from _entries(principal, told, of, other, had)


def _is_said_anyway(access: Access, principal: str, right: Right, links: Container[tuple[str, str]]) -> bool:
    """Whether it is only that a link can be seen, or a database of whose tables something else is said."""
    if not (right.is_reading_metadata and isinstance(right.thing, OnDatabase)):
        return False
    place = (right.thing.catalog, right.thing.database)
    views = access.state.in_database.get(place, ())
    return place in links or any(is_reached(access.state, principal, view) for view in views)


def _is_more(right: Right, before: Right | None) -> bool:
    """Whether somebody had not the right, could not pass it on, or had it only perhaps."""
    if before is None:
        return True
    return (right.grantable and not before.grantable) or (bool(before.reasons) and not right.reasons)


def _entries(principal: str, told: list[Right], of: Access, other: Access, had: Rights) -> Iterator[AccessEntry]:
    """One for each thing; the values of an LF-tag that come with the same permissions are one thing."""
    groups: dict[tuple[str, TableId, str, tuple[str, ...], frozenset[str]], list[str]] = {}
    given: dict[tuple[str, TableId, str, tuple[str, ...], frozenset[str]], list[Given]] = {}
    by_thing: dict[Thing, list[Right]] = {}
    for right in told:
        by_thing.setdefault(right.thing, []).append(right)
    for thing, those in by_thing.items():
        permissions = tuple(sorted(_words(right, had.get((thing, right.permission))) for right in those))
        reasons = frozenset(reason for right in those for reason in right.reasons)
        kind, place, name, value = described(thing)
        key = (kind, place, name, permissions, reasons)
        groups.setdefault(key, []).append(value)
        given.setdefault(key, []).extend(each for right in those for each in right.given)
    for key, values in groups.items():
        kind, place, name, permissions, reasons = key
        chosen = sorted(value for value in values if value)
        said = f"={chosen[0]}" if len(chosen) == 1 else f" in ({', '.join(chosen)})" if chosen else ""
        yield AccessEntry(
            principal,
            place,
            "rights",
            (),
            ALL_ROWS,
            permissions,
            "unknown" if reasons else "enforced",
            tuple(sorted(reasons)),
            thing=f"{kind} {name}{said}".strip(),
            given=tuple(given[key]),
            source=of,
            other=other,
        )


def _words(right: Right, before: Right | None) -> str:
    is_option = right.grantable and not (before is not None and before.grantable)
    return f"{right.permission}{OPTION if is_option else ''}"
