"""Whoever comes to act as a role that may change tables is held up like whoever is given such rights."""

from __future__ import annotations

import json

import pytest

from reconciler.kinds.iam.iam_role import Role
from reconciler.model.finding import Finding
from reconciler.owners.accepting import acceptors
from reconciler.owners.approval import demands
from reconciler.report.people import People
from reconciler.report.text import plan_text
from reconciler.spec.mesh import Mesh
from tests.estate import BANKING, variant
from tests.owners.asking import CREDIT, FUNDS
from tests.owners.teams import GOVERNANCE
from tests.plan.test_gates import review, wanted

HOME, AWAY = f"arn:aws:iam::{BANKING}:root", "arn:aws:iam::999999999999:root"
CONSUMER = "arn:aws:iam::444444444444:role/meshform/bank/credit-analyst"
OWNERS = {CREDIT: "consumer-banking-stewards", FUNDS: "asset-management-stewards"}
COE = "consumers/analytics-coe/consumer.yaml"


def lets(*who: str, path: str, permissions: str = "") -> Mesh:
    """The example with a writer of a product that these may act as."""
    more = f", permissions: [{permissions}]" if permissions else ""
    said = f"writers: [{{name: loader, role: loader, create: true, trust: {json.dumps([*who])}{more}}}]\n"
    return variant((path, "kind: Product\n", f"kind: Product\n{said}"))


def stopped(before: Mesh, after: Mesh) -> dict[str, list[Finding]]:
    """What holds the plan from one to the other up, by rule."""
    found: dict[str, list[Finding]] = {}
    for each in review(after, wanted(before), before).findings:
        if each.severity == "error":
            found.setdefault(each.rule, []).append(each)
    return found


@pytest.mark.parametrize("path", [CREDIT, FUNDS])
@pytest.mark.parametrize(
    ("old", "new", "is_more"),
    [
        ([HOME], [HOME, AWAY], True),
        (["glue.amazonaws.com"], [HOME], True),
        ([HOME], ["glue.amazonaws.com"], True),
        ([HOME], [HOME, CONSUMER], True),
        ([HOME, AWAY], [HOME], False),
        ([HOME, AWAY], [AWAY, HOME], False),
    ],
)
def test_whom_the_role_of_a_writer_lets_in_may_write(path: str, old: list[str], new: list[str], is_more: bool) -> None:
    before, after = lets(*old, path=path), lets(*new, path=path)
    found = stopped(before, after)
    assert ("more-than-reading" in found) is is_more
    leaves = is_more and path == CREDIT and {*new} - {*old} <= {AWAY, CONSUMER}
    assert ("opens-most-sensitive" in found) is leaves
    assert found.keys() <= {"more-than-reading", "opens-most-sensitive"}
    for each in found.get("more-than-reading", ()):
        assert " could ALTER, DELETE, DROP, INSERT on " in each.message
        assert "CREATE_TABLE" in each.message


@pytest.mark.parametrize(("who", "outside"), [(AWAY, True), (CONSUMER, True), (HOME, False)])
def test_governance_accepts_whom_another_account_lets_beside_the_owner(who: str, outside: bool) -> None:
    reviewed = review(after := lets("glue.amazonaws.com", who, path=FUNDS), wanted(before := _before()), before)
    assert {*acceptors(reviewed, "more-than-reading", before)} == {OWNERS[FUNDS], *([GOVERNANCE] if outside else [])}
    assert after.products != before.products


def _before() -> Mesh:
    return lets("glue.amazonaws.com", path=FUNDS)


def test_whom_a_readers_role_lets_in_reads_and_no_more() -> None:
    before, after = (
        variant((COE, "    kind: analyst\n", f"    kind: analyst\n    trust: {json.dumps([*who])}\n"))
        for who in (("arn:aws:iam::444444444444:root",), ("arn:aws:iam::444444444444:root", AWAY))
    )
    assert not stopped(before, after)
    scientist = '"arn:aws:iam::444444444444:root"]'
    assert [*stopped(before, variant((COE, scientist, f'"arn:aws:iam::444444444444:root", "{AWAY}"]')))] == []


@pytest.mark.parametrize("path", [CREDIT, FUNDS])
@pytest.mark.parametrize(
    ("who", "is_stranger"), [(AWAY, True), (HOME, False), (CONSUMER, False), ("glue.amazonaws.com", False)]
)
def test_governance_is_asked_for_strangers_and_for_the_most_sensitive(path: str, who: str, is_stranger: bool) -> None:
    """Of a writer's role: a consumer's name has been approved, and whoever is of the account is its owner's to name."""
    asked = demands(lets(path=path), lets(who, path=path))
    assert {each.who for each in asked if each.way == "owner"} == {OWNERS[path]}
    assert any("no document names them" in each.why for each in asked if each.who == GOVERNANCE) is is_stranger
    assert any("read whole files" in each.why for each in asked if each.who == GOVERNANCE) is (path == CREDIT)
    assert not [each for each in demands(lets(who, path=path), lets(path=path)) if "no document" in each.why]


def test_one_of_meshforms_own_roles_that_comes_to_act_as_another_is_no_machinery() -> None:
    """Whoever may use that role for something else has what the other one holds."""
    own = next(each.handle or "" for each in wanted().of(Role) if "register" in each.address.name)
    before, after = lets("glue.amazonaws.com", path=FUNDS), lets("glue.amazonaws.com", own, path=FUNDS)
    reviewed = review(after, wanted(before), before)
    assert reviewed.access is not None
    people = People.of(reviewed)
    assert not people.reads(own)
    assert {each.principal for each in reviewed.access.gained} == {own}
    assert all(people.concerns(each) for each in reviewed.access.gained)
    told = "\n".join(plan_text(reviewed, 0, 200))
    assert f"{own.rpartition('/')[2]} as asset-management/loader" in told.splitlines()[0]
