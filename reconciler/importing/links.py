"""Links that consumers choose: those of external products, and those under names that are not the usual ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from reconciler.importing.evidence import Evidence
from reconciler.importing.parts import parts_of
from reconciler.importing.products import product_name
from reconciler.importing.readers import Reader
from reconciler.model.address import Placement
from reconciler.spec.names import link_name


def links_of(
    evidence: Evidence, readers: Iterable[Reader], products: Collection[str]
) -> Mapping[str, Mapping[str, str]]:
    """By consumer and product the link that its people may use wherever it queries.

    The usual one, else the first by name; consumers of one account share a link, so they give it one name.
    """
    given: dict[tuple[str, str], str] = {}
    found: dict[str, dict[str, str]] = {}
    for reader in readers:
        own = found.setdefault(reader.name, {})
        for database, names in _usable(evidence, reader).items():
            first, usual = next(iter(parts_of(evidence, database))), link_name(database)
            product = product_name(evidence, database, first)
            name = given.setdefault((reader.account, database), usual if usual in names else names[0])
            if name in names and product in products and not (evidence.is_managed(database) and name == usual):
                own[product] = name
    return found


def _usable(evidence: Evidence, reader: Reader) -> Mapping[str, list[str]]:
    """By database the links that lead to it in each region in which a consumer queries, and that its people may use."""
    places = [Placement(reader.account, region) for region in reader.regions]
    places = [place for place in places if place != evidence.basis.catalog]
    if not reader.account or not places:
        return {}
    usable = evidence.databases_of(reader.principals)
    usual = {link_name(database): database for database in evidence.databases}
    fit: dict[str, list[str]] = {}
    for name, database in sorted(evidence.linked.get(places[0], {}).items()):
        leads = all(evidence.linked.get(place, {}).get(name) == database for place in places)
        fits = database in evidence.databases and usual.get(name, database) == database
        if leads and fits and all((place, name) in usable for place in places):
            fit.setdefault(database, []).append(name)
    return fit
