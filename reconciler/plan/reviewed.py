"""Reviewed means reviewed: a plan held to the steps that people have seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reconciler.errors import MeshformError
from reconciler.model.address import Address
from reconciler.model.plan import Held, Plan, Step

REASON = "not in the reviewed plan"


def reviewed_digests(document: Mapping[str, Any]) -> dict[str, str]:
    """Digests by address of a plan in JSON v1. Raises MeshformError for anything else."""
    try:
        if document["version"] != 1:
            raise MeshformError(
                f"The reviewed plan is of version {document['version']}; this meshform reads version 1."
            )
        return {str(step["address"]): str(step["digest"]) for step in document["steps"]}
    except (KeyError, TypeError) as error:
        raise MeshformError("The reviewed plan is not a plan made by `meshform plan --format json`.") from error


def restrict(plan: Plan, digests: Mapping[str, str]) -> Plan:
    """The plan without the steps that were not reviewed, and without those that wait for them."""
    left_out: dict[Address, str] = {}
    held: list[Held] = list(plan.held)
    waves: list[tuple[Step, ...]] = []
    for wave in plan.waves:
        kept = []
        for step in wave:
            reason = _reason(step, digests, left_out)
            if reason is None:
                kept.append(step)
            else:
                left_out[step.address] = reason
                held.append(Held(step.change, reason))
        if kept:
            waves.append(tuple(kept))
    return replace(plan, waves=tuple(waves), held=tuple(sorted(held, key=lambda item: item.address)))


def _reason(step: Step, digests: Mapping[str, str], left_out: Mapping[Address, str]) -> str | None:
    expected = digests.get(str(step.address))
    if expected is None:
        return REASON
    if expected != step.digest:
        return "its requests differ from the reviewed ones: something changed in AWS or in the mesh since"
    blocker = next((first for first in step.waits_for if first in left_out), None)
    return f"waits for {blocker}, which is {REASON}" if blocker else None
