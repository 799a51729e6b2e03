"""What is filled into a template is read as the text that it is."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from reconciler.scaffold.template import filled

TEMPLATE = 'name: $a\nowner: $a-stewards\nboth: $a/$b\nid: "$b"\nlist: [$a]\nlast: $day\nwords: Why $a is read.\n'


@pytest.mark.parametrize("name", ["orders", "0e0", "1e5", "no", "null", "0x1f", "2026-11-26", "1_000"])
def test_a_name_is_text_whatever_it_looks_like(name: str) -> None:
    text = filled(TEMPLATE, {"a": name, "b": "12", "day": date(2027, 11, 26)})
    read = yaml.safe_load(text)
    assert (read["name"], read["owner"], read["both"], read["id"]) == (name, f"{name}-stewards", f"{name}/12", "12")
    assert read["last"] == date(2027, 11, 26)
    assert read["words"] == f"Why {name} is read."


def test_what_is_plain_stays_plain() -> None:
    assert filled("name: $a\nowner: $a-leads\n", {"a": "orders"}) == "name: orders\nowner: orders-leads\n"
