"""Changes for access to speak of: drawn once and for all from everything that states of these tests are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from reconciler.access import Access, PrincipalDirectory, evaluate
from reconciler.kinds import addresses
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.model.lakeformation import Grant, OnDatabase, OnFilter, OnTable, OnTag
from reconciler.model.resource import AnyResource, Gap, Observation, Resource, Snapshot
from reconciler.spec.mesh import Mesh
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    EVE,
    FOR_A_WHOLE_ORGANIZATION,
    GROUP,
    ORGANIZATION,
    OTHER,
    OWNER,
    SALES,
    WORLD,
    Parts,
    accepted,
    by_filter,
    catalog_policy,
    columns,
    give,
    link,
    named,
    placement,
    registered,
    row_filter,
    state,
    table,
    tag,
    where,
)
from tests.access.evaluation.test_other_paths import EVA, QUERY, RESULTS, allow, policy, role, workgroup
from tests.access.evaluation.test_view_paths import of_athena, of_glue
from tests.access.strategies import EXTRAS, GRANTS, LABELS, ON_THINGS, PLACES, TABLES, both_tables, the_grant, the_right
from tests.estate import variant

PROFILE = "domains/consumer-banking/products/credit-profile.yaml"
PRICES = "domains/asset-management/products/fund-prices.yaml"
UNIT = ORGANIZATION.replace("organization/", "ou/") + "/ou-1"
SSO = "arn:aws:identitystore:::user/ida"
MEMBERS = replace(WORLD, organizations=dict.fromkeys((OWNER, CONSUMER), "o-abcdefghij"))
"""In which the owner and the consumer are of one organization."""
PUT = {"Action": "s3:PutObject"}
DENY = {"Effect": "Deny", "Action": "s3:*"}
FILES = "arn:aws:s3:::lake/t/*"


def settings(**document: Any) -> AnyResource:
    """The owner's settings with what only their document has."""
    spec = LakeSettings(frozenset(), frozenset(), "[]", "[]", 4, document=document)
    return Resource(addresses.lake_settings(placement(OWNER)), spec)


MORE: tuple[Parts, ...] = (
    # Views, and what they show.
    [table("v", "x y", sort="VIRTUAL_VIEW", rest=of_glue("SELECT a AS x, b AS y FROM t")), give(ANN, named("v"))],
    [table("v", "x", sort="VIRTUAL_VIEW", rest=of_athena("SELECT a AS x FROM t")), give(BOB, named("v"), "ALL")],
    [table("v", "x", sort="VIRTUAL_VIEW", rest=of_glue("SELECT * FROM u", "SPARK")), give(EVE, named("v"))],
    # What roles and buckets let through.
    [role(ANN, {"Action": "s3:GetObject", "Resource": FILES}), policy("lake", OWNER)],
    [role(ANN, {**PUT, "Resource": FILES}, {**DENY, "Resource": "arn:aws:s3:::lake/t/x"}), policy("lake", OWNER)],
    [role(BOB, {"Action": "s3:*", "Resource": "*"}), policy("lake", OWNER, allow(CONSUMER))],
    [policy("lake", OWNER, allow("*", Condition={"Bool": {"x": "y"}}))],
    [policy("lake", OWNER, allow(EVE), {**DENY, "Principal": {"AWS": BOB}, "Resource": FILES})],
    [role(EVA, QUERY, RESULTS), role(BOB, QUERY, RESULTS), workgroup(), give(BOB, named(), by=CONSUMER)],
    [role(BOB, {**PUT, "Resource": "arn:aws:s3:::work/x/*"}), role(EVA, {"Action": "s3:*", "Resource": "*"})],
    # Engines outside, links, organizations.
    [settings(AllowFullTableExternalDataAccess=True)],
    [
        settings(
            AllowExternalDataFiltering=True,
            ExternalDataFilteringAllowList=[{"DataLakePrincipalIdentifier": CONSUMER}],
        )
    ],
    [link(), give(BOB, OnDatabase(CONSUMER, "rl_db"), "DESCRIBE", by=CONSUMER)],
    [link(OTHER)],
    [give(ORGANIZATION, named(), grantable=True), give(BOB, columns("a"), by=CONSUMER)],
    [give(UNIT, where(level="low"), "SELECT", "INSERT"), give(BOB, named("*"), by=CONSUMER)],
    [give(SSO, named(), by=CONSUMER), give(CONSUMER, columns("a", "b")), accepted()],
    [give(GROUP, named("u")), give(EVA, by_filter("f", "u"), by=CONSUMER), row_filter("f", "b = 1", on="u")],
    [give(CONSUMER, OnDatabase(OWNER, "db"), "ALL", grantable=True), accepted(pending=True, arrived=("db",))],
    [give(BOB, OnDatabase(OWNER, "db"), "CREATE_TABLE", by=CONSUMER)],
    [give(CONSUMER, OnTag(OWNER, "level", "low"), "ASSOCIATE"), give(BOB, OnTag(OWNER, "level", "low"), by=CONSUMER)],
    [give(EVE, OnFilter(OWNER, "db", "t", "mine", own=True))],
    [give(ANN, by_filter("gone")), row_filter("gone", "z = 1 AND a = 2")],
    [give(CONSUMER, where(team="*"), condition=SALES), catalog_policy()],
    [registered("arn:aws:s3:::lake/t", hybrid=True)],
    [table("t", "a b c", "day", rest={"RLSProperties": "x"}), give(ANN, OnTable(OWNER, "db", "t"))],
    [tag("db.t.c", sensitivity="internal"), table("t", "a x c", "day", uri="s3://lake/t")],
    [table("w", "p q r", uri="s3://lake/t/part"), give(BOB, named("w")), give(EVE, named("w"), "DELETE")],
)
LISTED = (
    Grant(ANN, named(), "DESCRIBE"),
    Grant(ANN, named("*"), "INSERT"),
    Grant(ANN, columns("a"), "SELECT"),
    Grant(ANN, by_filter("g"), "SELECT"),
    Grant(ANN, named("other"), "SELECT"),
)
"""What AWS lists of anybody."""
SCENES = 50
GAPS = tuple(Gap(kind, placement(OWNER), "refused") for kind in (addresses.GRANT, addresses.TABLE))


def drawn(number: int) -> tuple[Access, Access]:
    """A state, and what it becomes by some more, or by some that goes."""
    random = Random(number)
    every: Parts = [*both_tables(*random.choice(TABLES))]
    places = random.choices([*((place, label) for place in PLACES for label in LABELS)], k=5)
    every += [tag(place, **dict([label])) for place, label in places]
    every += [the_grant(*each) for each in random.choices(GRANTS, k=5)]
    every += [the_right(*each) for each in random.choices(ON_THINGS, k=2)]
    every += random.choices(EXTRAS, k=3)
    for part in random.choices(MORE, k=3):
        every += part
    split = random.sample(every, len(every) - random.choice((1, 2, 4)))
    directory = random.choice((WORLD, WORLD, MEMBERS))
    less, more = state(*split), state(*split, *every)
    gaps = random.choice(((), (), (), GAPS))
    there = (seen(less, directory, ()), seen(more, directory, gaps))
    return there if random.random() < 0.6 else (there[1], there[0])


def other_subscriptions() -> Mesh:
    """One reads some rows of some columns, one has no end, and one consumer is a whole organization."""
    here = "consumers/analytics-coe/subscriptions/"
    return variant(
        (
            f"{here}credit-risk-model.yaml",
            "clearance: {sensitivity: [internal, confidential]}",
            "tables: [{name: credit_card, rows: duration > 12, columns: [status, duration]}]",
        ),
        (f"{here}portfolio-report.yaml", "expires: 2027-12-31\n", ""),
        more=FOR_A_WHOLE_ORGANIZATION,
    )


def other_products() -> Mesh:
    """Somebody writes one, and of another one nobody has said how sensitive it is."""
    return variant(
        (PROFILE, "tables:\n", "writers: [{name: etl, role: etl, create: true}]\ntables:\n"),
        (PRICES, ", tags: {sensitivity: confidential}", ""),
        (PRICES, "    tags: {sensitivity: public}\n", ""),
    )


MESHES: dict[str, Callable[[], Mesh]] = {
    "other subscriptions": other_subscriptions,
    "other products": other_products,
}


def seen(found: Snapshot, directory: PrincipalDirectory, gaps: tuple[Gap, ...]) -> Access:
    return evaluate(Observation(found, gaps), directory)
