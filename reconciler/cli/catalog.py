"""catalog: the data products as a site that people can read, search, and ask from."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli.options import common, mesh_of, mesh_option

if TYPE_CHECKING:
    from reconciler.catalog.site.pages import Choices
    from reconciler.spec.mesh import Mesh

_PUBLIC = "Leave out who reads what: consumers, principals and subscriptions."


def _site_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(
        (
            click.option("--public", is_flag=True, help=_PUBLIC),
            click.option(
                "--repository",
                metavar="URL",
                help="Where the mesh lives, such as https://github.com/bank/mesh: requests open there, filled in. "
                "Default: what GitHub Actions say.",
            ),
            click.option("--branch", default="main", show_default=True, metavar="NAME", help="Its main branch."),
            click.option(
                "--history", type=click.IntRange(1, 3660), metavar="DAYS", help="With what changed in so long."
            ),
        )
    ):
        command = option(command)
    return command


@click.group(epilog="Example: meshform catalog build --out site")
def command() -> None:
    """The data products as a site: what there is, what it means, who reads it, and how to ask for it."""


@command.command("build", epilog="Example: meshform catalog build --out site --public")
@mesh_option
@click.option("--out", required=True, metavar="FOLDER", type=click.Path(path_type=Path), help="Where to write it.")
@_site_options
@common
def build_command(
    folder: str,
    out: Path,
    public: bool,
    repository: str | None,
    branch: str,
    history: int | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Write the site into a folder. It needs no server: open index.html, or publish the folder as it is."""
    del verbose
    from reconciler.catalog.site.output import write
    from reconciler.catalog.site.render import site

    mesh, choices = _mesh(folder), _choices(folder, public, repository, branch, history)
    count = write(site(mesh, choices), out)
    if not quiet:
        click.echo(f"{count} files in {out}. Open {out / 'index.html'}.")


@command.command("serve", epilog="Example: meshform catalog serve --port 8000")
@mesh_option
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="On this machine only.")
@_site_options
@common
def serve_command(
    folder: str,
    port: int,
    public: bool,
    repository: str | None,
    branch: str,
    history: int | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Show the site on this machine. Reload a page after you have changed a document."""
    del verbose, quiet
    from reconciler.catalog.site.render import site
    from reconciler.catalog.site.serving import Served, server

    choices = _choices(folder, public, repository, branch, history)
    served = Served(Path(folder), lambda: dict(site(_mesh(folder), choices)), click.echo)
    with server(served, port) as running:
        click.echo(f"The catalog is at http://127.0.0.1:{running.server_port}/. Ctrl-C ends it.")
        try:
            running.serve_forever()
        except KeyboardInterrupt:
            click.echo("")


def _mesh(folder: str) -> Mesh:
    from reconciler import pipeline

    mesh: Mesh = mesh_of(pipeline.load_folder(folder), quiet=True)
    return mesh


def _choices(folder: str, public: bool, repository: str | None, branch: str, history: int | None) -> Choices:
    from reconciler.catalog.site.forges import new_file_page
    from reconciler.catalog.site.pages import Choices
    from reconciler.spec.today import today

    name = os.environ.get("GITHUB_REPOSITORY")
    if repository is None and name:
        repository = f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}"
    page = new_file_page(repository, branch, folder) if repository else ""
    return Choices(today(), public, page, _events(folder, history) if history else ())


def _events(folder: str, days: int) -> tuple[dict[str, Any], ...]:
    """What was asked in the last days, as the main branch and the journal tell it."""
    from reconciler.cli.evidence import line_and_store
    from reconciler.history.index import FILE
    from reconciler.history.matter import Matter
    from reconciler.history.recorded import recorded
    from reconciler.spec.today import today

    line, store, shown = line_and_store(folder, None, quiet=True)
    with recorded(line, shown, store, FILE) as known:
        found = known.history(Matter("", ""), today() - timedelta(days=days), None)
        return tuple(each.as_json() for each in found if each.event == "asked")
