"""Links that consumers choose: those of external products, and those under names that are not the usual ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from reconciler.importing.consumers import Reader
from reconciler.importing.evidence import Evidence
from reconciler.importing.products import product_name
from reconciler.model.lakeformation import Grant, OnDatabase
from reconciler.spec.names import link_name


def links_of(evidence: Evidence, reader: Reader, products: Collection[str]) -> Mapping[str, str]:
    """By product: the link that principals of the account may use; of several the usual one, else the first by name."""
    if not reader.account or reader.account == evidence.basis.central:
        return {}
    usable = {
        each.spec.target.database
        for each in evidence.found.of(Grant)
        if isinstance(each.spec.target, OnDatabase)
        and each.spec.target.catalog == reader.account
        and each.spec.principal in reader.principals
    }
    usual = {link_name(database): database for database in evidence.databases}
    chosen: dict[str, str] = {}
    for (account, database), names in sorted(evidence.links.items()):
        if account != reader.account or database not in evidence.databases:
            continue
        if product_name(evidence, database) not in products:
            continue
        fit = [name for name in sorted(names) if name in usable and usual.get(name, database) == database]
        name = link_name(database) if link_name(database) in fit else next(iter(fit), None)
        if name is not None and not (evidence.is_managed(database) and name == link_name(database)):
            chosen[product_name(evidence, database)] = name
    return chosen
