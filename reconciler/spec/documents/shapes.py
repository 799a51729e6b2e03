"""The shapes of single values: names, ids, ARNs, addresses. Each with the sentence that a person reads."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from reconciler.spec.rule import Rule

BAD_NAME = Rule(
    "bad-name",
    "error",
    "A name is short, in lower case, and fit for an LF-tag value and a bucket name.",
    "Names of products and domains become LF-tag values, which Lake Formation stores in lower case.",
)
LF_TAG_TEXT = Rule(
    "lf-tag-text",
    "error",
    "LF-tag keys and values are 1 to 50 characters in lower case.",
    "Lake Formation folds keys and values to lower case and refuses more than 50 characters. "
    "Write them as they are stored.",
)
BAD_ACCOUNT_ID = Rule(
    "bad-account-id",
    "error",
    "An account id is 12 digits, in quotes.",
    "Without quotes YAML reads a number and drops leading zeros.",
)
BAD_REGION = Rule(
    "bad-region",
    "error",
    "A region is written as AWS does, such as eu-west-1.",
    "Look the region's code up in the AWS console.",
)
GLUE_NAME = Rule(
    "glue-name",
    "error",
    "Databases, tables and columns have names that Glue and Athena keep as they are.",
    "Glue folds names to lower case; Athena reads letters, digits and _ without quotes.",
)
IAM_NAME = Rule(
    "iam-name",
    "error",
    "Roles and users are given by an IAM name or an ARN.",
    "Give the name of a role of that account, with its path if it has one, or a full ARN.",
)
BAD_ARN = Rule(
    "bad-arn",
    "error",
    "ARNs are complete.",
    "Copy the ARN from the AWS console; it begins with arn:aws: and names service, region and account.",
)
BAD_ORGANIZATION = Rule(
    "bad-organization",
    "error",
    "Organizations are given by their id (o-...) or ARN, as the field says.",
    "`aws organizations describe-organization` prints both.",
)
BAD_EMAIL = Rule(
    "bad-email",
    "error",
    "E-mail addresses have the form name@host.domain.",
    "Correct the address; notices would go nowhere.",
)
BAD_FORGE_NAME = Rule(
    "bad-github-name",
    "error",
    "Teams and users of GitHub are written as GitHub writes them.",
    "A team is organization/team, as in its address github.com/orgs/ORGANIZATION/teams/TEAM; a user is a name without "
    "the @.",
)
BAD_AGE = Rule(
    "bad-age",
    "error",
    "An age is a number of minutes, hours or days: 30m, 24h, 7d.",
    "Write the number and the letter together.",
)
BAD_SCHEDULE = Rule(
    "bad-schedule",
    "error",
    "A schedule has Glue's form cron(minutes hours day month weekday year).",
    "Six fields, one of day and weekday being ?: cron(0 4 * * ? *) is every day at 04:00 UTC.",
)
BAD_LOCATION = Rule(
    "bad-location",
    "error",
    "Locations are paths in the domain's bucket, or s3:// addresses where the field says so.",
    "Use letters, digits and ! _ . * ' ( ) = / - only, as S3 recommends.",
)
BUCKET_NAME = Rule(
    "bucket-name",
    "error",
    "Bucket names follow S3's rules.",
    "3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit.",
)
EMPTY_TEXT = Rule(
    "empty-text",
    "error",
    "A text field says something.",
    "Write a sentence or leave the field out.",
)

# pattern -> (rule, what is said after the field's name)
PATTERNS: dict[str, tuple[Rule, str]] = {}


def _shape(rule: Rule, pattern: str, sentence: str) -> StringConstraints:
    PATTERNS[pattern] = (rule, sentence)
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
        BAD_NAME,
        r"^[a-z0-9][a-z0-9-]{0,49}$",
        "must be 1 to 50 lower-case letters, digits or hyphens and begin with a letter or digit",
    ),
]
# Lake Formation folds keys and values to lower case when it stores them; here they are written as they are stored.
TagText = Annotated[
    str,
    _shape(
        LF_TAG_TEXT,
        r"^[a-z0-9][a-z0-9_.:/=+@%-]{0,49}$",
        "must be 1 to 50 lower-case letters, digits or _ . : / = + @ % - "
        "(Lake Formation stores LF-tags in lower case and takes at most 50 characters)",
    ),
]
AccountId = Annotated[str, _shape(BAD_ACCOUNT_ID, r"^[0-9]{12}$", "must be the 12 digits of an AWS account, in quotes")]
Region = Annotated[str, _shape(BAD_REGION, r"^[a-z]{2}(-[a-z]+)+-[0-9]$", "must be an AWS region such as eu-west-1")]
GlueName = Annotated[
    str,
    _shape(
        GLUE_NAME,
        r"^[a-z0-9_][a-z0-9_-]{0,254}$",
        "must be lower-case letters, digits, _ or - (Glue folds names to lower case)",
    ),
]
TableName = Annotated[
    str,
    _shape(
        GLUE_NAME,
        r"^[a-z0-9_]{1,255}$",
        "must be lower-case letters, digits or _ (Glue folds names to lower case and Athena reads no other sign)",
    ),
]
IamName = Annotated[
    str,
    _shape(
        IAM_NAME,
        r"^([A-Za-z0-9_+=,.@-]+/){0,8}[A-Za-z0-9_+=,.@-]{1,64}$",
        "must be an IAM name: letters, digits or _ + = , . @ - and at most 64 of them",
    ),
]
Arn = Annotated[
    str, _shape(BAD_ARN, r"^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:.+$", "must be an ARN (arn:aws:...)")
]
IamNameOrArn = Annotated[
    str,
    _shape(
        IAM_NAME,
        r"^(([A-Za-z0-9_+=,.@-]+/){0,8}[A-Za-z0-9_+=,.@-]{1,64}|arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/.+)$",
        "must be the name of an IAM role or the ARN of an IAM role or user",
    ),
]
KmsKeyArn = Annotated[
    str,
    _shape(
        BAD_ARN,
        r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$",
        "must be the ARN of a KMS key (arn:aws:kms:region:account:key/...)",
    ),
]
OrganizationId = Annotated[
    str, _shape(BAD_ORGANIZATION, r"^o-[a-z0-9]{10,32}$", "must be the id of an AWS organization (o-...)")
]
OrganizationArn = Annotated[
    str,
    _shape(
        BAD_ORGANIZATION,
        r"^arn:aws[a-z-]*:organizations::[0-9]{12}:(organization/o-[a-z0-9]{10,32}|ou/o-[a-z0-9]{10,32}/ou-[a-z0-9-]+)$",
        "must be the ARN of an AWS organization or of an organizational unit",
    ),
]
Email = Annotated[str, _shape(BAD_EMAIL, r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "must be an e-mail address")]
EmailOrTeam = Annotated[
    str,
    _shape(
        BAD_EMAIL,
        r"^([^@\s]+@[^@\s]+\.[^@\s]+|[a-z0-9][a-z0-9-]{0,49})$",
        "must be an e-mail address, or the name of a Team",
    ),
]
# https://docs.github.com/en/rest/users and https://docs.github.com/en/rest/teams: logins and slugs
ForgeTeam = Annotated[
    str,
    _shape(
        BAD_FORGE_NAME,
        r"^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}/[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$",
        "must be a team of GitHub such as acme/sales-stewards",
    ),
]
ForgeUser = Annotated[
    str,
    _shape(
        BAD_FORGE_NAME,
        r"^[A-Za-z0-9](-?[A-Za-z0-9_]){0,38}$",
        "must be the name of a user of GitHub, without the @",
    ),
]
Age = Annotated[
    str, _shape(BAD_AGE, r"^[1-9][0-9]{0,4}[mhd]$", "must be minutes, hours or days, such as 30m, 24h or 7d")
]
Schedule = Annotated[
    str,
    _shape(
        BAD_SCHEDULE,
        r"^cron\((\S+ ){5}\S+\)$",
        "must be a Glue schedule of six fields such as cron(0 4 * * ? *)",
    ),
]
S3Uri = Annotated[str, _shape(BAD_LOCATION, r"^s3://[a-z0-9.-]{3,63}/.+$", "must be an address s3://bucket/key")]
BucketName = Annotated[
    str,
    _shape(
        BUCKET_NAME,
        r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        "must be 3 to 63 lower-case letters, digits, dots or hyphens (S3's rule for bucket names)",
    ),
]
# May be empty: the sentence says what else is refused by the check `location-escapes`.
KeyPath = Annotated[
    str,
    _shape(
        BAD_LOCATION,
        r"^[A-Za-z0-9!_.*'()=/-]{0,512}$",
        "must be a path in a bucket: letters, digits and ! _ . * ' ( ) = / -",
    ),
]
Words = Annotated[str, _shape(EMPTY_TEXT, r"\S", "must say something")]
Day = Annotated[date, BeforeValidator(_day), Field(strict=False)]
