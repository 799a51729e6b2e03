"""Drift in words: who is exposed, what is missing, what was changed, what is there and nobody asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from reconciler.drift.causes import key
from reconciler.drift.deviations import deviating, unsettled
from reconciler.drift.events import Heard
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.plan import Foreign, Plan
from reconciler.plan.build import gaps_in_words
from reconciler.plan.requested_access import RequestedAccess
from reconciler.plan.review import Review
from reconciler.report.access_parts import number
from reconciler.report.difference import differences
from reconciler.report.drift import Drift
from reconciler.report.exposure import UNKNOWN, Exposure, Exposures, blame
from reconciler.report.folding import folded
from reconciler.report.lines import MARKS
from reconciler.report.names import Names
from reconciler.report.outline import foreign_text
from reconciler.report.people import People
from reconciler.report.verdict import drift_sentence, verdict

_SORTS = {"create": "missing", "update": "changed", "delete": "not asked for"}
_AGAIN = "listed, and to be given again"
"""What AWS has for something that is made anew."""


def drift_text(drift: Drift, verbosity: int = 0) -> Iterator[str]:
    """The lines of a drift report: who is exposed first."""
    plan, names = drift.plan, Names.of(drift.reviewed.mesh)
    changes = [step.change for step in deviating(plan)]
    changes.sort(key=lambda change: (change.address.placement, change.address))
    if (said := _headline(drift.reviewed)) is not None:
        yield said
    yield from _exposed(drift.exposures, names)
    if drift.broken:
        yield f"{number(len(drift.broken), 'breach').replace('breachs', 'breaches')} of the mesh's policies in AWS."
        yield from (f"  ! {finding.rule}: {finding.message}" for finding in drift.broken)
    yield from (f"  ! {finding.message}" for finding in drift.undeclared)
    for item in unsettled(plan):
        where = names.placement(item.address.placement)
        yield f"Not as it is needed: {item.address.kind} {item.address.name} in {where}: {item.reason}"
        made = drift.causes.get((item.address, item.reason))
        yield f"    {blame(made, names) if made is not None else UNKNOWN}"
    if not drift.is_there:
        yield "No drift. AWS is as the mesh says." if plan.is_complete else "No drift in what was seen."
    elif changes:
        yield f"{number(len(changes), 'difference')}. `meshform apply` repairs: + made again, ~ set back, - taken away."
    for placement, group in groupby(changes, key=lambda change: change.address.placement):
        yield ""
        yield f"In {names.placement(placement)}:"
        yield from (f"  {line}" for line in _changes(group, drift, names, verbosity))
    yield from (f"! {text}" for text in gaps_in_words(plan.gaps))
    yield from (f"! who changed what could not be asked in {text}" for text in drift.untold)
    if drift.heard is not None:
        yield ""
        yield from _events(drift.heard, plan, names)
    others = [other for other in plan.foreign if not other.is_drift]
    if others:
        yield ""
        yield f"Not ours, left alone ({len(others)}):"
        yield from (f"  {line}" for line in _foreign(others, names))


def _events(told: Heard, plan: Plan, names: Names) -> Iterator[str]:
    """What was looked at because of which events, and what of them was passed over."""
    places = plan.read_scope.places if plan.read_scope is not None else {}
    where = sorted({names.placement(placement) for _, placement in places})
    read = f"; read were {number(len(places), 'kind')} in {', '.join(where)}" if places else "; nothing had to be read"
    yield f"{number(told.messages, 'message')}, {number(len(told.calls), 'event')} about the mesh{read}."
    for why, count in sorted(told.others.items()):
        yield f"  {number(count, 'message')} passed over: {why}"
    yield "Whether anything else has drifted was not looked at."


def _headline(reviewed: Review) -> str | None:
    """What it means to people, in a sentence. Nothing of it was asked for, and nobody was promised a way past Lake
    Formation."""
    if reviewed.access is None:
        return None
    promised = replace(
        reviewed.access, gained=tuple(entry for entry in reviewed.access.gained if entry.change != "path")
    )
    unasked = replace(reviewed, requested=RequestedAccess(), access=promised)
    found = verdict(unasked, People.of(unasked))
    return drift_sentence(found) if found is not None else None


def _exposed(found: Exposures, names: Names) -> Iterator[str]:
    titles = (
        ("Can read or do what no document gives:", found.reads),
        ("Cannot read or do what documents give:", found.misses),
        (
            f"{number(len(found.rights), 'right')} on what is ours that no document gives. Apply leaves such rights.",
            found.rights,
        ),
    )
    for title, those in titles:
        if those:
            yield title
            yield from folded(
                those,
                lambda each: _alike(each, names),
                lambda each: each.sentence,
                lambda each: _lines(each, names),
                _many,
            )
    if found.machinery:
        yield (
            f"Of Meshform's own roles {number(found.machinery, 'right')} {'is' if found.machinery == 1 else 'are'} "
            "otherwise, too."
        )
    if found:
        yield ""


def _alike(each: Exposure, names: Names) -> tuple[str, ...]:
    """By whom and about which database: what one hand did to many tables is one thing."""
    about = {entry.place.database for entry in each.entries}
    return each.blame(names), ", ".join(sorted(about))


def _lines(each: Exposure, names: Names) -> Iterator[str]:
    yield f"  ! {each.sentence}"
    yield f"      {each.blame(names)}"


def _many(key: tuple[str, ...], count: int) -> str:
    blame, about = key
    return f"  ! {count:,} of {about or 'them'}, {blame}"


def _changes(changes: Iterable[Change], drift: Drift, names: Names, verbosity: int) -> Iterator[str]:
    made = {each.address: cause for each in drift.deviations if (cause := drift.causes.get(key(each))) is not None}

    seen = drift.reviewed.observation

    def sort(change: Change) -> str:
        is_listed = isinstance(change, Create) and seen is not None and change.address in seen.found
        return _AGAIN if is_listed else _SORTS[change.action]

    def one(change: Change) -> Iterator[str]:
        yield names.named(_words(change, sort(change)))
        if isinstance(change, Update):
            for row in differences(change):
                yield f"    {row['field']}: is {row['before']!r}, should be {row['after']!r}"
        if not isinstance(change, Delete) and change.address in made:
            yield f"    {blame(made[change.address], names)}"
        if verbosity and change.origin:
            yield f"    asked for in {change.origin}"

    def who(change: Change) -> str:
        return (made[change.address].by or "") if change.address in made else ""

    def many(key: tuple[str, ...], count: int) -> str:
        action, words, kind, within, who = key
        by = f", by {names.principal(who)}" if who else ""
        return f"{MARKS[action]} {words}: {count:,} of kind {kind}{f' in {within}' if within else ''}{by}"

    return folded(
        changes,
        lambda change: (
            change.action,
            sort(change),
            change.address.kind,
            _within(change.address.name),
            who(change),
        ),
        lambda change: names.named(change.address.name),
        one,
        many,
    )


def _foreign(others: Iterable[Foreign], names: Names) -> Iterator[str]:
    return folded(
        others,
        lambda other: (
            other.resource.address.kind,
            _within(other.resource.address.name),
            other.reason,
        ),
        lambda other: names.named(other.resource.address.name),
        lambda other: (names.named(foreign_text(other)),),
        lambda key, count: f"{count:,} of kind {key[0]}{f' in {key[1]}' if key[1] else ''}: {key[2]}",
    )


def _within(name: str) -> str:
    """The database of a table, and of what is on it; empty for what is in none."""
    first, dot, _ = name.partition(" ")[0].partition(".")
    return first if dot else ""


def _words(change: Change, sort: str) -> str:
    note = f" ({change.have.remark})" if isinstance(change, Delete) and change.have.remark else ""
    return f"{MARKS[change.action]} {sort}: {change.address.kind} {change.address.name}{note}"
