"""Filled: a part of a template with ARNs in the place of CloudFormation's functions that stand for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_ARN_OF = re.compile(r"\$\{(\w+)\.Arn\}")


def filled(value: Any, arns: Mapping[str, str]) -> Any:
    """The same of ARNs by logical name."""
    match value:
        case {"Fn::GetAtt": [name, "Arn"]}:
            return arns[name]
        case {"Fn::Sub": text}:
            return _ARN_OF.sub(lambda found: arns[found[1]], text)
        case dict():
            return {key: filled(each, arns) for key, each in value.items()}
        case list():
            return [filled(each, arns) for each in value]
    return value
