"""News stays within EventBridge's quotas, and reaches whom it is for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds import registry
from reconciler.kinds.notifications.event_routes import LONGEST_PATTERN, _cut, _subscriptions, routes
from reconciler.kinds.notifications.notification_names import carrier_name, rule_name
from reconciler.kinds.notifications.subscribers import hearing_accounts
from reconciler.kinds.notifications.told import about_table
from reconciler.kinds.on_demand_jobs import work_of
from reconciler.kinds.roles.event_forwarder_role import carriers
from reconciler.spec.mesh import Mesh
from tests.counted import calls
from tests.estate import bank, edited, mesh_of
from tests.kinds.full import CREDIT, FUNDS, full

# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
TARGETS, RULES, POLICY = 5, 300, 10_240

ACCOUNT = """\
apiVersion: meshform/v1
kind: Account
name: reader-{0}
id: "{1}"
parts: [consumer]
"""
CONSUMER = """\
apiVersion: meshform/v1
kind: Consumer
name: reader-{0}
description: Somebody who reads.
owner: readers
account: reader-{0}
principals: [{{name: analyst-{0}, kind: analyst, role: analyst-{0}, create: true}}]
"""
SUBSCRIPTION = """\
apiVersion: meshform/v1
kind: Subscription
name: {1}-{0}
consumer: reader-{0}
product: consumer-banking/{1}
clearance: {{sensitivity: [internal]}}
purpose: To read.
approval: {{by: consumer-banking-stewards, at: 2026-11-18}}
"""


def large(products: int, consumers: int) -> Mesh:
    """The example with a producer of so many products, each read by so many accounts."""
    files = dict(edited())
    text = files[CREDIT]
    for number in range(products):
        name = f"credit-profile-of-the-customers-number-{number:02}"
        body = text.replace("credit-profile", name).replace("database: credit-card", f"database: credit-card-{number}")
        files[f"domains/consumer-banking/products/{name}.yaml"] = body.replace(
            "location: credit_card", f"location: credit_card_{number}"
        )
        for consumer in range(consumers):
            path = f"consumers/reader-{consumer}/subscriptions/{name}.yaml"
            files[path] = SUBSCRIPTION.format(consumer, name)
    for consumer in range(consumers):
        files[f"accounts/reader-{consumer}.yaml"] = ACCOUNT.format(consumer, 500000000000 + consumer)
        files[f"consumers/reader-{consumer}/consumer.yaml"] = CONSUMER.format(consumer)
    return mesh_of(files)


@given(st.lists(st.text('a"é', min_size=1, max_size=400), max_size=60))
def test_a_pattern_has_as_many_names_as_have_room(names: list[str]) -> None:
    def long(some: list[str]) -> bool:
        return len(json.dumps(_subscriptions(some), separators=(",", ":"))) > LONGEST_PATTERN

    parts = [pattern["detail"]["product"] for pattern in _cut(names, _subscriptions)]
    assert [name for part in parts for name in part] == sorted({*names})
    assert not any(long(part) for part in parts if len(part) > 1)
    assert all(long([*part, following[0]]) for part, following in pairwise(parts))


def test_a_pattern_is_not_written_for_each_of_its_names() -> None:
    names = [f"product-{number}" for number in range(1000)]
    patterns = _cut(names, _subscriptions)
    written = calls(lambda: _cut(names, _subscriptions))
    assert sum(often for name, often in written.items() if name.endswith(" _text")) <= 12 * len(patterns)


def test_fifty_products_and_forty_accounts_stay_within_every_quota() -> None:
    mesh = large(50, 40)
    made = routes(mesh)
    assert len(made) > 200
    assert max(len(route.targets) for route in made) <= TARGETS
    assert max(Counter((route.placement, route.bus) for route in made).values()) <= RULES
    assert max(len(json.dumps(route.pattern, separators=(",", ":"))) for route in made) <= LONGEST_PATTERN
    names = [(route.placement, route.bus, route.name) for route in made]
    assert len(names) == len(set(names))
    assert all(len(route.name) <= 64 for route in made)
    for bus in registry()["event-bus"].desired(mesh):
        policies = [call.params["Policy"] for call in registry()["event-bus"].create(bus) if "Policy" in call.params]
        assert all(len(policy) <= POLICY for policy in policies)
    for reader in range(40):
        heard = [route for route in made if route.name.startswith(f"meshform-bank-to.reader-{reader}-")]
        tables = {name for route in heard for name in route.pattern.get("resources", ())}
        start = "arn:aws:glue:eu-west-1:111111111111:table"
        assert tables == {f"{start}/credit-card-{number}/credit_card" for number in range(50)}


def test_the_role_that_carries_news_to_many_accounts_fits_and_reaches_just_them() -> None:
    """Listed bus by bus, the policy would not fit from about 150 accounts on."""
    readers = 250
    mesh = large(1, readers)
    roles = {role.name: json.dumps(role.policy, separators=(",", ":")) for role in carriers(mesh)}
    assert max(map(len, roles.values())) < POLICY / 2
    (statement,) = json.loads(roles[carrier_name(mesh, mesh.central)])["Statement"]
    hearing = {str(500000000000 + reader) for reader in range(readers)}
    assert hearing <= set(statement["Condition"]["StringEquals"]["aws:ResourceAccount"])
    assert statement["Resource"] == "arn:aws:events:eu-west-1:*:event-bus/meshform-bank"


def test_nobody_hears_of_what_he_does_not_read() -> None:
    """The rule of an account names just the products that it reads, or that it produces."""
    mesh = mesh_of(full())
    for route in routes(mesh):
        for target in route.targets:
            if target.id.startswith("bus-"):
                account = target.id.removeprefix("bus-")
                reads = [
                    product
                    for product in mesh.products.values()
                    if account in {each.id for each in hearing_accounts(mesh, product)}
                ]
                detail = route.pattern["detail"]
                assert set(detail.get("databaseName", ())) <= {product.database for product in reads}
                tables = {about_table(mesh, product, table) for product in reads for table in product.tables}
                assert set(route.pattern.get("resources", ())) <= tables
                assert set(detail.get("product", ())) <= {product.name for product in reads}


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """EventBridge's patterns, as far as the routes use them."""
    for name, wanted in pattern.items():
        there = event.get(name)
        if isinstance(wanted, Mapping):
            if not isinstance(there, Mapping) or not matches(wanted, there):
                return False
        elif not any(
            there == each or (isinstance(each, dict) and str(there).startswith(each["prefix"])) for each in wanted
        ):
            return False
    return True


def test_a_quality_run_is_told_by_the_name_of_the_link_and_by_that_of_the_database() -> None:
    """The run is started on the link: from the producer's bus to the central one, and from there to the topic."""
    mesh = bank()
    product = next(each for each in mesh.products.values() if any(table.quality for table in each.tables))
    (work, *_) = [each for each in work_of(mesh, product) if each.sort == "quality"]
    started = work.start.params["DataSource"]["GlueTable"]["DatabaseName"]
    for database in (started, product.database):
        event = {
            "source": "aws.glue-dataquality",
            "detail-type": "Data Quality Evaluation Results Available",
            "detail": {"context": {"databaseName": database}},
        }
        hit = {target.id for route in routes(mesh) if matches(route.pattern, event) for target in route.targets}
        assert hit == {"central", "topic"}, database


def test_the_rules_of_a_product_run_for_no_other_whose_name_contains_its_own() -> None:
    """`prices` is a part of `fund-prices`."""
    files = dict(full())
    rules = files[FUNDS]
    files["domains/asset-management/products/prices.yaml"] = rules.replace("fund-prices", "prices").replace(
        "- name: fund_price", "- name: fund_price\n    location: other"
    )
    mesh = mesh_of(files)
    for product in mesh.products.values():
        own = {product.database, f"rl_{product.database}"}
        for work in work_of(mesh, product):
            if work.sort == "quality":
                assert work.start.params["DataSource"]["GlueTable"]["DatabaseName"] in own


@given(st.text("abcdefghij-", min_size=1, max_size=90), st.text("abcdefghij-", min_size=1, max_size=90))
def test_rules_of_two_things_never_share_a_name(one: str, other: str) -> None:
    names = [rule_name(bank(), each, "subscriptions") for each in (one, other)]
    assert (names[0] == names[1]) == (one == other)
    assert all(len(name) <= 64 for name in names)


def test_of_a_shared_database_each_hears_of_his_own_tables_only() -> None:
    part = (FUNDS, "database: fund-prices\n", "database: lake\nexternal: [database]\nextent: tables\n")
    alone = (FUNDS, "  - name: fund_price\n", "  - name: fund_price\n    definition: external\n")
    mesh = mesh_of(edited(part, alone))
    patterns = [each.pattern for each in routes(mesh) if "lake" in json.dumps(each.pattern)]
    assert patterns
    for pattern in patterns:
        if "resources" in pattern:
            assert pattern["resources"] == ["arn:aws:glue:eu-west-1:111111111111:table/lake/fund_price"]
            continue
        assert pattern["detail"]["databaseName"] == ["lake"]
        assert pattern["detail"]["$or"] == [{"changedTables": ["fund_price"]}, {"tableName": ["fund_price"]}]
