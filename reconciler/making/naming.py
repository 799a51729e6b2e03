"""Where else in a mesh a column is named: lists and conditions of subscriptions, and rules of quality."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from reconciler.making.edits import Edits
from reconciler.spec.documents.subscription import SubscribedTable, Subscription
from reconciler.spec.documents.table import Table
from reconciler.spec.language import dqdl, row_filter
from reconciler.spec.nested_fields import top
from reconciler.spec.retiring import Thing
from reconciler.spec.yaml.edit import with_item, with_value, without
from reconciler.spec.yaml.source_map import Key


def subscribed(edits: Edits, thing: Thing) -> Iterator[tuple[Subscription, int, SubscribedTable]]:
    """Each entry of a subscription that shares the thing's table by name, also of those that give nothing today."""
    for each in edits.mesh.written.values():
        if (each.product or "").rpartition("/")[2] == thing.product.name and not edits.is_gone(each):
            yield from (
                (each, at, part) for at, part in enumerate(each.tables) if thing.table and part.name == thing.table.name
            )


def name_also(edits: Edits, thing: Thing, new: str) -> None:
    """Name a second name wherever the first one is listed, and promise the same of it."""
    assert thing.table is not None
    assert thing.column is not None
    old = thing.column.name
    for each, at, part in subscribed(edits, thing):
        for field, names in (("columns", part.columns), ("exclude", part.exclude)):
            more = [_as(thing.table, name, old, new) for name in names if top(thing.table, name) == old]
            if more:
                put = partial(with_value, path=("tables", at, field), value=[*names, *more])
                edits.change(each, f"add {', '.join(more)} to {field}", put)
        if part.rows and row_filter.with_column(part.rows, old, new) != part.rows:
            edits.told.append(f"The rows of {each.name} go by {old}; its condition is changed when {old} goes.")
    rules = [(dqdl.with_column(rule.rule, old, new), rule.promise) for rule in thing.table.quality]
    more_rules = [
        {"rule": said, **({} if promise == 1.0 else {"promise": promise})}
        for (said, promise), rule in zip(rules, thing.table.quality, strict=True)
        if said != rule.rule
    ]
    if more_rules:
        ends = [(*thing.path[:2], "quality", len(rules) + number) for number, _ in enumerate(more_rules)]
        steps = [partial(with_item, path=end, item=item) for end, item in zip(ends, more_rules, strict=True)]
        edits.change(thing.product, f"promise of {new} what {old} has", *steps)


def name_instead(edits: Edits, thing: Thing, new: str | None) -> None:
    """Name another column wherever one is named, or none: then what is about it only goes."""
    assert thing.table is not None
    assert thing.column is not None
    old = thing.column.name
    gone: list[tuple[Subscription, int]] = []
    for each, at, part in subscribed(edits, thing):
        for field, names in (("columns", part.columns), ("exclude", part.exclude)):
            left = _left(thing.table, names, old, new)
            if left == [*names]:
                continue
            path: tuple[Key, ...] = ("tables", at, field)
            if left:
                edits.change(each, f"take {old} out", partial(with_value, path=path, value=left))
            elif field == "exclude":
                edits.change(each, f"take {old} out", partial(without, path=path))
            else:
                gone.append((each, at))
        said = row_filter.with_column(part.rows, old, new) if part.rows and new else part.rows
        if said != part.rows:
            edits.change(each, f"name {new} in rows", partial(with_value, path=("tables", at, "rows"), value=said))
    for each, at in reversed(gone):
        drop_entry(edits, each, at)
    _rules(edits, thing, old, new)


def drop_entry(edits: Edits, subscription: Subscription, at: int) -> None:
    """Take a table out of a subscription; the whole of it where it is the only one: it would share everything else."""
    if len(subscription.tables) == 1:
        edits.remove(subscription)
    else:
        edits.change(subscription, "take the table out", partial(without, path=("tables", at)))


def _left(table: Table, names: tuple[str, ...], old: str, new: str | None) -> list[str]:
    said = [_as(table, name, old, new) if new else "" for name in names if top(table, name) == old]
    kept = [name for name in names if top(table, name) != old]
    return [*kept, *(each for each in said if each and each not in kept)] if len(kept) < len(names) else [*names]


def _as(table: Table, name: str, old: str, new: str) -> str:
    """A column, or a field in it, under the column's other name."""
    return new + name[len(top(table, name) or old) :]


def _rules(edits: Edits, thing: Thing, old: str, new: str | None) -> None:
    """Rules about a column are of the other one, or go."""
    assert thing.table is not None
    here: tuple[Key, ...] = (*thing.path[:2], "quality")
    there = [each.rule for each in thing.table.quality]
    gone = 0
    for at, each in reversed([*enumerate(thing.table.quality)]):
        if old not in dqdl.columns_of(each.rule):
            continue
        said = dqdl.with_column(each.rule, old, new) if new else ""
        if said and said not in there:
            edits.change(
                thing.product, f"name {new} in the rule", partial(with_value, path=(*here, at, "rule"), value=said)
            )
            continue
        gone += 1
        path = here if gone == len(there) else (*here, at)
        edits.change(thing.product, f"take out the rule {each.rule}", partial(without, path=path))
