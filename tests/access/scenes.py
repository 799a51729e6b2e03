"""Changes for access to speak of: drawn once and for all from everything that states of these tests are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from reconciler.access import Access, PrincipalDirectory, evaluate
from reconciler.kinds import addresses
from reconciler.kinds.glue.resource_link import ResourceLink
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
    access,
    admins,
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
    version,
    where,
)
from tests.access.evaluation.test_other_paths import EVA, QUERY, RESULTS, TOGETHER, allow, policy, role, workgroup
from tests.access.evaluation.test_view_paths import of_athena, of_glue
from tests.access.strategies import EXTRAS, GRANTS, LABELS, ON_THINGS, PLACES, TABLES, both_tables, the_grant, the_right
from tests.estate import variant

ACTIONS = (
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:PutObject",
    "s3:*",
    "athena:Start*",
    "athena:GetQueryResults*",
    "*",
)
PLACES_OF_FILES = (
    "lake/*",
    "lake/t/*",
    "lake/t/x",
    "results/*",
    "results/own/*",
    "scratch/copies/*",
    "scratch/*",
    "sc*",
)
RESOURCES = (*(f"arn:aws:s3:::{place}" for place in PLACES_OF_FILES), "*", TOGETHER, TOGETHER)
WHO = ("*", OWNER, CONSUMER, ANN, BOB, EVA, EVE)
CONDITION = {"Condition": {"Bool": {"x": "y"}}}
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


def elsewhere(of: AnyResource) -> AnyResource:
    """The same in another region than that of the catalog."""
    return replace(of, address=of.address._replace(placement=of.address.placement._replace(region="us-east-1")))


TO_EVE = give(EVE, named("l"))
TO_SEE = give(BOB, OnDatabase(CONSUMER, "rl_db"), "DESCRIBE", by=CONSUMER)
FAR_LINK = replace(link(), spec=ResourceLink(OWNER, "db", "eu-west-1"))
S3_TABLES = "s3tablescatalog/one/n"
MORE: tuple[Parts, ...] = (
    # Views, and what they show.
    [table("v", "x y", sort="VIRTUAL_VIEW", rest=of_glue("SELECT a AS x, b AS y FROM t")), give(ANN, named("v"))],
    [table("v", "x", sort="VIRTUAL_VIEW", rest=of_athena("SELECT a AS x FROM t")), give(BOB, named("v"), "ALL")],
    [table("v", "x", sort="VIRTUAL_VIEW", rest=of_glue("SELECT * FROM u", "SPARK")), give(EVE, named("v"))],
    [table("v", "x", sort="VIRTUAL_VIEW", uri="s3://lake/t", rest={"ViewOriginalText": "?"}), give(ANN, named("v"))],
    [
        table("l", "x", sort="VIRTUAL_VIEW", rest={**of_glue("SELECT a FROM t"), "TargetTable": {}}),
        give(EVE, named("l")),
    ],
    # Table buckets, of which one is registered.
    [table("s", "a b", uri="s3://other/s", database=S3_TABLES), give(ANN, named("s", S3_TABLES))],
    [registered(f"arn:aws:s3tables:eu-west-1:{OWNER}:bucket/one"), give(BOB, named("*", S3_TABLES))],
    # What roles and buckets let through.
    [role(ANN, {"Action": "s3:GetObject", "Resource": FILES}), policy("lake", OWNER)],
    [role(ANN, {**PUT, "Resource": FILES}, {**DENY, "Resource": "arn:aws:s3:::lake/t/x"}), policy("lake", OWNER)],
    [role(BOB, {"Action": "s3:*", "Resource": "*"}), policy("lake", OWNER, allow(CONSUMER))],
    [policy("lake", OWNER, allow("*", Condition={"Bool": {"x": "y"}}))],
    [policy("lake", OWNER, allow(EVE), {**DENY, "Principal": {"AWS": BOB}, "Resource": FILES})],
    [role(EVA, QUERY, RESULTS), role(BOB, QUERY, RESULTS), workgroup(), give(BOB, named(), by=CONSUMER)],
    [role(BOB, {**PUT, "Resource": "arn:aws:s3:::scratch/x/*"}), role(EVA, {"Action": "s3:*", "Resource": "*"})],
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
    [elsewhere(FAR_LINK), *map(elsewhere, TO_SEE), accepted(), give(CONSUMER, named())],
    [elsewhere(link()), *TO_SEE, *map(elsewhere, give(ANN, named("*"), "ALL"))],
    [elsewhere(version(2)), elsewhere(admins(CONSUMER, BOB))],
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
    Grant(ANN, where(level="low"), "SELECT"),
)
"""What AWS lists of anybody."""
SCENES, POLICIES = 40, 40
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


def drawn_policies(number: int) -> Access:
    """Tables with files, who reads them, and what policies let everybody do with these files and with results."""
    random = Random(number)
    found: Parts = [table(uri="s3://lake/t/"), table("u", "a b", uri="s3://lake/t/x/"), accepted(), link()]
    found += [give(CONSUMER, named("*")), give(BOB, named(), by=CONSUMER), give(EVA, columns("a"), by=CONSUMER)]
    found += [give(ANN, columns("a", "b")), tag("db.t.a", sensitivity="restricted")]
    found += [registered()] if random.random() < 0.8 else []
    found += [role(who, *_statements(random, 3)) for who in (ANN, BOB, EVA, EVE)]
    for bucket, owner in (("lake", OWNER), ("results", CONSUMER), ("scratch", CONSUMER)):
        named_ones = [{**each, "Principal": {"AWS": random.choice(WHO)}} for each in _statements(random, 2)]
        found += [policy(bucket, owner, *named_ones)] if random.random() < 0.8 else []
    outputs = random.choice((("s3://results/",), ("s3://results/", "s3://results/own/"), ("s3://results/", ""), ()))
    found += [workgroup(output, name) for output, name in zip(outputs, ("shared", "own"), strict=False)]
    return access(*found)


def _statements(random: Random, most: int) -> list[dict[str, Any]]:
    return [
        {
            "Effect": random.choice(("Allow", "Allow", "Allow", "Deny")),
            random.choice(("Action", "Action", "Action", "NotAction")): random.choices(
                ACTIONS, k=random.choice((1, 2))
            ),
            random.choice(("Resource", "Resource", "Resource", "NotResource")): random.choices(RESOURCES, k=2),
            **random.choice(({}, {}, CONDITION)),
        }
        for _ in range(random.randint(0, most))
    ]


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
