"""The first screen of a review: the verdict, who reads what, what merging does; and what is folded right below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reconciler.access import AccessDifference
from reconciler.owners.accepting import acceptors
from reconciler.plan.accepting import stopping
from reconciler.plan.labels import lowered, lowered_by_plan
from reconciler.plan.review import Review
from reconciler.report.access_lines import gained, lost
from reconciler.report.access_parts import number
from reconciler.report.lines import Line
from reconciler.report.merging import accepting, merging_lines
from reconciler.report.names import listed
from reconciler.report.people import People
from reconciler.report.plain import plain
from reconciler.report.reader_table import Lowered, all_columns, reader_table
from reconciler.report.section import Section
from reconciler.report.verdict import Verdict, decisive, sentence, verdict

ROWS = 20
"""Rows of the table on the first screen; all of them are among the details."""


def first_screen(reviewed: Review, plan_counts: str) -> Iterator[Section]:
    """Verdict, table, merging; then what people gain in full, and what machinery gains."""
    people = People.of(reviewed)
    found, access = verdict(reviewed, people), decisive(reviewed)
    asked = lowered(reviewed.asked or (), reviewed.wanted, reviewed.mesh, reviewed.known_before)
    relabelled = {**asked, **lowered_by_plan(reviewed)}
    if found is not None and access is not None:
        table = reader_table(found, people, relabelled, ROWS)
        rest = found.rows - ROWS
        more = [Line(" ", f"and {rest} more rows; all of them are below")] if rest > 0 else []
        shown = table if table.rows else None
        yield Section("verdict", f"{sentence(found)}{_stops(reviewed)}", (*more, *_doubts(access, found)), table=shown)
    lines = tuple(merging_lines(reviewed, found, plan_counts))
    if lines:
        yield Section("merging", f"What {'merging' if reviewed.before is not None else 'apply'} does:", lines)
    if found is not None and access is not None:
        yield from _details(access, found, people, relabelled)


def _stops(reviewed: Review) -> str:
    """That apply will be refused, by what, and on a pull request who can accept it how."""
    rules = list(dict.fromkeys(finding.rule for finding in stopping(reviewed)))
    if not rules:
        return ""
    if reviewed.head is None:
        return f" Apply will be refused until {listed(rules)} {'is' if len(rules) == 1 else 'are'} accepted."
    named = ((rule, [plain(who) for who in acceptors(reviewed, rule, reviewed.before)]) for rule in rules)
    parts = "; ".join(f"by {rule} until {accepting(who)} it" for rule, who in named)
    return f" Apply will be refused {parts}, by approving this pull request and the comment that stands below."


def _details(access: AccessDifference, found: Verdict, people: People, relabelled: Lowered) -> Iterator[Section]:
    if found.changes_people:
        mine = replace(
            access,
            gained=tuple(entry for entry in access.gained if people.concerns(entry)),
            lost=tuple(entry for entry in access.lost if people.concerns(entry)),
            shared=(),
            unshared=(),
            admins_gained=(),
            admins_lost=(),
        )
        named = (
            *(Line("+", text) for text in gained(mine, lambda entry: all_columns("+", entry, relabelled))),
            *(Line("-", text) for text in lost(mine, lambda entry: all_columns("-", entry, relabelled))),
        )
        yield Section("access", "Access in full, column by column:", named, folded=True, detail=True)
    if found.machinery:
        others = replace(
            access,
            gained=tuple(entry for entry in access.gained if not people.concerns(entry)),
            lost=tuple(entry for entry in access.lost if not people.concerns(entry)),
        )
        lines = _told(others)
        title = f"Machinery (Meshform's roles, administrators, accounts that pass on): {number(len(lines), 'change')}."
        if lines:
            yield Section("machinery", title, lines, folded=True, detail=True)


def _told(access: AccessDifference) -> tuple[Line, ...]:
    return (*(Line("+", text) for text in gained(access)), *(Line("-", text) for text in lost(access)))


def _doubts(access: AccessDifference, found: Verdict) -> Iterator[Line]:
    """That the answer is not certain. What was not seen, and why, is told at the end of the plan."""
    if access.gaps and not found.saw_nothing:
        accounts = sorted({access.directory.label(gap.placement.account) for gap in access.gaps})
        yield Line("!", f"not certain: not everything was seen in {listed(accounts)}; the reasons are below")
