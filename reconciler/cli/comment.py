"""comment: write or edit the comment of a pull request."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.options import author_option, changed_option, common, mesh_option
from reconciler.cli.pull_request import pull_request_review
from reconciler.whole_file import replace_file

if TYPE_CHECKING:
    from reconciler.forge.protocol import PullRequest


@click.command(epilog="Example: meshform comment --base HEAD^1 --pull-request 12 --save plan.json")
@mesh_option
@click.option("--base", default="HEAD^1", show_default=True, metavar="REF", help="What the pull request starts from.")
@click.option("--pull-request", "number", type=int, metavar="NUMBER", help="Default: that of the workflow's event.")
@click.option("--fork", is_flag=True, help="Read the merge of the pull request from git, as data; AWS is not asked.")
@click.option("--offline", is_flag=True, help="AWS is not asked: only what the documents say.")
@changed_option
@click.option("--save", metavar="FILE", help="Write the plan as JSON, for `meshform apply --expect`.")
@click.option("--print", "only_print", is_flag=True, help="Write the comment to stdout, not to GitHub.")
@author_option
@common
def command(
    folder: str,
    base: str,
    number: int | None,
    fork: bool,
    offline: bool,
    changed_since: str | None,
    save: str | None,
    only_print: bool,
    author: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Say on the pull request what merging it would change, who gains and loses access, and who must approve.

    There is one comment for each mesh; it is edited in place. A mesh with errors is commented too, and exits with 1.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.errors import InvalidMesh
    from reconciler.forge import here
    from reconciler.report.comment import LIMIT, SUMMARY_LIMIT, Where, comment, refusal
    from reconciler.report.json_v1 import plan_json

    job = here.job()
    pull = here.forge().pull_request(number) if fork or not only_print else None
    commit, base = _fetched(folder, pull) if fork and pull else (None, base)
    loaded = pipeline.load_commit(folder, commit) if commit else pipeline.load_folder(folder)
    made_for = commit or job.commit
    where = Where(
        folder,
        commit=made_for,
        rest=f"[the summary of the run]({job.url}) has more" if job.url else Where().rest,
        files=job.files_url(made_for) if made_for else None,
    )
    reviewed = pull_request_review(
        folder, loaded, changed_since or base, offline=offline or fork, narrow=changed_since is not None, quiet=quiet
    )
    if reviewed is not None and pull is not None and not pull.is_fork:
        reviewed = replace(reviewed, head=pull.head)

    def body(limit: int) -> str:
        return comment(reviewed, where, limit) if reviewed else refusal(loaded.findings, where, limit)

    if pull is None:
        click.echo(body(LIMIT))
    else:
        _post(pull, where.marker, body(LIMIT), author, quiet=quiet)
    here.add_summary(body(SUMMARY_LIMIT))
    if reviewed is None:
        raise InvalidMesh("The mesh is not valid. AWS was not called.")
    if save:
        document = {**plan_json(reviewed), "commit": made_for, "pull_request": pull.number if pull else None}
        replace_file(Path(save), f"{json.dumps(document, indent=2, default=str)}\n".encode())


def _fetched(folder: str, pull: PullRequest) -> tuple[str, str]:
    """The merge commit of a pull request and its base."""
    from reconciler.forge.here import forge

    commit = forge().merge_commit(Path(folder).resolve(), pull)
    return commit, f"{commit}^1"


def _post(pull: PullRequest, marker: str, body: str, author: str | None, *, quiet: bool) -> None:
    from reconciler.forge.here import forge

    posted = forge().upsert_comment(pull.number, marker, lambda _: body, author)
    if not quiet:
        click.echo(f"{'Made' if posted.created else 'Edited'} {posted.url}")
