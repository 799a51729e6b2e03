"""quality: show the latest results of a product's quality rules."""

from __future__ import annotations

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option
from reconciler.cli.signed_in import signed_in


@click.command(epilog="Example: meshform quality credit-profile")
@click.argument("product")
@mesh_option
@format_option("text", "json")
@common
def command(product: str, folder: str, form: str, quiet: bool, verbose: int) -> None:
    """Show what the last quality run said of each rule. `meshform run PRODUCT --only quality` starts one."""
    del verbose
    from reconciler import pipeline
    from reconciler.aws import runs
    from reconciler.errors import MeshformError
    from reconciler.kinds.on_demand_jobs import work_of

    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    name = product.rpartition("/")[2]
    if name not in mesh.products:
        raise MeshformError(f"There is no product {product} in the mesh. It has {', '.join(mesh.products)}.")
    sessions = signed_in(mesh, writes=False)
    found = [
        result
        for work in work_of(mesh, mesh.products[name])
        if work.sort == "quality"
        for result in runs.results(sessions, work)
    ]
    if form == "json":
        show.data(
            [
                {"table": row.table, "rule": row.rule, "result": row.result, "message": row.message, "at": row.at}
                for row in found
            ]
        )
        return
    if not found:
        show.lines([f"No quality run of {name} yet. `meshform run {name} --only quality` starts one."])
    for row in found:
        mark = " " if row.result == "PASS" else "!"
        why = f"  {row.message}" if row.message else ""
        show.lines([f"{mark} {row.table}: {row.rule}  {row.result.lower()}{why}"])
