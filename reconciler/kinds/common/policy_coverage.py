"""Whether somebody else's policy lets what the mesh needs: what it lacks, what in it denies, and what nobody can tell.

A request is let by a statement that allows it, unless another one denies it. What depends on what is not known (from
which network a request comes) is neither: it is told, and nothing is held back because of it.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reconciler.kinds.common.policy_conditions import Context, holds, like, unknown_keys
from reconciler.kinds.common.policy_document import listed
from reconciler.model.lakeformation import account_of
from reconciler.spec.mesh import Mesh

Json = Mapping[str, Any]
Answer = Literal["yes", "no", "unknown"]
"""Whether a statement is about a request."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a policy says to what is needed of it.

    lacks    statements to be pasted (JSON), without a Sid of the mesh's
    denies   statements of it that stand in the way, in words
    unsure   those of which nobody can tell whether they let or deny, in words
    """

    lacks: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    def shortfalls(self, where: str) -> Iterable[str]:
        """What has to be done in a policy, in words."""
        yield from (f"{where} denies what the mesh needs; make an exception in {each}" for each in self.denies)
        yield from (f"add this statement to {where}{once_there(each)}: {each}" for each in self.lacks)


def once_there(*statements: str) -> str:
    """When statements (JSON) can be pasted: AWS looks up the roles that they name.

    https://repost.aws/knowledge-center/s3-invalid-principal-in-policy-error
    """
    named = (each for text in statements for each in _principals(json.loads(text).get("Principal", ())))
    roles = any(":role/" in each for each in named)
    return " as soon as an apply has made the role that it names (before, AWS refuses it)" if roles else ""


def lacking(needed: Iterable[str], there: Iterable[str]) -> tuple[str, ...]:
    """Those statements (JSON) that let something and are not covered by others (JSON): without a Sid of the mesh's."""
    return coverage(needed, there).lacks


def coverage(needed: Iterable[str], there: Iterable[str], known: Context | None = None) -> Coverage:
    """What statements (JSON) of somebody's policy say to those (JSON) that the mesh needs.

    `known` is what is known of every such request besides who makes it. With the mesh's Sid a statement would be taken
    for the mesh's own as soon as somebody pastes it.
    """
    policy = [json.loads(text) for text in there]
    lacks: list[str] = []
    denies: dict[str, None] = {}
    unsure: dict[str, None] = {}
    for need in map(json.loads, needed):
        if need["Effect"] != "Allow":
            continue
        is_let = True
        for request in _requests(need):
            context = {**_of_principal(request[0]), **_of_need(need), **(known or {})}
            verdicts = [(statement, _about(statement, request, context)) for statement in policy]
            letting = {said for statement, said in verdicts if statement.get("Effect") == "Allow"}
            is_let = is_let and not letting.isdisjoint({"yes", "unknown"})
            for statement, said in verdicts:
                if statement.get("Effect") != "Allow" and said != "no":
                    (denies if said == "yes" else unsure)[_words(statement, context)] = None
                elif said == "unknown" and "yes" not in letting:
                    unsure[_words(statement, context)] = None
        if not is_let:
            lacks.append(json.dumps({key: value for key, value in need.items() if key != "Sid"}, sort_keys=True))
    return Coverage(tuple(lacks), tuple(denies), tuple(each for each in unsure if each not in denies))


def of_organization(mesh: Mesh) -> Context:
    """What requests of the central account's roles bring, where its document names the organization."""
    known = mesh.central.organization
    return {"aws:principalorgid": known} if known else {}


Request = tuple[str, str, str]
"""Who does what on what."""


def _requests(need: Json) -> list[Request]:
    return [
        (principal, action, resource)
        for principal in _principals(need.get("Principal", ()))
        for action in map(str, listed(need["Action"]))
        for resource in map(str, listed(need.get("Resource", "*")))
    ]


def _of_principal(principal: str) -> dict[str, str | None]:
    """What a request brings because of who makes it. Only services say for which resource they come.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    account = account_of(principal)
    known: dict[str, str | None] = {"aws:securetransport": "true", "aws:multifactorauthpresent": None}
    if account:
        known |= {"aws:principalaccount": account, "kms:calleraccount": account, "aws:principalisawsservice": "false"}
        known |= {"aws:sourcearn": None, "aws:sourceaccount": None, "aws:sourceorgid": None}
        known |= {"aws:principalservicename": None, "aws:username": None}
    if ":role/" in principal:
        known |= {"aws:principalarn": principal, "aws:principaltype": "AssumedRole"}
    return known


def _of_need(need: Json) -> dict[str, str | None]:
    """What the mesh's own condition says of the requests: under which prefix it lists."""
    named = [value for keys in need.get("Condition", {}).values() for key, value in keys.items() if key == "s3:prefix"]
    prefixes = [str(each) for value in named for each in listed(value)]
    return {"s3:prefix": min(prefixes, key=len).rstrip("*")} if prefixes else {}


def _about(statement: Json, request: Request, context: Context) -> Answer:
    """Whether a statement is about a request: who, what, on what, and on which condition."""
    principal, action, resource = request
    denies = statement.get("Effect") != "Allow"
    answers = [
        _names(statement, principal),
        _among(action.lower(), statement, "Action", ""),
        # A bucket's policy names resources; a key's stands on the key alone.
        _among(resource, statement, "Resource", "*", in_part=denies),
    ]
    if "no" in answers:
        return "no"
    met = holds(statement.get("Condition", {}), context)
    if met is False:
        return "no"
    return "unknown" if met is None or "unknown" in answers else "yes"


def _names(statement: Json, principal: str) -> Answer:
    """Whether it is about somebody. Who is left out is left out as a whole only with his account beside him.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    left_out = "NotPrincipal" in statement
    named = set(_principals(statement.get("NotPrincipal" if left_out else "Principal", ())))
    account = account_of(principal)
    whole = {account, *(each for each in named if each.endswith(f":iam::{account}:root"))} if account else set()
    if left_out:
        if principal in named or "*" in named:
            return "no" if named & (whole | {"*"}) or not account else "unknown"
        return "unknown" if named & whole else "yes"
    return "yes" if named & {"*", principal, *whole} else "no"


def _among(word: str, statement: Json, member: str, default: str, *, in_part: bool = False) -> Answer:
    """Whether a word is among the patterns of a member, or not among those that it leaves out.

    `in_part` asks of a pattern with stars whether any of what it stands for is: then it is not known of which.
    """
    left_out = f"Not{member}" in statement
    patterns = [str(each) for each in listed(statement.get(f"Not{member}" if left_out else member, default or ()))]
    if member == "Action":
        patterns = [each.lower() for each in patterns]
    is_among = any(like(each, word) for each in patterns)
    varies = any("${" in each and like(each, word) for each in patterns)
    touched = in_part and not is_among and any(like(word, each) for each in patterns)
    if varies or touched:
        return "unknown"
    return "yes" if is_among != left_out else "no"


def _principals(named: Any) -> list[str]:
    """Everybody whom a member names, of whatever sort."""
    if isinstance(named, Mapping):
        return [str(each) for values in named.values() for each in listed(values)]
    return [str(each) for each in listed(named)]


def _words(statement: Json, context: Context) -> str:
    """A statement as people find it again, with what of its condition nobody can tell."""
    keys: Sequence[str] = unknown_keys(statement.get("Condition", {}), context)
    told = f" (depends on {', '.join(keys)})" if keys else ""
    return f"{json.dumps(statement, sort_keys=True)}{told}"
