"""ConfirmSubscription: the owner of a queue takes what somebody else's topic sends."""

from __future__ import annotations

from moto.sns.models import sns_backends

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request
from reconciler.sandbox.shared.sns_delivery import confirm


@operation(honours="TopicArn Token AuthenticateOnUnsubscribe")
def confirm_subscription(request: Request) -> Params:
    """Confirm by the token that the queue received (API_ConfirmSubscription). InvalidParameter: no such token."""
    _, _, _, region, account, _ = request.params["TopicArn"].split(":", 5)
    backend = sns_backends[account][region]
    if request.params["TopicArn"] not in backend.topics:
        raise AwsError("NotFound", "Topic does not exist", 404)
    arn = confirm(backend, request.params["TopicArn"], request.params["Token"])
    if arn is None:
        raise AwsError("InvalidParameter", "Invalid parameter: Token")
    return {"SubscriptionArn": arn}
