"""Policies: the statements of a role as managed policies, each within IAM's size.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.errors import MeshformError
from reconciler.kinds.common.policy_document import VERSION

LARGEST = 6_144
"""Characters of a managed policy, blanks not counted."""
MOST = 10
"""Managed policies that a role takes, unless AWS has raised it."""

Document = dict[str, Any]


def policies(statements: Iterable[Document]) -> list[Document]:
    """The policies of a role. Raises MeshformError where they are more than a role takes."""
    found = [_document([])]
    for statement in statements:
        for piece in _pieces(statement):
            whole = _document([*found[-1]["Statement"], piece])
            if size(whole) <= LARGEST:
                found[-1] = whole
            else:
                found.append(_document([piece]))
    if len(found) > MOST:
        raise MeshformError(
            f"The policies of a role would be {len(found)}, and IAM takes {MOST} a role. Cut the mesh into two, or "
            "name buckets and workgroups as Meshform does (leave their names out), so that one pattern tells them."
        )
    return found


def size(document: Document) -> int:
    """The characters of a policy as IAM counts them."""
    return len(json.dumps(document, separators=(",", ":")))


def _document(statements: list[Document]) -> Document:
    return {"Version": VERSION, "Statement": statements}


def _pieces(statement: Document) -> Iterator[Document]:
    """A statement, cut by its resources where it would not fit into a policy alone."""
    if size(_document([statement])) <= LARGEST:
        yield statement
        return
    resources = statement["Resource"]
    half = len(resources) // 2
    for letter, part in (("A", resources[:half]), ("B", resources[half:])):
        yield from _pieces({**statement, "Sid": f"{statement['Sid']}{letter}", "Resource": part})
