"""A plan in numbers: who gains and loses, how many columns of which label are opened, what becomes of resources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from reconciler.access import AccessDifference, AccessFact, ChangedFact, gained_facts, lost_facts
from reconciler.access.facts.of_entry import facts_of_entry
from reconciler.access.state.principal_directory import is_whole
from reconciler.model.change import Change
from reconciler.spec.approval import levels
from reconciler.spec.mesh import Mesh

if TYPE_CHECKING:
    from reconciler.policy.objects import Plan


def people(changed: Iterable[ChangedFact]) -> list[AccessFact]:
    """What of it is about what people read: what limits and policies count."""
    return [each.fact for each in changed if each.fact.is_reading_of_people]


def opened(difference: AccessDifference, mesh: Mesh) -> list[AccessFact]:
    """What people come to read, and what accounts and organizations may let anybody read whom nobody names."""
    wholes = (each for each in difference.passed_on if is_whole(each.principal))
    passed = (fact for entry in wholes for fact in facts_of_entry(entry, mesh))
    return [*people(gained_facts(difference, mesh)), *(fact for fact in passed if fact.is_reading)]


def principals(facts: Iterable[AccessFact]) -> int:
    """How many different ones."""
    return len({fact.principal for fact in facts})


def columns_by_label(facts: Iterable[AccessFact]) -> Mapping[str, int]:
    """How many different columns of each sensitivity; '' for those without one."""
    columns = {(fact.sensitivity, fact.catalog, fact.database, fact.table, fact.column) for fact in facts}
    return Counter(sensitivity for sensitivity, *_ in columns)


def counted(changes: Iterable[Change], difference: AccessDifference, mesh: Mesh, before: Mesh) -> Plan:
    """A plan as policies look at it."""
    from reconciler.policy.objects import Plan

    actions = Counter(change.action for change in changes)
    gained = opened(difference, mesh)
    nothing = dict.fromkeys(("", *levels(mesh)), 0)
    return Plan(
        actions["create"],
        actions["update"],
        actions["delete"],
        principals(gained),
        principals(people(lost_facts(difference, before))),
        {**nothing, **columns_by_label(gained)},
    )
