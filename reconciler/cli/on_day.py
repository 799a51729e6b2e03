"""A question about access on a day: what was asked for, what AWS had, and where they differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import show
from reconciler.cli.asked import Answer, Asked
from reconciler.cli.evidence import last_mesh, store_of
from reconciler.cli.options import valid_mesh_of
from reconciler.cli.terminal import width
from reconciler.errors import MeshformError

if TYPE_CHECKING:
    from reconciler.access import Access, AccessFact
    from reconciler.access.queries.then import FactThen
    from reconciler.aws.evidence_store import EvidenceStore
    from reconciler.history.on_day import Elsewhere, Then
    from reconciler.history.recorded import Line
    from reconciler.spec.mesh import Mesh

_TITLES = {
    "both": "As asked for",
    "asked": "Asked for, and AWS did not have it",
    "had": "AWS had it, and nobody asked for it",
}


@dataclass(frozen=True, slots=True)
class States:
    """The commit of a day on the branch `ref`, and the mesh that it has; what it asks for, and what AWS had, if a
    snapshot was `kept`; and the run before that which applied what the branch has not got, if it did."""

    ref: str
    then: Then
    mesh: Mesh
    states: tuple[Access, ...]
    kept: tuple[str, datetime] | None
    elsewhere: Elsewhere | None

    def words(self, day: date) -> list[str]:
        """Which commit and which snapshot it is, for people, and whether the branch may lack what AWS had."""
        then, ref, run = self.then, self.ref, self.elsewhere
        commit = f"commit {then.sha[:12]} of {then.at:%Y-%m-%d %H:%M} UTC, {then.title}"
        said = [f"Asked for at the end of {day} by {ref}: {commit}. {_proof(then)}", had_words(day, self.kept)]
        said += [_doubt(then.doubtful)] if then.doubtful is not None else []
        if run is not None:
            fetch = "Fetch it first. " if "/" in ref else ""
            said.append(
                f"! The run of {run.began:%Y-%m-%d %H:%M} UTC applied commit {run.commit[:12]}, "
                f"which is not in {ref} here. {fetch}Until it is, what that commit asks for is told as what nobody "
                "asked for."
            )
        return said


def _proof(then: Then) -> str:
    """Whether anything but the committer's own clock says that the branch had a commit."""
    if then.applied is not None:
        return f"Proven by the journal: the run of {then.applied:%Y-%m-%d %H:%M} UTC began on it."
    last = then.proven
    ran = (
        f"the last run by then began on {last.sha[:12]}, below it" if last is not None else "no run by then began on it"
    )
    return f"Not proven: only its committer's clock says that it was there, and {ran}."


def _doubt(each: Then) -> str:
    return (
        f"! Commit {each.sha[:12]}, {each.title}, says of itself to be of {each.at:%Y-%m-%d %H:%M} UTC. That cannot "
        "be: it lies above a later one, or that time is yet to come. It is not counted for that day."
    )


def states_on(folder: str, line: Line, store: EvidenceStore, day: date) -> States:
    """What was asked for at the end of a day, and what AWS had by the nearest kept snapshot.

    Raises MeshformError where the main branch had no mesh then.
    """
    from reconciler import pipeline
    from reconciler.access import evaluate, principal_directory
    from reconciler.history.commits import short
    from reconciler.history.on_day import applied_elsewhere, commit_on
    from reconciler.kinds import registry
    from reconciler.kinds.identitycenter.center_names import with_center_ids
    from reconciler.plan.compile import compile_mesh
    from reconciler.snapshots.keeping import looked_up, nearest

    then = commit_on(line, day, store)
    if not line.has(then.sha):
        raise MeshformError(f"On {day} the main branch had no mesh in {folder}: its commit was {then.sha[:12]}.")
    mesh = valid_mesh_of(pipeline.load_commit(folder, then.sha, on=day))
    kept = nearest(store, day)
    had = looked_up(mesh, store, kept[0]) if kept is not None else None
    # Whom the mesh calls by a name of IAM Identity Center AWS calls by an id: the two states are of the same people.
    mesh = with_center_ids(mesh, had) if had is not None else mesh
    directory = principal_directory(mesh)
    states = [evaluate(compile_mesh(mesh, registry()), directory)]
    if had is not None:
        states.append(evaluate(had, directory))
    elsewhere = applied_elsewhere(line, store, kept[1]) if kept is not None else None
    return States(short(line.ref), then, mesh, tuple(states), kept, elsewhere)


def tell(folder: str, day: date, form: str, answer: Callable[[Asked], Answer], *, quiet: bool) -> None:
    """Answer for the commit that the main branch had at the end of the day, and for the nearest kept snapshot."""
    from reconciler.access import principal_directory
    from reconciler.access.queries.find import Unknown
    from reconciler.access.queries.then import compared
    from reconciler.history.recorded import line_of
    from reconciler.report.access_json import gaps_json
    from reconciler.report.access_text import gap_lines

    line = line_of(folder)
    store = store_of(last_mesh(folder, line))
    found = states_on(folder, line, store, day)
    then, kept = found.then, found.kept
    facts: list[Sequence[AccessFact]] = []
    unknown: list[Unknown] = []
    for access in found.states:
        try:
            facts.append(answer(Asked(found.mesh, access, form, None)).facts)
        except Unknown as error:
            # What nobody asked for AWS may have, and the other way round.
            unknown.append(error)
            facts.append(())
    if len(unknown) == len(found.states):
        raise unknown[0]
    every = compared(facts[0], facts[1] if kept is not None else ())
    gaps = found.states[-1].gaps
    if form == "json":
        asked = {"branch": found.ref, "commit": then.sha, "at": then.at.isoformat(), "title": then.title}
        asked |= {"proven": then.applied.isoformat()} if then.applied is not None else {}
        if found.elsewhere is not None:
            asked["applied_elsewhere"] = found.elsewhere.commit
        had = {"snapshot": f"{store.place}/{kept[0]}", "taken": kept[1].isoformat()} if kept is not None else None
        rows = [{"state": each.state, **each.fact.as_json()} for each in every]
        show.data({"version": 1, "on": str(day), "asked": asked, "had": had, "facts": rows, "gaps": gaps_json(gaps)})
        return
    said = [*found.words(day), *gap_lines(gaps, principal_directory(found.mesh))]
    if form == "csv":
        _csv(every)
        show.lines(said if not quiet else said[1:], err=True)
    else:
        show.lines([*said, *_sections(every, form, is_known=kept is not None)])


def at_commit(folder: str, ref: str) -> Any:
    """The mesh at a commit, what had ended on its day left out."""
    from reconciler import pipeline
    from reconciler.history.on_day import commit_at
    from reconciler.history.recorded import line_of

    then = commit_at(line_of(folder), ref)
    return pipeline.load_commit(folder, then.sha, on=then.at.date())


def had_words(day: date, kept: tuple[str, datetime] | None) -> str:
    """Which snapshot it is, for people."""
    if kept is None:
        return "What AWS had is not known: no snapshot was kept. `meshform drift --keep` keeps one."
    at = kept[1]
    late = " Nothing was kept before." if at.date() > day else ""
    return f"AWS had at {at:%Y-%m-%d %H:%M} UTC, by the nearest snapshot that was kept ({kept[0]}).{late}"


def _csv(found: Sequence[FactThen]) -> None:
    from reconciler.report.access_facts import facts_rows
    from reconciler.report.table import Table, table_csv

    table = facts_rows(each.fact for each in found)
    rows = tuple((each.state, *row) for each, row in zip(found, table.rows, strict=True))
    click.echo(table_csv(Table(("state", *table.headings), rows)), nl=False)


def _sections(found: Sequence[FactThen], form: str, *, is_known: bool) -> list[str]:
    from reconciler.report.access_facts import facts_table
    from reconciler.report.table import WIDE, table_markdown, table_text

    told: list[str] = []
    for state, title in _TITLES.items():
        chosen = [each.fact for each in found if each.state == state]
        if not chosen and (state == "both" or not is_known):
            continue
        title = title if is_known else "Asked for"
        told += ["", f"{title}:" if chosen else f"{title}: nothing."]
        table = facts_table(chosen)
        if chosen:
            told += table_markdown(table) if form == "markdown" else table_text(table, width() or WIDE)
    return told or ["", "Nobody, neither asked for nor in AWS."]
