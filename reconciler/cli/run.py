"""run: start the crawler, curation and quality runs of a product, and show their state."""

from __future__ import annotations

import time
from typing import Any

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option
from reconciler.cli.signed_in import signed_in

_BAD = frozenset({"FAILED", "ERROR", "CANCELLED", "STOPPED", "TIMEOUT", "EXPIRED"})
_ENDED = _BAD | {"SUCCEEDED", "NONE"}


@click.command(epilog="Example: meshform run credit-profile --only quality --wait")
@click.argument("product")
@mesh_option
@click.option(
    "--only", type=click.Choice(["crawler", "curation", "quality"]), multiple=True, help="Only this. May be repeated."
)
@click.option("--state", "only_state", is_flag=True, help="Start nothing, only show the state of the last runs.")
@click.option("--wait", is_flag=True, help="Wait for the end, one piece of work after the other.")
@click.option("--timeout", default=900, show_default=True, metavar="SECONDS", help="How long to wait for each.")
@format_option("text", "json")
@common
def command(
    product: str,
    folder: str,
    only: tuple[str, ...],
    only_state: bool,
    wait: bool,
    timeout: int,
    form: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Start what a product can be asked to do, as the role that writes. With --state nothing is started.

    A run that failed gives exit code 1 and its reason. With --wait nothing is started after it.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.aws import runs
    from reconciler.errors import MeshformError
    from reconciler.kinds.on_demand_jobs import work_of
    from reconciler.report.table import Table

    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    name = product.rpartition("/")[2]
    if name not in mesh.products:
        raise MeshformError(f"There is no product {product} in the mesh. It has {', '.join(mesh.products)}.")
    sessions = signed_in(mesh, writes=not only_state)
    rows: list[dict[str, Any]] = []
    failed = ""
    for work in work_of(mesh, mesh.products[name]):
        if only and work.sort not in only:
            continue
        if failed:
            # It would look at what the last good run left, and say that all is well.
            rows.append({"work": work.sort, "name": work.name, "state": "SKIPPED", "message": f"the {failed} failed"})
            continue
        before = None if only_state else runs.start(sessions, work)
        found = runs.state(sessions, work, before)
        end = time.monotonic() + timeout
        while wait and found["state"] not in _ENDED and time.monotonic() < end:
            time.sleep(1)
            found = runs.state(sessions, work, before)
        rows.append({"work": work.sort, "name": work.name, **found})
        if wait and found["state"] not in _ENDED:
            rows[-1]["message"] = f"not ended after {timeout} seconds"
        if wait and not only_state and found["state"] != "SUCCEEDED":
            failed = work.sort
    if form == "json":
        show.data(rows)
    elif not rows:
        show.lines([f"{name} has no crawler, no curation and no quality rules: there is nothing to run."])
    else:
        cells = [(row["work"], row["name"], str(row["state"]).lower(), row.get("message") or "") for row in rows]
        show.table(Table(("work", "name", "state", "message"), tuple(cells)))
    if failed or any(row["state"] in _BAD for row in rows):
        raise click.exceptions.Exit(1)
