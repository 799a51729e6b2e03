"""Deploying: the command lines by which an administrator deploys what bootstrap has written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote

from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh

_LARGEST = 51_200
"""Bytes of a template in a request."""
_NAMED = "--capabilities CAPABILITY_NAMED_IAM"


def deploy_line(mesh: Mesh, account: Account, file: Path) -> str:
    """How to deploy a template; one that is larger than a request takes goes by a bucket.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    """
    large = " --s3-bucket BUCKET" if _is_large(file) else ""
    words = f"aws cloudformation deploy --stack-name {_name(mesh)} --template-file {quote(str(file))}"
    return f"as an administrator of {account.name} ({account.id}): `{words} {_NAMED} --region {mesh.region}{large}`"


def stack_set_lines(mesh: Mesh, template: Path, parameters: Mapping[str, Path], unit: str | None) -> Iterator[str]:
    """How to deploy a template as a StackSet, and each account's parameters by name: in accounts of an organizational
    unit by the organization, else by roles of one's own. Accounts that join the unit later get nothing by themselves.

    https://docs.aws.amazon.com/cli/latest/reference/cloudformation/create-stack-set.html
    https://docs.aws.amazon.com/cli/latest/reference/cloudformation/create-stack-instances.html
    """
    who = "as an administrator of " + ("the organization" if unit else "the account of your StackSets")
    body = f"--template-body {quote(f'file://{template}')}"
    if _is_large(template):
        yield f"{who}: `aws s3 cp {quote(str(template))} s3://BUCKET/{template.name}`"
        body = f"--template-url https://BUCKET.s3.{mesh.region}.amazonaws.com/{template.name}"
    model = "SERVICE_MANAGED --auto-deployment Enabled=false" if unit else "SELF_MANAGED"
    # Managed execution lets the lines be given at once: they wait for each other.
    rest = f"{_NAMED} --permission-model {model} --managed-execution Active=true --region {mesh.region}"
    yield f"{who}: `aws cloudformation create-stack-set --stack-set-name {_name(mesh)} {body} {rest}`"
    for name, file in parameters.items():
        account = mesh.accounts[name].id
        within = f"OrganizationalUnitIds={quote(unit or '')},Accounts={account},AccountFilterType=INTERSECTION"
        where = f"--deployment-targets {within}" if unit else f"--accounts {account}"
        given = f"--parameter-overrides {quote(f'file://{file}')}"
        words = f"aws cloudformation create-stack-instances --stack-set-name {_name(mesh)} {where}"
        yield f"{who}: `{words} --regions {mesh.region} {given} --region {mesh.region}`"


def _name(mesh: Mesh) -> str:
    return f"meshform-{mesh.name}"


def _is_large(file: Path) -> bool:
    return file.stat().st_size > _LARGEST
