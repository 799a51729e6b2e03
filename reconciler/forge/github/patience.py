"""Patience: how long to wait before a request is sent again.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.forge.client import BROKEN, seconds_of

SECONDARY = 60.0
"""Seconds to wait at a secondary limit that does not say how long, doubled each time."""


def pause(
    status: int, headers: Mapping[str, str], message: str, attempt: int, now: float, *, safe: bool
) -> float | None:
    """Seconds to wait before attempt `attempt + 1`; None when trying again is of no use.

    `headers` have lower-case names, `now` is in seconds since 1970. A request that is not `safe` to repeat (POST) is
    repeated at a limit only: after a broken answer nobody knows whether it was done.
    """
    if status in (403, 429):
        return _limit(status, headers, message, attempt, now)
    if status in BROKEN and safe:
        return seconds_of(headers.get("retry-after")) or float(1 << attempt)
    return None


def _limit(status: int, headers: Mapping[str, str], message: str, attempt: int, now: float) -> float | None:
    after = seconds_of(headers.get("retry-after"))
    if after is not None:
        return after
    if headers.get("x-ratelimit-remaining") == "0":
        reset = seconds_of(headers.get("x-ratelimit-reset"))
        return max(1.0, reset - now + 1.0) if reset is not None else SECONDARY
    if status == 429 or "secondary rate limit" in message.lower():
        return SECONDARY * (1 << attempt)
    return None
