"""What may be done to shares by hand: delete, put in, take out, leave, and sharing within the organization."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.ram import organizations
from reconciler.sandbox.services.ram.shares import Association, Share
from reconciler.sandbox.services.ram.tokens import once


def _name(request: Request) -> dict[str, str]:
    share = request.world.ram.shares.get(request.params["resourceShareArn"])
    return {"ram_ResourceShareName": share.name} if share is not None else {}


@operation(honours="resourceShareArn clientToken", keys=_name)
def delete_resource_share(request: Request) -> Params:
    """Delete a share of one's own. The grants of Lake Formation stay, and carry nothing any more."""
    return once(request, lambda: _deleted(request))


def _deleted(request: Request) -> Params:
    share = _share(request)
    if share.owner != request.caller.account:
        raise AwsError("OperationNotPermittedException", "Only the owner can delete a resource share.")
    request.world.ram.delete(share)
    return {"returnValue": True}


@operation(honours="resourceShareArn principals clientToken", keys=_name)
def associate_resource_share(request: Request) -> Params:
    """Put principals into a share of one's own: who is outside of the organization is invited, again if he was before.

    https://docs.aws.amazon.com/ram/latest/APIReference/API_AssociateResourceShare.html
    """
    return once(request, lambda: _associated(request))


def _associated(request: Request) -> Params:
    share = _share(request)
    if share.owner != request.caller.account:
        raise AwsError("OperationNotPermittedException", "Only the owner can add to a resource share.")
    associations = [request.world.ram.associate(share, who) for who in request.params.get("principals") or ()]
    return {"resourceShareAssociations": [_brief(each, share) for each in associations]}


@operation(honours="resourceShareArn resourceArns principals clientToken", keys=_name)
def disassociate_resource_share(request: Request) -> Params:
    """Take resources or principals out of a share; a receiver outside the organization may leave it."""
    return once(request, lambda: _disassociated(request))


def _disassociated(request: Request) -> Params:
    params, ram, account = request.params, request.world.ram, request.caller.account
    share = _share(request)
    entities = [*(params.get("resourceArns") or ()), *(params.get("principals") or ())]
    leaving = share.owner != account
    if leaving and (entities != [account] or not share.principals[account].external):
        raise AwsError("OperationNotPermittedException", "A receiver can only leave, and only from outside.")
    for entity in entities:
        if entity not in share.resources and entity not in share.principals:
            raise AwsError("UnknownResourceException", f"{entity} is not associated with the resource share.")
    if leaving:
        ram.leave(share, account)
    associations = [ram.disassociate(share, entity) for entity in entities]
    return {"resourceShareAssociations": [_brief(each, share) for each in associations if each is not None]}


def _brief(association: Association, share: Share) -> Params:
    """As an answer to a change tells an association (recorded)."""
    shape = association.shape(share)
    told = ("resourceShareArn", "associatedEntity", "associationType", "status", "external")
    return {name: shape[name] for name in told}


@operation()
def enable_sharing_with_aws_organization(request: Request) -> Params:
    """Let accounts of the organization share without invitations; for its management account."""
    found = organizations.membership(request.caller.account)
    if found is None or found.management != request.caller.account:
        message = "The account is not the management account of an organization."
        raise AwsError("OperationNotPermittedException", message)
    organizations.enable_sharing(found.management)
    return {"returnValue": True}


def _share(request: Request) -> Share:
    arn = request.params["resourceShareArn"]
    share: Share | None = request.world.ram.shares.get(arn)
    known = share is not None and request.world.ram.knows((arn,), request.caller.account)
    if share is None or not known:
        raise AwsError("UnknownResourceException", f"ResourceShare {arn} could not be found.")
    if share.status != "ACTIVE":
        raise AwsError("InvalidStateTransitionException", f"ResourceShare {arn} is {share.status}.")
    return share
