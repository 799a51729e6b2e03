"""The sandbox counts what may have changed, by service: writes, resets, and shares that move on by being looked at."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import Sandbox
from tests.estate import NOBODY
from tests.sandbox.conftest import CONSUMER
from tests.sandbox.lakes import Inside, Lake, all_tables

TRUST = '{"Version": "2012-10-17", "Statement": []}'


def test_a_write_counts_for_its_service_and_a_read_for_none(aws: Sandbox) -> None:
    lake = Lake(Inside(aws))
    before = aws.world.changes.counts()
    lake.database()
    assert aws.world.changes.counts() - before == {"glue": 1}
    before = aws.world.changes.counts()
    lake.glue.get_databases()
    lake.lf.list_permissions()
    with pytest.raises(ClientError):
        Inside(aws).client("iam").simulate_principal_policy(PolicySourceArn=NOBODY, ActionNames=["s3:GetObject"])
    assert aws.world.changes.counts() == before


def test_a_write_to_s3_counts_for_its_bucket_and_one_of_an_object_for_the_objects(aws: Sandbox) -> None:
    s3 = Inside(aws).client("s3", CONSUMER)
    before = aws.world.changes.counts()
    s3.create_bucket(Bucket="one", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_tagging(Bucket="one", Tagging={"TagSet": []})
    with pytest.raises(ClientError):
        s3.delete_bucket_policy(Bucket="two")
    assert aws.world.changes.counts() - before == {"s3 one": 2, "s3 two": 1}
    before = aws.world.changes.counts()
    s3.put_object(Bucket="one", Key="a/b", Body=b"c")
    s3.delete_object(Bucket="one", Key="a/b")
    s3.get_bucket_location(Bucket="one")
    assert aws.world.changes.counts() - before == {"s3 one objects": 2}


def test_a_write_of_iam_counts_for_its_account_and_one_of_what_a_role_may_do_for_the_role(aws: Sandbox) -> None:
    iam = Inside(aws).client("iam", CONSUMER)
    document = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}'
    before = aws.world.changes.counts()
    iam.create_role(RoleName="one", AssumeRolePolicyDocument=TRUST)
    assert aws.world.changes.counts() - before == {f"iam {CONSUMER}": 1}
    before = aws.world.changes.counts()
    iam.put_role_policy(RoleName="one", PolicyName="a", PolicyDocument=document)
    iam.tag_role(RoleName="one", Tags=[{"Key": "a", "Value": "b"}])
    assert aws.world.changes.counts() - before == {f"iam {CONSUMER} one": 2}
    before = aws.world.changes.counts()
    iam.delete_role_policy(RoleName="one", PolicyName="a")
    iam.delete_role(RoleName="one")
    assert aws.world.changes.counts() - before == {f"iam {CONSUMER} one": 1, f"iam {CONSUMER}": 1}


def test_an_event_that_is_sent_changes_nothing(aws: Sandbox) -> None:
    before = aws.world.changes.counts()
    entry = {"Source": "somebody", "DetailType": "something", "Detail": "{}"}
    assert Inside(aws).client("events", CONSUMER).put_events(Entries=[entry])["FailedEntryCount"] == 0
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
