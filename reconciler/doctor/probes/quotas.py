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
from reconciler.spec.documents.account import Account
from reconciler.spec.quotas import QUOTAS, Quota

ID = "within-quotas"
ASSUMPTIONS = (Assumption(ID, "What the mesh makes fits into AWS's quotas beside what is there.", blocker=True),)


@dataclass(frozen=True, slots=True)
class Listed:
    """What an account has of a quota beside what the mesh makes of such a spec.

    `within` cuts a name to what it is counted in (a bus, a key); what is there is listed by `listing`: service,
    operation, list and member, with `params`.
    """

    id: str
    spec: type
    listing: tuple[str, str, str, str]
    within: str = ""
    params: Mapping[str, Any] | None = None


LISTED = (
    Listed(
        "roles",
        Role,
        ("iam", "GetAccountAuthorizationDetails", "RoleDetailList", "RoleName"),
        params={"Filter": ["Role"]},
    ),
    Listed("buckets", Bucket, ("s3", "ListBuckets", "Buckets", "Name")),
    Listed("workgroups", Workgroup, ("athena", "ListWorkGroups", "WorkGroups", "Name")),
    Listed("databases", Database, ("glue", "GetDatabases", "DatabaseList", "Name")),
    Listed("crawlers", Crawler, ("glue", "GetCrawlers", "Crawlers", "Name")),
    Listed("glue-jobs", GlueJob, ("glue", "GetJobs", "Jobs", "Name")),
    Listed("lf-tags", LFTagKey, ("lakeformation", "ListLFTags", "LFTags", "TagKey")),
    Listed("lf-tag-values", LFTagValue, ("", "", "", ""), "="),
    Listed("event-rules", EventRule, ("events", "ListRules", "Rules", "Name"), "/"),
)


def answers(patient: Patient) -> Iterable[Answer]:
    """One an account: what is nearest to its quota, or all that goes beyond."""
    wanted: dict[Placement, list[Resource[Any]]] = {}
    for kind in registry().values():
        for resource in kind.desired(patient.mesh):
            wanted.setdefault(resource.address.placement, []).append(resource)
    for account in patient.mesh.accounts.values():
        place = placements.of_account(patient.mesh, account)
        counted = list(_counts(patient, account, place, wanted))
        other = ", ".join(each.written for each in counted if each.written)
        write = f"Write what Service Quotas tells into {account.origin.file}: `quotas: {{{other}}}`." if other else ""
        beyond = [each.words for each in counted if each.number > each.most]
        if beyond:
            hint = f"Ask for more at Service Quotas, or make less in this account. {write}".strip()
            yield Answer(ID, "refuted", "; ".join(beyond), account.name, hint)
        else:
            nearest = max(counted, key=lambda each: each.number / each.most, default=None)
            said = f"nearest: {nearest.words if nearest is not None else 'nothing'}"
            yield Answer(ID, "confirmed", said, account.name, write)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there would be after an apply, how many may be, of what; and what the Account document should say."""

    number: int
    most: int
    what: str
    written: str

    @property
    def words(self) -> str:
        """`250 of 300 rules of bus default`."""
        return f"{self.number} of {self.most} {self.what}"


def _counts(
    patient: Patient, account: Account, place: Placement, wanted: Mapping[Placement, list[Resource[Any]]]
) -> Iterator[Counted]:
    told: dict[str, list[Any]] = {}
    for listed in LISTED:
        groups: dict[str, set[str]] = {}
        for each in wanted.get(place, ()):
            if isinstance(each.spec, listed.spec):
                whole, _, part = each.address.name.rpartition(listed.within or "\0")
                groups.setdefault(whole, set()).add(part)
        quota = QUOTAS[listed.id]
        for group, names in groups.items():
            if quota.service not in told:
                asked = {"ServiceCode": quota.service, "MaxResults": 100}
                told[quota.service] = list(
                    patient.plan.every(place, "service-quotas", "ListServiceQuotas", "Quotas", **asked)
                )
            known = account.quotas.get(quota.id, quota.most)
            most = _most(quota, told[quota.service], known)
            number = len(names | _there(patient, place, listed, group))
            written = f"{quota.id}: {most}" if most != known else ""
            yield Counted(number, most, f"{quota.what}{f' {group}' if group else ''}", written)


def _there(patient: Patient, place: Placement, listed: Listed, group: str) -> set[str]:
    service, operation, items, member = listed.listing
    if not service:
        return set()
    params = {**(listed.params or {}), **({"EventBusName": group} if service == "events" else {})}
    return {row[member] for row in patient.plan.every(place, service, operation, items, **params)}


def _most(quota: Quota, told: Iterable[Any], known: int) -> int:
    """What Service Quotas says, where a name of its own fits; else what is `known`."""
    fitting = [row for row in told if re.search(rf"\b{quota.named}\b", str(row.get("QuotaName", "")), re.IGNORECASE)]
    return int(min((row["Value"] for row in fitting), default=known))
