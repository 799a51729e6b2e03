"""What the steps of a recipe make of names: from which raw column each column comes, and which steps may move values.

https://docs.aws.amazon.com/databrew/latest/dg/recipe-actions.basic.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

#: Steps after which each column that is left shows values of the raw column that it showed before.
_STILL = frozenset({"DELETE", "LOWER_CASE", "UPPER_CASE"})
_GONE = " (renamed)"


@dataclass(frozen=True, slots=True)
class RecipeNames:
    """Names after a recipe.

    raw     columns that are called otherwise in the raw files: name, and name there
    others  every other step, with the names that it met
    moves   whether one of these may put values of one column under another
    """

    raw: Mapping[str, str]
    others: tuple[tuple[Any, ...], ...] = ()
    moves: bool = False

    def of(self, column: str) -> str:
        """What a column is called in the raw files; no name of a raw column where none can be there."""
        return self.raw.get(column, column)


def recipe_names(steps: Iterable[tuple[str, Mapping[str, Any]]]) -> RecipeNames:
    """By operations of DataBrew with their parameters, in their order."""
    raw: dict[str, str] = {}
    others: list[tuple[Any, ...]] = []
    moves = False
    for operation, parameters in steps:
        if operation == "RENAME" and set(parameters) == {"sourceColumn", "targetColumn"}:
            old, new = parameters["sourceColumn"], parameters["targetColumn"]
            raw[new.lower()] = raw.get(old.lower(), old.lower())
            raw[old.lower()] = f"{old.lower()}{_GONE}"
        else:
            others.append((operation, dict(parameters), sorted(raw.items())))
            moves = moves or operation not in _STILL
    return RecipeNames({new: old for new, old in raw.items() if new != old}, tuple(others), moves)
