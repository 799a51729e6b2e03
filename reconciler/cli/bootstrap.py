"""bootstrap: print CloudFormation for the roles that Meshform needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from reconciler.cli.options import common, mesh_of, mesh_option


@click.command(epilog="Example: meshform bootstrap --github bank/mesh --out bootstrap/")
@mesh_option
@click.option("--account", "name", metavar="NAME", help="Only the template of this Account.")
@click.option("--trust", multiple=True, metavar="ARN", help="Who may use the central account's roles. May be repeated.")
@click.option("--github", metavar="OWNER/REPO", help="Let workflows of this repository use them, by OpenID Connect.")
@click.option("--environment", default="production", show_default=True, help="GitHub environment in which apply runs.")
@click.option("--gitlab", metavar="HOST/GROUP/PROJECT", help="The same for jobs of a project of GitLab.")
@click.option("--branch", default="main", show_default=True, help="GitLab branch on which apply runs; protect it.")
@click.option("--trial", is_flag=True, help="With the rights that `meshform doctor --trial` needs besides.")
@click.option("--events", is_flag=True, help="Instead: what brings management events to `meshform drift --events`.")
@click.option(
    "--lock-days",
    type=click.IntRange(1, 36500),
    metavar="N",
    help="Nobody can delete or overwrite evidence for so many days (Object Lock); only for a bucket yet to be made.",
)
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
    out: str | None,
    quiet: bool,
    verbose: int,
) -> None:
    """Print a CloudFormation template for each account: the roles of plan and apply, and what they may do.

    Deploy the central account's first; the other accounts' roles can be assumed from there only.
    """
    del verbose
    from reconciler import pipeline
    from reconciler.bootstrap.events_template import events_template, queue_template, regions
    from reconciler.bootstrap.template import template
    from reconciler.bootstrap.trust import Trusted
    from reconciler.errors import MeshformError
    from reconciler.kinds import registry

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
    trusted = Trusted(trust, gitlab, branch, "gitlab") if gitlab else Trusted(trust, github, environment)
    for account in mesh.accounts.values():
        if name is not None and account.name != name:
            continue
        if not events:
            made = template(mesh, account, trusted, registry(), trial=trial, lock_days=lock_days)
            _write(made, account.name, f"{account.name} ({account.id})", out, quiet=quiet)
            continue
        if account == mesh.central:
            where = f"{account.name} ({account.id}), first of all, in {mesh.region}"
            _write(queue_template(mesh), f"{account.name}-queue", where, out, quiet=quiet)
        where = f"{account.name} ({account.id}), in {', '.join(regions(mesh, account))}"
        _write(events_template(mesh, account, registry()), f"{account.name}-events", where, out, quiet=quiet)


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
