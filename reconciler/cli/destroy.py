"""destroy: take down everything that a mesh has made, and keep the data."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.answer import answered
from reconciler.cli.options import common, mesh_of, mesh_option
from reconciler.cli.signed_in import signed_in
from reconciler.cli.terminal import width
from reconciler.errors import Declined
from reconciler.model.progress import Progress

if TYPE_CHECKING:
    from reconciler.model.outcome import Outcome
    from reconciler.model.resource import Observation
    from reconciler.plan.review import Review
    from reconciler.plan.teardown import Kept

GOES = ("catalog-loss", "mass-delete", "workgroup-loss")
"""What the name of the mesh stands for."""


@click.command(epilog="Example: meshform destroy --mesh mesh")
@mesh_option
@click.option("--name", metavar="NAME", help="Name of the mesh, in full: instead of being asked for it.")
@click.option(
    "--accept", multiple=True, metavar="RULE", help="Accept what this gate found beside that. May be repeated."
)
@common
def command(folder: str, name: str | None, accept: tuple[str, ...], quiet: bool, verbose: int) -> None:
    """Take down in AWS everything that the mesh has made, in order. Buckets and the data in them stay.

    What it only uses, what was adopted, and what is other people's stays too, and is told. Asks for the mesh's name:
    whoever types it accepts that databases, tables, workgroups and everybody's access go, and nothing else.
    """
    from reconciler import applying, pipeline
    from reconciler.apply_request import ApplyRequest
    from reconciler.forge.here import job
    from reconciler.kinds import registry
    from reconciler.kinds.iam.permission_sets import with_their_roles
    from reconciler.kinds.identitycenter.center_names import with_center_ids
    from reconciler.plan.compile import compile_mesh
    from reconciler.plan.teardown import teardown
    from reconciler.plan.understood import understood
    from reconciler.report.run import run_text
    from reconciler.report.table import WIDE
    from reconciler.report.text import plan_text

    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    sessions = signed_in(mesh, writes=True)
    kept: list[Kept] = []

    def planned(observation: Observation) -> Review:
        # Roles of permission sets have an end that documents may leave out; people of Identity Center are named.
        known = with_center_ids(mesh, observation)
        wanted = with_their_roles(compile_mesh(known, registry()), observation)
        origins = {each.address: each.origin.file for each in wanted.values() if each.origin}
        adopted = [address for address, file in origins.items() if file.startswith(f"{folder}/adopted/")]

        def judged(seen: Observation) -> Review:
            plan, kept[:] = teardown(known, wanted, adopted, seen, registry())
            return pipeline.review_of(known, seen, plan)

        return understood(judged, observation)

    with ExitStack() as shown:
        reading = shown.enter_context(show.progress("Reading AWS", quiet=quiet))
        writing: list[tuple[Progress, int]] = []

        def confirm(reviewed: Review) -> None:
            shown.close()
            show.lines(plan_text(reviewed, verbose, width() or WIDE))
            if next(reviewed.steps, None) is not None:
                _ask(mesh.name, name)
            writing.append((shown.enter_context(show.progress("Writing to AWS", quiet=quiet)), len([*reviewed.steps])))

        def written(outcome: Outcome) -> None:
            say, total = writing[0]
            say(str(outcome.step.address), total)

        # Whoever types the name has seen the plan, and means what goes. What would be opened by it, he does not.
        order = ApplyRequest(accepted=(*GOES, *accept), job=job(folder), may_be_older=True)
        ended = applying.apply(
            mesh, sessions, order, confirm=confirm, reading=reading, writing=written, planned=planned
        )
    show.lines(run_text(ended.run, ended.journal, ended.troubles, ended.announced))
    _tell(kept, verbose)
    if ended.error is not None:
        ended.error.hints = tuple(each.replace("meshform apply", "meshform destroy") for each in ended.error.hints)
        raise ended.error


def _ask(mesh: str, given: str | None) -> None:
    """Go on only with the name of the mesh, in full."""
    typed = given
    if typed is None:
        with answered("where nobody is asked: `meshform destroy --name NAME`"):
            typed = click.prompt(f"Type {mesh} to take it down", err=True, default="", show_default=False)
    if typed != mesh:
        raise Declined(f"{typed or 'Nothing'} is not the name of the mesh, so nothing was changed.")


def _tell(kept: list[Kept], verbose: int) -> None:
    """What is left, by the reason why."""
    reasons: dict[str, list[str]] = {}
    for each in kept:
        reasons.setdefault(each.why, []).append(f"{each.address.kind} {each.address.name} in {each.address.placement}")
    for why, names in reasons.items():
        shown = names if verbose else names[:3]
        more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
        show.lines([f"Left: {', '.join(shown)}{more}: {why}."])
