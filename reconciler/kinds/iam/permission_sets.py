"""Roles of permission sets of IAM Identity Center: known by the set's name, while AWS adds signs of its own.

Wherever the mesh speaks of such a role it says the ARN without that end; what was found says which one it is.
https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.kinds import addresses
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.spec.names import permission_set_arn


def with_their_roles(wanted: Snapshot, found: Snapshot) -> Snapshot:
    """What is wanted, with the roles of permission sets as they were found; one that is not there stays as it was."""
    real = {said: have.handle for have in found.of(Role) if have.handle and (said := permission_set_arn(have.handle))}
    if not real:
        return wanted
    return Snapshot(_with(each, real) for each in wanted.values())


def _with(each: AnyResource, real: Mapping[str, str]) -> AnyResource:
    match each.spec:
        case Grant(principal=principal) as spec if principal in real:
            grant = replace(spec, principal=real[principal])
            return replace(each, spec=grant, address=addresses.grant(each.address.placement, grant))
        case OptIn(principal=principal) as spec if principal in real:
            opted = replace(spec, principal=real[principal])
            where = addresses.opt_in(each.address.placement, opted.principal, opted.target, opted.condition)
            return replace(each, spec=opted, address=where)
        case _:
            return each
