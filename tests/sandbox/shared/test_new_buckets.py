"""A new bucket is as AWS has made them since 2023: encrypted, closed to the public, without access control lists."""

from __future__ import annotations

from tests.estate import BANKING, REGION, Estate


def test_a_new_bucket_is_encrypted_closed_and_without_lists(estate: Estate) -> None:
    s3 = estate.client("s3", BANKING)
    s3.create_bucket(Bucket="brand-new", CreateBucketConfiguration={"LocationConstraint": REGION})
    (rule,) = s3.get_bucket_encryption(Bucket="brand-new")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert set(s3.get_public_access_block(Bucket="brand-new")["PublicAccessBlockConfiguration"].values()) == {True}
    (owned,) = s3.get_bucket_ownership_controls(Bucket="brand-new")["OwnershipControls"]["Rules"]
    assert owned["ObjectOwnership"] == "BucketOwnerEnforced"


def test_encryption_that_is_deleted_is_that_of_a_new_bucket(estate: Estate) -> None:
    """DeleteBucketEncryption: it resets the bucket to encryption with keys of S3."""
    s3 = estate.client("s3", BANKING)
    s3.create_bucket(Bucket="brand-new", CreateBucketConfiguration={"LocationConstraint": REGION})
    how = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/lake"}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": how}]}
    s3.put_bucket_encryption(Bucket="brand-new", ServerSideEncryptionConfiguration=rules)
    s3.delete_bucket_encryption(Bucket="brand-new")
    (rule,) = s3.get_bucket_encryption(Bucket="brand-new")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
