"""Who may assume a reader's role: told where a plan lets somebody in who could not before, or shuts him out."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import pytest

from reconciler.kinds.iam.iam_role import Role
from reconciler.model.resource import AnyResource, Snapshot
from reconciler.plan.reader_roles import reader_role_changes
from tests.estate import bank, variant
from tests.plan.test_gates import changed, review, wanted

NAME = "data-scientist"
ELSE = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999999999999:root"}, "Action": "sts:AssumeRole"}
DENIED = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Condition": {"Bool": {"aws:x": "true"}}}
MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"


def in_aws(*more: dict[str, object], left: bool) -> Snapshot:
    """AWS as it is wanted, but for the role: its trust says these statements, and the mesh's where they are `left`."""

    def other(each: AnyResource) -> AnyResource:
        if not isinstance(each.spec, Role) or each.address.name != NAME:
            return each
        said = json.loads(each.spec.trust)
        said["Statement"] = [*(said["Statement"] if left else []), *more]
        return replace(each, spec=replace(each.spec, trust=json.dumps(said)))

    return changed(other)


@pytest.mark.parametrize(("more", "denied", "left"), [*product((False, True), repeat=3)])
def test_whoever_is_let_in_is_told(more: bool, denied: bool, left: bool) -> None:
    found = in_aws(*([ELSE] if more else []), *([DENIED] if denied else []), left=left)
    told = [(each.name, each.gives, each.asked) for each in reader_role_changes(review(bank(), found, bank()))]
    lets_in = denied or not left
    assert told == ([(NAME, lets_in, False)] if more or lets_in else [])


def test_a_role_that_is_not_there_lets_somebody_in_and_its_end_shuts_him_out() -> None:
    found = Snapshot(each for each in wanted().values() if each.address.name != NAME)
    (told,) = reader_role_changes(review(bank(), found, bank()))
    assert (told.name, told.gives, told.asked) == (NAME, True, False)
    (asked,) = reader_role_changes(review(bank(), found))
    assert asked.asked, "without a base nothing says otherwise"
    assert not [*reader_role_changes(review(variant(without=[MODEL]), base=bank()))], "the role stays for others"
