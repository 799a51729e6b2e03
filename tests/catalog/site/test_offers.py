"""What the page of a product says that a request would give, and who approves it, is what the plan says of it."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from reconciler.access.queries.ask import what_can
from reconciler.catalog.asking import Wish, asked
from reconciler.catalog.site.offers import column_offers, labels_of, offers, suspended_readers
from reconciler.catalog.site.readers import center_people
from reconciler.making.announcing import renamed, retired
from reconciler.making.things import thing_of
from reconciler.owners.approval import demands
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn
from tests.estate import Files, access_of, edited, mesh_of

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
LEVELS = ("public", "internal", "confidential", "restricted")
HEAD = "apiVersion: meshform/v1\nkind: {}\nname: {}\n"
NAMES = ("reader", "second", "third")
PEOPLE = HEAD.format("Consumer", "{}") + "owner: analytics-coe-leads\ndescription: Reads.\naccount: analytics\n"
WHO = (
    "role: {name}, create: true",
    "role: team/{name}",
    "arn: 'arn:aws:iam::444444444444:saml-provider/x:group/{name}'",
    "group: 11111111-2222-3333-4444-{number:012}",
)
ASKED = HEAD.format("Subscription", "{}") + "consumer: {}\nproduct: {}\npurpose: To look\n"
SHARES = (
    "clearance: {sensitivity: [public, internal]}\n",
    "clearance: {sensitivity: [public]}\nexpires: 2026-11-01\n",
    "clearance: {sensitivity: [public, internal, confidential, restricted]}\nexpires: 2026-11-21\n",
    "clearance: {sensitivity: [public]}\nexpires: 2027-11-01\n",
)
SUSPENDED = (
    "principal: {}/reader",
    "principal: {}/second",
    "consumer: {}",
    "consumer: other",
    "product: credit-profile",
    "tag: {{sensitivity: restricted}}",
    "tag: {{sensitivity: internal}}",
)
GOING = ("fund_price.currency", "fund_price.net_inflow", "credit_card.age", "credit_card.amount")


def crowded(random: Random) -> Files:
    """Others in the newcomer's account, what is over, suspended and going, and several ways to be somebody."""
    account = random.choice(("analytics", "analytics", "analytics", "central"))
    ways = WHO if account == "analytics" else [each for each in WHO if not each.startswith("arn")]
    known = [
        f"  - {{name: {name}, {random.choice(ways).format(name=name, number=number)}}}\n"
        for number, name in enumerate(NAMES)
    ]
    people = PEOPLE.format("newcomer").replace("account: analytics", f"account: {account}")
    more = {"consumers/newcomer/consumer.yaml": f"{people}principals:\n{''.join(known)}"}
    other = random.choice(
        (
            "principals:\n  - {name: others, role: others, create: true}\n",
            "principals: [{name: all, wholeAccount: true}]\n",
        )
    )
    more["consumers/other/consumer.yaml"] = PEOPLE.format("other") + other
    for number, consumer in enumerate(random.sample(("newcomer", "other", "other"), random.randint(0, 3))):
        product = random.choice(("consumer-banking/credit-profile", "asset-management/fund-prices"))
        name = f"old-{number}"
        text = ASKED.format(name, consumer, product) + random.choice(SHARES)
        more[f"consumers/{consumer}/subscriptions/{name}.yaml"] = text
    if random.random() < 0.4:
        whom = random.choice(SUSPENDED).format(random.choice(("newcomer", "newcomer", "analytics-coe")))
        whom = whom.replace("analytics-coe/reader", "analytics-coe/credit-analyst")
        whom = whom.replace("analytics-coe/second", "analytics-coe/data-scientist")
        more["suspensions/leak.yaml"] = f"{HEAD.format('Suspension', 'leak')}{whom}\nreason: Leak\nby: Ada Lovelace\n"
    return more


def relabelled(random: Random) -> Files:
    """The example with random labels of the credit product, a random rule, a column that goes or is renamed, and all
    that others have."""
    files = dict(edited(("accounts/central.yaml", "[central]", "[central, consumer]"), more=crowded(random)))
    lines = files[CREDIT].splitlines()
    labels = [number for number, line in enumerate(lines) if line.strip().startswith("tags: {sensitivity: ")]
    for number in labels:
        head = lines[number].partition("sensitivity: ")[0]
        lines[number] = f"{head}sensitivity: {random.choice(LEVELS)}}}"
    text = "\n".join(line for line in lines if not line.startswith(("approval:", "  mode:", "  automaticUpTo:")))
    rule = random.choice(
        ("", "approval: {mode: automatic}\n", *(f"approval: {{automaticUpTo: {each}}}\n" for each in LEVELS[:3]))
    )
    going = random.choice(("", "", "retires: {until: 2027-06-30}\n"))
    files[CREDIT] = f"{text}\n{rule}{going}"
    if random.random() < 0.4:
        mesh = mesh_of(files)
        thing, day = thing_of(mesh, random.choice(GOING)), date(2027, 6, 30)
        made = renamed(mesh, thing, "another", day) if random.random() < 0.6 else retired(mesh, thing, day)
        files |= {path: text for path, text in made.files.items() if text is not None}
    return files


def read(mesh: Mesh, product: Product) -> dict[str, set[tuple[str, bool]]]:
    """Columns of a product (`table.column`) that each of the newcomer's principals reads, and whether that is certain;
    partition keys come with any of them."""
    keys = {f"{table.name}.{key.name}" for table in product.tables for key in table.partition_keys}
    access = access_of(mesh)
    consumer = mesh.consumers["newcomer"]
    found: dict[str, set[tuple[str, bool]]] = {}
    for each in consumer.principals:
        facts = what_can(access, mesh, [principal_arn(mesh, consumer, each)])
        its = {
            (f"{fact.table}.{fact.column}", fact.certain)
            for fact in facts
            if fact.is_reading and fact.database == product.database
        }
        found[each.name] = {(name, certain) for name, certain in its if name not in keys}
    return found


def played(seed: int) -> str:
    """One request: what the page says of it is compared with the mesh that has it. Returns how it was asked for."""
    random = Random(seed)
    files = relabelled(random)
    before = mesh_of(files)
    product = random.choice(list(before.products.values()))
    consumer = before.consumers["newcomer"]
    who = tuple(random.sample(NAMES, random.randint(1, len(NAMES))))
    labels = labels_of(before, product)
    offer = random.choice((None, *offers(before, product, labels)))
    every = list(column_offers(before, product, labels))
    if offer is not None:
        wish = Wish(product, consumer, who, "To look", up_to=offer.up_to)
        says, approvers = set(offer.columns), set(offer.approvers)
    else:
        table = random.choice(product.tables)
        chosen = random.sample(every, random.randint(1, len(every)))
        rows = f"{random.choice(table.columns).name} IS NOT NULL" if random.random() < 0.4 else None
        if rows:
            chosen = [each for each in chosen if each.table == table.name] or [every[0]]
            rows = rows if chosen[0].table == table.name else None
        wish = Wish(product, consumer, who, "To look", columns=tuple(each.name for each in chosen), rows=rows)
        worst = max(chosen, key=lambda each: LEVELS.index(each.sensitivity) if each.sensitivity else -1)
        says, approvers = {each.name for each in chosen if each.is_given}, set(worst.approvers)
    suspended, center = {*suspended_readers(before)}, center_people(before)
    home = placements.of_database(before, product).account
    document = asked(before, wish)
    after = mesh_of({**files, document.path: document.text})
    then = read(after, product)
    for name, its in read(before, product).items():
        gains = says if name in who and f"{consumer.name}/{name}" not in suspended else set()
        certain = home == center.get(f"{consumer.name}/{name}", home)
        assert then[name] == its | {(column, certain) for column in gains}, (seed, name)
    assert {demand.who for demand in demands(before, after)} - {""} == approvers, seed
    way = offer.up_to if offer is not None else "rows" if wish.rows else "columns"
    return f"{way} for {len(who)}"


@pytest.fixture(scope="module")
def ways() -> set[str]:
    return {played(seed) for seed in range(24)}


def test_the_page_says_what_the_plan_says(ways: set[str]) -> None:
    assert {each.partition(" ")[0] for each in ways} > {"columns", "rows"}
    assert {each.rpartition(" ")[2] for each in ways} == {"1", "2", "3"}


@pytest.mark.soak
def test_the_page_says_what_the_plan_says_three_hundred_times() -> None:
    for seed in range(24, 324):
        played(seed)
