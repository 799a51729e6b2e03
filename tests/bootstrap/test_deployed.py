"""What bootstrap prints, deployed by CloudFormation: nothing is missing then, and the mesh is made under its roles."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from reconciler import pipeline
from reconciler.aws.reader import AwsReader
from reconciler.bootstrap.comparing import differences
from reconciler.bootstrap.deployed import deployed
from reconciler.bootstrap.stack_set import stack_set
from reconciler.bootstrap.template import template
from reconciler.bootstrap.trust import Trusted
from reconciler.kinds import registry
from reconciler.sandbox import Sandbox, sandbox
from tests.bootstrap.test_comparing import MESH
from tests.estate import CENTRAL, REGION, every_rule, placement

TRUSTED = Trusted(("arn:aws:iam::000000000001:root",), "acme/mesh")
MADE = {name: template(MESH, each, TRUSTED, registry(), lock_days=30) for name, each in MESH.accounts.items()}
NAMED = ["CAPABILITY_NAMED_IAM"]


def client(aws: Sandbox, account: str) -> Any:
    return aws.session(account).client("cloudformation", region_name=REGION)


def stack(aws: Sandbox, name: str) -> None:
    account = MESH.accounts[name].id
    body = json.dumps(MADE[name])
    client(aws, account).create_stack(StackName="meshform-bank", TemplateBody=body, Capabilities=NAMED)


def as_stack_set(aws: Sandbox) -> None:
    stack(aws, MESH.central.name)
    found = stack_set(MESH, {name: made for name, made in MADE.items() if name != MESH.central.name})
    central = client(aws, CENTRAL)
    body = json.dumps(found.template)
    central.create_stack_set(
        StackSetName="meshform-bank", TemplateBody=body, Capabilities=NAMED, PermissionModel="SELF_MANAGED"
    )
    for name, given in found.parameters.items():
        rows = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
        central.create_stack_instances(
            StackSetName="meshform-bank",
            Accounts=[MESH.accounts[name].id],
            Regions=[REGION],
            ParameterOverrides=rows,
        )


@pytest.fixture
def enter(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sandbox, str], None]:
    """Come in as a pipeline does: by the central account's role, and from there on by the members' own trust."""

    def entered(aws: Sandbox, duty: str) -> None:
        found = aws.session(CENTRAL, f"meshform-{duty}").get_credentials()
        assert found is not None
        frozen = found.get_frozen_credentials()
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", frozen.access_key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", frozen.secret_key)
        monkeypatch.setenv("AWS_SESSION_TOKEN", frozen.token or "")

    return entered


def missing() -> list[str]:
    reader = AwsReader(pipeline.sessions_for(MESH, writes=False))
    return [
        line
        for name, made in MADE.items()
        for line in differences(made, deployed(reader, placement(MESH.accounts[name].id), made))
    ]


def test_of_plain_templates_nothing_is_missing_until_a_hand_changes_it(enter: Callable[[Sandbox, str], None]) -> None:
    with sandbox() as aws:
        for name in MADE:
            stack(aws, name)
        enter(aws, "plan")
        assert missing() == []
        iam, kms = (aws.session(CENTRAL).client(each, region_name=REGION) for each in ("iam", "kms"))
        issuer = "token.actions.githubusercontent.com"
        (provider,) = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider["Arn"])
        iam.create_open_id_connect_provider(Url=f"https://{issuer}", ClientIDList=["somebody-else"], ThumbprintList=[])
        key = kms.describe_key(KeyId="alias/meshform-bank")["KeyMetadata"]["KeyId"]
        kms.disable_key_rotation(KeyId=key)
        assert missing() == [
            "~ key alias/meshform-bank: EnableKeyRotation is False, needs True",
            f"+ identity provider {issuer}: the audience sts.amazonaws.com",
        ]
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider["Arn"])
        assert f"+ identity provider {issuer}" in missing()


def test_of_a_stack_set_nothing_is_missing_and_the_mesh_is_made_under_its_roles(
    enter: Callable[[Sandbox, str], None],
) -> None:
    with sandbox() as aws:
        as_stack_set(aws)
        enter(aws, "plan")
        assert missing() == []
        enter(aws, "apply")
        sessions = pipeline.sessions_for(MESH, writes=True)
        reviewed = pipeline.review(MESH, observation=pipeline.look(MESH, sessions))
        run = pipeline.apply_reviewed(reviewed, sessions, accepted=every_rule())
        assert [(str(outcome.step.address), outcome.message) for outcome in run.failed] == []
        enter(aws, "plan")
        plan = pipeline.review(MESH, observation=pipeline.look(MESH, pipeline.sessions_for(MESH, writes=False))).plan
        assert plan is not None
        assert (plan.is_empty, plan.gaps) == (True, ())
