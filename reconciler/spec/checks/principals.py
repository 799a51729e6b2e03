"""Consumers: one account or organization, and principals that Lake Formation can name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.consumer import Consumer, Principal
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

READER = Rule(
    "consumer-account",
    "error",
    "A consumer is an account, or an organization or organizational unit.",
    "Give one of `account` and `organization`. Principals, admins and a workgroup need an account.",
)
PRINCIPAL = Rule(
    "principal-identity",
    "error",
    "A principal is one of role, user, group and arn, and only a role can be made.",
    "Give exactly one of them. `create` and `trust` go with `role`.",
)
TRUST = Rule(
    "trust",
    "error",
    "Those who may assume a role are ARNs or AWS services.",
    "Write an ARN (arn:aws:iam::...) or a service such as sagemaker.amazonaws.com. `*` would be everybody.",
)
UNUSED = Rule(
    "unused-principal",
    "note",
    "Every principal of a consumer is used by a subscription.",
    "Nothing is granted to a principal that no subscription names.",
    when_sound=True,
)

_TRUSTED = re.compile(r"arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:.+|[a-z0-9.-]+\.amazonaws\.com(\.cn)?|[0-9]{12}")


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about consumers and their principals."""
    used = {(each.consumer, name) for each in unchecked.all(Subscription) for name in each.principals}
    for consumer in unchecked.all(Consumer):
        if (consumer.account is None) == (consumer.organization is None):
            yield READER.broken(consumer.at("account"), "give one of account and organization")
        elif consumer.organization is not None and (consumer.principals or consumer.admins or consumer.workgroup):
            yield READER.broken(
                consumer.at("organization"),
                "an organization shares as a whole: leave out principals, admins and workgroup, or give an account",
            )
        for index, principal in enumerate(consumer.principals):
            yield from _principal(consumer, index, principal)
            if (consumer.name, principal.name) not in used:
                yield UNUSED.broken(
                    consumer.at("principals", index), f"no subscription names the principal {principal.name}"
                )


def _principal(consumer: Consumer, index: int, principal: Principal) -> Iterator[Finding]:
    here = ("principals", index)
    given = [each for each in (principal.role, principal.user, principal.group, principal.arn) if each is not None]
    if len(given) != 1:
        yield PRINCIPAL.broken(consumer.at(*here), f"{principal.name} needs exactly one of role, user, group and arn")
    if principal.create and principal.role is None:
        yield PRINCIPAL.broken(consumer.at(*here, "create"), "only a role can be made; give its name as role")
    if principal.trust and not principal.create:
        yield PRINCIPAL.broken(consumer.at(*here, "trust"), "trust is for roles that are made; add create: true")
    for at, trusted in enumerate(principal.trust):
        if not _TRUSTED.fullmatch(trusted):
            yield TRUST.broken(
                consumer.at(*here, "trust", at), f"{trusted} is neither an ARN nor a service such as glue.amazonaws.com"
            )
