"""load: everything at once, the same for every order of files and every hash seed, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.spec.document_loader import validated
from reconciler.spec.documents.table import Column
from reconciler.spec.load import load
from reconciler.spec.yaml.source import Source
from reconciler.spec.yaml.source_map import NOWHERE
from tests.spec.small import FILES, LAB, PRODUCT, STUDY, TODAY, changed, loaded, said, sources

BROKEN = changed(
    (PRODUCT, "type: int", "typ: int"),
    (STUDY, "[analyst]", "[analist, other]"),
    (LAB, "account: lab", "account: lob"),
    ("mesh.yaml", "region: eu-west-1", "region: 5"),
    ("accounts/more.yaml", "", "a: [\n"),
    ("lf-tags/subject.yaml", "value: people", "value: trade"),
)


def test_all_errors_are_told_at_once() -> None:
    files = sorted({text.split(":")[0] for text in said(BROKEN)})
    assert files == [
        "mesh/accounts/more.yaml",
        "mesh/consumers/lab/consumer.yaml",
        "mesh/consumers/lab/subscriptions/study.yaml",
        "mesh/domains/sales/products/orders.yaml",
        "mesh/lf-tags/subject.yaml",
        "mesh/mesh.yaml",
    ]


@settings(max_examples=25, deadline=None)
@given(st.permutations(sources(FILES)), st.permutations(sources(BROKEN)))
def test_the_order_of_files_does_not_matter(right: list[Source], wrong: list[Source]) -> None:
    assert load(right, TODAY) == loaded(FILES)
    assert load(wrong, TODAY) == loaded(BROKEN)


COLUMNS = st.fixed_dictionaries(
    {"name": st.sampled_from(("a", "b")), "type": st.sampled_from(("int", 1, True))},
    optional={
        "description": st.sampled_from(("a", "type", "", 1.0)),
        "tags": st.sampled_from(({}, {"a": "b"}, {"a": "b", "b": "a"}, {"b": "a", "a": "b"}, {"a": 1}, ["a"])),
        "retires": st.sampled_from(({"until": "2026-12-01"}, {"until": "2026-12-01", "instead": "b"})),
        "b": st.just("a"),
    },
)


@settings(max_examples=50, deadline=None)
@given(st.lists(COLUMNS, max_size=6))
def test_pieces_that_are_shared_say_what_is_written(written: list[dict[str, Any]]) -> None:
    known: dict[object, object] = {}
    for value in written:
        shared, alone = (validated(Column, value, NOWHERE, known=each) for each in (known, None))
        assert shared == alone
        again = validated(Column, dict(value), NOWHERE, known=known)[0]
        assert again is None or again is validated(Column, dict(value), NOWHERE, known=known)[0]


def test_hash_seeds_do_not_matter() -> None:
    program = (
        "import json, sys\n"
        "from tests.spec.small import said, loaded, FILES\n"
        "print(said(json.load(sys.stdin)), repr(loaded(FILES)))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            input=json.dumps(dict(BROKEN)),
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(outputs) == 1


def test_a_mesh_that_only_warns_is_a_mesh() -> None:
    found = loaded(FILES, date(2099, 1, 1))
    assert found.mesh is not None
    expiring = loaded(changed((STUDY, "", "expires: 2026-11-22\n")), TODAY)
    assert expiring.findings == ()


def test_a_file_that_cannot_be_read_does_not_make_others_wrong() -> None:
    files = changed(("domains/sales/domain.yaml", "owner: sales-team", "owner: [sales-team"))
    assert [text.split("  ")[1] for text in said(files)] == ["yaml-syntax"]
    files = changed((LAB, "owner: lab-team", "ownr: lab-team"))
    assert [text.split("  ")[1] for text in said(files)] == ["missing-field", "unknown-field"]


def test_names_are_not_suggested_without_end() -> None:
    wanted = ", ".join(f"name-{number}" for number in range(3000))
    files = changed((STUDY, "[analyst]", f"[{wanted}]"))
    hints = [text for text in said(files) if "unknown-principal" in text]
    assert len(hints) == 3000


def test_without_a_mesh_document_the_rest_is_checked_too() -> None:
    files = {path: text for path, text in changed((STUDY, "[analyst]", "[nobody]")).items() if path != "mesh.yaml"}
    assert [text.split("  ")[1] for text in said(files)] == ["no-mesh-document", "unknown-principal"]


KINDS = ["Mesh", "Account", "LFTag", "Domain", "Product", "Consumer", "Subscription", "DataContract"]


def _keys() -> list[str]:
    found: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, Mapping):
            found.update(value)
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    for text in FILES.values():
        walk(yaml.safe_load(text))
    return sorted(found)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(KINDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_keys()), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(_keys()), VALUES, max_size=8))
def test_no_document_crashes_the_loader(kind: str, fields: dict[str, Any]) -> None:
    document = yaml.safe_dump({**fields, "apiVersion": "meshform/v1", "kind": kind}, allow_unicode=True)
    found = load([*sources(FILES), Source("x.yaml", document.encode())], TODAY)
    assert all(finding.message and "Traceback" not in finding.message for finding in found.findings)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_no_value_put_into_a_right_document_crashes_the_loader(path: str, data: st.DataObject) -> None:
    document = yaml.safe_load(FILES[path])
    holder, key = data.draw(st.sampled_from(_holders(document)))
    holder[key] = data.draw(VALUES)
    files = {**FILES, path: yaml.safe_dump(document, allow_unicode=True)}
    found = loaded(files)
    assert (found.mesh is None) == any(finding.severity == "error" for finding in found.findings)


def _holders(value: Any) -> list[tuple[Any, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in pairs for found in [(value, key), *_holders(inner)]]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"kind: [", b"[" * 1000, b"kind: " + b"x" * 1000])
def test_bytes_that_are_no_document_are_told_in_sentences(content: bytes) -> None:
    found = load([*sources(FILES), Source("x.yaml", content, "mesh")], TODAY)
    assert found.mesh is None
    assert all(len(finding.message) < 300 for finding in found.findings)
    assert [finding.origin.file for finding in found.findings if finding.origin] == ["mesh/x.yaml"]


def test_a_mesh_without_teams_is_told_once() -> None:
    files = {path: text for path, text in FILES.items() if not path.startswith("teams/")}
    assert said(files) == [
        "mesh/mesh.yaml:1:1  owner-without-team  no Team describes its owners (2 names); add documents to teams/"
    ]


def test_a_team_stands_for_its_address_in_notices() -> None:
    mesh = loaded(changed((PRODUCT, "", "notifications: {owners: [sales-team, x@example.com]}\n"))).mesh
    assert mesh is not None
    owners = mesh.notifications(mesh.products["orders"]).owners
    assert [mesh.email(each) for each in owners] == ["sales@example.com", "x@example.com"]
