"""Adopted pages: what no other document says, word for word, with who made it and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from reconciler.importing.evidence import Evidence
from reconciler.importing.page import Data, Page
from reconciler.kinds.glue.catalog_policy import CatalogPolicy
from reconciler.kinds.lakeformation.data_filter import DataFilter
from reconciler.kinds.lakeformation.lf_tag_mark import TagMark
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.lakeformation import Grant, OnTag, account_of
from reconciler.model.resource import AnyResource, Resource
from reconciler.model.target_fields import target_fields, terms_fields

REVIEW_AFTER = timedelta(days=90)
_MOST = 1500
"""Entries of one page, which is to stay far below the largest file of a mesh."""
Entry = tuple[str, Mapping[str, Data]]


def adopted_pages(
    evidence: Evidence, left: Iterable[AnyResource], accounts: Mapping[str, str], consumers: Mapping[str, str]
) -> Iterable[Page]:
    """One page a consumer (by account), and one for the central account. Long ones are cut in several."""
    groups: dict[str, list[Entry]] = {}
    rows: dict[tuple[object, ...], list[Resource[Grant]]] = {}
    for each in left:
        match each.spec:
            case Grant():
                rows.setdefault(_row(each), []).append(each)
            case DataFilter() as spec:
                groups.setdefault(evidence.basis.central, []).append(("filters", _filter(each, spec)))
            case OptIn() as spec:
                who = account_of(spec.principal) or each.address.placement.account
                entry = _opt_in(evidence, accounts, each, spec)
                groups.setdefault(who, []).append(("optIns", entry))
            case CatalogPolicy() as spec:
                said: list[Entry] = [("policies", {"statement": text}) for text in spec.others]
                groups.setdefault(evidence.basis.central, []).extend(said)
            case TagAssignment() as spec:
                groups.setdefault(evidence.basis.central, []).append(("tags", _tag(spec)))
            case TagMark() as spec:
                body: Entry = ("expressions", {"name": each.address.name, "tags": terms_fields(spec.body)})
                groups.setdefault(evidence.basis.central, []).append(body)
    for row in rows.values():
        given = row[0].spec
        who = account_of(given.principal) or row[0].address.placement.account
        groups.setdefault(who, []).append(("grants", _grant(evidence, accounts, row)))
    for who, entries in sorted(groups.items()):
        hint = consumers.get(who) or accounts.get(who) or f"account-{who}"
        for start in range(0, len(entries), _MOST):
            name = evidence.names.taken(f"adopted {who} {start}", hint)
            yield _page(evidence, name, who, entries[start : start + _MOST])


def _page(evidence: Evidence, name: str, who: str, entries: Iterable[Entry]) -> Page:
    fields: dict[str, Data] = {
        "kind": "Adopted",
        "name": name,
        "description": f"Permissions of {who} that were there before the mesh.",
        "reviewBy": (evidence.basis.today + REVIEW_AFTER).isoformat(),
    }
    for field in ("grants", "filters", "optIns", "tags", "expressions", "policies"):
        fields[field] = [dict(entry) for kind, entry in entries if kind == field]
    said = ("What no subscription says, word for word as AWS lists it.", "Write `reason`, or a subscription instead.")
    return Page(f"adopted/{name}.yaml", fields, said)


def _row(each: Resource[Grant]) -> tuple[object, ...]:
    """What the permissions of one row share: giver, principal, condition, target (values of one LF-tag are one)."""
    spec = each.spec
    target: object = (spec.target.catalog, spec.target.key) if isinstance(spec.target, OnTag) else spec.target
    return each.address.placement, spec.principal, spec.condition, target, _rights_on(spec), each.changed


def _rights_on(grant: Grant) -> object:
    """Values of an LF-tag are put together permission by permission; of other targets all permissions are one row."""
    return (grant.permission, grant.grantable) if isinstance(grant.target, OnTag) else None


def _grant(evidence: Evidence, accounts: Mapping[str, str], row: list[Resource[Grant]]) -> Mapping[str, Data]:
    first, changed = row[0].spec, row[0].changed
    return {
        "account": accounts[row[0].address.placement.account],
        "region": None if row[0].address.placement.region == evidence.basis.region else row[0].address.placement.region,
        "principal": first.principal,
        "resource": target_fields(first.target, evidence.basis.central, _values(row)),
        "permissions": list(dict.fromkeys(each.spec.permission for each in row)),
        "grantable": list(dict.fromkeys(each.spec.permission for each in row if each.spec.grantable)),
        "condition": first.condition,
        "by": changed.by if changed else None,
        "at": changed.at.isoformat() if changed and changed.at else None,
    }


def _values(row: Iterable[Resource[Grant]]) -> list[str]:
    """The values of one LF-tag that a row is about; none of any other target."""
    return [each.spec.target.value for each in row if isinstance(each.spec.target, OnTag)]


def _filter(each: AnyResource, spec: DataFilter) -> Mapping[str, Data]:
    return {
        "database": spec.database,
        "table": spec.table,
        "name": each.address.name.rpartition("/")[2],
        "exclude" if spec.excluded else "columns": list(spec.columns),
        "rows": spec.rows or None,
    }


def _opt_in(evidence: Evidence, accounts: Mapping[str, str], each: AnyResource, spec: OptIn) -> Mapping[str, Data]:
    return {
        "account": accounts[each.address.placement.account],
        "principal": spec.principal,
        "resource": target_fields(spec.target, evidence.basis.central),
        "condition": spec.condition,
    }


def _tag(spec: TagAssignment) -> Mapping[str, Data]:
    place = spec.place
    return {
        "database": place.database,
        "table": place.table or None,
        "column": place.column or None,
        "key": spec.key,
        "value": spec.value,
    }
