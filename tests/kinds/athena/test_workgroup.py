"""A workgroup's settings hold for every query, and it is found again by its description."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.kinds.athena.workgroup import Workgroup, WorkgroupKind
from reconciler.kinds.common.owner import OURS, UNMARKED, Owner
from reconciler.kinds.territory import ownership_of
from reconciler.model.resource import Resource, Snapshot
from tests.estate import ANALYTICS, Estate, actions, bank, specs, variant

KIND = WorkgroupKind()
WANT: Resource[Workgroup] = specs("workgroup")["bank-analytics-coe-data-scientist"]
CONSUMER = "consumers/analytics-coe/consumer.yaml"
WORKGROUP = "workgroup:\n  resultsRetentionDays: 30\n  bytesCutoff: 10737418240\n"


def test_results_go_to_one_private_place_whatever_the_query_says() -> None:
    assert WANT.spec.enforced
    assert WANT.spec.encryption == "SSE_S3"
    assert WANT.spec.output == f"s3://bank-analytics-coe-results-{ANALYTICS}-eu-west-1/data-scientist/"
    assert WANT.spec.cutoff == 10737418240


@pytest.mark.parametrize(
    ("field", "value"),
    [("enforced", False), ("output", "s3://elsewhere/"), ("cutoff", 0), ("state", "DISABLED"), ("encryption", "")],
)
def test_every_field_is_put_back(field: str, value: object) -> None:
    have = replace(WANT, spec=replace(WANT.spec, **{field: value}))
    assert have.spec != WANT.spec
    (call,) = KIND.update(have, WANT)
    updates = call.params["ConfigurationUpdates"]
    assert updates["EnforceWorkGroupConfiguration"] is True
    assert updates["ResultConfigurationUpdates"]["OutputLocation"] == WANT.spec.output
    assert call.params["State"] == "ENABLED"


def test_without_a_limit_of_the_mesh_that_of_others_stays() -> None:
    """To scan more than before, the document says how much more."""
    unlimited = variant((CONSUMER, "  bytesCutoff: 10737418240\n", ""))
    want = specs("workgroup", unlimited)["bank-analytics-coe-data-scientist"]
    assert KIND.merge_unmanaged(want, WANT).spec == WANT.spec
    (call,) = KIND.update(WANT, want)
    assert not {*call.params["ConfigurationUpdates"]} & {
        "BytesScannedCutoffPerQuery",
        "RemoveBytesScannedCutoffPerQuery",
    }


def test_a_workgroup_of_somebody_else_is_not_ours() -> None:
    ownership = ownership_of(bank(), Snapshot(), Snapshot())
    assert KIND.owner(WANT, ownership) == OURS
    assert KIND.owner(replace(WANT, spec=replace(WANT.spec, description="")), ownership) == UNMARKED
    assert KIND.owner(replace(WANT, spec=replace(WANT.spec, description="meshform:mesh=bank-two")), ownership) == Owner(
        "mesh", "bank-two"
    )


def test_a_workgroup_that_no_consumer_asks_for_goes_and_its_results_stay(built: Estate) -> None:
    without = variant((CONSUMER, WORKGROUP, ""))
    lines = actions(built.plan(without))
    assert "delete workgroup bank-analytics-coe-data-scientist" in lines
    assert not any(line.startswith("delete bucket bank") for line in lines)
    built.repair(without)
