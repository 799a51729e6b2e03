"""Conditions of a template: which values of one parameter have what.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

_MOST = 10
"""Conditions that Fn::Or takes."""


class Conditions:
    """The conditions that a template comes to need, each made once."""

    def __init__(self, parameter: str, values: tuple[str, ...]) -> None:
        self._parameter, self._values = parameter, values
        self._names: dict[tuple[str, ...], str] = {}

    def of(self, values: Iterable[str]) -> str:
        """The name of the condition that the parameter is one of these."""
        wanted = tuple(sorted(values))
        known = f"Is{wanted[0]}" if len(wanted) == 1 else f"IsOneOf{len(self._names) + 1}"
        return self._names.setdefault(wanted, "IsKnown" if set(wanted) == set(self._values) else known)

    def choice(self, by_value: Mapping[str, Any]) -> Any:
        """What the parameter's value chooses; itself, where all would choose the same."""
        groups: dict[str, list[str]] = {}
        for value, chosen in by_value.items():
            groups.setdefault(json.dumps(chosen, sort_keys=True), []).append(value)
        rows = list(groups.values())
        found = by_value[rows[-1][0]]
        for row in reversed(rows[:-1]):
            found = {"Fn::If": [self.of(row), by_value[row[0]], found]}
        return found

    def written(self) -> dict[str, Any]:
        """The section of the template."""
        return {
            name: _any_of([{"Fn::Equals": [{"Ref": self._parameter}, value]} for value in values])
            for values, name in self._names.items()
        }


def _any_of(some: list[dict[str, Any]]) -> dict[str, Any]:
    while len(some) > 1:
        tens = [some[at : at + _MOST] for at in range(0, len(some), _MOST)]
        some = [each[0] if len(each) == 1 else {"Fn::Or": each} for each in tens]
    return some[0]
