"""The sandbox counts what may have changed, by service: writes, resets, and shares that move on by being looked at."""

from __future__ import annotations

from reconciler.sandbox import Sandbox
from tests.sandbox.conftest import CONSUMER
from tests.sandbox.lakes import Inside, Lake, all_tables


def test_a_write_counts_for_its_service_and_a_read_for_none(aws: Sandbox) -> None:
    lake = Lake(Inside(aws))
    before = aws.world.changes.counts()
    lake.database()
    assert aws.world.changes.counts() - before == {"glue": 1}
    before = aws.world.changes.counts()
    lake.glue.get_databases()
    lake.lf.list_permissions()
    assert aws.world.changes.counts() == before


def test_a_reset_counts(aws: Sandbox) -> None:
    before = aws.world.changes.counts()
    aws.reset()
    assert aws.world.changes.counts() != before


def test_a_share_that_moves_on_by_being_looked_at_counts(aws: Sandbox) -> None:
    lake = Lake(Inside(aws)).sales()
    lake.grant(CONSUMER, all_tables(), "SELECT")
    (invitation,) = lake.http.client("ram", CONSUMER).get_resource_share_invitations()["resourceShareInvitations"]
    lake.http.client("ram", CONSUMER).accept_resource_share_invitation(
        resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
    )
    before = aws.world.changes.counts()
    lake.ram.get_resource_share_associations(associationType="RESOURCE")
    assert set(aws.world.changes.counts() - before) == {"ram"}
