"""Reader: the only way in which kinds see AWS. It cannot write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

from reconciler.model.address import Placement
from reconciler.model.call import Params

T = TypeVar("T")


class Unseen(Exception):
    """A read failed for a reason that says nothing about what is there: it becomes a Gap."""


class Reader(Protocol):
    """Reads of one run. The same request is sent once; answers are shared and must not be changed."""

    @property
    def role(self) -> str:
        """Name of the role that reads in every account."""
        ...

    def read(
        self,
        placement: Placement,
        service: str,
        operation: str,
        params: Params | None = None,
        absent: tuple[str, ...] = (),
    ) -> dict[str, Any] | None:
        """The answer of one read; None for an error whose code is in `absent`. Raises Unseen for any other."""
        ...

    def pages(
        self, placement: Placement, service: str, operation: str, params: Params | None = None, *, items: str
    ) -> Iterator[Any]:
        """All elements of the list `items` over all pages; an empty page with a token is not the end."""
        ...

    def once(self, key: str, make: Callable[[], T]) -> T:
        """What `make` works out of answers, the first time that `key` is asked for: several placements may need it."""
        ...
