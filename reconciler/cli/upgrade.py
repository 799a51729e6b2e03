"""upgrade: bring a mesh repository to this version of Meshform, and say what that changes."""

from __future__ import annotations

import os
from pathlib import Path

import click

from reconciler.cli import show
from reconciler.cli.options import common, mesh_option


@click.command(epilog="Example: uvx --from 'meshform @ git+https://HOST/OWNER/REPO@COMMIT' meshform upgrade")
@mesh_option
@click.option(
    "--meshform-source",
    "source",
    metavar="SOURCE",
    help="Where the repository gets this Meshform from, as for `meshform init`. Default: where this one came from.",
)
@click.option("--workflows", is_flag=True, help="Write the workflows and the Makefile anew, too; your edits go.")
@click.option("--check", is_flag=True, help="Change nothing; exit with 2 if something would change.")
@common
@click.pass_context
def command(
    context: click.Context, folder: str, source: str | None, workflows: bool, check: bool, quiet: bool, verbose: int
) -> None:
    """Say what this version's language takes otherwise, move fields that have another name now, and write schemas and
    locks anew. Run the new version, in the mesh repository; then look at `git diff`.
    """
    del verbose
    from reconciler.report.hints import hint_lines
    from reconciler.scaffold.source import own_source, put_wheel, requirement
    from reconciler.scaffold.upgrade import upgrade

    mesh = Path(folder)
    repository = mesh.resolve().parent
    source = source or own_source()
    found = upgrade(repository, mesh.resolve().name, requirement(source) if source else None, workflows=workflows)
    if found.language is None:
        said = ["The repository has no schemas/: what changed in the language is not known."]
    else:
        count = len(found.language)
        said = [
            f"{count} change{'s' if count != 1 else ''} of the language:",
            *(f"  {each}" for each in found.language),
        ]
    show.lines(said if found.language != () else ["The language is as it was."])
    for path, text in found.files.items():
        if not check:
            file = repository / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8", "surrogateescape"))
        names = ", ".join(f"{each} is {each.name} now" for each in found.moved.get(path, ()))
        verb = "would change" if check else "changed"
        show.lines([f"{verb}: {os.path.relpath(repository / path)}{f' ({names})' if names else ''}"])
    if source and not check:
        put_wheel(source, repository)
    if found.left:
        show.lines([f"Left as they are, though this version makes them otherwise: {', '.join(found.left)}"])
        for line in hint_lines(
            ("`meshform upgrade --workflows` writes them anew; `git diff` shows what of yours went",)
        ):
            show.lines([line])
    if source is None and (repository / "requirements.txt").is_file():
        show.lines(
            ["requirements.txt stays: where this Meshform came from is not known (`--meshform-source`)."], err=True
        )
    if not found.files and not quiet:
        show.lines(["Nothing to write: the repository is as this version makes it."])
    if check and found.files:
        context.exit(2)
