"""Reaching: which writes can change what AWS answers to a read.

What is not known here reaches everything. It follows the sandbox: the catalog shows what Lake Formation and RAM let a
caller see, also of other accounts; the rest of Glue, and what an account has set, is its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from tests.writes import OTHERS, Write, accounts_in

OF_BUCKET = re.compile(r"ListBuckets|HeadBucket|GetBucket.*|GetPublicAccessBlock")
"""Reads of S3 that tell nothing of objects."""

OF_OBJECTS = ("PutObject", "DeleteObject")
OF_A_ROLE = ("PutRolePolicy", "DeleteRolePolicy", "AttachRolePolicy", "DetachRolePolicy", "TagRole", "UntagRole")
"""Writes of IAM that only say what one role may do: to others they are shown by IAM alone."""

PARTS_OF_A_BUCKET = ("Tagging", "Encryption", "Lifecycle", "Versioning", "PublicAccessBlock")
"""What is read and written apart. A bucket's policy decides who may read the others."""

BESIDE_CATALOG = re.compile(r"(?!Start).*(Ruleset|Job|Trigger|Connection|SecurityConfiguration|Crawler)s?")
"""Operations on what Glue has beside the catalog; what is started writes tables, and objects."""

OF_CATALOG = re.compile(r".*(Database|Table|Partition|Catalog).*")
UNDER_WAY = re.compile(r".*(Run|Crawl).*")
"""Reads that also tell of what is under way."""

SET = {
    "GetDataLakeSettings": ("PutDataLakeSettings",),
    "ListResources": ("RegisterResource", "DeregisterResource", "UpdateResource"),
    "DescribeResource": ("RegisterResource", "DeregisterResource", "UpdateResource"),
}
"""Reads of Lake Formation that are shown to whoever may send them, and what alone changes their answers."""

OF_OWN = ("ListDataCellsFilter", "ListLFTags", "ListLFTagExpressions", "ListLakeFormationOptIns")
"""Reads of Lake Formation that tell of the reader's own account, unless they ask for another."""

GRANTS = ("GrantPermissions", "BatchGrantPermissions")
LAKE = ("glue", "lakeformation", "ram")
TAGS = "resourcegroupstaggingapi"


class ReadRequest(NamedTuple):
    """Which role asks a service in which account for what; of S3 about which bucket.

    `goes_beyond`: it names another account, what others share, or a principal.
    """

    role: str
    account: str
    service: str
    operation: str = ""
    bucket: str = ""
    goes_beyond: bool = False

    @classmethod
    def of(cls, role: str, place: str, service: str, operation: str, params: Mapping[str, Any]) -> ReadRequest:
        """Of a request, in a placement as text."""
        account, bucket = place.partition("/")[0], str(params.get("Bucket", "")) if service == "s3" else ""
        named = {*accounts_in(params).split()} - {account}
        beyond = bool(named) or "ResourceShareType" in params or "Principal" in params
        return cls(role, account, service, operation, bucket, beyond)

    @property
    def is_of_bucket(self) -> bool:
        """Whether it is about buckets alone, not about objects in them."""
        return OF_BUCKET.fullmatch(self.operation) is not None


def any_reaches(written: Iterable[Write], read: ReadRequest) -> bool:
    """Whether one of several writes can change what is answered to a read."""
    return any(reaches(each, read) for each in written)


@lru_cache(maxsize=200_000)
def reaches(written: Write, read: ReadRequest) -> bool:
    """Whether a write can change what is answered to a read."""
    is_own = written.account == read.account
    match written.service:
        case "iam":
            return is_own and _iam(written, read)
        case "s3":
            return _s3(written, read)
        case "events":
            return is_own and read.service in ("events", TAGS)
        case "sns" | "kms" | "sqs":
            return read.service in (written.service, TAGS)
        case "databrew":
            return (is_own and read.service in ("databrew", TAGS)) or (
                _is_of_objects(read) and "Run" in written.operation
            )
        case "athena":
            runs = written.operation == "StartQueryExecution"
            return read.service in ("athena", TAGS) or (runs and (read.service in LAKE or _is_of_objects(read)))
        case "glue":
            return _glue(written, read, is_own)
        case "lakeformation":
            return _lakeformation(written, read, is_own)
        case "ram":
            own = read.operation in (*SET, *OF_OWN) and not read.goes_beyond
            return read.service in LAKE and not own and not _is_of_glue(read)
        case _:
            return True


def _iam(written: Write, read: ReadRequest) -> bool:
    if written.operation not in OF_A_ROLE or not written.about:
        return True
    return read.service in ("iam", TAGS) or read.role.rpartition("/")[2] == written.about


def _s3(written: Write, read: ReadRequest) -> bool:
    comes_or_goes = written.operation in ("CreateBucket", "DeleteBucket")
    if read.service == TAGS:
        return comes_or_goes or "Tagging" in written.operation or not written.about
    if read.service != "s3" or (read.bucket and written.about and read.bucket != written.about):
        return False
    if read.operation == "ListBuckets":
        return comes_or_goes or not written.about
    if written.operation in OF_OBJECTS:
        return not read.is_of_bucket
    part = next((each for each in PARTS_OF_A_BUCKET if each in written.operation), None)
    if part and read.is_of_bucket:
        return part in read.operation
    return True


def _glue(written: Write, read: ReadRequest, is_own: bool) -> bool:
    apart = BESIDE_CATALOG.fullmatch(written.operation) is not None
    match read.service:
        case "resourcegroupstaggingapi":
            return is_own
        case "s3":
            return _is_of_objects(read) and written.operation.startswith("Start")
        case "lakeformation":
            return not apart and read.operation not in SET
        case "glue" if read.operation == "GetResourcePolicy":
            return is_own and "ResourcePolicy" in written.operation
        case "glue" if _is_of_glue(read):
            return is_own and (apart or not OF_CATALOG.fullmatch(written.operation))
        case "glue" if apart and OF_CATALOG.fullmatch(read.operation):
            return False
        case service:
            return service in LAKE and not (service == "ram" and apart)


def _lakeformation(written: Write, read: ReadRequest, is_own: bool) -> bool:
    named = written.about.split()
    is_told = is_own or read.account in named or OTHERS in named
    if read.service == "iam":
        return is_own and written.operation in SET["ListResources"]
    if read.service not in LAKE or _is_of_glue(read):
        return False
    if read.operation in SET:
        return is_own and written.operation in SET[read.operation]
    if not read.goes_beyond:
        if read.operation in OF_OWN or written.operation in GRANTS:
            return is_told
        if written.operation == "PutDataLakeSettings":
            return is_own
    return True


def _is_of_objects(read: ReadRequest) -> bool:
    return read.service == "s3" and not read.is_of_bucket


def _is_of_glue(read: ReadRequest) -> bool:
    """Whether it is of what Glue has beside the catalog, and of nothing that is under way."""
    if read.service != "glue" or UNDER_WAY.fullmatch(read.operation):
        return False
    return read.operation == "GetResourcePolicy" or BESIDE_CATALOG.fullmatch(read.operation) is not None
