"""What bears the trial's name in the accounts of a sandbox."""

from __future__ import annotations

from typing import Any

from reconciler.doctor.trial_run import NAME
from reconciler.sandbox import Sandbox
from tests.estate import ANALYTICS, CENTRAL, REGION


def leftovers(aws: Sandbox) -> list[str]:
    """Everything of the trial's name that is in the accounts."""
    found: list[str] = []
    for account in (CENTRAL, ANALYTICS):
        session = aws.session(account)

        def client(service: str, session: Any = session) -> Any:
            return session.client(service, region_name=REGION)

        found += [f"role {each['RoleName']}" for each in client("iam").list_roles()["Roles"]]
        found += [f"database {each['Name']}" for each in client("glue").get_databases()["DatabaseList"]]
        found += [f"crawler {each['Name']}" for each in client("glue").get_crawlers()["Crawlers"]]
        found += [f"workgroup {each['Name']}" for each in client("athena").list_work_groups()["WorkGroups"]]
        found += [f"rule {each['Name']}" for each in client("events").list_rules()["Rules"]]
        found += [f"topic {each['TopicArn']}" for each in client("sns").list_topics()["Topics"]]
        found += [f"queue {each}" for each in client("sqs").list_queues().get("QueueUrls", ())]
    for lake in aws.world.lakeformation.lakes():
        found += [f"tag {key}" for key in lake.tags]
    found += [f"row {row.principal} {row.resource}" for row in aws.world.lakeformation.grants.by(CENTRAL)]
    found += [f"row {row.principal} {row.resource}" for row in aws.world.lakeformation.grants.by(ANALYTICS)]
    return [each for each in found if NAME in each or each.endswith("-doctor")]
