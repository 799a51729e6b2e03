"""Regions: where people query, by the links, workgroups and buckets that are there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from reconciler.importing.evidence import Evidence
from reconciler.importing.made_workgroups import MadeWorkgroup
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.model.resource import Observation

_RESULTS = re.compile(r"-results-[0-9]{12}-([a-z]{2}(?:-[a-z]+)+-[0-9])$")
_CATALOG = re.compile(r":glue:([a-z0-9-]+):[0-9]{12}:catalog\b")


def told_regions(observation: Observation) -> frozenset[str]:
    """The regions that tell of themselves in the home region: roles and buckets that a mesh has made have no region.

    S3 lists the buckets of every region at once, and the policy of a reader's role names the regions of its queries.
    """
    buckets = (_RESULTS.findall(each.address.name) for each in observation.found.of(Bucket))
    policies = (_CATALOG.findall(each.spec.policy) for each in observation.found.of(Role))
    return frozenset(region for found in (*buckets, *policies) for region in found)


def query_regions(
    evidence: Evidence, account: str, people: Collection[str], workgroups: Iterable[MadeWorkgroup]
) -> tuple[str, ...]:
    """Where people of an account query: in each region of their workgroups, else where most of what they use is linked.

    The home region first, and alone where nothing tells of another one.
    """
    home = evidence.basis.region
    found = {each.where.region for each in workgroups} or _by_links(evidence, account, people) or {home}
    return tuple(sorted(found, key=lambda region: (region != home, region)))


def account_regions(evidence: Evidence, account: str, consumers: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The regions of an account: those of its consumers and of links to the catalog; none for the home region alone."""
    home = evidence.basis.region
    every = {region for regions in consumers for region in regions}
    abroad = (every | {where.region for where in evidence.linked if where.account == account}) - {home}
    return (*((home,) if home in every or not every else ()), *sorted(abroad)) if abroad else ()


def _by_links(evidence: Evidence, account: str, people: Collection[str]) -> frozenset[str]:
    """Of the sets of regions in which a database is linked the one by which most links are said; then the larger."""
    sets = [frozenset(regions) for regions in _linked_in(evidence, account, people).values()]
    said = {regions: len(regions) * sum(regions <= each for each in sets) for regions in sets}
    return max(said, key=lambda each: (said[each], len(each), sorted(each)), default=frozenset())


def _linked_in(evidence: Evidence, account: str, people: Collection[str]) -> Mapping[str, set[str]]:
    """By database of the central catalog the regions with a link to it that the people may use; else with any link."""
    places = [where for where in evidence.linked if where.account == account]
    is_abroad = any(where.region != evidence.basis.region for where in places)
    usable = evidence.databases_of(people) if is_abroad else set()
    every: dict[str, set[str]] = {}
    used: dict[str, set[str]] = {}
    for where in places:
        for name, database in evidence.linked[where].items():
            every.setdefault(database, set()).add(where.region)
            if (where, name) in usable:
                used.setdefault(database, set()).add(where.region)
    if account == evidence.basis.central and not used:
        return {}
    return used or every
