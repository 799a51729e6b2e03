"""import: write the mesh that explains what AWS has, and prove that its plan is empty."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, write_findings
from reconciler.cli.signed_in import tell_identity
from reconciler.errors import Incomplete, MeshformError

if TYPE_CHECKING:
    from reconciler.importing.existing import Existing
    from reconciler.importing.page import Page

_PLAN, _APPLY = "meshform-plan", "meshform-apply"


@click.command(epilog="Example: meshform import --central 111111111111 --accounts 222222222222,444444444444 --out mesh")
@click.option("--out", "out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder to write.")
@click.option("--central", metavar="ID", help="Account id of the central account (the catalog).")
@click.option("--accounts", metavar="IDS", default="", help="Ids of the other accounts, with commas between.")
@click.option("--region", metavar="REGION", default="eu-west-1", show_default=True, help="Region of the catalog.")
@click.option(
    "--regions", metavar="REGIONS", default="", help="Further regions in which people query, with commas between."
)
@click.option("--name", metavar="NAME", help="Name of the mesh. Default: as the marks in AWS say, else `mesh`.")
@click.option("--plan-role", default=_PLAN, show_default=True, metavar="ROLE", help="Role that reads in each account.")
@click.option("--apply-role", default=_APPLY, show_default=True, metavar="ROLE", help="Role that will write there.")
@click.option("--external-id", metavar="TEXT", help="External id to send when assuming the role.")
@click.option(
    "--from-terraform",
    "state",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A state: names, and what it owns.",
)
@click.option("--snapshot", metavar="FILE", type=click.Path(path_type=Path), help="Ask a snapshot instead of AWS.")
@click.option("--names", metavar="FILE", type=click.Path(path_type=Path), help="Names to give: YAML, what: name.")
@click.option(
    "--unproved", is_flag=True, help="Write it although a plan of it would change AWS, to correct it by hand."
)
@format_option("text", "json")
@common
def command(
    out: Path,
    central: str | None,
    accounts: str,
    region: str,
    regions: str,
    name: str | None,
    plan_role: str,
    apply_role: str,
    external_id: str | None,
    state: Path | None,
    snapshot: Path | None,
    names: Path | None,
    unproved: bool,
    form: str,
    quiet: bool,
    verbose: int,
) -> None:
    """Read a living estate and write the mesh that explains it. Nothing in AWS is changed.

    Says what became of everything that was read, and proves that a plan of the written mesh has no step.
    """
    from reconciler.aws.sessions import Sessions
    from reconciler.forge import here
    from reconciler.importing.basis import Basis, basis_of, basis_problems
    from reconciler.importing.existing import basis_like, seen_now
    from reconciler.importing.importing import Seen, import_estate
    from reconciler.importing.looking import Kept, Looking
    from reconciler.importing.naming import given_names, text_of
    from reconciler.importing.new_tables import new_table_json
    from reconciler.importing.reckoning import reckoning_json, reckoning_text
    from reconciler.importing.terraform import terraform_state
    from reconciler.kinds import registry
    from reconciler.kinds.addresses import DATABASE
    from reconciler.snapshots.file import read
    from reconciler.spec.today import today

    if (central is None) == (snapshot is None) and not (central is None and (out / "mesh.yaml").exists()):
        raise click.UsageError("Say what is read: --central ID with --accounts IDS, or --snapshot FILE.")
    others, abroad = _listed(accounts), _listed(regions)
    said = given_names(text_of(names), str(names)) if names else {}
    terraform = terraform_state(text_of(state), str(state)) if state else None
    given = {**(terraform.names if terraform else {}), **said}
    ids, origins = (central or "", *others), terraform.origins if terraform else {}
    basis = Basis(name or "mesh", region, central or "", ids, plan_role, apply_role, today(), given, abroad, origins)
    seen: Seen
    if snapshot is not None:
        kept = read(snapshot, registry())
        basis, seen = basis_of(kept.observation, kept.header.central, basis), Kept(kept.observation)
    existing = _existing(out)
    if existing is not None:
        mesh = existing.mesh
        if central not in (None, mesh.central.id):
            raise MeshformError(f"{out} is a mesh around {mesh.central.id}, not {central}; nothing was written.")
        basis, external_id = basis_like(existing, basis), external_id or mesh.settings.roles.external_id
    problems = basis_problems(basis)
    if problems:
        raise click.UsageError(" ".join(problems))
    with show.progress("Reading AWS", quiet=quiet) as say:
        if snapshot is None:
            sessions = Sessions(basis.plan_role, basis.region, external_id, here.job(), basis.central)
            tell_identity(sessions, basis.region, basis.accounts)
            seen = Looking(sessions, say)
        done = import_estate(seen, basis, named=name is not None, existing=existing)
    if done.reckoning is None:
        write_findings(done.findings, quiet=quiet)
        raise MeshformError(
            "What was found makes no valid mesh: please report the findings above. Nothing was written."
        )
    blind = next((gap for gap in done.read.gaps if (gap.kind, gap.placement) == (DATABASE, basis.catalog)), None)
    if blind is not None:
        raise MeshformError(f"The central catalog was not seen, so nothing was written. {blind.reason}")
    if existing is None and done.reckoning.steps and not unproved:
        raise MeshformError(
            f"{_steps(done.reckoning.steps)} Nothing was written: applied, it would change what is there.",
            hints=("--unproved writes it all the same, to be corrected by hand before anything is applied",),
        )
    _write(out, done.pages)
    if form == "json":
        show.data({**reckoning_json(done.reckoning), "newTables": [new_table_json(each) for each in done.new]})
    else:
        wrote = f"Wrote {len(done.pages)} documents to {out}."
        if existing is not None:
            wrote += f" The {len(existing.sources)} that were there are as they were."
        show.lines([wrote, *(f"  + {page.path}" for page in done.pages if existing is not None)])
        show.lines(["", "What became of what was read:"])
        show.lines(reckoning_text(done.reckoning, all_of_it=verbose > 0))
    for new in done.new:
        show.lines([new.sentence, *(f"  {line}" for line in new.lines.splitlines())], err=True)
    for each in seen_now(existing.mesh, done.read.gaps) if existing is not None else ():
        show.lines(
            [f"Seen now: take it out of territory.unseen of mesh.yaml, which keeps it as it is: {each}."], err=True
        )
    unused = [what for what in done.unused if what in said]
    if unused and not quiet:
        show.lines([f"{names} names what was not found: {', '.join(unused)}."], err=True)
    if terraform is not None and terraform.owned:
        owned = f"Terraform owns {len(terraform.owned)} of these things. Before Meshform keeps them, hand them over by:"
        show.lines([owned], err=True)
        show.note(terraform.handing_over)
    if existing is not None and done.reckoning.held:
        show.lines(["Named by documents, and not there or not so; a plan would leave it:"], err=True)
        show.lines((f"  {each}" for each in done.reckoning.held), err=True)
    if existing is not None and done.reckoning.steps:
        show.lines(["Gone since it was written, or not as it says; a plan would put it right:"], err=True)
        show.lines((f"  {step}" for step in done.reckoning.steps), err=True)
        raise click.exceptions.Exit(2)
    _end(done.reckoning.steps, bool(done.reckoning.unseen), quiet=quiet)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def _existing(out: Path) -> Existing | None:
    """The mesh that is in the folder; None for an empty one. Nothing that is there is overwritten."""
    from reconciler.importing.existing import existing_of
    from reconciler.pipeline import load_folder
    from reconciler.spec.yaml.source import Source, folder_sources

    if out.exists() and not out.is_dir():
        raise MeshformError(f"{out} is a file; nothing was written. Choose a folder.")
    there = sorted(out.rglob("*.y*ml"))[:3] if out.is_dir() else []
    if not there:
        return None
    loaded = load_folder(str(out))
    found = existing_of([each for each in folder_sources(str(out)) if isinstance(each, Source)], loaded)
    if found is None:
        raise MeshformError(
            f"{out} has documents already ({', '.join(map(str, there))}) that are no valid mesh; nothing was written. "
            "`meshform validate` says why; or choose another folder."
        )
    return found


def _write(out: Path, pages: Iterable[Page]) -> None:
    for page in pages:
        path = out / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page.text, encoding="utf-8")


def _end(steps: tuple[str, ...], unseen: bool, *, quiet: bool) -> None:
    """The proof: a plan of what was written has no step, or which ones it has."""
    if steps:
        raise MeshformError(f"{_steps(steps)} Correct the documents before anything is applied.")
    if unseen:
        raise Incomplete(
            "A plan of this mesh has no step, but not everything was seen; what was not is in no document."
        )
    if not quiet:
        show.note("A plan of this mesh has no step.")


def _steps(steps: tuple[str, ...]) -> str:
    shown = "; ".join(steps[:5])
    more = f"; and {len(steps) - 5} more" if len(steps) > 5 else ""
    said = "1 step" if len(steps) == 1 else f"{len(steps)} steps"
    return f"A plan of this mesh would have {said}: {shown}{more}."
