"""Facts of an entry: what of a state with more an entry of a difference is about, column by column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reconciler.access.algebra.rows import text
from reconciler.access.differences.access_entry import AccessEntry, Assumed
from reconciler.access.differences.rights import OPTION
from reconciler.access.evaluation.other_paths import paths_by_key, paths_of_serving
from reconciler.access.facts.access_fact import AccessFact
from reconciler.access.facts.attribution import attribution
from reconciler.access.facts.of_state import path_facts
from reconciler.access.facts.of_table import SAID_ANYWAY, fact, on_columns, table_parts
from reconciler.access.state.table_view import TableView
from reconciler.spec.mesh import Mesh


def facts_of_entry(entry: AccessEntry, mesh: Mesh) -> Iterator[AccessFact]:
    """The facts of the state that has more which the entry is about."""
    access, place = entry.source, entry.place
    if entry.assumed is not None:
        yield from _as_role(entry, entry.assumed, mesh)
        return
    view = access.tables.get(place)
    if entry.change == "rights":
        base = replace(fact(access, attribution(mesh), entry.principal, place), thing=entry.thing, via=entry.via)
        base = replace(base, verdict=entry.verdict, reasons=entry.reasons, certain=not entry.reasons)
        for words in entry.permissions:
            permission, option = words.removesuffix(OPTION), words.endswith(OPTION)
            yield replace(base, permission=permission, grantable=option)
        return
    if entry.change == "path":
        key = entry.principal, place, entry.path
        way = paths_by_key(access).get(key) or paths_of_serving(access)[key]
        yield from path_facts(access, mesh, way, view.mask(entry.columns) if view and entry.columns else None)
        return
    if view is None or (entry.change == "unknown" and not entry.columns):
        base = fact(access, attribution(mesh), entry.principal, place)
        yield replace(base, verdict=entry.verdict, reasons=entry.reasons, certain=False, via=entry.via)
        return
    if entry.change == "opened":
        base = replace(fact(access, attribution(mesh), entry.principal, place), path="iam", permission="SELECT")
        base = replace(base, verdict=entry.verdict, reasons=entry.reasons)
        yield from on_columns(access, base, view, view.signature.all)
        if not view.columns:
            yield base
        return
    if entry.change == "unknown":
        base = replace(fact(access, attribution(mesh), entry.principal, place), permission="SELECT", certain=False)
        base = replace(base, verdict=entry.verdict, reasons=entry.reasons, via=entry.via)
        yield from on_columns(access, base, view, view.mask(entry.columns))
        return
    yield from _on_table(entry, mesh, view)


def _as_role(entry: AccessEntry, assumed: Assumed, mesh: Mesh) -> Iterator[AccessFact]:
    """What a role has, as facts about somebody whom its trust policy lets act as it."""
    whose, accounts = attribution(mesh), entry.source.directory.accounts
    for each in facts_of_entry(replace(entry, principal=assumed.role, assumed=None), mesh):
        yield replace(
            each,
            principal=entry.principal,
            name=entry.label,
            principal_type=whose.principal_type(entry.principal),
            account=entry.account,
            account_name=accounts.get(entry.account, ""),
            consumer=whose.consumers.get(entry.principal, ""),
            assumed=assumed.role,
            certain=each.certain and not assumed.reasons,
            via=(entry.via[0], *each.via),
        )


def _on_table(entry: AccessEntry, mesh: Mesh, view: TableView) -> Iterator[AccessFact]:
    """What of the facts of a table the entry is about."""
    access, rows, columns = entry.source, text(entry.rows), view.mask(entry.columns)
    of_columns, found = entry.change in ("columns", "rows", "raw-read"), access.on(entry.principal, entry.place)
    # Where no column says it, nothing else would.
    said = SAID_ANYWAY if of_columns and found.column_rows else ()
    rights = {each for each in entry.permissions if each not in said}
    for base, chosen in table_parts(access, mesh, found):
        base = replace(base, verdict=entry.verdict, reasons=entry.reasons)
        if entry.change == "raw-read" and base.path == "files-by-writing":
            yield from on_columns(access, base, view, chosen) if chosen is not None else (base,)
        elif chosen is None:
            if base.permission in rights:
                yield base
        elif of_columns and entry.change != "raw-read" and (base.permission, base.rows) == ("SELECT", rows):
            yield from on_columns(access, base, view, chosen & columns)
