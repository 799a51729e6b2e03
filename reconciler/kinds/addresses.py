"""Addresses of every kind, and the names that stand in them: a kind says what it stands on without knowing the other.

Whatever one kind needs of another's address is here, so kinds import each other only for what they really share.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.kinds.lakeformation.taggable import Place
from reconciler.model.address import Address, Placement
from reconciler.model.lakeformation import Grant, Target

BREW_DATASET = "brew-dataset"
BREW_JOB = "brew-job"
BREW_RECIPE = "brew-recipe"
BUCKET = "bucket"
BUCKET_POLICY = "bucket-policy"
CATALOG_POLICY = "catalog-policy"
CENTER_IDENTITY = "center-identity"
CRAWLER = "crawler"
DATABASE = "database"
DATA_FILTER = "data-filter"
EVENT_BUS = "event-bus"
EVENT_RULE = "event-rule"
GLUE_JOB = "glue-job"
GRANT = "grant"
IAM_ROLE = "iam-role"
KMS_KEY = "kms-key"
LAKE_SETTINGS = "lake-settings"
LF_TAG = "lf-tag"
LF_TAG_VALUE = "lf-tag-value"
LOCATION = "location"
NOTICE = "notice"
OPT_IN = "opt-in"
RAM_ACCEPTANCE = "ram-acceptance"
RAM_SHARE = "ram-share"
RESOURCE_LINK = "resource-link"
RULESET = "ruleset"
TABLE = "table"
TAG_ASSIGNMENT = "tag-assignment"
TAG_MARK = "tag-mark"
TOPIC = "topic"
TOPIC_SUBSCRIPTION = "topic-subscription"
USED_MARK = "used-mark"
WORKGROUP = "workgroup"


def brew_dataset(placement: Placement, name: str) -> Address:
    """A DataBrew dataset by its name."""
    return Address(BREW_DATASET, placement, name)


def brew_job(placement: Placement, name: str) -> Address:
    """A DataBrew job by its name."""
    return Address(BREW_JOB, placement, name)


def brew_recipe(placement: Placement, name: str) -> Address:
    """A DataBrew recipe by its name."""
    return Address(BREW_RECIPE, placement, name)


def bucket(placement: Placement, name: str) -> Address:
    """A bucket by its name, in the account that owns it."""
    return Address(BUCKET, placement, name)


def bucket_policy(placement: Placement, name: str) -> Address:
    """The policy of a bucket."""
    return Address(BUCKET_POLICY, placement, name)


def catalog_policy(placement: Placement) -> Address:
    """The policy of a catalog: there is one."""
    return Address(CATALOG_POLICY, placement, "catalog")


def crawler(placement: Placement, name: str) -> Address:
    """A crawler by its name."""
    return Address(CRAWLER, placement, name)


def database(placement: Placement, name: str) -> Address:
    """A database of a catalog."""
    return Address(DATABASE, placement, name)


def data_filter(placement: Placement, database_name: str, table_name: str, name: str) -> Address:
    """A data cells filter of a table."""
    return Address(DATA_FILTER, placement, f"{database_name}.{table_name}/{name}")


def event_bus(placement: Placement, name: str) -> Address:
    """An event bus by its name."""
    return Address(EVENT_BUS, placement, name)


def event_rule(placement: Placement, bus: str, name: str) -> Address:
    """A rule of a bus."""
    return Address(EVENT_RULE, placement, f"{bus}/{name}")


def glue_job(placement: Placement, name: str) -> Address:
    """A Glue job by its name."""
    return Address(GLUE_JOB, placement, name)


def grant(placement: Placement, atom: Grant) -> Address:
    """An atom, in the account that gives it."""
    return Address(GRANT, placement, atom.name)


def iam_role(placement: Placement, name: str) -> Address:
    """A role by its name or its ARN; the path is no part of it, since names are unique in an account."""
    return Address(IAM_ROLE, placement, name.rpartition("/")[2])


def center_identity(placement: Placement, sort: str, name: str) -> Address:
    """A group or user of IAM Identity Center by its name, looked up from an account."""
    return Address(CENTER_IDENTITY, placement, f"{sort} {name}")


def kms_key(placement: Placement, arn: str) -> Address:
    """A KMS key by its ARN."""
    return Address(KMS_KEY, placement, arn)


def lake_settings(placement: Placement) -> Address:
    """The data lake settings of an account: there is one."""
    return Address(LAKE_SETTINGS, placement, "settings")


def lf_tag(placement: Placement, key: str) -> Address:
    """An LF-tag key of a catalog."""
    return Address(LF_TAG, placement, key)


def lf_tag_value(placement: Placement, key: str, value: str) -> Address:
    """A value of an LF-tag key."""
    return Address(LF_TAG_VALUE, placement, f"{key}={value}")


def location(placement: Placement, arn: str) -> Address:
    """A registered location by its S3 ARN."""
    return Address(LOCATION, placement, arn)


def locations_of(placement: Placement, arn: str) -> Iterator[Address]:
    """Every registered location by which an S3 place may be read: its own, and each above it in its bucket."""
    bucket_arn, *folders = arn.split("/")
    for deep in range(len(folders), -1, -1):
        yield location(placement, "/".join((bucket_arn, *folders[:deep])))


def notice(placement: Placement, bus: str, product: str) -> Address:
    """What is told of a product on a bus."""
    return Address(NOTICE, placement, f"{bus}/{product}")


def opt_in(placement: Placement, principal: str, target: Target, condition: str | None = None) -> Address:
    """An opt-in, in the account that makes it."""
    return Address(OPT_IN, placement, f"{principal} on {target}{f' if {condition}' if condition else ''}")


def ram_acceptance(placement: Placement) -> Address:
    """What an account accepted of the central account."""
    return Address(RAM_ACCEPTANCE, placement, "central")


def ram_share(placement: Placement, name: str) -> Address:
    """A share by its name, in the account that made it."""
    return Address(RAM_SHARE, placement, name)


def resource_link(placement: Placement, name: str) -> Address:
    """A link by its name."""
    return Address(RESOURCE_LINK, placement, name)


def ruleset(placement: Placement, name: str) -> Address:
    """A data quality ruleset by its name."""
    return Address(RULESET, placement, name)


def table(placement: Placement, database_name: str, name: str) -> Address:
    """A table of a database."""
    return Address(TABLE, placement, f"{database_name}.{name}")


def tag_assignment(placement: Placement, place: Place, key: str) -> Address:
    """A key on a database, table or column."""
    return Address(TAG_ASSIGNMENT, placement, f"{place} {key}")


def tag_mark(placement: Placement, name: str) -> Address:
    """A mark of an LF-tag key by its name."""
    return Address(TAG_MARK, placement, name)


def tag_right(placement: Placement, key: str) -> Address:
    """The step in which the apply role is granted to put a key of others on data."""
    return Address(GRANT, placement, f"ASSOCIATE on tag {key} for the mesh")


def topic(placement: Placement, name: str) -> Address:
    """A topic by its name."""
    return Address(TOPIC, placement, name)


def topic_subscription(placement: Placement, topic_name: str, protocol: str, endpoint: str) -> Address:
    """An address or queue that hears a topic."""
    return Address(TOPIC_SUBSCRIPTION, placement, f"{topic_name} {protocol}:{endpoint}")


def used_mark(placement: Placement, name: str) -> Address:
    """A mark of a used database by its name."""
    return Address(USED_MARK, placement, name)


def workgroup(placement: Placement, name: str) -> Address:
    """An Athena workgroup by its name."""
    return Address(WORKGROUP, placement, name)
