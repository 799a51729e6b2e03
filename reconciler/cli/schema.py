"""schema: print the JSON Schema of a kind of document, or write all of them."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.options import common
from reconciler.errors import MeshformError


@click.command(epilog="Example: meshform schema Product")
@click.argument("kind", required=False)
@click.option("--out", metavar="DIR", help="Write the schemas of all kinds into this folder.")
@common
def command(kind: str | None, out: str | None, quiet: bool, verbose: int) -> None:
    """Print the JSON Schema of a kind of document. Without a kind, list the kinds."""
    del verbose
    from reconciler.spec.language.json_schema import schema, schemas, text
    from reconciler.spec.language.registry import document_types
    from reconciler.spec.suggest import did_you_mean

    if out is not None:
        folder = Path(out)
        folder.mkdir(parents=True, exist_ok=True)
        for name, made in schemas().items():
            file = folder / name
            file.write_text(text(made), encoding="utf-8")
            if not quiet:
                click.echo(f"written: {file}")
        return
    if kind is None:
        for name in sorted(document_types()):
            click.echo(name)
        return
    if kind not in document_types():
        raise MeshformError(f"There is no kind of document named {kind}{did_you_mean(kind, document_types())}.")
    click.echo(text(schema(kind)), nl=False)
