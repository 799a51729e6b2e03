"""What goes: on the first page, in the search, and by day on the page of changes, with who reads it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from reconciler.catalog.searching import search
from reconciler.catalog.site.choices import Choices
from reconciler.catalog.site.leaving import Leaving, goes, leaving
from reconciler.catalog.site.readers import readings
from reconciler.catalog.site.render import site
from reconciler.making.wholes import Whole, ending, going
from reconciler.spec.mesh import Mesh
from tests.catalog.site.lived import TODAY, data_of
from tests.estate import bank, edited, mesh_of, variant

DAY = date(2027, 2, 28)

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
PRICES = "domains/asset-management/products/fund-prices.yaml"


def announced() -> Mesh:
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


def of_products(mesh: Mesh) -> list[Leaving]:
    found = leaving(mesh, readings(mesh), public=False)
    return [each for each in found if each.kind in ("product", "table", "column")]


def retired(name: str) -> Mesh:
    """The example after `meshform retire NAME`."""
    mesh = bank()
    whole = going(mesh, name)
    assert isinstance(whole, Whole)
    files = ending(mesh, whole, DAY, None, None).files
    return mesh_of({**edited(), **{path: text for path, text in files.items() if text is not None}})


WHOLES = (
    *(f"domain:{name}" for name in bank().domains),
    *(f"consumer:{name}" for name in bank().consumers),
    *(f"subscription:{name}" for name in bank().written),
    *(f"value:{tag.name}={each}" for tag in bank().tags.values() for each in tag.value_names),
)


@pytest.mark.parametrize("named", WHOLES)
def test_whatever_is_retired_is_told_on_the_page_and_in_the_search(named: str) -> None:
    """Of values those that the mesh can do without."""
    kind, _, name = named.partition(":")
    try:
        mesh = retired(named)
    except AssertionError:
        assert kind == "value"
        return
    (told,) = (each for each in leaving(mesh, readings(mesh), public=False) if (each.kind, each.name) == (kind, name))
    assert told.until == (None if kind == "value" else DAY)
    (hit,) = (each for each in search(mesh, [name]) if (each.kind, each.name) == (kind, name))
    assert hit.retires or hit.going
    public = {each.kind for each in leaving(mesh, {}, public=True)}
    assert public.isdisjoint({"consumer", "subscription"})


def test_pages_of_others_say_that_they_go() -> None:
    """A value tells the subscriptions that read what carries it."""
    files = dict(site(retired("domain:consumer-banking"), Choices(TODAY)))
    assert "It goes after 2027-02-28" in files["domains/consumer-banking.html"]
    assert '<span class="state ends">goes after 2027-02-28</span>' in files["index.html"]
    mesh = retired("consumer:analytics-coe")
    files = dict(site(mesh, Choices(TODAY)))
    assert "reads nothing after 2027-02-28" in files["consumers/analytics-coe.html"]
    assert "subscription <a href=" in files["changes.html"]
    data = data_of(files)
    others = {tuple(each[:2]): each[2:4] for each in data["others"]}
    assert {page.partition("#")[0] for page, _ in others.values()} <= {*files}
    page = "consumers/analytics-coe.html"
    assert others["subscription", "portfolio-report"] == [page, "ends after 2027-02-28"]
    assert others["consumer", "analytics-coe"] == [page, "reads nothing after 2027-02-28"]


def test_of_a_value_those_are_told_who_read_what_carries_it() -> None:
    mesh = retired("value:subject=credit")
    (told,) = (each for each in leaving(mesh, readings(mesh), public=False) if each.kind == "value")
    read = [each for each in readings(mesh)["credit-profile"] if each.width]
    assert told.href == "tags/subject.html#credit"
    assert {*told.readers} == {each.subscription.name for each in read} != set()


def test_by_day_with_who_reads_it() -> None:
    mesh = announced()
    assert [(each.name, str(each.until), len(each.readers)) for each in of_products(mesh)] == [
        ("credit-profile.credit_card.age", "2027-03-31", 0),
        ("credit-profile.credit_card.amount", "2027-06-30", 1),
        ("fund-prices", "2028-01-31", 0),
    ]
    assert goes(mesh) == {"credit-profile": "parts go after 2027-03-31", "fund-prices": "goes after 2028-01-31"}
    assert goes(bank()) == {}


def test_pages_and_search_say_so() -> None:
    files = dict(site(announced(), Choices(TODAY)))
    assert '<span class="state ends">goes after 2028-01-31</span>' in files["index.html"]
    assert '<span class="state ends">parts go after 2027-03-31</span>' in files["domains/consumer-banking.html"]
    days = re.findall(r'<td class="day">([0-9-]+)</td><th scope="row">column <a href="([^"]+)"', files["changes.html"])
    assert days[1] == ("2027-06-30", "columns/credit-profile.credit_card.html#amount")
    assert "a &lt;b&gt;" in files["changes.html"]
    data = data_of(files)
    going = {name: data["words"]["going"][n] for name, n in zip(data["name"], data["going"], strict=True)}
    assert going == {"credit-profile": "parts of it go", "fund-prices": "all of it goes", "deal-pipeline": ""}
    assert data["until"]["fund-prices"] == "2028-01-31"


def test_the_public_hears_what_goes_and_not_who_reads_it() -> None:
    page = dict(site(announced(), Choices(TODAY, public=True)))["changes.html"]
    assert "2028-01-31" in page
    assert "subscription" not in page
    plain = dict(site(bank(), Choices(TODAY)))
    assert 'data-facet="going"' not in plain["index.html"]
