"""Whether two writes of an account collide that have nothing in common: how much goes side by side rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from reconciler.aws.asking import Reply
from reconciler.doctor.assumption import Answer, Assumption
from reconciler.doctor.trials.bench import NAME, Bench, Request, Told
from reconciler.doctor.trials.catalog import ONE, TWO

COLLISIONS = "collisions"
ASSUMPTIONS = (Assumption(COLLISIONS, "Writes of an account that have nothing in common do not collide."),)
_TIMES = 10


def answers(bench: Bench) -> Iterator[Answer]:
    """One."""
    refused = bench.notes["refused"]
    told: Told = ("unknown", f"not tried: {refused}") if refused else _collide(bench)
    yield Answer(COLLISIONS, *told, bench.mesh.central.name)


def leavings(_: Bench) -> Iterator[Request]:
    """Rows of the catalog's roles, which go with them."""
    return iter(())


def _collide(bench: Bench) -> Told:
    """To one role is granted on a database, to the other on an LF-tag, at the same time; and both are taken back."""
    place = bench.central
    on: dict[str, Any] = {
        ONE: {"Database": {"Name": NAME}},
        TWO: {"LFTag": {"CatalogId": place.account, "TagKey": NAME, "TagValues": ["x"]}},
    }

    def granted(number: str) -> Reply:
        return bench.grant(place, bench.role_arn(place, number), on[number], "DESCRIBE")

    def revoked(number: str) -> Reply:
        return bench.revoke(place, bench.role_arn(place, number), on[number], "DESCRIBE")

    with ThreadPoolExecutor(2) as pool:
        for _ in range(_TIMES):
            for do in (granted, revoked):
                replies = list(pool.map(do, on))
                if any(reply.code == "ConcurrentModificationException" for reply in replies):
                    return "refuted", f"all: {' / '.join(str(reply) for reply in replies)}"
                if any(reply.answer is None for reply in replies):
                    return "unknown", " / ".join(str(reply) for reply in replies)
    return "confirmed", f"same: {_TIMES} times two grants and two revocations"
