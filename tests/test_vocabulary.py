"""One word for each thing: words that were given up for the field's own are used nowhere any more."""

from __future__ import annotations

import io
import re
import subprocess
import tokenize
from collections.abc import Collection, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]

GIVEN_UP = {
    "crowned": "with_outcome_banner",
    "furnish": "seed_roles",
    "furniture": "seed_roles",
    "guests": "unmanaged_parts",
    "purse": "grant_set",
    "purses": "grant_sets",
    "shelf": "parse_cache",
    "shelves": "parse_cache",
    "telling": "notifications",
    "vacant": "has_nothing_managed",
}
"""Words that stand in no name at all, with the one that took their place."""

RENAMED = {
    "at_once": "concurrent_map",
    "carry_out": "apply_reviewed",
    "comes_with": "implied_by",
    "done_if": "success_errors",
    "held_to": "restrict_to_reviewed",
    "land_of": "ownership_of",
    "moto_side": "moto_bridge",
    "require_sight": "require_visibility",
    "settle": "merge_unmanaged",
    "world_of": "principal_directory",
    "Cell": "Placement",
    "Draft": "UncheckedMesh",
    "Estate": "AccessState",
    "Holding": "EffectiveGrant",
    "Land": "Ownership",
    "Portion": "ReadScope",
}
"""Whole names that are gone from the product; some mean another thing in the tests or in the sandbox."""

PRODUCT = [path for path in (ROOT / "reconciler").rglob("*.py") if "sandbox" not in path.parts]
PROSE = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def names(path: Path, among: Collection[str]) -> Iterator[str]:
    """Every name in a module; none where not one of these words stands in its text."""
    text = path.read_text(encoding="utf-8")
    if any(word.lower() in text.lower() for word in among):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME:
                yield token.string


def words(name: str) -> set[str]:
    """The words of a name: `GrantSetKey` and `grant_set_key` have the same."""
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_"))


def tracked() -> list[Path]:
    """The modules of the repository, tests and benchmarks included."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).exists()]


def test_no_name_has_a_word_that_was_given_up() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}, say {GIVEN_UP[word]}"
        for path in tracked()
        if path != Path(__file__)
        for name in names(path, GIVEN_UP)
        for word in words(name) & GIVEN_UP.keys()
    }
    assert not found


def test_no_module_of_the_product_has_a_name_that_was_given_up() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}, say {RENAMED[name]}"
        for path in PRODUCT
        for name in names(path, RENAMED)
        if name in RENAMED
    }
    assert not found


def test_no_page_has_a_word_that_was_given_up() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {word}, say {GIVEN_UP[word]}"
        for path in PROSE
        for word in set(re.findall(r"[a-z]+", path.read_text(encoding="utf-8").lower())) & GIVEN_UP.keys()
    }
    assert not found
