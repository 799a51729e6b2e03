"""reviewed: fetch the plans that were reviewed on the pull requests which a commit brings."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import click

from reconciler.cli.options import common, mesh_option
from reconciler.errors import MeshformError

_FARTHEST = 50
"""Commits that are looked back for the last one that was applied."""


@click.command(epilog="Example: meshform reviewed --commit HEAD --out reviewed && meshform apply --expect reviewed")
@mesh_option
@click.option("--commit", default="HEAD", show_default=True, metavar="REF", help="The commit to apply.")
@click.option("--out", required=True, metavar="DIR", help="Folder for the plans.")
@common
def command(folder: str, commit: str, out: str, quiet: bool, verbose: int) -> None:
    """Fetch the reviewed plan of every pull request since the last commit that was applied as a whole.

    Pull requests from forks have none, since a plan needs credentials; what they bring is held back by
    `meshform apply --expect DIR` until a pull request from a branch of this repository has shown it.
    """
    del verbose
    from reconciler.forge import here
    from reconciler.forge.protocol import PullRequest
    from reconciler.report.outcome import status_context

    forge = here.forge()
    pulls: dict[int, PullRequest] = {}
    for number, sha in enumerate(_commits(commit)):
        if number and forge.status(sha, status_context(folder)) == "success":
            break
        pulls.update({each.number: each for each in forge.merged_by(sha)})
    place = Path(out)
    place.mkdir(parents=True, exist_ok=True)
    for pull in sorted(pulls.values(), key=lambda each: each.number):
        plan = forge.reviewed_plan(pull)
        if plan is not None:
            (place / f"plan-{pull.number}.json").write_text(json.dumps(plan), encoding="utf-8")
        if not quiet or plan is None:
            found = "its reviewed plan" if plan is not None else "no reviewed plan; its steps will be held back"
            click.echo(f"Pull request {pull.number}: {found}.", err=True)
    if not pulls:
        click.echo("No pull request brought this commit: there is no reviewed plan.", err=True)


def _commits(ref: str) -> list[str]:
    """The commits of the main line, from `ref` backwards."""
    done = subprocess.run(
        ["git", "rev-list", "--first-parent", f"--max-count={_FARTHEST}", "--end-of-options", ref, "--"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise MeshformError(f"There is no commit {ref} here: {done.stderr.strip()}")
    return done.stdout.split()
