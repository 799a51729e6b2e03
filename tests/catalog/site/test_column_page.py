"""The page of a table's columns: who reads each is what the evaluator says, and where its labels come from is so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest
import yaml

from reconciler.access import facts_of
from reconciler.catalog.site.choices import Choices
from reconciler.catalog.site.column_page import MOST, Told, column_pages
from reconciler.catalog.site.offers import labels_of
from reconciler.catalog.site.product_page import about_products
from reconciler.catalog.site.readers import Reading, readings
from reconciler.catalog.site.render import site
from reconciler.spec.documents.subscription import SubscribedTable, Subscription
from reconciler.spec.mesh import Mesh
from tests.catalog.site.lived import TODAY
from tests.catalog.site.test_offers import relabelled
from tests.estate import Files, access_of, bank, mesh_of, variant

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
PRICES = "domains/asset-management/products/fund-prices.yaml"
PAGE = "columns/credit-profile.credit_card.html"
ADDRESS = "      - {name: address, type: 'struct<zip:string,city:string>', tags: {sensitivity: internal}}\n"


def told(mesh: Mesh) -> Mapping[tuple[str, str, str], tuple[Told, Mapping[str, Any]]]:
    """By product, table and column: what is told of the column, and of all of the table."""
    read, about = readings(mesh), about_products(mesh, Choices(TODAY))
    return {
        (product.name, page["table"].name, each.name): (each, page)
        for product in mesh.products.values()
        for _, page in column_pages(mesh, product, labels_of(mesh, product), read.get(product.name, ()), about)
        for each in page["columns"]
    }


def on_the_page(mesh: Mesh, each: Told, page: Mapping[str, Any]) -> set[str]:
    """Who reads a column by its page, as the evaluator calls them."""
    names = {
        f"{read.subscription.consumer}/{who}"
        for read, _ in each.read
        for who in read.subscription.principals
        if who not in read.perhaps
    }
    return names | {f"{page['product'].domain}/{name}" for name, _ in page["keepers"]}


def subscription(random: Random, number: int, of: Mapping[str, Any]) -> tuple[str, str]:
    """One by a clearance, or by names with columns, what is left out, rows, and other permissions."""
    table = of["tables"][0]
    names = [each["name"] for each in table["columns"]]
    some = random.sample(names, random.randint(1, len(names)))
    shared: dict[str, object] = {"name": table["name"], "columns": some}
    if random.random() < 0.3:
        shared["rows"] = {"credit_card": "status = 1", "fund_price": "isin = 'x'"}[table["name"]]
    how = random.choice(
        ({"tables": [shared]}, {"clearance": {"sensitivity": random.sample(["public", "internal", "restricted"], 2)}})
    )
    permissions = random.choice((["SELECT", "DESCRIBE"], ["DESCRIBE"])) if "clearance" in how else ["SELECT"]
    document = {
        "apiVersion": "meshform/v1",
        "kind": "Subscription",
        "name": f"more-{number}",
        "consumer": random.choice(("analytics-coe", "newcomer")),
        "product": f"{of['domain']}/{of['name']}",
        "principals": [],
        "purpose": "To look.",
        "permissions": permissions,
        **how,
    }
    document["principals"] = [{"analytics-coe": "credit-analyst", "newcomer": "reader"}[str(document["consumer"])]]
    path = f"consumers/{document['consumer']}/subscriptions/more-{number}.yaml"
    return path, yaml.safe_dump(document)


def peopled(random: Random) -> Files:
    files = dict(relabelled(random))
    documents = [yaml.safe_load(files[path]) for path in (CREDIT, PRICES)]
    for number in range(3):
        path, text = subscription(random, number, random.choice(documents))
        files[path] = text
    return files


def evaluated(mesh: Mesh) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Columns of products with those who surely read them, and are neither accounts nor Meshform's own roles."""
    access = access_of(mesh)
    for fact in facts_of(access, mesh):
        is_person = fact.principal_type in ("reader", "steward", "writer")
        if is_person and fact.permission == "SELECT" and fact.is_reading and fact.certain:
            yield (fact.product, fact.table, fact.column), fact.name


@pytest.mark.parametrize("seed", range(6))
def test_who_reads_a_column_is_what_the_evaluator_says(seed: int) -> None:
    mesh = mesh_of(peopled(Random(seed)))
    expected: dict[tuple[str, str, str], set[str]] = {}
    for where, name in evaluated(mesh):
        expected.setdefault(where, set()).add(name)
    found = {where: on_the_page(mesh, each, page) for where, (each, page) in told(mesh).items()}
    assert found == {where: expected.get(where, set()) for where in found}


@pytest.mark.parametrize(
    ("how", "column", "part"),
    [
        ({"columns": ("amount",), "rows": "amount > 1"}, "amount", "rows where amount > 1"),
        ({"columns": ("amount", "address.zip")}, "address", "of it only address.zip"),
        ({"columns": ("address.zip", "address")}, "address", ""),
        ({"exclude": ("address.zip",)}, "address", "of it all but address.zip"),
        ({"exclude": ("address.zip",)}, "amount", ""),
    ],
)
def test_part_of_a_column_is_told(how: dict[str, Any], column: str, part: str) -> None:
    product = variant((CREDIT, "      - name: duration\n", f"{ADDRESS}      - name: duration\n")).products[
        "credit-profile"
    ]
    table = product.table("credit_card")
    shared = SubscribedTable(name="credit_card", **how)
    subscription = Subscription(name="x", consumer="x", purpose="x", tables=(shared,))
    assert Reading(subscription, product, {}, ()).part_of(table, column) == part


def test_labels_say_what_carries_them() -> None:
    of = told(bank())

    def origins(product: str, table: str, column: str) -> dict[str, str]:
        return {label.said: label.origin for label in of[product, table, column][0].labels}

    assert origins("fund-prices", "fund_price", "isin") == {
        "sensitivity=public": "all of fund_price",
        "subject=funds": "all of fund-prices",
    }
    assert origins("fund-prices", "fund_price", "net_inflow")["sensitivity=confidential"] == "this column"
    key, _ = told(bank())["fund-prices", "fund_price", "trading_day"]
    assert (key.is_key, key.labels) == (True, ())


def test_rules_of_quality_and_what_became_of_it() -> None:
    each, _ = told(bank())["fund-prices", "fund_price", "isin"]
    assert each.quality == ['IsComplete "isin"']


def test_many_readers_are_the_first_and_how_many_more() -> None:
    text = "apiVersion: meshform/v1\nkind: Subscription\nname: r{}\nconsumer: analytics-coe\npurpose: To look.\n"
    text += "product: consumer-banking/credit-profile\nclearance: {{sensitivity: [internal]}}\n"
    text += "principals: [data-scientist]\napproval: {{by: x, at: 2026-11-01}}\n"
    mesh = variant(more={f"consumers/analytics-coe/subscriptions/r{n}.yaml": text.format(n) for n in range(MOST + 5)})
    page = dict(site(mesh, Choices(TODAY)))[PAGE]
    each, _ = told(mesh)["credit-profile", "credit_card", "duration"]
    assert (len(each.read), each.more) == (MOST, 7)
    assert 'and 7 more: <a href="../products/credit-profile.html#readers">' in page
