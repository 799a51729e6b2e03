"""A label is lowered where the order of the mesh's key says so, in whatever case, and where a column becomes a key.

Also one that a column inherits: of its table, else of its database.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from reconciler.kinds import addresses
from reconciler.kinds.glue.table import Table
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.lakeformation.taggable import Place
from reconciler.model.change import Change, Create, Delete, Update
from reconciler.model.resource import Resource, Snapshot
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
    return [(each.column[2], each.old, each.new) for each in lowered(iter(changes), Snapshot(), bank()).values()]


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
    found = lowered([Update(tag("restricted"), tag("public"))], Snapshot(), bank())
    assert found == {
        tuple(place): Relabelled((place.database, place.table, place.column), "restricted", "public", None)
    }
    others = (
        Update(tag("restricted", "domain"), tag("public", "domain")),
        Delete(tag("restricted", "domain")),
        Create(tag("public")),
        Update(table(), table("sex")),
    )
    assert told(*others) == []
    assert told(*others, Update(tag("internal"), tag("public"))) == [("age", "internal", "public")], "they hide nothing"
    assert told(Update(tag("restricted", column=""), tag("public", column=""))) == [], "no column inherits it"


def test_without_an_order_no_label_is_lower_than_another() -> None:
    unordered = variant(("lf-tags/sensitivity.yaml", "ordered: true\n", ""))
    assert lowered([Update(tag("restricted"), tag("public"))], Snapshot(), unordered) == {}


PLACES = (Place("credit-card", "credit_card", "age"), Place("credit-card", "credit_card"), Place("credit-card"))
LABELS = ("", "internal", "restricted")
COLUMNS = ("age", "sex")
Worn = tuple[str, str, str]
"""The labels of a column, its table and its database; empty where there is none."""


def labels(worn: Worn) -> dict[Place, Resource[TagAssignment]]:
    found = {}
    for place, value in zip(PLACES, worn, strict=True):
        address = addresses.tag_assignment(placement(CENTRAL), place, "sensitivity")
        if value:
            found[place] = Resource(address, TagAssignment(place, "sensitivity", value))
    return found


def changes_between(before: Worn, after: Worn) -> list[Change]:
    old, new = labels(before), labels(after)
    gone: list[Change] = [Delete(old[place]) for place in old if place not in new]
    made: list[Change] = [Create(new[place]) for place in new if place not in old]
    return gone + made + [Update(old[place], new[place]) for place in old if place in new and old[place] != new[place]]


@pytest.mark.parametrize("stands", ["before", "after"])
def test_a_column_carries_what_it_inherits(stands: str) -> None:
    """Whatever is changed where, and whether what stays is told by what there was or by what is wanted."""
    whole = table()
    two = replace(
        whole, spec=replace(whole.spec, columns=tuple(replace(whole.spec.columns[0], name=each) for each in COLUMNS))
    )
    for before, after in product(product(LABELS, repeat=3), repeat=2):
        standing = labels(before if stands == "before" else after).values()
        every = changes_between(before, after)
        found = lowered(every, Snapshot((two, *standing)), bank())
        for column in COLUMNS:
            of_it = slice(0 if column == "age" else 1, None)
            old, new = next(filter(None, before[of_it]), ""), next(filter(None, after[of_it]), "")
            each = found.get(("credit-card", "credit_card", column))
            is_lower = LABELS.index(old) > LABELS.index(new) > 0
            assert (each and (each.old, each.new)) == ((old, new) if is_lower else None), (before, after, column)


def test_a_column_that_goes_or_comes_is_not_lowered() -> None:
    (was,) = (each for each in specs("table").values() if each.spec.table == "credit_card")
    left = replace(was, spec=replace(was.spec, columns=tuple(each for each in was.spec.columns if each.name != "age")))
    old, new = labels(("restricted", "internal", "")), labels(("", "internal", ""))
    gone = Delete(old[PLACES[0]])
    assert not lowered([gone, Update(was, left)], Snapshot((was, *old.values())), bank())
    assert not lowered([gone, Delete(was)], Snapshot((was, *old.values())), bank())
    assert lowered([gone], Snapshot((was, *old.values())), bank())
    changes = changes_between(("", "restricted", ""), ("", "internal", ""))
    assert not lowered([*changes, Create(was)], Snapshot((was, *new.values())), bank())
