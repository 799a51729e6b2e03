"""request: ask for data."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli import show
from reconciler.cli.answer import answer, last_day, need
from reconciler.cli.options import base_option, common, mesh_option, valid_mesh_of
from reconciler.cli.proposing import need_forge, say_who_approves, written
from reconciler.cli.proposing import propose as propose_document
from reconciler.errors import MeshformError

_LABEL, _LAST = "Up to which label (empty: the least sensitive)", "Last day, such as 2027-06-30 (empty: no end)"


@click.command(
    epilog='Example: meshform request credit-profile --for analytics-coe/data-scientist --up-to internal --why "..."'
)
@click.argument("product", metavar="[PRODUCT]", required=False)
@mesh_option
@click.option("--for", "readers", multiple=True, metavar="CONSUMER/PRINCIPAL", help="Who reads. May be repeated.")
@click.option("--up-to", metavar="LABEL", help="Columns up to this sensitivity. Default: the least sensitive ones.")
@click.option("--columns", metavar="A,B", help="Instead: these columns, as table.column.")
@click.option("--rows", metavar="CONDITION", help="With --columns: these rows only, such as credit_risk = 1.")
@click.option("--why", metavar="TEXT", help="What for, in a sentence.")
@click.option("--until", metavar="DATE", help="Last day. Default: without an end.")
@click.option("--name", metavar="NAME", help="Name of the subscription. Default: made from product and principal.")
@click.option("--propose", is_flag=True, help="Open the pull request.")
@base_option
@common
def command(
    product: str | None,
    folder: str,
    readers: tuple[str, ...],
    up_to: str | None,
    columns: str | None,
    rows: str | None,
    why: str | None,
    until: str | None,
    name: str | None,
    propose: bool,
    base: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Ask for data: write the subscription to PRODUCT, say which columns it gives, and who must approve it.

    On a terminal it asks for what is not given, and again where an answer is wrong, with the reason. Nothing is written
    where an answer is wrong.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.catalog.asking import Wish, asked, label_of, product_of, readers_of
    from reconciler.catalog.asking import purpose as purpose_of

    need_forge(is_proposed=propose)
    said = ",".join(readers) or None
    need({"PRODUCT": product, "--for": said, "--why": why})
    before = valid_mesh_of(pipeline.load_folder(folder))
    chosen = answer(product, "Which product", "PRODUCT", lambda text: product_of(before, text))
    who = answer(said, "Who reads (consumer/principal)", "--for", lambda text: readers_of(before, _split(text)))
    purpose = answer(why, "What for, in a sentence", "--why", purpose_of)
    picked = tuple(_split(columns or ""))
    label = up_to if picked else answer(up_to, _LABEL, "--up-to", lambda text: text and label_of(before, text), "")
    last = answer(until, _LAST, "--until", lambda text: last_day(text) if text else None, "")
    wish = Wish(chosen, who[0], who[1], purpose, last, label or None, picked, rows, name or "")
    document = asked(before, wish)
    path = Path(folder) / document.path
    if path.exists():
        raise MeshformError(f"{path} is there already, and was not overwritten. Choose another name: `--name NAME`.")
    after = written(folder, document.path, document.text, before, quiet=quiet)
    say_who_approves(before, after)
    if propose:
        branch, title = f"meshform/request-{document.name}", f"Request {document.name}"
        body = "Asked for by `meshform request`."
        propose_document(folder, document.path, document.text, base, branch, title, body)
    elif not quiet:
        show.hint(f"commit {path} and open a pull request, or run this again with --propose")


def _split(said: str) -> list[str]:
    return [part.strip() for part in said.split(",") if part.strip()]
