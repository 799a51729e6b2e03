"""shares-tag-key: an LF-tag key of another mesh is used only when somebody says so."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.lakeformation.lf_tag_mark import TagMark
from reconciler.model.change import Create
from reconciler.model.finding import Finding
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

SHARES_TAG_KEY = Rule(
    "shares-tag-key",
    "error",
    "An LF-tag key that another mesh has marked as its own is used only when somebody says so.",
    "Grants by a key reach whatever carries it: people of the other mesh may read what you tag, and yours what they "
    "tag. Talk to its owners, then accept by name, or give the key of this mesh another name.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each key that the plan marks as ours while a mark of another mesh is on it."""
    if reviewed.observation is None:
        return
    others: dict[str, str] = {}
    for resource in reviewed.observation.found.values():
        if isinstance(resource.spec, TagMark):
            name = resource.spec.mark.partition("=")[2]
            if name and name != reviewed.mesh.name:
                others.update((key, name) for key, _ in resource.spec.body)
    for step in reviewed.steps:
        if isinstance(step.change, Create) and isinstance(step.change.want.spec, TagMark):
            for key, _ in step.change.want.spec.body:
                if key in others:
                    yield Finding(
                        SHARES_TAG_KEY.id,
                        SHARES_TAG_KEY.severity,
                        f"The LF-tag key {key} is marked as the mesh {others[key]}'s; this mesh would use it too.",
                        step.change.want.origin,
                    )
