"""The rules of plans: the gates, and what a live check or a measure may find."""

from __future__ import annotations

import reconciler.access
import reconciler.measures
import reconciler.plan.gates
from reconciler.spec.language.rulebook import section
from reconciler.spec.rule import Rule, rules_in

_ROOMS = (reconciler.plan.gates, reconciler.access, reconciler.measures)


def plan_rules() -> dict[str, Rule]:
    """Every rule that judges a plan, its access or what was measured, by id, sorted."""
    return dict(sorted({each.id: each for room in _ROOMS for each in rules_in(room).values()}.items()))


def page() -> str:
    """A section for each of them."""
    return "\n".join(section(rule) for rule in plan_rules().values())
