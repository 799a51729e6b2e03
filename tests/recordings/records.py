"""What AWS was seen to answer: facts that other people recorded, told again with values of our own.

Each names its source and what it proves. What is absent from a recorded answer may be absent from any.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00")


@dataclass(frozen=True)
class Record:
    """One answer, or one refusal (`error`: code, message and HTTP status), of an operation of a service."""

    id: str
    service: str
    operation: str
    source: str
    proves: str
    response: dict[str, Any] | None = None
    error: dict[str, Any] | None = None


def records() -> list[Record]:
    """All records, with times as boto3 gives them."""
    found = json.loads((Path(__file__).parent / "records.json").read_text())
    return [Record(**{name: _typed(value) for name, value in each.items()}) for each in found]


def _typed(value: Any) -> Any:
    match value:
        case dict():
            return {name: _typed(each) for name, each in value.items()}
        case list():
            return [_typed(each) for each in value]
        case str() if _TIME.fullmatch(value):
            return datetime.fromisoformat(value)
        case _:
            return value


ANSWERS = [record for record in records() if record.response is not None]
REFUSALS = [record for record in records() if record.error is not None]
