"""The shapes of single values: names, ids, ARNs, addresses. Each with the sentence that a person reads."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

# pattern -> (rule id, sentence after the field's name)
SENTENCES: dict[str, tuple[str, str]] = {}


def _shape(rule: str, pattern: str, sentence: str) -> StringConstraints:
    SENTENCES[pattern] = (rule, sentence)
    return StringConstraints(pattern=pattern, strict=True)


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("day", "must be a date such as 2027-06-30")


Name = Annotated[
    str,
    _shape(
        "bad-name",
        r"^[a-z0-9][a-z0-9-]{0,49}$",
        "must be 1 to 50 lower-case letters, digits or hyphens and begin with a letter or digit",
    ),
]
# Lake Formation folds keys and values to lower case when it stores them; here they are written as they are stored.
TagText = Annotated[
    str,
    _shape(
        "lf-tag-text",
        r"^[a-z0-9][a-z0-9_.:/=+@%-]{0,49}$",
        "must be 1 to 50 lower-case letters, digits or _ . : / = + @ % - "
        "(Lake Formation stores LF-tags in lower case and takes at most 50 characters)",
    ),
]
AccountId = Annotated[
    str, _shape("bad-account-id", r"^[0-9]{12}$", "must be the 12 digits of an AWS account, in quotes")
]
Region = Annotated[str, _shape("bad-region", r"^[a-z]{2}(-[a-z]+)+-[0-9]$", "must be an AWS region such as eu-west-1")]
GlueName = Annotated[
    str,
    _shape(
        "glue-name",
        r"^[a-z0-9_][a-z0-9_-]{0,254}$",
        "must be lower-case letters, digits, _ or - (Glue folds names to lower case)",
    ),
]
TableName = Annotated[
    str,
    _shape(
        "glue-name",
        r"^[a-z0-9_]{1,255}$",
        "must be lower-case letters, digits or _ (Glue folds names to lower case and Athena reads no other sign)",
    ),
]
IamName = Annotated[
    str,
    _shape(
        "iam-name",
        r"^([A-Za-z0-9_+=,.@-]+/){0,8}[A-Za-z0-9_+=,.@-]{1,64}$",
        "must be an IAM name: letters, digits or _ + = , . @ - and at most 64 of them",
    ),
]
Arn = Annotated[
    str, _shape("bad-arn", r"^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:.+$", "must be an ARN (arn:aws:...)")
]
IamNameOrArn = Annotated[
    str,
    _shape(
        "iam-name",
        r"^(([A-Za-z0-9_+=,.@-]+/){0,8}[A-Za-z0-9_+=,.@-]{1,64}|arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/.+)$",
        "must be the name of an IAM role or the ARN of an IAM role or user",
    ),
]
KmsKeyArn = Annotated[
    str,
    _shape(
        "bad-arn",
        r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$",
        "must be the ARN of a KMS key (arn:aws:kms:region:account:key/...)",
    ),
]
OrganizationId = Annotated[
    str, _shape("bad-organization", r"^o-[a-z0-9]{10,32}$", "must be the id of an AWS organization (o-...)")
]
OrganizationArn = Annotated[
    str,
    _shape(
        "bad-organization",
        r"^arn:aws[a-z-]*:organizations::[0-9]{12}:(organization/o-[a-z0-9]{10,32}|ou/o-[a-z0-9]{10,32}/ou-[a-z0-9-]+)$",
        "must be the ARN of an AWS organization or of an organizational unit",
    ),
]
Email = Annotated[str, _shape("bad-email", r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "must be an e-mail address")]
Age = Annotated[
    str, _shape("bad-age", r"^[1-9][0-9]{0,4}[mhd]$", "must be minutes, hours or days, such as 30m, 24h or 7d")
]
Schedule = Annotated[
    str,
    _shape(
        "bad-schedule",
        r"^cron\((\S+ ){5}\S+\)$",
        "must be a Glue schedule of six fields such as cron(0 4 * * ? *)",
    ),
]
S3Uri = Annotated[str, _shape("bad-location", r"^s3://[a-z0-9.-]{3,63}/.+$", "must be an address s3://bucket/key")]
BucketName = Annotated[
    str,
    _shape(
        "bucket-name",
        r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        "must be 3 to 63 lower-case letters, digits, dots or hyphens (S3's rule for bucket names)",
    ),
]
# May be empty: the sentence says what else is refused by the check `location-escapes`.
KeyPath = Annotated[
    str,
    _shape(
        "bad-location",
        r"^[A-Za-z0-9!_.*'()=/-]{0,512}$",
        "must be a path in a bucket: letters, digits and ! _ . * ' ( ) = / -",
    ),
]
Words = Annotated[str, _shape("empty-text", r"\S", "must say something")]
Day = Annotated[date, BeforeValidator(_day), Field(strict=False)]
