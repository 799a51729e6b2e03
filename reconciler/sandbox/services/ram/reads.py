"""What RAM shows of shares: to the owner everything, to a receiver what has arrived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.ram import contents
from reconciler.sandbox.services.ram.shares import Association, Share

if TYPE_CHECKING:
    from reconciler.sandbox.services.ram.state import Ram

MOST = 500


@operation(honours="resourceShareArns resourceShareStatus resourceOwner name nextToken maxResults permissionArn")
def get_resource_shares(request: Request) -> Params:
    """Shares of one's own (SELF), or those that arrived from others (OTHER-ACCOUNTS)."""
    params = request.params

    def wanted(share: Share) -> bool:
        return (
            params.get("resourceShareStatus") in (None, share.status)
            and params.get("name") in (None, share.name)
            and (not params.get("permissionArn") or params["permissionArn"] in share.permissions)
        )

    if request.world.ram.knows(params.get("resourceShareArns") or (), request.caller.account):
        found = [share.shape() for share in _shares(request) if wanted(share)]
        return paged(request, "resourceShares", found)
    raise _unknown(params["resourceShareArns"])


@operation(honours="associationType resourceShareArns resourceArn principal associationStatus nextToken maxResults")
def get_resource_share_associations(request: Request) -> Params:
    """The resources or the principals of shares that the caller's account owns."""
    params, ram, account = request.params, request.world.ram, request.caller.account
    by_principal = params["associationType"] == "PRINCIPAL"
    if params.get("resourceArn" if by_principal else "principal"):
        raise AwsError("InvalidParameterException", "The filter does not fit the association type.")
    arns = params.get("resourceShareArns") or ()
    if any(arn not in ram.shares or ram.shares[arn].owner != account for arn in arns):
        raise _unknown(arns)
    found = [
        association.shape(share)
        for share in ram.shares.values()
        if share.owner == account and (not arns or share.arn in arns)
        for association in settled(ram, share, by_principal=by_principal)
        if params.get("associationStatus") in (None, association.status)
        and (params.get("principal") or params.get("resourceArn") or association.entity) == association.entity
    ]
    return paged(request, "resourceShareAssociations", found)


@operation(
    honours="resourceOwner principal resourceType resourceArns resourceShareArns nextToken maxResults "
    "resourceRegionScope"
)
def list_resources(request: Request) -> Params:
    """The resources of one's own shares, or of shares that arrived."""
    params, ram = request.params, request.world.ram
    found = [
        _resource(share, association)
        for share in _shares(request)
        if not params.get("principal") or params["principal"] in share.principals
        for association in settled(ram, share, by_principal=False)
        if association.status not in ("DISASSOCIATED", "FAILED")
        and params.get("resourceType") in (None, contents.resource_type(association.entity))
        and (not params.get("resourceArns") or association.entity in params["resourceArns"])
        and params.get("resourceRegionScope") in (None, "ALL", "REGIONAL")
    ]
    return paged(request, "resources", found)


@operation(honours="resourceOwner resourceArn principals resourceType resourceShareArns nextToken maxResults")
def list_principals(request: Request) -> Params:
    """The principals of one's own shares, or the owners of shares that arrived."""
    params, ram = request.params, request.world.ram
    found = []
    for share in _shares(request):
        entities = {a.entity for a in share.resources.values()}
        types = {contents.resource_type(e) for e in entities}
        if params.get("resourceArn") and params["resourceArn"] not in entities:
            continue
        if params.get("resourceType") and params["resourceType"] not in types:
            continue
        for association in settled(ram, share, by_principal=True):
            mine = params["resourceOwner"] == "SELF"
            shown = association.entity if mine else share.owner
            if association.status in ("DISASSOCIATED", "FAILED"):
                continue
            if not params.get("principals") or shown in params["principals"]:
                found.append(_principal(share, association, shown))
    return paged(request, "principals", found)


def settled(ram: Ram, share: Share, *, by_principal: bool) -> Iterator[Association]:
    """A share's associations; being looked at moves them on."""
    for association in (share.principals if by_principal else share.resources).values():
        yield association
        ram.look_at(share, association)


def paged(request: Request, name: str, found: Sequence[Any]) -> Params:
    params = request.params
    page, token = request.world.ram.pages.page(
        found, params.get("nextToken"), params.get("maxResults"), most=MOST, invalid="InvalidNextTokenException"
    )
    return {name: page} | ({"nextToken": token} if token else {})


def _shares(request: Request) -> list[Share]:
    """The shares of the side that `resourceOwner` names, narrowed to `resourceShareArns`."""
    params, ram, account = request.params, request.world.ram, request.caller.account
    arns = params.get("resourceShareArns")
    mine = params["resourceOwner"] == "SELF"
    return [
        share
        for share in ram.shares.values()
        if (share.owner == account if mine else share.owner != account and ram.receives(share, account))
        and (not arns or share.arn in arns)
    ]


def _unknown(arns: Sequence[str]) -> AwsError:
    return AwsError("UnknownResourceException", f"ResourceShare {', '.join(arns)} could not be found.")


def _resource(share: Share, association: Association) -> Params:
    return {
        "arn": association.entity,
        "type": contents.resource_type(association.entity),
        "resourceShareArn": share.arn,
        "status": "AVAILABLE" if association.status == "ASSOCIATED" else "PENDING",
        "creationTime": association.created,
        "lastUpdatedTime": association.updated,
        "resourceRegionScope": "REGIONAL",
    }


def _principal(share: Share, association: Association, shown: str) -> Params:
    return {
        "id": shown,
        "resourceShareArn": share.arn,
        "creationTime": association.created,
        "lastUpdatedTime": association.updated,
        "external": association.external,
    }
