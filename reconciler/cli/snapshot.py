"""snapshot: what AWS has, as a file that can be kept, sent and asked later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_of, mesh_option
from reconciler.cli.signed_in import signed_in, tell_identity
from reconciler.errors import Incomplete

if TYPE_CHECKING:
    from reconciler.model.resource import Gap
    from reconciler.spec.mesh import Mesh

_REDACT = "Replace account ids, names and texts, each by the same wherever it stands. It cannot be undone."
_out = click.option(
    "--out",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where to write it (gzip).",
)


@click.group(invoke_without_command=True, epilog="Example: meshform snapshot --out today.jsonl.gz")
@mesh_option
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Where to write it (gzip).")
@click.option("--accounts", metavar="A,B", help="Read these accounts only, by their names in the mesh or their ids.")
@click.option(
    "--central", metavar="ID", help="Without a mesh, for `import`: the account of the catalog; --accounts too."
)
@click.option("--region", metavar="REGION", default="eu-west-1", show_default=True, help="With --central: the region.")
@click.option("--regions", metavar="A,B", default="", help="With --central: further regions in which people query.")
@click.option(
    "--plan-role", default="meshform-plan", show_default=True, metavar="ROLE", help="With --central: who reads."
)
@click.option("--redact", is_flag=True, help=_REDACT)
@common
@click.pass_context
def command(
    context: click.Context,
    folder: str,
    out: Path | None,
    accounts: str | None,
    central: str | None,
    region: str,
    regions: str,
    plan_role: str,
    redact: bool,
    quiet: bool,
    verbose: int,
) -> None:
    """Write what AWS has into a file. `plan`, `drift` and `access` take it by --snapshot in the place of AWS.

    It holds who may read what, so it is readable for you alone. Nothing in AWS is changed. Exits with 1 where not
    everything was seen; the file says what.
    """
    if context.invoked_subcommand is not None:
        return
    del verbose
    if out is None:
        raise click.UsageError("Say where it is written: --out FILE.")
    from reconciler import pipeline
    from reconciler.snapshots.ask import account_ids

    if central is not None:
        mesh, accounts = _survey(central, accounts or "", region, regions, plan_role), None
    else:
        mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    chosen = account_ids(mesh, [name.strip() for name in accounts.split(",")]) if accounts is not None else None
    sessions = signed_in(mesh, writes=False)
    with show.progress("Reading AWS", quiet=quiet) as say:
        from reconciler.snapshots.take import take

        with _plain(out, redact=redact) as path:
            count, gaps = take(mesh, sessions, path, chosen, say)
    _wrote(out, count, quiet=quiet)
    _tell(gaps)


@command.command("merge", epilog="Example: meshform snapshot merge a.jsonl.gz b.jsonl.gz --out all.jsonl.gz")
@click.argument("parts", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@_out
@click.option("--redact", is_flag=True, help=_REDACT)
@common
def merge_command(parts: tuple[Path, ...], out: Path, redact: bool, quiet: bool, verbose: int) -> None:
    """Write the snapshot of a whole mesh from those of its accounts, taken by several jobs.

    What two of them tell of one account is not mixed: the later one counts, unless only the other saw all of it.
    """
    del verbose
    from reconciler.snapshots.merge import merge

    with _plain(out, redact=redact) as path:
        count = merge(path, parts)
    _wrote(out, count, quiet=quiet)


@command.command("show", epilog="Example: meshform snapshot show today.jsonl.gz")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@format_option("text", "json")
@common
def show_command(file: Path, form: str, quiet: bool, verbose: int) -> None:
    """Say of which mesh a snapshot is, when and by whom it was taken, what it holds, and what was not seen."""
    del quiet, verbose
    from reconciler.kinds import registry
    from reconciler.report.plain import plain
    from reconciler.snapshots.file import read
    from reconciler.snapshots.summary import summary_json, summary_text

    kept = read(file, registry())
    if form == "json":
        show.data(summary_json(kept))
    else:
        show.lines(map(plain, summary_text(kept)))


def _survey(central: str, accounts: str, region: str, regions: str, role: str) -> Mesh:
    """A mesh that nobody has written, of these accounts and of all databases that are in the catalog now."""
    from reconciler.aws.sessions import Sessions
    from reconciler.forge import here
    from reconciler.importing.basis import Basis, basis_problems
    from reconciler.importing.looking import Looking
    from reconciler.importing.survey import survey
    from reconciler.spec.today import today

    others, abroad = (tuple(each.strip() for each in text.split(",") if each.strip()) for text in (accounts, regions))
    basis = Basis("mesh", region, central, (central, *others), role, role, today(), regions=abroad)
    problems = basis_problems(basis)
    if problems:
        raise click.UsageError(" ".join(problems))
    sessions = Sessions(role, region, job=here.job(), central=central)
    tell_identity(sessions, region, basis.accounts)
    return survey(basis, Looking(sessions).databases(basis))


@contextmanager
def _plain(out: Path, *, redact: bool) -> Iterator[Path]:
    """Where a snapshot is written first: at `out`, or in a folder that is gone when `out` has a redacted copy."""
    if not redact:
        yield out
        return
    from reconciler.kinds import registry
    from reconciler.snapshots.redact import redact as redacted

    with TemporaryDirectory(prefix="meshform-") as folder:
        plain = Path(folder) / "plain"
        yield plain
        redacted(plain, out, registry())


def _wrote(out: Path, count: int, *, quiet: bool) -> None:
    if not quiet:
        show.note(f"Wrote {out}: {count} resources.")


def _tell(gaps: tuple[Gap, ...]) -> None:
    """What was not seen is in the file, and whoever made it hears of it."""
    if gaps:
        first = "; ".join(f"{gap.kind} in {gap.placement}: {gap.reason}" for gap in gaps[:3])
        more = f"; and {len(gaps) - 3} more" if len(gaps) > 3 else ""
        raise Incomplete(f"Not everything was seen, and the snapshot says so. {first}{more}.")
