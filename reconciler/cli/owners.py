"""owners: write CODEOWNERS from the mesh, or check that it is right."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli import show
from reconciler.cli.options import common, mesh_of, mesh_option
from reconciler.errors import MeshformError


@click.command(epilog="Example: meshform owners --organization acme --governance data-governance")
@mesh_option
@click.option("--organization", metavar="NAME", help="GitHub organization or GitLab group whose teams the owners are.")
@click.option(
    "--governance",
    metavar="TEAM",
    help="Whom the forge asks for governance. Default: the owner of the sensitivity key, whose approval apply wants.",
)
@click.option(
    "--file",
    "path",
    metavar="FILE",
    help="Default: .github/CODEOWNERS or .gitlab/CODEOWNERS.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when the file is not as the mesh says.")
@common
def command(
    folder: str,
    organization: str | None,
    governance: str | None,
    path: str | None,
    check: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Say in CODEOWNERS who must review which document. Organization and governance are kept from run to run."""
    del verbose
    from reconciler import pipeline
    from reconciler.forge.git import codeowners_place, top
    from reconciler.owners.codeowners import codeowners, known_handles
    from reconciler.owners.handles import Handles
    from reconciler.spec.yaml.commit import folder_in_repository

    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    place = codeowners_place()
    file = Path(path) if path is not None else top() / place
    path = path or place
    old = file.read_text(encoding="utf-8") if file.is_file() else ""
    known = known_handles(old)
    name = organization or (known.organization if known else None)
    if name is None:
        raise click.UsageError("Whose teams are the owners? Give --organization NAME.")
    handles = Handles(name, governance or (known.governance if known and organization is None else None))
    new = codeowners(mesh, folder_in_repository(folder), handles)
    if new == old:
        if not quiet:
            show.lines([f"{path} is as the mesh says."])
    elif check:
        raise MeshformError(f"{path} is not as the mesh says.", hints=("`meshform owners` writes it; commit the file",))
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(new, encoding="utf-8")
        show.lines([f"Wrote {path}."])
