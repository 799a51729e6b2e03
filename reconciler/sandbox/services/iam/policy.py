"""Policy documents: what one says about a request."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

from reconciler.sandbox.core.identity import Caller
from reconciler.sandbox.services.iam.conditions import Context, UnknownOperator, holds, substituted
from reconciler.sandbox.services.iam.patterns import matches


class Says(Enum):
    """What policies say: nothing, yes, yes to this very principal, or no."""

    NOTHING = "nothing"
    ALLOW = "allow"
    ALLOW_PRINCIPAL = "allow the principal itself"
    DENY = "deny"


@lru_cache(maxsize=4096)
def statements(document: str) -> tuple[Mapping[str, Any], ...]:
    """The statements of a policy document; empty if it is not JSON."""
    try:
        found = json.loads(document).get("Statement", [])
    except (ValueError, AttributeError):
        return ()
    return tuple(found if isinstance(found, list) else [found])


def identity_says(documents: Iterable[str], action: str, resource: str, context: Context) -> Says:
    """What identity-based policies say to an action on a resource; an explicit Deny prevails."""
    found = Says.NOTHING
    for document in documents:
        for statement in statements(document):
            if not (_action(statement, action) and _resource(statement, resource, context)):
                continue
            if _conditions(statement, context):
                if statement.get("Effect") == "Deny":
                    return Says.DENY
                found = Says.ALLOW
    return found


def resource_says(document: str, caller: Caller, action: str, resource: str | None, context: Context) -> Says:
    """What a resource's policy says to a caller. `resource` None: trust policies name none.

    ALLOW_PRINCIPAL where the caller is named himself, ALLOW where only his account is.
    """
    found = Says.NOTHING
    for statement in statements(document):
        named = _principal(statement, caller)
        if named is Says.NOTHING or not _action(statement, action):
            continue
        if resource is not None and not _resource(statement, resource, context):
            continue
        if not _conditions(statement, context):
            continue
        if statement.get("Effect") == "Deny":
            return Says.DENY
        found = named if found is not Says.ALLOW_PRINCIPAL else found
    return found


def trusts_service(document: str, service: str) -> bool:
    """Whether a trust policy lets a service (`glue.amazonaws.com`) act as the role."""
    return _names_service(document, service, "sts:AssumeRole", None)


def lets_service(document: str, service: str, action: str) -> bool:
    """Whether a resource's policy lets a service do something of which it tells no more (no source, no account)."""
    return _names_service(document, service, action, {})


def lets_account(document: str, account: str, action: str) -> bool:
    """Whether a resource's policy lets an account as a whole do something, whatever its conditions are."""
    names = {account, f"arn:aws:iam::{account}:root"}
    return any(
        statement.get("Effect") == "Allow"
        and _action(statement, action)
        and isinstance(statement.get("Principal"), Mapping)
        and not names.isdisjoint(_listed(statement["Principal"].get("AWS", [])))
        for statement in statements(document)
    )


def _names_service(document: str, service: str, action: str, context: Context | None) -> bool:
    return any(
        statement.get("Effect") == "Allow"
        and _action(statement, action)
        and (context is None or _conditions(statement, context))
        and isinstance(statement.get("Principal"), Mapping)
        and service in _listed(statement["Principal"].get("Service", []))
        for statement in statements(document)
    )


def _action(statement: Mapping[str, Any], action: str) -> bool:
    if "NotAction" in statement:
        return not _among(tuple(_listed(statement["NotAction"])), action)
    return _among(tuple(_listed(statement.get("Action", []))), action)


@lru_cache(maxsize=65536)
def _among(patterns: tuple[str, ...], action: str) -> bool:
    """Whether an action is one of these, in any case. A role of Meshform has a hundred, and each call asks."""
    wanted = action.lower()
    return any(matches(pattern.lower(), wanted) for pattern in patterns)


def _resource(statement: Mapping[str, Any], resource: str, context: Context) -> bool:
    def one(pattern: str) -> bool:
        filled = substituted(pattern, context) if "${" in pattern else pattern
        return filled is not None and matches(filled, resource)

    if "NotResource" in statement:
        return not any(map(one, _listed(statement["NotResource"])))
    return any(map(one, _listed(statement.get("Resource", []))))


def _conditions(statement: Mapping[str, Any], context: Context) -> bool:
    block = statement.get("Condition")
    if not block:
        return True
    try:
        return holds(block, context)
    except UnknownOperator:
        # Closed: what cannot be decided does not allow, and does deny.
        return statement.get("Effect") == "Deny"


def _principal(statement: Mapping[str, Any], caller: Caller) -> Says:
    if "NotPrincipal" in statement:
        named = _named(statement["NotPrincipal"], caller)
        return Says.ALLOW_PRINCIPAL if named is Says.NOTHING else Says.NOTHING
    return _named(statement.get("Principal", {}), caller)


def _named(principal: Any, caller: Caller) -> Says:
    if principal == "*":
        return Says.ALLOW_PRINCIPAL
    if not isinstance(principal, Mapping):
        return Says.NOTHING
    names = _listed(principal.get("AWS", []))
    if "*" in names or caller.principal in names or caller.arn in names:
        return Says.ALLOW_PRINCIPAL
    account = {caller.account, f"arn:aws:iam::{caller.account}:root"}
    return Says.ALLOW if account & set(names) and caller.principal != "*" else Says.NOTHING


def _listed(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]
