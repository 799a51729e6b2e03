"""A label is lowered by the order before a change or after it: none that takes the order away hides what it lowers."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.model.change import Update
from reconciler.model.finding import Finding
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.labels import lowered
from reconciler.spec.mesh import Mesh
from tests.estate import bank, edited, example, mesh_of, variant
from tests.plan.test_gates import DEALS, PROFILE, subscription, wanted
from tests.plan.test_labels import tag

TAG = "lf-tags/sensitivity.yaml"
VALUES = ("public", "internal", "confidential", "restricted")
LINES = {value: next(line for line in example()[TAG].splitlines() if f"value: {value}," in line) for value in VALUES}
AGE = '        description: "Age in years"\n        tags: {sensitivity: restricted}'


def with_order(order: Sequence[str], *, ordered: bool = True) -> Mesh:
    """The example with the values of its labels in another order, or in none."""
    text = example()[TAG]
    block = "\n".join(LINES[value] for value in VALUES)
    text = text.replace(block, "\n".join(LINES.get(value, f"  - {{value: {value}}}") for value in order))
    return mesh_of({**example(), TAG: text if ordered else text.replace("ordered: true\n", "")})


ORDERS = {order: with_order(order) for seed in range(5) for order in [tuple(Random(seed).sample(VALUES, len(VALUES)))]}
ORDERS[VALUES] = bank()
NONE = with_order(VALUES, ordered=False)
ANY = st.sampled_from((*ORDERS, ()))


@given(was=ANY, now=ANY, old=st.sampled_from(VALUES), new=st.sampled_from((*VALUES, "unheard-of")))
def test_what_either_order_calls_lower_is_lowered(was: Sequence[str], now: Sequence[str], old: str, new: str) -> None:
    before, after = (ORDERS.get(tuple(each), NONE) for each in (was, now))
    found = lowered([Update(tag(old), tag(new))], Snapshot(), after, before)
    orders = [each for each in (was, now) if each]
    if any(new in each and each.index(new) < each.index(old) for each in orders):
        assert found
    elif new in VALUES:
        assert not found
    else:
        assert bool(found) == (bool(was) and not now), "a new name without an order may be a lower one"


def stops(before: Mesh, after: Mesh, rule: str = "lowers-label") -> list[Finding]:
    """What stops a pull request by a rule, and what stops apply, which knows what was applied last."""
    seen = Observation(wanted(before))
    found = [
        [each for each in reviewed.findings if (each.rule, each.severity) == (rule, "error")]
        for reviewed in (
            pipeline.review(after, observation=seen, base=before),
            pipeline.review(after, observation=seen, applied=before),
        )
    ]
    assert [each.message for each in found[0]] == [each.message for each in found[1]]
    return found[0]


LOWER = (PROFILE, AGE, AGE.replace("restricted", "internal"))
UNORDERED = (TAG, "ordered: true\n", "")
ABOVE = (TAG, LINES["restricted"], f"{LINES['restricted']}\n  - {{value: secret, description: More.}}")
TURNED = (TAG, f"{LINES['confidential']}\n{LINES['restricted']}", f"{LINES['restricted']}\n{LINES['confidential']}")


@pytest.mark.parametrize("edit", [UNORDERED, ABOVE, TURNED], ids=["unordered", "above", "turned"])
def test_another_order_stops_together_with_a_lower_label_and_by_itself(edit: tuple[str, str, str]) -> None:
    assert any("age of credit-card" in each.message for each in stops(bank(), variant(edit, LOWER)))
    (found,) = stops(bank(), variant(edit))
    assert found.message.startswith("restricted would be the most sensitive label no more")
    assert not stops(variant(edit), variant(edit)), "once accepted it is how things are"


def renamed(key: str, *edits: tuple[str, str, str]) -> Mesh:
    """The example with another name for the key of labels, everywhere."""
    files = {
        path.replace("sensitivity", key): text.replace("sensitivity", key).replace(f"{key}Key:", "sensitivityKey:")
        for path, text in edited(*edits).items()
    }
    return mesh_of(files)


@pytest.mark.parametrize("edits", [(LOWER,), (LOWER, UNORDERED), (LOWER, TURNED)], ids=["lower", "unordered", "turned"])
def test_another_name_of_the_key_hides_no_lower_label(edits: tuple[tuple[str, str, str], ...]) -> None:
    assert any("age of credit-card" in each.message for each in stops(bank(), renamed("secrecy", *edits)))


def test_another_name_of_the_key_alone_lowers_nothing() -> None:
    assert not stops(bank(), renamed("secrecy"))


def test_columns_that_were_the_most_sensitive_are_not_opened_with_an_order_that_goes() -> None:
    more = {DEALS: subscription("deals", "internal, confidential, restricted")}
    assert stops(bank(), variant(UNORDERED, more=more), "opens-most-sensitive")
