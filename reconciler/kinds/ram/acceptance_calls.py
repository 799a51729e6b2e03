"""The requests by which a share is offered again, accepted, and waited for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.kinds.lakeformation.grant_calls import give, take
from reconciler.kinds.ram.found_share import by_share_name, in_database
from reconciler.model.address import Placement
from reconciler.model.call import Call, Lookup
from reconciler.model.lakeformation import Grant

PATIENCE = 120
"""Seconds to wait for invitations and associations, which AWS makes in its own time."""

_ROWS = "resourceShareAssociations"


def offered_again(sender: Placement, share: str, principal: str, *, is_in: bool) -> Iterator[Call]:
    """Put a principal into a share anew: RAM sends no invitation twice, but a new one to who comes in.

    `is_in`: he is associated still, though his invitation can be accepted no more; so he is taken out before.
    https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html
    """
    who = {"resourceShareArn": share, "principals": [principal]}
    if is_in:
        yield Call(sender, "ram", "DisassociateResourceShare", who)
        request = {"associationType": "PRINCIPAL", "resourceShareArns": [share], "principal": principal}
        path = f"{_ROWS}[].status | !contains(@, 'ASSOCIATING') && !contains(@, 'DISASSOCIATING')"
        out = Lookup(sender, "ram", "GetResourceShareAssociations", request, path)
        yield Call(sender, "ram", "", {}, until=out, patience=PATIENCE)
    yield Call(sender, "ram", "AssociateResourceShare", who)


def shared_again(sender: Placement, grants: Iterable[Grant]) -> Iterator[Call]:
    """Grants whose share is gone, taken and given: Lake Formation then makes a share for them.

    https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html
    """
    every = tuple(grants)
    yield from (take(sender, grant) for grant in every)
    yield from (give(sender, grant) for grant in every)


def accepted(receiver: Placement, sender: Placement, databases: Iterable[str]) -> Iterator[Call]:
    """Accept every invitation of the sender until all of ours are associated, and then wait for what is in them."""
    known = tuple(databases)
    yield _accept(receiver, sender, known)
    yield _filled(receiver, sender, known)


def _accept(receiver: Placement, sender: Placement, databases: tuple[str, ...]) -> Call:
    named = by_share_name(sender.account, receiver.account)
    pending = Lookup(
        receiver,
        "ram",
        "GetResourceShareInvitations",
        {"maxResults": 500},
        f"resourceShareInvitations[?senderAccountId=='{sender.account}' && status=='PENDING' && "
        f"{named}].resourceShareInvitationArn",
    )
    # Every share has an association with this account; what is not accepted or not ready is not ASSOCIATED.
    ready = Lookup(
        sender,
        "ram",
        "GetResourceShareAssociations",
        {"associationType": "PRINCIPAL", "maxResults": 500},
        f"{_ROWS}[?contains(associatedEntity, '{receiver.account}')].status | "
        "contains(@, 'ASSOCIATED') && !contains(@, 'ASSOCIATING')",
        of=("resourceShareArns", _ours(receiver, sender, databases)),
    )
    return Call(
        receiver,
        "ram",
        "AcceptResourceShareInvitation",
        {},
        each=("resourceShareInvitationArn", pending),
        until=ready,
        patience=PATIENCE,
        success_errors=frozenset({"ResourceShareInvitationAlreadyAcceptedException"}),
    )


def _filled(receiver: Placement, sender: Placement, databases: tuple[str, ...]) -> Call:
    """Wait until what the sender's shares hold is in them: until then a share shows nothing of it.

    A grant can succeed while its share fails behind it, for instance under a catalog policy that forbids sharing.
    https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html
    """
    ours = f"{_ROWS}[?ends_with(associatedEntity, ':catalog') || {_holds(databases)}]"
    ready = Lookup(
        sender,
        "ram",
        "GetResourceShareAssociations",
        {"associationType": "RESOURCE", "maxResults": 500},
        f"{ours}.status | !contains(@, 'ASSOCIATING')",
        of=("resourceShareArns", _ours(receiver, sender, databases)),
    )
    failed = (
        f"{ours} | [?status=='FAILED']"
        ".join(': ', [associatedEntity, not_null(statusMessage, 'the association failed')]) | [0]"
    )
    return Call(receiver, "ram", "", {}, until=ready, patience=PATIENCE, fails=failed)


def _ours(receiver: Placement, sender: Placement, databases: tuple[str, ...]) -> Lookup:
    """The ARNs of the shares that hold something of the databases: Security Lake and other teams share likewise."""
    return Lookup(
        sender,
        "ram",
        "GetResourceShareAssociations",
        {"associationType": "RESOURCE", "maxResults": 500},
        f"{_ROWS}[?{by_share_name(sender.account, receiver.account)} && status!='DISASSOCIATED' && "
        f"({_holds(databases)})].resourceShareArn",
    )


def _holds(databases: tuple[str, ...]) -> str:
    """What is by LF-tags may be of any database."""
    return " || ".join(in_database(name) for name in ("*", *databases))
