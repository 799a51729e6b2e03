"""Used and not owned, for every kind: what others made under the names of the mesh is changed only by leave.

No kind is named here: others' things are made by the very requests of the kinds, without what marks them as ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from reconciler import pipeline
from reconciler.errors import Refused
from reconciler.kinds import registry
from reconciler.kinds.common.marks import MARK
from reconciler.kinds.territory import ownership_of
from reconciler.model.address import Address
from reconciler.model.call import Call
from reconciler.model.plan import Step
from reconciler.sandbox import Sandbox, sandbox
from reconciler.spec.mesh import Mesh
from tests.estate import Estate, mesh_of
from tests.kinds.full import SETTINGS, full


@pytest.fixture(scope="module")
def aws() -> Iterator[Sandbox]:
    with sandbox() as opened:
        yield opened


@pytest.fixture(scope="module")
def mesh() -> Mesh:
    return mesh_of(full())


@pytest.fixture(scope="module")
def theirs(aws: Sandbox, mesh: Mesh) -> tuple[Estate, tuple[Step, ...]]:
    """Accounts in which others made all that the mesh asks for; the steps of the mesh whose mark was left out."""
    estate = Estate(aws)
    return estate, made_by_others(estate, mesh)


def made_by_others(estate: Estate, mesh: Mesh, without: frozenset[str] = frozenset()) -> tuple[Step, ...]:
    """Make in empty accounts all that the mesh asks for, but for some kinds, and without its marks.

    The steps whose mark was left out.
    """
    estate.empty()
    steps = tuple(step for step in estate.plan(mesh).steps if step.address.kind not in without)
    trust = {"Effect": "Allow", "Principal": {"Service": "lakeformation.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    estate.client("iam").create_role(RoleName="theirs", AssumeRolePolicyDocument=document)
    for step in steps:
        for call in step.calls:
            if call.operation and call.each is None:
                _send(estate, _unmarked(call))
    return tuple(step for step in steps if any(_unmarked(call) != call for call in step.calls))


def _send(estate: Estate, call: Call) -> None:
    """Once, as a hand would; what AWS refuses is simply not there."""
    client = estate.sessions.client(call.placement, call.service)
    with suppress(ClientError):
        getattr(client, xform_name(call.operation))(**call.params)


def _unmarked(call: Call) -> Call:
    params = _without(call.params)
    if call.operation == "RegisterResource":
        # A registration carries no mark; it is known by its role.
        params["RoleArn"] = f"arn:aws:iam::{call.placement.account}:role/theirs"
    return replace(call, params=params)


def _without(value: Any) -> Any:
    """A request as somebody else would make it: no tag, parameter, description, Sid or role of the mesh's."""
    match value:
        case dict():
            return {key: _without(each) for key, each in value.items() if key != MARK}
        case list():
            return [_without(each) for each in value if not (isinstance(each, dict) and each.get("Key") == MARK)]
        case str() if value.startswith(f"{MARK}="):
            return "made by hand"
        case str():
            return re.sub(f',"{MARK}=[^"]*"', "", value.replace('"Sid": "Meshform', '"Sid": "Their'))
        case _:
            return value


@pytest.fixture(scope="module")
def over(theirs: tuple[Estate, tuple[Step, ...]], mesh: Mesh) -> Mesh:
    """The mesh that says of all that others made that it keeps it from now on."""
    named: dict[str, set[str]] = {}
    for step in theirs[1]:
        named.setdefault(step.address.kind, set()).add(step.address.name)
    text = json.dumps({kind: sorted(names) for kind, names in sorted(named.items())})
    return mesh_of(full((SETTINGS, "territory:\n", f"territory:\n  takeOver: {text}\n")))


def _somebodys(estate: Estate, mesh: Mesh, steps: tuple[Step, ...]) -> list[Address]:
    """What is there under a name of the mesh and was made by somebody; documents that all have a part in are not."""
    review = estate.review(mesh)
    assert review.observation is not None
    found = review.observation.found
    there = [step.address for step in steps if step.address in found]
    assert {step.address.kind for step in steps} - {address.kind for address in there} == set(), "not made in the test"
    ownership = ownership_of(mesh, review.wanted, found)
    return [address for address in there if registry()[address.kind].owner(found[address], ownership).is_somebodys]


def test_what_others_made_is_used_as_it_is(theirs: tuple[Estate, tuple[Step, ...]], mesh: Mesh) -> None:
    """Told where it is not as the mesh would have it, held where it cannot serve; changed nowhere."""
    estate, steps = theirs
    there = _somebodys(estate, mesh, steps)
    review = estate.review(mesh)
    assert review.plan is not None
    assert {step.address for step in review.plan.steps} & {*there} == set()
    told = {other.resource.address for other in review.plan.foreign if other.reason.startswith("used as it is")}
    held = {item.address: item.reason for item in review.plan.held}
    assert {*there} - told - held.keys() == set()
    assert {address for address in {*there} & held.keys() if "waits for" in held[address]} == set()
    assert len({address.kind for address in there}) > 12
    assert len({address.kind for address in told - held.keys()}) > 5
    before = {address: estate.look(mesh).found[address].spec for address in there}
    estate.apply_reviewed(mesh)
    assert {address: estate.look(mesh).found[address].spec for address in there} == before


def test_without_leave_nothing_is_written(theirs: tuple[Estate, tuple[Step, ...]], over: Mesh) -> None:
    estate, steps = theirs
    review = estate.review(over)
    asked = {finding.message for finding in review.findings if finding.rule == "taking-over"}
    assert review.plan is not None
    held = {item.address for item in review.plan.held}
    for address in _somebodys(estate, over, steps):
        start = f"The {address.kind} {address.name} exists in {address.placement.account} "
        assert address in held or any(message.startswith(start) for message in asked), address
    estate.aws.calls.clear()
    with pytest.raises(Refused, match="taking-over"):
        pipeline.apply_reviewed(review, estate.sessions)
    assert estate.writes() == []


def test_with_leave_it_becomes_ours_for_good(theirs: tuple[Estate, tuple[Step, ...]], over: Mesh, mesh: Mesh) -> None:
    """Taken over once, it carries our mark: the next plan asks nothing. What cannot be taken over stays held."""
    estate, steps = theirs
    run = estate.apply_reviewed(over)
    assert not [outcome for outcome in run.failed if outcome.result == "failed"]
    review = estate.review(mesh)
    assert review.plan is not None
    assert not [finding for finding in review.findings if finding.rule == "taking-over"]
    assert not list(review.plan.steps)
    found = estate.look(mesh).found
    ownership, kinds = ownership_of(mesh, review.wanted, found), registry()
    held = {item.address for item in review.plan.held}
    assert all("taken" in item.reason or "waits for" in item.reason for item in review.plan.held)
    owners = {each: kinds[each.kind].owner(found[each], ownership) for each in (step.address for step in steps)}
    assert {address for address, owner in owners.items() if not owner.is_ours} <= held
