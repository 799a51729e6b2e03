"""Facts of a state: what somebody has on tables, one record for each column and each other right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.access.algebra.column_rows import mask
from reconciler.access.algebra.effective_grant import NOTHING
from reconciler.access.algebra.rows import ALL_ROWS, text
from reconciler.access.evaluation.evaluate import Access, TableAccess
from reconciler.access.evaluation.grant_paths import Path, Use, paths, sentences
from reconciler.access.evaluation.other_paths import OtherPath, other_paths
from reconciler.access.evaluation.rights import RightsIndex, described
from reconciler.access.facts.access_fact import READ_FILES, AccessFact
from reconciler.access.facts.attribution import Attribution, attribution
from reconciler.access.facts.columns import label_of
from reconciler.access.state.principal_directory import account_of
from reconciler.access.state.table_view import TableId, TableView
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS
from reconciler.spec.mesh import Mesh

SAID_ANYWAY = ("SELECT", "DESCRIBE")
"""SELECT is told column by column, and whoever has anything on a table may describe it."""


def facts_of(access: Access, mesh: Mesh) -> Iterator[AccessFact]:
    """Every fact of a state: readers of every table, then administrators. Large meshes have millions."""
    for found in access.pairs():
        yield from table_facts(access, mesh, found)
    index = RightsIndex(access)
    for principal in sorted(access.state.to):
        yield from rights_facts(access, mesh, index, principal)
    for path in other_paths(access):
        yield from path_facts(access, mesh, path)
    yield from administrator_facts(access, mesh)


def path_facts(access: Access, mesh: Mesh, path: OtherPath, columns: int | None = None) -> Iterator[AccessFact]:
    """What somebody reads past Lake Formation; with columns (bits) only what is about those."""
    base = replace(
        fact(access, attribution(mesh), path.principal, path.place),
        path=path.name,
        permission=READ_FILES,
        verdict="enforced" if path.certain else "unknown",
        reasons=() if path.certain else (path.why,),
        certain=path.certain,
        via=(path.why,),
    )
    view = access.tables.get(path.place)
    if view is not None:
        yield from _columns(access, base, view, path.columns, columns)
    elif columns is None:
        yield base


def rights_facts(access: Access, mesh: Mesh, index: RightsIndex, principal: str) -> Iterator[AccessFact]:
    """What somebody may do with databases, the catalog, data locations and LF-tags."""
    known = attribution(mesh)
    for right in index.of(principal).values():
        kind, place, name, value = described(right.thing)
        base = replace(
            fact(access, known, principal, place),
            thing=f"{kind} {name}{f'={value}' if value else ''}".strip(),
            permission=right.permission,
            grantable=right.grantable,
            verdict="unknown" if right.reasons else "enforced",
            reasons=tuple(sorted(right.reasons)),
            certain=not right.reasons,
        )
        names = sorted({name for given in right.given for name in known.subscriptions.get(given.address, ())})
        told = tuple(Use(given, NOTHING).sentence(access) for given in right.given)
        yield replace(base, terms=known.terms(names), subscriptions=tuple(names), via=told)


def table_facts(access: Access, mesh: Mesh, found: TableAccess, columns: int | None = None) -> Iterator[AccessFact]:
    """What one principal has on one table; with columns (bits) only what is about reading those."""
    known, view = attribution(mesh), found.table_view
    ways = tuple(paths(access, found.principal, view, 0))
    base = fact(access, known, found.principal, view.id)
    base = replace(base, verdict=found.verdict, reasons=found.reasons)
    if found.verdict == "open" and found.principal == IAM_ALLOWED_PRINCIPALS:
        base = replace(base, path="iam")
        yield from _columns(access, replace(base, permission="SELECT"), view, view.signature.all, columns)
        if columns is None:
            yield from (replace(base, permission=each) for each in _told(found, told=bool(view.columns)))
        return
    for chosen, rows, path in _groups(found, ways):
        given = _given(access, known, replace(base, permission="SELECT", rows=rows), view.id, path)
        yield from _columns(access, given, view, chosen, columns)
    whole = _given(access, known, base, view.id, ways)
    if found.beyond is not None:
        perhaps = replace(whole, permission="SELECT", certain=False)
        for more, possible in found.beyond[1]:
            chosen = possible & ~mask(found.column_rows)
            yield from _columns(access, replace(perhaps, rows=text(more)), view, chosen, columns)
    if found.raw_read:
        hidden = view.signature.all & ~_read_whole(found)
        by_writing = replace(whole, path="files-by-writing", permission=READ_FILES)
        yield from _columns(access, by_writing, view, hidden, columns)
    if columns is None or not (found.column_rows or found.raw_read or found.beyond):
        held = _told(found, told=bool(found.column_rows))
        for permission in held if columns is None else ([""] if found.verdict == "unknown" else []):
            yield replace(whole, permission=permission, certain=bool(permission))


def _told(found: TableAccess, *, told: bool) -> list[str]:
    """The permissions of which no column speaks; where no column was `told`, all, or that there may be something."""
    if told:
        return [each for each in found.permissions if each not in SAID_ANYWAY]
    return [each for each in found.permissions if each != "DESCRIBE"] or [*found.permissions] or [""]


def administrator_facts(access: Access, mesh: Mesh) -> Iterator[AccessFact]:
    """Data lake administrators: each may grant himself what is in his account's catalog, or was given to it.

    https://docs.aws.amazon.com/lake-formation/latest/dg/implicit-permissions.html
    """
    for account, arns in sorted(access.state.admins.items()):
        for arn in sorted(arns):
            yield administrator_fact(access, mesh, account, arn)


def administrator_fact(access: Access, mesh: Mesh, account: str, arn: str) -> AccessFact:
    """That somebody is a data lake administrator of an account."""
    base = fact(access, attribution(mesh), arn, TableId(account, "", ""))
    return replace(base, path="administrator", permission="ALL")


def fact(access: Access, known: Attribution, principal: str, place: TableId) -> AccessFact:
    """A fact about a principal and a table of which everything else is still to be said."""
    account, label = account_of(principal) or place.catalog, access.directory.label
    product = known.product(place.catalog, place.database)
    return AccessFact(
        principal=principal,
        name=label(principal),
        principal_type=known.principal_type(principal),
        account=account,
        account_name=access.directory.accounts.get(account, ""),
        consumer=known.consumers.get(principal, ""),
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


def _groups(found: TableAccess, ways: tuple[Path, ...]) -> Iterator[tuple[int, str | None, tuple[Path, ...]]]:
    """Columns (bits) with the same rows by the same grants."""
    uses = [mask(use.held.column_rows) for path in ways for use in (*path.given, *path.received)]
    for rows, readable in found.column_rows:
        parts = [readable]
        for use in uses:
            parts = [part for whole in parts for part in (whole & use, whole & ~use) if part]
        for part in parts:
            yield part, text(rows), tuple(path for way in ways if (path := way.to(part)) is not None)


def _given(access: Access, known: Attribution, base: AccessFact, place: TableId, ways: Iterable[Path]) -> AccessFact:
    """A fact with the subscriptions that give it, and the ways in sentences."""
    ways = tuple(ways)
    names = sorted(
        {name for way in ways for use in way.given for name in known.subscriptions.get(use.given.address, ())}
    )
    told = sentences(access, base.principal, place, ways)
    return replace(base, terms=known.terms(names), subscriptions=tuple(names), via=told)


def _columns(access: Access, base: AccessFact, view: TableView, chosen: int, only: int | None) -> Iterator[AccessFact]:
    """A fact for each column (bits), with its labels."""
    for number, name in enumerate(view.columns):
        if chosen >> number & 1 and (only is None or only >> number & 1):
            yield replace(base, column=name, **label_of(access.directory, view, number))


def _read_whole(found: TableAccess) -> int:
    """The columns of which all rows are read anyway."""
    return next((columns for rows, columns in found.column_rows if rows == ALL_ROWS), 0)
