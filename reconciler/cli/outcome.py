"""outcome: say on pull requests and on the commit how apply ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from reconciler.cli.options import author_option, common, mesh_option
from reconciler.errors import MeshformError
from reconciler.model.plain_json import NotJson, plain_json
from reconciler.whole_file import read_file


@click.command(epilog="Example: meshform outcome outcome.json --reviewed reviewed")
@click.argument("file", metavar="FILE")
@mesh_option
@click.option("--reviewed", metavar="DIR", help="The reviewed plans: their pull requests are told.")
@click.option("--commit", metavar="SHA", help="Whose status is set. Default: GITHUB_SHA.")
@author_option
@common
def command(
    file: str, folder: str, reviewed: str | None, commit: str | None, author: str | None, quiet: bool, verbose: int
) -> None:
    """Tell what `meshform apply --outcome FILE` has written. Without the file: apply did not even begin."""
    del verbose
    from reconciler.forge import here
    from reconciler.report.comment import Where
    from reconciler.report.outcome import ending, status_context, with_outcome_banner

    forge, job = here.forge(), here.job()
    end = ending(_outcome(file))
    made_for, marker = commit or job.commit, Where(folder).marker
    for number in _numbers(reviewed):
        forge.upsert_comment(
            number, marker, lambda body: with_outcome_banner(body, marker, end, made_for, job.url), author
        )
    if made_for:
        forge.post_status(made_for, status_context(folder), end.state, end.sentence, job.url)
    if not quiet:
        click.echo(end.sentence)


def _outcome(file: str) -> dict[str, Any]:
    try:
        data = plain_json(read_file(Path(file)))
    except (OSError, NotJson):
        return {"exit_code": 1, "message": "Apply ended before it could say how; its run has the reason."}
    if not isinstance(data, dict) or "exit_code" not in data:
        raise MeshformError(f"{file} was not written by `meshform apply --outcome`.")
    return data


def _numbers(reviewed: str | None) -> list[int]:
    """The pull requests of the reviewed plans in a folder."""
    from reconciler.plan.reviewed import pull_requests, reviewed_plan

    files = sorted(Path(reviewed).glob("*.json")) if reviewed else []
    return sorted(pull_requests(reviewed_plan(read_file(path), str(path)) for path in files))
