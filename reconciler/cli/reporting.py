"""What reports are made from, and how they are written: the mesh, its history, its evidence."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import show
from reconciler.cli.evidence import last_mesh, store_of, to_keep
from reconciler.cli.options import valid_mesh_of
from reconciler.cli.signed_in import signed_in
from reconciler.errors import MeshformError

if TYPE_CHECKING:
    from reconciler.access import AccessFact
    from reconciler.audit.changes import Seen
    from reconciler.audit.report import Part, Provenance, Report
    from reconciler.aws.evidence_store import EvidenceStore
    from reconciler.history.event import Event
    from reconciler.history.recorded import Line
    from reconciler.spec.mesh import Mesh

Facts = Iterable[tuple[str, "AccessFact"]]


@dataclass(frozen=True, slots=True)
class Basis:
    """`line` is None outside of git: then nobody knows by which pull request anything came."""

    folder: str
    mesh: Mesh
    line: Line | None
    store: EvidenceStore
    part: Part

    def events(self, since: date | None = None, until: date | None = None) -> list[Event]:
        """The history of everything."""
        from reconciler.history.matter import Matter
        from reconciler.history.recorded import recorded

        if self.line is None:
            return []
        with recorded(self.line, self.folder, self.store) as known:
            for each in known.troubles:
                show.note(f"warning: {each}")
            return known.history(Matter(), since, until)

    def made(self) -> list[tuple[str, str, str]]:
        """What runs made and took away; see `Recorded.made`."""
        from reconciler.history.recorded import recorded

        if self.line is None:
            return []
        with recorded(self.line, self.folder, self.store) as known:
            return known.made()

    def provenance(self, until: date | None = None) -> Provenance:
        """By which pull requests documents came to be as they are, or were at the end of a day."""
        from reconciler.audit.report import provenance

        return provenance(self.events(None, until))


def basis_of(folder: str, domain: str, consumer: str, label: str) -> Basis:
    """What a report of this part of a mesh is made from. MeshformError for a domain or consumer that is none."""
    from reconciler import pipeline
    from reconciler.audit.report import Part
    from reconciler.history.recorded import line_of
    from reconciler.spec.suggest import did_you_mean

    try:
        line = line_of(folder)
    except MeshformError:
        line = None
    mesh = last_mesh(folder, line) if line is not None else valid_mesh_of(pipeline.load_folder(folder))
    for word, names in ((domain, mesh.domains), (consumer, mesh.consumers)):
        if word and word not in names:
            raise MeshformError(f"The mesh has no {word}{did_you_mean(word, names)}. It has: {', '.join(names)}.")
    return Basis(folder, mesh, line, store_of(mesh), Part(domain, consumer, label))


def facts_now(basis: Basis, *, live: bool, quiet: bool) -> tuple[Facts, list[str]]:
    """What the mesh asks for, or what AWS has, and the words for it."""
    from reconciler import pipeline
    from reconciler.access import evaluate, facts_of, principal_directory
    from reconciler.kinds import registry
    from reconciler.kinds.identitycenter.center_names import with_center_ids
    from reconciler.plan.compile import compile_mesh
    from reconciler.plan.understood import live_access

    mesh = basis.mesh
    if not live:
        access = evaluate(compile_mesh(mesh, registry()), principal_directory(mesh))
        return (("asked", fact) for fact in facts_of(access, mesh)), ["What the mesh asks for."]
    sessions = signed_in(mesh, writes=False)
    with show.progress("Reading AWS", quiet=quiet) as say:
        observation = pipeline.look(mesh, sessions, say)
    mesh = with_center_ids(mesh, observation)
    access = live_access(mesh, observation)
    return (("had", fact) for fact in facts_of(access, mesh)), ["What AWS has.", *_unseen(access.gaps)]


def facts_on(basis: Basis, day: date) -> tuple[Facts, list[str]]:
    """What was asked for on a day and what AWS had, and the words for it."""
    from reconciler.access import facts_of
    from reconciler.access.queries.then import compared
    from reconciler.cli.on_day import states_on

    if basis.line is None:
        raise MeshformError(f"{basis.folder} is not in a git repository, so what was asked for then is not known.")
    found = states_on(basis.folder, basis.line, basis.store, day)
    facts = [list(facts_of(access, found.mesh)) for access in found.states]
    every = compared(facts[0], facts[1] if found.kept else ())
    gaps = found.states[-1].gaps
    said = [*found.words(day), *_unseen(gaps)]
    return ((each.state, each.fact) for each in every), said


def changed_by_hand(basis: Basis, since: date | None, until: date | None) -> tuple[list[Any], str]:
    """What changed between kept snapshots by no run, and how many there were to tell by."""
    from itertools import pairwise

    from reconciler.audit.changes import by_hand
    from reconciler.snapshots.keeping import FOLDER, taken_at

    known = sorted((at, name) for name in basis.store.names(FOLDER, below=True) if (at := taken_at(name)))
    # The last one before the time is what the first one in it is compared with.
    first = max((at for at, _ in known if since and at.date() < since), default=None)
    chosen = [
        (at, name) for at, name in known if (first is None or at >= first) and (until is None or at.date() <= until)
    ]
    events, made, rows = basis.events(), basis.made(), list[Any]()
    for before, after in pairwise(_seen(basis, chosen)):
        rows += by_hand(before, after, events, made, basis.mesh)
    if len(chosen) < 2:
        return rows, "What was changed by hand is not known: fewer than two snapshots were kept."
    return rows, f"By hand: by {len(chosen)} kept snapshots from {chosen[0][0]:%Y-%m-%d} to {chosen[-1][0]:%Y-%m-%d}."


def _seen(basis: Basis, chosen: Iterable[tuple[datetime, str]]) -> Iterator[Seen]:
    from reconciler.access import evaluate, principal_directory
    from reconciler.audit.changes import Seen
    from reconciler.kinds.identitycenter.center_names import with_center_ids
    from reconciler.snapshots.keeping import looked_up

    for at, name in chosen:
        observation = looked_up(basis.mesh, basis.store, name)
        directory = principal_directory(with_center_ids(basis.mesh, observation))
        yield Seen(at, observation, evaluate(observation, directory))


def _unseen(gaps: Iterable[Any]) -> list[str]:
    told = [f"{gap.kind} in {gap.placement}: {gap.reason}" for gap in gaps]
    return [f"Not everything was seen, so there may be more: {'; '.join(told[:3])}."] if told else []


def write(basis: Basis, report: Report, form: str, out: Path | None, *, quiet: bool) -> None:
    """Write a report; into a file with the digest in the journal."""
    from reconciler.audit.proof import record

    body = _body(report, form)
    if out is None:
        click.echo(body, nl=False)
        return
    by = _who(basis)
    store, key = to_keep(basis.mesh)
    where = record(
        store,
        body.encode(),
        {"report": report.name, "at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "by": by, "format": form,
         "mesh": basis.mesh.name, "rows": len(report.rows), "about": list(report.about)},
        key,
    )  # fmt: skip
    # Only now: a file that the journal does not know would look like a report.
    out.write_text(body, encoding="utf-8", newline="")
    if not quiet:
        show.note(f"Wrote {out}: {len(report.rows)} rows. Its digest is in {where}.")


def _who(basis: Basis) -> str:
    from reconciler.forge.here import job

    return job(basis.folder).actor or "somebody"


def _body(report: Report, form: str) -> str:
    from reconciler.audit.html import page
    from reconciler.cli.terminal import width
    from reconciler.report.table import WIDE, Table, table_csv, table_text

    names = report.headings
    if form == "html":
        return page(report)
    if form == "json":
        rows = [{name: row[name] for name in names} for row in report.rows]
        document = {"version": 1, "report": report.name, "about": list(report.about), "rows": rows}
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if form == "csv":
        return table_csv(Table(names, tuple(tuple(str(row[name]) for name in names) for row in report.rows)))
    told = [name for name in names if any(row[name] for row in report.rows)]
    page_ = io.StringIO()
    page_.writelines(f"{line}\n" for line in (report.title, *report.about, ""))
    if report.rows:
        table = Table(
            tuple(name.replace("_", " ") for name in told),
            tuple(tuple(str(row[name]) for name in told) for row in report.rows),
        )
        page_.writelines(f"{line}\n" for line in table_text(table, width() or WIDE))
    else:
        page_.write("Nothing.\n")
    return page_.getvalue()
