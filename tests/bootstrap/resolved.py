"""A template as CloudFormation reads it: with the values of its parameters, in an account."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

NOTHING = object()


def resolved(template: Mapping[str, Any], given: Mapping[str, str], account: str) -> dict[str, Any]:
    """The resources that are made, without functions but references of one to another."""
    declared = template.get("Parameters", {})
    assert set(given) <= set(declared), "CloudFormation takes no other parameters"
    values: dict[str, Any] = {"AWS::AccountId": account, "AWS::NoValue": NOTHING}
    for name, each in declared.items():
        text = given.get(name, each.get("Default"))
        assert text in each.get("AllowedValues", [text])
        assert len(text) <= 4_096
        values[name] = [one.strip() for one in text.split(",")] if each["Type"] == "CommaDelimitedList" else text
    held = {name: _value(each, values, {}) for name, each in template.get("Conditions", {}).items()}
    return {
        name: {key: _value(value, values, held) for key, value in each.items() if key != "Condition"}
        for name, each in template["Resources"].items()
        if "Condition" not in each or held[each["Condition"]]
    }


def _value(given: Any, values: Mapping[str, Any], held: Mapping[str, bool]) -> Any:
    match given:
        case {"Ref": name}:
            return values.get(name, given)
        case {"Fn::Sub": text}:
            text = re.sub(r"\$\{([^!}]+)\}", lambda found: str(values[found[1]]), text)
            return text.replace("${!", "${")
        case {"Fn::If": [condition, yes, no]}:
            return _value(yes if held[condition] else no, values, held)
        case {"Fn::Equals": [one, other]}:
            return _value(one, values, held) == _value(other, values, held)
        case {"Fn::Or": some}:
            assert 2 <= len(some) <= 10
            return any(_value(each, values, held) for each in some)
        case dict():
            rows = {key: _value(each, values, held) for key, each in given.items()}
            return {key: each for key, each in rows.items() if each is not NOTHING}
        case list():
            return [each for each in (_value(each, values, held) for each in given) if each is not NOTHING]
    return given
