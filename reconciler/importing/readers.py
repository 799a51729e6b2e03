"""Readers: who may become a consumer: organizations, and of each account its teams as far as evidence tells them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from reconciler.importing.evidence import Evidence
from reconciler.importing.made_workgroups import MadeWorkgroup, made_workgroups, workgroup_of_role
from reconciler.importing.naming import slug
from reconciler.importing.page import Data
from reconciler.importing.principals import principal_fields
from reconciler.importing.regions import query_regions
from reconciler.importing.teams import chosen_consumer, groups_of
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, Grant, account_of

_MACHINES = re.compile(r"^(crawl|curate|quality|register)-|^events-from-")


@dataclass(slots=True)
class Reader:
    """A consumer to be: its account (or organization), where it queries, and its principals by what AWS calls them.

    `is_first` of those of its account: what is shared with the account and with nobody in it is said there.
    """

    name: str
    account: str = ""
    organization: str = ""
    regions: tuple[str, ...] = ()
    principals: dict[str, str] = field(default_factory=dict)
    fields: dict[str, dict[str, Data]] = field(default_factory=dict)
    workgroups: list[MadeWorkgroup] = field(default_factory=list)
    is_first: bool = True


def readers_of(evidence: Evidence, staff: Iterable[str]) -> list[Reader]:
    """Everybody who may become a consumer, by name. `staff` are administrators, stewards and roles of Meshform."""
    left_out = frozenset(staff)
    organizations: list[Reader] = []
    by_account: dict[str, list[str]] = {}
    for arn in sorted({each.spec.principal for each in evidence.found.of(Grant)}):
        if arn in left_out or arn == IAM_ALLOWED_PRINCIPALS or _is_machine(evidence, arn):
            continue
        if ":organizations:" in arn:
            hint = arn.rpartition("/")[2]
            organizations.append(Reader(evidence.names.taken(f"organization {arn}", hint), organization=arn))
            continue
        account = account_of(arn) or _giver(evidence, arn)
        if account in evidence.basis.accounts:
            by_account.setdefault(account, []).append(arn)
    readers = [*organizations]
    for account, arns in by_account.items():
        readers += _of_account(evidence, account, arns)
    return sorted(readers, key=lambda reader: reader.name)


def _of_account(evidence: Evidence, account: str, arns: list[str]) -> list[Reader]:
    """The readers of an account, the first one by name first."""
    known = made_workgroups(evidence, account)
    groups: dict[str, list[str]] = {"": []} if not known else {each.consumer: [] for each in known}
    rest: list[str] = []
    for arn in arns:
        within = _workgroup(evidence, arn, known)
        if within is not None and chosen_consumer(evidence, arn) is None:
            groups[within.consumer].append(arn)
        else:
            rest.append(arn)
    for group, members in groups_of(evidence, rest).items():
        groups.setdefault(group, []).extend(members)
    if len(groups) > 1 and not any(arn != account for arn in groups.get("", [account])):
        groups.pop("", None)
    readers = []
    for group, members in sorted(groups.items()):
        own = [each for each in known if each.consumer == group]
        if group:
            name = evidence.names.taken(f"consumer {account} {group}", group, made=bool(own))
        else:
            name = _account_name(evidence, account)
        reader = Reader(name, account, workgroups=own, regions=query_regions(evidence, account, members, own))
        _add_principals(evidence, reader, members)
        readers.append(reader)
    readers.sort(key=lambda reader: reader.name)
    for reader in readers[1:]:
        reader.is_first = False
    return readers


def _add_principals(evidence: Evidence, reader: Reader, arns: Iterable[str]) -> None:
    abroad = any(region != evidence.basis.region for region in reader.regions)
    for arn in arns:
        fields = principal_fields(evidence, reader.account, arn, abroad=abroad)
        if fields is not None:
            made = evidence.made_role(arn)
            within = _workgroup(evidence, arn, reader.workgroups)
            hint = within.principal if within is not None else made or _called(evidence, arn)
            known = evidence.names.given.keys() & {f"principal {arn}", f"principal {evidence.said_of(arn)}"}
            reader.principals[arn] = evidence.names.taken(
                min(known, default=f"principal {arn}"), hint, made=made is not None, within=reader.account
            )
            reader.fields[arn] = {"name": reader.principals[arn], **fields}


def _called(evidence: Evidence, arn: str) -> str:
    """What somebody is called: a permission set by its name, others by the last part of their ARN."""
    if arn.endswith(":IAMPrincipals"):
        return "everybody"
    return evidence.permission_sets.get(arn) or re.split(r"[/:]", arn)[-1]


def _workgroup(evidence: Evidence, arn: str, known: Iterable[MadeWorkgroup]) -> MadeWorkgroup | None:
    """The workgroup that the mesh has made for somebody: as the role's policy says, else by the name."""
    known = list(known)
    if evidence.made_role(arn) is not None:
        return workgroup_of_role(evidence, arn, known)
    called = slug(_called(evidence, arn))
    return next((each for each in known if each.principal == called), None)


def _giver(evidence: Evidence, arn: str) -> str:
    """The account that grants to somebody whose name tells no account (a group); the first one by id."""
    givers = sorted(each.address.placement.account for each in evidence.found.of(Grant) if each.spec.principal == arn)
    others = [giver for giver in givers if giver != evidence.basis.central]
    return (others or givers)[0]


def _is_machine(evidence: Evidence, arn: str) -> bool:
    """Whether it is a role that the mesh has made for its own work."""
    name = evidence.made_role(arn)
    return name is not None and _MACHINES.match(name) is not None


def _account_name(evidence: Evidence, account: str) -> str:
    """As people say, else after the account."""
    known = evidence.names.given.get(f"account {account}") or evidence.names.taken(f"account {account}", account)
    return evidence.names.taken(f"consumer {account}", known)
