"""The first day under the roles that bootstrap prints, in accounts as AWS makes them now.

RAM, Glue, KMS and EventBridge ask of the roles what AWS documents that they ask.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reconciler import pipeline
from reconciler.sandbox import Sandbox, sandbox
from reconciler.spec.mesh import Mesh
from tests.bootstrap.deployed import ROLES
from tests.doctor.conftest import deployed
from tests.estate import (
    ANALYTICS,
    BANKING,
    CENTRAL,
    MARKETS,
    REGION,
    Edit,
    Files,
    edited,
    every_rule,
    failures,
    mesh_of,
)
from tests.kinds.full import full
from tests.story.test_no_gap import INTERNAL, REPORT, WIDER

BARE = ("consumers/", "domains/", "lf-tags/")
ACCOUNTS = (CENTRAL, BANKING, MARKETS, ANALYTICS)
DOMAIN = "domains/consumer-banking/domain.yaml"


@pytest.fixture
def aws() -> Iterator[Sandbox]:
    """Accounts as AWS makes them."""
    with sandbox() as opened:
        yield opened


def keyed(aws: Sandbox) -> Edit:
    """A domain whose files are encrypted with a key that lets the central account read them."""
    statements = [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{each}:root"}, "Action": "kms:*", "Resource": "*"}
        for each in (BANKING, CENTRAL)
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    key = aws.session(BANKING).client("kms", region_name=REGION).create_key(Policy=policy)["KeyMetadata"]["Arn"]
    return DOMAIN, "account:", f"kmsKey: {key}\naccount:"


def carry_out(mesh: Mesh) -> None:
    """Apply, and prove as the role of plan that nothing is left to do."""
    plan, apply = (pipeline.sessions_for(mesh, writes=writes) for writes in (False, True))
    run = pipeline.apply_reviewed(
        pipeline.review(mesh, observation=pipeline.look(mesh, apply)), apply, accepted=every_rule()
    )
    assert not run.failed, failures(run)
    left = pipeline.review(mesh, observation=pipeline.look(mesh, plan)).plan
    assert left is not None
    assert left.is_empty
    assert left.is_complete, (left.gaps, left.held)


@pytest.mark.parametrize("files", [edited, full], ids=["the example", "one of everything"])
def test_first_apply_change_and_teardown(aws: Sandbox, files: Callable[..., Files]) -> None:
    key = keyed(aws)
    deployed(aws, mesh_of(files(ROLES, key)))
    carry_out(mesh_of(files(ROLES, key)))
    carry_out(mesh_of(files(ROLES, key, (REPORT, INTERNAL, WIDER))))
    assert left(aws)
    carry_out(mesh_of(edited(ROLES, without=BARE)))
    assert left(aws) == []


def left(aws: Sandbox) -> list[str]:
    """What bears the mesh's name, and what is granted, but for buckets, which nobody deletes, and roles of admins."""
    found: list[str] = []
    for account in ACCOUNTS:
        session = aws.session(account)

        def client(service: str, session: Any = session) -> Any:
            return session.client(service, region_name=REGION)

        roles = client("iam").list_roles(PathPrefix="/meshform/")["Roles"]
        found += [each["Arn"] for each in roles if "/data-mesh-" not in each["Arn"]]
        found += [each["Name"] for each in client("glue").get_databases()["DatabaseList"]]
        found += [each["Name"] for each in client("glue").get_crawlers()["Crawlers"]]
        found += [each["Name"] for each in client("glue").get_jobs()["Jobs"]]
        found += [each["Name"] for each in client("glue").list_data_quality_rulesets()["Rulesets"]]
        found += [each["Name"] for each in client("databrew").list_jobs()["Jobs"]]
        found += [each["Name"] for each in client("athena").list_work_groups()["WorkGroups"]]
        found += [each["TopicArn"] for each in client("sns").list_topics()["Topics"]]
        found += [each["Name"] for each in client("events").list_event_buses()["EventBuses"]]
        found += [each["Name"] for each in client("events").list_rules()["Rules"]]
        shares = client("ram").get_resource_shares(resourceOwner="SELF")["resourceShares"]
        found += [each["name"] for each in shares if each["status"] != "DELETED"]
        rows = aws.world.lakeformation.grants.by(account)
        found += [str(row) for row in rows if row.permissions != {"CREATE_DATABASE"}]
    for lake in aws.world.lakeformation.lakes():
        found += [*lake.tags, *lake.expressions, *lake.locations, *map(str, lake.opt_ins)]
    return [each for each in found if each not in ("primary", "default")]
