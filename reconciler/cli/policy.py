"""policy: the rules of governance that a mesh has of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from reconciler.cli import show
from reconciler.cli.options import common, format_option, mesh_option
from reconciler.errors import MeshformError

if TYPE_CHECKING:
    from reconciler.spec.documents.policy import Policy
    from reconciler.spec.mesh import Mesh


@click.group(epilog="Example: meshform policy test")
def command() -> None:
    """The rules of governance that the mesh has of its own: what they are, whether their examples hold."""


@command.command("list", epilog="Example: meshform policy list --format json")
@mesh_option
@format_option("text", "json")
@common
def list_command(folder: str, form: str, quiet: bool, verbose: int) -> None:
    """List the policies: what each looks at, what becomes of what breaks it, who answers for it, its exceptions."""
    del quiet, verbose
    mesh = _mesh(folder)
    rows = [_row(mesh, policy) for policy in mesh.policies.values()]
    if form == "json":
        show.data({"version": 1, "policies": rows})
        return
    if not rows:
        show.lines(["The mesh has no policies. docs/policies.md shows how to write one."])
    for row in rows:
        domain = f" in {row['domain']}" if row["domain"] else ""
        show.lines([f"{row['name']}: {row['action']} {row['object']}{domain}, by {row['owner']}. {row['description']}"])
        for each in row["exceptions"]:
            show.lines([f"  except {each['for']} until {each['until']}: {each['reason']}"])


@command.command("test", epilog="Example: meshform policy test restricted-needs-purpose")
@click.argument("names", nargs=-1, metavar="[POLICY]...")
@mesh_option
@common
def test_command(names: tuple[str, ...], folder: str, quiet: bool, verbose: int) -> None:
    """Run the examples of policies. Exits with 1 if one does not come out as it expects."""
    del verbose
    from reconciler.policy.check import tried
    from reconciler.policy.compiled import compiled
    from reconciler.spec.today import today

    mesh, failed = _mesh(folder), 0
    for policy in _chosen(mesh, names):
        made, wrong = compiled(policy, mesh)
        for each in wrong:
            show.lines([f"wrong  {policy.name}: {each.mistake.text}"])
        failed += len(wrong)
        tests = list(tried(made, today())) if made is not None else []
        failed += sum(each.trouble is not None for each in tests)
        if made is not None and not tests and not quiet:
            show.lines([f"none   {policy.name}: it has no examples"])
        for example in tests:
            if example.trouble or not quiet:
                word = "wrong" if example.trouble else "ok"
                show.lines([f"{word:<6} {policy.name}: {example.test.name}{_more(example.trouble)}"])
    if failed:
        raise MeshformError(f"{failed} {'example does' if failed == 1 else 'examples do'} not hold.")


@command.command("explain", epilog="Example: meshform policy explain restricted-needs-purpose")
@click.argument("name", metavar="POLICY")
@mesh_option
@format_option("text", "json")
@common
def explain_command(name: str, folder: str, form: str, quiet: bool, verbose: int) -> None:
    """Say what a policy is for, and what breaks it now: among the documents, or in the access that they ask for."""
    del quiet, verbose
    from reconciler.catalog.breaches import breaches
    from reconciler.spec.today import today

    mesh = _mesh(folder)
    (policy,) = _chosen(mesh, (name,))
    found = [
        {"what": breach.finding.message, "where": str(breach.origin) if breach.origin else None}
        for breach in breaches(mesh, (policy,), today())[policy.name]
    ]
    if form == "json":
        show.data({"version": 1, **_row(mesh, policy), "breaches": found})
        return
    show.lines(_explained(policy, found))


def _explained(policy: Policy, breaches: list[dict[str, Any]]) -> Iterator[str]:
    yield f"{policy.name}: {policy.description}"
    for label, said in (("why", policy.reason), ("see", policy.link), ("answers for it", policy.owner)):
        if said:
            yield f"  {label}: {said}"
    looked_at = "the plan" if policy.object == "plan" else f"each {policy.object}"
    yield f"  looks at: {looked_at}{f' of the domain {policy.domain}' if policy.domain else ''}"
    for condition in policy.match_conditions:
        yield f"  if {condition.name}: {condition.expression.strip()}"
    for validation in policy.validations:
        yield f"  must hold: {validation.expression.strip()}"
    yield f"  what breaks it: {_ACTIONS[policy.action]}"
    if policy.object in ("change", "plan"):
        yield "It looks at what a plan does; `meshform plan` says what breaks it."
        return
    yield f"{len(breaches) or 'Nothing'} {'thing breaks' if len(breaches) < 2 else 'things break'} it now."
    for each in breaches:
        yield f"  ! {each['where'] + '  ' if each['where'] else ''}{each['what']}"


_ACTIONS = {
    "deny": "is refused",
    "warn": "is told",
    "audit": "stands in the JSON only",
}


def _row(mesh: Mesh, policy: Policy) -> dict[str, Any]:
    return {
        "name": policy.name,
        "description": policy.description,
        "object": policy.object,
        "action": policy.action,
        "domain": policy.domain,
        "owner": policy.owner,
        "reason": policy.reason,
        "link": policy.link,
        "examples": len(policy.tests),
        "exceptions": [
            {
                "name": each.name,
                "for": ", ".join(f"{name}={value}" for name, value in each.for_.items()),
                "until": str(each.until),
                "reason": each.reason,
            }
            for each in mesh.exceptions.values()
            if each.policy == policy.name
        ],
    }


def _mesh(folder: str) -> Mesh:
    """The mesh, also where its policies find something wrong."""
    from reconciler.cli.options import valid_mesh_of
    from reconciler.spec.load import load
    from reconciler.spec.today import today
    from reconciler.spec.yaml.source import folder_sources

    mesh: Mesh = valid_mesh_of(load(folder_sources(folder), today()))
    return mesh


def _chosen(mesh: Mesh, names: tuple[str, ...]) -> list[Policy]:
    from reconciler.spec.suggest import did_you_mean

    for name in names:
        if name not in mesh.policies:
            raise MeshformError(f"The mesh has no policy {name}{did_you_mean(name, mesh.policies)}.")
    return [mesh.policies[name] for name in names] if names else list(mesh.policies.values())


def _more(trouble: str | None) -> str:
    return f": {trouble}" if trouble else ""
