"""Compare: what one principal has on one table in one state beyond what he has in the other."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.access import permission
from reconciler.access.cells import each
from reconciler.access.enforcement import doubts, is_open, is_opted_in
from reconciler.access.entry import AccessEntry, Sort
from reconciler.access.evaluate import Access, raw_read
from reconciler.access.holding import NOTHING, Holding
from reconciler.access.reach import candidates
from reconciler.access.rows import ALL_ROWS, Rows, within
from reconciler.access.sensitivity import rank_of, sensitivities
from reconciler.access.subject import Subject, TableId
from reconciler.access.world import account_of, is_account
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS

Groups = dict[tuple[Rows, Rows | None], list[str]]


def surplus(more: Access, less: Access, principal: str, place: TableId) -> Iterator[AccessEntry]:
    """Entries for what a principal has on a table in `more` and has not in `less`.

    Called both ways round it gives what was gained and what was lost.
    """
    subject = more.tables.get(place)
    if subject is None:
        return
    old = less.tables.get(place)
    have = more.held(principal, subject)
    had = less.held(principal, old) if old is not None else NOTHING
    groups = _groups(have, subject, had, old)
    fresh = have.permissions & ~had.permissions
    reasons = _reasons(have, subject) - (_reasons(had, old) if old is not None else frozenset())
    opened = _opened(more, less, principal, subject, old)
    raw = raw_read(have, subject) and not (old is not None and raw_read(had, old))
    verdict = more.on(principal, place).verdict if groups or fresh or reasons or opened or raw else "enforced"

    def entry(sort: Sort, columns: tuple[str, ...], rows: Rows, rows_before: Rows | None, held: int) -> AccessEntry:
        values = sensitivities(more, subject, columns)
        return AccessEntry(
            principal,
            place,
            sort,
            columns,
            rows,
            permission.names(held),
            verdict,
            tuple(sorted(reasons)),
            rows_before,
            values,
            rank=rank_of(more.world, columns, values),
            new_account=bool(columns) and not _account_reads(less, principal, place),
            readable=sum(1 for _ in each(have.cells, subject.columns)),
            width=len(subject.columns),
            side=more,
        )

    if opened:
        yield entry("opened", subject.columns, ALL_ROWS, None, fresh)
        return
    ordered = sorted(groups.items(), key=lambda group: subject.columns.index(group[1][0]))
    for number, ((rows, rows_before), columns) in enumerate(ordered):
        held = permission.SELECT | (fresh if number == 0 else 0)
        yield entry("columns" if rows_before is None else "rows", tuple(columns), rows, rows_before, held)
    if raw:
        yield entry("raw-read", subject.columns, ALL_ROWS, None, fresh if not groups else fresh & permission.RAW)
    elif fresh and not groups:
        yield entry("permissions", (), ALL_ROWS, None, fresh)
    if reasons:
        yield entry("unknown", (), ALL_ROWS, None, 0)


def _groups(have: Holding, subject: Subject, had: Holding, old: Subject | None) -> Groups:
    """Columns with more rows than before, grouped by the rows after and before."""
    if old is not None and have.cells == had.cells and subject.columns == old.columns:
        return {}
    known = dict(each(had.cells, old.columns)) if old is not None else {}
    groups: Groups = {}
    for name, rows in each(have.cells, subject.columns):
        before = known.get(name)
        if before is None or not within(rows, before):
            groups.setdefault((rows, before), []).append(name)
    return groups


def _reasons(held: Holding, subject: Subject) -> frozenset[str]:
    return held.reasons | frozenset(doubts(subject) if held.cells else ())


def _opened(more: Access, less: Access, principal: str, subject: Subject, old: Subject | None) -> bool:
    """Whether IAM decides now for a principal. The opening of the table itself is said once, of everybody."""
    if not is_open(more.estate, subject) or is_opted_in(more.estate, principal, subject):
        return False
    was_open = old is not None and is_open(less.estate, old)
    if principal == IAM_ALLOWED_PRINCIPALS:
        return not was_open
    return was_open and old is not None and is_opted_in(less.estate, principal, old)


def _account_reads(access: Access, principal: str, place: TableId) -> bool:
    """Whether anybody of a principal's account reads anything of a table."""
    subject = access.tables.get(place)
    account = account_of(principal)
    if subject is None:
        return False
    if account is None:
        return bool(access.held(principal, subject).cells)
    return any(
        access.held(name, subject).cells
        for name in candidates(access.estate, subject, wholes=True)
        if account_of(name) == account and (name == principal or not is_account(name))
    )
