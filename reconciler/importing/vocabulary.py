"""Pages of LF-tags: keys and values as they are, whose they are, and which key says how sensitive data are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.importing.evidence import Evidence
from reconciler.importing.homes import Home
from reconciler.importing.page import Data, Page, counted
from reconciler.importing.settings import Keys
from reconciler.kinds.lakeformation.lf_tag_mark import TagMark
from reconciler.kinds.sharing.governance_grants import TAGGING
from reconciler.model.lakeformation import OnTag

_SENSITIVE = ("sensitiv", "classif", "confidential", "privacy", "pii")
_LEVELS = ("public", "open", "internal", "low", "private", "medium", "confidential", "high", "restricted", "secret")


def keys_of(evidence: Evidence) -> Keys:
    """The keys of the mesh: those that its databases carry, else names that no key of the catalog has."""
    product = _own_key(evidence, "meshform:product") or _free(evidence, "product")
    domain = _own_key(evidence, "meshform:domain") or _free(evidence, "domain")
    on_columns = [
        key for key in sorted(evidence.values) if key in evidence.columns_only and key not in (product, domain)
    ]
    ranked = [key for word in _SENSITIVE for key in on_columns if word in key] or on_columns
    return Keys(product, domain, ranked[0] if ranked else _free(evidence, "sensitivity"))


def tag_pages(evidence: Evidence, keys: Keys, homes: Iterable[Home]) -> Iterable[Page]:
    """One page a key that is not the mesh's own for products and domains."""
    managed = {
        key for mark in evidence.found.of(TagMark) if _is_own(evidence, mark.spec.mark) for key, _ in mark.spec.body
    }
    given = _associators(evidence, homes)
    for key, values in sorted(evidence.values.items()):
        if key in (keys.product, keys.domain):
            continue
        ordered = _ordered(evidence, key, values) if key == keys.sensitivity else sorted(values)
        fields: dict[str, Data] = {
            "kind": "LFTag",
            "name": key,
            "description": "Imported; to be described.",
            "values": [{"value": value, "description": "To be described."} for value in ordered],
            "associators": list(given.get(key, ())) if key in managed else [],
            "ownership": None if key in managed else "external",
            "ordered": True if key == keys.sensitivity else None,
            "columnsOnly": True if key in evidence.columns_only else None,
        }
        name = evidence.names.taken(f"tag {key}", key)
        said = f"From the LF-tag {key} with {counted(len(values), 'value')}."
        yield Page(f"lf-tags/{name}.yaml", fields, (said,))


def _own_key(evidence: Evidence, parameter: str) -> str | None:
    """The key whose value on every database of the mesh is what a parameter of the database says."""
    from reconciler.kinds.lakeformation.taggable import Place

    agreeing: set[str] | None = None
    for name in evidence.databases:
        if evidence.is_managed(name):
            said = evidence.parameters(name).get(parameter)
            here = {key for key, value in evidence.tags.get(Place(name), {}).items() if value == said}
            agreeing = here if agreeing is None else agreeing & here
    return min(agreeing) if agreeing else None


def _free(evidence: Evidence, key: str) -> str:
    """A key that the catalog does not have."""
    return key if key not in evidence.values else f"meshform:{key}"


def _is_own(evidence: Evidence, mark: str) -> bool:
    return mark.partition("=")[2] == evidence.basis.name


def _ordered(evidence: Evidence, key: str, values: Iterable[str]) -> list[str]:
    """Values from the least to the most: by common words; last what only data with personal parts carry."""
    flagged: dict[str, set[str]] = {"true": set(), "false": set()}
    for place, tags in evidence.tags.items():
        if key in tags and evidence.is_managed(place.database):
            flagged[evidence.parameters(place.database).get("pii_flag", "false")].add(tags[key])
    top = flagged["true"] - flagged["false"]
    ranks = {value: next((n for n, word in enumerate(_LEVELS) if word in value), len(_LEVELS)) for value in values}
    ordered = sorted(values, key=lambda value: (ranks[value], value))
    highest = [value for value in ordered if value in top][-1:]
    return [value for value in ordered if value not in highest] + highest if flagged["true"] else ordered


def _associators(evidence: Evidence, homes: Iterable[Home]) -> Mapping[str, tuple[str, ...]]:
    """By key: the domains whose account may put all of its values on data."""
    given: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for each in evidence.grants(evidence.basis.catalog):
        grant = each.spec
        if isinstance(grant.target, OnTag) and grant.principal.isdigit():
            given.setdefault((grant.principal, grant.target.key), set()).add((grant.target.value, grant.permission))
    found: dict[str, list[str]] = {}
    for home in homes:
        for key, values in evidence.values.items():
            every = {(value, right) for value in values for right in TAGGING}
            if home.managed and given.get((home.account, key), set()) >= every:
                found.setdefault(key, []).append(home.name)
    return {key: tuple(sorted(names)) for key, names in found.items()}
