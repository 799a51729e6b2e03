"""A domain's data is one registered location, with a role of its own."""

from __future__ import annotations

from reconciler.kinds import addresses
from reconciler.kinds.common.owner import OURS, UNMARKED
from reconciler.kinds.lakeformation.location import Location, LocationKind
from reconciler.kinds.territory import ownership_of
from reconciler.model.resource import Resource, Snapshot
from tests.estate import BANKING, CENTRAL, MARKETS, bank, placement, specs, variant

KIND = LocationKind()
WANT = specs("location")
MINE = f"arn:aws:s3:::bank-consumer-banking-{BANKING}-eu-west-1"


def test_a_location_has_no_slash_at_its_end() -> None:
    assert f"arn:aws:s3:::bank-investment-banking-{MARKETS}-eu-west-1/deals" in WANT
    assert all(not name.endswith("/") for name in WANT)


def test_the_service_linked_role_is_never_used() -> None:
    for want in WANT.values():
        (call,) = KIND.create(want)
        assert call.params["UseServiceLinkedRole"] is False
        assert ":role/meshform/bank/register-" in call.params["RoleArn"]


def test_a_location_waits_for_its_role_and_for_the_bucket_to_let_it_in() -> None:
    needed = {(need.kind, need.placement.account) for need in KIND.needs(WANT[MINE])}
    assert {("iam-role", CENTRAL), ("bucket-policy", BANKING), ("lake-settings", CENTRAL)} <= needed


def test_a_location_registered_with_another_role_is_not_ours_to_take() -> None:
    ownership = ownership_of(bank(), Snapshot(), Snapshot())
    other = Resource(
        addresses.location(placement(CENTRAL), "arn:aws:s3:::theirs"), Location("arn:aws:iam::1:role/theirs", False)
    )
    assert KIND.owner(other, ownership) == UNMARKED
    assert KIND.owner(WANT[MINE], ownership) == OURS


def test_hybrid_access_is_said_by_the_domain() -> None:
    mesh = variant(("domains/consumer-banking/domain.yaml", "account:", "hybrid: true\naccount:"))
    assert specs("location", mesh)[MINE].spec.hybrid
    assert not WANT[MINE].spec.hybrid


def test_in_another_partition_arns_begin_otherwise() -> None:
    reader = ("consumers/analytics-coe/consumer.yaml", "arn:aws:iam", "arn:aws-cn:iam")
    mesh = variant(("mesh.yaml", "region: eu-west-1", "region: cn-north-1"), reader)
    assert all(name.startswith("arn:aws-cn:s3:::") for name in specs("location", mesh))
