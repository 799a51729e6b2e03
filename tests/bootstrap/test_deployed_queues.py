"""bootstrap --events --check: as CloudFormation made it, the queue has no difference; each change by hand is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from click.testing import CliRunner

from reconciler.aws.reader import AwsReader
from reconciler.bootstrap.comparing import Deployed, differences
from reconciler.bootstrap.deployed import deployed
from reconciler.bootstrap.events_template import queue_template
from reconciler.bootstrap.template import template
from reconciler.cli import cli
from reconciler.kinds import registry
from reconciler.pipeline import sessions_for
from reconciler.sandbox import Sandbox, sandbox
from tests.bootstrap.deployed import PEOPLE, ROLES, deploy
from tests.bootstrap.test_comparing import hands
from tests.estate import CENTRAL, REGION, mesh_of, placement, write
from tests.kinds.full import full

MESH = mesh_of(full(ROLES))
MADE = queue_template(MESH)
DEAD = f"arn:aws:sqs:{REGION}:{CENTRAL}:watch-bank-dead"
OTHERS = {
    "SqsManagedSseEnabled": ["false"],
    "MessageRetentionPeriod": ["60", "345600"],
    "VisibilityTimeout": ["0", "30"],
    "RedrivePolicy": ["", json.dumps({"deadLetterTargetArn": DEAD, "maxReceiveCount": "1"})],
}


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    """The central account with its roles, and the queue."""
    with sandbox() as opened:
        deploy(opened, CENTRAL, template(MESH, MESH.central, PEOPLE, registry()))
        stacks = opened.session(CENTRAL).client("cloudformation", region_name=REGION)
        stacks.create_stack(StackName="events", TemplateBody=json.dumps(MADE))
        yield opened


def found_as_the_plan_role() -> Deployed:
    return deployed(AwsReader(sessions_for(MESH, writes=False)), placement(CENTRAL), MADE)


def test_each_setting_of_the_queue_that_a_hand_has_touched_is_told(aws: Sandbox) -> None:
    found = found_as_the_plan_role()
    assert set(found.queues) == {"watch-bank", "watch-bank-dead"}
    assert [*differences(MADE, found)] == []
    for name, there in found.queues.items():
        assert [*differences(MADE, changed(found, name, None))] == [f"+ queue {name}"]
        wanted = next(
            each["Properties"] for each in MADE["Resources"].values() if each["Properties"].get("QueueName") == name
        )
        for key in set(OTHERS) & set(wanted):
            told = [*differences(MADE, changed(found, name, {**there, key: None}))]
            assert len(told) == 1
            assert told[0].startswith(f"~ queue {name}: {key} is None, needs ")


@pytest.mark.parametrize("hand", [hand for _, hand in hands()], ids=[name for name, _ in hands()])
def test_each_statement_of_its_policy_that_a_hand_has_touched_is_told(aws: Sandbox, hand: Any) -> None:
    found = found_as_the_plan_role()
    policy = found.queues["watch-bank"]["Policy"]
    for at in range(len(policy["Statement"])):
        other = deepcopy(policy)
        if hand(other["Statement"], at):
            assert [*differences(MADE, changed(found, "watch-bank", {**found.queues["watch-bank"], "Policy": other}))]
    for name in found.queues:
        opened = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:*"}]}
        there = {**found.queues[name], "Policy": opened}
        assert any(f"queue {name}: sqs:* by *" in line for line in differences(MADE, changed(found, name, there)))


def test_the_command_tells_what_a_hand_has_set_and_that_there_is_no_queue(
    aws: Sandbox, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(full(ROLES), tmp_path / "mesh")
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    ran = run.invoke(cli, ["bootstrap", "--events", "--check"])
    assert (ran.exit_code, ran.stdout) == (0, "central (111111111111) is as this version has it.\n")
    sqs = aws.session(CENTRAL).client("sqs", region_name=REGION)
    url = sqs.get_queue_url(QueueName="watch-bank")["QueueUrl"]
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    kept = {key: before[key] for key in ("Policy", *OTHERS)}
    for key, values in OTHERS.items():
        for value in values:
            sqs.set_queue_attributes(QueueUrl=url, Attributes={**kept, key: value})
            ran = run.invoke(cli, ["bootstrap", "--events", "--check"])
            assert ran.exit_code == 2, (key, value, ran.output)
            lines = ran.stdout.splitlines()
            assert [line.startswith(f"  ~ queue watch-bank: {key} is ") for line in lines[1:]] == [True], ran.output
    sqs.delete_queue(QueueUrl=url)
    ran = run.invoke(cli, ["bootstrap", "--events", "--check"])
    assert (ran.exit_code, ran.stdout.splitlines()[1:]) == (2, ["  + queue watch-bank"])
    assert run.invoke(cli, ["bootstrap", "--events", "--check", "--account", "analytics"]).exit_code == 64


def changed(found: Deployed, name: str, there: Any) -> Deployed:
    queues = {each: row for each, row in found.queues.items() if each != name}
    return Deployed(queues=queues if there is None else {**queues, name: there})
