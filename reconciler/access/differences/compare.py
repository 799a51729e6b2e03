"""Compare: what one principal has on one table in one state beyond what he has in the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reconciler.access.algebra import permissions
from reconciler.access.algebra.column_rows import mask
from reconciler.access.algebra.effective_grant import NOTHING, Holding
from reconciler.access.algebra.rows import ALL_ROWS, Rows, within
from reconciler.access.differences.access_entry import AccessEntry, Sort
from reconciler.access.differences.sensitivity import rank_of, sensitivities
from reconciler.access.evaluation.enforcement import doubts, is_open, is_opted_in
from reconciler.access.evaluation.evaluate import Access, Classified, raw_read
from reconciler.access.state.principal_directory import account_of, is_account, is_organization
from reconciler.access.state.table_view import Subject, TableId
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS

Groups = dict[tuple[Rows, Rows | None], int]


class Seen(NamedTuple):
    """What a principal holds on a table in one state; no subject where the table is not there."""

    access: Access
    subject: Subject | None
    held: Holding


def seen(access: Access, principal: str, place: TableId) -> Seen:
    """What a principal holds on a table in a state."""
    subject = access.tables.get(place)
    return Seen(access, subject, NOTHING if subject is None else access.held(principal, subject))


def surplus(more: Seen, less: Seen, principal: str) -> Iterator[AccessEntry]:
    """Entries for what a principal has on a table in `more` and has not in `less`.

    Asked both ways round it gives what was gained and what was lost.
    """
    subject, old = more.subject, less.subject
    if subject is None:
        return
    have, had = more.held, less.held
    opened = _opened(more, less, principal)
    if not opened and old is not None and have == had and subject.judged == old.judged:
        return
    groups = _groups(have, subject, had, old)
    fresh = have.permissions & ~had.permissions
    reasons = _reasons(have, subject) - (_reasons(had, old) if old is not None else frozenset())
    raw = raw_read(have, subject) and (old is None or not _reads_files(had, old))
    if not (groups or fresh or reasons or opened or raw):
        return
    verdict, _ = more.access.verdict(principal, subject, have)
    readable = mask(have.cells).bit_count()

    def entry(sort: Sort, chosen: int, rows: Rows, rows_before: Rows | None, held: int) -> AccessEntry:
        columns, values, rank = _classified(more.access, subject, chosen)
        return AccessEntry(
            principal,
            subject.id,
            sort,
            columns,
            rows,
            permissions.names(held),
            verdict,
            tuple(sorted(reasons)),
            rows_before,
            values,
            rank=rank,
            new_account=bool(columns) and not _account_reads(less, principal),
            readable=readable,
            width=len(subject.columns),
            side=more.access,
        )

    if opened:
        yield entry("opened", subject.shape.all, ALL_ROWS, None, fresh)
        return
    ordered = sorted(groups.items(), key=lambda group: group[1] & -group[1])
    for number, ((rows, rows_before), columns) in enumerate(ordered):
        held = permissions.SELECT | (fresh if number == 0 else 0)
        yield entry("columns" if rows_before is None else "rows", columns, rows, rows_before, held)
    if raw:
        yield entry("raw-read", subject.shape.all, ALL_ROWS, None, fresh & permissions.RAW if groups else fresh)
    elif fresh and not groups:
        yield entry("permissions", 0, ALL_ROWS, None, fresh)
    elif reasons and not groups:
        yield entry("unknown", 0, ALL_ROWS, None, 0)


def _classified(access: Access, subject: Subject, columns: int) -> Classified:
    """Names of columns (bits), their sensitivities, and the rank of the most sensitive; many principals share them."""
    known = access.classified.get((subject.id, columns))
    if known is None:
        values = sensitivities(access.world, subject, columns)
        known = subject.names(columns), values, rank_of(access.world, subject, columns, values)
        access.classified[subject.id, columns] = known
    return known


def _groups(have: Holding, subject: Subject, had: Holding, old: Subject | None) -> Groups:
    """Columns (bits) with more rows than before, by the rows after and before."""
    known = had.cells
    if old is not None and subject.columns != old.columns:
        known = tuple((rows, subject.mask(old.names(columns))) for rows, columns in known)
    if have.cells == known:
        return {}
    readable = mask(known)
    groups: Groups = {}
    for rows, columns in have.cells:
        if columns & ~readable:
            groups[rows, None] = columns & ~readable
        for before, those in known:
            if columns & those and not within(rows, before):
                groups[rows, before] = columns & those
    return groups


def _reads_files(held: Holding, subject: Subject) -> bool:
    """Whether somebody gets at all there is in the files: by writing, or by SELECT on everything."""
    return raw_read(held, subject) or held.cells == ((ALL_ROWS, subject.shape.all),)


def _reasons(held: Holding, subject: Subject) -> frozenset[str]:
    return held.reasons | frozenset(doubts(subject)) if held.cells else held.reasons


def _opened(more: Seen, less: Seen, principal: str) -> bool:
    """Whether IAM decides now for a principal. The opening of the table itself is said once, of everybody."""
    subject, old = more.subject, less.subject
    if subject is None or is_account(principal) or is_organization(principal):
        return False
    if not is_open(more.access.estate, subject):
        return False
    was_open = old is not None and is_open(less.access.estate, old)
    if principal == IAM_ALLOWED_PRINCIPALS:
        return not was_open
    if not was_open or old is None or is_opted_in(more.access.estate, principal, subject):
        return False
    return is_opted_in(less.access.estate, principal, old)


def _account_reads(state: Seen, principal: str) -> bool:
    """Whether anybody of a principal's account reads anything of the table."""
    account = account_of(principal)
    if state.subject is None:
        return False
    return bool(state.held.cells) or (account is not None and state.access.account_reads(account, state.subject))
