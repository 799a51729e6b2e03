"""Facts of a difference: what somebody gains or loses, one record for each column and each other right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.access.algebra.rows import text
from reconciler.access.differences.access_entry import AccessEntry
from reconciler.access.differences.assumed import Admin
from reconciler.access.differences.difference import AccessDifference
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.other_paths import read_whole
from reconciler.access.facts.access_fact import ChangedFact, FactChange
from reconciler.access.facts.of_entry import facts_of_entry
from reconciler.access.facts.of_state import administrator_fact
from reconciler.spec.mesh import Mesh


def changed_facts(difference: AccessDifference, mesh: Mesh, before: Mesh | None = None) -> Iterator[ChangedFact]:
    """What is gained, then what is lost. `mesh` says why that is gained, `before` why there was what is lost."""
    yield from gained_facts(difference, mesh)
    yield from lost_facts(difference, before or mesh)


def gained_facts(
    difference: AccessDifference,
    mesh: Mesh,
    change: FactChange | None = None,
    sensitivity: str = "",
    *,
    shifted: bool = False,
) -> Iterator[ChangedFact]:
    """What is gained, the worst first; what accounts and organizations may pass on, and administrators, at the end.

    With `change` and `sensitivity` only such facts, with `shifted` only columns that show the values of others; what is
    not wanted, of which there may be a million, is not made.
    """
    entries = _chosen((*difference.gained, *difference.shared), change, sensitivity)
    if shifted:
        found = (fact for each in entries if each.values_of for fact in changed_of(each, mesh, gained=True))
        yield from (each for each in found if each.values_of)
        return
    found = (fact for entry in entries for fact in changed_of(entry, mesh, gained=True))
    yield from (each for each in found if not sensitivity or each.fact.sensitivity == sensitivity)
    if change in (None, "administrator") and not sensitivity:
        yield from _administrators(difference.admins_gained, difference.after, mesh, gained=True)


def lost_facts(difference: AccessDifference, mesh: Mesh) -> Iterator[ChangedFact]:
    """What is lost, in the same order; `mesh` is the one that said why it was there."""
    for entry in (*difference.lost, *difference.unshared):
        yield from changed_of(entry, mesh, gained=False)
    yield from _administrators(difference.admins_lost, difference.before, mesh, gained=False)


def _chosen(entries: Iterable[AccessEntry], change: FactChange | None, sensitivity: str) -> Iterator[AccessEntry]:
    """Entries that have facts of a change, with a sensitivity."""
    for entry in entries:
        if change in (None, entry.change) and (not sensitivity or sensitivity in dict(entry.sensitivity).values()):
            yield entry


def changed_of(entry: AccessEntry, mesh: Mesh, *, gained: bool) -> Iterator[ChangedFact]:
    """What an entry of a difference says, fact by fact."""
    values_of, sensitivities, before = dict(entry.values_of), dict(entry.sensitivity), sensitivities_before(entry)
    is_read, rows_before = _read_before(entry), text(entry.rows_before) if entry.rows_before is not None else None
    for each in facts_of_entry(entry, mesh):
        if each.column in values_of:
            # It is judged by the values that it shows, not by what it is called.
            each = replace(each, sensitivity=sensitivities.get(each.column, ""), rank=entry.rank)
        is_column = entry.change in ("columns", "rows") and each.permission == "SELECT"
        yield ChangedFact(
            each,
            gained,
            entry.change,
            readable_before=each.column in is_read or (is_column and entry.rows_before is not None),
            rows_before=rows_before if is_column else None,
            sensitivity_before=before.get(each.column) or "",
            values_of=values_of.get(each.column, ""),
            new_account=entry.new_account,
        )


def sensitivities_before(entry: AccessEntry) -> Mapping[str, str | None]:
    """The sensitivity of each column in the other state; None where it had none."""
    view = entry.other.tables.get(entry.place)
    if view is None:
        return {}
    return dict(zip(view.columns, view.signature.values(entry.other.directory.sensitivity_key), strict=True))


def _read_before(entry: AccessEntry) -> frozenset[str]:
    """The columns whose values are read by Lake Formation in the other state: a path to them shows nothing more."""
    view = entry.other.tables.get(entry.place) if entry.change == "path" else None
    return frozenset(view.names(read_whole(entry.other, entry.principal, view)) if view is not None else ())


def administrators_changed(difference: AccessDifference, mesh: Mesh) -> Iterator[ChangedFact]:
    """Who becomes a data lake administrator, and who is none any more."""
    yield from _administrators(difference.admins_gained, difference.after, mesh, gained=True)
    yield from _administrators(difference.admins_lost, difference.before, mesh, gained=False)


def _administrators(those: Iterable[Admin], access: Access, mesh: Mesh, *, gained: bool) -> Iterator[ChangedFact]:
    for account, arn in those:
        yield ChangedFact(administrator_fact(access, mesh, account, arn), gained, "administrator")
