"""beyond-limits: one plan opens data to no more people, and no more columns, than the mesh allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.access import AccessFact
from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.plan.counted import columns_by_label, opened, principals
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

BEYOND_LIMITS = Rule(
    "beyond-limits",
    "error",
    "A plan opens data to no more principals, and no more columns, than the limits of the mesh allow.",
    "`limits` in mesh.yaml says how many principals may gain access by one plan (`principalsGaining`), and how many "
    "columns of a label may be opened (`columnsOpened`). An account or organization that may let anybody read what "
    "nobody named there reads counts as one. Without them nothing is counted. Make the change in parts, or "
    "accept this plan by name. How many may lose access is counted by `mass-delete`.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each limit that the plan goes beyond."""
    limits, origin = reviewed.mesh.settings.limits, reviewed.mesh.settings.at("limits")
    if limits.principals_gaining is None and not limits.columns_opened:
        return
    gained = opened(reviewed.access, reviewed.mesh) if reviewed.access is not None else []
    who, most = principals(gained), limits.principals_gaining
    if most is not None and who > most:
        told = f"{_number(who, 'principal')} would gain access"
        yield BEYOND_LIMITS.broken(origin, f"{told}; the mesh allows {most} by one plan (limits.principalsGaining).")
    yield from _columns(gained, limits.columns_opened, origin)


def _columns(facts: Iterable[AccessFact], most: Mapping[str, int], origin: Origin) -> Iterator[Finding]:
    opened = columns_by_label(facts)
    for label, allowed in most.items():
        if (count := opened.get(label, 0)) > allowed:
            told = f"{_number(count, f'{label} column')} would be opened to somebody"
            yield BEYOND_LIMITS.broken(origin, f"{told}; the mesh allows {allowed} by one plan (limits.columnsOpened).")


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
