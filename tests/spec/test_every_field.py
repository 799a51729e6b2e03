"""Every field of every document at its longest and oddest: refused with a sentence, or taken by AWS's own models."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Literal, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from reconciler.kinds import roles
from reconciler.spec.checks.duplicates import _own_roles
from reconciler.spec.language.fields import plain
from reconciler.spec.language.json_schema import schemas
from reconciler.spec.language.registry import document_types
from reconciler.spec.mesh import Mesh
from reconciler.spec.unchecked_mesh import UncheckedMesh
from tests.spec import model, mutants
from tests.spec.small import DOMAIN, LAB, PRODUCT, STUDY, TODAY, changed, loaded

LENGTHS = (50, 51, 64, 65, 128, 129, 255, 256, 2048, 2049, 16384, 16385)
ODD = (
    "größe",
    "\u6f22\u5b57",
    "STREET",
    "a b",
    "a\nb",
    "a\r\nb\n",
    "a\tb",
    "a\x07b",
    "a\x85b",
    "a\u2028b",
    "a\U0001f600b",
    "a'b\"c`d",
    "aws:thing",
    "-",
    "1",
    " a",
    "a,b;c:d",
    "a/../b",
    "{a}",
    "<a>&",
    "a\\b",
)


def holds(where: mutants.Where, text: str) -> None:
    found = mutants.changed(where, text)
    if found.mesh is None:
        assert any(finding.severity == "error" and finding.origin for finding in found.findings)
        return
    is_taken(found.mesh, where, text)


def is_taken(mesh: Mesh, where: mutants.Where, text: str) -> None:
    for call in mutants.new_calls(mesh):
        assert list(model.faults(call)) == [], (where, text[:60], call.operation)


def test_the_mesh_as_it_is_is_taken() -> None:
    mesh = mutants.whole().mesh
    assert mesh is not None
    assert [fault for call in mutants.calls(mesh) for fault in model.faults(call)] == []


@pytest.mark.parametrize("kind", sorted({path.split("/")[0] for path, _ in mutants.texts()}))
def test_every_field_may_be_as_long_as_the_language_says(kind: str) -> None:
    """The longest text of each kind of sign that the language takes for a field is one that AWS takes."""
    for where in mutants.texts():
        if where[0].split("/")[0] == kind and (found := longest(where)):
            is_taken(found[1], where, found[0])


def longest(where: mutants.Where) -> tuple[str, Mesh] | None:
    """The longest text that the language takes there, and the mesh with it. What takes a text takes a shorter one."""
    readable = [*takewhile(lambda text: mutants.is_read(where, text), ("a" * length for length in LENGTHS))]
    for text in reversed(readable):
        if found := mutants.changed(where, text).mesh:
            return text, found
        if text == readable[-1] and mutants.changed(where, readable[0]).mesh is None:
            return None  # Most such texts are names of something, and no other text stands for it.
    return None


def test_nothing_that_people_write_has_to_be_long() -> None:
    """So that what refuses the shortest of these texts refuses all of them."""
    assert max(map(int, re.findall(r'"minLength": (\d+)', json.dumps(schemas())))) < LENGTHS[0]


@settings(max_examples=200, deadline=None)
@given(where=st.sampled_from(mutants.texts()), text=st.sampled_from(ODD), behind=st.booleans())
def test_every_field_may_be_as_odd_as_the_language_says(where: mutants.Where, text: str, behind: bool) -> None:
    holds(where, mutants.text_at(where) + text if behind else text)


#: What the documents of the law do not write, and why.
NOT_WRITTEN = {
    "Consumer.principals.*.centerUser": "a second principal of the same sort as `group`",
    "Consumer.principals.*.centerUserName": "a name in the place of `centerUser`",
    "Consumer.principals.*.groupName": "a name in the place of `group`",
    "Product.catalog": "a database in a catalog within the account's is found there, never made",
    "Product.pattern": "of a part of a database, which is found there",
    "Product.tables.*.contract": "the path of a file beside the document",
    "Subscription.tables.*.exclude.*": "only within the central account",
    **{
        f"Adopted.optIns.*.resource.{field}": "an opt-in is on a database or a table"
        for field in ("columns.*", "exclude.*", "expression", "filter", "location", "other", "tags.*.*")
    },
}


def test_every_text_of_the_language_is_written_somewhere() -> None:
    """A new field is in the laws above because it has to stand in their documents."""
    ways = {(str(mutants.trees()[path]["kind"]), *(_step(step) for step in way)) for path, way in mutants.texts()}
    missing = {".".join(field) for field in text_fields() if not any(_fits(field, way) for way in ways)}
    assert missing == set(NOT_WRITTEN)


def _step(step: str | int) -> str:
    return "*" if isinstance(step, int) or step.startswith("key:") else step


def _fits(field: tuple[str, ...], way: tuple[str, ...]) -> bool:
    return len(field) == len(way) and all(one in ("*", other) for one, other in zip(field, way, strict=True))


def text_fields() -> set[tuple[str, ...]]:
    """The way to each text of each kind of document; * for any entry or key."""
    return {way for kind, document in document_types().items() for way in _texts_of(document, (kind,))}


def _texts_of(annotation: object, way: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    here = plain(annotation)
    origin, arguments = get_origin(here), get_args(here)
    if origin is tuple:
        yield from _texts_of(arguments[0], (*way, "*"))
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        yield from _texts_of(arguments[1], (*way, "*"))
    elif isinstance(here, type) and issubclass(here, BaseModel):
        for name, field in here.model_fields.items():
            yield from _texts_of(field.annotation, (*way, field.alias or name))
    elif origin is not None and origin is not Literal:
        for each in arguments:
            yield from _texts_of(each, way)
    elif here is str:
        yield way


def test_names_may_all_be_as_long_as_they_can_be_at_once() -> None:
    """Roles, rules, rulesets, filters, topics and workgroups have names of several names."""
    n50, n255, n64 = "n" * 50, "t" * 255, "r" * 64
    job = "curation: {glueJob: {script: 's3://sales-data/jobs/x.py', sources: [raw]}}\n"
    files = changed(
        ("mesh.yaml", "name: demo", f"name: {n50}"),
        ("mesh.yaml", "", f"journal: {{bucket: evidence-of-runs}}\ntags: {{{'k' * 128}: {'v' * 256}}}\n"),
        (PRODUCT, "name: orders", f"name: p{n50[1:]}"),
        (
            PRODUCT,
            "  - name: order\n",
            f"  - name: {n255}\n    location: order\n    quality: [{{rule: RowCount > 1}}]\n",
        ),
        (PRODUCT, "database: orders", f"database: {'d' * 252}"),
        (PRODUCT, "", f"crawler: {{schedule: cron(0 4 * * ? *)}}\n{job}"),
        (PRODUCT, "description: What customers ordered.", f"description: {'x' * 2048}"),
        (DOMAIN, "", "bucket: sales-data\nstewards: [steward]\n"),
        (LAB, "{name: analyst, role: analyst}", f"{{name: a{n50[1:]}, role: {n64}, create: true}}"),
        (LAB, "", "workgroup: {resultsBucket: results-of-lab}\nnotify: {emails: [lab@example.com]}\n"),
        (STUDY, "name: study", f"name: s{n50[1:]}"),
        (STUDY, "product: sales/orders", f"product: sales/p{n50[1:]}"),
        (STUDY, "clearance: {sensitivity: [internal]}", f"tables: [{{name: {n255}, rows: amount > 1}}]"),
        (STUDY, "[analyst]", f"[a{n50[1:]}]"),
    )
    found = loaded(files)
    assert found.mesh is not None, found.findings
    requests = list(mutants.calls(found.mesh))
    assert [fault for call in requests for fault in model.faults(call)] == []
    assert {call.operation for call in requests} >= {
        "CreateRole",
        "PutRule",
        "CreateDataQualityRuleset",
        "CreateCrawler",
    }


def test_the_language_knows_the_names_of_the_roles_that_are_made_for_meshforms_own_work() -> None:
    mesh = mutants.whole().mesh
    assert mesh is not None
    written = {name for account in mesh.accounts.values() for name in (*account.admins, *account.stewards)}
    written |= {name for domain in mesh.domains.values() for name in domain.stewards}
    written |= {each.role for product in mesh.products.values() for each in product.writers}
    written |= {each.role or "" for consumer in mesh.consumers.values() for each in consumer.principals}
    made = {role.name for role in roles.of(mesh)} - written
    named = (*mesh.domains.values(), *mesh.products.values(), *mesh.accounts.values())
    entries = [("", each) for each in (mesh.settings, *named)]
    assert made
    assert made <= _own_roles(UncheckedMesh(tuple(entries), frozenset(), TODAY))
