"""Roles of permission sets of IAM Identity Center: known by the set's name, while AWS adds signs of its own.

Wherever the mesh speaks of such a role it says the ARN without that end; what was found says which one it is.
https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from reconciler.kinds import addresses
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.model.lakeformation import Grant, account_of
from reconciler.model.resource import AnyResource, Observation, Snapshot
from reconciler.spec.names import permission_set_arn


def with_their_roles(wanted: Snapshot, observation: Observation) -> Snapshot:
    """What is wanted, with the roles of permission sets as they were found; one that is not there stays as it was.

    Where roles were not seen, it is whoever has something by that name: nobody loses what he has because of a gap.
    """
    real: dict[str, set[str]] = {}
    for have in observation.found.of(Role):
        if have.handle and (said := permission_set_arn(have.handle)):
            real.setdefault(said, set()).add(have.handle)
    places = {each.address.placement for each in wanted.of(Role)}
    unseen = {place.account for place in places if not observation.sees(addresses.IAM_ROLE, place)}
    if unseen:
        holders = {each.spec.principal for each in observation.found.of(Grant)}
        for arn in holders | {each.spec.principal for each in observation.found.of(OptIn)}:
            if (said := permission_set_arn(arn)) and account_of(arn) in unseen:
                real.setdefault(said, set()).add(arn)
    if not real:
        return wanted
    return Snapshot(named for each in wanted.values() for named in _with(each, real))


def _with(each: AnyResource, real: Mapping[str, Collection[str]]) -> Iterator[AnyResource]:
    match each.spec:
        case Grant(principal=principal) as spec if principal in real:
            for arn in sorted(real[principal]):
                grant = replace(spec, principal=arn)
                yield replace(each, spec=grant, address=addresses.grant(each.address.placement, grant))
        case OptIn(principal=principal) as spec if principal in real:
            for arn in sorted(real[principal]):
                opted = replace(spec, principal=arn)
                where = addresses.opt_in(each.address.placement, opted.principal, opted.target, opted.condition)
                yield replace(each, spec=opted, address=where)
        case _:
            yield each
