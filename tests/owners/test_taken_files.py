"""A table that comes to files that hold the most sensitive values asks governance, at, above or below their place."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.owners.approval import demands
from reconciler.owners.taken_files import taken_files
from tests.estate import Edit, variant

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
LIES: Edit = (CREDIT, "location: credit_card/", "location: cards/now/")
GOES: Edit = (CREDIT, "location: credit_card/", "location: moved/")
OVER = (["cards/"], ["cards/now/"], ["cards/now/old/", "cards/now/new/"], ["cards/now/old/"], [])
BESIDE = ["card/", "cards/", "cards2/", "now/", "moved2/"]


def copies(places: list[str]) -> str:
    """A new product with a table at each of these places."""
    columns = "columns: [{name: a, type: int, description: A.}]"
    tables = "".join(
        f"  - {{name: t{number}, description: T., location: {place}, tags: {{sensitivity: internal}}, {columns}}}\n"
        for number, place in enumerate(places)
    )
    head = "apiVersion: meshform/v1\nkind: Product\nname: copies\ndomain: consumer-banking\n"
    said = "owner: consumer-banking-stewards\ndescription: Copies.\nclassification: None.\ndatabase: copies\n"
    return f"{head}{said}tags: {{subject: credit}}\ntables:\n{tables}"


@settings(max_examples=40)
@given(st.sampled_from(OVER), st.sets(st.sampled_from(BESIDE)), st.randoms(use_true_random=False))
def test_only_tables_that_overlap_are_told(over: list[str], beside: set[str], random: Random) -> None:
    places = [*over, *(beside - {"cards/"})]
    random.shuffle(places)
    path = CREDIT.replace("credit-profile", "copies")
    before, after = variant(LIES), variant(GOES, more={path: copies(places)} if places else {})
    for name in after.products.keys() - before.products.keys():
        told = dict(taken_files(before, after, after.products[name]))
        assert told == {f"copies.t{n}": "credit-profile.credit_card" for n, at in enumerate(places) if at in over}
        (asked,) = [each for each in demands(before, after) if each.document.name == "copies" and each.way == "owner"]
        assert asked.who == "consumer-banking-stewards"
        governed = [each.why for each in demands(before, after) if "comes to the files" in each.why]
        assert len(governed) == len(over)
        assert all(why.endswith("which are restricted") for why in governed)
        assert not [*taken_files(after, after, after.products[name])], "it stands there"
