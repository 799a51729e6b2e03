"""Pages of any listing: a token stands for the rest of a list as it was at the first call."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reconciler.sandbox.core.errors import AwsError

if TYPE_CHECKING:
    from reconciler.sandbox.core.world import World

KEPT = 256
"""How many unfinished listings are remembered."""


class Pages:
    """Unfinished listings by token.

    empty_rate   how often a page that has a next one comes back empty, as AWS does now and then
    """

    def __init__(self, world: World, empty_rate: float = 1 / 16) -> None:
        self._world = world
        self._kept: OrderedDict[str, tuple[Sequence[Any], int]] = OrderedDict()
        self.empty_rate = empty_rate

    def page(
        self, items: Sequence[Any] | None, token: str | None, size: int | None, *, most: int, invalid: str
    ) -> tuple[list[Any], str | None]:
        """One page and the token of the next one, None at the end.

        items     the whole listing; not looked at when there is a token (it may be None then)
        invalid   the error code for a token that was never given
        """
        start = 0
        if token:
            if token not in self._kept:
                raise AwsError(invalid, "Invalid next token.")
            items, start = self._kept[token]
        items = items or []
        limit = min(size or most, most)
        if start + limit >= len(items):
            return list(items[start:]), None
        if self._world.random.random() < self.empty_rate:
            return [], self._keep(items, start)
        return list(items[start : start + limit]), self._keep(items, start + limit)

    def _keep(self, items: Sequence[Any], start: int) -> str:
        token = f"{self._world.random.getrandbits(128):032x}"
        self._kept[token] = (items, start)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return token
