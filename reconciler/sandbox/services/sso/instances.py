"""sso:ListInstances: the organization's instance, seen from all of its accounts."""

from __future__ import annotations

from reconciler.sandbox.core.operation import Params, operation
from reconciler.sandbox.core.request import Request


@operation(honours="MaxResults NextToken")
def list_instances(request: Request) -> Params:
    """The instance, where one was enabled (API_ListInstances). Who owns it is not simulated."""
    store = request.world.identitystore.store
    if not store:
        return {"Instances": []}
    return {"Instances": [{"InstanceArn": "arn:aws:sso:::instance/ssoins-0123456789abcdef", "IdentityStoreId": store}]}
