"""What the role of apply needs besides for `meshform doctor --trial`, printed only where it is asked for."""

from __future__ import annotations

from typing import Any

from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import partition

_QUEUE = (
    "sqs:CreateQueue",
    "sqs:DeleteQueue",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
    "sqs:ReceiveMessage",
    "sqs:SetQueueAttributes",
)


def trial_statements(mesh: Mesh, account: Account) -> list[dict[str, Any]]:
    """In the central account a queue that hears a notice, elsewhere rejecting an invitation (which opens nothing)."""
    if account != mesh.central:
        act = "ram:RejectResourceShareInvitation"
        return [{"Sid": "RejectAnInvitation", "Effect": "Allow", "Action": act, "Resource": "*"}]
    queue = f"arn:{partition(mesh.region)}:sqs:{mesh.region}:{account.id}:meshform-{mesh.name}-doctor"
    return [{"Sid": "HearANotice", "Effect": "Allow", "Action": list(_QUEUE), "Resource": queue}]
