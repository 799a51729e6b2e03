"""Conditions of grants: attribute-based access control, in the words that AWS documents and no others.

    either  := both { || both }        both := one { && one }
    one     := ( either ) | tags.hasTag("key") | tags.getTag("key") == "value"      tags: context.iam.principalTags

https://docs.aws.amazon.com/lake-formation/latest/dg/abac-granting-permissions.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from reconciler.sandbox.core.errors import AwsError
from reconciler.sandbox.services.iam.roles import role_tags
from reconciler.sandbox.services.lakeformation.resources import (
    Catalog,
    CellsFilter,
    Columns,
    Database,
    Resource,
    Table,
)

if TYPE_CHECKING:
    from reconciler.sandbox.services.lakeformation.grants import Row

Test = Callable[[Mapping[str, str]], bool]

_TAGS = r"context\.iam\.principalTags"
_SIGNS = re.compile(
    rf'\s*(?:(?P<has>{_TAGS}\.hasTag\("(?P<there>[^"\\]+)"\))'
    rf'|(?P<get>{_TAGS}\.getTag\("(?P<key>[^"\\]+)"\)\s*==\s*"(?P<value>[^"\\]*)")'
    r"|(?P<word>&&|\|\||\(|\)))"
)


class Missing(Exception):
    """A tag that is not there was asked for its value: an error in Cedar, and the permission does not hold."""


def check(principal: str, resources: list[Resource], grantable: set[str], expression: str) -> None:
    """Refuse what cannot be granted under a condition.

    https://docs.aws.amazon.com/lake-formation/latest/dg/abac-considerations.html
    NotImplemented: a condition on anything but the principals of an account, or in words that are not documented.
    """
    if not principal.endswith(":IAMPrincipals"):
        raise AwsError("NotImplemented", "The sandbox takes a Condition only for the IAMPrincipals of an account.")
    if not all(isinstance(each, Catalog | Database | Table | Columns | CellsFilter) for each in resources):
        raise AwsError("InvalidInputException", "Attribute-based access control does not support this resource.")
    if grantable:
        raise AwsError("InvalidInputException", "Grantable permissions are not available with a Condition.")
    if _test(expression) is None:
        raise AwsError("NotImplemented", f"The sandbox does not understand the Condition {expression!r}.")


def holds(row: Row, principal: str) -> bool:
    """Whether a row is in force for a principal, by the tags of his role; those of a session are not looked at."""
    if row.condition is None:
        return True
    test = _test(row.condition)
    try:
        return test is not None and test(role_tags(principal))
    except Missing:
        return False


@lru_cache(maxsize=1_000)
def _test(expression: str) -> Test | None:
    """What an expression asks of tags; None where it is not understood."""
    signs, position, text = [], 0, expression.strip()
    while position < len(text):
        match = _SIGNS.match(text, position)
        if match is None:
            return None
        signs.append(match)
        position = match.end()
    signs.reverse()
    found = _either(signs)
    return None if signs else found


def _either(signs: list[re.Match[str]]) -> Test | None:
    parts = [_both(signs)]
    while signs and signs[-1]["word"] == "||":
        signs.pop()
        parts.append(_both(signs))
    known = [part for part in parts if part is not None]
    return (lambda tags: any(part(tags) for part in known)) if len(known) == len(parts) else None


def _both(signs: list[re.Match[str]]) -> Test | None:
    parts = [_one(signs)]
    while signs and signs[-1]["word"] == "&&":
        signs.pop()
        parts.append(_one(signs))
    known = [part for part in parts if part is not None]
    return (lambda tags: all(part(tags) for part in known)) if len(known) == len(parts) else None


def _one(signs: list[re.Match[str]]) -> Test | None:
    if not signs:
        return None
    sign = signs.pop()
    if sign["has"]:
        key = sign["there"]
        return lambda tags: key in tags
    if sign["get"]:
        return _equals(sign["key"], sign["value"])
    if sign["word"] != "(":
        return None
    inner = _either(signs)
    return inner if signs and signs.pop()["word"] == ")" else None


def _equals(key: str, value: str) -> Test:
    def test(tags: Mapping[str, str]) -> bool:
        if key not in tags:
            raise Missing
        return tags[key] == value

    return test
