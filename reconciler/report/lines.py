"""Lines: changes in words, with what belongs together in one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.kinds import registry
from reconciler.kinds.lakeformation.lf_tag import LFTagKey
from reconciler.kinds.lakeformation.lf_tag_value import LFTagValue
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.change import Change
from reconciler.model.lakeformation import Grant, OnTag
from reconciler.model.origin import Origin
from reconciler.report.names import Names
from reconciler.report.replaced import Replaced, replaced

MARKS = {"create": "+", "update": "~", "delete": "-"}
_VERBS = {"create": "gets", "update": "keeps, differently,", "delete": "loses"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a report: a mark (+ ~ - ! or blank), words, the changes that it stands for, and the place in a file
    that it speaks of."""

    mark: str
    text: str
    changes: tuple[Change, ...] = ()
    origin: Origin | None = None


def lines(changes: Iterable[Change], names: Names, kept: Iterable[Grant] = ()) -> Iterator[Line]:
    """Changes of one placement in lines: permissions of one principal on one thing together, tags of one table too.

    A permission that goes since another one takes its place, or one of the `kept` gives the same, is told as that.
    """
    every = list(changes)
    groups: dict[object, list[Change]] = {}
    for change in every:
        groups.setdefault(_together(change), []).append(change)
    found = replaced(every, kept)
    instead = _instead(groups, found)
    for key, group in groups.items():
        words = _WORDS.get(type(group[0].resource.spec), _plain)(group, names)
        if key in instead:
            old = ", ".join(dict.fromkeys(_on(each.resource.spec, names) for each in instead[key]))
            yield Line(MARKS["update"], f"{words}, in place of {old}", (*group, *instead[key]))
        elif all(each.address in found.covered for each in group):
            yield Line(MARKS["update"], f"{_permissions(group, names, 'keeps')}, by another permission", tuple(group))
        else:
            yield Line(MARKS[group[0].action], words, tuple(group))


def _instead(groups: dict[object, list[Change]], found: Replaced) -> Mapping[object, list[Change]]:
    """By group of what comes what it takes the place of; those are taken out of `groups`."""
    where = {change.address: key for key, group in groups.items() for change in group}
    instead: dict[object, list[Change]] = {}
    for key, group in list(groups.items()):
        new = {where[found.by[each.address].address] for each in group if each.address in found.by}
        if len(new) == 1 and all(each.address in found.by for each in group):
            instead.setdefault(new.pop(), []).extend(groups.pop(key))
    return instead


def _on(spec: object, names: Names) -> str:
    return names.target(spec.target) if isinstance(spec, Grant) else ""


def _together(change: Change) -> object:
    """What changes share that are told in one line."""
    kind, spec = change.address.kind, change.resource.spec
    if isinstance(spec, Grant):
        target = (spec.target.catalog, spec.target.key) if isinstance(spec.target, OnTag) else spec.target
        return kind, change.action, spec.principal, target, spec.grantable
    if isinstance(spec, TagAssignment):
        place = spec.place
        return kind, change.action, spec.key, place.database, place.table, bool(place.column)
    if isinstance(spec, LFTagKey | LFTagValue):
        return "tags", change.action, change.address.name.partition("=")[0]
    return change.address


def _plain(group: Sequence[Change], names: Names) -> str:
    """A change by its kind and name, or as its kind describes it."""
    del names
    change = group[0]
    return registry()[change.address.kind].describe(change) or f"{change.address.kind} {change.address.name}"


def _permissions(group: Sequence[Change], names: Names, verb: str = "") -> str:
    specs = [spec for change in group if isinstance(spec := change.resource.spec, Grant)]
    first = specs[0]
    what = ", ".join(sorted({spec.permission for spec in specs}))
    values = sorted({spec.target.value for spec in specs if isinstance(spec.target, OnTag)})
    if isinstance(first.target, OnTag) and len(values) > 1:
        on = f"LF-tag {first.target.key} ({', '.join(values)})"
    else:
        on = names.target(first.target)
    option = ", to pass on" if first.grantable else ""
    verb = verb or _VERBS[group[0].action]
    return f"{names.principal(first.principal)} {verb} {what} on {on}{option}"


def _assignments(group: Sequence[Change], names: Names) -> str:
    del names
    specs = [spec for change in group if isinstance(spec := change.resource.spec, TagAssignment)]
    first = specs[0]
    if len(specs) == 1:
        return f"tag {first.key}={first.value} on {first.place}"
    counts = Counter(spec.value for spec in specs)
    values = ", ".join(f"{value} ({count})" for value, count in sorted(counts.items()))
    place = first.place._replace(column="")
    return f"tag {first.key} on {len(specs)} columns of {place}: {values}"


def _tags(group: Sequence[Change], names: Names) -> str:
    del names
    key = group[0].address.name.partition("=")[0]
    values = sorted(change.address.name.partition("=")[2] for change in group if "=" in change.address.name)
    whole = any(isinstance(change.resource.spec, LFTagKey) for change in group)
    listed = f"values {', '.join(values)}" if len(values) != 1 else f"value {values[0]}"
    return f"LF-tag {key}{' with' if whole else ':'} {listed}" if values else f"LF-tag {key}"


_WORDS: dict[type, Callable[[Sequence[Change], Names], str]] = {
    Grant: _permissions,
    TagAssignment: _assignments,
    LFTagKey: _tags,
    LFTagValue: _tags,
}
