"""The role by which an account's rules put events on other accounts' buses."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.kinds.common.policy_document import VERSION
from reconciler.kinds.notifications.event_routes import carrying_accounts
from reconciler.kinds.notifications.notification_names import carrier_name
from reconciler.kinds.roles.wanted_role import WantedRole, trust
from reconciler.spec import placements
from reconciler.spec.mesh import Mesh


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
                    {"Sid": "PutEvents", "Effect": "Allow", "Action": "events:PutEvents", "Resource": list(buses)}
                ],
            },
            account.origin,
        )
