"""search: find data, and who has to do with them, by words."""

from __future__ import annotations

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option, reader_option

_MOST = 25


@click.command(epilog="Example: meshform search credit risk --as analytics-coe/data-scientist")
@click.argument("words", nargs=-1, required=True, metavar="WORD...")
@mesh_option
@reader_option
@format_option("text", "json", "markdown")
@common
def command(words: tuple[str, ...], folder: str, reader: str | None, form: str, quiet: bool, verbose: int) -> None:
    """Find products, tables and columns, domains, LF-tags, consumers, subscriptions and teams by their names,
    descriptions and labels, the best first. Words may be misspelt.

    `meshform show NAME` tells everything about one of them. Exits with 1 where nothing was found.
    """
    from reconciler import pipeline
    from reconciler.catalog.reading import reads_of
    from reconciler.catalog.searching import search
    from reconciler.errors import MeshformError
    from reconciler.report.table import Table, table_markdown

    mesh = mesh_of(pipeline.load_folder(folder), quiet=True)
    hits = search(mesh, words)
    reads = reads_of(mesh, reader) if reader else None
    told = [reads.of(hit.name) if reads and hit.product else "" for hit in hits]
    if form == "json":
        rows = [
            {
                "kind": hit.kind,
                "name": hit.name,
                "product": hit.product,
                "description": hit.description,
                "score": hit.score,
                "retires": hit.retires,
                "going": hit.going,
                **({"reads": said} if reads else {}),
            }
            for hit, said in zip(hits, told, strict=True)
        ]
        show.data({"version": 1, "hits": rows})
    elif hits:
        most = len(hits) if verbose else _MOST
        columns = {
            "": [hit.kind for hit in hits[:most]],
            "name": [hit.name for hit in hits[:most]],
            "what it is": [hit.description for hit in hits[:most]],
            "retires": [hit.retires or hit.going for hit in hits[:most]],
            "you read": told[:most],
        }
        shown = {name: cells for name, cells in columns.items() if any(cells)}
        found = Table(tuple(shown), tuple(zip(*shown.values(), strict=True)))
        if form == "markdown":
            show.lines(table_markdown(found))
        else:
            show.table(found)
        if len(hits) > most and not quiet:
            show.note(f"and {len(hits) - most} more; -v shows all")
    if not hits:
        raise MeshformError(f"Nothing fits {' '.join(words)}.", hints=("`meshform list products` lists all there are",))
