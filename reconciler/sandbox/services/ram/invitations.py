"""Invitations: read, accept, reject, and what they would bring."""

from __future__ import annotations

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.services.lakeformation.principals import parsed
from reconciler.sandbox.services.ram import contents
from reconciler.sandbox.services.ram.reads import paged
from reconciler.sandbox.services.ram.shares import Invitation
from reconciler.sandbox.services.ram.state import ON_HOLD
from reconciler.sandbox.services.ram.tokens import once


@operation(honours="resourceShareInvitationArns resourceShareArns nextToken maxResults")
def get_resource_share_invitations(request: Request) -> Params:
    """The invitations that the caller's account received."""
    params, now = request.params, request.world.now()
    arns, shares = params.get("resourceShareInvitationArns") or (), params.get("resourceShareArns") or ()
    for arn in arns:
        _received(request, arn)
    found = [
        invitation.shape(now)
        for invitation in request.world.ram.invitations.values()
        if invitation.receiver == request.caller.account
        and (not arns or invitation.arn in arns)
        and (not shares or invitation.share.arn in shares)
    ]
    return paged(request, "resourceShareInvitations", found)


@operation(honours="resourceShareInvitationArn clientToken")
def accept_resource_share_invitation(request: Request) -> Params:
    """Accept: the share arrives with every principal of the account that is in it."""
    return once(request, lambda: _answered(request, "ACCEPTED", "ASSOCIATED"))


@operation(honours="resourceShareInvitationArn clientToken")
def reject_resource_share_invitation(request: Request) -> Params:
    """Reject: what becomes of the principals of the account that are in the share is a belief."""
    status = request.world.beliefs["rejected-invitations"].upper()
    return once(request, lambda: _answered(request, "REJECTED", status))


@operation(honours="resourceShareInvitationArn nextToken maxResults resourceRegionScope")
def list_pending_invitation_resources(request: Request) -> Params:
    """The resources that a pending invitation offers."""
    invitation = _received(request, request.params["resourceShareInvitationArn"])
    _check_pending(request, invitation)
    found = [
        {
            "arn": association.entity,
            "type": contents.resource_type(association.entity),
            "resourceShareArn": invitation.share.arn,
            "status": "PENDING",
            "creationTime": association.created,
            "lastUpdatedTime": association.updated,
            "resourceRegionScope": "REGIONAL",
        }
        for association in invitation.share.resources.values()
        if request.params.get("resourceRegionScope") in (None, "ALL", "REGIONAL")
    ]
    return paged(request, "resources", found)


def _received(request: Request, arn: str) -> Invitation:
    invitation: Invitation | None = request.world.ram.invitations.get(arn)
    if invitation is None or invitation.receiver != request.caller.account:
        message = f"ResourceShareInvitation {arn} could not be found."
        raise AwsError("ResourceShareInvitationArnNotFoundException", message)
    return invitation


def _check_pending(request: Request, invitation: Invitation) -> None:
    status = invitation.status(request.world.now())
    if status == "PENDING":
        return
    code = {"ACCEPTED": "AlreadyAccepted", "REJECTED": "AlreadyRejected", "EXPIRED": "Expired"}[status]
    message = f"ResourceShareInvitation {invitation.arn} is {status.lower()}."
    raise AwsError(f"ResourceShareInvitation{code}Exception", message)


def _answered(request: Request, answer: str, status: str) -> Params:
    invitation = _received(request, request.params["resourceShareInvitationArn"])
    _check_pending(request, invitation)
    now = request.world.now()
    invitation.answer = answer
    for principal in invitation.share.principals.values():
        if parsed(principal.entity)[1] == invitation.receiver and principal.status == "ASSOCIATING":
            principal.status, principal.updated = status, now
            principal.waiting = ON_HOLD if status == "ASSOCIATING" else 0
    return {"resourceShareInvitation": invitation.shape(now)}
