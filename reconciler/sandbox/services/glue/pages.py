"""Pages of a listing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from reconciler.sandbox.core.errors import AwsError

T = TypeVar("T")


def page(
    items: Iterable[T],
    params: dict[str, Any],
    key: Callable[[T], str],
    *,
    size: int = 100,
    code: str = "InvalidInputException",
) -> tuple[list[T], str | None]:
    """The items of the page that the parameters ask for, and the token of the next, None on the last.

    `items` come in the order of `key`, which is unique: the token is the last key told, so that a listing
    stays whole while items come and go. InvalidInputException (or `code`): the token is not one of ours.
    """
    after = _key(params.get("NextToken"), code)
    size = min(params.get("MaxResults") or size, size)
    chosen: list[T] = []
    for item in items:
        if after is not None and key(item) <= after:
            continue
        if len(chosen) == size:
            return chosen, base64.urlsafe_b64encode(key(chosen[-1]).encode()).decode()
        chosen.append(item)
    return chosen, None


def _key(token: str | None, code: str) -> str | None:
    if token is None or token == "":
        return None
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise AwsError(code, "Invalid continuation token") from error
