"""Readers of some columns, by table or by tag, without a look at everybody who cannot read them."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.access.algebra import permissions
from reconciler.access.algebra.column_rows import mask
from reconciler.access.algebra.effective_grant import EffectiveGrant
from reconciler.access.evaluation.enforcement import is_open
from reconciler.access.evaluation.evaluate import Access, TableAccess
from reconciler.access.state.principal_directory import is_whole
from reconciler.access.state.table_view import TableId
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS


def tagged_columns(access: Access, key: str, value: str) -> dict[TableId, int]:
    """The columns (bits) with an effective LF-tag, by table; those of tables that have none are left out."""
    word = (key.lower(), value.lower())
    return {
        view.id: columns
        for (_, signature), views in access.state.by_signature.items()
        if (columns := signature.carriers.get(word, 0))
        for view in views
    }


def readers_of(access: Access, place: TableId, columns: int) -> Iterator[TableAccess]:
    """Everybody who reads any of these columns (bits) of a table, or may: by grants, in the files, or by IAM."""
    view, names = access.tables[place], set[str]()
    for grant_set in access.state.near(view):
        giver = grant_set.key.giver
        # What an account received is looked up once for all to whom it passed anything on.
        if giver != place.catalog and not _touches(access.grant_sources.received(giver, view)[0], columns):
            continue
        if _touches(grant_set.on(view), columns):
            names.update(access.state.principals.reached_by(grant_set.key.grantee))
    for grant_set in access.state.uncertain:
        if grant_set.key.catalog == place.catalog:
            names.update(access.state.principals.reached_by(grant_set.key.grantee))
    if is_open(access.state, view):
        names.add(IAM_ALLOWED_PRINCIPALS)
    for name in sorted(names):
        if is_whole(name):
            continue
        found = access.on(name, place)
        possible = mask(found.beyond[1]) if found.beyond else mask(found.column_rows)
        if possible & columns or found.raw_read or found.verdict != "enforced":
            yield found


def _touches(held: EffectiveGrant, columns: int) -> bool:
    """Whether it may open any of the columns, or the files."""
    allowed, column_rows = held.most
    return bool(mask(column_rows) & columns or allowed & permissions.RAW)
