"""Trust policies: who may act as a role."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from reconciler.kinds.common.policy_conditions import like
from reconciler.kinds.common.policy_document import listed, statements
from reconciler.model.lakeformation import account_of

ANYBODY = "*"
_WAYS = ("sts:assumerole", "sts:assumerolewithsaml", "sts:assumerolewithwebidentity")
_SESSION = re.compile(r"arn:([^:]*):sts::(\d{12}):assumed-role/([^/]+)/.*")


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom one role lets act as it.

    lets     principal as the policy names it → conditions under which it lets him, in words; an empty one is none
    refuses  what the policy denies, each statement as a text; nobody works out here whom that leaves
    """

    lets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    refuses: frozenset[str] = frozenset()

    def covers(self, principal: str, role: str) -> bool:
        """Whether others whom it names stand for a principal, too: his account, his role, or anybody.

        An account stands for services as well where it is the role's own: who there may pass the role decides.
        """
        account = account_of(principal) or (account_of(role) if is_service(principal) else None)
        session = _SESSION.fullmatch(principal)
        wider = {ANYBODY, f"arn:aws:iam::{account}:root"}
        if session:
            wider.add(f"arn:aws:iam::{session[2]}:role/{session[3]}")
        return any(_as_named(name) in wider and name != principal for name in self.lets)


def is_service(principal: str) -> bool:
    """Whether it is a service of AWS, which acts for whoever may pass it the role."""
    return ".amazonaws.com" in principal and ":" not in principal


def is_outside(principal: str, role: str) -> bool:
    """Whether somebody whom a role trusts is not of the role's account, nor a service that works there."""
    return not is_service(principal) and account_of(principal) != account_of(role)


@lru_cache(maxsize=4_000)
def trust_of(policy: str) -> Trust:
    """What a trust policy says.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    lets: dict[str, set[str]] = {}
    refuses: set[str] = set()
    for each in statements(json.loads(policy or "{}")):
        if not _is_about_assuming(each):
            continue
        if each.get("Effect") != "Allow":
            refuses.add(json.dumps(each, sort_keys=True))
            continue
        for name in _principals(each):
            lets.setdefault(name, set()).add(_condition(each))
    return Trust({name: frozenset(those) for name, those in sorted(lets.items())}, frozenset(refuses))


def told(old: str, new: str) -> str:
    """What another trust policy changes about who may act as its role, in words; empty where nothing is."""
    was, now = trust_of(old), trust_of(new)
    come, gone = ([name for name in more.lets if name not in less.lets] for more, less in ((now, was), (was, now)))
    other = [name for name, tests in now.lets.items() if name in was.lets and tests != was.lets[name]]
    parts = (
        ("may act as it", come),
        ("may no longer act as it", gone),
        ("may act as it on other conditions", other),
    )
    found = [f"{', '.join(names)} {words}" for words, names in parts if names]
    found += ["it is denied to others than before"] if was.refuses != now.refuses else []
    return "; ".join(found)


def _is_about_assuming(statement: Mapping[str, Any]) -> bool:
    is_but = "NotAction" in statement
    patterns = [str(each).lower() for each in listed(statement.get("NotAction" if is_but else "Action", "*"))]
    return any(any(like(pattern, way) for pattern in patterns) != is_but for way in _WAYS)


def _principals(statement: Mapping[str, Any]) -> Iterator[str]:
    """Everybody whom a statement that allows names; whoever is not excluded may be anybody."""
    named = statement.get("Principal", ANYBODY)
    if not isinstance(named, Mapping):
        yield from map(str, listed(named))
        return
    for sort, names in named.items():
        for name in map(str, listed(names)):
            if re.fullmatch(r"\d{12}", name):
                yield f"arn:aws:iam::{name}:root"
            else:
                # Who signs in elsewhere is nobody of this account, and no service.
                yield f"federated:{name}" if sort == "Federated" and ":" not in name else name


def _condition(statement: Mapping[str, Any]) -> str:
    """On what it depends whether a statement lets somebody, in words."""
    tests = [
        f"{key} {operator} {', '.join(sorted(str(each) for each in listed(values)))}"
        for operator, keys in sorted(statement.get("Condition", {}).items())
        for key, values in sorted(keys.items())
    ]
    if "NotPrincipal" in statement:
        tests.append(f"it is not {json.dumps(statement['NotPrincipal'], sort_keys=True)}")
    return " and ".join(tests)


def _as_named(principal: str) -> str:
    """A name in a trust policy without its partition."""
    return re.sub(r"^arn:[^:]*:", "arn:aws:", principal)
