"""Leaving: what owners have announced to go, by day; for lists, the search, and the page of changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reconciler.catalog.site.addresses import anchor, columns_page, href
from reconciler.catalog.site.readers import Reading
from reconciler.spec.mesh import Mesh
from reconciler.spec.retiring import Thing, retiring


@dataclass(frozen=True, slots=True)
class Leaving:
    """A product, table or column that goes: its name, the page that tells it, its last day, and what its owner says.
    `read`: how many subscriptions read it."""

    name: str
    href: str
    until: date
    instead: str
    reason: str
    read: int


def leaving(mesh: Mesh, by_product: Mapping[str, Sequence[Reading]]) -> list[Leaving]:
    """All of it, the soonest first. `by_product`: who reads what."""
    return sorted(_leaving(mesh, by_product), key=lambda each: (each.until, each.name))


def goes(mesh: Mesh) -> Mapping[str, str]:
    """By product: until when it is there, or from when parts of it go; nothing of one of which all stays."""
    found: dict[str, tuple[date, bool]] = {}
    for thing in retiring(mesh.products.values()):
        assert thing.retires is not None, "it goes"
        name = thing.product.name
        day = min(thing.retires.until, found.get(name, (thing.retires.until, False))[0])
        found[name] = day, thing.table is None
    return {name: f"goes after {day}" if whole else f"parts go after {day}" for name, (day, whole) in found.items()}


def last_days(mesh: Mesh) -> Mapping[str, str]:
    """By name (`product.table.column` as far as it goes): the last day of each thing that goes."""
    return {each.name: str(each.retires.until) for each in retiring(mesh.products.values()) if each.retires}


def _leaving(mesh: Mesh, by_product: Mapping[str, Sequence[Reading]]) -> Iterator[Leaving]:
    for thing in retiring(mesh.products.values()):
        said = thing.retires
        assert said is not None, "it goes"
        read = sum(_opens(each, thing) for each in by_product.get(thing.product.name, ()))
        yield Leaving(thing.name, _page(thing), said.until, said.instead or "", said.reason or "", read)


def _opens(reading: Reading, thing: Thing) -> bool:
    """Whether it reads a thing."""
    columns = reading.columns.get(thing.table.name, ()) if thing.table else ()
    return thing.table is None or (thing.column.name in columns if thing.column else bool(columns))


def _page(thing: Thing) -> str:
    if thing.table is None:
        return f"products/{thing.product.name}.html"
    page = href(columns_page(thing.product.name, thing.table.name))
    return f"{page}#{anchor(thing.column.name)}" if thing.column else page
