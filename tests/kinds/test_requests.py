"""Every request that a plan holds is valid by AWS's own model, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from reconciler.aws import batch
from reconciler.kinds import registry
from reconciler.model.call import Call, Lookup
from reconciler.model.change import Create, Delete
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh
from tests.estate import Estate, bank, variant
from tests.story.test_main_law import VARIATIONS


@cache
def model(service: str) -> ServiceModel:
    """AWS's model of a service."""
    return ServiceModel(create_loader().load_service_model(service, "service-2"), service)


def faults(call: Call | Lookup, operation: str, params: Any) -> str:
    """What botocore has against the parameters."""
    shape = model(call.service).operation_model(operation).input_shape
    return "" if shape is None else str(ParamValidator().validate(params, shape).generate_report())


def created(mesh: Mesh) -> Iterable[Call]:
    """The requests that make everything that a mesh wants."""
    for address, want in compile_mesh(mesh, registry()).items():
        yield from registry()[address.kind].create(want)


def checked(calls: Iterable[Call]) -> int:
    """How many requests were checked; AssertionError for one that is not valid."""
    count = 0
    for call in calls:
        for lookup in (call.until, call.each[1] if call.each else None):
            if lookup is not None:
                assert faults(lookup, lookup.operation, dict(lookup.params)) == ""
        if call.operation:
            filled = {call.each[0]: "value"} if call.each else {}
            assert faults(call, call.operation, {**call.params, **filled}) == "", call
            count += 1
    return count


@pytest.mark.parametrize("edits", VARIATIONS.values(), ids=VARIATIONS)
def test_every_request_that_makes_something_is_valid(edits: list[Any]) -> None:
    assert checked(created(variant(*edits))) > 100


def test_every_request_that_changes_or_deletes_something_is_valid(built: Estate) -> None:
    smaller = variant(
        ("lf-tags/subject.yaml", "[consumer-banking, asset-management, investment-banking]", "[investment-banking]"),
        ("domains/investment-banking/products/deal-pipeline.yaml", "One row per deal.", "Every deal."),
        without=["domains/consumer-banking", "domains/asset-management", "consumers"],
    )
    plan = built.plan(smaller)
    assert {step.change.action for step in plan.steps} >= {"delete", "update"}
    assert checked(call for step in plan.steps for call in step.calls) > 50


def test_every_batch_is_valid() -> None:
    grants = [call for call in created(bank()) if call.operation == "GrantPermissions"]
    assert len(grants) > 40
    for entries in batch.batches(grants):
        assert faults(grants[0], "BatchGrantPermissions", batch.request(entries)) == ""


def test_every_kind_writes_only_what_it_says_that_it_writes() -> None:
    """The roles of apply are made from these lists."""
    special = {
        "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    }
    special |= {"s3:PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration"}
    prefixes = {"lakeformation", "glue", "s3", "iam", "ram", "athena", "events", "sns", "databrew"}
    for address, want in compile_mesh(bank(), registry()).items():
        kind = registry()[address.kind]
        for call in kind.create(want):
            if call.operation:
                assert call.service in prefixes
                action = f"{call.service}:{call.operation}"
                assert special.get(action, action) in kind.writes, (kind.name, action)


def test_a_creation_and_its_deletion_are_about_one_place() -> None:
    for address, want in compile_mesh(bank(), registry()).items():
        kind = registry()[address.kind]
        assert all(call.cell == address.cell for call in kind.create(want))
        assert Create(want).address == Delete(want).address
