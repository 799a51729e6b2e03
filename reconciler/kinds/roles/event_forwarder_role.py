"""The role by which an account's rules put events on other accounts' buses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from reconciler.kinds.common.policy_document import VERSION
from reconciler.kinds.notifications.event_routes import carrying_accounts
from reconciler.kinds.notifications.notification_names import bus_arn, bus_name, carrier_name
from reconciler.kinds.roles.wanted_role import WantedRole, trust
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh

LISTED = 100
"""Up to so many buses stand in the policy one by one; the ARNs of 150 would be more than an inline policy holds."""


def carriers(mesh: Mesh) -> Iterable[WantedRole]:
    """One role an account: it may put events on the buses that its rules send to, and nothing else.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
    https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
    """
    for account, buses in carrying_accounts(mesh):
        yield WantedRole(
            placements.of_account(mesh, account),
            carrier_name(mesh, account),
            trust(services=["events.amazonaws.com"], account=account.id),
            {
                "Version": VERSION,
                "Statement": [
                    {"Sid": "PutEvents", "Effect": "Allow", "Action": "events:PutEvents", **_on(mesh, buses)},
                ],
            },
            account.origin,
        )


def _on(mesh: Mesh, buses: Sequence[str]) -> dict[str, Any]:
    """These buses; of many, which all have one name, the accounts.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resourceaccount
    """
    if len(buses) <= LISTED:
        return {"Resource": list(buses)}
    accounts = [bus.split(":")[4] for bus in buses]
    condition = {"StringEquals": {"aws:ResourceAccount": accounts}}
    return {"Resource": bus_arn(mesh, "*", bus_name(mesh)), "Condition": condition}
