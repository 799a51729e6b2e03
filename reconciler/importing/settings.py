"""The page of the mesh itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.importing.evidence import Evidence
from reconciler.importing.page import Data, Page
from reconciler.kinds.common.marks import MARK
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.sns.topic import Topic


@dataclass(frozen=True, slots=True)
class Keys:
    """The LF-tag keys with a meaning for the mesh."""

    product: str
    domain: str
    sensitivity: str


def settings_page(evidence: Evidence, names: Mapping[str, str], keys: Keys) -> Page:
    """mesh.yaml. A new mesh looks first: what no document asks for is reported, until a person writes `revoke`."""
    basis = evidence.basis
    keys_of_topics = {each.spec.key for each in evidence.found.of(Topic) if each.spec.key}
    fields: dict[str, Data] = {
        "kind": "Mesh",
        "name": basis.name,
        "description": "Imported; to be described.",
        "region": basis.region,
        "central": names[basis.central],
        "roles": {"plan": basis.plan_role, "apply": basis.apply_role, "boundary": _boundary(evidence)},
        "crossAccountVersion": min(evidence.version, 5),
        "tagKeys": {"product": keys.product, "domain": keys.domain},
        "sensitivityKey": keys.sensitivity,
        "territory": {"undeclaredGrants": "report", "unseen": _unseen(evidence, names)},
        "notificationKey": min(keys_of_topics) if keys_of_topics else None,
        "tags": _tags(evidence),
    }
    remarks = (
        "Imported from what AWS has.",
        "`undeclaredGrants: report` shows what no document asks for, and leaves it. `revoke` takes it away on",
        "databases that a mesh makes; on those that were there before, as all here, by an exception for a product.",
    )
    return Page("mesh.yaml", fields, remarks)


def _unseen(evidence: Evidence, names: Mapping[str, str]) -> dict[str, Data]:
    """By account the kinds of which not everything was seen there: that no document has them says nothing."""
    found: dict[str, set[str]] = {}
    for gap in evidence.observation.gaps:
        if gap.placement.account in names:
            found.setdefault(names[gap.placement.account], set()).add(gap.kind)
    return {account: sorted(kinds) for account, kinds in sorted(found.items())}


def _tags(evidence: Evidence) -> dict[str, Data]:
    """The AWS tags that everything carries that the mesh has made."""
    found = [dict(each.spec.tags) for each in evidence.found.of(Role) if evidence.made_role(each.handle or "")]
    common = set.intersection(*(set(tags.items()) for tags in found)) if found else set[tuple[str, str]]()
    return {key: value for key, value in sorted(common) if key != MARK}


def _boundary(evidence: Evidence) -> str | None:
    """The policy that bounds the roles of the mesh."""
    bounds = {each.spec.boundary for each in evidence.found.of(Role) if evidence.made_role(each.handle or "")}
    named = {arn.rpartition(":policy/")[2] for arn in bounds if arn}
    default = f"meshform-{evidence.basis.name}-boundary"
    return min(named) if named and named != {default} else None
