"""renew: a subscription goes on until another day."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli import show
from reconciler.cli.answer import answer, last_day, need
from reconciler.cli.options import base_option, common, mesh_option, valid_mesh_of
from reconciler.cli.proposing import need_forge, say_who_approves, written
from reconciler.cli.proposing import propose as propose_document
from reconciler.errors import MeshformError


@click.command(epilog="Example: meshform renew portfolio-report --until 2028-06-30 --propose")
@click.argument("subscription", metavar="[SUBSCRIPTION]", required=False)
@mesh_option
@click.option("--until", metavar="DATE", help="Its new last day.")
@click.option("--propose", is_flag=True, help="Open the pull request.")
@base_option
@common
def command(
    subscription: str | None, folder: str, until: str | None, propose: bool, base: str, quiet: bool, verbose: int
) -> None:
    """Write another last day into SUBSCRIPTION, say what that opens, and who must approve it.

    A later day is not what its `approval` was for, so that is taken out; nothing else is changed. It can be an earlier
    day, too; one that has ended already is renewed until somebody removes its document.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.catalog.asking import subscription_of
    from reconciler.owners.documents import path_in_mesh
    from reconciler.spec.yaml.edit import with_field, without
    from reconciler.spec.yaml.source import text_of

    need_forge(is_proposed=propose)
    need({"SUBSCRIPTION": subscription, "--until": until})
    before = valid_mesh_of(pipeline.load_folder(folder, is_standing=True))
    document = answer(subscription, "Which subscription", "SUBSCRIPTION", lambda text: subscription_of(before, text))
    last = answer(until, "Its new last day, such as 2027-06-30", "--until", last_day)
    path = path_in_mesh(before, document)
    text = with_field(text_of(document.origin.file), "expires", str(last))
    is_longer = document.expires is not None and last > document.expires
    if text is not None and is_longer and document.approval is not None:
        text = without(text, ("approval",))
    if text is None:
        raise MeshformError(
            f"{document.origin}: write `expires: {last}` by hand, without `approval`; this file is in one line."
        )
    after = written(folder, path, text, before, quiet=quiet)
    if is_longer and document.approval is not None and not quiet:
        show.note(
            f"Its approval by {document.approval.by} of {document.approval.at} was until {document.expires}: taken out."
        )
    say_who_approves(before, after)
    if propose:
        branch, title = f"meshform/renew-{document.name}", f"Renew {document.name} until {last}"
        was = f"until {document.expires}" if document.expires else "without an end"
        propose_document(folder, path, text, base, branch, title, f"It ran {was}. Asked for by `meshform renew`.")
    elif not quiet:
        show.hint(f"commit {Path(folder) / path} and open a pull request, or run this with --propose")
