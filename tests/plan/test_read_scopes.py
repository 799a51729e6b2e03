"""What a change can touch, worked out without AWS: a plan from that alone has the steps of a plan from everything.

`test_changed.py` holds the same with calls, in a simulated AWS.
"""

from __future__ import annotations

from functools import cache

import pytest

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.model.address import Placement
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.changed import read_scope_of
from reconciler.plan.compile import compile_mesh
from reconciler.spec.mesh import Mesh
from tests.estate import variant
from tests.plan.test_changed import CHANGES, CONSUMER, WATCHED, meant


@cache
def base() -> Mesh:
    return variant(WATCHED)


BOTH_WAYS = ("a new key", "a new account", "another place", "a region more", "a value of a tag", "a new subscription")


@pytest.mark.parametrize(
    ("name", "back"), [*((name, False) for name in CHANGES), *((name, True) for name in BOTH_WAYS)]
)
def test_the_steps_are_those_of_a_plan_from_everything(name: str, back: bool) -> None:
    old, new = (meant(name), base()) if back else (base(), meant(name))
    kinds, everything = registry(), compile_mesh(old, registry())
    read = read_scope_of("main", old, new, kinds)
    assert read is not None
    listed: dict[tuple[str, Placement], list[Placement]] = {}
    for kind in kinds.values():
        for place in kind.placements(new):
            for shown in kind.covers(place, new):
                listed.setdefault((kind.name, shown), []).append(place)
    # An account that left, or a region, is not read any more.
    shown_by = {
        each: places
        for each in everything.values()
        if (places := listed.get((each.address.kind, each.address.placement)))
    }
    seen = [
        each
        for each, places in shown_by.items()
        if any(read.has((each.address.kind, place), kinds[each.address.kind].listed_by(each)) for place in places)
    ]
    whole = pipeline.review(new, observation=Observation(Snapshot(shown_by)))
    part = pipeline.review(new, observation=Observation(Snapshot(seen), (), read))
    assert {step.digest for step in part.steps} == {step.digest for step in whole.steps}
    assert len(seen) < len(everything), "something has nothing to do with it"


def test_a_change_of_words_touches_nothing() -> None:
    words = variant(WATCHED, (CONSUMER, "description: ", "description: More about it. "))
    read = read_scope_of("main", base(), words, registry())
    assert read is not None
    assert read.places == {}
    assert read_scope_of("main", base(), variant(), registry()) is None, "what holds for the whole mesh"
