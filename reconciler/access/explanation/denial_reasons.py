"""Denial reasons: what stands between a principal and a column that he cannot read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.access.algebra import permissions
from reconciler.access.algebra.column_rows import mask
from reconciler.access.algebra.tag_signature import ANY
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.grant_paths import links
from reconciler.access.explanation.tag_provenance import tagged
from reconciler.access.state.grant_index import Given, GrantSet
from reconciler.access.state.principal_directory import account_of, is_account, is_whole
from reconciler.access.state.table_view import TableView
from reconciler.model.lakeformation import ALL_TABLES, Expression, OnColumns, OnFilter, OnTable, OnTagPolicy


def denial_reasons(
    access: Access, principal: str, table_view: TableView, column: str, *, lines: bool = True
) -> tuple[str, ...]:
    """Why a principal does not read a column: each sentence names one thing that would have to be there."""
    owner, home = table_view.id.catalog, account_of(principal)
    own = [grant_set for grant_set, _ in access.grant_sources.holders(owner, principal, owner)]
    if home in (owner, None) or is_whole(principal):
        return tuple(lacking(access, own, table_view, column, principal, lines=lines))
    scopes = access.grant_sources.scopes(home, owner)
    bit = table_view.mask([column])
    found: list[str] = []
    if not any(mask(arrived.of(grant_set, table_view).most[1]) & bit for grant_set, arrived in scopes):
        if any(mask(grant_set.on(table_view).column_rows) & bit for grant_set, _ in scopes):
            found.append(
                f"the share of {access.directory.label(owner)} is not accepted in {access.directory.label(home)}"
            )
        else:
            found += lacking(access, [grant_set for grant_set, _ in scopes], table_view, column, home, lines=lines)
    local = [grant_set for grant_set, _ in access.grant_sources.holders(home, principal, owner)]
    if not any(mask(grant_set.on(table_view).column_rows) & bit for grant_set in local):
        found += lacking(access, local, table_view, column, principal, lines=lines)
    return tuple(found)


def missing_link(access: Access, principal: str, table_view: TableView) -> str | None:
    """What keeps Athena from a table that is in another account; None where nothing does.

    https://docs.aws.amazon.com/lake-formation/latest/dg/resource-links-about.html
    """
    home, place = account_of(principal), table_view.id
    if home in (None, place.catalog) or is_account(principal) or links(access, principal, place):
        return None
    label = access.directory.label
    hidden = links(access, principal, place, seen=False)
    if hidden:
        return f"the link {hidden[0].name}{hidden[0].where} is there, but {label(principal)} has no DESCRIBE on it"
    return f"the link is missing: {label(home or '')} has none to database {place.database}, so Athena cannot query it"


def lacking(
    access: Access, grant_sets: Iterable[GrantSet], table_view: TableView, column: str, grantee: str, *, lines: bool
) -> Iterator[str]:
    """Why none of the grants in grant sets opens a column to their grantee."""
    who = access.directory.label(grantee)
    reads = [
        given
        for grant_set in grant_sets
        for given in grant_set.all_grants()
        if (permissions.bits(given.spec.permission) or 0) & permissions.SELECT
    ]
    near = [given for given in reads if _is_near(given, table_view)]
    if not near:
        held = sorted(
            {given.spec.permission for grant_set in grant_sets for given, _ in grant_set.grants_on(table_view)}
        )
        only = f"; it has only {', '.join(held)}" if held else ""
        yield f"{who} has no grant of SELECT that reaches {table_view.id}{only}"
        return
    policies: list[Expression] = []
    for given in sorted(near, key=lambda each: each.address):
        target = given.spec.target
        line = f" ({given.origin})" if given.origin else ""
        if isinstance(target, OnColumns):
            yield f"not among the columns that {who} was granted{line}"
        elif isinstance(target, OnFilter):
            yield f"not among the columns of the data filter {target.name}{line}"
        elif isinstance(target, OnTagPolicy):
            policies.append(target.terms)
    yield from _unmatched(access, policies, table_view, column, who, lines=lines)


def _is_near(given: Given, table_view: TableView) -> bool:
    """Whether a grant speaks of the table: by its name, of all tables, or by tags of which the table has any."""
    match given.spec.target:
        case OnTagPolicy(terms=terms):
            words = set(table_view.signature.words)
            return any((key, value) in words for key, values in terms for value in values)
        case OnTable() | OnColumns() | OnFilter() as target:
            place = table_view.id
            return (target.catalog, target.database) == place[:2] and target.table in (ALL_TABLES, place.table)
        case _:
            return False


def _unmatched(
    access: Access, policies: Iterable[Expression], table_view: TableView, column: str, who: str, *, lines: bool
) -> Iterator[str]:
    """The keys in which the expressions that come nearest differ from the tags of the column."""
    tags = {key: tagged(access, table_view, column, key) for terms in policies for key, _ in terms}
    failing: dict[tuple[str, ...], list[Expression]] = {}
    for terms in policies:
        keys = tuple(
            key
            for key, values in terms
            if (tag := tags[key]) is None or (tag.value not in values and ANY not in values)
        )
        failing.setdefault(keys, []).append(terms)
    if not failing:
        return
    fewest = min(len(keys) for keys in failing)
    for keys in sorted(keys for keys in failing if len(keys) == fewest):
        for key in keys:
            asked = sorted(
                {value for terms in failing[keys] for name, values in terms if name == key for value in values}
            )
            tag = tags[key]
            if tag is None:
                yield f"it has no tag {key}; {who} was granted only {_one_of(key, asked)}"
            else:
                yield f"{tag.text(lines=lines)}; {who} was granted only {_one_of(key, asked)}"


def _one_of(key: str, values: list[str]) -> str:
    return f"{key}={values[0]}" if len(values) == 1 else f"{key} in ({', '.join(values)})"
