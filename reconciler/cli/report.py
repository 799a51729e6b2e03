"""report: who may read what, what ends, what is excepted, what was changed: for auditors, with a proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import show
from reconciler.cli.day import Day
from reconciler.cli.options import common, mesh_option
from reconciler.cli.reporting import basis_of, write
from reconciler.cli.using import records_option, used_option
from reconciler.whole_file import read_file

if TYPE_CHECKING:
    from reconciler.spec.mesh import Mesh
    from reconciler.usage import Uses

_DAY = Day()


@click.group(epilog="Example: meshform report access --label restricted --format html --out restricted.html")
def command() -> None:
    """Write a report as CSV, JSON or a page for the browser and for paper. Its digest is kept in the journal."""


def _report(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every report."""
    for option in (
        common,
        click.option("--out", metavar="FILE", type=click.Path(path_type=Path),
            help="Write it here, and keep its digest."),
        click.option(
            "--format", "form", type=click.Choice(["text", "csv", "json", "html"]), default="text", show_default=True,
            help="How it is written.",
        ),
        click.option("--label", metavar="VALUE", default="", help="Only columns of this sensitivity."),
        click.option("--consumer", metavar="NAME", default="", help="Only what this Consumer has."),
        click.option("--domain", metavar="NAME", default="", help="Only data of this Domain."),
        mesh_option,
    ):  # fmt: skip
        command = option(command)
    return command


@command.command("access", epilog="Example: meshform report access --on 2026-11-01 --format csv --out access.csv")
@click.option("--live", is_flag=True, help="What AWS has, not what the mesh asks for.")
@click.option("--on", type=_DAY, metavar="DAY", help="On a day (UTC): what was asked for then, and what AWS had.")
@used_option
@records_option
@_report
def access(
    live: bool,
    on: datetime | None,
    used: bool,
    records: tuple[Path, ...],
    folder: str,
    form: str,
    out: Path | None,
    **more: Any,
) -> None:
    """Each principal, table and column: label, rows, path, subscription, purpose, end, owner, approver, last use."""
    from reconciler.audit.access import access_report
    from reconciler.cli.reporting import facts_now, facts_on

    if live and on:
        raise click.UsageError("--live is what AWS has now, --on DAY what it had. Choose one.")
    if on and (used or records):
        raise click.UsageError("When something was last used is told of today, not of --on DAY.")
    basis = basis_of(folder, **_chosen(more))
    last_used = _looked(basis.mesh, records, quiet=more["quiet"]).of if used or records else None
    facts, about = facts_on(basis, on.date()) if on else facts_now(basis, live=live, quiet=more["quiet"])
    until = on.date() if on else None
    made = access_report(facts, about, basis.part, basis.provenance(until), last_used)
    write(basis, made, form, out, quiet=more["quiet"])


@command.command("subscriptions", epilog="Example: meshform report subscriptions --consumer analytics-coe")
@click.option(
    "--unused", type=click.IntRange(1), metavar="DAYS", help="Only those that surely nobody used for so many days."
)
@used_option
@records_option
@_report
def subscriptions(
    unused: int | None,
    used: bool,
    records: tuple[Path, ...],
    folder: str,
    form: str,
    out: Path | None,
    **more: Any,
) -> None:
    """Subscriptions, with those that end within 30 days, have ended, have no end, are suspended or unused."""
    from reconciler.audit.documents import subscriptions_report
    from reconciler.audit.usage import unused_report
    from reconciler.aws.use_history import now
    from reconciler.cli.using import used_subscriptions

    basis, moment = basis_of(folder, **_chosen(more)), now()
    asked = used or bool(records) or unused is not None
    last = used_subscriptions(basis.mesh, records, moment, quiet=more["quiet"]) if asked else None
    made = subscriptions_report(basis.mesh, _today(), basis.part, basis.provenance(), last)
    if unused is not None and last is not None:
        made = unused_report(made, last, unused, moment)
    write(basis, made, form, out, quiet=more["quiet"])


@command.command("exceptions", epilog="Example: meshform report exceptions --format html --out exceptions.html")
@_report
def exceptions(folder: str, form: str, out: Path | None, **more: Any) -> None:
    """Exceptions from policies, and suspensions: why, who answers for them, until when."""
    from reconciler.audit.documents import exceptions_report

    basis = basis_of(folder, **_chosen(more))
    made = exceptions_report(basis.mesh, _today(), basis.part, basis.provenance())
    write(basis, made, form, out, quiet=more["quiet"])


@command.command("policies", epilog="Example: meshform report policies")
@_report
def policies(folder: str, form: str, out: Path | None, **more: Any) -> None:
    """The mesh's own policies, who answers for them, and what is excepted from each."""
    from reconciler.audit.documents import policies_report

    basis = basis_of(folder, **_chosen(more))
    made = policies_report(basis.mesh, _today(), basis.part, basis.provenance())
    write(basis, made, form, out, quiet=more["quiet"])


@command.command("changes", epilog="Example: meshform report changes --since 2026-11-01 --until 2026-11-30")
@click.option("--since", type=_DAY, metavar="DAY", help="From this day on (UTC).")
@click.option("--until", type=_DAY, metavar="DAY", help="Up to this day, included.")
@_report
def changes(
    since: datetime | None, until: datetime | None, folder: str, form: str, out: Path | None, **more: Any
) -> None:
    """Who gained and lost what: by runs, and between kept snapshots by hand."""
    from reconciler.audit.changes import changes_report
    from reconciler.cli.reporting import changed_by_hand

    basis = basis_of(folder, **_chosen(more))
    first, last = since.date() if since else None, until.date() if until else None
    events = basis.events(first, last)
    rows, told = changed_by_hand(basis, first, last)
    about = [f"From {first or 'the beginning'} to {last or _today()}.", told]
    write(basis, changes_report(events, rows, about, basis.mesh, basis.part), form, out, quiet=more["quiet"])


@command.command("verify", epilog="Example: meshform report verify restricted.html")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@mesh_option
@common
def verify(file: Path, folder: str, quiet: bool, verbose: int) -> None:
    """Say whether a file is the very report that was made, when and by whom. Exits with 1 where it is not."""
    from reconciler.audit.proof import proof
    from reconciler.cli.evidence import key_of

    del quiet, verbose
    basis = basis_of(folder, "", "", "")
    said = proof(basis.store, read_file(file), key_of(basis.mesh))
    show.lines([f"{file} is the report {said['report']} of {said['at']} by {said['by']}, unchanged."])
    if "signature" in said:
        show.lines([f"  Signed by {said['signature']['key']}."])
    for line in said["about"]:
        show.lines([f"  {line}"])


def _looked(mesh: Mesh, records: tuple[Path, ...], *, quiet: bool) -> Uses:
    from reconciler.aws.use_history import now
    from reconciler.cli.using import used

    return used(mesh, records, now(), quiet=quiet)[0]


def _chosen(more: dict[str, Any]) -> dict[str, str]:
    return {name: more[name] for name in ("domain", "consumer", "label")}


def _today() -> date:
    from reconciler.spec.today import today

    return today()
