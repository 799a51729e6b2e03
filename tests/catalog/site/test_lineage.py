"""The drawing of lineage: what it comes from on the left, what is made of it and who reads it on the right."""

from __future__ import annotations

from itertools import pairwise

from reconciler.catalog.site.choices import Choices
from reconciler.catalog.site.lineage import Node, drawing
from reconciler.catalog.site.render import site
from tests.catalog.site.lived import TODAY
from tests.estate import variant

PRICES = "domains/asset-management/products/fund-prices.yaml"
SOURCE = (
    "\nlineage: {sources: [{name: The credits, product: consumer-banking/credit-profile}, {name: a <b>}]}\napproval:"
)


def test_boxes_do_not_touch_and_long_lists_end() -> None:
    many = [Node(f"node {number}", f"{number}.html") for number in range(40)]
    found = drawing("this", many, many[:3], many)
    assert [node.text for node in found.nodes if node.x == 0][-1] == "and 29 more"
    for x in {node.x for node in found.nodes}:
        places = sorted(node.y for node in found.nodes if node.x == x)
        assert all(right - left >= 40 for left, right in pairwise(places))
        assert places[-1] + 32 <= found.height
    assert "node 39" in found.said


def test_a_product_made_of_another_is_on_both_pages() -> None:
    files = dict(site(variant((PRICES, "\napproval:", SOURCE)), Choices(TODAY)))
    assert '<a href="credit-profile.html"><g class="product">' in files["products/fund-prices.html"]
    assert "a &lt;b&gt;" in files["products/fund-prices.html"]
    assert '<a href="fund-prices.html"><g class="product">' in files["products/credit-profile.html"]
    assert "Of it fund-prices is made." in files["products/credit-profile.html"]
    public = dict(site(variant((PRICES, "\napproval:", SOURCE)), Choices(TODAY, public=True)))
    assert "Of it fund-prices is made." in public["products/credit-profile.html"]
