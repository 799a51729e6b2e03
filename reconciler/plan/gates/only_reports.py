"""only-reports: the mesh has come to rest and still only reports permissions that no document asks for."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.model.finding import Finding
from reconciler.model.lakeformation import Grant
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

ONLY_REPORTS = Rule(
    "only-reports",
    "note",
    "A mesh that has come to rest revokes what no document asks for.",
    "A new mesh begins with `undeclaredGrants: report`, so that its first plans take nothing from anybody. Once one "
    "of them is empty, look at what it shows as not ours: write subscriptions for what is right, exceptions for what "
    "stays, and `undeclaredGrants: revoke`. Until then a permission that somebody gives by hand stays.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One note, when there is nothing else to do."""
    plan, settings = reviewed.plan, reviewed.mesh.settings
    if plan is None or settings.territory.undeclared_grants != "report" or not (plan.is_empty and plan.is_complete):
        return
    shown = sum(isinstance(other.resource.spec, Grant) for other in plan.foreign)
    what = f"; {shown} that it shows would be looked at first" if shown else ""
    yield Finding(
        ONLY_REPORTS.id,
        ONLY_REPORTS.severity,
        f"Nothing is left to do, and permissions that no document asks for are only reported{what}.",
        settings.at("territory", "undeclaredGrants"),
    )
