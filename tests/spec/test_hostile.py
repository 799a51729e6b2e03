"""Documents of a megabyte that would make a careless check take hours."""

from __future__ import annotations

import pytest

from reconciler.spec.yaml.source import MAX_BYTES
from tests.counted import calls, work
from tests.spec.small import FILES, LAB, PRODUCT, STUDY, changed, loaded, said

MANY = 20_000
CLEARANCE = "clearance: {sensitivity: [internal]}"
COLUMNS = "      - {name: amount, type: int}\n"


def names(prefix: str, count: int) -> str:
    return ", ".join(f"{prefix}{number}" for number in range(count))


def hostile(many: int) -> dict[str, list[tuple[str, str, str]]]:
    """Edits that make a document of as many entries, by what is hostile in it."""
    renamed = ", ".join(f"o{number}: c{number}" for number in range(many // 2))
    curation = (
        f"curation: {{dataBrew: {{source: {{location: raw}}, recipe: [{{rename: {{{renamed}}}}}], output: order}}}}\n"
    )
    principals = "".join(f"  - {{name: p{number}, role: r}}\n" for number in range(many))
    columns = "".join(f"      - {{name: c{number}, type: int}}\n" for number in range(many))
    return {
        "unknown names among many": [(LAB, "", principals), (STUDY, "[analyst]", f"[{names('q', many)}]")],
        "known names among many": [(LAB, "", principals), (STUDY, "[analyst]", f"[{names('p', many)}]")],
        "columns of a wide table": [
            (PRODUCT, COLUMNS, columns),
            (STUDY, CLEARANCE, f"tables: [{{name: order, columns: [{names('c', many)}]}}]"),
        ],
        "a table shared again and again": [
            (PRODUCT, COLUMNS, columns),
            (STUDY, CLEARANCE, f"tables: [{', '.join(['{name: order, columns: [id]}'] * many)}]"),
        ],
        "a permission again and again": [
            (
                STUDY,
                CLEARANCE,
                f"tables: [{{name: order, columns: [id]}}]\npermissions: [{', '.join(['ALTER'] * many)}]",
            )
        ],
        "every entry wrong": [(LAB, "principals:\n", f"admins: [{', '.join(['1'] * many * 10)}]\nprincipals:\n")],
        "every field unknown": [(LAB, "", "".join(f"f{number}: 1\n" for number in range(many * 3)))],
        "a filter of brackets": [(STUDY, CLEARANCE, f"tables: [{{name: order, rows: '{'(' * 25 * many}'}}]")],
        "a type of brackets": [
            (PRODUCT, "{name: amount, type: int}", f"{{name: amount, type: '{'array<' * 5 * many}'}}")
        ],
        "a renaming of many columns": [(PRODUCT, COLUMNS, columns), (PRODUCT, "", curation)],
    }


@pytest.mark.parametrize("name", hostile(1))
def test_a_hostile_document_of_four_times_the_size_is_four_times_the_work(name: str) -> None:
    small, large = (changed(*hostile(many)[name]) for many in (MANY // 32, MANY // 8))
    once, often = (work(lambda files=files: said(files)) for files in (small, large))  # type: ignore[misc]
    # What sorts grows a little faster than its input; what compares each with each would take sixteen times as long.
    assert often < 5 * once + 1000, f"{often / once:.1f} times the work"


@pytest.mark.soak
@pytest.mark.parametrize("name", hostile(1))
def test_a_hostile_document_of_a_megabyte_is_judged(name: str) -> None:
    """Calls of functions do not count what a list looks through: what takes hours is seen by waiting."""
    files = changed(*hostile(MANY)[name])
    assert max(len(text) for text in files.values()) <= MAX_BYTES
    said(files)


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


def test_a_long_list_without_a_mistake_is_validated_once() -> None:
    """Only where something is wrong its beginning is looked at alone."""
    columns = "".join(f"      - {{name: c{number}, type: int}}\n" for number in range(3000))
    files = changed((PRODUCT, COLUMNS, columns))
    assert len(files[PRODUCT]) > 64 * 1024
    counted = calls(lambda: loaded(files))
    assert sum(often for name, often in counted.items() if "'validate_python'" in name) == len(files)
