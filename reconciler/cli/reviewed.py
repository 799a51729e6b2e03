"""reviewed: fetch the plans that were reviewed on the pull requests which a commit brings, and who approved them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from reconciler.cli import show
from reconciler.cli.options import common, mesh_option


@click.command(epilog="Example: meshform reviewed --commit HEAD --out reviewed && meshform apply --expect reviewed")
@mesh_option
@click.option("--commit", default="HEAD", show_default=True, metavar="REF", help="The commit to apply.")
@click.option("--branch", default="main", show_default=True, metavar="NAME", help="The branch that it is on.")
@click.option("--out", required=True, metavar="DIR", help="Folder for the plans and the approvals.")
@common
def command(folder: str, commit: str, branch: str, out: str, quiet: bool, verbose: int) -> None:
    """Fetch the reviewed plan of every pull request since the last commit that was applied as a whole, and who has
    approved which commit of it.

    Pull requests from forks have no plan, since a plan needs credentials; what they bring is held back by
    `meshform apply --expect DIR` until a pull request from a branch of this repository has shown it.
    """
    del verbose
    from reconciler.forge import here
    from reconciler.owners.evidence import FILE
    from reconciler.reviewing import evidence, since_last_apply, with_members
    from reconciler.whole_file import replace_file

    forge = here.forge()
    since = since_last_apply(forge, commit, branch)
    plans = {}
    for pull in since.pulls:
        plan = forge.reviewed_plan(pull)
        if plan is not None:
            plans[pull.number] = plan
        if not quiet or plan is None:
            found = "its reviewed plan" if plan is not None else "no reviewed plan; its steps will be held back"
            show.note(f"Pull request {pull.number}: {found}.")
    if not since.pulls:
        show.note("No pull request brought this commit: there is no reviewed plan.")
    collected = evidence(forge, folder, since, forge.organization)
    collected, verdict = with_members(forge, folder, collected, [*plans.values()])
    place = Path(out)
    place.mkdir(parents=True, exist_ok=True)
    for old in place.glob("plan-*.json"):
        old.unlink()
    # Approvals first: plans without them are carried out on the word of whoever gives them to apply.
    replace_file(place / FILE, f"{json.dumps(collected.as_json(), indent=2)}\n".encode())
    for number, plan in plans.items():
        replace_file(place / f"plan-{number}.json", json.dumps(plan).encode())
    for missing in verdict.missing:
        show.note(f"Held back: {missing.sentence}.")
