"""Policies of the mesh over access, changes, plans: what they deny stops apply until accepted as `policy/<name>`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from reconciler.access import AccessDifference
from reconciler.model.finding import Finding
from reconciler.plan.review import Review


def findings(reviewed: Review) -> Iterable[Finding]:
    """What policies say of the change, and of the access that it leaves. What was so before is a warning."""
    return _judged(reviewed, reviewed.access)


def as_asked(reviewed: Review) -> Iterator[Finding]:
    """The same of what the documents ask for, where AWS was not read."""
    for finding in _judged(reviewed, reviewed.asked_access):
        yield replace(finding, message=f"{finding.message} As asked; AWS was not read.")


def _judged(reviewed: Review, difference: AccessDifference | None) -> Iterable[Finding]:
    if difference is None or not reviewed.mesh.policies:
        return ()
    # The language of policies takes longer to load than a small mesh to plan.
    from reconciler.plan.policed import judged

    return judged(reviewed, difference)
