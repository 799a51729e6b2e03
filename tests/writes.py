"""Writes: what was written to a simulated AWS, in order, told apart by operation and account and by what it names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from reconciler.sandbox.core.changes import MESSAGES, READS, Changes
from reconciler.sandbox.core.world import World

OTHERS = "others"
ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")


class Write(NamedTuple):
    """An operation that an account was served, and what it names: a role of IAM's, a bucket of S3's, the accounts in a
    request of Lake Formation's. Without an operation a service, or everything (`*`), has changed by itself.
    """

    service: str
    account: str = ""
    operation: str = ""
    about: str = ""


@cache
def tell_writes_apart() -> None:
    """From here on, in this process; once is enough."""
    really_added, really_served = Changes.add, Changes.served

    def add(self: Changes, service: str) -> None:
        log_of(self).append(Write(service))
        really_added(self, service)

    def served(self: Changes, service: str, operation: str, account: str, params: Mapping[str, Any]) -> None:
        if operation.startswith(READS) or operation in MESSAGES:
            return
        log = log_of(self)
        before = len(log)
        really_served(self, service, operation, account, params)
        log[before:] = [Write(service, account, operation, _about(service, params))]

    # Each world counts by one of its own, and all of them are to be told apart: so the class is changed.
    Changes.add, Changes.served = add, served  # type: ignore[method-assign]


def log_of(changes: Changes) -> list[Write]:
    """What was written, by what counts it: it only grows, also over a reset of the world."""
    log: list[Write] = vars(changes).setdefault("log", [])
    return log


def writes(world: World) -> list[Write]:
    """What was written to a world."""
    return log_of(world.changes)


def accounts_in(params: Mapping[str, Any]) -> str:
    """The accounts that a request names; also OTHERS where it names an organization, a part of one, or everybody."""
    text = json.dumps(params, default=str)
    beyond = {OTHERS} if ":organizations:" in text or "IAM_ALLOWED_PRINCIPALS" in text else set()
    return " ".join(sorted({*ACCOUNT.findall(text), *beyond}))


def _about(service: str, params: Mapping[str, Any]) -> str:
    match service:
        case "iam":
            return str(params.get("RoleName", ""))
        case "s3":
            return str(params.get("bucketName", ""))
        case "lakeformation":
            return accounts_in(params)
        case _:
            return ""
