"""Deleted principals: a policy that shows somebody by unique id, since he is deleted, cannot be put back as it is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://repost.aws/knowledge-center/s3-invalid-principal-in-policy-error
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.kinds.common.policy_document import listed
from reconciler.model.change import Change, Create

#: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
_UNIQUE_ID = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")


def closed_by_deleted(change: Change) -> str | None:
    """Why AWS takes no change of a policy that has `others`' statements (JSON) beside ours, `statements` (by Sid); None
    if it takes one: what ours say is put right by the change itself."""
    if isinstance(change, Create) or not (found := _found(change.have.spec.others)):
        return None
    # Whoever takes it out by hand has to put the rest back, which AWS takes as little.
    found += _found(text for _, text in change.have.spec.statements)
    return (
        f"AWS takes no change of this policy while it names somebody who is deleted ({', '.join(found)}): take that "
        "out of the policy, and plan again"
    )


def _found(statements: Iterable[str]) -> list[str]:
    return [f"{each} in {_words(said)}" for said in map(json.loads, statements) for each in deleted_principals(said)]


def deleted_principals(statement: Mapping[str, Any]) -> Iterator[str]:
    """The unique ids in a statement, each of a user or a role that is not there any more."""
    for member in ("Principal", "NotPrincipal"):
        named = statement.get(member)
        for each in listed(named.get("AWS", ())) if isinstance(named, Mapping) else ():
            if _UNIQUE_ID.fullmatch(str(each)):
                yield str(each)


def _words(statement: Mapping[str, Any]) -> str:
    sid = statement.get("Sid")
    return f"the statement {sid}" if sid else "a statement without Sid"
