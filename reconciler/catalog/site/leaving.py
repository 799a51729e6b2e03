"""Leaving: what goes, by day; for lists, the search, and the page of changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reconciler.catalog.others import Other, others
from reconciler.catalog.site.addresses import anchor, columns_page, href, tag_page
from reconciler.catalog.site.offers import labels_of
from reconciler.catalog.site.readers import Reading
from reconciler.spec.mesh import Mesh
from reconciler.spec.retiring import Thing, retiring

MOST = 1_000
"""So many are on the page of changes."""
Readings = Mapping[str, Sequence[Reading]]
"""By product: who reads what."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Something that goes: what it is, its name, the page that tells it, its last day (None: when nothing carries it),
    and what its owner says. `readers`: the subscriptions that read it; of a subscription, its principals."""

    kind: str
    name: str
    href: str
    until: date | None
    instead: str
    reason: str
    readers: Sequence[str]


def leaving(mesh: Mesh, by_product: Readings, *, public: bool) -> list[Leaving]:
    """All of it, the soonest first. The public hears of no consumer."""
    found = [*_things(mesh, by_product)]
    for each in others(mesh):
        if each.going and (each.is_public or not public):
            readers = [*dict.fromkeys(_readers(mesh, each, by_product))]
            found.append(Leaving(each.kind, each.name, other_page(each), each.until, "", _reason(each), readers))
    return sorted(found, key=lambda each: (each.until or date.max, each.name))


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


def other_page(other: Other) -> str:
    """The page that tells of it."""
    match other.kind:
        case "subscription":
            return f"consumers/{other.within}.html"
        case "tag":
            return href(tag_page(other.name))
        case "value":
            return f"{href(tag_page(other.within))}#{anchor(other.value)}"
        case _:
            return f"{other.kind}s/{other.name}.html"


def _things(mesh: Mesh, by_product: Readings) -> Iterator[Leaving]:
    for thing in retiring(mesh.products.values()):
        said = thing.retires
        assert said is not None, "it goes"
        read = [each.subscription.name for each in by_product.get(thing.product.name, ()) if _opens(each, thing)]
        yield Leaving(thing.kind, thing.name, _page(thing), said.until, said.instead or "", said.reason or "", read)


def _opens(reading: Reading, thing: Thing) -> bool:
    """Whether it reads a thing."""
    columns = reading.columns.get(thing.table.name, ()) if thing.table else ()
    return thing.table is None or (thing.column.name in columns if thing.column else bool(columns))


def _page(thing: Thing) -> str:
    if thing.table is None:
        return f"products/{thing.product.name}.html"
    page = href(columns_page(thing.product.name, thing.table.name))
    return f"{page}#{anchor(thing.column.name)}" if thing.column else page


def _reason(other: Other) -> str:
    match other.kind:
        case "domain":
            return "all of its products go"
        case "consumer":
            return "all of its subscriptions end, unless they are renewed"
        case _:
            return other.going if other.until is None else ""


def _readers(mesh: Mesh, other: Other, by_product: Readings) -> Iterable[str]:
    """The subscriptions that read of it, or what carries it; of a subscription, who reads by it."""
    match other.kind:
        case "subscription":
            names = mesh.subscriptions[other.name].principals
            return [f"{other.within}/{name}" for name in names] or [f"all of {other.within}"]
        case "consumer":
            return (each.name for each in mesh.subscriptions.values() if each.consumer == other.name)
        case "domain":
            products = (each for name, each in by_product.items() if mesh.products[name].domain == other.name)
            return (each.subscription.name for read in products for each in read)
        case _:
            return (
                each.subscription.name
                for name, read in by_product.items()
                for carriers in [_carriers(mesh, name, other)]
                for each in read
                if any(f"{table}.{column}" in carriers for table, names in each.columns.items() for column in names)
            )


def _carriers(mesh: Mesh, product: str, other: Other) -> frozenset[str]:
    """The columns of a product (`table.column`) that carry a key of LF-tags, or a value of one."""
    key = other.within or other.name
    worn = labels_of(mesh, mesh.products[product]).items()
    return frozenset(name for name, tags in worn if tags.get(key) == other.value or (key in tags and not other.within))
