"""The pages: everything that documents say is escaped, no page asks another site, and the public ones name nobody."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
import yaml

from reconciler.catalog.site.choices import Choices
from reconciler.catalog.site.render import site
from tests.catalog.site.lived import data_of, lived, lived_mesh
from tests.estate import bank, variant

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
DOMAIN = "domains/consumer-banking/domain.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
TODAY = date(2026, 11, 22)
NAMES = (
    "analytics-coe",
    "data-scientist",
    "credit-analyst",
    "credit-risk-model",
    "portfolio-report",
    "Train and serve",
)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \\\"'{{ 7*7 }}</title></script>"


# Names that are allowed, and that no file, link or id could have as they are.
ODD = ("größe in eur", "a.b", "100%", "a#b&=+", "main", "x" * 255, "é" * 127, "...", "search", "who")
ODD_KEYS = ("a/../../../../evil", "a b%2f:c", "a/.")
ODD_PRODUCT = {
    "apiVersion": "meshform/v1",
    "kind": "Product",
    "name": "odd",
    "domain": "consumer-banking",
    "owner": "consumer-banking-stewards",
    "description": "Odd names.",
    "database": "odd",
    "tables": [
        {
            "name": name,
            "location": f"t{number}",
            "columns": [
                {"name": each, "type": "int", "tags": {"sensitivity": "internal"} | dict.fromkeys(ODD_KEYS, "a/ö")}
                for each in ODD
            ],
        }
        for number, name in enumerate(ODD)
    ],
}
ODD_READER = {
    "apiVersion": "meshform/v1",
    "kind": "Subscription",
    "name": "odd",
    "consumer": "analytics-coe",
    "product": "consumer-banking/odd",
    "clearance": {"sensitivity": ["internal"]},
    "principals": ["data-scientist"],
    "purpose": "To look.",
    "approval": {"by": "x", "at": date(2026, 11, 1)},
}


class Elements(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def built(**how: object) -> dict[str, str]:
    return dict(site(bank(), Choices(TODAY, **how)))  # type: ignore[arg-type]


@cache
def grown(words: str = "", *, public: bool = False) -> Mapping[str, str]:
    """The site of a mesh that has lived."""
    return dict(site(lived_mesh(), lived(words, public=public)))


@cache
def odd() -> Mapping[str, str]:
    """The site of a mesh with names that are hard to link to."""
    keys = [
        {
            "apiVersion": "meshform/v1",
            "kind": "LFTag",
            "name": key,
            "description": "Odd.",
            "values": [{"value": "a/ö", "description": "Odd."}],
        }
        for key in ODD_KEYS
    ]
    documents = {
        "domains/consumer-banking/products/odd.yaml": ODD_PRODUCT,
        "consumers/analytics-coe/subscriptions/odd.yaml": ODD_READER,
        **{f"lf-tags/odd-{number}.yaml": key for number, key in enumerate(keys)},
    }
    more = {path: yaml.safe_dump(each, allow_unicode=True) for path, each in documents.items()}
    return dict(site(variant(more=more), Choices(TODAY)))


def broken_links(files: Mapping[str, str]) -> list[str]:
    """Links that lead to no page of the site, or to no place on one."""
    pages = {name: {each[1].get("id") for each in Elements(text).found} for name, text in files.items()}
    found = []
    for name, text in files.items():
        for _, attributes in Elements(text).found if name.endswith(".html") else ():
            said = attributes.get("href") or attributes.get("src") or ""
            if not said or said.startswith(("mailto:", "https://github.com/bank/mesh/pull/")):
                continue
            path, _, place = said.partition("#")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path.partition("?")[0])))
            target = pages.get(path if said[:1] != "#" else name)
            if target is None or (place and place not in target):
                found.append(f"{name}: {said}")
    return found


def elements(text: str) -> list[tuple[str, list[str]]]:
    """The elements of a page with the names of their attributes."""
    return [(tag, sorted(attributes)) for tag, attributes in Elements(text).found]


def test_every_document_has_its_page_and_every_link_leads_somewhere() -> None:
    files = grown()
    assert {
        "drift.html",
        "history.html",
        "requests.html",
        "index.html",
        "products/credit-profile.html",
        "consumers/analytics-coe.html",
        "tags/sensitivity.html",
    } < set(files)
    assert broken_links(files) == []


def test_names_that_no_file_could_have_lead_where_they_should() -> None:
    """Also those that would leave the folder of the site, and ids that would be there twice."""
    files = odd()
    assert broken_links(files) == []
    assert len([name for name in files if name.startswith("columns/odd.")]) == len(ODD)
    for name, text in files.items():
        assert posixpath.normpath(name) == name
        assert name.count("/") < 2
        assert all(len(part.encode()) <= 255 for part in name.split("/"))
        ids = [attributes["id"] for _, attributes in Elements(text).found if "id" in attributes]
        assert len(ids) == len(set(ids)), name
        assert not [each for each in ids if each is None or re.search(r"\s", each)]


def test_what_goes_is_told_on_the_page_of_its_product() -> None:
    """Of the product, of a table and of a column, each where it stands, and nothing of what stays."""
    mesh = variant(
        (CREDIT, "database: ", "retires: {until: 2028-01-31, instead: asset-management/fund-prices}\ndatabase: "),
        (
            CREDIT,
            "  - name: credit_card\n",
            "  - name: credit_card\n    retires: {until: 2027-12-31, reason: a <b> c}\n",
        ),
        (
            CREDIT,
            "      - name: duration\n",
            "      - name: duration\n        retires: {until: 2027-06-30, instead: amount}\n",
        ),
    )
    page = dict(site(mesh, Choices(TODAY)))["products/credit-profile.html"]
    told = re.findall(r"<strong>It goes.</strong> (It is there [^\n]*?)</(?:p|td)>", page)
    assert told == [
        "It is there until 2028-01-31; read asset-management/fund-prices instead",
        "It is there until 2027-12-31 (a &lt;b&gt; c)",
        "It is there until 2027-06-30; read amount instead",
    ]
    assert "It goes." not in built()["products/credit-profile.html"]


def test_what_a_hostile_document_says_is_text() -> None:
    mesh = variant(
        (CREDIT, "description: One row per credit applicant with", f'description: "{HOSTILE}"\n#'),
        (CREDIT, "    description: One row per credit applicant, curated", f'    description: "{HOSTILE}"\n#'),
        (CREDIT, '"Duration of the credit in months"', f'"{HOSTILE}"'),
        (DOMAIN, "description: Accounts and loans of private customers.", f'description: "{HOSTILE}"'),
        (REPORT, "purpose: Monthly report on the structure of the loan portfolio.", f'purpose: "{HOSTILE}"'),
        ("lf-tags/sensitivity.yaml", "description: How much harm", f'description: "{HOSTILE}"\n#'),
    )
    files = dict(site(mesh, Choices(TODAY)))
    plain = built()
    for name in (
        "index.html",
        "products/credit-profile.html",
        "columns/credit-profile.credit_card.html",
        "domains/consumer-banking.html",
        "tags/sensitivity.html",
    ):
        assert elements(files[name]) == elements(plain[name])
        assert "<script>alert" not in files[name]
    data = data_of(files)
    assert any("<script>" in said for said in data["description"])


@pytest.mark.parametrize(
    "words", [HOSTILE, "\u202egpj.exe\u202c", "\x1b[31m\x00", "{% include 'x' %}{{ mesh }}", "x" * 50_000]
)
def test_what_others_put_into_the_history_the_forge_and_aws_is_text(words: str) -> None:
    plain = grown()
    for name, text in grown(words).items():
        if name.endswith(".html"):
            assert elements(text) == elements(plain[name]), name
            assert "<script>alert" not in text
            assert len(text) < len(plain[name]) + 40_000, "a page of one word that long is laid out for minutes"


def test_a_link_of_a_pull_request_leads_nowhere_else_than_it_may() -> None:
    links = [attributes.get("href") for tag, attributes in Elements(grown()["requests.html"]).found if tag == "a"]
    assert "https://github.com/bank/mesh/pull/9" in links
    assert not [link for link in links if (link or "").startswith("javascript")]


def test_what_was_not_asked_is_told_as_not_seen() -> None:
    files = built()
    assert "What AWS has was not looked at." in files["index.html"]
    assert "kept was not seen" in files["products/credit-profile.html"]
    assert '<td class="day">not seen</td>' in files["products/credit-profile.html"], "last use"
    assert "Not seen: build the site with" in files["changes.html"]
    assert not {"drift.html", "requests.html", "history.html"} & files.keys()


def test_what_was_measured_is_on_the_page_and_in_the_search() -> None:
    files = grown()
    page = " ".join(files["products/credit-profile.html"].split())
    assert "The newest data came 2026-11-13 06:00 UTC, 9 days ago." in page
    assert "RowCount = 1000 does not hold" in page
    assert "analytics-coe/data-scientist may read 1 more column of credit-card.credit_card (age)" in page
    assert "2026-11-03 08:00" in page
    assert "portfolio-report</td></tr>" in page, "whom the change of a type broke"
    assert "newer ones may be there, not seen" in files["products/fund-prices.html"]
    assert "was not seen: s3.ListObjectsV2: AccessDenied" in files["products/deal-pipeline.html"]
    data = data_of(files)
    states = {name: data["words"]["promises"][n] for name, n in zip(data["name"], data["promises"], strict=True)}
    assert states == {"credit-profile": "broken", "deal-pipeline": "not seen", "fund-prices": "not seen"}


def test_policies_with_what_breaks_them_and_what_is_excepted() -> None:
    page = grown()["policies.html"]
    assert "subscription credit-risk-model: It runs too long." in page
    assert "Excepted until 2027-01-31: name=portfolio-report." in page


def test_no_page_has_scripts_or_styles_of_its_own_or_asks_another_site() -> None:
    for name, text in built(new_file="https://github.com/bank/mesh/new/main?filename={path}&value={text}").items():
        if name.endswith(".html"):
            assert "default-src 'self'" in text
            for tag, attributes in Elements(text).found:
                assert not [each for each in attributes if each.startswith("on") or each == "style"], (name, tag)
                for word in ("src", "href", "action"):
                    assert not re.match(r"(https?:)?//|javascript:|data:", attributes.get(word) or ""), (name, tag)
                assert tag not in ("style", "iframe", "object", "base")
                assert tag != "script" or attributes.get("src")


def test_the_public_site_names_no_reader() -> None:
    private = {
        *NAMES,
        "333333333333",
        "ada",
        "eve",
        "ines",
        "apply-bot",
        "bank.example",
        "Let analytics",
        "It runs too long",
        "consumer-banking-steward",
        "rl_credit-card",
    }
    for files in (built(public=True), grown(public=True)):
        assert not {"drift.html", "requests.html", "history.html", "consumers/analytics-coe.html"} & files.keys()
        for name, text in files.items():
            if not name.endswith((".css", "ask.js", "site.js", ".min.js", ".txt")):
                assert not [each for each in private if re.search(rf"\b{re.escape(each)}\b", text)], name
    assert ">Product credit-profile</a> was changed" in grown(public=True)["changes.html"]
    assert "promises broken" in grown(public=True)["index.html"]


def test_little_javascript() -> None:
    assert sum(len(text) for name, text in built().items() if name.endswith(".js") and name != "data.js") < 30_000


def test_without_jinja_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from reconciler.errors import MeshformError

    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MeshformError, match="The site needs Jinja"):
        built()
