"""A large estate as it would be read: tables with LF-tags, permissions of all shapes, many accounts."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from reconciler.importing.basis import Basis
from reconciler.kinds import addresses
from reconciler.kinds.glue.column import Column
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.storage_descriptor import Storage
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.lakeformation.lf_tag import LFTagKey
from reconciler.kinds.lakeformation.lf_tag_value import LFTagValue
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.model.address import Address, Placement
from reconciler.model.lakeformation import Grant, OnColumns, OnTable, OnTag, OnTagPolicy, Target
from reconciler.model.resource import AnyResource, Observation, Resource, Snapshot
from reconciler.spec.today import today

REGION, CENTRAL = "eu-west-1", "100000000000"
CATALOG = Placement(CENTRAL, REGION)
LEVELS = ("public", "internal", "secret")


def large_estate(tables: int, grants: int, accounts: int) -> tuple[Basis, Observation]:
    """An estate made by hand, of exactly so many tables and permissions."""
    others = tuple(str(200000000000 + number) for number in range(accounts - 1))
    given: dict[Address, AnyResource] = {}
    for each in _grants(tables, grants, others):
        given[each.address] = each
        if len(given) == grants:
            break
    found = {each.address: each for each in _catalog(tables)} | given
    for account in (CENTRAL, *others):
        where = addresses.lake_settings(Placement(account, REGION))
        admins = frozenset({f"arn:aws:iam::{account}:role/meshform-apply"})
        found[where] = Resource(where, LakeSettings(admins, frozenset(), "[]", "[]", 4))
    basis = Basis("mesh", REGION, CENTRAL, (CENTRAL, *others), "meshform-plan", "meshform-apply", today())
    return basis, Observation(Snapshot(sorted(found.values(), key=lambda each: each.address)))


def _catalog(tables: int) -> Iterator[AnyResource]:
    for key, values in {"level": LEVELS, "team": tuple(f"team{n}" for n in range(40))}.items():
        yield Resource(addresses.lf_tag(CATALOG, key), LFTagKey(values))
        for value in values:
            yield Resource(addresses.lf_tag_value(CATALOG, key, value), LFTagValue(key, value))
    storage = Storage("s3://lake/x/", "a.In", "a.Out", "a.Serde")
    for number in range(tables):
        database, name = f"db{number // 10}", f"t{number % 10}"
        if number % 10 == 0:
            yield Resource(addresses.database(CATALOG, database), Database("", "", ()))
            yield _tag(Place(database), "team", f"team{number // 10 % 40}")
        columns = tuple(Column(f"c{at}", "string") for at in range(10))
        yield Resource(addresses.table(CATALOG, database, name), Table(database, name, "", columns, (), storage, ()))
        for at in range(0, 10, 3):
            yield _tag(Place(database, name, f"c{at}"), "level", LEVELS[at % 3])


def _tag(place: Place, key: str, value: str) -> AnyResource:
    return Resource(addresses.tag_assignment(CATALOG, place, key), TagAssignment(place, key, value))


def _grants(tables: int, grants: int, others: tuple[str, ...]) -> Iterator[AnyResource]:
    """Without end: half by tags, half by names; half to accounts that pass them on, half within the central account."""
    random = Random(1)
    while True:
        target = _target(random, tables)
        account = random.choice(others)
        rights = ("SELECT",) if isinstance(target, OnColumns) else ("DESCRIBE", "SELECT")
        who = f"role/reader{random.randrange(max(20, grants // 400))}"
        if random.random() < 0.5:
            rows = [(CATALOG, account, True), (Placement(account, REGION), f"arn:aws:iam::{account}:{who}", False)]
        else:
            rows = [(CATALOG, f"arn:aws:iam::{CENTRAL}:{who}", False)]
        for placement, principal, grantable in rows:
            for right in rights:
                grant = Grant(principal, target, right, grantable)
                yield Resource(addresses.grant(placement, grant), grant)
            if isinstance(target, OnTagPolicy) and grantable:
                for key, values in target.terms:
                    for value in values:
                        tag = Grant(principal, OnTag(CENTRAL, key, value), "DESCRIBE", grantable=True)
                        yield Resource(addresses.grant(placement, tag), tag)


def _target(random: Random, tables: int) -> Target:
    number = random.randrange(tables)
    database, name = f"db{number // 10}", f"t{number % 10}"
    match random.randrange(4):
        case 0:
            return OnTable(CENTRAL, database, name)
        case 1:
            return OnColumns(CENTRAL, database, name, ("c0", "c3"))
        case _:
            terms = (("level", (random.choice(LEVELS),)), ("team", (f"team{random.randrange(40)}",)))
            return OnTagPolicy(CENTRAL, "TABLE", terms)
