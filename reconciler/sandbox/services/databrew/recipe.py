"""The steps of a recipe, as what they make of a dataset's columns.

https://docs.aws.amazon.com/databrew/latest/dg/recipe-actions-reference.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from reconciler.sandbox.core.errors import AwsError

Columns = dict[str, str]
"""The columns in their order: the name, and the SQL expression that gives its values."""

Parameters = Mapping[str, str]


def columns_after(steps: Iterable[Mapping[str, Any]], names: Sequence[str]) -> Columns:
    """The columns that the steps make of columns of these names.

    AwsError: a step that is not simulated, lacks a parameter, or does not fit the columns; it names the step.
    """
    columns = {name: f'"{name.replace(chr(34), chr(34) * 2)}"' for name in names}
    for number, step in enumerate(steps, start=1):
        action = step.get("Action", {})
        operation, parameters = action.get("Operation", ""), action.get("Parameters") or {}
        if operation not in _STEPS:
            raise AwsError("NotImplemented", f"sandbox: step {number} of the recipe, {operation}, is not simulated")
        if step.get("ConditionExpressions"):
            message = f"sandbox: step {number} of the recipe, {operation} with conditions, is not simulated"
            raise AwsError("NotImplemented", message)
        takes, act = _STEPS[operation]
        if set(parameters) != takes:
            message = f"step {number}, {operation}, takes {', '.join(sorted(takes))}, not {', '.join(parameters)}"
            raise AwsError("ValidationException", message)
        try:
            columns = act(columns, parameters)
        except LookupError as error:
            raise AwsError("ValidationException", f"step {number}, {operation}: {error.args[0]}") from error
    return columns


def _rename(columns: Columns, given: Parameters) -> Columns:
    """The column keeps its place."""
    old, new = _there(columns, given["sourceColumn"]), _free(columns, given["targetColumn"])
    return {new if name == old else name: value for name, value in columns.items()}


def _delete(columns: Columns, given: Parameters) -> Columns:
    try:
        gone = [str(name) for name in json.loads(given["sourceColumns"])]
    except (ValueError, TypeError) as error:
        raise LookupError("sourceColumns is not a JSON list of names") from error
    for name in gone:
        _there(columns, name)
    return {name: value for name, value in columns.items() if name not in gone}


def _duplicate(columns: Columns, given: Parameters) -> Columns:
    return {**columns, _free(columns, given["targetColumn"]): columns[_there(columns, given["sourceColumn"])]}


def _upper(columns: Columns, given: Parameters) -> Columns:
    name = _there(columns, given["sourceColumn"])
    return {**columns, name: f"upper(CAST({columns[name]} AS VARCHAR))"}


def _lower(columns: Columns, given: Parameters) -> Columns:
    name = _there(columns, given["sourceColumn"])
    return {**columns, name: f"lower(CAST({columns[name]} AS VARCHAR))"}


_SOURCE = frozenset({"sourceColumn"})
_BOTH = frozenset({"sourceColumn", "targetColumn"})
_STEPS: Mapping[str, tuple[frozenset[str], Callable[[Columns, Parameters], Columns]]] = {
    "DELETE": (frozenset({"sourceColumns"}), _delete),
    "DUPLICATE": (_BOTH, _duplicate),
    "LOWER_CASE": (_SOURCE, _lower),
    "RENAME": (_BOTH, _rename),
    "UPPER_CASE": (_SOURCE, _upper),
}


def _there(columns: Columns, name: str) -> str:
    if name not in columns:
        raise LookupError(f"the dataset has no column {name}; it has {', '.join(columns)}")
    return name


def _free(columns: Columns, name: str) -> str:
    if name in columns:
        raise LookupError(f"the dataset has a column {name} already")
    return name
