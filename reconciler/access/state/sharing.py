"""Sharing between accounts: what was accepted, and what older versions open by the catalog's policy instead of RAM."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.kinds.common.policy_document import listed
from reconciler.kinds.glue.catalog_policy import CatalogPolicy
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.ram.ram_acceptance import Acceptance
from reconciler.kinds.ram.share_contents import NO_CONTENTS, Contents
from reconciler.model.resource import AnyResource, Resource, Snapshot

BY_RAM = 3
"""From this cross-account version on tag policies are shared by RAM."""

_NEEDED = "glue:EvaluatedByLakeFormationTags"


@dataclass(frozen=True, slots=True)
class Sharing:
    """What decides whether a grant has arrived in another account.

    acceptances (receiver, sender) → what was accepted, or still waits
    versions    account → its cross-account version, where its settings were seen
    by_tags     account → the accounts to which its catalog's policy opens what LF-tags grant; None where the policy
                does so in a way that is not understood
    """

    acceptances: Mapping[tuple[str, str], Resource[Acceptance]]
    versions: Mapping[str, int]
    by_tags: Mapping[str, frozenset[str] | None]

    def waits(self, receiver: str, sender: str) -> bool | None:
        """Whether a share still waits to be accepted; None where nothing was accepted and nothing waits."""
        found = self.acceptances.get((receiver, sender))
        return None if found is None else found.spec.pending

    def contents(self, receiver: str, sender: str) -> Contents:
        """What is known of what has arrived while something waits."""
        found = self.acceptances.get((receiver, sender))
        return NO_CONTENTS if found is None else found.spec.contents

    def is_old(self, owner: str) -> bool:
        """Whether an account shares tag policies by its catalog's policy, and nothing with single principals.

        https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html
        """
        return self.versions.get(owner, BY_RAM) < BY_RAM

    def opens_by_tags(self, owner: str, receiver: str) -> bool | None:
        """Whether a catalog's policy opens to an account what LF-tags grant to it; None where it cannot be said.

        https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html
        """
        accounts = self.by_tags.get(owner, frozenset())
        return None if accounts is None else receiver in accounts


def is_home(resource: AnyResource, homes: frozenset[str]) -> bool:
    """Whether something is in a region of the catalogs; in any, where no catalog was seen."""
    return not homes or resource.address.placement.region in homes


def sharing(snapshot: Snapshot, homes: frozenset[str]) -> Sharing:
    """What a snapshot has of it in the regions of its catalogs."""
    return Sharing(
        {(each.address.placement.account, each.spec.sender): each for each in snapshot.of(Acceptance)},
        {
            each.address.placement.account: each.spec.version
            for each in snapshot.of(LakeSettings)
            if each.spec.version and is_home(each, homes)
        },
        {each.address.placement.account: _opened(each) for each in snapshot.of(CatalogPolicy)},
    )


def _opened(policy: Resource[CatalogPolicy]) -> frozenset[str] | None:
    """The accounts that the statements about LF-tags name; None where one of them says it in other words."""
    found: set[str] = set()
    texts = (*policy.spec.others, *(text for _, text in policy.spec.statements))
    for statement in (json.loads(text) for text in texts):
        if _NEEDED.lower() not in json.dumps(statement).lower():
            continue
        accounts = _accounts(statement)
        if accounts is None:
            return None
        found |= accounts
    return frozenset(found)


def _accounts(statement: Mapping[str, Any]) -> set[str] | None:
    """The accounts to which a statement in the form of AWS's guide opens what LF-tags grant."""
    conditions = {
        (operator.lower(), key.lower()): [str(each).lower() for each in listed(value)]
        for operator, keys in statement.get("Condition", {}).items()
        for key, value in keys.items()
    }
    if statement.get("Effect") != "Allow" or conditions != {("bool", _NEEDED.lower()): ["true"]}:
        return None
    principal = statement.get("Principal")
    names = listed(principal.get("AWS", ())) if isinstance(principal, Mapping) else ["*"]
    accounts = [re.fullmatch(r"(?:arn:[^:]*:iam::)?(\d{12})(?::root)?", name) for name in names]
    if not all(accounts) or not _covers(statement):
        return None
    return {found[1] for found in accounts if found}


def _covers(statement: Mapping[str, Any]) -> bool:
    """Whether it is about everything in the catalog."""
    resources: Iterable[str] = listed(statement.get("Resource", ()))
    kinds = {each.rpartition(":")[2].partition("/")[0] for each in resources if each.endswith((":catalog", "/*", "*"))}
    whole = "*" in resources or {"catalog", "database", "table"} <= kinds or any(":*" in each for each in resources)
    return whole and bool({"glue:*", "glue:Get*", "*"} & {*listed(statement.get("Action", ()))})
