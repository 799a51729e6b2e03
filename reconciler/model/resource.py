"""Resource, and the two sides of a comparison: what is wanted and what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import ItemsView, Iterable, Iterator, Mapping, ValuesView
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar

from reconciler.model.address import Address, Placement
from reconciler.model.last_change import LastChange
from reconciler.model.origin import Origin
from reconciler.model.read_scope import ReadScope
from reconciler.model.record import record

S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)


Mode = Literal["managed", "external"]


@record()
class Resource(Generic[S_co]):
    """One thing in AWS, as wanted or as found.

    `spec` holds the managed fields in canonical form: two equal specs mean that nothing is to do.
    `origin` is the line that asked for it (wanted side only); `handle` an ARN or id, where AWS gives one;
    `mode` says of a wanted one whether the mesh makes it, or finds it there and uses it as it is;
    `note` what only a reader needs and `changed` who changed it last, and when; neither is ever compared.
    """

    address: Address
    spec: S_co
    origin: Origin | None = field(default=None, compare=False)
    handle: str | None = field(default=None, compare=False)
    mode: Mode = field(default="managed", compare=False)
    note: str | None = field(default=None, compare=False)
    changed: LastChange | None = field(default=None, compare=False)

    @property
    def remark(self) -> str | None:
        """What only a reader needs, in words: the note, and who changed it last and when."""
        said = [text for text in (self.note, str(self.changed) if self.changed else None) if text]
        return "; ".join(said) or None


AnyResource = Resource[Any]


class Snapshot(Mapping[Address, AnyResource]):
    """Resources by address; the second of two resources with one address is an error of the kind that made it."""

    __slots__ = ("_by_address", "_kinds")

    def __init__(self, resources: Iterable[AnyResource] = ()) -> None:
        every = tuple(resources)
        self._by_address: dict[Address, AnyResource] = {resource.address: resource for resource in every}
        self._kinds: dict[str, tuple[AnyResource, ...]] | None = None
        if len(self._by_address) < len(every):
            twice = next(address for address, count in Counter(each.address for each in every).items() if count > 1)
            raise ValueError(f"two resources have one address: {twice}")

    def __getitem__(self, address: Address) -> AnyResource:
        return self._by_address[address]

    def __iter__(self) -> Iterator[Address]:
        return iter(self._by_address)

    def __len__(self) -> int:
        return len(self._by_address)

    # Mapping has these by way of __getitem__; a large mesh asks millions of times.
    def __contains__(self, address: object) -> bool:
        return address in self._by_address

    # Quicker than Mapping's, which catches an error for each that is not there; only a resource is a default here.
    def get(self, address: Address, default: AnyResource | None = None) -> AnyResource | None:  # type: ignore[override]
        return self._by_address.get(address, default)

    def items(self) -> ItemsView[Address, AnyResource]:
        return self._by_address.items()

    def values(self) -> ValuesView[AnyResource]:
        return self._by_address.values()

    def beside(self, other: Snapshot) -> Iterator[tuple[AnyResource, AnyResource | None]]:
        """Every resource, with what another snapshot has at its address."""
        return zip(self._by_address.values(), map(other._by_address.get, self._by_address), strict=True)

    def of(self, spec: type[S]) -> tuple[Resource[S], ...]:
        """All resources whose spec is of one type: those of the one kind that has it, without knowing its name."""
        those = [of_kind for of_kind in self._by_kind.values() if type(of_kind[0].spec) is spec]
        return those[0] if len(those) == 1 else tuple(chain.from_iterable(those))

    def of_kind(self, kind: str) -> tuple[AnyResource, ...]:
        """All resources of one kind, in the order in which they were given."""
        return self._by_kind.get(kind, ())

    @property
    def _by_kind(self) -> Mapping[str, tuple[AnyResource, ...]]:
        """By kind, once somebody asks. Two threads may work it out twice; either answer is right."""
        if self._kinds is None:
            found: dict[str, list[AnyResource]] = {}
            for kind, run in groupby(self._by_address.values(), attrgetter("address.kind")):
                found.setdefault(kind, []).extend(run)
            self._kinds = {kind: tuple(resources) for kind, resources in found.items()}
        return self._kinds


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """What could not be read: a kind in a placement, and why. A gap is not an absence."""

    kind: str
    placement: Placement
    reason: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What was found in AWS, and what was not seen. `read_scope`: only there was it looked for (None: everywhere)."""

    found: Snapshot
    gaps: tuple[Gap, ...] = ()
    read_scope: ReadScope | None = None

    def sees(self, kind: str, placement: Placement) -> bool:
        """Whether `kind` was looked for in `placement`, and could be read there."""
        is_asked = self.read_scope is None or (kind, placement) in self.read_scope.places
        return is_asked and not self.is_blind(kind, placement)

    def is_blind(self, kind: str, placement: Placement) -> bool:
        """Whether `kind` could not be read in `placement`."""
        return any(gap.kind == kind and gap.placement == placement for gap in self.gaps)
