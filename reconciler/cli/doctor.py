"""doctor: find out what of our assumptions about AWS holds in these accounts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option
from reconciler.cli.signed_in import signed_in


@click.command(epilog="Example: meshform doctor --raw answers.json --disguise")
@mesh_option
@click.option("--trial", is_flag=True, help="Besides, make something small in two accounts, and take it away.")
@click.option("--undo", is_flag=True, help="Take away what a trial that was broken off has left.")
@click.option("--raw", metavar="FILE", help="Write every request with its answer, word for word.")
@click.option("--disguise", is_flag=True, help="Replace account ids, names and addresses in that file.")
@format_option("text", "json")
@common
def command(
    folder: str, trial: bool, undo: bool, raw: str | None, disguise: bool, form: str, quiet: bool, verbose: int
) -> None:
    """Ask the accounts what AWS documents nowhere, before the first apply relies on it. Without --trial it only reads.

    Each line is an assumption of docs/assumptions.md: confirmed, refuted or unknown, and what was seen. Exits with 1
    where one is refuted without which an apply would not get through.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.doctor import examine, remembered, report, trial_run
    from reconciler.doctor.disguise import disguised
    from reconciler.errors import Incomplete, MeshformError

    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    signed_in(mesh, writes=False)
    asked: list[dict[str, Any]] = []
    patient = examine.patient_of(mesh, asked)
    known = {**examine.assumptions(), **{each.id: each for each in trial_run.ASSUMPTIONS}}
    try:
        closed = patient.shut(patient.apply) if trial or undo else ""
        if undo and closed:
            raise MeshformError(f"Nothing was taken away: {closed}.")
        if undo:
            for line in trial_run.undo(patient):
                click.echo(line)
            return
        with show.progress("Asking AWS", quiet=quiet) as progress:
            found = list(examine.examine(patient, progress))
        stops = examine.blockers(found, known)
        if trial and stops:
            show.note("No trial is made while a blocker is refuted.")
        elif trial and not closed:
            by_trial = list(trial_run.answers(patient))
            told = {each.id for each in by_trial if each.verdict != "unknown"}
            found = [*(each for each in found if each.id not in told), *by_trial]
    finally:
        if raw is not None:
            data = disguised(asked) if disguise else asked
            Path(raw).write_text(json.dumps(data, indent=2, default=str) + "\n", encoding="utf-8")
    if form == "json":
        show.data(report.report_json(found, known))
    else:
        show.lines(report.report_text(found, known))
    if stops := examine.blockers(found, known):
        remembered.remember(mesh)
        raise MeshformError(f"An apply would not get through: {', '.join(sorted({each.id for each in stops}))}.")
    if unseen := patient.shut(patient.plan) and patient.shut(patient.apply):
        raise Incomplete(f"Nothing was seen of the accounts, so nothing can be said of them: {unseen}.")
    remembered.remember(mesh)
    if closed and trial:
        raise Incomplete(f"No trial was made: {closed}.")
