"""apply: carry out the plan in AWS."""

from __future__ import annotations

import json
from pathlib import Path

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option
from reconciler.errors import AppliedInPart, MeshformError, NotReviewed


@click.command(epilog="Example: meshform apply --expect plan.json")
@mesh_option
@click.option(
    "--expect",
    multiple=True,
    metavar="FILE",
    help="The reviewed plan in JSON: nothing else is carried out. May be repeated, for several pull requests.",
)
@click.option("--accept", multiple=True, metavar="RULE", help="Accept what this gate found. May be repeated.")
@click.option("--auto-approve", is_flag=True, help="Do not ask on the terminal.")
@format_option("text", "json")
@common
def command(
    folder: str,
    expect: tuple[str, ...],
    accept: tuple[str, ...],
    auto_approve: bool,
    form: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Plan again and carry the plan out. Asks first, unless a reviewed plan or --auto-approve is given."""
    from reconciler import pipeline
    from reconciler.aws.evidence import keep
    from reconciler.plan.reviewed import reviewed_digests
    from reconciler.report.json_v1 import plan_json
    from reconciler.report.run import run_json, run_text
    from reconciler.report.text import plan_text

    expected = reviewed_digests(*map(_document, expect)) if expect else None
    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    sessions = pipeline.sessions_for(mesh, writes=True)
    with show.progress("Reading AWS", quiet=quiet) as say:
        observation = pipeline.look(mesh, sessions, say)
    whole = pipeline.review(mesh, observation=observation)
    reviewed = whole if expected is None else pipeline.held_to(whole, expected)
    assert reviewed.plan is not None
    assert whole.plan is not None
    if form == "text" and not quiet:
        show.lines(plan_text(reviewed, verbose))
    if not reviewed.plan.is_empty and expected is None and not auto_approve:
        click.confirm("Carry this out?", abort=True, err=True)
    with show.progress("Writing to AWS", quiet=quiet) as say:
        run = pipeline.carry_out(
            reviewed,
            sessions,
            accepted=accept,
            progress=lambda outcome: say(str(outcome.step.address)),
        )
    where = keep(mesh, sessions, run, accept)
    if form == "json":
        show.data({**plan_json(reviewed), "run": run_json(run), "journal": where})
    else:
        show.lines(run_text(run, where))
    if run.failed:
        raise AppliedInPart("Some steps were not done; what was done stays. `meshform plan` shows what remains.")
    if reviewed.plan.held != whole.plan.held:
        raise NotReviewed("Steps that were not in the reviewed plan were not carried out. Review them and apply again.")


def _document(path: str) -> dict[str, object]:
    """A reviewed plan. Raises MeshformError for a file that is none."""
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MeshformError(f"The reviewed plan {path} cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise MeshformError(f"The reviewed plan {path} is not a plan made by `meshform plan --format json`.")
    return document
