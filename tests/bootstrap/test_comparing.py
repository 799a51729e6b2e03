"""bootstrap --check: what is deployed as printed has no difference, and each change by hand is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner

from reconciler import pipeline
from reconciler.aws.reader import AwsReader
from reconciler.bootstrap.comparing import Deployed, differences
from reconciler.bootstrap.deployed import deployed
from reconciler.bootstrap.template import template
from reconciler.bootstrap.trust import Trusted
from reconciler.cli import cli
from reconciler.kinds import registry
from reconciler.sandbox import Sandbox
from tests.bootstrap.deployed import ROLES, of_type
from tests.estate import CENTRAL, REGION, mesh_of, placement, write
from tests.kinds.full import SETTINGS, full

EVIDENCE = (
    SETTINGS,
    "limits:",
    "journal: {bucket: bank-evidence-111111111111, signingKey: alias/bank-evidence}\nlimits:",
)
MESH = mesh_of(full(ROLES, EVIDENCE))
MADE = {
    account.name: template(MESH, account, Trusted(("arn:aws:iam::111111111111:user/ada",), "acme/mesh"), registry())
    for account in MESH.accounts.values()
}


ROTATED = frozenset({"alias/meshform-bank"})


def as_deployed(made: dict[str, Any]) -> Deployed:
    """What AWS would tell of an account into which exactly this was deployed."""
    made = deepcopy(made)
    policies = {f"arn:aws:iam::1:policy/{p.get('ManagedPolicyName', n)}": p for n, p in of_type(made, "ManagedPolicy")}
    arns = {n: f"arn:aws:iam::1:policy/{p.get('ManagedPolicyName', n)}" for n, p in of_type(made, "ManagedPolicy")}
    roles = {
        role["RoleName"]: {
            "RoleName": role["RoleName"],
            "Path": role.get("Path", "/"),
            "MaxSessionDuration": role["MaxSessionDuration"],
            "Tags": role["Tags"],
            "AssumeRolePolicyDocument": role["AssumeRolePolicyDocument"],
            "AttachedManagedPolicies": [{"PolicyArn": arns[each["Ref"]]} for each in role["ManagedPolicyArns"]],
        }
        for _, role in of_type(made, "Role")
    }
    resources = made["Resources"]
    buckets: dict[str, dict[str, Any]] = {}
    if bucket := resources.get("EvidenceBucket"):
        own = bucket["Properties"]
        text = json.dumps(resources["EvidenceBucketPolicy"]["Properties"]["PolicyDocument"])
        arn = f"arn:aws:s3:::{own['BucketName']}"
        text = text.replace('{"Fn::GetAtt": ["EvidenceBucket", "Arn"]}', json.dumps(arn))
        text = text.replace('{"Fn::Sub": "${EvidenceBucket.Arn}/*"}', json.dumps(f"{arn}/*"))
        buckets[own["BucketName"]] = {**own, "Policy": json.loads(text)}
    keys = {
        each["Properties"]["AliasName"]: resources[each["Properties"]["TargetKeyId"]["Ref"]]["Properties"]["KeyPolicy"]
        for each in resources.values()
        if each["Type"] == "AWS::KMS::Alias"
    }
    own = [each["Properties"] for each in resources.values()]
    providers = {
        each["Url"].removeprefix("https://"): frozenset(each["ClientIdList"]) for each in own if "ClientIdList" in each
    }
    return Deployed(
        roles,
        {arn: each["PolicyDocument"] for arn, each in policies.items()},
        buckets,
        keys,
        ROTATED & {*keys},
        providers,
    )


def documents(found: Deployed) -> Iterator[dict[str, Any]]:
    """Every policy that is deployed."""
    yield from (role["AssumeRolePolicyDocument"] for role in found.roles.values())
    yield from found.policies.values()
    yield from (bucket["Policy"] for bucket in found.buckets.values())
    yield from found.keys.values()


def hands() -> Iterator[tuple[str, Any]]:
    """What somebody may do to a statement; it gets the list and the place of one, and says whether it did it."""

    def gone(all_: list[Any], at: int) -> bool:
        del all_[at]
        return True

    def widened(key: str, value: str) -> Any:
        def hand(all_: list[Any], at: int) -> bool:
            before = all_[at].get(key)
            if before is None or value in before:
                return False
            all_[at] = {**all_[at], key: value}
            return True

        return hand

    def fewer(key: str) -> Any:
        def hand(all_: list[Any], at: int) -> bool:
            before = all_[at].get(key)
            if not isinstance(before, list) or len(before) < 2:
                return False
            all_[at] = {**all_[at], key: before[1:]}
            return True

        return hand

    def free(all_: list[Any], at: int) -> bool:
        if "Condition" not in all_[at]:
            return False
        all_[at] = {key: value for key, value in all_[at].items() if key != "Condition"}
        return True

    def turned(all_: list[Any], at: int) -> bool:
        all_[at] = {**all_[at], "Effect": "Deny" if all_[at]["Effect"] == "Allow" else "Allow"}
        return True

    def anybody(all_: list[Any], at: int) -> bool:
        if "Principal" not in all_[at] or all_[at]["Principal"] == "*":
            return False
        all_[at] = {**all_[at], "Principal": {"AWS": "arn:aws:iam::999999999999:root"}}
        return True

    def negated(all_: list[Any], at: int) -> bool:
        all_[at] = {("NotAction" if key == "Action" else key): value for key, value in all_[at].items()}
        return True

    yield "gone", gone
    yield "every action", widened("Action", "*")
    yield "on everything", widened("Resource", "*")
    yield "one action less", fewer("Action")
    yield "one resource less", fewer("Resource")
    yield "without its condition", free
    yield "turned round", turned
    yield "for another account", anybody
    yield "all but these", negated


@pytest.mark.parametrize("name", MADE)
def test_what_is_as_printed_has_no_difference(name: str) -> None:
    assert [*differences(MADE[name], as_deployed(MADE[name]))] == []


@pytest.mark.parametrize("hand", [hand for _, hand in hands()], ids=[name for name, _ in hands()])
def test_each_statement_that_a_hand_has_touched_is_told(hand: Any) -> None:
    """In the account with everything: the central one."""
    made = MADE[MESH.central.name]
    touched = 0
    found = as_deployed(made)
    for document in documents(found):
        kept = list(document["Statement"])
        for at in range(len(kept)):
            if hand(document["Statement"], at):
                touched += 1
                assert [*differences(made, found)], f"{kept[at]} was touched, and nothing is told"
            document["Statement"] = list(kept)
    assert touched


@pytest.mark.parametrize(
    "key", ["Path", "MaxSessionDuration", "Tags", "PermissionsBoundary", "AttachedManagedPolicies"]
)
def test_each_property_of_a_role_that_a_hand_has_touched_is_told(key: str) -> None:
    made = MADE[MESH.central.name]
    for role in as_deployed(made).roles:
        found = as_deployed(made)
        value: Any = {
            "Path": "/other/",
            "MaxSessionDuration": 43200,
            "Tags": [],
            "PermissionsBoundary": {"PermissionsBoundaryArn": "arn:x"},
            "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}],
        }[key]
        changed = {**found.roles, role: {**found.roles[role], key: value}}
        assert any(role in line for line in differences(made, replace(found, roles=changed)))
        gone = {name: each for name, each in found.roles.items() if name != role}
        assert [*differences(made, replace(found, roles=gone))] == [f"+ role {role}"]


def test_a_policy_of_its_own_that_a_role_was_given_is_told() -> None:
    made = MADE[MESH.central.name]
    found = as_deployed(made)
    allow = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    more = {**found.roles["meshform-plan"], "RolePolicyList": [{"PolicyName": "x", "PolicyDocument": allow}]}
    told = [*differences(made, replace(found, roles={**found.roles, "meshform-plan": more}))]
    assert told == ["- role meshform-plan: * on *"]


def test_each_setting_of_the_bucket_that_a_hand_has_touched_is_told() -> None:
    made = MADE[MESH.central.name]
    (name,) = as_deployed(made).buckets
    for key, value in as_deployed(made).buckets[name].items():
        if key == "BucketName":
            continue
        for other in [None, *({**value, each: "other"} for each in value if key != "Policy")]:
            found = as_deployed(made)
            changed = replace(found, buckets={name: {**found.buckets[name], key: other}})
            assert any(name in line for line in differences(made, changed)), (key, other)
    found = as_deployed(made)
    assert [*differences(made, replace(found, buckets={}))] == [f"+ bucket {name}"]
    assert len([*differences(made, replace(found, keys={}))]) == len(found.keys) > 0


@pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
def test_the_policy_of_the_bucket_is_compared_in_the_partition_where_it_is(partition: str) -> None:
    made = MADE[MESH.central.name]
    found = as_deployed(made)
    ((name, bucket),) = found.buckets.items()
    policy = json.loads(json.dumps(bucket["Policy"]).replace("arn:aws:", f"arn:{partition}:"))
    there = replace(found, buckets={name: {**bucket, "Policy": policy}}, partition=partition)
    assert [*differences(made, there)] == []
    assert [*differences(made, replace(there, partition="aws"))], "an ARN of elsewhere is another one"


def test_a_key_that_is_no_more_rotated_and_each_change_of_the_identity_provider_is_told() -> None:
    made = MADE[MESH.central.name]
    found = as_deployed(made)
    assert found.rotated, "the mesh has a key that is rotated"
    told = [*differences(made, replace(found, rotated=frozenset()))]
    assert told == ["~ key alias/meshform-bank: EnableKeyRotation is False, needs True"]
    ((issuer, audiences),) = found.providers.items()
    assert [*differences(made, replace(found, providers={}))] == [f"+ identity provider {issuer}"]
    for other in (frozenset(), frozenset({"somebody-else"})):
        told = [*differences(made, replace(found, providers={issuer: other}))]
        assert told == [f"+ identity provider {issuer}: the audience {each}" for each in sorted(audiences)]
    others = {issuer: audiences | {"somebody-else"}, "elsewhere.example.com": frozenset[str]()}
    assert [*differences(made, replace(found, providers=others))] == [], "others may use it as well"


def test_object_lock_is_asked_for_by_choice_and_never_taken_away() -> None:
    locked = template(MESH, MESH.central, Trusted(), registry(), lock_days=30)
    plain = template(MESH, MESH.central, Trusted(), registry())
    assert [*differences(plain, as_deployed(locked))] == []
    told = [*differences(locked, as_deployed(plain))]
    assert len(told) == 1
    assert "ObjectLockConfiguration is None, needs " in told[0]


def test_in_accounts_with_the_roles_alone(aws: Sandbox, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As laid by hand: without tags, and with the sandbox's own key to come in. The command reads as the plan role."""
    monkeypatch.chdir(tmp_path)
    write(full(ROLES), tmp_path / "mesh")
    ran = CliRunner().invoke(cli, ["bootstrap", "--check", "--account", "central"])
    assert ran.exit_code == 2, ran.output
    lines = ran.stdout.splitlines()
    assert lines[0] == "In central (111111111111), deploying again would change:"
    assert "  - trust of the role meshform-plan: sts:assumerole by AWS 000000000001" in lines
    assert not [line for line in lines if line.startswith(("  + role", "  - role", "  + policy"))]
    assert "hint: `meshform bootstrap --out bootstrap/` with the same options" in ran.stderr


def test_what_is_read_of_a_bucket_and_a_key_is_what_cloudformation_made(aws: Sandbox) -> None:
    """Laid by S3's and KMS's own requests, as the template's properties mean them."""
    made = MADE[MESH.central.name]
    s3, kms = aws.session(CENTRAL).client("s3"), aws.session(CENTRAL).client("kms")
    own = made["Resources"]["EvidenceBucket"]["Properties"]
    name = own["BucketName"]
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=own["VersioningConfiguration"])
    sse = own["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]["ServerSideEncryptionByDefault"]
    rules = [{"ApplyServerSideEncryptionByDefault": sse}]
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
    blocked = own["PublicAccessBlockConfiguration"]
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=blocked)
    s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=own["OwnershipControls"])
    lifecycle = [
        {
            "ID": rule["Id"],
            "Status": rule["Status"],
            "Filter": {"Prefix": rule.get("Prefix", "")},
            **({"Expiration": {"Days": rule["ExpirationInDays"]}} if "ExpirationInDays" in rule else {}),
            **{
                key: rule[key]
                for key in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload")
                if key in rule
            },
        }
        for rule in own["LifecycleConfiguration"]["Rules"]
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": lifecycle})
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps(as_deployed(made).buckets[name]["Policy"]))
    policy = made["Resources"]["EvidenceKey"]["Properties"]["KeyPolicy"]
    key = kms.create_key(Policy=json.dumps(policy))["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/bank-evidence", TargetKeyId=key)
    reader = AwsReader(pipeline.sessions_for(MESH, writes=False))
    told = [*differences(made, deployed(reader, placement(CENTRAL), made))]
    assert [line for line in told if re.match(rf". (bucket {name}|key alias/bank-evidence)", line)] == []
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    reader = AwsReader(pipeline.sessions_for(MESH, writes=False))
    told = [*differences(made, deployed(reader, placement(CENTRAL), made))]
    assert [line for line in told if f" bucket {name}" in line] == [
        f"~ bucket {name}: VersioningConfiguration is {{'Status': 'Suspended'}}, needs {{'Status': 'Enabled'}}"
    ]


def test_an_installation_of_before_is_told_what_the_plan_role_loses_and_who_keeps_evidence_instead() -> None:
    """Its plan role added snapshots and signed, and there was no other."""
    made = MADE["central"]
    old = deepcopy(made)
    for name in [each for each in old["Resources"] if each.startswith("Keep")]:
        del old["Resources"][name]
    plan = old["Resources"]["PlanRole"]["Properties"]
    plan["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["ArnEquals"]["aws:PrincipalArn"] = (
        f"arn:aws:iam::{CENTRAL}:role/meshform-plan"
    )
    keeps = [
        each
        for name, policy in of_type(made, "ManagedPolicy")
        if name.startswith("Keep")
        for each in policy["PolicyDocument"]["Statement"]
        if each["Sid"] in ("KeepSnapshots", "ProveReports", "SignReports")
    ]
    assert len(keeps) == 3
    first = old["Resources"][plan["ManagedPolicyArns"][0]["Ref"]]["Properties"]["PolicyDocument"]
    first["Statement"] += keeps
    told = [*differences(made, as_deployed(old))]
    assert "+ role meshform-keep" in told
    lost = [each for each in told if each.startswith("-") and "role meshform-plan" in each]
    lost_actions = {"kms:sign", "s3:putobject", "s3:deleteobject"}
    assert {action for action in lost_actions if any(action in each for each in lost)} == lost_actions
    assert any("trust of the role meshform-plan" in each and "meshform-keep" in each for each in told)
