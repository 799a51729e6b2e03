"""Documents of a megabyte that would make a careless check take hours."""

from __future__ import annotations

import time

import pytest

from reconciler.spec.yaml.source import MAX_BYTES
from tests.spec.small import FILES, LAB, PRODUCT, STUDY, changed, loaded, said

MANY = 20_000
CLEARANCE = "clearance: {sensitivity: [internal]}"
COLUMNS = "      - {name: amount, type: int}\n"


def names(prefix: str, count: int = MANY) -> str:
    return ", ".join(f"{prefix}{number}" for number in range(count))


RENAMED = ", ".join(f"o{number}: c{number}" for number in range(MANY // 2))
CURATION = (
    f"curation: {{dataBrew: {{source: {{location: raw}}, recipe: [{{rename: {{{RENAMED}}}}}], output: order}}}}\n"
)

HOSTILE = {
    "unknown names among many": [
        (LAB, "", "".join(f"  - {{name: p{number}, role: r}}\n" for number in range(MANY))),
        (STUDY, "[analyst]", f"[{names('q')}]"),
    ],
    "known names among many": [
        (LAB, "", "".join(f"  - {{name: p{number}, role: r}}\n" for number in range(MANY))),
        (STUDY, "[analyst]", f"[{names('p')}]"),
    ],
    "columns of a wide table": [
        (PRODUCT, COLUMNS, "".join(f"      - {{name: c{number}, type: int}}\n" for number in range(MANY))),
        (STUDY, CLEARANCE, f"tables: [{{name: order, columns: [{names('c')}]}}]"),
    ],
    "a table shared again and again": [
        (PRODUCT, COLUMNS, "".join(f"      - {{name: c{number}, type: int}}\n" for number in range(MANY))),
        (STUDY, CLEARANCE, f"tables: [{', '.join(['{name: order, columns: [id]}'] * MANY)}]"),
    ],
    "a permission again and again": [
        (STUDY, CLEARANCE, f"tables: [{{name: order, columns: [id]}}]\npermissions: [{', '.join(['ALTER'] * MANY)}]")
    ],
    "every entry wrong": [(LAB, "principals:\n", f"admins: [{', '.join(['1'] * MANY * 10)}]\nprincipals:\n")],
    "every field unknown": [(LAB, "", "".join(f"f{number}: 1\n" for number in range(MANY * 3)))],
    "a filter of brackets": [(STUDY, CLEARANCE, f"tables: [{{name: order, rows: '{'(' * 500_000}'}}]")],
    "a type of brackets": [(PRODUCT, "{name: amount, type: int}", f"{{name: amount, type: '{'array<' * 100_000}'}}")],
    "a renaming of many columns": [
        (PRODUCT, COLUMNS, "".join(f"      - {{name: c{number}, type: int}}\n" for number in range(MANY))),
        (PRODUCT, "", CURATION),
    ],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_judged_in_seconds(name: str) -> None:
    files = changed(*HOSTILE[name])
    assert max(len(text) for text in files.values()) <= MAX_BYTES
    began = time.perf_counter()
    said(files)
    assert time.perf_counter() - began < 20


def test_a_mistake_in_every_entry_of_a_long_list_is_told_of_the_first_ones() -> None:
    text = FILES[PRODUCT].partition("tables:")[0] + "tables:\n" + "- {}\n" * 100_000
    found = loaded({**FILES, PRODUCT: text})
    assert found.mesh is None
    mine = [finding for finding in found.findings if finding.rule == "missing-field"]
    assert [finding.origin.line for finding in mine if finding.origin] == list(range(10, 110))


def test_a_mistake_at_the_end_of_a_long_list_is_told_too() -> None:
    values = "".join(
        f"  - {{value: v{number}, description: what this value is for in the company}}\n" for number in range(3000)
    )
    found = loaded({**FILES, "lf-tags/subject.yaml": FILES["lf-tags/subject.yaml"] + values + "  - {value: Last}\n"})
    assert {finding.rule for finding in found.findings if finding.severity == "error"} == {
        "missing-field",
        "lf-tag-text",
    }
