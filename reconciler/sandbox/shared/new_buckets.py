"""New buckets as AWS makes them: encrypted, closed to the public, without access control lists; moto's are bare.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html (since January 2023) and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html (since April 2023).
"""

from __future__ import annotations

from typing import Any

from moto.s3.models import PublicAccessBlock, S3Backend

_create, _delete_encryption = S3Backend.create_bucket, S3Backend.delete_bucket_encryption


def _made(backend: Any, *args: Any, **given: Any) -> Any:
    bucket = _create(backend, *args, **given)
    _encrypt(bucket)
    bucket.public_access_block = PublicAccessBlock(True, True, True, True)
    bucket.ownership_rule = "BucketOwnerEnforced"
    return bucket


def _reset_encryption(backend: Any, bucket_name: str) -> None:
    """What is left of a bucket's encryption when it is deleted is that of a new bucket."""
    _encrypt(backend.get_bucket(bucket_name))


def _encrypt(bucket: Any) -> None:
    how = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}
    bucket.encryption = {"Rule": how}


def mend() -> None:
    """Make moto do as described above; doing it again changes nothing."""
    S3Backend.create_bucket = _made
    S3Backend.delete_bucket_encryption = _reset_encryption
