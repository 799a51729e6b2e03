"""What exists, and the mesh did not make, is taken by a document only when governance says so, and only once."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.kinds.glue.database import Database
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.plan.claims import claims
from reconciler.plan.review import Review
from tests.estate import bank, variant
from tests.plan.test_gates import review, unmarked, wanted

PRODUCTS = {product.name: product.databases for product in bank().products.values()}
EVERY = sorted(PRODUCTS)


def of_others(products: Iterable[str], *, tagged: bool, granted: bool = False) -> Snapshot:
    """AWS where somebody else made the databases of these products; with the mesh's tags, its grants, or neither."""
    theirs = {name for product in products for name in PRODUCTS[product]}

    def altered(each: AnyResource) -> AnyResource | None:
        if isinstance(each.spec, Database) and each.address.name in theirs:
            return unmarked(each)
        if isinstance(each.spec, TagAssignment) and each.spec.place.database in theirs:
            return each if tagged else None
        return each if not isinstance(each.spec, Grant) or granted else None

    return Snapshot(after for each in wanted().values() if (after := altered(each)) is not None)


def taken(reviewed: Review) -> dict[str, tuple[str, ...]]:
    return {claim.product.name: claim.tables for claim in claims(reviewed)}


@settings(max_examples=12, deadline=None)
@given(st.sets(st.sampled_from(EVERY)), st.booleans())
def test_every_database_that_others_made_is_told_until_the_mesh_has_put_its_tag_there(
    theirs: set[str], granted: bool
) -> None:
    reviewed = review(bank(), of_others(theirs, tagged=False, granted=granted))
    assert taken(reviewed).keys() == theirs
    found = [each for each in reviewed.findings if each.rule == "taking-over" and "for its own" in each.message]
    assert {each.severity for each in found} <= {"error"}
    assert len(found) == len(theirs)
    assert all(not each.databases for each in found), "governance accepts it, not who wrote the product"
    assert taken(review(bank(), of_others(theirs, tagged=True))) == {}, "it is the mesh's by then"


def test_where_the_plan_does_nothing_nothing_is_taken() -> None:
    assert taken(review(bank(), of_others(EVERY, tagged=True, granted=True))) == {}


@pytest.mark.parametrize("product", EVERY)
def test_what_mesh_yaml_takes_over_is_told_by_its_name_alone(product: str) -> None:
    (name,) = PRODUCTS[product]
    mesh = variant(("mesh.yaml", "territory:\n", f"territory:\n  takeOver: {{database: [{name}]}}\n"))
    reviewed = review(mesh, of_others([product], tagged=False))
    assert taken(reviewed) == {}
    assert any(each.rule == "taking-over" and each.severity == "error" for each in reviewed.findings)
