"""Tags of AWS's own (`aws:`): whoever replaces a bucket's tags sends those back; elsewhere nobody sends any.

Seen by cloud-custodian (#2834, #2861, #9093) and Terraform's provider (#7323); moto refuses them on buckets always.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend

_put, _parse, _tag_topic = S3Backend.put_bucket_tagging, S3Response._bucket_tagging_from_body, SNSBackend.tag_resource


def _sent(response: Any) -> Mapping[str, str]:
    """The tags of a request; where none is AWS's own, moto reads them."""
    sent: Mapping[str, str] = response._tagging_from_xml() if b"aws:" in response.body else {}
    found: Mapping[str, str] = sent if _own(sent) else _parse(response)
    return found


def _put_tags(backend: Any, bucket_name: str, tags: Mapping[str, str]) -> None:
    before = _own(backend.tagger.get_tag_dict_for_resource(backend.get_bucket(bucket_name).arn))
    now = _own(tags)
    if before.keys() - now.keys():
        raise S3ClientError("InvalidTag", "System Tags cannot be removed by requester")
    if before != now:
        raise S3ClientError("InvalidTag", "System tags cannot be added/updated by requester")
    _put(backend, bucket_name, tags)


def _tag(backend: Any, resource_arn: str, tags: Mapping[str, str]) -> None:
    if _own(tags):
        raise SNSInvalidParameter("Invalid parameter: aws: prefixed tag key names are not allowed for external use.")
    _tag_topic(backend, resource_arn, tags)


def _own(tags: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in tags.items() if key.startswith("aws:")}


def mend() -> None:
    """Make moto do as described above; doing it again changes nothing."""
    S3Response._bucket_tagging_from_body = _sent
    S3Backend.put_bucket_tagging = _put_tags
    SNSBackend.tag_resource = _tag
