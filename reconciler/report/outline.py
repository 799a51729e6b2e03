"""Outline: what there is to say of a review, in its order, for every voice (terminal, Markdown)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from reconciler.model.address import Placement
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.finding import Finding
from reconciler.model.lakeformation import Grant
from reconciler.model.plan import Foreign, Plan
from reconciler.model.read_scope import ReadScope
from reconciler.model.resource import Gap
from reconciler.plan.build import gaps_in_words
from reconciler.plan.review import Review
from reconciler.report.documents import WHOLE, by_domain
from reconciler.report.first_screen import first_screen
from reconciler.report.held import held_lines
from reconciler.report.hints import standing_text
from reconciler.report.lines import Line, lines
from reconciler.report.names import Names, listed
from reconciler.report.replaced import able_to_cover, replaced
from reconciler.report.section import Section


def outline(reviewed: Review) -> tuple[Section, ...]:
    """The sections of a review, most important first."""
    return tuple(_sections(reviewed))


def _sections(reviewed: Review) -> Iterator[Section]:
    names = Names.of(reviewed.mesh)
    plan = reviewed.plan
    kept = _kept(reviewed)
    planned = [*_in_placements("plan-in", (step.change for step in plan.steps), names, kept)] if plan else []
    yield from first_screen(reviewed, counted(step.change for step in reviewed.steps))
    if reviewed.before is not None:
        for domain, changes in by_domain(reviewed.before, reviewed.mesh):
            title = "In the whole mesh:" if domain == WHOLE else f"In the domain {domain}:"
            yield Section("documents", title, changes, folded=True)
    if reviewed.before is not None and reviewed.asked is not None:
        yield from _asked(reviewed, [*_in_placements("asked-in", reviewed.asked, names, kept)], planned)
    if plan is not None:
        if not reviewed.saw_nothing:
            yield Section("plan", _headline(plan))
        if plan.read_scope is not None:
            yield _read_scope(plan.read_scope, names)
        yield from planned
    yield from _findings(reviewed)
    if plan is not None:
        yield from _remarks(plan, names, saw_nothing=reviewed.saw_nothing)
        yield Section("digest", f"Digest of the plan: {plan.digest}")


def _findings(reviewed: Review) -> Iterator[Section]:
    """All that the rules say of this change, with severity, rule and place; what they said before it is a count."""
    standing = frozenset(reviewed.standing)
    fresh = [each for each in reviewed.findings if each not in standing]
    if fresh:
        yield Section("findings", "Findings:", finding_lines(fresh), folded=True)
    if reviewed.standing:
        yield Section("standing", standing_text(reviewed.standing))


def _kept(reviewed: Review) -> tuple[Grant, ...]:
    """The permissions that are wanted and not held back, as far as one that goes may be given by them."""
    held = {each.address for each in reviewed.plan.held} if reviewed.plan is not None else ()
    wanted = (each.spec for each in reviewed.wanted.of(Grant) if each.address not in held)
    return able_to_cover((*(step.change for step in reviewed.steps), *(reviewed.asked or ())), wanted)


def _in_placements(name: str, changes: Iterable[Change], names: Names, kept: Iterable[Grant]) -> Iterator[Section]:
    """The changes of one placement after another."""
    for placement, here in by_placement(changes):
        yield Section(name, f"In {names.placement(placement)}:", tuple(lines(here, names, kept)), folded=True)


def _asked(reviewed: Review, asked: Sequence[Section], planned: Sequence[Section]) -> Iterator[Section]:
    """What a change asks for. What the plan does is told there: here is what AWS has already, or what is held back."""
    assert reviewed.asked is not None
    told = {(section.title, line.mark, line.text) for section in planned for line in section.lines}
    rest = []
    for section in asked:
        left = tuple(line for line in section.lines if (section.title, line.mark, line.text) not in told)
        rest += [replace(section, lines=left)] if left else []
    title = f"Since {reviewed.base}, the mesh asks for: {counted(reviewed.asked)}"
    if told and asked:
        title += "; besides what the plan does:" if rest else ", all of which the plan does"
    yield Section("asked", title if rest and told else f"{title}.")
    yield from rest


def _headline(plan: Plan) -> str:
    if not plan.is_empty:
        return f"Plan: {counted(step.change for step in plan.steps)}."
    if plan.is_complete:
        return "No changes. AWS is as the mesh says."
    return "No changes in what was seen."


def _read_scope(read_scope: ReadScope, names: Names) -> Section:
    """That drift was not looked for, and where the plan comes from."""
    if read_scope.is_empty:
        title = f"What changed since {read_scope.since} touches nothing in AWS, so no account was asked. "
    else:
        title = f"Only a part of AWS was read: what the change since {read_scope.since} can touch. "
    by_placement: dict[Placement, list[str]] = {}
    for (kind, placement), databases in read_scope.places.items():
        inside = f" (of {', '.join(sorted(databases))})" if databases is not None else ""
        by_placement.setdefault(placement, []).append(f"{kind}{inside}")
    rows = (
        Line(" ", f"{names.placement(placement)}: {', '.join(kinds)}")
        for placement, kinds in sorted(by_placement.items())
    )
    return Section("portion", f"{title}Whether anything else has drifted was not looked at.", tuple(rows))


def _remarks(plan: Plan, names: Names, *, saw_nothing: bool) -> Iterator[Section]:
    """What is not done, not seen, or not ours. Where nothing was seen, why is why everything is held back."""
    if plan.held and not saw_nothing:
        yield Section("held", f"Held back, not done now ({len(plan.held)}):", tuple(held_lines(plan)))
    if plan.gaps:
        title = "The plan is incomplete. What was not seen is neither created again nor deleted:"
        texts = _causes(plan.gaps, names) if saw_nothing else gaps_in_words(plan.gaps)
        yield Section("gaps", title, tuple(Line("!", text) for text in texts))
    if plan.foreign:
        rows = tuple(Line(" ", names.named(foreign_text(each))) for each in plan.foreign)
        yield Section("foreign", f"Not ours, left alone ({len(rows)}):", rows, folded=True)


def _causes(gaps: Iterable[Gap], names: Names) -> Iterator[str]:
    """Why nothing was seen: each cause once."""
    where: dict[str, set[str]] = {}
    for gap in gaps:
        where.setdefault(gap.reason, set()).add(names.placement(gap.placement))
    yield from (f"nothing of {listed(sorted(every))}: {reason}" for reason, every in where.items())


def foreign_text(other: Foreign) -> str:
    """What is not ours, why, and who changed it last where AWS tells."""
    remark = other.resource.remark
    is_said = not remark or f"({remark})" in other.reason
    return f"{other.resource.address}: {other.reason}{'' if is_said else f' ({remark})'}"


def finding_lines(findings: Iterable[Finding]) -> tuple[Line, ...]:
    """A line for each finding, with its place and rule."""
    return tuple(map(_finding, findings))


def _finding(finding: Finding) -> Line:
    return Line("!" if finding.severity != "note" else " ", f"{finding.severity}: {finding}", origin=finding.origin)


def by_placement(changes: Iterable[Change]) -> Iterator[tuple[Placement, Sequence[Change]]]:
    """Changes of one placement after another, sorted by address."""
    ordered = sorted(changes, key=lambda change: (change.address.placement, change.address))
    for placement, group in groupby(ordered, key=lambda change: change.address.placement):
        yield placement, list(group)


def counted(changes: Iterable[Change]) -> str:
    """How many of each: `3 to create, 1 to update, 1 to replace, 2 to delete`."""
    return _counts(changes, ("to create", "to update", "to replace", "to delete")) or "nothing new"


def counted_done(changes: Iterable[Change]) -> str:
    """How many of each were done: `3 created, 1 changed, 2 deleted`."""
    return _counts(changes, ("created", "changed", "replaced", "deleted")) or "nothing"


def _counts(changes: Iterable[Change], words: tuple[str, str, str, str]) -> str:
    every = list(changes)
    counts, pairs = Counter(type(change) for change in every), len(replaced(every).by)
    numbers = (counts[Create] - pairs, counts[Update], pairs, counts[Delete] - pairs)
    return ", ".join(f"{count} {word}" for count, word in zip(numbers, words, strict=True) if count)
