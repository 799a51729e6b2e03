"""Surplus: what one principal has on one table in one state beyond what he has in the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reconciler.access.algebra import permissions
from reconciler.access.algebra.column_rows import ColumnRows, mask
from reconciler.access.algebra.effective_grant import EffectiveGrant
from reconciler.access.algebra.rows import ALL_ROWS, Rows, within
from reconciler.access.differences.access_entry import AccessEntry, ChangeType
from reconciler.access.differences.carried_values import carried, is_uncertain, moved
from reconciler.access.differences.sensitivity import rank_of, sensitivities
from reconciler.access.differences.taken_files import Taken, taken_files
from reconciler.access.evaluation.enforcement import is_open, is_opted_in, table_uncertainties
from reconciler.access.evaluation.evaluate import Access, Classified, raw_read
from reconciler.access.state.principal_directory import account_of, is_whole
from reconciler.access.state.table_view import TableView
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS

Groups = dict[tuple[Rows, Rows | None, bool], int]
"""Columns (bits) by their rows, the rows before, and whether they show the values of a column of another name."""

OTHER_VALUES = "so a column may show the values of any other"


class Seen(NamedTuple):
    """What a principal holds on a table in one state; no view where the table is not there."""

    access: Access
    table_view: TableView | None
    held: EffectiveGrant


def surplus(more: Seen, less: Seen, principals: Sequence[str], *, later: bool = True) -> Iterator[AccessEntry]:
    """Entries for what each of the principals, who are alike, has on a table in `more` and has not in `less`.

    Asked both ways round it gives what was gained and what was lost. What he may have in `less` too is not certain.
    `later` says whether `more` is the later state: values under another name have the label that they had before.
    """
    table_view, old, principal = more.table_view, less.table_view, principals[0]
    if table_view is None:
        return
    have, had = more.held, less.held
    taken = taken_files(less.access, table_view) if later and have.column_rows else {}
    opened = _opened(more, less, principal)
    is_same = old is not None and have == had and table_view.judged == old.judged
    if not opened and is_same and not taken and not _standing(more, less, principal):
        return
    groups = _groups(have.column_rows, table_view, had.column_rows, old, taken)
    fresh = have.permissions & ~had.most[0]
    perhaps, perhaps_held = 0, have.permissions & ~had.permissions & ~fresh
    if had.beyond is not None:
        sure = _groups(have.column_rows, table_view, had.beyond[1], old, taken)
        perhaps, groups = _union(groups) & ~_union(sure), sure
    reasons = _reasons(have, table_view) - (_reasons(had, old) if old is not None else frozenset())
    if old is not None and have.column_rows and is_uncertain(old, table_view):
        reasons |= {f"the files of {table_view.id} are read otherwise, {OTHER_VALUES}"}
    raw = raw_read(have, table_view) and (old is None or not _reads_files(had, old))
    uncertain = _uncertain(more, less, principal, _union(groups))
    if perhaps or perhaps_held:
        columns, held, because = uncertain or (0, 0, frozenset())
        uncertain = (columns | perhaps, held | perhaps_held, because | had.reasons)
    if not (groups or fresh or reasons or opened or raw or uncertain):
        return
    verdict, _ = more.access.verdict(principal, table_view, have)
    readable = mask(have.column_rows).bit_count()

    def entry(
        change: ChangeType,
        chosen: int,
        rows: Rows,
        rows_before: Rows | None,
        held: int,
        *,
        shifted: bool = False,
        because: frozenset[str] = reasons,
    ) -> Iterator[AccessEntry]:
        columns, values, rank = _classified(more.access, table_view, chosen)
        values_of: tuple[tuple[str, str], ...] = ()
        if shifted and taken:
            values_of, values, rank = _of_taken(table_view, taken, chosen)
        elif shifted and old is not None:
            values_of, labels, worst = _of_values(less.access, old, table_view, chosen)
            values, rank = (labels, worst) if later else (values, rank)
        said = (
            table_view.id,
            change,
            columns,
            rows,
            permissions.names(held),
            "unknown" if change == "unknown" else verdict,
            tuple(sorted(because)),
            rows_before,
            values,
            rank,
            bool(columns) and not _account_reads(less, principal),
            readable,
            len(table_view.columns),
            values_of,
        )
        for name in principals:
            yield AccessEntry(name, *said, source=more.access, other=less.access)

    if opened:
        yield from entry("opened", table_view.signature.all, ALL_ROWS, None, fresh)
        return
    ordered = sorted(groups.items(), key=lambda group: group[1] & -group[1])
    for number, ((rows, rows_before, shifted), columns) in enumerate(ordered):
        held = permissions.SELECT | (fresh if number == 0 else 0)
        yield from entry(
            "columns" if rows_before is None else "rows", columns, rows, rows_before, held, shifted=shifted
        )
    if raw:
        yield from entry(
            "raw-read", table_view.signature.all, ALL_ROWS, None, fresh & permissions.RAW if groups else fresh
        )
    elif fresh and not groups:
        yield from entry("permissions", 0, ALL_ROWS, None, fresh)
    if uncertain is not None:
        columns, held, because = uncertain
        yield from entry("unknown", columns, ALL_ROWS, None, held, because=reasons | because)
    elif not (groups or raw or fresh):
        yield from entry("unknown", 0, ALL_ROWS, None, 0)


def _uncertain(more: Seen, less: Seen, principal: str, told: int) -> tuple[int, int, frozenset[str]] | None:
    """Columns (bits) and permissions that somebody may gain by what is uncertain, apart from columns told anyway."""
    view, old, have, had = more.table_view, less.table_view, more.held, less.held
    assert view is not None, "nothing is gained on a table that is not there"
    columns = held = 0
    because = frozenset[str]()
    if have.beyond is not None:
        columns = _union(_groups(have.beyond[1], view, had.most[1], old, {})) & ~told
        held = have.beyond[0] & ~had.most[0] & ~have.permissions
        because = have.reasons if columns or held else because
    standing = _standing(more, less, principal)
    if standing:
        touched = _retagged(view, old) & ~told
        columns, because = columns | touched, because | standing if touched else because
    return (columns, held, because) if columns or held else None


def _union(groups: Groups) -> int:
    """Every column (bits) of any group."""
    found = 0
    for columns in groups.values():
        found |= columns
    return found


def _standing(more: Seen, less: Seen, principal: str) -> frozenset[str]:
    """Why somebody may have more than is known on any table of the catalog, before as after, if the table changes."""
    view, old = more.table_view, less.table_view
    if view is None or (old is not None and view.is_like(old)):
        return frozenset()
    catalog = view.id.catalog
    return more.access.uncertainties(principal, catalog) & less.access.uncertainties(principal, catalog)


def _retagged(view: TableView, old: TableView | None) -> int:
    """The columns (bits) that are new or carry other tags; all of them if something else about the table changed."""
    if old is None or not (view.layout != old.layout or view.signature.key != old.signature.key):
        return view.signature.all
    known = {name: old.signature.tags(number) for number, name in enumerate(old.columns)}
    return sum(1 << n for n, name in enumerate(view.columns) if known.get(name) != view.signature.tags(n))


def _classified(access: Access, table_view: TableView, columns: int) -> Classified:
    """Names of columns (bits), their sensitivities, and the rank of the most sensitive; many principals share them."""
    known = access.classified.get((table_view.id, columns))
    if known is None:
        values = sensitivities(access.directory, table_view, columns)
        known = table_view.names(columns), values, rank_of(access.directory, table_view, columns, values)
        access.classified[table_view.id, columns] = known
    return known


def _of_values(
    access: Access, other: TableView, table_view: TableView, columns: int
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...], int]:
    """The columns of the other state whose values columns (bits) show, with their labels there and the worst rank."""
    whose = {number: source for number, source in moved(other, table_view).items() if columns >> number & 1}
    _, values, rank = _classified(access, other, sum({1 << source for source in whose.values()}))
    labels = dict(values)
    pairs = tuple((table_view.columns[number], other.columns[source]) for number, source in sorted(whose.items()))
    return pairs, tuple((name, labels[old]) for name, old in pairs if old in labels), rank


def _of_taken(
    view: TableView, taken: Taken, columns: int
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...], int]:
    """The columns of other tables whose values columns (bits) show, with their labels there and the worst rank."""
    told = [(view.columns[number], *taken[number]) for number in sorted(taken) if columns >> number & 1]
    labels = tuple((name, label) for name, _, label, _ in told if label is not None)
    return tuple((name, whose) for name, whose, _, _ in told), labels, max((each[3] for each in told), default=0)


def _groups(have: ColumnRows, table_view: TableView, had: ColumnRows, old: TableView | None, taken: Taken) -> Groups:
    """Columns (bits) whose values were not readable before, or in fewer rows, by any way that may decide."""
    if taken:
        # What he read of this table before were other values.
        others = sum(1 << number for number in taken)
        return _grown(have, tuple((rows, columns & ~others) for rows, columns in had), others)
    if old is None or table_view.layout == old.layout:
        return _grown(have, had, 0)
    groups: Groups = {}
    shifted = sum(1 << number for number in moved(old, table_view))
    for way in carried(old.layout, table_view.layout):
        for key, columns in _grown(have, way.all(had), shifted).items():
            groups[key] = groups.get(key, 0) | columns
    return groups


def _grown(have: ColumnRows, known: ColumnRows, shifted: int) -> Groups:
    """Columns (bits) with more rows than before; those that show values of another name apart."""
    if have == known:
        return {}
    readable = mask(known)
    groups: Groups = {}

    def put(rows: Rows, before: Rows | None, columns: int) -> None:
        for of_others, chosen in ((False, columns & ~shifted), (True, columns & shifted)):
            if chosen:
                groups[rows, before, of_others] = chosen

    for rows, columns in have:
        put(rows, None, columns & ~readable)
        for before, those in known:
            if not within(rows, before):
                put(rows, before, columns & those)
    return groups


def _reads_files(held: EffectiveGrant, table_view: TableView) -> bool:
    """Whether somebody gets at all there is in the files: by writing, or by SELECT on everything."""
    return raw_read(held, table_view) or held.column_rows == ((ALL_ROWS, table_view.signature.all),)


def _reasons(held: EffectiveGrant, table_view: TableView) -> frozenset[str]:
    return held.reasons | frozenset(table_uncertainties(table_view)) if held.column_rows else held.reasons


def _opened(more: Seen, less: Seen, principal: str) -> bool:
    """Whether IAM decides now for a principal. The opening of the table itself is said once, of everybody."""
    table_view, old = more.table_view, less.table_view
    if table_view is None or is_whole(principal):
        return False
    if not is_open(more.access.state, table_view):
        return False
    if old is None:
        return principal == IAM_ALLOWED_PRINCIPALS
    was_open = is_open(less.access.state, old)
    if principal == IAM_ALLOWED_PRINCIPALS:
        return not was_open
    closed = is_opted_in(less.access.state, principal, old) and not is_opted_in(
        more.access.state, principal, table_view
    )
    return was_open and closed


def _account_reads(state: Seen, principal: str) -> bool:
    """Whether anybody of a principal's account reads anything of the table."""
    account = account_of(principal)
    if state.table_view is None:
        return False
    return bool(state.held.column_rows) or (
        account is not None and state.access.account_reads(account, state.table_view)
    )
