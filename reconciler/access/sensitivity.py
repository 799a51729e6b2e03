"""Sensitivity: how much harm a column can do, from its effective tags."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.access.evaluate import Access
from reconciler.access.subject import Subject
from reconciler.access.world import World


def sensitivities(access: Access, subject: Subject, columns: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The sensitivity of each of the columns that has one, in the order of the table."""
    key, wanted = access.world.sensitivity_key, subject.mask(columns)
    values = {
        number: value
        for (name, value), carriers in subject.shape.carriers.items()
        if name == key and value != "*" and carriers & wanted
        for number in range(len(subject.columns))
        if (carriers & wanted) >> number & 1
    }
    return tuple((subject.columns[number], values[number]) for number in sorted(values))


def rank_of(world: World, columns: Iterable[str], values: Iterable[tuple[str, str]]) -> int:
    """The rank of the most sensitive column. What is not classified, or not in the order, counts as the worst."""
    known, order = dict(values), {value: rank for rank, value in enumerate(world.sensitivity_order, 1)}
    return max((order.get(known.get(name, ""), len(order) + 1) for name in columns), default=0)
