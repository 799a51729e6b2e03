"""A label is lowered where the order of the mesh's key says so, in whatever case, and where a column becomes a key."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from reconciler.kinds import addresses
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.resource import Resource
from reconciler.plan.labels import PARTITION_KEY, Relabelled, lowered
from reconciler.spec.approval import levels
from tests.estate import CENTRAL, bank, placement, specs, variant

VALUES = ("public", "internal", "confidential", "restricted", "unheard-of", "unknown")
HIGHEST = 4
"""What the mesh does not know counts as higher than all it knows."""


def tag(value: str, key: str = "sensitivity", column: str = "age") -> Resource[TagAssignment]:
    place = Place("credit-card", "credit_card", column)
    return Resource(addresses.tag_assignment(placement(CENTRAL), place, key), TagAssignment(place, key, value))


def table(*keys: str, name: str = "credit_card") -> Resource[Table]:
    (spec,) = (each.spec for each in specs("table").values() if each.spec.table == "credit_card")
    columns = tuple(replace(spec.columns[0], name=each) for each in keys)
    made = replace(spec, table=name, partition_keys=columns)
    return Resource(addresses.table(placement(CENTRAL), spec.database, name), made)


def told(*changes: Change) -> list[tuple[str, str, str]]:
    return [(each.column[2], each.old, each.new) for each in lowered(iter(changes), bank()).values()]


@pytest.mark.parametrize(("old", "new"), [*product(VALUES, VALUES)])
def test_by_the_order_of_the_key(old: str, new: str) -> None:
    assert levels(bank()) == VALUES[:HIGHEST]
    goes_down = min(VALUES.index(old), HIGHEST) > min(VALUES.index(new), HIGHEST)
    for one, other, key in ((old, new, "sensitivity"), (old.title(), new.upper(), "SENSITIVITY")):
        assert told(Update(tag(one, key), tag(other, key))) == ([("age", one, other)] if goes_down else [])


@pytest.mark.parametrize("label", VALUES)
def test_a_column_that_becomes_a_partition_key_has_no_label_any_more(label: str) -> None:
    gone, key = Delete(tag(label)), Update(table(), table("age"))
    assert told(gone, key) == told(key, gone) == [("age", label, PARTITION_KEY)]
    assert told(gone) == []
    assert told(gone, Update(table(), table("sex"))) == []
    assert told(gone, Update(table(name="other"), table("age", name="other"))) == []


def test_of_nothing_but_the_label_of_a_column() -> None:
    place = Place("credit-card", "credit_card", "age")
    found = lowered([Update(tag("restricted"), tag("public"))], bank())
    assert found == {
        tuple(place): Relabelled((place.database, place.table, place.column), "restricted", "public", None)
    }
    others = (
        Update(tag("restricted", "domain"), tag("public", "domain")),
        Update(tag("restricted", column=""), tag("public", column="")),
        Delete(tag("restricted", "domain")),
        Create(tag("public")),
        Update(table(), table("age")),
    )
    assert told(*others) == []
    assert told(*others, Update(tag("internal"), tag("public"))) == [("age", "internal", "public")], "they hide nothing"


def test_without_an_order_no_label_is_lower_than_another() -> None:
    unordered = variant(("lf-tags/sensitivity.yaml", "ordered: true\n", ""))
    assert lowered([Update(tag("restricted"), tag("public"))], unordered) == {}
