"""Facts of a state: what somebody has on tables, one record for each column and each other right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reconciler.access.algebra.effective_grant import NOTHING
from reconciler.access.evaluation.evaluate import Access
from reconciler.access.evaluation.grant_paths import Use
from reconciler.access.evaluation.other_paths import WRITE_FILES, OtherPath, other_paths
from reconciler.access.evaluation.rights import RightsIndex, described
from reconciler.access.facts.access_fact import READ_FILES, AccessFact
from reconciler.access.facts.attribution import attribution
from reconciler.access.facts.of_table import fact, on_columns, table_facts
from reconciler.access.state.table_view import TableId
from reconciler.spec.mesh import Mesh


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
        permission=WRITE_FILES if path.name == "overwriting" else READ_FILES,
        verdict="enforced" if path.certain else "unknown",
        reasons=() if path.certain else (path.why,),
        certain=path.certain,
        via=(path.why,),
    )
    view = access.tables.get(path.place)
    if view is not None and path.columns:
        yield from on_columns(access, base, view, path.columns if columns is None else path.columns & columns)
    elif columns is None:
        yield base


def rights_facts(access: Access, mesh: Mesh, index: RightsIndex, principal: str) -> Iterator[AccessFact]:
    """What somebody may do with databases, the catalog, data locations and LF-tags, and pass on of tables."""
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
