"""Reviewed means reviewed: a plan held to the steps that people have seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from reconciler.errors import MeshformError
from reconciler.model.address import Address
from reconciler.model.plain_json import MISSHAPEN, NotJson, plain_json
from reconciler.model.plan import Held, Plan, Step

REASON = "not in the reviewed plan"
DIFFERS = "its requests differ from the reviewed ones: something changed in AWS or in the mesh since"

#: What was reviewed: for each address the digests of its steps. Several pull requests may have reviewed one address.
Expected = Mapping[str, frozenset[str]]


def reviewed_plan(content: bytes, name: str) -> dict[str, Any]:
    """The plan in a file, `name`, of `meshform plan --format json`. Raises MeshformError for what is none."""
    try:
        document = plain_json(content)
    except NotJson as error:
        raise MeshformError(f"The reviewed plan {name} cannot be read: {error}.") from error
    if not isinstance(document, dict):
        raise MeshformError(f"The reviewed plan {name} is not a plan made by `meshform plan --format json`.")
    return document


def pull_requests(documents: Iterable[Mapping[str, Any]]) -> frozenset[int]:
    """The numbers of the pull requests whose plans these are."""
    numbers = (each.get("pull_request") for each in documents)
    return frozenset(number for number in numbers if type(number) is int and number > 0)


def reviewed_digests(*documents: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Digests by address of one or more plans in JSON v1. Raises MeshformError for anything else."""
    found: dict[str, set[str]] = {}
    for document in documents:
        try:
            if document["version"] != 1:
                raise MeshformError(
                    f"The reviewed plan is of version {document['version']}; this meshform reads version 1."
                )
            for step in document["steps"]:
                found.setdefault(str(step["address"]), set()).add(str(step["digest"]))
        except MISSHAPEN as error:
            raise MeshformError("The reviewed plan is not a plan made by `meshform plan --format json`.") from error
    return {address: frozenset(digests) for address, digests in found.items()}


def restrict(plan: Plan, expected: Expected, absent: str = REASON, differs: str = DIFFERS) -> Plan:
    """The plan without the steps that were not expected, and without those that wait for them.

    `absent` and `differs` say why a step is left out: its address is not expected, or other requests are.
    """
    left_out: dict[Address, str] = {}
    held: list[Held] = list(plan.held)
    waves: list[tuple[Step, ...]] = []
    for wave in plan.waves:
        kept = []
        for step in wave:
            reason = _reason(step, expected, left_out, absent, differs)
            if reason is None:
                kept.append(step)
            else:
                left_out[step.address] = reason
                held.append(Held(step.change, reason))
        if kept:
            waves.append(tuple(kept))
    return replace(plan, waves=tuple(waves), held=tuple(sorted(held, key=lambda item: item.address)))


def _reason(step: Step, expected: Expected, left_out: Mapping[Address, str], absent: str, differs: str) -> str | None:
    digests = expected.get(str(step.address))
    if digests is None:
        return absent
    if step.digest not in digests:
        return differs
    blocker = next((first for first in step.waits_for if first in left_out), None)
    return f"waits for {blocker}, which is {absent.partition(':')[0]}" if blocker else None
