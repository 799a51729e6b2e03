"""CloudFormation by which management events of all accounts come into one queue, for `meshform drift --events`.

CloudTrail hands its events to the default bus of each account and region, where a trail logs management events:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
From there a rule carries those that a kind is changed by to a bus of the central account, and that to the queue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.bootstrap.queue_names import dead_letters_name, queue_name
from reconciler.bootstrap.statements import role
from reconciler.kinds import AnyKind
from reconciler.spec import placements
from reconciler.spec.documents.account import Account
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import iam_arn, partition

Template = dict[str, Any]

GLOBAL = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where what has no region, as IAM, hands out its events."""
_DETAIL = "AWS API Call via CloudTrail"
_DAYS_14 = 1_209_600
_HIDDEN = 900


def regions(mesh: Mesh, account: Account) -> tuple[str, ...]:
    """Where the template of an account's events is to be deployed."""
    home = (placement.region for placement in placements.in_account(mesh, account))
    return tuple(dict.fromkeys((*home, GLOBAL[partition(mesh.region)])))


def queue_template(mesh: Mesh) -> Template:
    """The bus, the queue and its dead letters: of the central account, in the home region."""
    name, who = queue_name(mesh), iam_arn(mesh, mesh.central, role(mesh, "plan"))
    accounts = sorted(account.id for account in mesh.accounts.values())
    resources = {
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": name}},
        "BusPolicy": {
            "Type": "AWS::Events::EventBusPolicy",
            "Properties": {
                "EventBusName": {"Ref": "Bus"},
                "StatementId": "MeshAccounts",
                "Statement": {
                    "Effect": "Allow",
                    "Principal": {"AWS": [f"arn:{partition(mesh.region)}:iam::{account}:root" for account in accounts]},
                    "Action": "events:PutEvents",
                    "Resource": {"Fn::GetAtt": ["Bus", "Arn"]},
                },
            },
        },
        "ToQueue": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "Name": f"{name}-queue",
                "Description": f"Management events for the drift of the mesh {mesh.name}",
                "EventBusName": {"Ref": "Bus"},
                "EventPattern": {"source": [{"prefix": "aws."}], "detail-type": [_DETAIL]},
                "Targets": [{"Id": "queue", "Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}],
            },
        },
        "DeadLetters": {
            "Type": "AWS::SQS::Queue",
            "UpdateReplacePolicy": "Delete",
            "DeletionPolicy": "Delete",
            "Properties": {
                "QueueName": dead_letters_name(mesh),
                "SqsManagedSseEnabled": True,
                "MessageRetentionPeriod": _DAYS_14,
            },
        },
        "Queue": {
            "Type": "AWS::SQS::Queue",
            "UpdateReplacePolicy": "Delete",
            "DeletionPolicy": "Delete",
            "Properties": {
                "QueueName": name,
                "SqsManagedSseEnabled": True,
                "MessageRetentionPeriod": _DAYS_14,
                "VisibilityTimeout": _HIDDEN,
                "RedrivePolicy": {
                    "deadLetterTargetArn": {"Fn::GetAtt": ["DeadLetters", "Arn"]},
                    "maxReceiveCount": 20,
                },
            },
        },
        "QueuePolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "Queue"}],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "Rule",
                            "Effect": "Allow",
                            "Principal": {"Service": "events.amazonaws.com"},
                            "Action": "sqs:SendMessage",
                            "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
                            "Condition": {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["ToQueue", "Arn"]}}},
                        },
                        {
                            "Sid": "PlanRole",
                            "Effect": "Allow",
                            "Principal": {"AWS": who},
                            "Action": ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
                            "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
                        },
                    ],
                },
            },
        },
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Queue of management events for the drift of the mesh {mesh.name}",
        "Resources": resources,
        "Outputs": {"Queue": {"Value": {"Fn::GetAtt": ["Queue", "QueueName"]}}},
    }


def events_template(mesh: Mesh, account: Account, kinds: Mapping[str, AnyKind]) -> Template:
    """The rules of one account, the same for each of its regions: they carry events to the central account's bus."""
    home = placements.of_catalog(mesh)
    bus = f"arn:{partition(mesh.region)}:events:{home.region}:{home.account}:event-bus/{queue_name(mesh)}"
    resources: dict[str, Any] = {
        "Carrier": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "Description": f"Carries management events to the drift of the mesh {mesh.name}",
                "AssumeRolePolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "events.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                        }
                    ],
                },
                "Policies": [
                    {
                        "PolicyName": "carry",
                        "PolicyDocument": {
                            "Version": "2012-10-17",
                            "Statement": [{"Effect": "Allow", "Action": "events:PutEvents", "Resource": bus}],
                        },
                    }
                ],
            },
        }
    }
    for service, names in _watched(kinds):
        resources[f"Watch{service.title()}"] = {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "Name": f"{queue_name(mesh)}-{service}",
                "Description": f"What may change the mesh {mesh.name} by {service}",
                "EventPattern": {
                    "source": [f"aws.{service}"],
                    "detail-type": [_DETAIL],
                    "detail": {"eventSource": [f"{service}.amazonaws.com"], "eventName": names},
                },
                "Targets": [{"Id": "bus", "Arn": bus, "RoleArn": {"Fn::GetAtt": ["Carrier", "Arn"]}}],
            },
        }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Management events of the account {account.name} for the drift of the mesh {mesh.name}",
        "Resources": resources,
    }


def _watched(kinds: Mapping[str, AnyKind]) -> Iterator[tuple[str, list[str]]]:
    """The requests by which kinds change, by service: a pattern with all of them would be longer than AWS takes."""
    by_service: dict[str, set[str]] = {}
    for kind in kinds.values():
        for name in kind.changed_by:
            service, _, event = name.partition(":")
            by_service.setdefault(service, set()).add(event)
    for service in sorted(by_service):
        yield service, sorted(by_service[service])
