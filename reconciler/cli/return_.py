"""return: a subscription that nobody needs any more is given back."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli import show
from reconciler.cli.answer import answer
from reconciler.cli.options import base_option, common, mesh_option, valid_mesh_of
from reconciler.cli.proposing import need_forge, propose_removal, written


@click.command("return", epilog="Example: meshform return portfolio-report --propose")
@click.argument("subscription", metavar="[SUBSCRIPTION]", required=False)
@mesh_option
@click.option("--propose", is_flag=True, help="Open the pull request.")
@base_option
@common
def command(subscription: str | None, folder: str, propose: bool, base: str, quiet: bool, verbose: int) -> None:
    """Remove the document of SUBSCRIPTION, and say who loses what by that. The access goes with the next apply."""
    del verbose
    from reconciler import pipeline
    from reconciler.catalog.asking import subscription_of
    from reconciler.owners.documents import path_in_mesh

    need_forge(is_proposed=propose)
    before = valid_mesh_of(pipeline.load_folder(folder, is_standing=True))
    document = answer(subscription, "Which subscription", "SUBSCRIPTION", lambda text: subscription_of(before, text))
    path = path_in_mesh(before, document)
    written(folder, path, None, before, quiet=quiet, is_standing=True)
    if propose:
        body = "Nobody needs it any more. Asked for by `meshform return`."
        branch, title = f"meshform/return-{document.name}", f"Give back {document.name}"
        propose_removal(before, folder, (document,), base, branch, title, body)
    elif not quiet:
        show.hint(f"commit that {Path(folder) / path} is gone, or run this with --propose")
