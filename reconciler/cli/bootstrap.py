"""bootstrap: print CloudFormation for the roles that Meshform needs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import show
from reconciler.cli.options import common, mesh_of, mesh_option
from reconciler.cli.signed_in import signed_in

if TYPE_CHECKING:
    from reconciler.bootstrap.template import Template
    from reconciler.spec.mesh import Mesh


@click.command(epilog="Example: meshform bootstrap --github bank/mesh --out bootstrap/")
@mesh_option
@click.option("--account", "name", metavar="NAME", help="Only the template of this Account.")
@click.option("--trust", multiple=True, metavar="ARN", help="Who may use the central account's roles. May be repeated.")
@click.option("--github", metavar="OWNER/REPO", help="Let workflows of this repository use them, by OpenID Connect.")
@click.option("--environment", default="production", show_default=True, help="GitHub environment in which apply runs.")
@click.option("--gitlab", metavar="HOST/GROUP/PROJECT", help="The same for jobs of a project of GitLab.")
@click.option(
    "--branch",
    default="main",
    show_default=True,
    help="GitLab branch on which apply runs, and what keeps evidence; protect it.",
)
@click.option("--trial", is_flag=True, help="With the rights that `meshform doctor --trial` needs besides.")
@click.option("--events", is_flag=True, help="Instead: what brings management events to `meshform drift --events`.")
@click.option(
    "--lock-days",
    type=click.IntRange(1, 36500),
    metavar="N",
    help="Nobody can delete or overwrite evidence for so many days (Object Lock); only for a bucket yet to be made.",
)
@click.option("--check", is_flag=True, help="Print none of it: say where what is deployed is otherwise.")
@click.option("--stack-set", is_flag=True, help="One template for all accounts but the central one, with parameters.")
@click.option("--unit", metavar="OU", help="Lines for a StackSet of AWS Organizations in this organizational unit.")
@click.option("--out", metavar="DIR", help="Write a file for each account instead of printing.")
@common
def command(
    folder: str,
    name: str | None,
    trust: tuple[str, ...],
    github: str | None,
    environment: str,
    gitlab: str | None,
    branch: str,
    trial: bool,
    events: bool,
    lock_days: int | None,
    check: bool,
    stack_set: bool,
    unit: str | None,
    out: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Print a CloudFormation template for each account: the roles of plan and apply, and what they may do.

    The central account has a third one, which keeps evidence. Deploy the central account's first; the other accounts'
    roles can be assumed from there only. Afterwards, and after each upgrade, give the same options with --check: it
    exits with 2 where deploying again would change something.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.bootstrap.deploying import deploy_line
    from reconciler.bootstrap.events_template import events_template, queue_template, regions
    from reconciler.bootstrap.template import template
    from reconciler.bootstrap.trust import Trusted
    from reconciler.errors import MeshformError
    from reconciler.kinds import registry
    from reconciler.spec.names import keep_role

    if github and gitlab:
        raise click.UsageError("Give --github or --gitlab: one repository says what is applied.")
    mesh = mesh_of(pipeline.load_folder(folder), quiet=quiet)
    if name is not None and name not in mesh.accounts:
        raise MeshformError(f"There is no account {name} in the mesh. It has {', '.join(mesh.accounts)}.")
    if mesh.settings.roles.plan == mesh.settings.roles.apply:
        raise MeshformError(
            "mesh.yaml names one role for both plan and apply. Give them two names under `roles`, such as "
            "meshform-plan and meshform-apply: the one that plans must not be able to write."
        )
    keep = keep_role(mesh)
    if keep in (mesh.settings.roles.plan, mesh.settings.roles.apply):
        raise MeshformError(
            f"mesh.yaml names {keep} for keeping evidence and for something else. Give `roles.keep` a name of its own: "
            "whoever may push a branch acts as the role that plans, and could write evidence as well."
        )
    trusted = Trusted(trust, gitlab, branch, "gitlab") if gitlab else Trusted(trust, github, environment)
    if stack_set and (out is None or check or events or name is not None):
        raise click.UsageError(
            "--stack-set writes files for all accounts: give --out, and no --account, --check, --events."
        )
    if unit is not None and not stack_set:
        raise click.UsageError("--unit says where a StackSet is deployed: give --stack-set, too.")
    if check and out is not None:
        raise click.UsageError("--check compares and writes nothing: give no --out.")
    accounts = [account for account in mesh.accounts.values() if name in (None, account.name)]
    if not events:
        kinds = registry()
        made_of = {
            account.name: template(mesh, account, trusted, kinds, trial=trial, lock_days=lock_days)
            for account in accounts
        }
        if check:
            _check(mesh, made_of, quiet=quiet)
            return
        if stack_set and out is not None:
            lines = [*_write_stack_set(mesh, made_of, Path(out), unit, quiet=quiet)]
            if not quiet:
                show.hint(*lines)
            return
        for account in accounts:
            _write(made_of[account.name], account.name, f"{account.name} ({account.id})", out, quiet=quiet)
        if out is not None and not quiet:
            first = sorted(accounts, key=lambda account: account != mesh.central)
            show.hint(*(deploy_line(mesh, account, Path(out) / f"{account.name}.yaml") for account in first))
        return
    if check:
        if mesh.central not in accounts:
            raise click.UsageError(f"--check with --events looks at the queue, which is in {mesh.central.name}.")
        _check(mesh, {mesh.central.name: queue_template(mesh)}, quiet=quiet)
        return
    for account in accounts:
        if account == mesh.central:
            where = f"{account.name} ({account.id}), first of all, in {mesh.region}"
            _write(queue_template(mesh), f"{account.name}-queue", where, out, quiet=quiet)
        where = f"{account.name} ({account.id}), in {', '.join(regions(mesh, account))}"
        _write(events_template(mesh, account, registry()), f"{account.name}-events", where, out, quiet=quiet)


def _check(mesh: Mesh, templates: Mapping[str, Mapping[str, Any]], *, quiet: bool) -> None:
    """Tell what deploying each template would change. Ends with 2 where it would, with 1 where one was not seen."""
    from reconciler.aws.reader import AwsReader
    from reconciler.bootstrap.comparing import differences
    from reconciler.bootstrap.deployed import deployed
    from reconciler.errors import Incomplete
    from reconciler.model.reader import Unseen
    from reconciler.spec import placements

    reader = AwsReader(signed_in(mesh, writes=False))
    unseen, told = 0, 0
    for name, made in templates.items():
        account = mesh.accounts[name]
        try:
            found = [*differences(made, deployed(reader, placements.of_account(mesh, account), made))]
        except Unseen as error:
            unseen += 1
            show.lines([f"! {name} ({account.id}) was not seen: {error}"])
            continue
        told += len(found)
        if found:
            show.lines([f"In {name} ({account.id}), deploying again would change:", *(f"  {each}" for each in found)])
        elif not quiet:
            show.lines([f"{name} ({account.id}) is as this version has it."])
    if told:
        show.hint("`meshform bootstrap --out bootstrap/` with the same options, and deploy what it writes")
        raise click.exceptions.Exit(2)
    if unseen:
        raise Incomplete("Not everything was seen, so there may be differences that are not shown.")


def _write_stack_set(
    mesh: Mesh, made_of: Mapping[str, Template], out: Path, unit: str | None, *, quiet: bool
) -> Iterator[str]:
    """The central account's template, one for all others, and a file of parameters for each; the lines that deploy."""
    from reconciler.bootstrap.deploying import deploy_line, stack_set_lines
    from reconciler.bootstrap.stack_set import stack_set
    from reconciler.errors import MeshformError

    central = mesh.central
    members = {name: made for name, made in made_of.items() if name != central.name}
    if not members:
        raise MeshformError(f"The mesh has no account but {central.name}: a StackSet would have nothing to deploy to.")
    _write(made_of[central.name], central.name, "", str(out), quiet=quiet)
    yield deploy_line(mesh, central, out / f"{central.name}.yaml")
    found, folder = stack_set(mesh, members), out / "stack-set"
    _write(found.template, "template", "", str(folder), quiet=quiet)
    files = {name: folder / f"{name}.json" for name in found.parameters}
    for name, file in files.items():
        rows = [{"ParameterKey": key, "ParameterValue": value} for key, value in found.parameters[name].items()]
        file.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
        if not quiet:
            click.echo(f"wrote {file}")
    yield from stack_set_lines(mesh, folder / "template.yaml", files, unit)


def _write(made: dict[str, Any], name: str, where: str, out: str | None, *, quiet: bool) -> None:
    """A template on stdout or into a file, with where it is to be deployed."""
    import yaml

    text = yaml.safe_dump(made, sort_keys=False, width=120)
    if out is None:
        click.echo(f"# {where}\n---\n{text}", nl=False)
        return
    path = Path(out) / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {where}\n{text}" if name.endswith(("-queue", "-events")) else text, encoding="utf-8")
    if not quiet:
        click.echo(f"wrote {path}")
