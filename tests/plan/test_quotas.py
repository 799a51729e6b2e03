"""Every quota is counted: meshes are made at 79, 80, 100 and 101 of 100, and the gate says what it should."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from reconciler.kinds import registry
from reconciler.kinds.athena.workgroup import Workgroup
from reconciler.kinds.events.event_bus import EventBus
from reconciler.kinds.events.event_rule import EventRule
from reconciler.kinds.glue.catalog_policy import CatalogPolicy
from reconciler.kinds.glue.crawler import Crawler
from reconciler.kinds.glue.database import Database
from reconciler.kinds.glue.glue_job import GlueJob
from reconciler.kinds.glue.table import Table
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.lakeformation.lf_tag import LFTagKey
from reconciler.kinds.lakeformation.lf_tag_value import LFTagValue
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.kinds.notifications.event_routes import Target
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.kinds.sns.topic import Topic
from reconciler.kinds.sns.topic_subscription import TopicSubscription
from reconciler.model.address import Address
from reconciler.model.change import Change, Create, Delete
from reconciler.model.lakeformation import (
    Grant,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnTable,
    OnTagPolicy,
    expression,
)
from reconciler.model.lakeformation import Target as GrantTarget
from reconciler.model.plan import Plan, Step
from reconciler.model.resource import AnyResource, Observation, Resource, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.gates.quota import _sentence, findings
from reconciler.plan.quotas import Counted, counts
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh
from reconciler.spec.quotas import QUOTAS
from tests.estate import CENTRAL, bank, placement

HERE = placement(CENTRAL)
ROLE = f"arn:aws:iam::{CENTRAL}:role/x"


def made(*specs: Any) -> list[AnyResource]:
    return [Resource(Address("thing", HERE, f"x{number}"), spec) for number, spec in enumerate(specs)]


@cache
def wanted() -> Snapshot:
    return compile_mesh(bank(), registry())


def like(spec: type, number: int) -> list[AnyResource]:
    """So many of what the example has one of."""
    return made(*[wanted().of(spec)[0].spec] * number)


def padded(of: Callable[[str], Any], size: int) -> list[AnyResource]:
    """Something whose policy is so many bytes long."""

    def text(pad: str) -> str:
        return json.dumps({"Sid": "s", "x": pad})

    quota = {EventBus: "event-bus-policy-size", Topic: "topic-policy-size", BucketPolicy: "bucket-policy-size"}
    (bare,) = made(of(text("")))
    found = {key.quota: number for key, number in counts([bare]).items()}
    base = found[quota.get(type(bare.spec), "catalog-policy-size")]
    return made(of(text("x" * (size - base)))) if size > base else [bare]


def rule(name: str = "r", pattern: str = "{}", targets: int = 0) -> EventRule:
    return EventRule("bus", name, pattern, tuple(Target(f"t{number}", "arn") for number in range(targets)))


def role(trust: str = "", policy: str = "", tags: int = 0) -> Role:
    return Role("/", trust, policy, tuple((f"k{number}", "v") for number in range(tags)))


SETTINGS = LakeSettings(frozenset(), frozenset(), None, None, 4)
STATEMENT = '{"Sid": "s"}'
MAKERS: dict[str, Callable[[int], list[AnyResource]]] = {
    "cross-account-grants": lambda n: made(*(Grant("4" * 12, OnDatabase(CENTRAL, f"d{i}"), "ALTER") for i in range(n))),
    "resource-shares": lambda n: made(
        *(Grant(f"{i:012}", OnTagPolicy(CENTRAL, "TABLE", expression({"a": ["b"]})), "SELECT") for i in range(n))
    ),
    "data-lake-administrators": lambda n: made(replace(SETTINGS, admins=frozenset(map(str, range(n))))),
    "filters-of-a-table": lambda n: made(
        *(Grant(ROLE, OnFilter(CENTRAL, "d", "t", f"f{i}"), "SELECT") for i in range(n))
    ),
    "lf-tags": lambda n: made(*[LFTagKey()] * n),
    "lf-tag-values": lambda n: made(*(LFTagValue("k", f"v{i}") for i in range(n))),
    "lf-tags-on-a-resource": lambda n: made(*(TagAssignment(Place("d", "t"), f"k{i}", "v") for i in range(n))),
    "databases": lambda n: like(Database, n),
    "tables-of-a-database": lambda n: like(Table, n),
    "crawlers": lambda n: like(Crawler, n),
    "glue-jobs": lambda n: made(*[GlueJob("r", "s", "{}", "w", 1, "m")] * n),
    "catalog-policy-size": lambda n: padded(lambda text: CatalogPolicy((("s", text),)), n),
    "buckets": lambda n: like(Bucket, n),
    "bucket-policy-size": lambda n: padded(lambda text: BucketPolicy((("s", text),)), n),
    "workgroups": lambda n: like(Workgroup, n),
    "event-rules": lambda n: made(*(rule(f"r{i}") for i in range(n))),
    "event-targets": lambda n: made(rule(targets=n)),
    "event-pattern": lambda n: made(rule(pattern="x" * n)),
    "event-bus-policy-size": lambda n: padded(lambda text: EventBus((("s", text),)), n),
    "topic-filters": lambda n: made(*(TopicSubscription("t", "sqs", f"q{i}", "{}") for i in range(n))),
    "filters-of-subscriptions": lambda n: made(*(TopicSubscription(f"t{i}", "sqs", "q", "{}") for i in range(n))),
    "topic-policy-size": lambda n: padded(lambda text: Topic("", (("s", text),)), n),
    "topic-statements": lambda n: made(Topic("", (), (STATEMENT,) * n)),
    "roles": lambda n: made(*[role()] * n),
    "role-policies": lambda n: made(role(policy="x" * n)),
    "role-trust": lambda n: made(role(trust="x" * n)),
    "role-tags": lambda n: made(role(tags=n)),
}


def allowing(quota: str, most: int) -> Mesh:
    """The example whose central account may have so many."""
    accounts = bank().accounts
    central = accounts["central"].model_copy(update={"quotas": {quota: most}})
    return replace(bank(), accounts={**accounts, "central": central})


def told(quota: str, number: int, most: int, there: int = 0) -> list[str]:
    """The severities of what is said of a quota where so many were there, and all are afterwards."""
    after, before = MAKERS[quota](number), MAKERS[quota](there) if there else []
    known = {each.address: each for each in before}
    changes: list[Change] = [Create(each) for each in after if each != known.get(each.address)]
    changes += [Delete(each) for each in before if each.address not in {one.address for one in after}]
    plan = Plan((tuple(Step(change, ()) for change in changes),))
    reviewed = Review(allowing(quota, most), Snapshot(after), plan, Observation(Snapshot(before)))
    return [each.severity for each in findings(reviewed) if f"({quota})" in each.message]


def test_every_quota_has_its_maker() -> None:
    assert MAKERS.keys() == QUOTAS.keys()


@pytest.mark.parametrize("quota", QUOTAS)
def test_near_it_warns_and_beyond_it_stops(quota: str) -> None:
    base = 200 if quota.endswith("-size") else 100
    assert told(quota, base * 79 // 100, base) == []
    assert told(quota, base * 80 // 100, base) == ["warning"]
    assert told(quota, base, base) == ["warning"]
    assert told(quota, base * 101 // 100, base) == ([] if QUOTAS[quota].stopped_by else ["error"])


@pytest.mark.parametrize("quota", ["workgroups", "event-rules", "cross-account-grants"])
def test_where_it_is_beyond_already_and_does_not_grow_it_only_warns(quota: str) -> None:
    assert told(quota, 105, 100, there=105) == ["warning"]
    assert told(quota, 101, 100, there=105) == ["warning"]
    assert told(quota, 106, 100, there=105) == ["error"]
    assert told(quota, 50, 100, there=105) == []


@pytest.mark.parametrize("quota", [each for each in QUOTAS if QUOTAS[each].most <= 2_048])
def test_without_a_word_of_the_account_the_default_counts(quota: str) -> None:
    most, mesh = QUOTAS[quota].most, bank()
    for number, beyond in ((most, False), (most + 1, not QUOTAS[quota].stopped_by)):
        plan = Plan((tuple(Step(Create(each), ()) for each in MAKERS[quota](number)),))
        found = findings(Review(mesh, Snapshot(()), plan, Observation(Snapshot(()))))
        assert any(each.severity == "error" and f"({quota})" in each.message for each in found) is beyond


def test_the_example_is_far_from_all_of_them() -> None:
    plan = Plan((tuple(Step(Create(each), ()) for each in wanted().values()),))
    assert list(findings(Review(bank(), wanted(), plan, Observation(Snapshot(()))))) == []


def counted(*resources: AnyResource) -> dict[str, int]:
    """How much of each quota, of all things together."""
    found = Counter[str]()
    for key, number in counts(resources).items():
        found[key.quota] += number
    return dict(found)


TERMS = expression({"a": ["b"]})
NAMED = {
    "database": OnDatabase(CENTRAL, "d"),
    "table": OnTable(CENTRAL, "d", "t"),
    "columns": OnColumns(CENTRAL, "d", "t", ("a",)),
    "filter": OnFilter(CENTRAL, "d", "t", "f"),
}
BY_TAG = {sort: OnTagPolicy(CENTRAL, sort, TERMS) for sort in ("TABLE", "DATABASE")}
OTHER, ORGANIZATION = "4" * 12, "arn:aws:organizations::111111111111:organization/o-abcdefghij"


@pytest.mark.parametrize("whom", [OTHER, f"arn:aws:iam::{OTHER}:role/x", ORGANIZATION])
@pytest.mark.parametrize("target", [*NAMED.values(), *BY_TAG.values()], ids=str)
def test_what_goes_to_another_account_or_an_organization_takes_a_share(whom: str, target: GrantTarget) -> None:
    more = {"filters-of-a-table": 1} if isinstance(target, OnFilter) else {}
    by_name = {} if isinstance(target, OnTagPolicy) else {"cross-account-grants": 1}
    two = made(Grant(whom, target, "SELECT"), Grant(whom, target, "DESCRIBE"))
    assert counted(*two) == {"resource-shares": 1, **by_name, **more}


@pytest.mark.parametrize("whom", [ROLE, CENTRAL, "IAM_ALLOWED_PRINCIPALS", "arn:aws:identitystore:::group/x"])
@pytest.mark.parametrize("target", [*NAMED.values(), *BY_TAG.values()], ids=str)
def test_what_stays_in_the_account_takes_none(whom: str, target: GrantTarget) -> None:
    filters = {"filters-of-a-table": 1} if isinstance(target, OnFilter) else {}
    assert counted(*made(Grant(whom, target, "SELECT"))) == filters


def test_of_databases_and_of_tables_by_name_and_by_tag_there_is_one_share_each() -> None:
    for accounts in ((OTHER,), (OTHER, "5" * 12)):
        every = [Grant(whom, target, "SELECT") for whom in accounts for target in (*NAMED.values(), *BY_TAG.values())]
        assert counted(*made(*every))["resource-shares"] == 4 * len(accounts)
        assert counted(*made(*every))["cross-account-grants"] == 4 * len(accounts)


@pytest.mark.parametrize(
    ("quota", "number", "specs"),
    [
        ("event-targets", 3, [replace(rule(targets=2), unmanaged_parts=("theirs",))]),
        ("event-rules", 3, [rule("r"), EventBus((), (), ("r", "x", "y"))]),
        ("topic-statements", 3, [Topic("", (("s", STATEMENT), ("t", STATEMENT)), (STATEMENT,))]),
        ("role-policies", 5, [replace(role(policy="x x"), others=("y\n y y",))]),
        ("role-trust", 2, [role(trust=" x x ")]),
        ("topic-filters", 1, [TopicSubscription("t", "sqs", "q", "{}"), TopicSubscription("t", "sqs", "p", "")]),
        (
            "filters-of-subscriptions",
            1,
            [TopicSubscription("t", "sqs", "q", "{}"), TopicSubscription("t", "s", "p", "")],
        ),
    ],
)
def test_what_others_put_beside_ours_counts_and_what_says_nothing_does_not(
    quota: str, number: int, specs: list[Any]
) -> None:
    resources = [
        replace(each, address=each.address._replace(name="bus")) if isinstance(each.spec, EventBus) else each
        for each in made(*specs)
    ]
    assert counted(*resources)[quota] == number


def test_tags_are_counted_from_as_many_keys_on_as_make_a_warning() -> None:
    """No resource can have more of them than there are keys."""
    most = QUOTAS["lf-tags-on-a-resource"].most
    for number in (most * 8 // 10 - 1, most * 8 // 10):
        made_of = MAKERS["lf-tags-on-a-resource"](number)
        told_of = list(findings(Review(bank(), Snapshot(()), Plan(()), Observation(Snapshot(made_of)))))
        assert [each.severity for each in told_of] == ["warning"] * (number * 10 >= most * 8)


def test_the_fullest_are_named_first_and_of_many_how_many_more() -> None:
    places = {"a": (85, 100), "b": (195, 200), "c": (39, 40), "d": (1, 100)}
    every = [(Counted("event-targets", HERE, name), *numbers) for name, numbers in places.items()]
    what = QUOTAS["event-targets"].what
    full = [f"{number} of {most} {what} {name} in central, eu-west-1" for name, (number, most) in places.items()]
    three = f"There would be {full[2]}; {full[1]}; {full[0]}"
    assert _sentence(bank(), "event-targets", every[:3]) == f"{three} (event-targets)."
    assert _sentence(bank(), "event-targets", every) == f"{three}; and 1 more of this quota (event-targets)."
    nobodys = Counted("roles", HERE._replace(account="9" * 12), "")
    said = f"There would be 9 of 9 {QUOTAS['roles'].what} in {'9' * 12}, eu-west-1 (roles)."
    assert _sentence(bank(), "roles", [(nobodys, 9, 9)]) == said


@pytest.mark.parametrize("quota", QUOTAS)
def test_each_says_where_aws_says_it(quota: str) -> None:
    assert QUOTAS[quota].page.startswith("https://docs.aws.amazon.com/")
