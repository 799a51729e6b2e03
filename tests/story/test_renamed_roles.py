"""Roles that an earlier Meshform made without the mesh's name get their new one, and all stays readable meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from reconciler.kinds.common.policy_document import listed
from reconciler.kinds.databrew import curation
from reconciler.kinds.glue import crawls
from reconciler.kinds.notifications import notification_names
from reconciler.kinds.roles import location_role
from reconciler.kinds.sharing import producer_grants
from reconciler.sandbox import sandbox
from tests.estate import BANKING, CENTRAL, Estate, bank, example, mesh_of

MODULES = (curation, crawls, notification_names, location_role, producer_grants)
BUCKET = f"bank-consumer-banking-{BANKING}-eu-west-1"


@pytest.fixture
def old() -> Iterator[Estate]:
    """The example as an earlier Meshform left it."""
    with sandbox() as aws, pytest.MonkeyPatch.context() as patch:
        for module in MODULES:
            patch.setattr(module, "work_role", lambda _, work, of: f"{work}-{of}")
        estate = Estate(aws)
        estate.empty()
        run = estate.apply_reviewed(mesh_of(example()))
        assert not run.failed
        patch.undo()
        estate.fresh_sessions()
        yield estate


def unreadable(estate: Estate) -> str:
    """Why Lake Formation cannot read the files of a product; empty where it can."""
    (place,) = [
        each
        for each in estate.client("lakeformation").list_resources()["ResourceInfoList"]
        if each["ResourceArn"].endswith(BUCKET)
    ]
    role = place["RoleArn"]
    if role not in {each["Arn"] for each in estate.client("iam").list_roles()["Roles"]}:
        return f"{role} is gone"
    policy = json.loads(estate.client("s3", BANKING).get_bucket_policy(Bucket=BUCKET)["Policy"])
    let = [
        each for each in policy["Statement"] if each["Effect"] == "Allow" and role in listed(each["Principal"]["AWS"])
    ]
    return "" if len(let) == 2 else f"the bucket does not let {role}"


@contextmanager
def watched(estate: Estate) -> Iterator[list[str]]:
    log, wrong = estate.aws.world.calls, list[str]()
    append = log.append

    def look(call: Any) -> None:
        append(call)
        if not call.operation.startswith(("Get", "List", "Describe", "Search", "AssumeRole", "Head")):
            why = unreadable(estate)
            wrong.extend([f"after {call.operation}: {why}"] if why else [])

    log.append = look
    try:
        yield wrong
    finally:
        log.append = append


def test_roles_are_renamed_without_a_gap(old: Estate) -> None:
    before = {each["RoleName"] for each in old.client("iam").list_roles()["Roles"]}
    assert "register-consumer-banking" in before
    with watched(old) as wrong:
        old.repair()
    assert wrong == []
    after = {each["RoleName"] for each in old.client("iam").list_roles()["Roles"]}
    assert {name for name in after if name.startswith(("register-", "crawl-", "events-from-"))} == {
        *(f"register-{domain}.bank" for domain in bank().domains),
        "crawl-credit-profile.bank",
        "events-from-central.bank",
    }
    policy = old.client("s3", BANKING).get_bucket_policy(Bucket=BUCKET)["Policy"]
    assert f"{CENTRAL}:role/meshform/bank/register-consumer-banking.bank" in policy
    assert f'{CENTRAL}:role/meshform/bank/register-consumer-banking"' not in policy
