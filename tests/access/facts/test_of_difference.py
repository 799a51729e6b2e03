"""What changes, fact by fact: administrators that come and go, by themselves and among everything else."""

from __future__ import annotations

from reconciler.access import changed_facts, difference
from reconciler.access.facts.of_difference import administrators_changed
from tests.access.building import ANN, BOB, CONSUMER, EVE, OTHER, OWNER, access, admins, give, named, table
from tests.estate import bank


def test_administrators_that_come_and_go_are_told_by_themselves_as_among_all_facts() -> None:
    before = access(table(), admins(OWNER, ANN, BOB), admins(CONSUMER, BOB))
    after = access(table(), admins(OWNER, EVE, BOB), give(ANN, named()))
    found = difference(before, after)
    told = [*administrators_changed(found, bank())]
    assert [(each.fact.principal, each.fact.account, each.gained) for each in told] == [
        (EVE, OTHER, True),
        (ANN, OWNER, False),
        (BOB, CONSUMER, False),
    ]
    assert told == [each for each in changed_facts(found, bank()) if each.change == "administrator"]
    back = [*administrators_changed(difference(after, before), bank())]
    assert {(each.fact.key, each.gained) for each in back} == {(each.fact.key, not each.gained) for each in told}
