"""beyond-limits: one plan gives or takes access of no more people, and opens no more columns, than the mesh allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.access import AccessFact
from reconciler.model.finding import Finding
from reconciler.model.resource import Origin
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

BEYOND_LIMITS = Rule(
    "beyond-limits",
    "error",
    "A plan changes the access of no more principals, and opens no more columns, than the limits of the mesh allow.",
    "`limits` in mesh.yaml says how many principals may gain or lose access by one plan, and how many columns of a "
    "label may be opened. Without them nothing is counted. Make the change in parts, or accept this plan by name.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each limit that the plan goes beyond."""
    limits, at = reviewed.mesh.settings.limits, reviewed.mesh.settings.at
    if limits.principals_gaining is not None or limits.columns_opened:
        gained = [each.fact for each in reviewed.gained_facts() if _is_reading(each.fact)]
        yield from _principals(gained, "gain", limits.principals_gaining, at("limits"))
        yield from _columns(gained, limits.columns_opened, at("limits"))
    if limits.principals_losing is not None:
        lost = [each.fact for each in reviewed.lost_facts() if _is_reading(each.fact)]
        yield from _principals(lost, "lose", limits.principals_losing, at("limits"))


def _is_reading(fact: AccessFact) -> bool:
    """Whether somebody reads by it. An account as a whole, or Meshform's own role, reads nothing."""
    return fact.is_reading and fact.principal_type not in ("account", "organization", "machinery")


def _principals(facts: Iterable[AccessFact], verb: str, most: int | None, origin: Origin) -> Iterator[Finding]:
    who = {fact.principal for fact in facts}
    if most is not None and len(who) > most:
        told = f"{_number(len(who), 'principal')} would {verb} access; the mesh allows {most} by one plan"
        yield BEYOND_LIMITS.broken(origin, f"{told} (limits.principals{'Gaining' if verb == 'gain' else 'Losing'}).")


def _columns(facts: Iterable[AccessFact], most: Mapping[str, int], origin: Origin) -> Iterator[Finding]:
    opened: dict[str, set[tuple[str, str, str, str]]] = {}
    for fact in facts:
        column = (fact.catalog, fact.database, fact.table, fact.column)
        opened.setdefault(fact.sensitivity, set()).add(column)
    for label, allowed in most.items():
        if (count := len(opened.get(label, ()))) > allowed:
            told = f"{_number(count, f'{label} column')} would be opened to somebody"
            yield BEYOND_LIMITS.broken(origin, f"{told}; the mesh allows {allowed} by one plan (limits.columnsOpened).")


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
