"""Outputs: whatever texts stand in a valid mesh, everything that shows it is written, and nothing of them acts."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from typing import Any

import yaml

from reconciler.access import evaluate, principal_directory
from reconciler.audit import html
from reconciler.audit.documents import exceptions_report, policies_report, subscriptions_report
from reconciler.audit.report import Part
from reconciler.catalog.listing import LISTS, records, table_of
from reconciler.catalog.shown import lines as shown_lines
from reconciler.catalog.shown import shown
from reconciler.catalog.site.choices import Choices
from reconciler.catalog.site.render import site
from reconciler.expiry import expiry, to_be_ended
from reconciler.exports import dprod, oaas, odcs, odps, openlineage
from reconciler.kinds import registry
from reconciler.model.plain_json import plain_json
from reconciler.model.resource import Observation, Snapshot
from reconciler.owners.codeowners import Handles, codeowners
from reconciler.pipeline import review
from reconciler.plan.compile import compile_mesh
from reconciler.plan.review import Review
from reconciler.report import drift_issue
from reconciler.report import expiry as ends
from reconciler.report.annotations import workflow_commands
from reconciler.report.comment import Where, comment
from reconciler.report.drift import Drift, drift_json
from reconciler.report.drift_text import drift_text
from reconciler.report.hints import finding_text
from reconciler.report.json_v1 import plan_json
from reconciler.report.sarif import sarif
from reconciler.report.table import table_csv, table_markdown, table_text
from reconciler.report.text import plan_text
from reconciler.spec.document_loader import read
from reconciler.spec.load import load
from reconciler.spec.mesh import Mesh
from reconciler.spec.rule import rules
from reconciler.spec.yaml.source import Source
from tests.estate import TODAY
from tests.fuzz.forms import yaml_text
from tests.fuzz.target import Target, is_clean
from tests.report.test_markdown import HOSTILE, rendered
from tests.spec.small import FILES

_TAGS = {
    "p", "ul", "ol", "li", "strong", "em", "code", "pre", "h3", "h4", "details", "summary", "table", "thead", "tbody",
    "tr", "th", "td", "blockquote", "br", "hr", "sub", "a",
}  # fmt: skip
_AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def output(data: bytes) -> str:
    """Pairs of a field's number and a text; the mesh with these texts in those fields, in every voice that we have."""
    try:
        pairs = plain_json(data)
        chosen = {_ways()[int(at) % len(_ways())]: str(text) for at, text in pairs}
    except (ValueError, TypeError, OverflowError, RecursionError):
        return "no pairs"
    trees = copy.deepcopy(_trees())
    for (path, *way), text in chosen.items():
        _put(trees[str(path)], way, text)
    sources = [Source(path, _yaml(tree), "mesh") for path, tree in trees.items()]
    found = load(sources, TODAY)
    for finding in found.findings:
        _hold_line(finding_text(finding))
        for line in workflow_commands([finding]):
            _hold_line(line)
    json.dumps(sarif(found.findings, rules()), ensure_ascii=False).encode()
    if found.mesh is None:
        return f"refused: {found.findings[0].rule}"
    _hold(found.mesh)
    return "shown"


def _hold(mesh: Mesh) -> None:
    before = _base()
    offline = review(mesh, base=before, base_name="main")
    planned = review(mesh, observation=Observation(Snapshot()), base=before, base_name="main")
    for each in (offline, planned, review(before, base=mesh, base_name="main")):
        _hold_review(each)
    drift = Drift(planned)
    _hold_lines(drift_text(drift, 2))
    _hold_line(drift_issue.title(drift))
    _hold_markdown(drift_issue.body("mesh", drift, "https://github.com/acme/mesh/actions/runs/1"))
    json.dumps(drift_json(drift), default=str, ensure_ascii=False).encode()
    _hold_lists(mesh)
    _hold_exports(mesh)
    for public in (False, True):
        for name, text in site(mesh, Choices(TODAY, public=public)):
            _hold_page(name, text, _shapes(public))
    for made in (subscriptions_report, exceptions_report, policies_report):
        page = html.page(made(mesh, TODAY, Part()))
        _hold_page(made.__name__, page, _elements(html.page(made(before, TODAY, Part()))))
    _hold_lines(codeowners(mesh, "mesh", Handles("acme", "governance")).split("\n"))


def _hold_review(made: Review) -> None:
    _hold_lines(plan_text(made, 2))
    _hold_markdown(comment(made, Where("mesh", "a" * 40, files="https://github.com/acme/mesh/blob")))
    json.dumps(plan_json(made), default=str, ensure_ascii=False).encode()


def _hold_lists(mesh: Mesh) -> None:
    for what in LISTS:
        table = table_of(what, records(mesh, what, TODAY))
        _hold_lines(table_text(table))
        _hold_markdown("\n".join(table_markdown(table)))
        table_csv(table).encode()
    found = expiry(mesh, TODAY, 400)
    over = tuple(to_be_ended(mesh, TODAY, 400))
    _hold_lines(ends.expiry_text(found, 400, over))
    for title in (ends.removal_title(found.soon), ends.warning_title(found.soon)):
        _hold_line(title)
    for text in (ends.removal_markdown(found.soon), ends.warning_markdown("<!-- x -->", found.soon)):
        _hold_markdown(text)
    access = evaluate(compile_mesh(mesh, registry()), principal_directory(mesh))
    for name in ("product:orders", "consumer:lab", "subscription:study", "team:sales-team"):
        thing = shown(mesh, access, name, TODAY)
        _hold_lines(shown_lines(thing, 80))
        json.dumps(thing.as_json(), default=str, ensure_ascii=False).encode()


def _hold_exports(mesh: Mesh) -> None:
    for product in mesh.products.values():
        contract = odcs.contract(mesh, product)
        text = yaml.safe_dump(contract, sort_keys=False, allow_unicode=True, width=110)
        again = read(Source("x.yaml", text.encode()))
        assert again.contract is not None, [str(each) for each in again.findings]
        for each in (odps.data_product(mesh, product), openlineage.job_event(mesh, product, _AT)):
            yaml.safe_dump(each, allow_unicode=True).encode()
    json.dumps(dprod.graph(mesh, [*mesh.products.values()]), ensure_ascii=False).encode()
    for subscription in mesh.subscriptions.values():
        for agreement in oaas.agreements(mesh, subscription):
            yaml.safe_dump(agreement, allow_unicode=True).encode()


def _hold_lines(lines: Iterator[str] | list[str]) -> None:
    for line in lines:
        _hold_line(line)


def _hold_line(line: str) -> None:
    assert is_clean(line), f"signs that steer a terminal: {line[:300]!r}"


def _hold_markdown(text: str) -> None:
    for line in text.split("\n"):
        _hold_line(line.replace("\N{ZERO WIDTH SPACE}", ""))
    page = rendered(text)
    assert {*page.tags} <= _TAGS, f"markup from a document: { ({*page.tags} - _TAGS) }"
    assert all(each.strip().startswith(("meshform", "x")) for each in page.comments), page.comments


def _hold_page(name: str, text: str, known: frozenset[tuple[str, ...]]) -> None:
    text.encode()
    if name.endswith((".js", ".css", ".txt")):
        return
    new = _elements(text) - known
    assert not new, f"{name}: elements that no page has of itself: {sorted(new)[:3]}"


def _elements(text: str) -> frozenset[tuple[str, ...]]:
    """Every element with the names of its attributes, and the schemes of where its links lead."""
    found = _Elements()
    found.feed(text)
    return frozenset(found.found)


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, ...]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        links = [str(value).partition(":")[0] for name, value in attrs if name in ("href", "src") and ":" in str(value)]
        self.found.add((tag, *sorted(name for name, _ in attrs), *links))


@cache
def _shapes(public: bool) -> frozenset[tuple[str, ...]]:
    """The elements of a site whose texts are harmless."""
    pages = site(_base(), Choices(TODAY, public=public))
    return frozenset().union(*(_elements(text) for name, text in pages if name.endswith(".html")))


@cache
def _trees() -> Mapping[str, Any]:
    return {path: yaml.safe_load(text) for path, text in _FILES.items()}


@cache
def _base() -> Mesh:
    found = load([Source(path, _yaml(tree), "mesh") for path, tree in _trees().items()], TODAY)
    assert found.mesh is not None, found.findings
    return found.mesh


@cache
def _ways() -> tuple[tuple[str | int, ...], ...]:
    """Every text of the mesh that people are free to choose: where a word is not a name that others use."""
    free = ("description", "purpose", "reason", "ticket", "link", "email", "source", "rows", "by", "github", "message")
    found = [(path, *way) for path, tree in _trees().items() for way in _texts(tree)]
    return tuple(way for way in found if way[-1] in free)


def _texts(tree: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in pairs:
        if isinstance(value, str):
            yield (*way, key)
        yield from _texts(value, (*way, key))


def _put(tree: Any, way: list[str | int], text: str) -> None:
    for step in way[:-1]:
        tree = tree[step]
    tree[way[-1]] = text


def _yaml(tree: Any) -> bytes:
    return yaml_text(tree).encode("utf-8", "replace")


_PRODUCT = """\
source: somebody
freshness: {maxAge: 24h}
"""
_FILES = {
    **FILES,
    "domains/sales/products/orders.yaml": FILES["domains/sales/products/orders.yaml"]
    .replace(
        "    tags: {sensitivity: internal}\n", "    description: One row an order.\n    tags: {sensitivity: internal}\n"
    )
    .replace("{name: amount, type: int}", "{name: amount, type: int, description: In euro.}"),
    "consumers/lab/subscriptions/study.yaml": FILES["consumers/lab/subscriptions/study.yaml"].replace(
        "at: 2026-11-01}", "at: 2026-11-01, ticket: DATA-1}\nexpires: 2027-06-30"
    ),
    "consumers/lab/subscriptions/rows.yaml": """\
apiVersion: meshform/v1
kind: Subscription
name: rows
consumer: lab
product: sales/orders
tables: [{name: order, columns: [id], rows: "amount > 1"}]
principals: [analyst]
purpose: Another study.
approval: {by: sales-team, at: 2026-11-01}
""",
}
_SEEDS = [*HOSTILE, "plain", "é" * 200, "=1+1", "\N{RIGHT-TO-LEFT OVERRIDE}x", "javascript:alert(1)", "{{ 7 * 7 }}"]
TARGETS = (
    Target(
        "output",
        "json",
        output,
        lambda: [
            json.dumps([[at + step, text] for step in range(0, 60, 7)]).encode() for at, text in enumerate(_SEEDS)
        ],
        share=2,
    ),
)
