"""The doctor tells what AWS does, whatever that is, and finds what would stop a first apply."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from reconciler.aws.asking import Asking, Reply
from reconciler.cli import cli
from reconciler.doctor import examine, remembered
from reconciler.doctor.assumption import Answer
from reconciler.doctor.disguise import disguised
from reconciler.sandbox import Sandbox
from reconciler.spec.mesh import Mesh
from tests.bootstrap.deployed import ROLES
from tests.estate import ANALYTICS, BANKING, CENTRAL, REGION, mesh_of, write
from tests.kinds.full import FUNDS_DOMAIN, full
from tests.remembered import Proof
from tests.remembered import remembered as with_memory


def examined(mesh: Mesh) -> dict[str, list[Answer]]:
    """All answers of reading, by assumption."""
    found: dict[str, list[Answer]] = {}
    for answer in examine.examine(examine.patient_of(mesh, [])):
        found.setdefault(answer.id, []).append(answer)
    return found


def refuted(mesh: Mesh) -> set[str]:
    return {id_ for id_, answers in examined(mesh).items() if any(each.verdict == "refuted" for each in answers)}


def test_a_mesh_as_it_should_be_has_no_blocker_and_every_probe_answers(aws: Sandbox, mesh: Mesh) -> None:
    found = examined(mesh)
    every = [answer for answers in found.values() for answer in answers]
    assert examine.blockers(every, examine.assumptions()) == []
    assert set(found) == set(examine.assumptions())
    assert [each for each in every if "not understood" in each.evidence] == []


def test_it_only_reads(aws: Sandbox, mesh: Mesh) -> None:
    aws.calls.clear()
    examined(mesh)
    reads = ("Get", "List", "Describe", "Search", "Head", "Simulate", "AssumeRole")
    assert [call.operation for call in aws.calls if not call.operation.startswith(reads)] == []


def without(*actions: str, role: str = "meshform-apply") -> Callable[[Sandbox], Callable[[], None]]:
    """Take actions from a role of the central account."""

    def breaking(aws: Sandbox) -> Callable[[], None]:
        iam = aws.session(CENTRAL).client("iam")
        denial = {"Effect": "Deny", "Action": list(actions), "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [denial]})
        iam.put_role_policy(RoleName=role, PolicyName="denial", PolicyDocument=document)
        return lambda: iam.delete_role_policy(RoleName=role, PolicyName="denial")

    return breaking


def scoped(aws: Sandbox) -> Callable[[], None]:
    """Actions that take no resource are denied on all but a bus."""
    iam = aws.session(CENTRAL).client("iam")
    denial = {"Effect": "Deny", "Action": "events:PutPermission", "NotResource": f"arn:aws:events:{REGION}:{CENTRAL}:*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [denial]})
    iam.put_role_policy(RoleName="meshform-apply", PolicyName="denial", PolicyDocument=document)
    return lambda: iam.delete_role_policy(RoleName="meshform-apply", PolicyName="denial")


def locked_key(aws: Sandbox) -> Callable[[], None]:
    """The notice key as it was printed once."""
    kms = aws.session(CENTRAL).client("kms", region_name=REGION)
    (key,) = [
        each["TargetKeyId"] for each in kms.list_aliases()["Aliases"] if each["AliasName"].endswith("meshform-bank")
    ]
    before = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    statements = json.loads(before)["Statement"]
    statements[-1]["Condition"] = {"StringEquals": {"aws:SourceAccount": CENTRAL}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    return lambda: kms.put_key_policy(KeyId=key, PolicyName="default", Policy=before)


def failed_share(aws: Sandbox) -> Callable[[], None]:
    """An association of a share of Lake Formation has failed, whoever made it."""
    row = {
        "resourceShareArn": f"arn:aws:ram:{REGION}:{CENTRAL}:resource-share/x",
        "resourceShareName": "LakeFormation-V3-XXXXXXXXXX",
        "associatedEntity": ANALYTICS,
        "associationType": "PRINCIPAL",
        "status": "FAILED",
        "external": True,
    }
    real = Asking.every

    def every(self: Asking, placement: Any, service: str, operation: str, items: str, /, **params: Any) -> Any:
        yield from real(self, placement, service, operation, items, **params)
        if operation == "GetResourceShareAssociations":
            yield row

    patch = pytest.MonkeyPatch()
    patch.setattr(Asking, "every", every)
    return patch.undo


def denied_abroad(aws: Sandbox) -> Callable[[], None]:
    aws.world.beliefs.choose({"listing-abroad": "denied"})
    return aws.world.beliefs.clear


def silent_abroad(aws: Sandbox) -> Callable[[], None]:
    aws.world.beliefs.choose({"listing-abroad": "nothing"})
    return aws.world.beliefs.clear


def others_key(aws: Sandbox) -> Callable[[], None]:
    """The mark of a key is gone, and with it what says that the mesh made it; apply's right on it too."""
    lakeformation = aws.session(CENTRAL, "meshform-apply").client("lakeformation", region_name=REGION)
    (mark,) = [
        row for row in lakeformation.list_lf_tag_expressions()["LFTagExpressions"] if "sensitivity" in row["Name"]
    ]
    lakeformation.delete_lf_tag_expression(Name=mark["Name"])
    me = {"DataLakePrincipalIdentifier": f"arn:aws:iam::{CENTRAL}:role/meshform-apply"}
    for row in lakeformation.list_permissions()["PrincipalResourcePermissions"]:
        if row["Principal"] == me and row["Resource"].get("LFTag", {}).get("TagKey") == "sensitivity":
            lakeformation.revoke_permissions(
                Principal=me,
                Resource={"LFTag": row["Resource"]["LFTag"]},
                Permissions=row["Permissions"],
                PermissionsWithGrantOption=row["PermissionsWithGrantOption"],
            )
    return lambda: lakeformation.create_lf_tag_expression(
        Name=mark["Name"], Description=mark["Description"], Expression=mark["Expression"]
    )


def settings(**changes: Any) -> Callable[[Sandbox], Callable[[], None]]:
    """Somebody changes the settings of the central account."""

    def breaking(aws: Sandbox) -> Callable[[], None]:
        lakeformation = aws.session(CENTRAL, "meshform-apply").client("lakeformation", region_name=REGION)
        before = lakeformation.get_data_lake_settings()["DataLakeSettings"]
        parameters = {**before["Parameters"], **changes.get("Parameters", {})}
        lakeformation.put_data_lake_settings(DataLakeSettings={**before, **changes, "Parameters": parameters})
        return lambda: lakeformation.put_data_lake_settings(DataLakeSettings=before)

    return breaking


def opened(aws: Sandbox) -> Callable[[], None]:
    """Somebody opens a database of the mesh to everybody by IAM."""
    lakeformation = aws.session(CENTRAL, "meshform-apply").client("lakeformation", region_name=REGION)
    grant = {
        "Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"},
        "Resource": {"Database": {"Name": "credit-card"}},
        "Permissions": ["DESCRIBE"],
    }
    lakeformation.grant_permissions(**grant)
    return lambda: lakeformation.revoke_permissions(**grant)


def answering(operation: str, change: Callable[[Reply], Reply]) -> Callable[[Sandbox], Callable[[], None]]:
    """AWS answers an operation otherwise, in a way that the sandbox does not know."""

    def breaking(aws: Sandbox) -> Callable[[], None]:
        real, patch = Asking.do, pytest.MonkeyPatch()

        def do(self: Asking, placement: Any, service: str, asked: str, /, **params: Any) -> Reply:
            reply = real(self, placement, service, asked, **params)
            return change(reply) if asked == operation else reply

        patch.setattr(Asking, "do", do)
        return patch.undo

    return breaking


def rejected(reply: Reply) -> Reply:
    return Reply({"resourceShareInvitations": [{"resourceShareName": "LakeFormation-V3-X", "status": "REJECTED"}]})


def few_roles(reply: Reply) -> Reply:
    return Reply({"Quotas": [{"QuotaName": "Roles per account", "Value": 3.0}]})


def encrypted(reply: Reply) -> Reply:
    at_rest = {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": "alias/theirs"}
    return Reply({"DataCatalogEncryptionSettings": {"EncryptionAtRest": at_rest}})


def denied(reply: Reply) -> Reply:
    return Reply(None, "AccessDeniedException", "Insufficient Lake Formation permission(s)")


OPEN = [{"Principal": {"DataLakePrincipalIdentifier": "IAM_ALLOWED_PRINCIPALS"}, "Permissions": ["ALL"]}]

BROKEN: dict[str, tuple[str, Callable[[Sandbox], Callable[[], None]]]] = {
    "F1: a right over RAM is missing": ("grantors-may-share", without("ram:AssociateResourceShare")),
    "F1: a right over the organization is missing": ("grantors-may-share", without("organizations:DescribeAccount")),
    "F2: the catalog is not to be read": ("grantors-see-the-catalog", without("glue:GetTable")),
    "F3: the key asks for aws:SourceAccount": ("notice-key-admits-eventbridge", locked_key),
    "F8: an action without resource is scoped": ("actions-without-resource", scoped),
    "F10: a share has failed": ("shares-are-healthy", failed_share),
    "F10: an invitation was rejected": ("shares-are-healthy", answering("GetResourceShareInvitations", rejected)),
    "F11: the central catalog is closed to others": ("listing-abroad", denied_abroad),
    "F11: the central catalog tells others nothing": ("listing-abroad", silent_abroad),
    "the version is older": ("cross-account-version", settings(Parameters={"CROSS_ACCOUNT_VERSION": "3"})),
    "what is new is open": ("closed-by-default", settings(CreateTableDefaultPermissions=OPEN)),
    "the context is not set": ("context-is-set", settings(Parameters={"SET_CONTEXT": "FALSE"})),
    "a database is open": ("wanted-is-closed", opened),
    "fewer roles are allowed": ("within-quotas", answering("ListServiceQuotas", few_roles)),
    "the catalog is encrypted": ("catalog-is-readable", answering("GetDataCatalogEncryptionSettings", encrypted)),
    "opt-ins are denied": ("readers-see-opt-ins", answering("ListLakeFormationOptIns", denied)),
    "F13: a key was made by somebody else": ("tag-keys-of-others", others_key),
}


@pytest.fixture(scope="module")
def before(applied: Sandbox, mesh: Mesh) -> set[str]:
    """What is refuted where nothing is broken, before each test of a break, which mends it, and after it."""
    return refuted(mesh)


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_found_and_nothing_else(aws: Sandbox, mesh: Mesh, before: set[str], what: str) -> None:
    id_, breaking = BROKEN[what]
    mend = breaking(aws)
    try:
        assert refuted(mesh) - before == {id_}
    finally:
        mend()


READS_NOTHING = without("lakeformation:*", "glue:*", "kms:*", "organizations:*", role="meshform-plan")
HANDS = {
    "a right of who asks": READS_NOTHING,
    "a key": locked_key,
    "settings": settings(CreateTableDefaultPermissions=OPEN),
}


@pytest.mark.parametrize("hand", HANDS)
def test_what_is_told_again_is_what_would_be_answered(aws: Sandbox, mesh: Mesh, hand: str) -> None:
    proof = Proof()
    with with_memory(aws, proof):
        examined(mesh)
        HANDS[hand](aws)
        again = len(proof.again)
        examined(mesh)
        assert len(proof.again) > again, "nothing was remembered"
    assert proof.wrong == []


@pytest.mark.parametrize(
    ("ids", "verdict"), [(("o-1", "o-1"), "confirmed"), (("o-1", "o-2"), "refuted"), (("", ""), "refuted")]
)
def test_one_organization_is_told(aws: Sandbox, mesh: Mesh, ids: tuple[str, str], verdict: str) -> None:
    asked = iter([ids[0], *[ids[1]] * 9])

    def told(reply: Reply) -> Reply:
        found = next(asked)
        return Reply({"Organization": {"Id": found}}) if found else reply

    mend = answering("DescribeOrganization", told)(aws)
    try:
        (answer,) = examined(mesh)["one-organization"]
    finally:
        mend()
    assert answer.verdict == verdict, answer


def test_the_key_of_a_domain_must_let_lake_formation_in(aws: Sandbox) -> None:
    """F18: a key in the producer's account, for files that the central account's role reads."""
    kms = aws.session(BANKING).client("kms", region_name=REGION)
    own, central = (
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{each}:root"}, "Action": "kms:*", "Resource": "*"}
        for each in (BANKING, CENTRAL)
    )
    for statements, verdict in (([own], "refuted"), ([own, central], "confirmed")):
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        key = kms.create_key(Policy=policy)["KeyMetadata"]["Arn"]
        keyed = mesh_of(full(ROLES, (FUNDS_DOMAIN, "hybrid: true", f"hybrid: true\nkmsKey: {key}")))
        (found,) = examined(keyed)["domain-keys-admit-lake-formation"]
        assert (found.verdict, found.where) == (verdict, "domain asset-management")


def test_a_role_that_cannot_be_assumed_is_told_and_the_rest_is_asked_all_the_same(aws: Sandbox, mesh: Mesh) -> None:
    iam = aws.session(BANKING).client("iam")
    trust = iam.get_role(RoleName="meshform-plan")["Role"]["AssumeRolePolicyDocument"]
    glue = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
    nobody = json.dumps({"Version": "2012-10-17", "Statement": [glue]})
    iam.update_assume_role_policy(RoleName="meshform-plan", PolicyDocument=nobody)
    try:
        found = examined(mesh)
    finally:
        iam.update_assume_role_policy(RoleName="meshform-plan", PolicyDocument=json.dumps(trust))
    assert [each.where for each in found["roles-can-be-assumed"] if each.verdict == "refuted"] == ["banking-data"]
    assert set(found) == set(examine.assumptions())


def test_raw_answers_bear_no_account_and_no_name_when_they_are_disguised(aws: Sandbox, mesh: Mesh) -> None:
    raw: list[dict[str, Any]] = []
    list(examine.examine(examine.patient_of(mesh, raw)))
    text = json.dumps(disguised(raw))
    assert json.dumps(raw, default=str).count(CENTRAL) > 10
    for secret in (
        *(account.id for account in mesh.accounts.values()),
        "credit-profile",
        "fund_price",
        "analytics-coe",
    ):
        assert secret not in text, secret


def test_the_command_tells_the_verdict_first_and_exits_by_it(
    aws: Sandbox, mesh: Mesh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(full(ROLES), tmp_path / "mesh")
    well = CliRunner().invoke(cli, ["doctor", "--raw", "raw.json", "--disguise"])
    assert well.exit_code == 0, well.output
    assert well.stdout.splitlines()[0] == "Nothing was found that would stop an apply."
    assert CENTRAL not in (tmp_path / "raw.json").read_text()
    aws.world.beliefs.choose({"listing-abroad": "denied"})
    ill = CliRunner().invoke(cli, ["doctor", "--trial"])
    assert ill.exit_code == 1
    assert "No trial is made while a blocker is refuted" in ill.output
    assert "listing-abroad  refuted (analytics): denied" in ill.output
    data = CliRunner().invoke(cli, ["doctor", "--format", "json"])
    rows = json.loads(data.stdout)["answers"]
    assert {row["verdict"] for row in rows} == {"confirmed", "refuted", "unknown"}


def test_accounts_that_were_never_examined_are_told_once(
    mesh: Mesh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert remembered.never_examined(mesh) == sorted(mesh.accounts)
    assert remembered.never_examined(mesh) == []
