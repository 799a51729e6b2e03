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
    told = [each for each in others(mesh) if each.going and (each.is_public or not public)]
    readers = _readers(mesh, told, by_product)
    for each in told:
        read = [*readers.get((each.kind, each.name), ())]
        found.append(Leaving(each.kind, each.name, other_page(each), each.until, "", _reason(each), read))
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


def _readers(mesh: Mesh, told: Iterable[Other], by_product: Readings) -> Mapping[tuple[str, str], Iterable[str]]:
    """By kind and name: the subscriptions that read of it, or what carries it; of a subscription, who reads by it.

    Products are many, and so are subscriptions: each is looked at once, however much goes.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    for each in mesh.subscriptions.values():
        whom = [f"{each.consumer}/{name}" for name in each.principals] or [f"all of {each.consumer}"]
        found["subscription", each.name] = dict.fromkeys(whom)
        found.setdefault(("consumer", each.consumer), {})[each.name] = None
    carried = [each for each in told if each.kind in ("tag", "value")]
    for name, read in by_product.items():
        product = mesh.products[name]
        found.setdefault(("domain", product.domain), {}).update(dict.fromkeys(each.subscription.name for each in read))
        labels = labels_of(mesh, product) if carried else {}
        for other in carried:
            carriers = {column for column, tags in labels.items() if _carries(tags, other)}
            names = (each.subscription.name for each in read if not carriers.isdisjoint(_columns(each)))
            found.setdefault((other.kind, other.name), {}).update(dict.fromkeys(names))
    return found


def _columns(reading: Reading) -> Iterator[str]:
    """What it opens, as `table.column`."""
    return (f"{table}.{column}" for table, names in reading.columns.items() for column in names)


def _carries(tags: Mapping[str, str], other: Other) -> bool:
    """Whether LF-tags have a key, or a value of one."""
    return tags.get(other.within) == other.value if other.within else other.name in tags
