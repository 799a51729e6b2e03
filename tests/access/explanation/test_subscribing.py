"""What the documents have to do with it; and the YAML that is proposed gives what was missing, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from reconciler.access import TableId
from reconciler.access.explanation.subscribing import Subscribing, subscribing
from reconciler.kinds import addresses
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn
from tests.access.building import ANN, T, access, give, named, placement, table
from tests.estate import CENTRAL, Files, access_of, bank, example, variant

HERE = "consumers/analytics-coe/subscriptions"
CREDITS, PRICES, DEALS = (
    TableId(CENTRAL, database, name)
    for database, name in (("credit-card", "credit_card"), ("fund-prices", "fund_price"), ("deal-pipeline", "deal"))
)
FUNDS = "domains/asset-management/products/fund-prices.yaml"
SCIENTIST, ANALYST = "data-scientist", "credit-analyst"
ORDER = ("public", "internal", "confidential", "restricted")
CREDIT_OWNER = (
    "credit-card.credit_card belongs to the product credit-profile of consumer-banking, owned by "
    "consumer-banking-stewards"
)


def arn(mesh: Mesh, name: str) -> str:
    consumer = mesh.consumers["analytics-coe"]
    return principal_arn(mesh, consumer, next(each for each in consumer.principals if each.name == name))


def asked(name: str, place: TableId, column: str | None = None, mesh: Mesh | None = None) -> Subscribing:
    mesh = mesh or bank()
    found = access_of(mesh)
    return subscribing(found, mesh, found.on(arn(mesh, name), place), column)


def unlabelled() -> Mesh:
    """Nobody has said how sensitive the funds are."""
    prices = "domains/asset-management/products/fund-prices.yaml"
    edits = (", tags: {sensitivity: confidential}", ""), ("    tags: {sensitivity: public}\n", "")
    return variant(*((prices, old, new) for old, new in edits))


def carried_out(lines: tuple[str, ...]) -> Mesh:
    """The example with what the lines say, as somebody would put it there."""
    head, *said = lines
    if head.startswith("# a new file below "):
        text = "\n".join([*said, "approval: {by: x, at: 2026-11-20}", ""]).replace("...", "To see it.")
        return mesh_with({f"{HERE}/new.yaml": text})
    path = head.removeprefix("# mesh/").partition(":")[0]
    assert head.endswith(": instead of its clearance and approval")
    (clearance,) = said
    old = example()[path].splitlines()
    return mesh_with({path: "\n".join([clearance if each.startswith("clearance:") else each for each in old] + [""])})


def mesh_with(files: Files) -> Mesh:
    return variant(more=files)


def questions() -> Iterator[tuple[str, TableId, str | None]]:
    """Each table as a whole, and its columns, of which a few stand for all that carry the same label."""
    for name in (SCIENTIST, ANALYST):
        for place in (CREDITS, PRICES, DEALS):
            for column in (None, *access_of(bank()).tables[place].columns[:5], "age", "net_inflow", "trading_day"):
                if column is None or column in access_of(bank()).tables[place].columns:
                    yield name, place, column


def test_what_is_proposed_gives_what_was_missing_and_nothing_above_its_labels() -> None:
    seen: set[str] = set()
    for name, place, column in questions():
        found, view = asked(name, place, column), access_of(bank()).tables[place]
        before = access_of(bank()).on(arn(bank(), name), place)
        wanted = view.columns if column is None else (column,)
        missing = [each for each in wanted if each not in before.columns]
        assert bool(found.yaml) == bool(missing)
        if not found.yaml or " ".join(found.yaml) in seen:
            continue
        seen.add(" ".join(found.yaml))
        mesh = carried_out(found.yaml)
        after = access_of(mesh).on(arn(mesh, name), place)
        labels = dict(zip(view.columns, view.signature.values("sensitivity"), strict=True))
        assert {*wanted} <= after.columns.keys()
        assert {*before.columns} <= after.columns.keys()
        asked_for = {labels[each] for each in missing} | {labels[each] for each in before.columns}
        assert {labels[each] for each in after.columns} <= {*asked_for, None}, "partition keys come by themselves"


def test_the_lines_are_a_wider_clearance_or_a_new_document_in_the_order_of_the_labels() -> None:
    (head, clearance) = asked(SCIENTIST, CREDITS, "age").yaml
    assert head == f"# mesh/{HERE}/credit-risk-model.yaml:2:1: instead of its clearance and approval"
    assert clearance == "clearance: {sensitivity: [internal, confidential, restricted]}"
    assert asked(ANALYST, DEALS).yaml == (
        "# a new file below consumers/analytics-coe/subscriptions/",
        "apiVersion: meshform/v1",
        "kind: Subscription",
        "name: analytics-coe-deal-pipeline",
        "consumer: analytics-coe",
        "product: investment-banking/deal-pipeline",
        "principals: [credit-analyst]",
        "purpose: ...",
        "clearance: {sensitivity: [internal, confidential, restricted]}",
    )
    assert asked(SCIENTIST, CREDITS, "amount").yaml == ()
    assert asked(ANALYST, PRICES, "trading_day").yaml[-1] == "clearance: {sensitivity: [public]}"
    mesh = unlabelled()
    assert asked(ANALYST, PRICES, "isin", mesh).yaml[-1] == "tables: [{name: fund_price, columns: [isin]}]"
    assert asked(ANALYST, PRICES, "trading_day", mesh).yaml[-1] == "tables: [{name: fund_price, columns: [isin]}]"
    assert asked(ANALYST, PRICES, None, mesh).yaml[-1] == (
        "tables: [{name: fund_price, columns: [isin, currency, net_asset_value, net_inflow]}]"
    )


@pytest.mark.parametrize("column", ["amount", None])
def test_the_subscription_that_gives_it_is_told_with_its_terms(column: str | None) -> None:
    assert asked(SCIENTIST, CREDITS, column).sentences == (
        "the subscription credit-risk-model gives it until 2027-06-30, approved by consumer-banking-stewards on "
        "2026-11-16 (DATA-101), for: Train and serve the credit risk model",
        CREDIT_OWNER,
    )


def test_terms_that_a_subscription_has_not_are_not_told() -> None:
    path = f"{HERE}/credit-risk-model.yaml"
    plain = variant((path, "expires: 2027-06-30\n", ""), (path, ", ticket: DATA-101", ""))
    assert asked(SCIENTIST, CREDITS, "amount", plain).sentences[0] == (
        "the subscription credit-risk-model gives it without an end, approved by consumer-banking-stewards on "
        "2026-11-16, for: Train and serve the credit risk model"
    )


def test_where_no_subscription_gives_it_that_is_told_and_whose_the_table_is() -> None:
    assert asked(SCIENTIST, CREDITS, "age").sentences == ("no subscription of analytics-coe gives it", CREDIT_OWNER)
    found = access(table(), give(ANN, named()))
    assert subscribing(found, bank(), found.on(ANN, T), None) == Subscribing(
        ("no subscription gives it: it is given by something else", "database db is of no product of the mesh")
    )
    assert subscribing(access(table()), bank(), access(table()).on(ANN, T), "a") == Subscribing(
        ("database db is of no product of the mesh",)
    )
    where = addresses.table(placement(CENTRAL), "lake", "nobodys")
    shared, place = (
        access(replace(table("nobodys", database="lake"), address=where)),
        TableId(CENTRAL, "lake", "nobodys"),
    )
    mesh = variant(
        (FUNDS, "database: fund-prices\n", "database: lake\nexternal: [database]\nextent: tables\n"),
        (FUNDS, "  - name: fund_price\n", "  - name: fund_price\n    definition: external\n"),
    )
    assert subscribing(shared, mesh, shared.on(ANN, place), None) == Subscribing(
        ("lake.nobodys is a table of no product of the mesh",)
    )
