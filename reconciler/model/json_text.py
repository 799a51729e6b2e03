"""Texts that hold JSON, as types of fields: who reads them from a file holds them to it, who uses them need not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from reconciler.model.plain_json import plain_json


def _said(text: str) -> Mapping[str, Any]:
    found = plain_json(text) if text else {}
    if not isinstance(found, dict):
        raise ValueError(f"no object of JSON: {text[:100]}")
    return found


def _object(text: str) -> None:
    _said(text)


def _list(text: str) -> None:
    found: Any = plain_json(text) if text else []
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise ValueError(f"no list of objects of JSON: {text[:100]}")


def _policy(text: str) -> None:
    found = _listed(_said(text).get("Statement", []))
    if not all(isinstance(each, Mapping) for each in found):
        raise ValueError(f"no policy: {text[:100]}")
    for each in found:
        _statement_of(each)


def _statement(text: str) -> None:
    _statement_of(_said(text))


def _statement_of(said: Mapping[str, Any]) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"""
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        if not all(isinstance(each, str) for each in _listed(said.get(name, []))):
            raise ValueError(f"{name} of a statement is a text, or a list of texts: {str(said)[:100]}")
    for name in ("Principal", "NotPrincipal"):
        whom = said.get(name, "*")
        many = [each for value in whom.values() for each in _listed(value)] if isinstance(whom, Mapping) else [whom]
        if not all(isinstance(each, str) for each in many):
            raise ValueError(f"{name} of a statement is `*`, or names some: {str(said)[:100]}")
    tests = said.get("Condition", {})
    if not isinstance(tests, Mapping) or not all(isinstance(each, Mapping) for each in tests.values()):
        raise ValueError(f"Condition of a statement holds tests: {str(said)[:100]}")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


JsonObject = Annotated[str, _object]
"""An object; empty where there is none."""
JsonObjects = Annotated[str, _list]
"""A list of objects; empty where there is none."""
PolicyText = Annotated[str, _policy]
"""A policy document of IAM; empty where there is none."""
StatementText = Annotated[str, _statement]
"""One statement of a policy."""
