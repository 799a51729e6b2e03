"""Policy: an IAM policy as access is judged by it, whatever it is attached to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Policy:
    """One document of statements. Several on one principal, or one bucket, count together.

    on        what it is attached to: a `principal`, whose ARN is `name`, or a `bucket` of that name
    account   whose the principal or bucket is
    document  as AWS has it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    """

    on: Literal["principal", "bucket"]
    name: str
    account: str
    document: Mapping[str, Any]
