"""Stuck lists: what of columns that an account passed on nobody can take back, and what is left to compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from reconciler.model.lakeformation import Grant, OnColumns
from reconciler.model.plan import Foreign
from reconciler.model.resource import Resource


@dataclass(frozen=True, slots=True)
class Stuck:
    """What nobody can take back of something that an account passed on, since it is given that no more.

    Of columns it is lists: AWS revokes one as a whole (docs/assumptions.md: lists-are-rows), and only by who may give
    all of it. Of anything else it is everything.
    """

    is_all: bool
    lists: tuple[tuple[str, ...], ...] = ()
    given: frozenset[str] = frozenset()
    """Columns that the account is still given: by a stuck list these are read."""

    @property
    def is_void(self) -> bool:
        """Whether all of it is stuck and gives nothing."""
        return self.is_all and self.given.isdisjoint(self.columns)

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(column for each in self.lists for column in each)


def parted(
    want: Resource[Grant] | None, have: Resource[Grant], stuck_of: Callable[[Resource[Grant]], Stuck | None]
) -> tuple[Resource[Grant] | None, Foreign] | None:
    """A permission on columns without its stuck lists, and these, to be shown. None where there are none.

    What they still give of what is wanted counts as given.
    """
    target, stuck = have.spec.target, stuck_of(have)
    if stuck is None or not isinstance(target, OnColumns):
        return None
    wanted = set(want.spec.target.columns) if want and isinstance(want.spec.target, OnColumns) else set[str]()
    live, void = stuck.columns & stuck.given, stuck.columns - stuck.given
    free = tuple(each for each in target.lists or (target.columns,) if each not in stuck.lists)
    columns = {column for each in free for column in each} | (live & wanted)
    rest = _on(have, replace(target, columns=tuple(sorted(columns)), lists=free)) if columns else None
    alone = _on(have, replace(target, columns=tuple(sorted(stuck.columns)), lists=stuck.lists))
    return rest, Foreign(alone, _words(void, live - wanted), is_drift=not live <= wanted)


def _on(have: Resource[Grant], target: OnColumns) -> Resource[Grant]:
    return replace(have, spec=replace(have.spec, target=target))


def _words(void: Iterable[str], more: Iterable[str]) -> str:
    gone, kept = ", ".join(sorted(void)), ", ".join(sorted(more))
    if not kept:
        return (
            f"this account passed on {gone} and is given that no more, so it gives nothing; AWS lets nobody take it "
            "back now. It is taken back when the account is given it again"
        )
    return (
        f"it still gives {kept}, which no document asks for: this account passed that on in one list with {gone}, "
        "which it is given no more, and AWS takes back only a whole list of what one may give. Give the account "
        f"{gone} again, and take it away once this plan is empty; or try to revoke it there by hand"
    )
