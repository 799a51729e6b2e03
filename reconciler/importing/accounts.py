"""Pages of the accounts: names, parts, administrators, stewards, and whether their settings are kept by the mesh."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product

from reconciler.importing.evidence import Evidence
from reconciler.importing.page import Data, Page, counted
from reconciler.kinds.events.event_rule import EventRule
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.ram.ram_acceptance import Acceptance
from reconciler.kinds.ram.received import makes_share
from reconciler.kinds.sharing.governance_grants import TAGGING
from reconciler.model.lakeformation import OnTag, account_of

_TO = re.compile(r"^meshform-[a-z0-9-]+-to\.([a-z0-9-]+)-")
_FORWARDER = "events-from-"


def account_names(evidence: Evidence) -> Mapping[str, str]:
    """The names of accounts by id: as people say, as rules and roles of the mesh say, else by the id."""
    said: dict[str, str] = {}
    for rule in evidence.found.of(EventRule):
        told = _TO.match(rule.spec.name)
        if told:
            said.update({target.arn.split(":")[4]: told[1] for target in rule.spec.targets})
    for role in evidence.found.of(Role):
        name = evidence.made_role(role.handle or "")
        if name and name.startswith(_FORWARDER):
            said[role.address.placement.account] = name.removeprefix(_FORWARDER).partition(".")[0]
    central = evidence.basis.central
    hint = said.get(central, "central")
    named = {central: evidence.names.taken(f"account {central}", hint, made=central in said)}
    for account in evidence.basis.others:
        hint = said.get(account, f"account-{account}")
        named[account] = evidence.names.taken(f"account {account}", hint, made=account in said)
    return named


def account_pages(
    evidence: Evidence,
    names: Mapping[str, str],
    parts: Mapping[str, set[str]],
    stewards: Mapping[str, Iterable[str]],
    regions: Mapping[str, Sequence[str]],
) -> Iterable[Page]:
    """One page an account. `stewards` are those of its domains, by account, and `regions` where its people query."""
    for account, name in names.items():
        found = _settings(evidence, account, regions.get(account, ()))
        plan_arn, apply_arn = own_roles(evidence, account)
        seen = frozenset[str]().union(*(each.admins for each in found))
        is_kept = bool(found) and all(_is_kept(evidence, account, each) and each.admins == seen for each in found)
        # Settings that stay as they are have no administrators but those that their document names.
        admins = sorted(seen - ({plan_arn, apply_arn} if is_kept else set()))
        taggers = sorted(central_stewards(evidence, account))
        people = (*admins, *taggers, *stewards.get(account, ()))
        played = parts.get(account) or {"consumer"}
        fields: dict[str, Data] = {
            "kind": "Account",
            "name": name,
            "description": "Imported; to be described.",
            "id": account,
            "parts": [part for part in ("central", "producer", "consumer") if part in played],
            "admins": [staff_name(evidence, arn) for arn in admins],
            "stewards": [staff_name(evidence, arn) for arn in taggers],
            "manageRoles": True if any(evidence.made_role(arn) for arn in people) else None,
            "resources": None if is_kept else "external",
            "regions": list(regions.get(account, ())),
        }
        said = counted(len(seen), "administrator") if found else "not seen"
        yield Page(f"accounts/{name}.yaml", fields, (f"From the data lake settings of {account}: {said}.",))


def _settings(evidence: Evidence, account: str, regions: Collection[str]) -> list[LakeSettings]:
    """The data lake settings of an account, of the home region first, and of no region that it does not name."""
    home = evidence.basis.region
    found = [each for each in evidence.found.of(LakeSettings) if each.address.placement.account == account]
    found = [each for each in found if each.address.placement.region in (home, *regions)]
    return [each.spec for each in sorted(found, key=lambda each: each.address.placement.region != home)]


def staff_name(evidence: Evidence, arn: str) -> str:
    """An administrator or steward as documents name him."""
    return evidence.made_role(arn) or arn


def own_roles(evidence: Evidence, account: str) -> tuple[str, str]:
    """ARNs of the roles of plan and apply in an account."""
    basis = evidence.basis
    return evidence.role_arn(account, basis.plan_role), evidence.role_arn(account, basis.apply_role)


def _is_kept(evidence: Evidence, account: str, found: LakeSettings) -> bool:
    """Whether the settings of an account are as a mesh with these roles keeps them."""
    plan_arn, apply_arn = own_roles(evidence, account)
    if account == evidence.basis.central:
        closed = found.database_defaults == found.table_defaults == "[]" and found.version >= 3
    else:
        closed = _has_accepted(evidence, account)
    return closed and apply_arn in found.admins and (plan_arn == apply_arn or plan_arn in found.read_only_admins)


def _has_accepted(evidence: Evidence, account: str) -> bool:
    """Whether nothing that the central account shares with an account waits, or is shared without RAM."""
    accepted = {each.address.placement.account: each.spec for each in evidence.found.of(Acceptance)}
    if account in accepted:
        return accepted[account] == Acceptance(evidence.basis.central)
    given = (each.spec for each in evidence.grants(evidence.basis.catalog))
    version = evidence.version
    return not any(makes_share(grant, version) and account_of(grant.principal) == account for grant in given)


def central_stewards(evidence: Evidence, account: str) -> set[str]:
    """Roles of the central account that may put every value of every key on data."""
    if account != evidence.basis.central:
        return set()
    tagging: dict[str, set[tuple[OnTag, str]]] = {}
    for each in evidence.grants(evidence.basis.catalog):
        target = each.spec.target
        if isinstance(target, OnTag) and not each.spec.grantable:
            tagging.setdefault(each.spec.principal, set()).add((target, each.spec.permission))
    values = [OnTag(account, key, value) for key, values in evidence.values.items() for value in values]
    every = set(product(values, TAGGING))
    return {who for who, held in tagging.items() if every and held >= every and ":role/" in who}
