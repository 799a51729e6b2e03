"""Workgroups that the mesh has made: they say which consumers an account has, and who reads for which of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.importing.evidence import Evidence
from reconciler.importing.page import Data
from reconciler.kinds.athena.workgroup import Workgroup
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.model.address import Placement

_IN_POLICY = re.compile(r":workgroup/([^\"*]+)")


@dataclass(frozen=True, slots=True)
class MadeWorkgroup:
    """One workgroup: of which consumer and of which of its principals; none where it is of all of them."""

    where: Placement
    name: str
    consumer: str
    principal: str
    stem: str
    bucket: str
    cutoff: int


def made_workgroups(evidence: Evidence, account: str) -> list[MadeWorkgroup]:
    """Those of an account, by region and name."""
    mesh = evidence.basis.name
    found = []
    for each in evidence.found.of(Workgroup):
        where = each.address.placement
        if where.account != account or not each.spec.description.endswith(f"={mesh}"):
            continue
        bucket, _, prefix = each.spec.output.removeprefix("s3://").partition("/")
        ending = prefix.strip("/")
        own = each.address.name.endswith(f"-{ending}") and each.address.name != f"{mesh}-{ending}"
        stem = each.address.name.removesuffix(f"-{ending}") if own else each.address.name
        usual = f"-results-{account}-{where.region}"
        by_bucket = bucket.startswith(f"{mesh}-") and bucket.endswith(usual)
        said = bucket.removesuffix(usual) if by_bucket else stem
        name = each.address.name
        consumer = said.removeprefix(f"{mesh}-")
        found.append(MadeWorkgroup(where, name, consumer, ending if own else "", stem, bucket, each.spec.cutoff))
    return sorted(found, key=lambda each: (each.where, each.name))


def workgroup_of_role(evidence: Evidence, arn: str, known: Iterable[MadeWorkgroup]) -> MadeWorkgroup | None:
    """The workgroup in which a role may query that the mesh has made."""
    role = evidence.roles.get(arn)
    named = set(_IN_POLICY.findall(role.policy)) if role is not None else set()
    return next((each for each in known if each.name in named), None)


def workgroup_fields(evidence: Evidence, name: str, own: list[MadeWorkgroup]) -> Data:
    """What the document of a consumer says of its workgroups; None for none."""
    if not own:
        return None
    first = own[0]
    usual = f"{evidence.basis.name}-{name}"
    region, account = first.where.region, first.where.account
    return {
        "name": None if first.stem == usual else first.stem,
        "resultsBucket": None if first.bucket == f"{usual}-results-{account}-{region}" else first.bucket,
        "resultsRetentionDays": _days(evidence, first),
        "bytesCutoff": first.cutoff or None,
    }


def _days(evidence: Evidence, of: MadeWorkgroup) -> int | None:
    """After how many days results go."""
    for each in evidence.found.of(Bucket):
        if each.address.name == of.bucket:
            expires = dict(each.spec.expires)
            return expires.get(f"{of.principal}/") or next(iter(expires.values()), None)
    return None
