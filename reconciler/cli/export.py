"""export: products, subscriptions and lineage in the words of open standards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import show
from reconciler.cli.options import common, mesh_of, mesh_option
from reconciler.errors import MeshformError

if TYPE_CHECKING:
    from reconciler.spec.mesh import Mesh

_STANDARDS = ("odcs", "odps", "oaas", "openlineage", "dprod")


@click.command(epilog="Example: meshform export odcs credit-profile --out contracts")
@click.argument("standard", type=click.Choice(_STANDARDS))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@mesh_option
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="A file each, in this folder.")
@common
def command(standard: str, names: tuple[str, ...], folder: str, out: Path | None, quiet: bool, verbose: int) -> None:
    """Write products (or subscriptions, for oaas) in an open standard: all of them, or those that are named.

    odcs: data contracts (Open Data Contract Standard 3.2, YAML). odps: data products (Open Data Product Standard 1.0,
    YAML). oaas: subscriptions as access agreements (RFC 0056 of Bitol, YAML). openlineage: where products come from
    (static job events, a line each). dprod: products as linked data (JSON-LD). docs/standards.md says what of a mesh
    each of them has no word for.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.making.writing import write

    mesh = mesh_of(pipeline.load_folder(folder), quiet=True)
    files = {name: _text(name, content) for name, content in _documents(mesh, standard, names).items()}
    if out is not None:
        for line in write(out, files):
            if not quiet:
                show.note(line)
        return
    click.echo("---\n".join(files.values()), nl=False)


def _documents(mesh: Mesh, standard: str, names: tuple[str, ...]) -> Mapping[str, Any]:
    """Each document by the name of its file."""
    from reconciler.exports import dprod, oaas, odcs, odps, openlineage

    if standard == "oaas":
        chosen = _chosen(mesh.subscriptions, names, "subscription")
        found = [each for one in chosen for each in oaas.agreements(mesh, one)]
        return {f"{each['name']}-{each['id'][:8]}.oaas.yaml": each for each in found}
    products = _chosen(mesh.products, tuple(name.rpartition("/")[2] for name in names), "product")
    match standard:
        case "odcs":
            return {f"{each.name}.odcs.yaml": odcs.contract(mesh, each) for each in products}
        case "odps":
            return {f"{each.name}.odps.yaml": odps.data_product(mesh, each) for each in products}
        case "openlineage":
            from reconciler.aws.use_history import now

            return {
                f"{mesh.settings.name}.openlineage.ndjson": [
                    openlineage.job_event(mesh, each, now()) for each in products
                ]
            }
        case _:
            return {f"{mesh.settings.name}.dprod.jsonld": dprod.graph(mesh, products)}


def _chosen(known: Mapping[str, Any], names: tuple[str, ...], what: str) -> list[Any]:
    from reconciler.spec.suggest import did_you_mean

    for name in names:
        if name not in known:
            raise MeshformError(f"There is no {what} {name}{did_you_mean(name, known)}.")
    return [each for name, each in sorted(known.items()) if not names or name in names]


def _text(name: str, content: Any) -> str:
    if name.endswith(".yaml"):
        import yaml

        text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
        return text
    if name.endswith(".ndjson"):
        return "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in content)
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
