"""Names of IAM Identity Center and the ids behind them: Lake Formation is told the ids, people see the names.

https://docs.aws.amazon.com/lake-formation/latest/dg/grant-permissions-sso.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.kinds import addresses
from reconciler.kinds.identitycenter.center_identity import CenterIdentity
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.model.address import Address
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import AnyResource, Observation, Snapshot
from reconciler.spec import placements
from reconciler.spec.documents.consumer import Consumer, Principal
from reconciler.spec.in_force import in_force_as_known
from reconciler.spec.mesh import Mesh


def with_center_ids(mesh: Mesh, observation: Observation) -> Mesh:
    """The mesh in which whoever is named by IAM Identity Center has the id that was found; else it stays as it was.

    Whoever is suspended under one of his names is so under all of them.
    """
    ids = {each.address: (each.handle or "").rpartition("/")[2] for each in observation.found.of(CenterIdentity)}
    if not any(ids.values()):
        return mesh
    consumers = {name: _with(each, mesh, ids) for name, each in mesh.consumers.items()}
    return in_force_as_known(replace(mesh, consumers=consumers))


def _with(consumer: Consumer, mesh: Mesh, ids: Mapping[Address, str]) -> Consumer:
    account = mesh.reader_account(consumer)
    if account is None or not any(each.center_name for each in consumer.principals):
        return consumer
    place = placements.of_account(mesh, account)

    def known(principal: Principal) -> Principal:
        name = principal.group_name or principal.center_user_name
        field, sort = ("group", "group") if principal.group_name else ("center_user", "user")
        found = ids.get(addresses.center_identity(place, sort, name)) if name else None
        return principal.model_copy(update={field: found}) if found else principal

    return consumer.model_copy(update={"principals": tuple(map(known, consumer.principals))})


def kept_where_unseen(wanted: Snapshot, observation: Observation) -> Snapshot:
    """What is wanted, and what users and groups have where names cannot be looked up: it may be what is asked for.

    Nobody loses what he has because of a gap.
    """
    named = {each.address.placement for each in wanted.of(CenterIdentity)}
    unseen = {place for place in named if not observation.sees(addresses.CENTER_IDENTITY, place)}
    if not unseen:
        return wanted
    holders: tuple[AnyResource, ...] = (*observation.found.of(Grant), *observation.found.of(OptIn))
    kept = (
        each
        for each in holders
        if each.address.placement in unseen and ":identitystore:" in each.spec.principal and each.address not in wanted
    )
    return Snapshot((*wanted.values(), *kept))
