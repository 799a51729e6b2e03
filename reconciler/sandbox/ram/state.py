"""The Resource Access Manager of one region."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconciler.sandbox.world import World


class Ram:
    """The resource shares of all accounts in one region."""

    def __init__(self, world: World) -> None:
        self.world = world
