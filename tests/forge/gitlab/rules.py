"""Rules of a pipeline, as GitLab takes them: https://docs.gitlab.com/ci/yaml/#rules and what `if` may say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_TERM = re.compile(r"\$(?P<name>\w+)(?: (?P<how>==|!=|=~) (?P<value>\"[^\"]*\"|\$\w+|/.*?/))?")


def holds(rules: Sequence[Mapping[str, str]], variables: Mapping[str, str]) -> bool:
    """Whether the first rule that fits lets it run; none: it does not."""
    first = next((rule for rule in rules if all(_term(each, variables) for each in rule["if"].split(" && "))), None)
    return first is not None and first.get("when") != "never"


def _term(text: str, variables: Mapping[str, str]) -> bool:
    found = _TERM.fullmatch(text)
    assert found is not None, text
    said, value = variables.get(found["name"], ""), found["value"] or ""
    wanted = variables.get(value[1:], "") if value.startswith("$") else value[1:-1]
    match found["how"]:
        case "==":
            return said == wanted
        case "!=":
            return said != wanted
        case "=~":
            return re.search(wanted, said) is not None
        case _:
            return said != ""
