"""The page of a team: what needs its word is what the plan asks it for, and every link leads somewhere."""

from __future__ import annotations

import posixpath
import re

import pytest

from reconciler.catalog.asking import Wish, asked
from reconciler.catalog.site.choices import Choices
from reconciler.catalog.site.render import site
from reconciler.owners.approval import demands
from tests.catalog.site.lived import TODAY, lived, lived_mesh
from tests.estate import bank, edited, mesh_of

STEWARDS = "teams/consumer-banking-stewards.yaml"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """The pages of teams, and the others."""
    return dict(site(lived_mesh(), lived()))


def test_it_must_approve_what_the_plan_asks_it_for(pages: dict[str, str]) -> None:
    before = bank()
    consumer, expected = before.consumers["analytics-coe"], dict[str, set[tuple[str, str]]]()
    for product in before.products.values():
        for label in ("public", "internal", "confidential", "restricted"):
            if not _opens(product.name, label, pages):
                continue
            document = asked(before, Wish(product, consumer, ("data-scientist",), "To look", up_to=label))
            after = mesh_of(edited(more={document.path: document.text}))
            for demand in demands(before, after):
                expected.setdefault(demand.who, set()).add((product.name, label))
    assert len(expected) > 2, "so that nothing passes by saying nothing"
    for team in before.teams:
        assert _approves(pages[f"teams/{team}.html"]) == expected.get(team, set()), team


def _opens(product: str, label: str, pages: dict[str, str]) -> bool:
    """Whether the form of a product offers a label."""
    return f"[&#34;{label}&#34;, [" in pages[f"products/{product}.html"]


def _approves(page: str) -> set[tuple[str, str]]:
    rows = re.findall(r'<li><a href="\.\./products/([^"]+)\.html">[^<]+</a>: (.*?)</li>', page)
    return {(name, label) for name, said in rows for label in re.findall(r'class="label">([^<]+)<', said)}


def test_what_it_answers_for_is_linked(pages: dict[str, str]) -> None:
    page = pages["teams/consumer-banking-stewards.html"]
    links = set(re.findall(r'href="(\.\./[^"#]+)', page))
    assert {"../products/credit-profile.html", "../domains/consumer-banking.html"} <= links
    assert {posixpath.normpath(f"teams/{link}") for link in links} <= {*pages}
    assert 'href="../teams/consumer-banking-stewards.html"' in pages["products/credit-profile.html"]
    assert 'href="teams/consumer-banking-stewards.html"' in pages["index.html"]


def test_a_request_waits_with_the_owner_of_its_product(pages: dict[str, str]) -> None:
    assert "credit-profile-x" in pages["teams/consumer-banking-stewards.html"]
    assert "credit-profile-x" not in pages["teams/asset-management-stewards.html"]


def test_members_are_told_where_they_are_and_nothing_to_the_public() -> None:
    text = edited()[STEWARDS]
    mesh = mesh_of(edited(more={STEWARDS: f"{text}members: [ada, ines]\n"}))
    assert "<dd>ada, ines</dd>" in dict(site(mesh, Choices(TODAY)))["teams/consumer-banking-stewards.html"]
    public = dict(site(mesh, Choices(TODAY, public=True)))
    assert not [path for path in public if path.startswith("teams/")]
    assert not [path for path, page in public.items() if "teams/" in page and path.endswith((".html", "data.js"))]
