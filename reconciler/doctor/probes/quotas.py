"""Does what the mesh makes fit beside what is there, by AWS's quotas?

Service Quotas tells an account's own values where it knows them; elsewhere AWS's defaults count.
https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.doctor.assumption import Answer, Assumption, Patient
from reconciler.kinds import registry
from reconciler.kinds.athena.workgroup import Workgroup
from reconciler.kinds.events.event_rule import EventRule
from reconciler.kinds.glue.crawler import Crawler
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.glue_job import GlueJob
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.lf_tag import LFTagKey
from reconciler.kinds.lakeformation.lf_tag_value import LFTagValue
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.model.address import Placement
from reconciler.model.resource import Resource
from reconciler.spec import placements

ID = "within-quotas"
ASSUMPTIONS = (Assumption(ID, "What the mesh makes fits into AWS's quotas beside what is there.", blocker=True),)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many things with such a spec an account may have, by default and as Service Quotas names it.

    `within` cuts a name to what it is counted in (a bus, a key); what is there is listed by `listing`: service,
    operation, list and member, with `params`.
    """

    what: str
    spec: type
    service: str
    named: str
    most: int
    listing: tuple[str, str, str, str]
    within: str = ""
    params: Mapping[str, Any] | None = None


_ROLES = ("iam", "GetAccountAuthorizationDetails", "RoleDetailList", "RoleName")
QUOTAS = (
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    Quota("IAM roles", Role, "iam", "roles per account", 1_000, _ROLES, params={"Filter": ["Role"]}),
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html
    Quota("buckets", Bucket, "s3", "buckets", 10_000, ("s3", "ListBuckets", "Buckets", "Name")),
    # https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
    Quota("workgroups", Workgroup, "athena", "workgroups", 1_000, ("athena", "ListWorkGroups", "WorkGroups", "Name")),
    # https://docs.aws.amazon.com/general/latest/gr/glue.html
    Quota("databases", Database, "glue", "databases per", 10_000, ("glue", "GetDatabases", "DatabaseList", "Name")),
    Quota("crawlers", Crawler, "glue", "crawlers per account", 1_000, ("glue", "GetCrawlers", "Crawlers", "Name")),
    Quota("Glue jobs", GlueJob, "glue", "jobs per account", 2_000, ("glue", "GetJobs", "Jobs", "Name")),
    # https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-notes.html
    Quota("LF-tags", LFTagKey, "lakeformation", "lf-tags", 1_000, ("lakeformation", "ListLFTags", "LFTags", "TagKey")),
    Quota("values of an LF-tag", LFTagValue, "lakeformation", "values", 1_000, ("", "", "", ""), "="),
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    Quota("rules of a bus", EventRule, "events", "rules", 300, ("events", "ListRules", "Rules", "Name"), "/"),
)


def answers(patient: Patient) -> Iterable[Answer]:
    """One an account: what is nearest to its quota, or all that goes beyond."""
    wanted: dict[Placement, list[Resource[Any]]] = {}
    for kind in registry().values():
        for resource in kind.desired(patient.mesh):
            wanted.setdefault(resource.address.placement, []).append(resource)
    for account in patient.mesh.accounts.values():
        place = placements.of_account(patient.mesh, account)
        counted = [
            (number / most, f"{number} of {most} {what}") for number, most, what in _counts(patient, place, wanted)
        ]
        beyond = [told for share, told in counted if share > 1]
        if beyond:
            hint = "Ask for more at Service Quotas, or make less in this account."
            yield Answer(ID, "refuted", "; ".join(beyond), account.name, hint)
        else:
            yield Answer(ID, "confirmed", f"nearest: {max(counted, default=(0, 'nothing'))[1]}", account.name)


def _counts(
    patient: Patient, place: Placement, wanted: Mapping[Placement, list[Resource[Any]]]
) -> Iterator[tuple[int, int, str]]:
    """How many there would be after an apply, how many may be, and of what."""
    told: dict[str, list[Any]] = {}
    for quota in QUOTAS:
        groups: dict[str, set[str]] = {}
        for each in wanted.get(place, ()):
            if isinstance(each.spec, quota.spec):
                whole, _, part = each.address.name.rpartition(quota.within or "\0")
                groups.setdefault(whole, set()).add(part)
        for group, names in groups.items():
            if quota.service not in told:
                asked = {"ServiceCode": quota.service, "MaxResults": 100}
                told[quota.service] = list(
                    patient.plan.every(place, "service-quotas", "ListServiceQuotas", "Quotas", **asked)
                )
            number = len(names | _there(patient, place, quota, group))
            yield number, _most(quota, told[quota.service]), f"{quota.what}{f' {group}' if group else ''}"


def _there(patient: Patient, place: Placement, quota: Quota, group: str) -> set[str]:
    service, operation, items, member = quota.listing
    if not service:
        return set()
    params = {**(quota.params or {}), **({"EventBusName": group} if service == "events" else {})}
    return {row[member] for row in patient.plan.every(place, service, operation, items, **params)}


def _most(quota: Quota, told: Iterable[Any]) -> int:
    """What Service Quotas says, where a name of its own fits."""
    fitting = [row for row in told if re.search(rf"\b{quota.named}\b", str(row.get("QuotaName", "")), re.IGNORECASE)]
    return int(min((row["Value"] for row in fitting), default=quota.most))
