"""Statements whose role gets another name: both are let in until the location is registered with the new one."""

from __future__ import annotations

import json
from collections.abc import Iterable

from reconciler.kinds.common.policy_document import canonical, listed

Statements = tuple[tuple[str, str], ...]

BEFORE = " (role of before)"
"""What the name of the step ends with that takes the old role out again."""


def with_both(wanted: Statements, there: Statements) -> Statements:
    """The wanted statements, each letting in besides its role the one of the mesh that it let in until now.

    Once the new one is let in, the old one is not kept any more. One that is deleted has no ARN in a policy.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    before = dict(there)
    return tuple((sid, _joined(text, before.get(sid, text))) for sid, text in wanted)


def _joined(wanted: str, there: str) -> str:
    statement = json.loads(wanted)
    new, old = _roles(statement), _roles(json.loads(there))
    if not new or set(new) & set(old):
        return wanted
    folder = new[0].rpartition("/")[0]
    kept = [role for role in old if role.rpartition("/")[0] == folder]
    return canonical({**statement, "Principal": {"AWS": [*new, *kept]}}) if kept else wanted


def _roles(statement: dict[str, object]) -> list[str]:
    principal = statement.get("Principal")
    named: Iterable[object] = listed(principal.get("AWS", ())) if isinstance(principal, dict) else ()
    return [str(each) for each in named]
