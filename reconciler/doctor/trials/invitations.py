"""Shares between the central account and a consumer's, as RAM tells them to either side."""

from __future__ import annotations

from typing import Any

from reconciler.aws.asking import Reply
from reconciler.doctor.trials.bench import Bench
from reconciler.model.address import Placement

_PREFIX = "LakeFormation"


def associations(bench: Bench, there: Placement) -> set[str]:
    """The states of Lake Formation's shares with an account, but those that are over."""
    rows = bench.apply.every(
        bench.central,
        "ram",
        "GetResourceShareAssociations",
        "resourceShareAssociations",
        associationType="PRINCIPAL",
        principal=there.account,
    )
    found = {row["status"] for row in rows if row["resourceShareName"].startswith(_PREFIX)}
    return found - {"DISASSOCIATED", "DISASSOCIATING"}


def pending(bench: Bench, there: Placement) -> list[Any]:
    """Invitations to Lake Formation's shares of the central account that wait for an answer."""
    rows = bench.apply.every(there, "ram", "GetResourceShareInvitations", "resourceShareInvitations")
    return [
        row
        for row in rows
        if row["status"] == "PENDING"
        and row["senderAccountId"] == bench.central.account
        and row["resourceShareName"].startswith(_PREFIX)
    ]


def reject(bench: Bench, there: Placement) -> Reply:
    """Reject the invitations that wait; the reply to the last."""
    reply = Reply(None, "NotTried", "there is none")
    for row in pending(bench, there):
        arn = {"resourceShareInvitationArn": row["resourceShareInvitationArn"]}
        reply = bench.do(there, "ram", "RejectResourceShareInvitation", **arn)
        if reply.answer is not None:
            bench.notes.setdefault("rejected", []).append(row["resourceShareArn"])
    return reply


def accept_all(bench: Bench, there: Placement) -> None:
    """Accept what waits, until every share has arrived; there may be one a policy, or none to accept."""

    def arrived() -> bool:
        for row in pending(bench, there):
            arn = {"resourceShareInvitationArn": row["resourceShareInvitationArn"]}
            bench.do(there, "ram", "AcceptResourceShareInvitation", **arn)
        return associations(bench, there) == {"ASSOCIATED"}

    bench.until(arrived)
