"""fmt: bring documents into their canonical form, comments kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.options import common, mesh_of, mesh_option, write_findings
from reconciler.errors import InvalidMesh

if TYPE_CHECKING:
    from reconciler.forge.protocol import ForgeName


@click.command(epilog="Example: meshform fmt --check")
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@mesh_option
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 if a file would change.")
@click.option(
    "--teams",
    metavar="ORGANIZATION",
    help="Write a Team document for each owner who has none, with its team at GitHub, or its group at GitLab.",
)
@common
def command(paths: tuple[str, ...], folder: str, check: bool, teams: str | None, quiet: bool, verbose: int) -> None:
    """Put fields in the order of the language and indent alike. What people wrote is moved, never rewritten."""
    del verbose
    if teams is not None:
        _write_teams(folder, teams, check=check, quiet=quiet)
        return
    from reconciler.model.finding import Finding
    from reconciler.spec.language.format import formatted
    from reconciler.spec.yaml.source import sources_at
    from reconciler.whole_file import replace_file

    changed, left = [], []
    for path in paths or (folder,):
        for source in sources_at(path):
            if isinstance(source, Finding):
                write_findings([source])
                left.append(str(source.origin))
                continue
            text = formatted(source)
            if text is None:
                left.append(source.file)
            elif text != source.content:
                changed.append(source.file)
                if not check:
                    replace_file(Path(source.file), text)
    for file in changed:
        show.lines([f"{'would change' if check else 'changed'}: {file}"])
    if left:
        raise InvalidMesh(f"Left as they are, for they have errors (`meshform validate`): {', '.join(left)}")
    if check and changed:
        raise InvalidMesh(f"{len(changed)} file{'s are' if len(changed) > 1 else ' is'} not in canonical form.")
    if not changed and not quiet:
        show.lines(["Every file is in canonical form."])


def _write_teams(folder: str, organization: str, *, check: bool, quiet: bool) -> None:
    from reconciler import pipeline
    from reconciler.forge.git import codeowners_place
    from reconciler.scaffold.teams import team_documents

    mesh = mesh_of(pipeline.load_folder(folder), quiet=True)
    forge: ForgeName = "gitlab" if codeowners_place().startswith(".gitlab/") else "github"
    made = team_documents(mesh, organization, forge)
    for path, text in made.items():
        show.lines([f"{'would write' if check else 'wrote'}: {folder}/{path}"])
        if not check:
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    if check and made:
        raise InvalidMesh(f"{len(made)} owner{'s have' if len(made) > 1 else ' has'} no Team document.")
    if not made and not quiet:
        show.lines(["Every owner that can be a team has its Team document."])
