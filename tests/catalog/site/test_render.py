"""The pages: everything that documents say is escaped, no page asks another site, and the public ones name nobody."""

from __future__ import annotations

import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest

from reconciler.catalog.site.pages import Choices
from reconciler.catalog.site.render import site
from tests.estate import bank, variant

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
TODAY = date(2026, 11, 22)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \\\"'{{ 7*7 }}</title></script>"


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


def test_every_document_has_its_page_and_every_link_leads_somewhere() -> None:
    files = built()
    assert {
        "index.html",
        "products/credit-profile.html",
        "consumers/analytics-coe.html",
        "tags/sensitivity.html",
    } < set(files)
    for name, text in files.items():
        if not name.endswith(".html"):
            continue
        folder = name.rpartition("/")[0]
        for _, attributes in Elements(text).found:
            said = (attributes.get("href") or attributes.get("src") or "").partition("#")[0]
            if said and not said.startswith("mailto:"):
                path = said.removeprefix("../") if said.startswith("../") else f"{folder}/{said}".lstrip("/")
                assert path in files, f"{name}: {said}"


def test_what_a_hostile_document_says_is_text() -> None:
    mesh = variant(
        (CREDIT, "description: One row per credit applicant with", f'description: "{HOSTILE}"\n#'),
        (CREDIT, "    description: One row per credit applicant, curated", f'    description: "{HOSTILE}"\n#'),
        (CREDIT, '"Duration of the credit in months"', f'"{HOSTILE}"'),
    )
    files = dict(site(mesh, Choices(TODAY)))
    plain = built()
    for name in ("index.html", "products/credit-profile.html"):
        was = [(tag, sorted(attributes)) for tag, attributes in Elements(plain[name]).found]
        assert [(tag, sorted(attributes)) for tag, attributes in Elements(files[name]).found] == was
        assert "<script>alert" not in files[name]
    data = json.loads(files["data.js"].removeprefix("var meshformData=").rstrip().removesuffix(";"))
    assert any("<script>" in said for said in data["description"])


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
    text = "\n".join(text for name, text in built(public=True).items() if not name.endswith((".css", "ask.js")))
    for name in ("analytics-coe", "data-scientist", "credit-risk-model", "Train and serve"):
        assert name not in text.replace("analytics-coe-leads", "")


def test_little_javascript() -> None:
    assert sum(len(text) for name, text in built().items() if name.endswith(".js") and name != "data.js") < 30_000


def test_without_jinja_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from reconciler.errors import MeshformError

    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(MeshformError, match="The site needs Jinja"):
        built()
