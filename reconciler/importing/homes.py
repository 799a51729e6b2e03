"""Domains: by what the mesh noted on its databases, by registered locations, else all of the catalog together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.importing.evidence import Evidence
from reconciler.importing.page import UNKNOWN_OWNER, Data, Page, counted
from reconciler.importing.parts import innermost, owner_of_data, parts_of
from reconciler.importing.places import Located, further_places, located, own_root, place_fields
from reconciler.kinds.lakeformation.location import Location
from reconciler.model.lakeformation import OnTagPolicy

_UNREGISTERED = "catalog"


@dataclass(slots=True)
class Home:
    """A domain: its account, place and databases. `managed` if the mesh has made them; `owner` where that is known."""

    name: str
    account: str
    managed: bool
    bucket: str = ""
    prefix: str = ""
    hybrid: bool = False
    owner: str = ""
    databases: list[str] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)
    """Databases of which only some tables are the domain's: the database, and which of its parts."""
    stewards: list[str] = field(default_factory=list)
    said: str = ""
    places: list[Located] = field(default_factory=list)

    @property
    def place(self) -> Located:
        """Its own place."""
        return located("", f"{self.bucket}/{self.prefix}")

    @property
    def as_found(self) -> dict[str, Data]:
        """What a document says of the place of a domain that no mesh has made."""
        return {"bucket": self.bucket or None, "prefix": self.prefix.rstrip("/") or None}


def homes_of(evidence: Evidence) -> list[Home]:
    """The domains, by name; each database with tables is in one."""
    homes: dict[str, Home] = {}
    hybrid = {each.address.name.split(":::", 1)[1]: each.spec.hybrid for each in evidence.found.of(Location)}
    for name in sorted(evidence.databases):
        if evidence.is_managed(name):
            _add_managed(evidence, homes, name, hybrid)
        elif evidence.tables.get(name) and evidence.mesh_of(name) is None:
            _add_external(evidence, homes, name, hybrid)
    for root in sorted(hybrid):
        if not _is_made(evidence, root):
            _home_of(evidence, homes, root, hybrid)
    for home in homes.values():
        if home.managed:
            home.stewards = sorted(_stewards(evidence, home))
            files = [each.storage.location for name in home.databases for each in evidence.tables.get(name, ())]
            own = f"{home.bucket}/{home.prefix}".rstrip("/")
            home.places = further_places(evidence, home.name, own, files)
    return sorted(homes.values(), key=lambda home: home.name)


def domain_page(evidence: Evidence, home: Home, accounts: Mapping[str, str]) -> Page:
    """domain.yaml."""
    place = place_fields(evidence, home.name, home.place) if home.managed else home.as_found
    usual = f"{evidence.basis.name}-{home.name}-{home.account}-{place.get('region') or evidence.basis.region}"
    fields: dict[str, Data] = {
        "kind": "Domain",
        "name": home.name,
        "description": "Imported; to be described.",
        "owner": home.owner or _owner(evidence, home) or UNKNOWN_OWNER,
        "account": accounts[home.account],
        "stewards": [evidence.made_role(arn) or arn for arn in home.stewards],
        **place,
        "bucket": None if home.managed and home.bucket == usual else home.bucket or None,
        "places": [{"name": each.name, **place_fields(evidence, home.name, each)} for each in home.places],
        "resources": None if home.managed else "external",
        "hybrid": True if home.hybrid else None,
    }
    said = f"From {home.said}: {counted(len(home.databases), 'database')}"
    said += f", {counted(len(home.parts), 'part')} of databases." if home.parts else "."
    root = f"{home.bucket}/{home.prefix}".rstrip("/")
    return Page(f"domains/{home.name}/domain.yaml", fields, (said, *evidence.basis.said_of(f"location {root}")))


def _owner(evidence: Evidence, home: Home) -> str | None:
    """Who answers for all data of a domain, where they say so."""
    tables = [table for name in home.databases for table in evidence.tables.get(name, ())]
    tables += [table for name, part in home.parts for table in parts_of(evidence, name)[part]]
    return owner_of_data(evidence, home.databases, tables)


def _add_managed(evidence: Evidence, homes: dict[str, Home], name: str, hybrid: dict[str, bool]) -> None:
    said = evidence.parameters(name)
    domain = said.get("meshform:domain", _UNREGISTERED)
    place = own_root(evidence, domain, evidence.databases[name].uri)
    key = f"domain {domain}"
    if key not in homes:
        bucket, _, prefix = place.partition("/")
        account = said.get("data_owner", evidence.basis.central)
        homes[key] = Home(
            evidence.names.taken(key, domain, made=True), account, managed=True, bucket=bucket, prefix=prefix
        )
        homes[key].hybrid = hybrid.get(place.rstrip("/"), False)
        homes[key].said = f"what the mesh {evidence.basis.name} noted on databases"
    homes[key].databases.append(name)
    homes[key].owner = homes[key].owner or said.get("data_owner_name", "")


def _add_external(evidence: Evidence, homes: dict[str, Home], name: str, hybrid: dict[str, bool]) -> None:
    """Into the domain of the registered location in which the files of the database, or of its tables, lie.

    Each part of a shared database is where its own files lie.
    """
    parts = parts_of(evidence, name)
    for part, tables in parts.items() if len(parts) > 1 else ():
        inside = sorted({root for each in tables if (root := innermost(each.storage.location, hybrid))})
        _home_of(evidence, homes, inside[0] if inside else "", hybrid).parts.append((name, part))
    if len(parts) > 1:
        return
    places = [evidence.databases[name].uri, *(table.storage.location for table in evidence.tables[name])]
    inside = sorted({root for place in places if (root := innermost(place, hybrid))})
    _home_of(evidence, homes, inside[0] if inside else "", hybrid).databases.append(name)


def _home_of(evidence: Evidence, homes: dict[str, Home], root: str, hybrid: dict[str, bool]) -> Home:
    key = f"location {root}" if root else "location"
    if key not in homes:
        hint = root.replace("/", "-") if root else _UNREGISTERED
        bucket, _, prefix = root.partition("/")
        home = Home(evidence.names.taken(key, hint), evidence.basis.central, False, bucket, prefix)
        home.hybrid = hybrid.get(root, False)
        home.said = (
            f"the registered location s3://{root}" if root else "databases whose files lie in no registered place"
        )
        homes[key] = home
    return homes[key]


def _is_made(evidence: Evidence, root: str) -> bool:
    """Whether a mesh has registered a location, with a role of its own."""
    arn = f":::{root}"
    return any(
        each.address.name.endswith(arn) and ":role/meshform/" in each.spec.role for each in evidence.found.of(Location)
    )


def _stewards(evidence: Evidence, home: Home) -> set[str]:
    """Who keeps the data of a managed domain: who may delete rows of every product, and is no role of a job."""
    keepers: dict[str, set[str]] = {}
    for each in evidence.grants(evidence.placement(home.account)):
        grant = each.spec
        if grant.permission == "DELETE" and isinstance(grant.target, OnTagPolicy) and ":role/" in grant.principal:
            for _, values in grant.target.terms if len(grant.target.terms) == 1 else ():
                keepers.setdefault(grant.principal, set()).update(values)
    products = {evidence.parameters(name).get("meshform:product", "") for name in home.databases}
    return {who for who, kept in keepers.items() if kept >= products}
