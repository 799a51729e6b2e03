"""catalog: the data products as a site that people can read, search, and ask from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import show
from reconciler.cli.options import common, mesh_of, mesh_option
from reconciler.cli.site_choices import site_options

if TYPE_CHECKING:
    from reconciler.spec.mesh import Mesh


@click.group(epilog="Example: meshform catalog build --out site")
def command() -> None:
    """The data products as a site: what there is, what it means, who reads it, and how to ask for it."""


@command.command("build", epilog="Example: meshform catalog build --out site --public")
@mesh_option
@click.option("--out", required=True, metavar="FOLDER", type=click.Path(path_type=Path), help="Where to write it.")
@site_options
@common
def build_command(folder: str, out: Path, quiet: bool, verbose: int, **how: Any) -> None:
    """Write the site into a folder. It needs no server: open index.html, or publish the folder as it is."""
    del verbose
    from reconciler.catalog.site.output import write
    from reconciler.catalog.site.render import site
    from reconciler.cli.site_choices import choices_of

    mesh = _mesh(folder)
    count = write(site(mesh, choices_of(mesh, folder, quiet=quiet, **how)), out)
    if not quiet:
        show.lines([f"{count} files in {out}. Open {out / 'index.html'}."])


@command.command("serve", epilog="Example: meshform catalog serve --port 8000")
@mesh_option
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="On this machine only.")
@site_options
@common
def serve_command(folder: str, port: int, quiet: bool, verbose: int, **how: Any) -> None:
    """Show the site on this machine. A page that is open shows by itself what you change."""
    del verbose
    from reconciler.catalog.site.render import site
    from reconciler.catalog.site.serving import Served, server
    from reconciler.cli.site_choices import choices_of

    choices = choices_of(_mesh(folder), folder, quiet=quiet, **how)
    served = Served(Path(folder), lambda: dict(site(_mesh(folder), choices)), click.echo)
    with server(served, port) as running:
        show.lines([f"The catalog is at http://127.0.0.1:{running.server_port}/. Ctrl-C ends it."])
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            show.lines([""])


def _mesh(folder: str) -> Mesh:
    from reconciler import pipeline

    mesh: Mesh = mesh_of(pipeline.load_folder(folder), quiet=True)
    return mesh
