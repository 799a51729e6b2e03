"""Quotas of AWS that a mesh can meet, by default: the one place that has their numbers and where they are said.

Service Quotas tells an account's own values of some of them (`service`, and words of the quota's `named`); what an
Account document says in `quotas` counts before the default.
"""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.spec import limits


@dataclass(frozen=True, slots=True)
class Quota:
    """So many (or so long) at `most` of `what`, by an AWS page. `stopped_by`: another gate refuses what goes beyond."""

    id: str
    what: str
    most: int
    page: str
    service: str = ""
    named: str = ""
    stopped_by: str = ""


_DOCS = "https://docs.aws.amazon.com"
_CROSS_ACCOUNT = f"{_DOCS}/lake-formation/latest/dg/cross-account-notes.html"
_LF_TAGS = f"{_DOCS}/lake-formation/latest/dg/TBAC-notes.html"
_EVENTS = f"{_DOCS}/eventbridge/latest/userguide/eb-quota.html"
_IAM = f"{_DOCS}/IAM/latest/UserGuide/reference_iam-quotas.html"
_GLUE = f"{_DOCS}/general/latest/gr/glue.html"
_SNS = f"{_DOCS}/general/latest/gr/sns.html"
_SNS_POLICY = f"{_DOCS}/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html"
_ADMINS = f"{_DOCS}/lake-formation/latest/APIReference/API_DataLakeSettings.html"
_RAM = f"{_DOCS}/general/latest/gr/ram.html"
_BUCKETS = f"{_DOCS}/AmazonS3/latest/userguide/BucketRestrictions.html"
_BUCKET_POLICY = f"{_DOCS}/AmazonS3/latest/userguide/bucket-policies.html"
_ATHENA = f"{_DOCS}/athena/latest/ug/service-limits.html"
_MANY = "too-many-administrators"

QUOTAS = {
    quota.id: quota
    for quota in (
        Quota("cross-account-grants", "grants by name to other accounts", 1_600, _CROSS_ACCOUNT),
        Quota("resource-shares", "resource shares", 5_000, _RAM, "ram", "resource shares"),
        Quota("data-lake-administrators", "data lake administrators", limits.ADMINS, _ADMINS, stopped_by=_MANY),
        Quota("filters-of-a-table", "data filters of a principal on", limits.FILTERS_OF_PRINCIPAL, _CROSS_ACCOUNT),
        Quota("lf-tags", "LF-tags", 1_000, _LF_TAGS, "lakeformation", "lf-tags"),
        Quota("lf-tag-values", "values of LF-tag", limits.LF_TAG_VALUES, _LF_TAGS, "lakeformation", "values"),
        Quota("lf-tags-on-a-resource", "LF-tags on", limits.LF_TAGS_ON_RESOURCE, _LF_TAGS),
        Quota("databases", "databases", 10_000, _GLUE, "glue", "databases per"),
        Quota("tables-of-a-database", "tables of", 200_000, _GLUE, "glue", "tables per database"),
        Quota("crawlers", "crawlers", 1_000, _GLUE, "glue", "crawlers per account"),
        Quota("glue-jobs", "Glue jobs", 2_000, _GLUE, "glue", "jobs per account"),
        Quota("catalog-policy-size", "bytes in the policy of the catalog", 10_240, _GLUE),
        Quota("buckets", "buckets", 10_000, _BUCKETS, "s3", "buckets"),
        Quota("bucket-policy-size", "bytes in the policy of bucket", 20_480, _BUCKET_POLICY),
        Quota("workgroups", "workgroups", 1_000, _ATHENA, "athena", "workgroups"),
        Quota("event-rules", "rules of bus", 300, _EVENTS, "events", "rules"),
        Quota("event-targets", "targets of rule", 5, _EVENTS),
        Quota("event-pattern", "characters in the pattern of rule", 2_048, _EVENTS),
        Quota("event-bus-policy-size", "bytes in the policy of bus", 10_240, _EVENTS),
        Quota("topic-filters", "subscriptions with a filter of topic", 200, _SNS, "sns", "filter policies per topic"),
        Quota(
            "filters-of-subscriptions", "subscriptions with a filter", 10_000, _SNS, "sns", "filter policies per acc"
        ),
        Quota("topic-policy-size", "bytes in the policy of topic", 30_720, _SNS_POLICY),
        Quota("topic-statements", "statements in the policy of topic", 100, _SNS_POLICY),
        Quota("roles", "IAM roles", 1_000, _IAM, "iam", "roles per account"),
        Quota("role-policies", "characters in the policies of role", 10_240, _IAM),
        Quota("role-trust", "characters in the trust policy of role", 2_048, _IAM, "iam", "trust policy length"),
        Quota("role-tags", "tags of role", limits.TAGS, _IAM),
    )
}
