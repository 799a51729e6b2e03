"""Facts of a table: what one principal has on it, one record for each column and each other right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.access.algebra.column_rows import mask
from reconciler.access.algebra.rows import ALL_ROWS, text
from reconciler.access.evaluation.evaluate import Access, TableAccess
from reconciler.access.evaluation.grant_paths import Path, paths, sentences
from reconciler.access.evaluation.view_paths import view_sentence
from reconciler.access.facts.access_fact import READ_FILES, AccessFact
from reconciler.access.facts.attribution import Attribution, attribution
from reconciler.access.facts.columns import label_of
from reconciler.access.state.principal_directory import account_of
from reconciler.access.state.table_view import TableId, TableView
from reconciler.model.address import Address
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import permission_set_arn

SAID_ANYWAY = ("SELECT", "DESCRIBE")
"""SELECT is told column by column, and whoever has anything on a table may describe it."""


Part = tuple[AccessFact, int | None]
"""A fact without a column, and the columns (bits) of which it is true; None if it is about the table itself."""


def table_facts(access: Access, mesh: Mesh, found: TableAccess, columns: int | None = None) -> Iterator[AccessFact]:
    """What one principal has on one table; with columns (bits) only what is about reading those."""
    view, is_told = found.table_view, found.column_rows or found.raw_read or found.beyond
    for base, chosen in table_parts(access, mesh, found):
        if chosen is not None:
            yield from on_columns(access, base, view, chosen if columns is None else chosen & columns)
        elif columns is None:
            yield base
    if columns is not None and not is_told and found.verdict == "unknown":
        yield replace(_of_whole(access, mesh, found), certain=False)


def table_parts(access: Access, mesh: Mesh, found: TableAccess) -> Iterator[Part]:
    """What one principal has on one table, columns of which the same is said together."""
    known, view = attribution(mesh), found.table_view
    base = replace(fact(access, known, found.principal, view.id), verdict=found.verdict, reasons=found.reasons)
    if found.verdict == "open" and found.principal == IAM_ALLOWED_PRINCIPALS:
        base = replace(base, path="iam")
        yield replace(base, permission="SELECT"), view.signature.all
        yield from ((replace(base, permission=each), None) for each in _told(found, told=bool(view.columns)))
        return
    ways = tuple(paths(access, found.principal, view, 0))
    for chosen, rows, path in _groups(found, ways):
        given = _given(access, known, replace(base, permission="SELECT", rows=rows), view.id, path)
        for part, names in _asked(known, view, chosen, path):
            yield replace(given, terms=known.terms(names), subscriptions=names), part
    whole = _given(access, known, base, view.id, ways)
    if found.beyond is not None:
        perhaps = replace(whole, permission="SELECT", certain=False)
        for more, possible in found.beyond[1]:
            yield replace(perhaps, rows=text(more)), possible & ~mask(found.column_rows)
    if found.raw_read:
        by_writing = replace(whole, path="files-by-writing", permission=READ_FILES)
        yield by_writing, view.signature.all & ~_read_whole(found) if view.columns else None
    for permission in _told(found, told=bool(found.column_rows)):
        yield replace(whole, permission=permission, certain=bool(permission)), None


def on_columns(access: Access, base: AccessFact, view: TableView, chosen: int) -> Iterator[AccessFact]:
    """A fact for each column (bits), with its labels."""
    for number, name in enumerate(view.columns):
        if chosen >> number & 1:
            yield replace(base, column=name, **label_of(access.directory, view, number))


def fact(access: Access, known: Attribution, principal: str, place: TableId) -> AccessFact:
    """A fact about a principal and a table of which everything else is still to be said."""
    account, label = account_of(principal) or place.catalog, access.directory.label
    product = known.product(place.catalog, place.database, place.table)
    return AccessFact(
        principal=principal,
        name=label(principal),
        principal_type=known.principal_type(principal),
        account=account,
        account_name=access.directory.accounts.get(account, ""),
        consumer=known.consumers.get(permission_set_arn(principal) or principal, ""),
        catalog=place.catalog,
        database=place.database,
        table=place.table,
        column="",
        product=product.name if product else "",
        domain=product.domain if product else "",
        owner=product.owner if product else "",
        permission="",
        path="lake-formation",
        producer=known.mesh.producer(known.mesh.domain(product)).id if product else "",
    )


def _of_whole(access: Access, mesh: Mesh, found: TableAccess) -> AccessFact:
    """A fact about the table, by every way."""
    known, view = attribution(mesh), found.table_view
    base = replace(fact(access, known, found.principal, view.id), verdict=found.verdict, reasons=found.reasons)
    return _given(access, known, base, view.id, paths(access, found.principal, view, 0))


def _told(found: TableAccess, *, told: bool) -> list[str]:
    """The permissions of which no column speaks; where no column was `told`, all, or that there may be something."""
    if told:
        return [each for each in found.permissions if each not in SAID_ANYWAY]
    return [each for each in found.permissions if each != "DESCRIBE"] or [*found.permissions] or [""]


def _groups(found: TableAccess, ways: tuple[Path, ...]) -> Iterator[tuple[int, str | None, tuple[Path, ...]]]:
    """Columns (bits) with the same rows by the same grants."""
    uses = [mask(use.held.column_rows) for path in ways for use in (*path.given, *path.received)]
    for rows, readable in found.column_rows:
        parts = [readable]
        for use in uses:
            parts = [part for whole in parts for part in (whole & use, whole & ~use) if part]
        for part in parts:
            yield part, text(rows), tuple(path for way in ways if (path := way.to(part)) is not None)


def _asked(
    known: Attribution, view: TableView, chosen: int, ways: Iterable[Path]
) -> Iterable[tuple[int, tuple[str, ...]]]:
    """Columns (bits) that the same grants give, by the subscriptions that ask for them."""
    addresses = {use.given.address for way in ways for use in way.given}
    if not any(len(known.subscriptions.get(address, ())) > 1 for address in addresses):
        return ((chosen, _names(known, addresses)),)
    found: dict[tuple[str, ...], int] = {}
    for number, column in enumerate(view.columns):
        if chosen >> number & 1:
            every = {name for address in addresses for name in known.giving(address, view.id.table, column)}
            names = tuple(sorted(every))
            found[names] = found.get(names, 0) | 1 << number
    return tuple((part, names) for names, part in found.items())


def _names(known: Attribution, addresses: Iterable[Address]) -> tuple[str, ...]:
    return tuple(sorted({name for address in addresses for name in known.subscriptions.get(address, ())}))


def _given(access: Access, known: Attribution, base: AccessFact, place: TableId, ways: Iterable[Path]) -> AccessFact:
    """A fact with the subscriptions that give it, and the ways in sentences."""
    ways = tuple(ways)
    names = _names(known, (use.given.address for way in ways for use in way.given))
    told = sentences(access, base.principal, place, ways)
    if access.tables[place].signature.is_view and (shows := view_sentence(access, place)):
        told = (*told, shows)
    return replace(base, terms=known.terms(names), subscriptions=names, via=told)


def _read_whole(found: TableAccess) -> int:
    """The columns of which all rows are read anyway."""
    return next((columns for rows, columns in found.column_rows if rows == ALL_ROWS), 0)
