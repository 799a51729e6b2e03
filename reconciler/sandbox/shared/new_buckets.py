"""New buckets as AWS makes them: encrypted, closed to the public, without access control lists, with the tags that they
are asked for with; moto's are bare.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html (since January 2023) and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html (since April 2023).
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from moto.s3.models import PublicAccessBlock, S3Backend
from moto.s3.responses import S3Response

_TAG = re.compile(rb"<Tag>\s*<Key>(.*?)</Key>\s*<Value>(.*?)</Value>\s*</Tag>", re.DOTALL)
_put = S3Response._bucket_response_put
_create, _delete_encryption = S3Backend.create_bucket, S3Backend.delete_bucket_encryption


def _made(backend: Any, *args: Any, **given: Any) -> Any:
    bucket = _create(backend, *args, **given)
    _encrypt(bucket)
    bucket.public_access_block = PublicAccessBlock(True, True, True, True)
    bucket.ownership_rule = "BucketOwnerEnforced"
    return bucket


def _answered(self: Any, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
    answer = _put(self, request, bucket_name, querystring)
    if not querystring and (tags := tags_asked_for(self.body)):
        self.backend.put_bucket_tagging(bucket_name, tags)
    return answer


def tags_asked_for(body: bytes) -> dict[str, str]:
    """The tags with which CreateBucket is to make a bucket.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
    """
    return {unescape(key.decode()): unescape(value.decode()) for key, value in _TAG.findall(body)}


def _reset_encryption(backend: Any, bucket_name: str) -> None:
    """What is left of a bucket's encryption when it is deleted is that of a new bucket."""
    _encrypt(backend.get_bucket(bucket_name))


def _encrypt(bucket: Any) -> None:
    how = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}
    bucket.encryption = {"Rule": how}


def mend() -> None:
    """Make moto do as described above; doing it again changes nothing."""
    S3Backend.create_bucket = _made
    S3Response._bucket_response_put = _answered
    S3Backend.delete_bucket_encryption = _reset_encryption
