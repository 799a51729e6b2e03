"""The questions that people ask, answered in facts: who can read what, and what somebody can do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.access.evaluation.evaluate import Access, TableAccess
from reconciler.access.evaluation.other_paths import other_paths
from reconciler.access.evaluation.rights import RightsIndex
from reconciler.access.facts.access_fact import AccessFact
from reconciler.access.facts.of_state import administrator_facts, path_facts, rights_facts
from reconciler.access.facts.of_table import table_facts
from reconciler.access.state.principal_directory import account_of
from reconciler.access.state.table_view import TableId
from reconciler.spec.mesh import Mesh


def who_can(
    access: Access, mesh: Mesh, found: Iterable[TableAccess], columns: Mapping[TableId, int | None]
) -> Iterator[AccessFact]:
    """What those who were found have on the tables; of a table only what is about columns (bits), if any are given."""
    for each in found:
        yield from table_facts(access, mesh, each, columns[each.table_view.id])
    for path in other_paths(access):
        if path.place in columns:
            yield from path_facts(access, mesh, path, columns[path.place])


def what_can(access: Access, mesh: Mesh, principals: Iterable[str]) -> Iterator[AccessFact]:
    """Everything that principals have: tables, paths past Lake Formation, rights, administration."""
    names, index = sorted(set(principals)), RightsIndex(access)
    for name in names:
        for found in access.of(name):
            yield from table_facts(access, mesh, found)
    for path in other_paths(access):
        if path.principal in names:
            yield from path_facts(access, mesh, path)
    for name in names:
        yield from rights_facts(access, mesh, index, name)
    yield from (fact for fact in administrator_facts(access, mesh) if fact.principal in names)


def members_of(access: Access, mesh: Mesh, word: str) -> tuple[str, ...]:
    """The principals of a consumer, or everybody of an account (by name or id) and itself; nobody for other words."""
    consumer = mesh.consumers.get(word)
    if consumer is not None:
        return tuple(name for name, label in access.directory.principals.items() if label.startswith(f"{word}/"))
    account = mesh.accounts.get(word) or mesh.account_by_id(word)
    if account is None:
        return ()
    everybody = {
        *access.principals,
        *access.state.wholes,
        *(arn for arns in access.state.admins.values() for arn in arns),
    }
    return tuple(sorted(name for name in everybody if account_of(name) == account.id))
