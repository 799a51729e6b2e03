"""The rules of plans: the gates, and what a live check may find."""

from __future__ import annotations

import reconciler.access
import reconciler.plan.gates
from reconciler.spec.language.rulebook import section
from reconciler.spec.rule import Rule, rules_in


def plan_rules() -> dict[str, Rule]:
    """Every rule that judges a plan or its access, by id, sorted."""
    return dict(sorted({**rules_in(reconciler.plan.gates), **rules_in(reconciler.access)}.items()))


def page() -> str:
    """A section for each of them."""
    return "\n".join(section(rule) for rule in plan_rules().values())
