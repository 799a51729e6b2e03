"""Whoever reads or writes an encrypted object needs its key: by the key's policy, and by his own where that says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from reconciler.sandbox import Sandbox, sandbox
from tests.sandbox.athena import ANALYST, CARDS, failure, rows
from tests.sandbox.athena import lake as athena_lake
from tests.sandbox.conftest import CONSUMER, OWNER, document
from tests.sandbox.lakes import EVERYTHING, Inside, Lake, table

ROOT = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWNER}:root"}, "Action": "kms:*", "Resource": "*"}
FILES = {"Effect": "Allow", "Action": ["s3:*", "athena:*", "glue:*", "lakeformation:*"], "Resource": "*"}
NO_KEY = "is not authorized to perform: {} on this resource because the resource does not exist in this Region"
NO_RIGHT = "because no identity-based policy allows the {} action"
GENERATE, DECRYPT = "kms:GenerateDataKey", "kms:Decrypt"


class Keyed:
    """An owner's bucket, and hands that make keys and roles."""

    def __init__(self, aws: Sandbox) -> None:
        self.aws = aws
        self.http = Inside(aws)
        self.s3 = self.client("s3")
        self.s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def client(self, service: str, role: str = "OrganizationAccountAccessRole", account: str = OWNER) -> Any:
        return self.http.client(service, account, role)

    def key(self, *statements: dict[str, Any]) -> str:
        return str(self.client("kms").create_key(Policy=document(*statements))["KeyMetadata"]["Arn"])

    def put(self, key: str, role: str = "OrganizationAccountAccessRole", name: str = "a", account: str = OWNER) -> Any:
        return self.client("s3", role, account).put_object(
            Bucket="files", Key=name, Body=b"1,2\n", ServerSideEncryption="aws:kms", SSEKMSKeyId=key
        )

    def get(self, role: str = "OrganizationAccountAccessRole", name: str = "a", account: str = OWNER) -> Any:
        return self.client("s3", role, account).get_object(Bucket="files", Key=name)


@pytest.fixture
def keyed() -> Iterator[Keyed]:
    with sandbox() as aws:
        yield Keyed(aws)


def may(*actions: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"}


def lets(who: str, *actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": who}, "Action": list(actions), "Resource": "*", **more}


def told(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int, str]:
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Message"]


def test_a_key_that_leaves_it_to_iam_asks_for_both_rights(keyed: Keyed) -> None:
    key = keyed.key(ROOT)
    keyed.http.role(OWNER, "plain", FILES)
    keyed.http.role(OWNER, "writer", FILES, may(GENERATE))
    keyed.http.role(OWNER, "reader", FILES, may(DECRYPT))
    with pytest.raises(ClientError) as no:
        keyed.put(key, "plain")
    assert told(no)[:2] == ("AccessDenied", 403)
    assert told(no)[2].endswith(f"{GENERATE} on resource: {key} {NO_RIGHT.format(GENERATE)}")
    keyed.put(key, "writer")
    with pytest.raises(ClientError, match=NO_RIGHT.format(DECRYPT)):
        keyed.get("writer")
    assert keyed.get("reader")["Body"].read() == b"1,2\n"


def test_a_key_that_names_a_principal_needs_nothing_of_his_own(keyed: Keyed) -> None:
    who = keyed.http.role(OWNER, "named", FILES)
    key = keyed.key(ROOT, lets(who, GENERATE, DECRYPT))
    keyed.put(key, "named")
    keyed.get("named")


def test_a_key_without_the_account_lets_not_even_its_root_in(keyed: Keyed) -> None:
    who = keyed.http.role(OWNER, "named", EVERYTHING)
    key = keyed.key(lets(who, GENERATE))
    for role in ("OrganizationAccountAccessRole", keyed.http.role(OWNER, "all", EVERYTHING).rpartition("/")[2]):
        with pytest.raises(ClientError) as no:
            keyed.put(key, role)
        assert NO_KEY.format(GENERATE) in told(no)[2]
    keyed.put(key, "named")
    with pytest.raises(ClientError, match="kms:Decrypt on this resource"):
        keyed.get("named")


@pytest.mark.parametrize(("key_lets", "own"), [(True, True), (True, False), (False, True)])
def test_another_account_needs_both_sides(keyed: Keyed, *, key_lets: bool, own: bool) -> None:
    statements = [ROOT, *([lets(f"arn:aws:iam::{CONSUMER}:root", "kms:*")] if key_lets else [])]
    key = keyed.key(*statements)
    keyed.put(key)
    policy = document(lets(f"arn:aws:iam::{CONSUMER}:root", "s3:*"))
    keyed.s3.put_bucket_policy(Bucket="files", Policy=policy)
    keyed.http.role(CONSUMER, "reader", FILES, *([may(DECRYPT)] if own else []))
    if key_lets and own:
        keyed.get("reader", account=CONSUMER)
        return
    with pytest.raises(ClientError, match="AccessDenied"):
        keyed.get("reader", account=CONSUMER)


def test_the_key_of_the_bucket_counts_where_the_request_names_none(keyed: Keyed) -> None:
    key = keyed.key(lets(keyed.http.role(OWNER, "named", FILES), GENERATE))
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    keyed.s3.put_bucket_encryption(Bucket="files", ServerSideEncryptionConfiguration={"Rules": [rule]})
    with pytest.raises(ClientError, match=GENERATE):
        keyed.s3.put_object(Bucket="files", Key="a", Body=b"")
    with pytest.raises(ClientError, match=GENERATE):
        keyed.s3.create_multipart_upload(Bucket="files", Key="a")
    keyed.client("s3", "named").put_object(Bucket="files", Key="a", Body=b"")
    keyed.s3.put_object(Bucket="files", Key="b", Body=b"", ServerSideEncryption="AES256")


def test_a_copy_needs_the_key_of_its_source(keyed: Keyed) -> None:
    key = keyed.key(ROOT)
    keyed.put(key)
    keyed.http.role(OWNER, "copier", FILES)
    source = {"Bucket": "files", "Key": "a"}
    with pytest.raises(ClientError, match=DECRYPT):
        keyed.client("s3", "copier").copy_object(Bucket="files", Key="b", CopySource=source)


def test_conditions_of_a_key_see_by_which_service_it_is_used(keyed: Keyed) -> None:
    who = keyed.http.role(OWNER, "named", FILES)
    for via, works in (("s3.eu-west-1.amazonaws.com", True), ("sns.eu-west-1.amazonaws.com", False)):
        condition = {"StringEquals": {"kms:ViaService": via}}
        key = keyed.key(lets(who, GENERATE, Condition=condition))
        if works:
            keyed.put(key, "named")
        else:
            with pytest.raises(ClientError, match="AccessDenied"):
                keyed.put(key, "named")


@pytest.mark.parametrize("named", ["alias/nothing", f"arn:aws:kms:eu-west-1:{OWNER}:key/nothing"])
def test_a_key_that_is_not_there(keyed: Keyed, named: str) -> None:
    with pytest.raises(ClientError) as no:
        keyed.put(named)
    assert told(no)[:2] == ("KMS.NotFoundException", 400)


def test_s3s_own_key_is_for_the_buckets_account(keyed: Keyed) -> None:
    keyed.put("alias/aws/s3")
    keyed.get()
    keyed.s3.put_bucket_policy(Bucket="files", Policy=document(lets(f"arn:aws:iam::{CONSUMER}:root", "s3:*")))
    keyed.http.role(CONSUMER, "reader", EVERYTHING)
    with pytest.raises(ClientError, match=DECRYPT):
        keyed.get("reader", account=CONSUMER)


def encrypted(keyed: Keyed, key: str) -> Lake:
    """The table `sales.cards` over an encrypted file, which Lake Formation reads with the role `register`."""
    own = Lake(keyed.http)
    athena_lake(keyed.http, OWNER)  # type: ignore[arg-type]
    keyed.s3.put_object(
        Bucket="lake", Key="cards/cards.csv", Body=CARDS, ServerSideEncryption="aws:kms", SSEKMSKeyId=key
    )
    register = keyed.http.role(OWNER, "register", FILES)
    own.lf.register_resource(ResourceArn="arn:aws:s3:::lake", RoleArn=register)
    own.grant(keyed.http.role(OWNER, "analyst", *ANALYST), table("cards"), "SELECT")
    return own


def test_a_registered_location_is_read_with_the_key_of_its_role(keyed: Keyed) -> None:
    """The analyst needs no key; the role needs it (register-encrypted)."""
    key = keyed.key(ROOT)
    encrypted(keyed, key)
    athena = keyed.client("athena", "analyst")
    assert failure(athena, "SELECT id FROM sales.cards") == (
        f"PERMISSION_DENIED: User: arn:aws:sts::{OWNER}:assumed-role/register/AWSLF-00-AT-{OWNER}-sandbox000 "
        f"is not authorized to perform: {DECRYPT} on "
        f"resource: {key} {NO_RIGHT.format(DECRYPT)}"
    )
    iam = keyed.client("iam")
    iam.put_role_policy(RoleName="register", PolicyName="policy", PolicyDocument=document(FILES, may(DECRYPT)))
    assert len(rows(athena, "SELECT id FROM sales.cards")) == 4
    keyed.client("kms").put_key_policy(KeyId=key, PolicyName="default", Policy=document(lets(f"{OWNER}", "kms:List*")))
    assert NO_KEY.format(DECRYPT) in failure(athena, "SELECT id FROM sales.cards")


def test_results_are_written_with_the_key_of_who_asks(keyed: Keyed) -> None:
    key = keyed.key(ROOT)
    athena_lake(keyed.http, OWNER)  # type: ignore[arg-type]
    keyed.http.role(OWNER, "analyst", *ANALYST, {"Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    athena = keyed.client("athena", "analyst")
    place = {
        "OutputLocation": "s3://results/",
        "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": key},
    }
    assert "Access denied when writing output" in failure(
        athena, "SELECT id FROM sales.cards", ResultConfiguration=place
    )
    keyed.client("kms").put_key_policy(
        KeyId=key, PolicyName="default", Policy=document(ROOT, lets(f"arn:aws:iam::{OWNER}:role/analyst", GENERATE))
    )
    rows(athena, "SELECT id FROM sales.cards", ResultConfiguration=place)


def test_a_crawler_needs_the_key_of_what_it_reads(keyed: Keyed) -> None:
    key = keyed.key(ROOT)
    athena_lake(keyed.http, OWNER)  # type: ignore[arg-type]
    keyed.s3.put_object(Bucket="lake", Key="more/more.csv", Body=CARDS, ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    keyed.http.role(OWNER, "crawl", FILES, trust={"Service": "glue.amazonaws.com"})
    glue = keyed.client("glue")
    targets = {"S3Targets": [{"Path": "s3://lake/more/"}]}
    glue.create_crawler(Name="more", Role="crawl", DatabaseName="sales", Targets=targets)
    for works in (False, True):
        glue.start_crawler(Name="more")
        while (crawler := glue.get_crawler(Name="more")["Crawler"])["State"] != "READY":
            pass
        assert crawler["LastCrawl"]["Status"] == ("SUCCEEDED" if works else "FAILED")
        keyed.client("iam").put_role_policy(
            RoleName="crawl", PolicyName="policy", PolicyDocument=document(FILES, may(DECRYPT))
        )
