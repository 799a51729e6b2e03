"""What goes: on the first page, in the search, and by day on the page of changes, with who reads it."""

from __future__ import annotations

import json
import re

from reconciler.catalog.site.choices import Choices
from reconciler.catalog.site.leaving import goes, leaving
from reconciler.catalog.site.readers import readings
from reconciler.catalog.site.render import site
from reconciler.spec.mesh import Mesh
from tests.catalog.site.lived import TODAY
from tests.estate import bank, variant

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
PRICES = "domains/asset-management/products/fund-prices.yaml"


def ending() -> Mesh:
    """The prices go as a whole; of the credits two columns, of which only one subscription reads one."""
    return variant(
        (PRICES, "approval:", "retires: {until: 2028-01-31, instead: consumer-banking/credit-profile}\napproval:"),
        (
            CREDIT,
            "      - name: amount\n",
            "      - name: amount\n        retires: {until: 2027-06-30, reason: a <b>}\n",
        ),
        (CREDIT, "      - name: age\n", "      - name: age\n        retires: {until: 2027-03-31}\n"),
    )


def test_by_day_with_who_reads_it() -> None:
    mesh = ending()
    assert [(each.name, str(each.until), each.read) for each in leaving(mesh, readings(mesh))] == [
        ("credit-profile.credit_card.age", "2027-03-31", 0),
        ("credit-profile.credit_card.amount", "2027-06-30", 1),
        ("fund-prices", "2028-01-31", 0),
    ]
    assert goes(mesh) == {"credit-profile": "parts go after 2027-03-31", "fund-prices": "goes after 2028-01-31"}
    assert goes(bank()) == {}


def test_pages_and_search_say_so() -> None:
    files = dict(site(ending(), Choices(TODAY)))
    assert '<span class="state ends">goes after 2028-01-31</span>' in files["index.html"]
    assert '<span class="state ends">parts go after 2027-03-31</span>' in files["domains/consumer-banking.html"]
    days = re.findall(r'<td class="day">([0-9-]+)</td><th scope="row"><a href="([^"]+)"', files["changes.html"])
    assert days[1] == ("2027-06-30", "columns/credit-profile.credit_card.html#amount")
    assert "a &lt;b&gt;" in files["changes.html"]
    data = json.loads(files["data.js"].removeprefix("var meshformData=").rstrip().removesuffix(";"))
    going = {name: data["words"]["going"][n] for name, n in zip(data["name"], data["going"], strict=True)}
    assert going == {"credit-profile": "parts of it go", "fund-prices": "all of it goes", "deal-pipeline": ""}
    assert data["until"]["fund-prices"] == "2028-01-31"


def test_the_public_hears_what_goes_and_not_who_reads_it() -> None:
    page = dict(site(ending(), Choices(TODAY, public=True)))["changes.html"]
    assert "2028-01-31" in page
    assert "subscription" not in page
    plain = dict(site(bank(), Choices(TODAY)))
    assert "is announced to go" in plain["changes.html"]
    assert 'data-facet="going"' not in plain["index.html"]
