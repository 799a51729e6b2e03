"""The templates of `bootstrap --events`, laid into the sandbox's accounts as CloudFormation would."""

from __future__ import annotations

import json
from typing import Any

from tests.estate import REGION, Estate

ORDER = ("EventBus", "Role", "Queue", "Rule", "EventBusPolicy", "QueuePolicy")


class Laid:
    """What templates asked for in an account and region: ARNs, and what `Ref` gives, by the names there."""

    def __init__(self, estate: Estate, account: str, region: str = REGION) -> None:
        self.account, self.region = account, region
        self.session = estate.aws.session(account)
        self.arns: dict[str, str] = {}
        self.names: dict[str, str] = {}

    def all(self, made: dict[str, Any]) -> dict[str, str]:
        """Make everything; what `Ref` gives of each."""
        last = sorted(made["Resources"].items(), key=lambda each: each[0] == "Queue")  # after its dead letters
        for name, resource in sorted(last, key=lambda each: ORDER.index(_sort(each[1]))):
            getattr(self, _sort(resource).lower())(name, self.value(resource["Properties"]))
        return self.names

    def value(self, given: Any) -> Any:
        match given:
            case {"Fn::GetAtt": [name, "Arn"]}:
                return self.arns[name]
            case {"Ref": "AWS::AccountId"}:
                return self.account
            case {"Ref": name}:
                return self.names[name]
            case dict():
                return {key: self.value(each) for key, each in given.items()}
            case list():
                return [self.value(each) for each in given]
            case _:
                return given

    def client(self, service: str) -> Any:
        return self.session.client(service, region_name=self.region)

    def eventbus(self, name: str, wanted: Any) -> None:
        self.names[name] = wanted["Name"]
        self.arns[name] = self.client("events").create_event_bus(Name=wanted["Name"])["EventBusArn"]

    def role(self, name: str, wanted: Any) -> None:
        iam, role = self.client("iam"), f"{name}-{self.region}"
        trust = json.dumps(wanted["AssumeRolePolicyDocument"])
        self.arns[name] = iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        for policy in wanted["Policies"]:
            document = json.dumps(policy["PolicyDocument"])
            iam.put_role_policy(RoleName=role, PolicyName=policy["PolicyName"], PolicyDocument=document)

    def queue(self, name: str, wanted: Any) -> None:
        settings = {
            key: json.dumps(each) if isinstance(each, dict) else str(each)
            for key, each in wanted.items()
            if key not in ("QueueName", "SqsManagedSseEnabled")
        }
        made = self.client("sqs").create_queue(QueueName=wanted["QueueName"], Attributes=settings)
        self.names[name] = made["QueueUrl"]
        self.arns[name] = f"arn:aws:sqs:{self.region}:{self.account}:{wanted['QueueName']}"

    def rule(self, name: str, wanted: Any) -> None:
        bus = {"EventBusName": wanted["EventBusName"]} if "EventBusName" in wanted else {}
        pattern, events = json.dumps(wanted["EventPattern"]), self.client("events")
        self.arns[name] = events.put_rule(Name=wanted["Name"], EventPattern=pattern, **bus)["RuleArn"]
        events.put_targets(Rule=wanted["Name"], Targets=wanted["Targets"], **bus)

    def eventbuspolicy(self, name: str, wanted: Any) -> None:
        statement = {"Sid": wanted["StatementId"], **wanted["Statement"]}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.client("events").put_permission(EventBusName=wanted["EventBusName"], Policy=document)

    def queuepolicy(self, name: str, wanted: Any) -> None:
        document = json.dumps(wanted["PolicyDocument"])
        for url in wanted["Queues"]:
            self.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": document})


def _sort(resource: dict[str, Any]) -> str:
    return str(resource["Type"]).rpartition(":")[2]
