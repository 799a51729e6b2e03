"""Who is asked where the most sensitive values may come under another column: governance beside the owner."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.owners.approval import demands
from reconciler.spec.approval import most_sensitive_columns
from reconciler.spec.copied_columns import copied_columns
from reconciler.spec.mesh import Mesh
from tests.estate import Edit, edited, variant

CREDIT = "domains/consumer-banking/products/credit-profile.yaml"
CSV = '    format: csv\n    csv: {header: true, delimiter: ","}\n'
PARQUET: Edit = (CREDIT, CSV, "    format: parquet\n")
RECIPE = edited()[CREDIT].partition("curation:\n")[2].partition("approval:")[0]
RENAMES = dict(
    line.strip().split(": ") for line in RECIPE.partition("rename:\n")[2].partition("    output:")[0].splitlines()
)


def curated(names: dict[str, str], *edits: Edit, more: str = "", source: str = "raw/") -> Mesh:
    """The example with another recipe."""
    lines = "".join(f"          {old}: {new}\n" for old, new in names.items())
    recipe = (
        f"  dataBrew:\n    source: {{location: {source}, format: csv}}\n    recipe:\n      - rename:\n{lines}{more}"
    )
    return variant((CREDIT, RECIPE, f"{recipe}    output: credit_card\n"), *edits)


def governed(before: Mesh, after: Mesh) -> list[str]:
    return [each.why for each in demands(before, after) if each.way == "governance"]


@settings(max_examples=15)
@given(st.randoms(use_true_random=False), st.booleans())
def test_governance_is_asked_of_each_sensitive_value_that_another_recipe_moves(random: Random, by_name: bool) -> None:
    edits = (PARQUET,) if by_name else ()
    old, new = sorted(RENAMES), [RENAMES[name] for name in sorted(RENAMES)]
    for _ in range(random.randint(1, 3)):
        one, other = random.sample(range(len(new)), 2)
        new[one], new[other] = new[other], new[one]
    before, after = curated(RENAMES, *edits), curated(dict(zip(old, new, strict=True)), *edits)
    most = {each.partition(".")[2] for each in most_sensitive_columns(before, before.products["credit-profile"])}
    moved = {now: was for now, was in zip(new, (RENAMES[name] for name in old), strict=True) if now != was}
    expected = {
        f"credit_card.{now} would show the values of credit_card.{was}"
        for now, was in moved.items()
        if by_name and was in most and now not in most
    }
    assert {*governed(before, after)} == expected


@pytest.mark.parametrize(
    ("more", "source"),
    [("      - {operation: UPPER_CASE, parameters: {sourceColumn: age}}\n", "raw/"), ("", "other/")],
)
def test_of_other_steps_and_other_files_governance_is_asked(more: str, source: str) -> None:
    (why,) = governed(curated(RENAMES), curated(RENAMES, more=more, source=source))
    assert "credit_card" in why
    assert not governed(curated(RENAMES), curated(RENAMES))


def test_of_settings_of_a_sensitive_table_governance_is_asked() -> None:
    said: Edit = (CREDIT, CSV, f"{CSV}    properties: {{columns: 'a,b'}}\n")
    free: Edit = (CREDIT, CSV, f"{CSV}    properties: {{comment: x, projection.enabled: 'true'}}\n")
    assert governed(variant(), variant(said)) == ["the files of credit_card are read by other settings"]
    assert governed(variant(said), variant()) == ["the files of credit_card are read by other settings"]
    assert not governed(variant(), variant(free))


def copying(column: str, label: str, more: str = "") -> Mesh:
    """A recipe that reads the product's own table and writes one column of it to another."""
    flat = f"  - name: flat\n    description: Copy.\n    tags: {{sensitivity: {label}}}\n"
    flat += "    columns: [{name: a1, type: int}]\n"
    recipe = "  dataBrew:\n    source: {location: credit_card/, format: csv}\n    recipe:\n"
    recipe += f"      - rename: {{{column}: a1}}\n{more}    output: flat\n"
    return variant((CREDIT, RECIPE, recipe), (CREDIT, "  - name: credit_card\n", f"{flat}  - name: credit_card\n"))


ORDER = ["public", "internal", "confidential", "restricted"]


@pytest.mark.parametrize("label", ORDER)
@pytest.mark.parametrize(("column", "has"), [("age", "restricted"), ("amount", "confidential"), ("job", "internal")])
def test_a_copy_of_a_column_has_at_least_its_label_or_governance_says_so(column: str, has: str, label: str) -> None:
    after = copying(column, label)
    lower = ORDER.index(label) < ORDER.index(has)
    copied = copied_columns(after, after.products["credit-profile"])
    assert [(each.column, each.source, each.was) for each in copied] == (
        [("flat.a1", f"credit_card.{column}", has)] if lower else []
    )
    why = f"a recipe makes flat.a1 of credit_card.{column}"
    assert (why in governed(variant(), after)) == (lower and has == "restricted")


def test_where_a_step_may_move_values_the_most_sensitive_ones_may_come() -> None:
    step = "      - {operation: MERGE, parameters: {sourceColumns: age}}\n"
    assert any(
        "may make flat.a1 of credit_card." in why for why in governed(variant(), copying("job", "internal", step))
    )
