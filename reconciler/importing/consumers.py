"""Consumers: the accounts and organizations that are given something, and those who have it there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from reconciler.importing.evidence import Evidence
from reconciler.importing.page import UNKNOWN_OWNER, Data, Page
from reconciler.kinds.athena.workgroup import Workgroup
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, Grant, account_of
from reconciler.model.resource import Resource
from reconciler.spec.documents.base import Part
from reconciler.spec.documents.consumer import Principal

_MACHINES = re.compile(r"^(crawl|curate|quality|register)-|^events-from-")


@dataclass(slots=True)
class Reader:
    """A consumer to be: its account (or organization), and the names of its principals by what AWS calls them."""

    name: str
    account: str = ""
    organization: str = ""
    principals: dict[str, str] = field(default_factory=dict)
    fields: dict[str, dict[str, Data]] = field(default_factory=dict)


def readers_of(evidence: Evidence, staff: Iterable[str]) -> list[Reader]:
    """Everybody who may become a consumer, by name. `staff` are administrators, stewards and roles of Meshform."""
    readers: dict[str, Reader] = {}
    left_out = frozenset(staff)
    for arn in sorted(_grantees(evidence)):
        if arn in left_out or arn == IAM_ALLOWED_PRINCIPALS or _is_machine(evidence, arn):
            continue
        if ":organizations:" in arn:
            hint = arn.rpartition("/")[2]
            readers[arn] = Reader(evidence.names.taken(f"organization {arn}", hint), organization=arn)
            continue
        account = account_of(arn) or _giver(evidence, arn)
        if account not in evidence.basis.accounts:
            continue
        reader = readers.get(account) or Reader(_consumer_name(evidence, account), account)
        readers[account] = reader
        fields = _principal(evidence, account, arn)
        if fields is not None:
            hint = evidence.made_role(arn) or re.split(r"[/:]", arn)[-1]
            reader.principals[arn] = evidence.names.taken(
                f"principal {arn}", hint, made=evidence.made_role(arn) is not None, within=account
            )
            reader.fields[arn] = {"name": reader.principals[arn], **fields}
    return sorted(readers.values(), key=lambda reader: reader.name)


def consumer_page(
    evidence: Evidence, reader: Reader, accounts: Mapping[str, str], links: Mapping[str, str], used: Iterable[str]
) -> Page:
    """consumer.yaml, with those principals that subscriptions name and those that the mesh has made."""
    kept = set(used)
    people: list[Data] = [
        dict(fields)
        for arn, fields in sorted(reader.fields.items(), key=lambda entry: reader.principals[entry[0]])
        if reader.principals[arn] in kept or "create" in fields
    ]
    fields: dict[str, Data] = {
        "kind": "Consumer",
        "name": reader.name,
        "description": "Imported; to be described.",
        "owner": UNKNOWN_OWNER,
        "account": accounts[reader.account] if reader.account else None,
        "organization": reader.organization or None,
        "principals": people,
        "workgroup": _workgroup(evidence, reader),
        "links": dict(links),
    }
    who = reader.account or reader.organization
    return Page(f"consumers/{reader.name}/consumer.yaml", fields, (f"From permissions in {who}.",))


def _grantees(evidence: Evidence) -> set[str]:
    """Those who have a permission on data, on links or on LF-tags."""
    return {each.spec.principal for each in evidence.found.of(Grant)}


def _giver(evidence: Evidence, arn: str) -> str:
    """The account that grants to somebody whose name tells no account (a group); the first one by id."""
    givers = sorted(each.address.placement.account for each in evidence.found.of(Grant) if each.spec.principal == arn)
    others = [giver for giver in givers if giver != evidence.basis.central]
    return (others or givers)[0]


def _is_machine(evidence: Evidence, arn: str) -> bool:
    """Whether it is a role that the mesh has made for its own work."""
    name = evidence.made_role(arn)
    return name is not None and _MACHINES.match(name) is not None


def _consumer_name(evidence: Evidence, account: str) -> str:
    """As the bucket for query results says, else as people say, else after the account."""
    begin, end = f"{evidence.basis.name}-", f"-results-{account}-{evidence.basis.region}"
    for each in evidence.found.of(Bucket):
        name = each.address.name
        if name.startswith(begin) and name.endswith(end):
            said = name.removeprefix(begin).removesuffix(end)
            return evidence.names.taken(f"consumer {account}", said, made=True)
    known = evidence.names.given.get(f"account {account}") or evidence.names.taken(f"account {account}", account)
    return evidence.names.taken(f"consumer {account}", known)


def _principal(evidence: Evidence, account: str, arn: str) -> dict[str, Data] | None:
    """What says of a principal who that is; None for an account, and for whom the language cannot name."""
    made = evidence.made_role(arn)
    fields: dict[str, Data]
    if made is not None:
        about = {key: value for key, value in _made(evidence, account, made).items() if value not in (None, [])}
        fields = {"role": made, "create": True, **about}
    elif arn.startswith(evidence.role_arn(account, "")):
        fields = {"role": arn.partition(":role/")[2]}
    elif ":iam::" in arn and f":{account}:user/" in arn:
        fields = {"user": arn.partition(":user/")[2]}
    elif ":identitystore:::group/" in arn:
        fields = {"group": arn.rpartition("/")[2]}
    else:
        fields = {"arn": arn}
    return fields if _fits(Principal, {"name": "x", **fields}) else None


def _fits(model: type[Part], fields: Mapping[str, Data]) -> bool:
    try:
        model.model_validate(fields, by_alias=True, by_name=False)
    except ValueError:
        return False
    return True


def _made(evidence: Evidence, account: str, name: str) -> dict[str, Data]:
    """What a role that the mesh made is for, and who may assume it."""
    import json

    role = next((each for each in evidence.found.of(Role) if _is_named(each, account, name)), None)
    if role is None:
        return {}
    trusted: set[str] = set()
    for statement in json.loads(role.spec.trust).get("Statement", ()):
        for entries in statement.get("Principal", {}).values():
            trusted.update([entries] if isinstance(entries, str) else entries)
    kind = "sagemaker" if "sagemaker:" in role.spec.policy else "analyst"
    usual = {f"arn:aws:iam::{account}:root"} if kind == "analyst" else {"sagemaker.amazonaws.com"}
    return {
        "kind": None if kind == "analyst" else kind,
        "trust": [] if trusted == usual else sorted(trusted),
    }


def _is_named(role: Resource[Role], account: str, name: str) -> bool:
    return role.address.placement.account == account and role.address.name == name


def _workgroup(evidence: Evidence, reader: Reader) -> Data:
    """The workgroups that the mesh made for a consumer; None for none."""
    stem = f"{evidence.basis.name}-{reader.name}"
    own = f"={evidence.basis.name}"
    for each in evidence.found.of(Workgroup):
        if each.address.placement.account == reader.account and each.spec.description.endswith(own):
            bucket, _, prefix = each.spec.output.removeprefix("s3://").partition("/")
            names = {each.address.name.removesuffix(f"-{name}") for name in reader.principals.values()} - {
                each.address.name
            }
            usual = f"{stem}-results-{reader.account}-{evidence.basis.region}"
            days = _days(evidence, bucket, prefix)
            return {
                "name": None if stem in names or not names else min(names),
                "resultsBucket": None if bucket == usual else bucket,
                "resultsRetentionDays": days,
                "bytesCutoff": each.spec.cutoff or None,
            }
    return None


def _days(evidence: Evidence, bucket: str, prefix: str) -> int | None:
    """After how many days results go."""
    for each in evidence.found.of(Bucket):
        if each.address.name == bucket:
            return dict(each.spec.expires).get(prefix)
    return None
