"""May EventBridge use the key of the notices?

https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.kinds.common.policy_document import statements
from reconciler.spec import placements

ID = "notice-key-admits-eventbridge"
ASSUMPTIONS = (
    Assumption(ID, "EventBridge may use the key of the notices, without a condition that it does not meet."),
)
_UNSENT = ("aws:sourceaccount", "aws:sourcearn")
"""Condition keys that are not sent between EventBridge and encrypted topics."""


def answers(patient: Patient) -> Iterable[Answer]:
    """By the policy of the key that mesh.yaml names."""
    key, place = patient.mesh.settings.notification_key, placements.of_catalog(patient.mesh)
    if key is None:
        yield Answer(ID, "unknown", "mesh.yaml names no key")
        return
    described = patient.plan.ask(place, "kms", "DescribeKey", KeyId=key)
    hint = "Deploy what `meshform bootstrap` prints for the central account: notices are lost until then."
    if described.code == "NotFoundException":
        yield Answer(ID, "refuted", f"there is no key {key}", hint=hint)
        return
    if described.answer is None:
        yield Answer(ID, "unknown", f"the key {key} cannot be read: {described}")
        return
    reply = patient.plan.ask(
        place, "kms", "GetKeyPolicy", KeyId=described.answer["KeyMetadata"]["KeyId"], PolicyName="default"
    )
    if reply.answer is None:
        yield Answer(ID, "unknown", f"the policy of {key} cannot be read: {reply}")
        return
    letting = [each for each in statements(json.loads(reply.answer["Policy"])) if _lets_events(each)]
    if not letting:
        yield Answer(ID, "refuted", f"no statement lets events.amazonaws.com use {key}", hint=hint)
    elif all(_is_unmet(each) for each in letting):
        yield Answer(ID, "refuted", f"{key} asks for a condition that EventBridge does not send", hint=hint)
    else:
        yield Answer(ID, "confirmed", f"{key} admits events.amazonaws.com")


def _lets_events(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal", {})
    named = principal.get("Service", ()) if isinstance(principal, Mapping) else principal
    return statement.get("Effect") == "Allow" and "events.amazonaws.com" in (
        [named] if isinstance(named, str) else named
    )


def _is_unmet(statement: Mapping[str, Any]) -> bool:
    asked = {key.lower() for operands in statement.get("Condition", {}).values() for key in operands}
    return not asked.isdisjoint(_UNSENT)
