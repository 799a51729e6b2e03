"""What the page of a product says that a request would give, and who approves it, is what the plan says of it."""

from __future__ import annotations

from random import Random

import pytest

from reconciler.access import evaluate, principal_directory
from reconciler.access.queries.ask import what_can
from reconciler.catalog.asking import Wish, asked
from reconciler.catalog.site.offers import column_offers, labels_of, offers
from reconciler.kinds import registry
from reconciler.owners.approval import demands
from reconciler.plan.compile import compile_mesh
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn
from tests.estate import Files, edited, mesh_of

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
LEVELS = ("public", "internal", "confidential", "restricted")
NEWCOMER = """\
apiVersion: meshform/v1
kind: Consumer
name: newcomer
owner: analytics-coe-leads
description: Reads nothing yet.
account: analytics
principals:
  - {name: reader, role: reader, create: true}
"""


def relabelled(random: Random) -> Files:
    """The example with a consumer that reads nothing, random labels of the credit product, and a random rule."""
    lines = edited(more={"consumers/newcomer/consumer.yaml": NEWCOMER})[CREDIT].splitlines()
    labels = [number for number, line in enumerate(lines) if line.strip().startswith("tags: {sensitivity: ")]
    for number in labels:
        head = lines[number].partition("sensitivity: ")[0]
        lines[number] = f"{head}sensitivity: {random.choice(LEVELS)}}}"
    text = "\n".join(line for line in lines if not line.startswith(("approval:", "  mode:", "  automaticUpTo:")))
    rule = random.choice(
        ("", "approval: {mode: automatic}\n", *(f"approval: {{automaticUpTo: {each}}}\n" for each in LEVELS[:3]))
    )
    return {**edited(more={"consumers/newcomer/consumer.yaml": NEWCOMER}), CREDIT: f"{text}\n{rule}"}


def read(mesh: Mesh, product: Product) -> set[str]:
    """Columns of a product (`table.column`) that the newcomer's reader reads; partition keys come with any of them."""
    keys = {f"{table.name}.{key.name}" for table in product.tables for key in table.partition_keys}
    access = evaluate(compile_mesh(mesh, registry()), principal_directory(mesh))
    consumer = mesh.consumers["newcomer"]
    facts = what_can(access, mesh, [principal_arn(mesh, consumer, consumer.principals[0])])
    return {
        f"{fact.table}.{fact.column}" for fact in facts if fact.is_reading and fact.database == product.database
    } - keys


def played(seed: int) -> str:
    """One request: what the page says of it is compared with the mesh that has it. Returns how it was asked for."""
    random = Random(seed)
    files = relabelled(random)
    before = mesh_of(files)
    product = random.choice(list(before.products.values()))
    consumer = before.consumers["newcomer"]
    offer = random.choice((None, *offers(before, product, labels_of(before, product))))
    if offer is not None:
        wish = Wish(product, consumer, ("reader",), "To look", up_to=offer.up_to)
        says, approvers = set(offer.columns), set(offer.approvers)
    else:
        every = list(column_offers(before, product, labels_of(before, product)))
        chosen = random.sample(every, random.randint(1, len(every)))
        wish = Wish(product, consumer, ("reader",), "To look", columns=tuple(each.name for each in chosen))
        worst = max(chosen, key=lambda each: LEVELS.index(each.sensitivity) if each.sensitivity else -1)
        says, approvers = {each.name for each in chosen}, set(worst.approvers)
    document = asked(before, wish)
    after = mesh_of({**files, document.path: document.text})
    assert read(after, product) == says, seed
    assert {demand.who for demand in demands(before, after)} - {""} == approvers, seed
    return offer.up_to if offer is not None else "columns"


@pytest.fixture(scope="module")
def ways() -> set[str]:
    return {played(seed) for seed in range(24)}


def test_the_page_says_what_the_plan_says(ways: set[str]) -> None:
    assert "columns" in ways
    assert len(ways) > 3


@pytest.mark.soak
def test_the_page_says_what_the_plan_says_three_hundred_times() -> None:
    for seed in range(24, 324):
        played(seed)
