"""Adopted permissions: their accounts exist, each says what it is on, and somebody looks at them in time."""

from __future__ import annotations

import json
from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.account import Account
from reconciler.spec.documents.adopted import Adopted, AdoptedResource
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

ACCOUNT = Rule(
    "adopted-account",
    "error",
    "An adopted permission is given by an Account of the mesh.",
    "Accounts are declared in accounts/. Correct the name, or leave the permission out.",
)
REGION = Rule(
    "adopted-region",
    "error",
    "An adopted permission is given in the home region, or in a region that its account names.",
    "Meshform looks into no other region. Add it to `regions` of the Account, or leave the permission out.",
)
TARGET = Rule(
    "adopted-target",
    "error",
    "An adopted permission says in one way what it is on.",
    "Write database; database with table, and columns, exclude or filter; location; of with tags or expression; other; "
    "or catalog alone.",
)
GRANTABLE = Rule(
    "adopted-grantable",
    "error",
    "What may be passed on is among the permissions.",
    "Lake Formation passes on what somebody has. Add it to `permissions`, or leave it out of `grantable`.",
)
STATEMENT = Rule(
    "adopted-statement",
    "error",
    "An adopted statement of a policy is JSON.",
    "Copy it from `aws glue get-resource-policy`, between the brackets of Statement.",
)
DUE = Rule(
    "adopted-review-due",
    "warning",
    "Adopted permissions are looked at in time.",
    "Whoever answers for them writes a subscription instead, takes them away (`meshform adopt --revoke`), or sets a "
    "later `reviewBy` with a `reason`.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about adopted permissions."""
    for document in unchecked.all(Adopted):
        for field in ("grants", "opt_ins"):
            where = "optIns" if field == "opt_ins" else field
            for index, entry in enumerate(getattr(document, field)):
                if not unchecked.knows(Account, entry.account):
                    near = unchecked.near_document(Account, entry.account)
                    origin = document.at(where, index, "account")
                    yield ACCOUNT.broken(origin, f"there is no account {entry.account}{near}")
                if _ways(entry.resource) != 1:
                    yield TARGET.broken(
                        document.at(where, index, "resource"),
                        f"{entry.principal} has it on several things at once, or on nothing",
                    )
        for index, grant in enumerate(document.grants):
            account, mesh = unchecked.named(Account).get(grant.account), unchecked.mesh
            if account and mesh and grant.region not in (None, mesh.region, *account.regions):
                origin = document.at("grants", index, "region")
                yield REGION.broken(origin, f"{grant.account} does not name {grant.region} among its regions")
            beyond = sorted(set(grant.grantable) - set(grant.permissions))
            if beyond:
                origin = document.at("grants", index, "grantable")
                yield GRANTABLE.broken(origin, f"{', '.join(beyond)} is not among the permissions")
        for index, policy in enumerate(document.policies):
            if not _is_object(policy.statement):
                origin = document.at("policies", index, "statement")
                yield STATEMENT.broken(origin, "must be a statement of a policy as JSON: {...}")
        if document.review_by < unchecked.today:
            yield DUE.broken(
                document.at("reviewBy"),
                f"the adopted permissions of {document.name} were to be looked at by {document.review_by}",
            )


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _ways(resource: AdoptedResource) -> int:
    """In how many ways a target is given; none where something that belongs to it is missing."""
    below = [bool(resource.columns), bool(resource.exclude), resource.filter is not None]
    of_tags = bool(resource.tags) or resource.expression is not None
    if (resource.table is not None and resource.database is None) or (of_tags and resource.of is None):
        return 0
    if any(below) and (sum(below) > 1 or resource.table in (None, "*")):
        return 0
    said = (
        resource.database is not None,
        resource.location is not None,
        resource.of is not None and bool(resource.tags) and resource.expression is None,
        resource.of in ("DATABASE", "TABLE") and resource.expression is not None and not resource.tags,
        resource.other is not None and _is_object(resource.other),
    )
    return sum(said) or int(resource.of is None and resource.catalog is not None)
