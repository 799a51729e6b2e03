"""Nobody decides about what is not his: whatever is changed, and in however many pull requests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from random import Random

from codeowners import CodeOwners
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.owners.approval import subscription_demands
from reconciler.owners.codeowners import codeowners
from reconciler.owners.documents import documents
from reconciler.owners.given import Approval, Given
from reconciler.owners.handles import Handles
from reconciler.owners.history import Merged, approved
from reconciler.spec.approval import beyond_reading, levels, most_sensitive_columns
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.load import load
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arns
from reconciler.spec.tags import effective_tags, readable_columns, subscribed_products
from reconciler.spec.yaml.source import Source
from tests.estate import TODAY, bank, example
from tests.owners.changes import CHANGES, new_subscription, other_reader, relabelled, relaxed
from tests.owners.teams import CREDIT_OWNER, DEAL_OWNER, FUND_OWNER, GOVERNANCE

OWNERS = (FUND_OWNER, CREDIT_OWNER, DEAL_OWNER, "analytics-coe-leads")
Fact = tuple[str, str, str, str, str]


def opened(mesh: Mesh) -> Iterator[tuple[str, Fact]]:
    """(product, who reads which column with which right of it) of everything that the documents open."""
    for subscription in mesh.subscriptions.values():
        for product in subscribed_products(mesh, subscription):
            for table in product.tables:
                for column in readable_columns(mesh, subscription, product, table):
                    for arn in principal_arns(mesh, subscription):
                        for right in subscription.permissions:
                            yield product.name, (arn, product.name, table.name, column, right)


def may_be_opened(mesh: Mesh, name: str, fact: Fact) -> bool:
    """Whether the owner has said that nobody needs to be asked for such an access."""
    product = mesh.products[name]
    _, _, table, column, right = fact
    up_to, order = product.approval.automatic_up_to, levels(mesh)
    if right not in ("SELECT", "DESCRIBE") or up_to is None:
        return False
    found = next((each for each in product.tables if each.name == table), None)
    known = found is not None and any(each.name == column for each in found.columns)
    label = effective_tags(mesh, product, found, found.column(column)).get("sensitivity") if found and known else None
    return label in order and order.index(str(label)) <= order.index(up_to)


def assert_only_his(base: Mesh, after: Mesh, own: frozenset[str]) -> None:
    """What differs is his own, or what everybody may do."""
    before, now = documents(base), documents(after)
    for key in before.keys() | now.keys():
        old, new = before.get(key), now.get(key)
        if old == new or key[0] == "Subscription":
            continue
        if key[0] == "Product":
            owner = base.products[key[1]].owner if old else base.domains[after.products[key[1]].domain].owner
            assert owner in own, key
        elif key[0] == "Domain":
            assert base.domains[key[1]].owner in own, key
            assert after.domains[key[1]].bucket == base.domains[key[1]].bucket
            assert after.domains[key[1]].prefix == base.domains[key[1]].prefix
        else:
            raise AssertionError(f"{key} is governance's")
    for name, product in base.products.items():
        if name in after.products:
            assert most_sensitive_columns(base, product) <= most_sensitive_columns(after, after.products[name]), name
    was = set(opened(base))
    for name, fact in set(opened(after)) - was:
        old_product = base.products.get(name)
        if old_product is not None and old_product.owner not in own:
            assert may_be_opened(base, name, fact), fact
    for name, subscription in base.subscriptions.items():
        if name not in after.subscriptions:
            owners = {each.owner for each in subscribed_products(base, subscription)}
            assert owners <= own, f"{name} was taken away"
    for name, subscription in after.subscriptions.items():
        if beyond_reading(subscription) and base.subscriptions.get(name) != subscription:
            assert {each.owner for each in subscribed_products(base, subscription)} <= own, name


@settings(max_examples=60, deadline=None)
@given(
    st.frozensets(st.sampled_from(OWNERS), min_size=1, max_size=2),
    st.lists(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3), min_size=1, max_size=3),
    st.integers(0, 2**32),
)
def test_his_approval_alone_passes_only_what_is_his(own: frozenset[str], pulls: list[list[object]], seed: int) -> None:
    choice, files, changes = Random(seed), dict(example()), []
    for number, made in enumerate(pulls):
        for change in made:
            with suppress(KeyError):  # the file has been moved away
                change(files, choice)  # type: ignore[operator]
        head = f"{number:040d}"
        approval = Approval("eve", head, "2026-11-22T10:00:00Z")
        given = Given(number, head, "mallory", frozenset({"mallory"}), True, (approval,))
        mesh = load([Source(path, text.encode(), "mesh") for path, text in files.items()], TODAY).mesh
        changes.append(Merged(head, mesh, given))
    members = {
        f"example-bank/{owner}": frozenset({"eve" if owner in own else "somebody"}) for owner in (*OWNERS, GOVERNANCE)
    }
    found = approved(bank(), changes, members.get, "example-bank")
    assert found.mesh is not None
    assert_only_his(bank(), found.mesh, own)
    last = next((each.mesh for each in reversed(changes) if each.mesh is not None), bank())
    assert bool(found.missing) == (documents(found.mesh) != documents(last)), "what is missing is told"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(CHANGES), max_size=4), st.integers(0, 2**32))
def test_github_asks_everybody_who_must_approve_a_document_where_it_lies(made: list[object], seed: int) -> None:
    """Judged by another reader of CODEOWNERS than ours."""
    choice, files = Random(seed), dict(example())
    for change in made:
        with suppress(KeyError):
            change(files, choice)  # type: ignore[operator]
    mesh = load([Source(path, text.encode(), "mesh") for path, text in files.items()], TODAY).mesh
    if mesh is None:
        return
    handles = Handles("acme")
    file = CodeOwners(codeowners(mesh, "mesh", handles))
    for (kind, name), document in documents(mesh).items():
        wanted = set(handles.ruler(mesh))
        match document:
            case Subscription():
                asked = [each for each in subscription_demands(mesh, document) if each.way != "automatic"]
                wanted = {one for each in asked for one in handles.of(mesh, each.who)}
            case Product() | Domain():
                wanted = set(handles.of(mesh, document.owner))
        assert {who for _, who in file.of(document.origin.file)} == wanted, (kind, name)


def test_with_everybody_s_approval_everything_passes() -> None:
    choice, files = Random(1), dict(example())
    for change in (new_subscription, relabelled, relaxed, other_reader):
        change(files, choice)
    mesh = load([Source(path, text.encode(), "mesh") for path, text in files.items()], TODAY).mesh
    assert mesh is not None
    approvals = (Approval("eve", "f" * 40, "2026-11-22T10:00:00Z"),)
    merged = Merged("f" * 40, mesh, Given(1, "f" * 40, "mallory", frozenset(), True, approvals))
    found = approved(bank(), [merged], lambda _: frozenset({"eve"}), "example-bank")
    assert found.missing == ()
    assert found.mesh is not None
    assert documents(found.mesh) == documents(mesh)
