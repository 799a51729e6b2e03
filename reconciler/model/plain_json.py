"""JSON that others wrote, as plain data: what could break whoever uses it later is refused here, with its place."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

DEEPEST = 100
"""Levels of objects and lists within each other. Nothing that we read has twenty."""
MISSHAPEN = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What it raises to read plain data as what it is not: caught around all of the reading, and told as one thing."""
_HALF_SIGN = re.compile(r"\\u[dD][89a-fA-F]")
_OPENS = re.compile(r"[\[{]")


class NotJson(ValueError):
    """A text is no JSON, or none that can be used; its words say where and why."""


def plain_json(text: str | bytes) -> Any:
    """The value of a text in UTF-8. Raises NotJson, which is a ValueError.

    Refused is what Python would read though it is no JSON (NaN), what no other text can hold (half a surrogate pair),
    and what is nested more than 100 deep.
    """
    try:
        said = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        value = _DECODER.decode(said)
    except UnicodeDecodeError as error:
        raise NotJson(f"byte {error.start + 1} is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise NotJson(f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError as error:
        raise NotJson(f"it is nested more than {DEEPEST} deep") from error
    except NotJson:
        raise
    except ValueError as error:
        raise NotJson("a number has too many digits") from error
    # What is nested deeper has as many brackets, so that most texts are not looked through.
    if len(said) > DEEPEST and sum(1 for _ in zip(_OPENS.finditer(said), range(DEEPEST + 1), strict=False)) > DEEPEST:
        _hold_depth(value)
    if _HALF_SIGN.search(said):
        _hold_signs(value)
    return value


def _hold_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _parts(each)]
        if not level:
            return
    raise NotJson(f"it is nested more than {DEEPEST} deep")


def _hold_signs(value: Any) -> None:
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            pending += each.keys()
        pending += _parts(each)
        if isinstance(each, str) and not _is_whole(each):
            raise NotJson("it holds half of a sign (a lone surrogate)")


def _parts(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _is_whole(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _no_number(name: str) -> NoReturn:
    raise NotJson(f"{name} is no number of JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_number)
