"""adopt: answer permissions that no document asks for, one by one: keep them by a document, or revoke them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.answer import answered
from reconciler.cli.options import common, mesh_of, mesh_option, write_findings
from reconciler.cli.signed_in import signed_in, signed_in_to_look_and_write
from reconciler.cli.terminal import width
from reconciler.errors import Declined, Incomplete, MeshformError

if TYPE_CHECKING:
    from reconciler.aws.sessions import Sessions
    from reconciler.model.resource import AnyResource, Observation
    from reconciler.plan.review import Review
    from reconciler.spec.mesh import Mesh


@click.command(epilog="Example: meshform adopt 1f2e3d4c")
@click.argument("findings", nargs=-1, metavar="[FINDING...]")
@mesh_option
@click.option("--all", "every", is_flag=True, help="All that are listed.")
@click.option("--revoke", is_flag=True, help="Take them away instead. Asks first.")
@click.option("--auto-approve", is_flag=True, help="With --revoke: do not ask on the terminal.")
@common
def command(
    findings: tuple[str, ...], folder: str, every: bool, revoke: bool, auto_approve: bool, quiet: bool, verbose: int
) -> None:
    """List permissions that no document asks for, or write the documents that explain the chosen ones.

    A FINDING is an id from the list. Nothing in AWS is changed, but with --revoke. Ids, or a yes to the plan, accept
    mass-delete for what they name; --all with --auto-approve accepts nothing.
    """
    from reconciler import pipeline
    from reconciler.importing.adopting import undeclared
    from reconciler.kinds import registry
    from reconciler.plan.compile import compile_mesh

    if every and findings:
        raise click.UsageError("Give --all or ids, not both.")
    loaded = pipeline.load_folder(folder)
    mesh = mesh_of(loaded, quiet=quiet)
    sessions, writes = signed_in_to_look_and_write(mesh) if revoke else (signed_in(mesh, writes=False), None)
    with show.progress("Reading AWS", quiet=quiet) as say:
        observation = pipeline.look(mesh, sessions, say)
    found = undeclared(pipeline.plan_for(mesh, compile_mesh(mesh, registry()), observation))
    if not findings and not (every and found):
        _list(found)
        if observation.gaps:
            raise Incomplete("Not everything was seen, so there may be more.")
        return
    chosen = _chosen(found, findings, every=every)
    if writes is not None:
        _revoke(folder, mesh, writes, chosen, verbose, ask=not auto_approve, named=not every)
    else:
        _write(folder, mesh, chosen, observation, quiet=quiet)


def _list(found: Mapping[str, AnyResource]) -> None:
    if not found:
        show.lines(["There is no permission that no document asks for."])
    for name, each in found.items():
        show.lines([f"{name}  {each.address.name} ({each.address.placement})"])
        if each.remark:
            show.lines([f"          {each.remark}"])


def _chosen(found: Mapping[str, AnyResource], findings: Iterable[str], *, every: bool) -> list[AnyResource]:
    if every:
        return list(found.values())
    wrong = [name for name in findings if name not in found]
    if wrong:
        raise MeshformError(
            f"There is no finding {', '.join(wrong)}; nothing was done.", hints=("`meshform adopt` lists them",)
        )
    return [found[name] for name in dict.fromkeys(findings)]


def _write(folder: str, mesh: Mesh, chosen: list[AnyResource], observation: Observation, *, quiet: bool) -> None:
    from reconciler.importing.adopting import explained
    from reconciler.importing.basis import Basis
    from reconciler.importing.existing import Existing
    from reconciler.importing.page import counted
    from reconciler.spec.today import today
    from reconciler.spec.yaml.source import Source, folder_sources

    sources = tuple(each for each in folder_sources(folder) if isinstance(each, Source))
    roles = mesh.settings.roles
    given = Basis(mesh.name, mesh.region, mesh.central.id, (), roles.plan, roles.apply, today())
    made = explained(Existing(sources, mesh), chosen, observation, given)
    if made.mesh is None:
        write_findings(made.findings, quiet=quiet)
        raise MeshformError("The documents for it would make no valid mesh; nothing was written.")
    for page in made.pages:
        path = Path(folder) / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text, encoding="utf-8")
        show.lines([f"+ {path}"])
    if not quiet:
        said = f"Wrote {counted(len(made.pages), 'document')} for {counted(len(chosen), 'permission')}."
        show.note(said)


def _revoke(
    folder: str, mesh: Mesh, sessions: Sessions, chosen: list[AnyResource], verbose: int, *, ask: bool, named: bool
) -> None:
    from reconciler import applying, pipeline
    from reconciler.apply_request import ApplyRequest
    from reconciler.forge.here import job
    from reconciler.importing.adopting import revoking
    from reconciler.importing.page import counted
    from reconciler.report.run import run_text
    from reconciler.report.table import WIDE
    from reconciler.report.text import plan_text

    def planned(again: Observation) -> Review:
        there = [again.found[each.address] for each in chosen if each.address in again.found]
        return pipeline.review_of(mesh, again, revoking(mesh, there, again))

    def confirm(reviewed: Review) -> None:
        show.lines(plan_text(reviewed, verbose, width() or WIDE))
        with answered("where nobody is asked: `--auto-approve`"):
            yes = not ask or click.confirm(f"Revoke {counted(len(chosen), 'permission')}?", err=True)
        if not yes:
            raise Declined("It was not confirmed, so nothing was changed.")

    # Whoever names them, or says yes to their list, means that they go. A script that says --all has seen nothing.
    accepted = ("mass-delete",) if ask or named else ()
    order = ApplyRequest(accepted=accepted, job=job(folder), may_be_older=True)
    ended = applying.apply(mesh, sessions, order, confirm=confirm, planned=planned)
    show.lines(run_text(ended.run, ended.journal, ended.troubles))
    if ended.error is not None:
        raise ended.error
