"""Promises: which of what owners promise of freshness and quality is kept, by what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from reconciler.measures.measure import Measure
from reconciler.model.finding import Finding
from reconciler.model.origin import Origin
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.table import Table
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import Rule

State = Literal["kept", "broken", "not seen"]
Measures = Mapping[tuple[str, str], Measure]
"""By database and table."""
RULE = Rule(
    "broken-promise",
    "warning",
    "The data are as new and as good as their owner promises.",
    "Look why no new data came, or why the rule does not hold; or promise what can be kept.",
)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that is promised of a product or (of quality) a table, whether it is kept, and what was seen."""

    sort: Literal["freshness", "quality"]
    product: str
    owner: str
    table: str
    promised: str
    state: State
    seen: str
    origin: Origin

    @property
    def finding(self) -> Finding | None:
        """What is said of it where it is broken; what was not seen is no reason to blame anybody."""
        if self.state != "broken":
            return None
        of = f"{self.product}.{self.table}" if self.table else self.product
        return Finding(RULE.id, RULE.severity, f"{of}: {self.promised} is promised, and {self.seen}.", self.origin)


def promises(mesh: Mesh, measures: Measures, now: datetime) -> Iterator[Promise]:
    """Every promise of the mesh. `now` is when it was measured."""
    for product in mesh.products.values():
        if product.freshness is not None:
            yield _freshness(product, product.freshness.max_age, measures, now)
        yield from (
            _quality(product, number, table, measures.get((product.database_of(table), table.name)), now)
            for number, table in enumerate(product.tables)
            if table.quality
        )


def by_table(measures: Iterable[Measure]) -> Measures:
    """Measures by database and table."""
    return {(each.database, each.table): each for each in measures}


def moment(seconds: int) -> datetime:
    """A time of a measure."""
    return datetime.fromtimestamp(seconds, UTC)


def length(said: str) -> timedelta:
    """A length of time as documents write it: 30m, 24h, 7d."""
    return timedelta(**{_UNITS[said[-1]]: int(said[:-1])})


def ago(seconds: int, now: datetime) -> str:
    """How long ago that was, in the largest unit that fits."""
    passed = max(0, int(now.timestamp()) - seconds)
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if passed >= size:
            count = passed // size
            return f"{count} {word}{'' if count == 1 else 's'} ago"
    return "less than a minute ago"


def _freshness(product: Product, most: str, measures: Measures, now: datetime) -> Promise:
    """Of a product the newest data of any table count; that they are too old is said only where all was seen."""
    found = [measures.get((product.database_of(table), table.name)) for table in product.tables]
    times = [each.newest for each in found if each is not None and each.newest is not None]
    state: State
    if times and now - moment(max(times)) <= length(most):
        state, seen = "kept", f"the newest data came {ago(max(times), now)}"
    elif not all(each is not None and each.whole for each in found):
        state, seen = "not seen", _why(found)
    elif times:
        state, seen = "broken", f"the newest data came {ago(max(times), now)}"
    else:
        state, seen = "broken", "there are no data"
    promised = f"no older than {most}"
    return Promise("freshness", product.name, product.owner, "", promised, state, seen, product.at("freshness"))


def _why(found: Iterable[Measure | None]) -> str:
    reasons = [reason for each in found if each is not None for reason in each.unseen]
    if reasons:
        return reasons[0]
    measured = [each for each in found if each is not None]
    return "there are more files than are looked at" if measured else "it was not measured"


def _quality(product: Product, number: int, table: Table, found: Measure | None, now: datetime) -> Promise:
    count = len(table.quality)
    promised = f"{count} rule{'' if count == 1 else 's'} of quality"
    state: State = "not seen"
    if found is None:
        seen = "it was not measured"
    elif found.quality is None:
        seen = next(iter(found.unseen), "no quality run was found in the last 90 days")
    else:
        result = found.quality
        state = "broken" if result.failed else "not seen" if result.errors or not result.rules else "kept"
        bad = (*result.failed, *result.errors)
        word = "does not hold" if result.failed else "could not be judged"
        listed = f"{bad[0]}{f' and {len(bad) - 1} more' if len(bad) > 1 else ''}" if bad else ""
        seen = f"{listed} {word}" if bad else f"all of {result.rules} hold"
        seen = f"{seen}; looked at {ago(result.at, now)}"
    at = product.at("tables", number, "quality")
    return Promise("quality", product.name, product.owner, table.name, promised, state, seen, at)
