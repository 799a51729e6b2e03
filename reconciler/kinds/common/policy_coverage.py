"""Whether somebody else's policy lets what the mesh needs: which needed statements it lacks, ready to be pasted.

What cannot be judged (conditions) is taken to let it: nothing is held back because of what is not known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from reconciler.kinds.common.policy_document import listed
from reconciler.model.lakeformation import account_of


def lacking(needed: Iterable[str], there: Iterable[str]) -> tuple[str, ...]:
    """Those statements (JSON) that let something and are not covered by others (JSON): without a Sid of the mesh's.

    With the mesh's Sid it would be taken for the mesh's own as soon as somebody pastes it.
    """
    policy = [json.loads(text) for text in there]
    found = (json.loads(text) for text in needed)
    return tuple(
        json.dumps({key: value for key, value in statement.items() if key != "Sid"}, sort_keys=True)
        for statement in found
        if statement["Effect"] == "Allow" and not _covered(statement, policy)
    )


def _covered(needed: Mapping[str, Any], policy: list[dict[str, Any]]) -> bool:
    return all(
        any(_lets(statement, principal, action, resource) for statement in policy)
        for principal in _principals(needed)
        for action in listed(needed["Action"])
        for resource in listed(needed.get("Resource", "*"))
    )


def _lets(statement: Mapping[str, Any], principal: str, action: str, resource: str) -> bool:
    if statement.get("Effect") != "Allow" or not any(key in statement for key in ("Action", "NotAction")):
        return False
    named = set(_principals(statement))
    account = account_of(principal)
    whole = {account, *(each for each in named if each.endswith(f":iam::{account}:root"))} if account else set()
    return (
        (bool(named & {"*", principal, *whole}))
        and _among(action.lower(), [str(each).lower() for each in listed(statement.get("Action", ()))])
        # A bucket's policy names resources; a key's stands on the key alone.
        and _among(resource, listed(statement.get("Resource", "*")))
    )


def _among(word: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(word, pattern) for pattern in patterns)


def _principals(statement: Mapping[str, Any]) -> list[str]:
    """Everybody whom a statement names, of whatever sort."""
    named = statement.get("Principal", ())
    if isinstance(named, Mapping):
        return [str(each) for values in named.values() for each in listed(values)]
    return [str(each) for each in listed(named)]
