"""What names something in AWS: accounts, regions, roles, keys, buckets, paths. None of it can be read as a wildcard.

Policies, ARNs, locations and expressions are made of these values, so `*`, `?`, `$`, braces, quotes, blanks and control
signs are in none of them. Where policies are built, kinds/common/policy_document.py refuses them again.
"""

from typing import Annotated

from reconciler.spec.documents.shapes import counted, shape
from reconciler.spec.limits import PRINCIPAL, ROLE_NAME
from reconciler.spec.rule import Rule

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
BAD_LOCATION = Rule(
    "bad-location",
    "error",
    "Locations are paths in the domain's bucket, or s3:// addresses where the field says so.",
    "Use letters, digits and ! _ . ' ( ) = / - only: S3's safe signs, but for *, which policies take for everything.",
)
IDENTITY_CENTER = Rule(
    "identity-center-id",
    "error",
    "A group or user of IAM Identity Center is given by its id.",
    "The console shows it as Group ID or User ID; `aws identitystore list-groups` and `list-users` list them. Names "
    "are no principals.",
)
CENTER_NAME = Rule(
    "identity-center-name",
    "error",
    "A group or user of IAM Identity Center is named as it is shown there.",
    "Display names of groups, user names of users, of 1 to 128 characters. Write the id (`group`, `centerUser`) of one "
    "whose name has one of / : * ? $ { } \" ' ` < > \\ ; | in it.",
)
TRUST = Rule(
    "trust",
    "error",
    "Those who may assume a role are ARNs or AWS services.",
    "Write an ARN (arn:aws:iam::...) or a service such as sagemaker.amazonaws.com. `*` would be everybody.",
)
EXTERNAL_ID = Rule(
    "external-id",
    "error",
    "An external id is 2 to 1224 letters, digits or _ + = , . @ : / -.",
    "STS takes no other (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).",
)
BUCKET_NAME = Rule(
    "bucket-name",
    "error",
    "Bucket names follow S3's rules.",
    "3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit.",
)

_PART = "[A-Za-z0-9_+=,.@-]"
_KEY = "[A-Za-z0-9!_.'()=/-]"
# What may stand at the end of an ARN of any service.
_REST = "[A-Za-z0-9!_.'()=+,@:/-]+"

AccountId = Annotated[str, shape(BAD_ACCOUNT_ID, r"^[0-9]{12}$", "must be the 12 digits of an AWS account, in quotes")]
Region = Annotated[str, shape(BAD_REGION, r"^[a-z]{2}(-[a-z]+)+-[0-9]$", "must be an AWS region such as eu-west-1")]
IamName = Annotated[
    str,
    shape(
        IAM_NAME,
        rf"^({_PART}{{1,64}}/){{0,7}}{_PART}{{1,{ROLE_NAME}}}$",
        f"must be an IAM name: letters, digits or _ + = , . @ - and at most {ROLE_NAME} of them",
        PRINCIPAL - len("arn:aws-us-gov:iam::123456789012:role/"),
    ),
]
Arn = Annotated[
    str,
    shape(
        BAD_ARN,
        rf"^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:{_REST}$",
        "must be an ARN (arn:aws:...), with no wildcard, blank or variable in it",
    ),
]
ArnOrAccountOrEverybody = Annotated[
    str,
    shape(
        BAD_ARN,
        rf"^(arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:{_REST}|[0-9]{{12}}|IAM_ALLOWED_PRINCIPALS)$",
        "must be an ARN (arn:aws:...), the 12 digits of an account, in quotes, or IAM_ALLOWED_PRINCIPALS",
    ),
]
IamNameOrArn = Annotated[
    str,
    shape(
        IAM_NAME,
        rf"^(({_PART}{{1,64}}/){{0,7}}{_PART}{{1,{ROLE_NAME}}}|arn:aws[a-z-]*:iam::[0-9]{{12}}:(role|user)/({_PART}|/)+)$",
        "must be the name of an IAM role or the ARN of an IAM role or user",
        PRINCIPAL,
    ),
]
KmsKeyArn = Annotated[
    str,
    shape(
        BAD_ARN,
        r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]{1,64}$",
        "must be the ARN of a KMS key (arn:aws:kms:region:account:key/...)",
    ),
]
KmsKeyName = Annotated[
    str,
    shape(
        BAD_ARN,
        r"^(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/|alias/)[A-Za-z0-9/_-]{1,250}$",
        "must be alias/name or the ARN of a KMS key",
    ),
]
QueueArn = Annotated[
    str,
    shape(
        BAD_ARN,
        r"^arn:aws[a-z-]*:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,80}$",
        "must be the ARN of an SQS queue (arn:aws:sqs:region:account:name), not a FIFO one",
    ),
]
OrganizationId = Annotated[
    str, shape(BAD_ORGANIZATION, r"^o-[a-z0-9]{10,32}$", "must be the id of an AWS organization (o-...)")
]
OrganizationArn = Annotated[
    str,
    shape(
        BAD_ORGANIZATION,
        r"^arn:aws[a-z-]*:organizations::[0-9]{12}:(organization/o-[a-z0-9]{10,32}|ou/o-[a-z0-9]{10,32}/ou-[a-z0-9-]{8,68})$",
        "must be the ARN of an AWS organization or of an organizational unit",
    ),
]
# https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_Group.html
IdentityCenterId = Annotated[
    str,
    shape(
        IDENTITY_CENTER,
        r"^([0-9a-f]{10}-)?[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}$",
        "must be the id of a group or user of IAM Identity Center, such as 906769f4-1061-7024-a12b-abcdef123456",
    ),
]
CenterName = Annotated[
    str,
    *counted(
        CENTER_NAME,
        r"^[^\x00-\x20\x7F/:*?${}\"'`<>\\;|]([^\x00-\x1F\x7F/:*?${}\"'`<>\\;|]{0,126}[^\x00-\x20\x7F/:*?${}\"'`<>\\;|])?$",
        r"^[^\x00-\x20\x7F/:*?${}\"'`<>\\;|]([^\x00-\x1F\x7F/:*?${}\"'`<>\\;|]*[^\x00-\x20\x7F/:*?${}\"'`<>\\;|])?$",
        lambda name: len(name) <= 128,
        "must be the name of a group or user of IAM Identity Center, such as Analysts or ada@example.com",
    ),
]
# https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html
PermissionSetName = Annotated[
    str,
    shape(
        IAM_NAME,
        rf"^{_PART}{{1,32}}$",
        "must be the name of a permission set: letters, digits or _ + = , . @ - and at most 32 of them",
    ),
]
Trusted = Annotated[
    str,
    shape(
        TRUST,
        rf"^(arn:aws[a-z-]*:(iam|sts)::[0-9]{{12}}:{_REST}|[a-z0-9.-]+\.amazonaws\.com(\.cn)?|[0-9]{{12}})$",
        "must be an ARN or a service such as glue.amazonaws.com",
    ),
]
ExternalId = Annotated[
    str,
    *counted(
        EXTERNAL_ID,
        r"^[A-Za-z0-9_+=,.@:/-]{2,1224}$",
        r"^[A-Za-z0-9_+=,.@:/-]+$",
        lambda external_id: 2 <= len(external_id) <= 1224,
        "must be letters, digits or _ + = , . @ : / -",
    ),
]
S3Uri = Annotated[
    str, shape(BAD_LOCATION, rf"^s3://[a-z0-9.-]{{3,63}}/{_KEY}{{1,512}}$", "must be an address s3://bucket/key")
]
S3Prefix = Annotated[
    str, shape(BAD_LOCATION, rf"^s3://[a-z0-9.-]{{3,63}}/{_KEY}{{0,512}}$", "must be a prefix s3://bucket/path/")
]
BucketName = Annotated[
    str,
    shape(
        BUCKET_NAME,
        r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        "must be 3 to 63 lower-case letters, digits, dots or hyphens (S3's rule for bucket names)",
    ),
]
TablePlace = Annotated[
    str,
    shape(
        BAD_LOCATION,
        rf"^(s3://[a-z0-9.-]{{3,63}}/)?{_KEY}{{0,512}}$",
        "must be a path in the domain's bucket, or an address s3://bucket/path/: letters, digits and ! _ . ' ( ) = / -",
    ),
]
# May be empty: the sentence says what else is refused by the check `location-escapes`.
KeyPath = Annotated[
    str,
    shape(
        BAD_LOCATION,
        rf"^{_KEY}{{0,512}}$",
        "must be a path in a bucket: letters, digits and ! _ . ' ( ) = / -",
    ),
]
