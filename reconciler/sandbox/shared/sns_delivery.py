"""What SNS delivers to whom; moto's topics deliver to queues of their own account only, unasked and under any key.

https://docs.aws.amazon.com/sns/latest/dg/sns-send-message-to-sqs-cross-account.html
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from typing import Any

from moto.moto_api._internal import mock_random
from moto.sns.exceptions import SNSException
from moto.sns.models import SNSBackend, Subscription, sns_backends
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import sqs_backends

from reconciler.sandbox.services.iam.kms import key_named
from reconciler.sandbox.services.iam.policy import lets_account, lets_service

_subscribe, _publish = SNSBackend.subscribe, Subscription.publish
_get, _set, _unsubscribe = (
    SNSBackend.get_subscription_attributes,
    SNSBackend.set_subscription_attributes,
    SNSBackend.unsubscribe,
)
_list, _list_by_topic = SNSBackend.list_subscriptions, SNSBackend.list_subscriptions_by_topic

PENDING = "PendingConfirmation"


class _NotAuthorized(SNSException):  # type: ignore[misc]
    code = "AuthorizationError"


def _to_other_account(backend: Any, topic_arn: str, endpoint: str, protocol: str) -> Any:
    """A queue of another account hears nothing until its owner confirms by the token that is sent to it.

    Where its owner subscribes it himself, which the topic's policy must let him, nobody has to confirm.
    """
    home = _home(backend, topic_arn)
    if home is not backend and not lets_account(home.get_topic(topic_arn).policy, backend.account_id, "SNS:Subscribe"):
        raise _NotAuthorized(f"{backend.account_id} is not authorized to perform: SNS:Subscribe on {topic_arn}")
    known = home._find_subscription(topic_arn, endpoint, protocol)
    made = _subscribe(home, topic_arn, endpoint, protocol)
    is_owner = protocol == "sqs" and endpoint.split(":")[4] == backend.account_id
    if known is None or is_owner:
        made.attributes["Owner"] = backend.account_id
    if known is not None and is_owner:
        made.attributes[PENDING] = False
    if known is None and protocol == "sqs" and not is_owner:
        token = f"{mock_random.getrandbits(256):064x}"
        made.attributes |= {PENDING: True, "Token": token, "ConfirmationWasAuthenticated": False}
        message = {"Type": "SubscriptionConfirmation", "Token": token, "TopicArn": topic_arn}
        # To subscribe a queue that is not there is no error.
        with suppress(QueueDoesNotExist):
            _, _, _, region, account, name = endpoint.split(":", 5)
            sqs_backends[account][region].send_message(name, json.dumps(message))
    return made


def _home(backend: Any, arn: str) -> Any:
    """Where a topic and what is subscribed to it are kept: in the topic's account."""
    account = arn.split(":")[4]
    return backend if account == backend.account_id else sns_backends[account][backend.region_name]


def _of_its_owner(operation: Callable[..., Any]) -> Callable[..., Any]:
    """An operation on a subscription, for the topic's account and for whoever subscribed."""

    def done(backend: Any, arn: str, *args: Any, **kwargs: Any) -> Any:
        home = _home(backend, arn)
        known = home.subscriptions.get(arn)
        if home is not backend and known is not None and known.attributes["Owner"] != backend.account_id:
            raise _NotAuthorized(f"{backend.account_id} is not the owner of {arn}")
        return operation(home, arn, *args, **kwargs)

    return done


def _shown(listing: Callable[..., Any]) -> Callable[..., Any]:
    """A listing that tells no ARN of what is not confirmed."""

    def listed(backend: Any, *args: Any, **kwargs: Any) -> Any:
        found, token = listing(backend, *args, **kwargs)
        told = [copy(each) for each in found]
        for each in told:
            each.arn = PENDING if each.attributes.get(PENDING) else each.arn
            each.owner = each.attributes["Owner"]
        return told, token

    return listed


def confirm(backend: Any, topic_arn: str, token: str) -> str | None:
    """The ARN of the subscription that a token confirms; None if there is none."""
    for arn, subscription in backend.subscriptions.items():
        if subscription.topic.arn == topic_arn and subscription.attributes.get("Token") == token:
            subscription.attributes |= {PENDING: False, "ConfirmationWasAuthenticated": True}
            return str(arn)
    return None


def _to_its_account(subscription: Any, *args: Any, **kwargs: Any) -> None:
    if subscription.attributes.get(PENDING):
        return
    own = subscription.account_id
    if subscription.protocol == "sqs":
        subscription.account_id = subscription.endpoint.split(":")[4]
    try:
        _publish(subscription, *args, **kwargs)
    finally:
        subscription.account_id = own


def takes_events(topic: Any, account: str, region: str) -> bool:
    """Whether EventBridge can publish into a topic: without a key, or under one whose policy lets it.

    It sends neither aws:SourceAccount nor aws:SourceArn there, and a key that AWS manages never lets it.
    """
    named = str(topic.kms_master_key_id or "")
    if not named:
        return True
    if "alias/aws/" in named:
        return False
    key = key_named(named, account, region)
    return key is not None and all(
        lets_service(key.policy, "events.amazonaws.com", action) for action in ("kms:GenerateDataKey", "kms:Decrypt")
    )


def mend() -> None:
    """Make moto's SNS deliver as described above; doing it again changes nothing."""
    SNSBackend.subscribe = _to_other_account
    SNSBackend.get_subscription_attributes = _of_its_owner(_get)
    SNSBackend.set_subscription_attributes = _of_its_owner(_set)
    SNSBackend.unsubscribe = _of_its_owner(_unsubscribe)
    SNSBackend.list_subscriptions = _shown(_list)
    SNSBackend.list_subscriptions_by_topic = _shown(_list_by_topic)
    Subscription.publish = _to_its_account
