"""Pages of consumers: those who are given something, in which regions and workgroups they query, and their links."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from reconciler.importing.evidence import Evidence
from reconciler.importing.made_workgroups import workgroup_fields
from reconciler.importing.page import UNKNOWN_OWNER, Data, Page
from reconciler.importing.readers import Reader
from reconciler.importing.teams import owner_of


def consumer_page(
    evidence: Evidence,
    reader: Reader,
    accounts: Mapping[str, str],
    links: Mapping[str, str],
    used: Iterable[str],
    regions: Collection[str] = (),
) -> Page:
    """consumer.yaml, with those principals that subscriptions name and those that the mesh has made.

    `regions` are those of its account.
    """
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
        "owner": owner_of(evidence, reader.principals) or UNKNOWN_OWNER,
        "account": accounts[reader.account] if reader.account else None,
        "organization": reader.organization or None,
        "principals": people,
        "regions": list(reader.regions) if regions and set(reader.regions) != set(regions) else [],
        "workgroup": workgroup_fields(evidence, reader.name, reader.workgroups),
        "links": dict(links),
    }
    who = reader.account or reader.organization
    said = [line for arn in sorted(reader.principals) for line in evidence.basis.said_of(f"principal {arn}")]
    return Page(f"consumers/{reader.name}/consumer.yaml", fields, (f"From permissions in {who}.", *said))
