"""Atoms: a policy as the single permissions that it gives, so that two that say the same in other words are equal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from reconciler.bootstrap.policies import Document
from reconciler.kinds.common.policy_document import listed, statements


@dataclass(frozen=True, slots=True, order=True)
class Atom:
    """One effect on one action (or all but those of a list), one resource and one principal, under one condition."""

    effect: str
    action: str
    resource: str
    principal: str
    condition: str

    def __str__(self) -> str:
        words = [self.action or "anything"]
        words += [f"on {self.resource}"] if self.resource else []
        words += [f"by {self.principal}"] if self.principal else []
        words += [f"where {self.condition}"] if self.condition else []
        return " ".join(["no", *words] if self.effect == "Deny" else words)


def atoms(documents: Iterable[Document]) -> frozenset[Atom]:
    """What policies say together."""
    return frozenset(atom for document in documents for each in statements(document) for atom in _of(each))


def _of(statement: Mapping[str, Any]) -> Iterator[Atom]:
    parts = product(
        _values(statement, "Action", str.lower), _values(statement, "Resource"), _principals(statement, "Principal")
    )
    for action, resource, principal in parts:
        yield Atom(statement["Effect"], action, resource, principal, _condition(statement.get("Condition", {})))


def _values(statement: Mapping[str, Any], key: str, plain: Any = str) -> list[str]:
    """The values of `Action` or `Resource`; all of `NotAction` are one, since they mean something together only."""
    if f"Not{key}" in statement:
        return [f"all but {', '.join(sorted(plain(each) for each in listed(statement[f'Not{key}'])))}"]
    return [plain(each) for each in listed(statement.get(key, ""))]


def _principals(statement: Mapping[str, Any], key: str) -> list[str]:
    if f"Not{key}" in statement:
        return [f"all but {json.dumps(statement[f'Not{key}'], sort_keys=True)}"]
    said = statement.get(key, "")
    if not isinstance(said, Mapping):
        return [str(said)]
    return [f"{sort} {_account(each)}" for sort, values in said.items() for each in listed(values)]


def _account(principal: str) -> str:
    """An account is written by its number or as its root.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    return principal.split(":")[4] if principal.endswith(":root") and principal.count(":") == 5 else principal


def _condition(said: Mapping[str, Any]) -> str:
    """Operators and keys in any order; values are a set. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html"""
    rows = {
        operator: {key.lower(): sorted(map(str, listed(values))) for key, values in keys.items()}
        for operator, keys in said.items()
    }
    return json.dumps(rows, sort_keys=True) if rows else ""
