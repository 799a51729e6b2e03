"""Trial run: the smallest things made in the accounts, asked about, and taken away again.

They answer what no reading can. Everything bears one name, so that what a broken trial leaves can be taken away.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from reconciler.aws.asking import Reply
from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.doctor.trials import catalog, collisions, crawls, endings, notices, sharing
from reconciler.doctor.trials.bench import NAME, Bench, Trial
from reconciler.model.address import Placement

TRIALS = cast("tuple[Trial, ...]", (catalog, collisions, crawls, sharing, notices, endings))
"""In their order: the last ends the life of what the first made. They are taken away from the last to the first."""
LEAVES = "trial-leaves-nothing"
ASSUMPTIONS = (
    *(assumption for trial in TRIALS for assumption in trial.ASSUMPTIONS),
    Assumption(LEAVES, "What a trial makes can be taken away again."),
)
__all__ = ("ASSUMPTIONS", "NAME", "answers", "undo")


def answers(patient: Patient) -> Iterator[Answer]:
    """One answer of each assumption. Whatever happens, what was made is taken away, and told where it cannot be."""
    bench = Bench.of(patient)
    with _administering(bench):
        try:
            for trial in TRIALS:
                yield from trial.answers(bench)
        finally:
            _take_away(bench)
    yield _left(bench)


def undo(patient: Patient) -> Iterator[str]:
    """Take away what a broken trial has left; a line for each thing that was there."""
    bench = Bench.of(patient)
    with _administering(bench):
        replies = _take_away(bench)
    yield from (what for what, reply in replies if reply.answer is not None)
    nothing = sum(reply.answer is None for _, reply in replies)
    yield f"{nothing} of {len(replies)} requests found nothing, or were refused (--raw has AWS's words)."


@contextmanager
def _administering(bench: Bench) -> Iterator[None]:
    """The role of apply is an administrator while it is tried, as the first apply makes it one; then not any more.

    Where a trial was broken off in between, it stays one.
    """
    before = [(place, document) for place in _accounts(bench) if (document := _administer(bench, place))]
    try:
        yield
    finally:
        for place, document in before:
            bench.do(place, "lakeformation", "PutDataLakeSettings", DataLakeSettings=document)


def _take_away(bench: Bench) -> list[tuple[str, Reply]]:
    """Everything, in the order in which it can go; what is not there is no matter."""
    return [
        (f"{operation} in {place.account}", bench.do(place, service, operation, **params))
        for trial in reversed(TRIALS)
        for place, service, operation, params in trial.leavings(bench)
    ]


def _left(bench: Bench) -> Answer:
    left = [f"{number} {sort} in {account}" for (account, sort), number in sorted(bench.made.items()) if number > 0]
    hint = "Look why in the raw answers (--raw), and take it away by `meshform doctor --undo`."
    return Answer(LEAVES, "refuted" if left else "confirmed", ", ".join(left) or "nothing is left", hint=hint)


def _accounts(bench: Bench) -> list[Placement]:
    return [bench.central, *([bench.consumer] if bench.consumer else [])]


def _administer(bench: Bench, place: Placement) -> dict[str, Any]:
    """Make the role of apply an administrator where it is none yet: the settings as they were, else nothing."""
    reply = bench.apply.ask(place, "lakeformation", "GetDataLakeSettings")
    document = dict((reply.answer or {}).get("DataLakeSettings", {}))
    admins = list(document.get("DataLakeAdmins", ()))
    me = {"DataLakePrincipalIdentifier": bench.applies_as(place)}
    if reply.answer is None or me in admins:
        return {}
    changed = {**document, "DataLakeAdmins": [*admins, me]}
    bench.do(place, "lakeformation", "PutDataLakeSettings", DataLakeSettings=changed)
    return document
