"""validate: check the documents of a mesh; AWS is not called."""

from __future__ import annotations

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_option, valid_mesh_of, write_findings
from reconciler.errors import InvalidMesh
from reconciler.model.finding import Finding


@click.command(epilog="Example: meshform validate --mesh mesh")
@click.argument("folders", nargs=-1, metavar="[FOLDERS]...")
@mesh_option
@format_option("text", "json", "sarif", "github")
@common
def command(folders: tuple[str, ...], folder: str, form: str, quiet: bool, verbose: int) -> None:
    """Check language, names and limits of a mesh. Every error comes with its file, line and column.

    `github` are the commands that a workflow prints to put findings on the lines of a pull request.
    """
    del verbose
    from reconciler.spec.load import load
    from reconciler.spec.today import today
    from reconciler.spec.yaml.parse_cache import user_parse_cache
    from reconciler.spec.yaml.source import folder_sources, text_of

    every = [
        (path, load(folder_sources(path), today(), parse_cache=user_parse_cache())) for path in folders or (folder,)
    ]
    if any(loaded.mesh is not None and loaded.mesh.policies for _, loaded in every):
        from reconciler.policy.loading import with_policies

        every = [(path, with_policies(loaded, text_of, today())) for path, loaded in every]
    failed = 0
    if form in ("sarif", "github"):
        _for_machines(form, [finding for _, loaded in every for finding in loaded.findings])
        failed = sum(loaded.mesh is None for _, loaded in every)
        every = []
    for path, loaded in every:
        if form == "json":
            # What writes plans knows of access: half of the time that a small mesh takes, so only who needs it pays.
            from reconciler.report.json_v1 import finding_json

            valid = loaded.mesh is not None
            show.data(
                {"version": 1, "valid": valid, "findings": [finding_json(finding) for finding in loaded.findings]}
            )
            failed += not valid
            continue
        mesh = valid_mesh_of(loaded)
        write_findings(loaded.findings, quiet=quiet)
        if not quiet:
            show.lines(
                [
                    f"{path} is valid: {_count(mesh.domains, 'domain')}, {_count(mesh.products, 'product')}, "
                    f"{_count(mesh.consumers, 'consumer')}, {_count(mesh.subscriptions, 'subscription')}, "
                    f"{_count(mesh.accounts, 'account')}."
                ]
            )
    if failed:
        raise InvalidMesh("The mesh is not valid. AWS was not called.")


def _for_machines(form: str, findings: list[Finding]) -> None:
    from reconciler.report.annotations import workflow_commands
    from reconciler.report.sarif import sarif
    from reconciler.spec.rule import rules

    if form == "sarif":
        show.data(sarif(findings, rules()))
    else:
        show.lines(workflow_commands(findings))


def _count(things: object, word: str) -> str:
    number = len(things)  # type: ignore[arg-type]
    return f"{number} {word}{'' if number == 1 else 's'}"
