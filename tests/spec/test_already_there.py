"""The examples of docs/mesh-language.md about what is already there are valid."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml

from tests.estate import ROOT, edited, mesh_of

PAGE = (ROOT / "docs/mesh-language.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## What is already there")[2].partition("## Contracts")[0]
EXAMPLES: list[Any] = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", SECTION, re.DOTALL)]


def test_each_example_fits_into_the_example_mesh() -> None:
    domain, territory, writers, principals = EXAMPLES
    files = dict(edited())
    _change(files, "mesh.yaml", lambda document: document | territory)
    _change(files, "domains/consumer-banking/products/credit-profile.yaml", lambda document: document | writers)
    people = [each for each in principals["principals"] if each.get("role") != "data-scientist"]
    made = next(each for each in principals["principals"] if each.get("role") == "data-scientist")
    people.append({**made, "name": "more", "role": "more"})
    _change(
        files,
        "consumers/analytics-coe/consumer.yaml",
        lambda document: document | {"principals": [*document["principals"], *people]},
    )
    own = {"account": "banking-data", "owner": "consumer-banking-stewards"}
    mesh = mesh_of({**files, "domains/claims/domain.yaml": yaml.safe_dump(domain | own)})
    assert mesh.domains["claims"].mode_of("location") == "external"
    assert [each.name for each in mesh.products["credit-profile"].writers] == ["dbt", "loader"]
    assert mesh.territory.take_over["bucket"] == ("tf-lake",)
    assert len(mesh.consumers["analytics-coe"].principals) == 7


def _change(files: dict[str, str], path: str, change: Callable[[Any], Any]) -> None:
    files[path] = yaml.safe_dump(change(yaml.safe_load(files[path])), sort_keys=False)
