"""Facts of a difference: what somebody gains or loses, one record for each column and each other right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.access.algebra.rows import text
from reconciler.access.differences.access_entry import AccessEntry
from reconciler.access.differences.difference import AccessDifference, Admin
from reconciler.access.differences.rights import OPTION
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.other_paths import other_paths, read_whole
from reconciler.access.facts.access_fact import AccessFact, ChangedFact, FactChange
from reconciler.access.facts.attribution import attribution
from reconciler.access.facts.columns import label_of
from reconciler.access.facts.of_state import SAID_ANYWAY, administrator_fact, fact, path_facts, table_facts
from reconciler.access.state.table_view import TableId
from reconciler.spec.mesh import Mesh


def changed_facts(difference: AccessDifference, mesh: Mesh, before: Mesh | None = None) -> Iterator[ChangedFact]:
    """What is gained, then what is lost. `mesh` says why that is gained, `before` why there was what is lost."""
    yield from gained_facts(difference, mesh)
    yield from lost_facts(difference, before or mesh)


def gained_facts(
    difference: AccessDifference, mesh: Mesh, change: FactChange | None = None, sensitivity: str = ""
) -> Iterator[ChangedFact]:
    """What is gained, the worst first; what accounts and organizations may pass on, and administrators, at the end.

    With `change` and `sensitivity` only such facts; the others, of which there may be a million, are not made.
    """
    entries = _chosen((*difference.gained, *difference.shared), change, sensitivity)
    found = (fact for entry in entries for fact in _changed(entry, mesh, gained=True))
    yield from (each for each in found if not sensitivity or each.fact.sensitivity == sensitivity)
    if change in (None, "administrator") and not sensitivity:
        yield from _administrators(difference.admins_gained, difference.after, mesh, gained=True)


def lost_facts(difference: AccessDifference, mesh: Mesh) -> Iterator[ChangedFact]:
    """What is lost, in the same order; `mesh` is the one that said why it was there."""
    for entry in (*difference.lost, *difference.unshared):
        yield from _changed(entry, mesh, gained=False)
    yield from _administrators(difference.admins_lost, difference.before, mesh, gained=False)


def _chosen(entries: Iterable[AccessEntry], change: FactChange | None, sensitivity: str) -> Iterator[AccessEntry]:
    """Entries that have facts of a change, with a sensitivity."""
    for entry in entries:
        if change in (None, entry.change) and (not sensitivity or sensitivity in dict(entry.sensitivity).values()):
            yield entry


def _changed(entry: AccessEntry, mesh: Mesh, *, gained: bool) -> Iterator[ChangedFact]:
    values_of, sensitivities = dict(entry.values_of), dict(entry.sensitivity)
    for each in _of(entry, mesh):
        if each.column in values_of:
            # It is judged by the values that it shows, not by what it is called.
            each = replace(each, sensitivity=sensitivities.get(each.column, ""), rank=entry.rank)
        is_column = entry.change in ("columns", "rows") and each.permission == "SELECT"
        by_path = entry.change == "path" and each.column in _read_before(entry)
        yield ChangedFact(
            each,
            gained,
            entry.change,
            readable_before=by_path or (is_column and entry.rows_before is not None),
            rows_before=text(entry.rows_before) if is_column and entry.rows_before is not None else None,
            sensitivity_before=_sensitivity(entry.other, each),
            values_of=values_of.get(each.column, ""),
            new_account=entry.new_account,
        )


def _read_before(entry: AccessEntry) -> frozenset[str]:
    """The columns whose values are read by Lake Formation in the other state: a path to them shows nothing more."""
    view = entry.other.tables.get(entry.place)
    return frozenset(view.names(read_whole(entry.other, entry.principal, view)) if view is not None else ())


def _of(entry: AccessEntry, mesh: Mesh) -> Iterator[AccessFact]:
    """The facts of the state that has more which the entry is about."""
    access, place = entry.source, entry.place
    view = access.tables.get(place)
    if entry.change == "rights":
        base = replace(fact(access, attribution(mesh), entry.principal, place), thing=entry.thing, via=entry.via)
        base = replace(base, verdict=entry.verdict, reasons=entry.reasons, certain=not entry.reasons)
        for words in entry.permissions:
            permission, option = words.removesuffix(OPTION), words.endswith(OPTION)
            yield replace(base, permission=permission, grantable=option)
        return
    if entry.change == "path" and view is not None:
        way = next(each for each in other_paths(access) if each.key == (entry.principal, place, entry.path))
        yield from path_facts(access, mesh, way, view.mask(entry.columns))
        return
    if view is None or (entry.change == "unknown" and not entry.columns):
        base = fact(access, attribution(mesh), entry.principal, place)
        yield replace(base, verdict=entry.verdict, reasons=entry.reasons, certain=False, via=entry.via)
        return
    if entry.change == "opened":
        base = replace(fact(access, attribution(mesh), entry.principal, place), path="iam", permission="SELECT")
        base = replace(base, verdict=entry.verdict, reasons=entry.reasons)
        for number, name in enumerate(view.columns):
            yield replace(base, column=name, **label_of(access.directory, view, number))
        if not view.columns:
            yield base
        return
    if entry.change == "unknown":
        base = replace(fact(access, attribution(mesh), entry.principal, place), permission="SELECT", certain=False)
        base = replace(base, verdict=entry.verdict, reasons=entry.reasons, via=entry.via)
        for name in entry.columns:
            yield replace(base, column=name, **label_of(access.directory, view, view.columns.index(name)))
        return
    rows, rights = text(entry.rows), {each for each in entry.permissions if each not in SAID_ANYWAY}
    for each in table_facts(access, mesh, access.on(entry.principal, place)):
        match entry.change:
            case "columns" | "rows":
                told = each.column in entry.columns and (each.permission, each.rows) == ("SELECT", rows)
            case "raw-read":
                told = each.path == "files-by-writing"
            case _:
                told = not each.column and each.permission in entry.permissions
        if told or (not each.column and each.permission in rights):
            yield replace(each, verdict=entry.verdict, reasons=entry.reasons)


def _sensitivity(other: Access, each: AccessFact) -> str:
    """The sensitivity that the column had in the other state; empty where it had none or was not there."""
    view = other.tables.get(TableId(each.catalog, each.database, each.table))
    if view is None or each.column not in view.columns:
        return ""
    return view.signature.values(other.directory.sensitivity_key)[view.columns.index(each.column)] or ""


def _administrators(those: Iterable[Admin], access: Access, mesh: Mesh, *, gained: bool) -> Iterator[ChangedFact]:
    for account, arn in those:
        yield ChangedFact(administrator_fact(access, mesh, account, arn), gained, "administrator")
