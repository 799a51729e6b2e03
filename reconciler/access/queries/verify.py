"""Verify: our answer for a pair against what AWS itself computes for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.access.algebra import permissions
from reconciler.access.algebra.column_rows import mask
from reconciler.access.evaluation.evaluate import Access, TableAccess
from reconciler.access.state.principal_directory import account_of
from reconciler.access.state.table_view import TableId
from reconciler.model.finding import Finding
from reconciler.model.lakeformation import ALL_TABLES, Grant, OnColumns, OnFilter, OnTable
from reconciler.spec.rule import Rule

RULE = Rule(
    "access-differs",
    "warning",
    "What Lake Formation lists for a principal and a table is what we say of it.",
    "Told by `meshform access ... --live --verify`. Either Lake Formation has not settled yet (ask again in a minute), "
    "or this is a case in which we judge otherwise than AWS does: please report it with both answers.",
)


def unverified(account: str, why: str) -> Finding:
    """That an account does not say what it computes; what is said of its principals is compared with nothing."""
    return Finding(RULE.id, RULE.severity, f"What AWS computes in {account} could not be asked for: {why}")


def lists_in_part(access: Access, principal: str, place: TableId) -> bool:
    """Whether ListPermissions may give only some of what a principal has on a table.

    AWS says that with a principal and a resource it computes what is in force; Terraform's acceptance tests see the
    rows by which the resource itself was granted, where there are any.
    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html
    """
    return any((place.database, place.table) in grant_set.named for grant_set in access.state.to.get(principal, ()))


def verify(
    access: TableAccess, listed: Iterable[Grant], *, is_admin: bool = False, in_part: bool = False
) -> Iterator[Finding]:
    """Where our answer differs from the permissions that ListPermissions gives for principal and table.

    `in_part`: it may have given only some of them (see `lists_in_part`), so what it leaves out is no difference; of a
    table of another account it is what was passed on, which may be more than was received, so nothing follows from it.

    An administrator's implicit DESCRIBE is listed and is no difference. Conditions on rows are not listed.
    https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ListPermissions.html
    """
    if in_part and account_of(access.principal) != access.table_view.id.catalog:
        return
    held, columns = permissions.DESCRIBE if is_admin else 0, 0
    for grant in listed:
        bits = permissions.bits(grant.permission) or 0
        held |= bits
        if bits & permissions.SELECT:
            columns |= _columns(access, grant)
    if access.table_view.signature.is_view:
        held &= permissions.ON_VIEW
    ours = set(access.permissions) | ({"DESCRIBE"} if is_admin else set())
    theirs = set(permissions.names(held))
    if not access.table_view.columns:
        # SELECT is listed with its columns: of a table that has none it cannot be.
        ours, theirs = ours - {"SELECT"}, theirs - {"SELECT"}
    pair = f"{access.principal} on {access.table_view.id}"
    at_most = ours | set(access.beyond[0]) if access.beyond else ours
    if not (ours <= theirs or in_part) or not theirs <= at_most:
        sure = "we say" if access.beyond is None else f"we say at most {_words(at_most)}, and at least"
        yield Finding(RULE.id, RULE.severity, f"{pair}: AWS lists {_words(theirs)}, {sure} {_words(ours)}.")
    our_columns, possible = mask(access.column_rows), mask(access.beyond[1]) if access.beyond else 0
    only_theirs = columns & ~our_columns & ~possible
    for extra, who in ((only_theirs, "only AWS lists"), (0 if in_part else our_columns & ~columns, "only we say")):
        if extra:
            yield Finding(
                RULE.id, RULE.severity, f"{pair}: {who} the columns {_words(access.table_view.names(extra))}."
            )


def _columns(access: TableAccess, grant: Grant) -> int:
    """The columns of a listed permission to read."""
    table_view = access.table_view
    match grant.target:
        case OnTable(table=table) if table in (ALL_TABLES, table_view.id.table):
            return table_view.signature.all
        case OnColumns(columns=columns, excluded=excluded):
            return table_view.chosen(columns, excluded) | table_view.signature.keys
        case OnFilter(name=name):
            found = table_view.filters.get(name)
            return table_view.chosen(found.columns, found.excluded) | table_view.signature.keys if found else 0
        case _:
            return 0


def _words(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
