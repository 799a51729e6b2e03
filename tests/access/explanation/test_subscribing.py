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
        "# a new file below mesh/consumers/analytics-coe/subscriptions/",
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


def suspension(subject: str, more: str = "") -> Files:
    text = f"apiVersion: meshform/v1\nkind: Suspension\nname: key\n{subject}\nreason: Key found.\nby: ciso\n{more}"
    return {"suspensions/key.yaml": text}


@pytest.mark.parametrize(
    "subject",
    [
        "principal: analytics-coe/data-scientist",
        "consumer: analytics-coe",
        "product: credit-profile",
        "subscription: credit-risk-model",
        "tag: {sensitivity: confidential}",
    ],
)
def test_of_who_or_what_is_suspended_the_subscription_is_named_and_nothing_is_proposed(subject: str) -> None:
    found = asked(SCIENTIST, CREDITS, "amount", mesh_with(suspension(subject)))
    assert found.sentences[0] == (
        "the subscription credit-risk-model would give it; suspended by ciso: Key found (mesh/suspensions/key.yaml:1:1)"
    )
    assert (found.yaml, found.command) == ((), "")
    assert not [each for each in found.sentences if each.startswith("no subscription")]
    # What a suspension does not touch, or does no more, is told as ever.
    others = asked(ANALYST, PRICES, "isin", mesh_with(suspension("subscription: credit-risk-model")))
    assert (others.sentences[0], bool(others.yaml)) == ("no subscription of analytics-coe gives it", True)
    over = mesh_with(suspension(subject, "until: 2026-01-31\n"))
    assert asked(SCIENTIST, CREDITS, "amount", over) == asked(SCIENTIST, CREDITS, "amount")


def test_who_is_suspended_is_not_told_to_ask_for_more() -> None:
    mesh = mesh_with(suspension("principal: analytics-coe/data-scientist", "until: 2027-01-31\n"))
    found = asked(SCIENTIST, CREDITS, "age", mesh)
    assert found.sentences[0] == "data-scientist is suspended: whatever asks for it gives nothing until that is lifted"
    assert (found.yaml, found.command) == ((), "")
    assert "suspended until 2027-01-31 by ciso: Key found" in asked(SCIENTIST, CREDITS, "amount", mesh).sentences[0]


def test_of_what_has_ended_the_day_is_told_and_nothing_is_proposed() -> None:
    mesh = variant((f"{HERE}/credit-risk-model.yaml", "expires: 2027-06-30", "expires: 2026-01-31"))
    found = asked(SCIENTIST, CREDITS, "amount", mesh)
    assert found == Subscribing(
        ("the subscription credit-risk-model would give it; it ended on 2026-01-31", CREDIT_OWNER)
    )
    assert asked(SCIENTIST, CREDITS, "age", mesh).sentences[0] == "no subscription of analytics-coe gives it"


def test_what_is_asked_for_and_not_there_yet_is_not_asked_for_again() -> None:
    found = asked(SCIENTIST, CREDITS, "amount")
    mesh, nothing = bank(), access_of(variant(without=[HERE]))
    live = subscribing(nothing, mesh, nothing.on(arn(mesh, SCIENTIST), CREDITS), "amount")
    asks = "the subscription credit-risk-model asks for it; what is missing is above"
    assert live == Subscribing((asks, *found.sentences[1:]))


@pytest.mark.parametrize("clearance", ["", "clearance: {sensitivity: [public]}"])
def test_a_column_without_a_label_is_classified_or_named_and_what_is_proposed_gives_it(clearance: str) -> None:
    prices = "domains/asset-management/products/fund-prices.yaml"
    mine = example()[f"{HERE}/portfolio-report.yaml"].replace("portfolio-report", "prices")
    mine = mine.replace("consumer-banking/credit-profile", "asset-management/fund-prices")
    mine = mine.replace("clearance: {sensitivity: [internal]}", clearance)
    has_one = {f"{HERE}/prices.yaml": mine} if clearance else {}
    bare = example()[prices].replace(", tags: {sensitivity: confidential}", "")
    mesh = mesh_with({**has_one, prices: bare.replace("    tags: {sensitivity: public}\n", "")})
    if clearance:
        bare = bare.replace("    tags: {sensitivity: public}\n", "")
        bare = bare.replace("- {name: isin, ", "- {name: isin, tags: {sensitivity: public}, ")
        mesh = mesh_with({**has_one, prices: bare})
    found = asked(ANALYST, PRICES, "currency", mesh)
    assert found.sentences[-1] == (
        "currency has no sensitivity, so no clearance opens it: asset-management-stewards can classify it, or a "
        "subscription names it"
    )
    assert found.yaml[-1] == "tables: [{name: fund_price, columns: [currency]}]"
    assert "--columns fund_price.currency " in found.command
    head, *said = found.yaml
    assert head == "# a new file below mesh/consumers/analytics-coe/subscriptions/"
    text = "\n".join([*said, "approval: {by: x, at: 2026-11-20}", ""]).replace("...", "To see it.")
    after = mesh_with({**has_one, prices: bare, f"{HERE}/new.yaml": text})
    now = asked(ANALYST, PRICES, "currency", after)
    assert now.sentences[0].startswith("the subscription analytics-coe-fund-prices gives it")
    assert now.yaml == ()


def test_the_name_of_a_new_document_is_free() -> None:
    (_, *said) = asked(ANALYST, DEALS, "target").yaml
    text = "\n".join([*said, "approval: {by: x, at: 2026-11-20}", ""]).replace("credit-analyst", SCIENTIST)
    mesh = mesh_with({f"{HERE}/new.yaml": text.replace("...", "To see it.")})
    assert asked(ANALYST, DEALS, "target", mesh).yaml[3] == "name: analytics-coe-deal-pipeline-2"
