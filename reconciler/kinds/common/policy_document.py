"""JSON policy documents in canonical form: two equal texts say the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

VERSION = "2012-10-17"

Frame = tuple[tuple[str, str], ...]
"""What a policy says beside its statements, by name: its version, and an id that somebody gave it."""

OWN_FRAME: Frame = (("Version", VERSION),)


_READ_AS_MORE = re.compile(r"[*?${}\s\x00-\x1f\x7f]")


def only(values: Iterable[str]) -> list[str] | str:
    """A member of a statement: a text where there is one, else the list of them."""
    found = list(values)
    return found[0] if len(found) == 1 else found


def literal(text: str) -> str:
    """A word from a document as part of a policy, an ARN or a location; ValueError for one that means more than itself.

    The language refuses such words already. This is the second lock: whatever a policy says, Meshform wrote it.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    if _READ_AS_MORE.search(text):
        raise ValueError(f"{text!r} would be read as a wildcard or a variable in a policy")
    return text


def canonical(document: Mapping[str, Any]) -> str:
    """A policy document as text: keys sorted, single values instead of lists of one, lists of strings sorted."""
    return json.dumps(_canonical(document), sort_keys=True, separators=(",", ":"))


def policy(statements: Iterable[Mapping[str, Any]]) -> str:
    """The canonical text of a policy with these statements."""
    return canonical({"Version": VERSION, "Statement": list(statements)})


def frame(document: Mapping[str, Any]) -> Frame:
    """What stands around the statements of a policy.

    It is put back as it was found: under an older version variables in other people's statements are plain text.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    """
    return tuple(sorted((name, str(value)) for name, value in document.items() if name != "Statement"))


def merged(around: Frame, others: Iterable[str], ours: Iterable[tuple[str, str]]) -> str:
    """The text of a policy with other people's statements as AWS has them, and ours by Sid."""
    every = [*(json.loads(text) for text in others), *(json.loads(text) for _, text in ours)]
    return json.dumps({**dict(around), "Statement": every}, sort_keys=True)


def statements(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The statements of a policy document, which may be one or a list."""
    found = document.get("Statement", [])
    return [dict(found)] if isinstance(found, Mapping) else [dict(statement) for statement in found]


def parted(document: Mapping[str, Any], sid: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The statements whose Sid begins with `sid`, by Sid in canonical form; and all others as AWS has them."""
    ours, others = [], []
    for statement in statements(document):
        name = str(statement.get("Sid", ""))
        if name.startswith(sid):
            ours.append((name, canonical(statement)))
        else:
            others.append(json.dumps(statement, sort_keys=True))
    return tuple(sorted(ours)), tuple(others)


def listed(value: Any) -> list[Any]:
    """What a policy says as one value or as a list of them, as a list."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _are_statements(key: object, value: Any) -> bool:
    return key == "Statement" and all(isinstance(each, Mapping) for each in listed(value))


def _canonical(value: Any) -> Any:
    # Nearly all of a policy is text.
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return {
            key: [_canonical(each) for each in statements(value)] if _are_statements(key, inner) else _canonical(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        parts = [_canonical(each) for each in value]
        if all(isinstance(part, str) for part in parts):
            parts = sorted(set(parts))
        return parts[0] if len(parts) == 1 else parts
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
