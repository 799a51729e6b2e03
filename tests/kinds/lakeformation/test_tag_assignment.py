"""Tags on databases, tables and columns: one value a key, replaced without a gap, and never inherited by accident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.kinds.lakeformation.tag_assignment import TagAssignmentKind
from reconciler.model.address import Address
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.spec.documents.product import Product
from tests.estate import CENTRAL, Estate, actions, specs, step_of, variant
from tests.spec.small import FILES, loaded

WANT = specs("tag-assignment")
CREDIT = "domains/consumer-banking/products/credit-profile.yaml"


def test_the_sensitivity_of_a_table_is_put_on_its_declared_columns_only() -> None:
    assert "credit-card.credit_card sensitivity" not in WANT
    on_columns = {name: want.spec.value for name, want in WANT.items() if name.startswith("credit-card.credit_card.")}
    assert len(on_columns) == 21
    assert on_columns["credit-card.credit_card.age sensitivity"] == "restricted"
    assert on_columns["credit-card.credit_card.status sensitivity"] == "internal"


def test_product_domain_and_subject_are_on_the_database() -> None:
    found = {name.partition(" ")[2]: want.spec.value for name, want in WANT.items() if name.startswith("credit-card ")}
    assert found == {"product": "credit-profile", "domain": "consumer-banking", "subject": "credit"}


def test_a_changed_value_is_one_addition_and_no_removal(built: Estate) -> None:
    mesh = variant(
        (
            CREDIT,
            '"Age in years"\n        tags: {sensitivity: restricted}',
            '"Age in years"\n        tags: {sensitivity: confidential}',
        )
    )
    plan = built.plan(mesh)
    assert actions(plan) == {"update tag-assignment credit-card.credit_card.age sensitivity"}
    calls = step_of(plan, "tag-assignment", ".age sensitivity").calls
    assert [call.operation for call in calls] == ["AddLFTagsToResource"]
    built.repair(mesh)


def test_a_tag_of_somebody_elses_key_on_our_table_stays(built: Estate) -> None:
    lakeformation = built.client("lakeformation")
    lakeformation.create_lf_tag(TagKey="theirs", TagValues=["x"])
    place = {"Table": {"CatalogId": CENTRAL, "DatabaseName": "credit-card", "Name": "credit_card"}}
    lakeformation.add_lf_tags_to_resource(Resource=place, LFTags=[{"TagKey": "theirs", "TagValues": ["x"]}])
    assert built.plan().is_empty
    built.empty()


def test_a_tag_of_ours_that_a_hand_put_on_the_whole_table_is_taken_off(built: Estate) -> None:
    """It would open every column that turns up later."""
    place = {"Table": {"CatalogId": CENTRAL, "DatabaseName": "credit-card", "Name": "credit_card"}}
    tags = [{"TagKey": "sensitivity", "TagValues": ["internal"]}]
    built.client("lakeformation").add_lf_tags_to_resource(Resource=place, LFTags=tags)
    assert actions(built.plan()) == {"delete tag-assignment credit-card.credit_card sensitivity"}
    built.repair()


def test_a_tag_waits_for_its_value_and_its_table() -> None:
    needed = {need.kind for need in TagAssignmentKind().needs(WANT["credit-card.credit_card.age sensitivity"])}
    assert needed == {"lf-tag-value", "database", "table", "grant"}, "a right on a key of others comes first"


def _lake(data: st.DataObject) -> dict[str, Product]:
    """A database that is one product's, or of which two products have some tables each."""
    tables = data.draw(st.dictionaries(st.sampled_from("abcd"), st.sampled_from((None, "trade", "people")), min_size=1))
    said = [{"name": name, "tags": {"subject": subject} if subject else {}} for name, subject in tables.items()]
    extent = data.draw(st.sampled_from(("database", "tables")))
    parts = [said] if extent == "database" else [said[::2], said[1::2]]
    names = data.draw(st.permutations(("one", "two")))
    fields = {"domain": "sales", "owner": "x", "description": "x", "database": "lake", "extent": extent}
    tags = data.draw(st.sampled_from(({}, {"subject": "trade"})))
    products = (
        Product.model_validate({**fields, "name": name, "tags": tags, "tables": own})
        for name, own in zip(names, parts, strict=False)
        if own
    )
    return {product.name: product for product in products}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_on_the_way_from_a_database_to_its_tables_and_back_nobody_gains_or_loses(data: st.DataObject) -> None:
    """In any order that the pairs allow, each table has on the way the tags of before or of afterwards."""
    base = loaded(FILES).mesh
    assert base is not None
    kind = TagAssignmentKind()
    before, after = (
        {each.address: each for each in kind.desired(replace(base, products=_lake(data)))} for _ in range(2)
    )
    changes: dict[Address, Change] = {}
    for address in before.keys() | after.keys():
        have, want = before.get(address), after.get(address)
        if have is None or want is None:
            changes[address] = Create(want) if want is not None else Delete(before[address])
        elif have.spec != want.spec:
            changes[address] = Update(have, want)
    pairs = list(kind.order(list(changes.values()), base))

    def on(name: str, key: str, found: Mapping[tuple[str, str], str]) -> str:
        return found.get((name, key)) or found.get(("", key), "")

    first, last = (
        {(each.spec.place.table, each.spec.key): each.spec.value for each in side.values()} for side in (before, after)
    )
    now, left, random = dict(first), set(changes), data.draw(st.randoms())
    while left:
        free = sorted(each for each in left if not any(later == each and one in left for one, later in pairs))
        assert free, "the pairs go in a circle"
        address = random.choice(free)
        left.remove(address)
        spec = changes[address].resource.spec
        if isinstance(changes[address], Delete):
            del now[spec.place.table, spec.key]
        else:
            now[spec.place.table, spec.key] = spec.value
        for name in ("a", "b", "c", "d", "undeclared"):
            for key in ("product", "subject"):
                assert on(name, key, now) in {on(name, key, first), on(name, key, last)}, (name, key)
