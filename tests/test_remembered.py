"""What is remembered of AWS is what AWS would say again, whoever has written what meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable

from reconciler.aws.observe import observe
from reconciler.aws.reader import AwsReader
from reconciler.kinds import registry
from tests.checkpoint import Checkpoint
from tests.estate import ANALYTICS, BANKING, CENTRAL, Estate, bank
from tests.remembered import Proof, remembered
from tests.writes import writes

BUCKET = "bank-consumer-banking-222222222222-eu-west-1"
REMEMBERED = ("events", "glue", "iam", "lakeformation", "resourcegroupstaggingapi", "s3", "sns")
HIMSELF = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{BANKING}:role/OrganizationAccountAccessRole"}
SOMEBODY = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/somebody"}


def look(estate: Estate) -> None:
    """As a command of its own would."""
    estate.fresh_sessions()
    observe(bank(), registry(), AwsReader(estate.sessions))


def a_topic(estate: Estate) -> None:
    sns = estate.client("sns")
    topic = next(each["TopicArn"] for each in sns.list_topics()["Topics"])
    sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "of", "Value": "somebody"}])
    sns.create_topic(Name="somebodys")


def a_bucket(estate: Estate) -> None:
    s3 = estate.client("s3", BANKING)
    tags = s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"]
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging={"TagSet": [*tags, {"Key": "of", "Value": "somebody"}]})
    s3.delete_bucket_policy(Bucket=BUCKET)


def an_object(estate: Estate) -> None:
    s3 = estate.client("s3", BANKING)
    s3.put_object(Bucket=BUCKET, Key="a/b", Body=b"c")
    s3.delete_object(Bucket=BUCKET, Key="a/b")


def a_bus(estate: Estate) -> None:
    events = estate.client("events")
    events.create_event_bus(Name="somebodys")
    for rule in events.list_rules()["Rules"][:1]:
        events.disable_rule(Name=rule["Name"])


def a_table(estate: Estate) -> None:
    glue = estate.client("glue")
    glue.create_database(DatabaseInput={"Name": "somebodys"})
    glue.create_table(DatabaseName="credit-card", TableInput={"Name": "somebodys"})


def a_grant(estate: Estate) -> None:
    lakeformation = estate.client("lakeformation")
    lakeformation.create_lf_tag(TagKey="somebodys", TagValues=["yes"])
    table = {"Table": {"DatabaseName": "credit-card", "Name": "credit_card"}}
    lakeformation.add_lf_tags_to_resource(Resource=table, LFTags=[{"TagKey": "somebodys", "TagValues": ["yes"]}])
    lakeformation.grant_permissions(Principal=SOMEBODY, Resource=table, Permissions=["SELECT"])


def beside_the_catalog(estate: Estate) -> None:
    rules = "Rules = [ RowCount > 0 ]"
    estate.client("glue").create_data_quality_ruleset(Name="somebodys", Ruleset=rules, Tags={"of": "somebody"})


def a_setting(estate: Estate) -> None:
    """Somebody sees all of an account who saw nothing, and a place of his is the lake's."""
    lakeformation = estate.client("lakeformation", BANKING)
    settings = lakeformation.get_data_lake_settings()["DataLakeSettings"]
    lakeformation.put_data_lake_settings(DataLakeSettings=settings | {"ReadOnlyAdmins": [HIMSELF]})
    lakeformation.register_resource(ResourceArn="arn:aws:s3:::somebodys/place", UseServiceLinkedRole=True)


def a_grant_at_home(estate: Estate) -> None:
    estate.client("glue", BANKING).create_database(DatabaseInput={"Name": "somebodys"})
    database = {"Database": {"Name": "somebodys"}}
    lakeformation = estate.client("lakeformation", BANKING)
    lakeformation.grant_permissions(Principal=HIMSELF, Resource=database, Permissions=["DESCRIBE"])


def a_role(estate: Estate) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    estate.client("iam").create_role(RoleName="somebody", AssumeRolePolicyDocument=document)
    roles = estate.client("iam", ANALYTICS).list_roles(PathPrefix="/meshform/")["Roles"]
    estate.client("iam", ANALYTICS).tag_role(RoleName=roles[0]["RoleName"], Tags=[{"Key": "of", "Value": "somebody"}])


def a_right(estate: Estate) -> None:
    iam = estate.client("iam", ANALYTICS)
    denial = {"Effect": "Deny", "Action": "glue:GetDatabases", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [denial]})
    iam.put_role_policy(RoleName="data-scientist", PolicyName="denial", PolicyDocument=document)
    iam.tag_role(RoleName="data-scientist", Tags=[{"Key": "of", "Value": "somebody"}])


def a_role_gone(estate: Estate) -> None:
    """One that grants, shares and policies of other accounts name."""
    iam, name = estate.client("iam", ANALYTICS), "data-scientist"
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


HANDS: tuple[Callable[[Estate], None], ...] = (
    a_role,
    a_right,
    a_role_gone,
    an_object,
    a_topic,
    a_bucket,
    a_bus,
    a_table,
    a_grant,
    beside_the_catalog,
    a_setting,
    a_grant_at_home,
)


def test_what_is_told_again_is_what_would_be_answered(built: Estate) -> None:
    """After a hand in each service; and in accounts that are as they were before all of them."""
    start, proof = Checkpoint(built.aws), Proof()
    with remembered(built.aws, proof):
        look(built)
        for hand in HANDS:
            hand(built)
            before = len(proof.again)
            look(built)
            assert len(proof.again) > before, f"nothing was remembered after {hand.__name__}"
        start.restore(built.aws)
        look(built)
    assert proof.wrong == []
    assert set(proof.again) == set(REMEMBERED)


def test_a_remembered_answer_that_is_no_longer_so_is_noticed(built: Estate) -> None:
    """What no operation has written: the proof asks AWS, not the memory."""
    proof = Proof()
    with remembered(built.aws, proof):
        look(built)
        written = writes(built.aws.world)
        before = len(written)
        a_table(built)
        del written[before:]
        look(built)
    assert {json.loads(request)[1] for request, _, _ in proof.wrong} >= {"glue"}
