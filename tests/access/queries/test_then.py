"""What was asked for beside what AWS had: each fact once, with which of the two it was."""

from __future__ import annotations

from hypothesis import given, settings

from reconciler.access import AccessFact, evaluate, facts_of
from reconciler.access.queries.then import compared
from reconciler.model.resource import Snapshot
from tests.access.building import WORLD
from tests.access.strategies import a_state
from tests.estate import bank


def same(fact: AccessFact) -> tuple[object, ...]:
    """What makes two facts one."""
    return fact.key, fact.rows, fact.verdict, fact.certain, fact.grantable


@settings(max_examples=40)
@given(a_state, a_state)
def test_each_fact_is_told_once_with_where_it_was(one: Snapshot, other: Snapshot) -> None:
    asked, had = ([*facts_of(evaluate(state, WORLD), bank())] for state in (one, other))
    told = compared(asked, had)
    wanted, found = {same(each) for each in asked}, {same(each) for each in had}
    assert len(told) == len({same(each.fact) for each in told}) == len(wanted | found)
    for each in told:
        here = same(each.fact)
        assert each.state == ("both" if here in wanted & found else "asked" if here in wanted else "had")
        assert each.state == "asked" or each.fact in had, "what AWS had knows the labels"
