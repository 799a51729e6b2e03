"""ci: everything that a pull request is checked for, in any CI, with the comment on stdout."""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from pathlib import Path

import click

from reconciler.cli.options import common, mesh_option, write_findings
from reconciler.cli.pull_request import pull_request_review
from reconciler.errors import InvalidMesh, MeshformError


@click.command(epilog="Example: meshform ci --save plan.json > comment.md")
@mesh_option
@click.option(
    "--base",
    metavar="REF",
    help="The branch that the change leads to. Default: what the CI says, as origin/BRANCH. The change is what came "
    "since they parted.",
)
@click.option("--offline", is_flag=True, help="AWS is not asked: only what the documents say.")
@click.option("--save", metavar="FILE", help="Write the plan as JSON, for `meshform apply --expect`.")
@click.option(
    "--detailed-exitcode", is_flag=True, help="Exit with 2 when there are changes, with 3 when a gate would stop them."
)
@common
@click.pass_context
def command(
    context: click.Context,
    folder: str,
    base: str | None,
    offline: bool,
    save: str | None,
    detailed_exitcode: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Check a change whole: validate, run the examples of the policies, hold CODEOWNERS to the mesh, and write to
    stdout the comment that says what merging would change, who gains and loses access, and who must approve.

    For CIs that Meshform has no client for. Exits with 1 when a check fails, after all of them. Findings go to stderr.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.forge import here
    from reconciler.report.comment import LIMIT, Where, comment, refusal
    from reconciler.report.json_v1 import plan_json

    loaded = pipeline.load_folder(folder)
    write_findings(loaded.findings, quiet=quiet)
    job = here.job(folder)
    where = Where(folder, commit=job.commit)
    start = _base(base)
    reviewed = pull_request_review(folder, loaded, start, offline=offline, narrow=False, quiet=quiet)
    if reviewed is None:
        click.echo(refusal(loaded.findings, where, LIMIT))
        raise InvalidMesh("The mesh is not valid. AWS was not called.")
    click.echo(comment(reviewed, where, LIMIT))
    if save:
        text = json.dumps({**plan_json(reviewed), "commit": job.commit}, indent=2, default=str)
        Path(save).write_text(text + "\n", encoding="utf-8")
    with redirect_stdout(sys.stderr):
        _rest(context, folder, start)
    changes = bool(reviewed.asked) if reviewed.plan is None else not reviewed.plan.is_empty
    if detailed_exitcode and any(finding.severity == "error" for finding in reviewed.findings):
        context.exit(3)
    if detailed_exitcode and changes:
        context.exit(2)


def _base(given: str | None) -> str:
    """The commit from which the change starts."""
    from reconciler.forge.anywhere import target_branch
    from reconciler.forge.git import parted_at

    branch = target_branch()
    if given is None and branch is None:
        raise click.UsageError("Where does the change lead to? Give --base REF; this CI does not say it.")
    ref = given or f"origin/{branch}"
    commit = parted_at(ref)
    if commit is None:
        raise MeshformError(
            f"git does not find where this change left {ref}.",
            hints=(f"fetch the history of both: `git fetch --unshallow origin {branch or ref}`",),
        )
    return commit


def _rest(context: click.Context, folder: str, start: str) -> None:
    """The examples of the policies and CODEOWNERS, where it was or is `meshform owners` that made it: both are looked
    at, then one error is raised."""
    from reconciler.cli.owners import command as owners
    from reconciler.cli.policy import test_command
    from reconciler.forge.git import file_at, top
    from reconciler.owners.codeowners import known_handles
    from reconciler.owners.resolve import PLACES

    wrong: list[MeshformError] = []
    try:
        context.invoke(test_command, names=(), folder=folder, quiet=True, verbose=0)
    except MeshformError as error:
        wrong.append(error)
    for place in PLACES:
        file = top() / place
        before, now = file_at(start, [place]), file.read_text(encoding="utf-8") if file.is_file() else ""
        handles = known_handles(now) or known_handles(before)
        if handles is None:
            continue
        try:
            context.invoke(
                owners,
                folder=folder,
                organization=handles.organization,
                governance=handles.governance,
                path=str(file),
                check=True,
                quiet=True,
                verbose=0,
            )
        except MeshformError as error:
            wrong.append(error)
    if wrong:
        raise MeshformError(" ".join(map(str, wrong)), hints=[hint for error in wrong for hint in error.hints])
