"""shares-tag-key: an LF-tag key of another mesh is used only when somebody says so."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.lakeformation.lf_tag_mark import TagMark
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.change import Create
from reconciler.model.finding import Finding
from reconciler.model.resource import AnyResource
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
    """One finding for each key with a mark of another mesh that the plan puts on data for the first time, or marks."""
    if reviewed.observation is None:
        return
    others: dict[str, str] = {}
    for resource in reviewed.observation.found.values():
        if isinstance(resource.spec, TagMark):
            name = resource.spec.mark.partition("=")[2]
            if name and name != reviewed.mesh.name:
                others.update((key, name) for key, _ in resource.spec.body)
    in_use = {
        each.spec.key
        for each in reviewed.wanted.values()
        if isinstance(each.spec, TagAssignment) and each.address in reviewed.observation.found
    }
    for step in reviewed.steps:
        if not isinstance(step.change, Create):
            continue
        for key in sorted(_used(step.change.want) & others.keys() - in_use):
            in_use.add(key)
            yield Finding(
                SHARES_TAG_KEY.id,
                SHARES_TAG_KEY.severity,
                f"The LF-tag key {key} is marked as the mesh {others[key]}'s; this mesh would use it too.",
                step.change.want.origin,
            )


def _used(made: AnyResource) -> set[str]:
    """The keys that something puts on data, or marks as ours."""
    match made.spec:
        case TagAssignment(key=key):
            return {key}
        case TagMark(body=body):
            return {key for key, _ in body}
        case _:
            return set()
