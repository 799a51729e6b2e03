"""Two machines at one mesh, in every order of their requests: one writes at a time, and what was reviewed and noted.

Explored to the end, not sampled: two runs of apply with plans of their own, of which each may die, renew its lock, and
lose three answers of requests, before or after the request had its effect; and a person who removes the lock of a
run that is dead. The second may be `drift --heal`, which is held to a plan that it makes without the lock, and a hand
may change something at any moment. The lock, the plan and what holds it to the review are the real ones; S3 is a model
of one object with conditions, AWS a set of toys.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from reconciler.aws import lock as module
from reconciler.aws.lock import Holder, Lock
from reconciler.errors import MeshformError
from reconciler.model.resource import Observation, Snapshot
from reconciler.plan.build import build
from reconciler.plan.diff import diff
from reconciler.plan.reviewed import restrict, reviewed_digests
from tests.estate import bank
from tests.plan.toys import ToyKind, toy

KINDS = {"toy": ToyKind()}
WANTED = ({"a": 1, "b": 1}, {"b": 2, "c": 1})
REVIEWED_ON = ({}, {"b": 1})
"""What AWS had when each plan was reviewed: the second one rests on what the first one makes."""
WORKING = ("looking", "noting", "writing")

Answer = tuple[str, str]
Toys = frozenset[tuple[str, int]]
Step = tuple[str, int, str]
"""A toy, its value, and what was reviewed: whether it is made or changed."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A run: where it stands, what S3 has answered to what it does there, what is left to do, and its lock.

    `reviewed_on`: what AWS had when its plan was made, where it made that itself.
    """

    at: str = "taking"
    reviewed_on: Toys | None = None
    answers: tuple[Answer, ...] = ()
    steps: tuple[Step, ...] = ()
    tag: str = ""
    renewing: tuple[Answer, ...] | None = None
    renewals: int = 0
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """Everything there is. `written` are the steps that were carried out, by machine; `noted` those in the journal."""

    machines: tuple[Machine, Machine] = (Machine(), Machine())
    lock: str | None = None
    aws: Toys = frozenset()
    noted: frozenset[tuple[int, Step]] = frozenset()
    written: frozenset[tuple[int, Step]] = frozenset()
    mishaps: int = 3
    unlocked_alive: int = 0
    hands: int = 0


class Asks(BaseException):
    """A request that was not answered yet."""

    def __init__(self, operation: str, params: dict[str, Any]) -> None:
        self.operation, self.params = operation, params


@dataclass(slots=True)
class S3:
    """Answers what was answered, and then asks."""

    answers: list[Answer]

    def _call(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        if not self.answers:
            raise Asks(operation, params)
        sort, text = self.answers.pop(0)
        match sort:
            case "error":
                raise ClientError({"Error": {"Code": text}}, operation)
            case "no answer":
                raise ConnectionClosedError(endpoint_url="s3")
            case _:
                return {"ETag": tag_of(text), "Body": io.BytesIO(text.encode())}

    def put_object(self, **params: Any) -> dict[str, Any]:
        return self._call("put", params)

    def get_object(self, **params: Any) -> dict[str, Any]:
        return self._call("get", params)

    def delete_object(self, **params: Any) -> dict[str, Any]:
        return self._call("delete", params)


def tag_of(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def served(operation: str, params: dict[str, Any], there: str | None) -> tuple[str | None, Answer]:
    """What an object in S3 is after a request, and the answer: conditional-requests, in the user guide."""
    if operation == "get":
        return there, ("ok", there) if there is not None else ("error", "NoSuchKey")
    if params.get("IfNoneMatch") == "*" and there is not None:
        return there, ("error", "PreconditionFailed")
    if "IfMatch" in params and there is None:
        return there, ("error", "NoSuchKey")
    if "IfMatch" in params and tag_of(there or "") != params["IfMatch"]:
        return there, ("error", "PreconditionFailed")
    text = params["Body"].decode() if operation == "put" else None
    return text, ("ok", text or "")


def holder(who: int) -> Holder:
    return Holder(f"machine {who}", "somebody", "then", "then", "somewhere")


@cache
def asked(verb: str, who: int, answers: tuple[Answer, ...], tag: str, now: str) -> Asks | tuple[str, Any]:
    """What the lock asks of S3 next, or how it ended: a value, or a refusal."""
    lock = object.__new__(Lock)
    lock._name, lock._s3 = {"Bucket": "b", "Key": "k"}, S3(list(answers))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_now", lambda: now)
        try:
            match verb:
                case "take":
                    return "value", lock.take(holder(who))
                case "renew":
                    return "value", lock.renew(holder(who), tag)
                case _:
                    return "value", lock.release(tag)
        except Asks as asks:
            return asks
        except (MeshformError, ClientError, ConnectionClosedError):
            return "refused", None


@cache
def steps_of(who: int, aws: Toys, reviewed_on: Toys | None = None) -> tuple[Step, ...]:
    """What a machine carries out where AWS is so: its plan, held to the one that was reviewed."""
    on = REVIEWED_ON[who] if reviewed_on is None else dict(reviewed_on)

    def plan(found: dict[str, int]) -> Any:
        there, wanted = (Snapshot([toy(*each) for each in of.items()]) for of in (found, WANTED[who]))
        observation = Observation(there)
        # A plan of one machine deletes nothing of the other's: that is another test.
        changes = diff(
            Snapshot([*wanted.values(), *(r for r in there.values() if r.address not in wanted)]), observation, KINDS
        )
        return build(changes, observation, bank(), KINDS)

    reviewed = plan(dict(on))
    document = {"version": 1, "steps": [{"address": str(s.address), "digest": s.digest} for s in reviewed.steps]}
    steps = restrict(plan(dict(aws)), reviewed_digests(document)).steps
    return tuple((step.address.name, step.change.want.spec.value, step.change.action) for step in steps)


def after(world: World) -> Iterator[World]:
    """All worlds that may be next."""
    for who, machine in enumerate(world.machines):
        if machine.at not in ("ended", "dead"):
            yield changed(world, who, at="dead", renewing=None)
            yield from worked(world, who, machine)
            if machine.at in WORKING:
                yield from renewed(world, who, machine)
    if world.lock is not None:
        who = int(json.loads(world.lock)["id"].rpartition(" ")[2])
        if world.machines[who].at in ("ended", "dead"):
            yield replace(world, lock=None)
        elif world.unlocked_alive:
            yield replace(world, lock=None, unlocked_alive=world.unlocked_alive - 1)
    if world.hands:
        others = frozenset(each for each in world.aws if each[0] != "b")
        for aws in (others, others | {("b", 9)}):
            yield replace(world, aws=aws, hands=world.hands - 1)


def worked(world: World, who: int, machine: Machine) -> Iterator[World]:
    """The next thing that a machine does."""
    match machine.at:
        case "planning":
            yield changed(world, who, at="taking", reviewed_on=world.aws)
        case "taking":
            for next_, (sort, value) in at_s3(world, who, "take", machine.answers):
                yield (
                    changed(next_, who, at="looking", answers=(), tag=value)
                    if sort == "value"
                    else (changed(next_, who, at="ended", answers=()) if sort == "refused" else next_)
                )
        case "looking":
            steps = steps_of(who, world.aws, machine.reviewed_on)
            yield changed(world, who, at="noting" if steps else "releasing", steps=steps)
        case "noting" if machine.is_lost:
            yield changed(world, who, at="ended", steps=(), renewing=None)
        case "noting":
            noted = replace(world, noted=world.noted | {(who, machine.steps[0])})
            yield changed(noted, who, at="writing")
        case "writing":
            step, *left = machine.steps
            aws = frozenset({step[:2], *(each for each in world.aws if each[0] != step[0])})
            made = replace(world, aws=aws, written=world.written | {(who, step)})
            yield changed(made, who, at="noting" if left else "releasing", steps=tuple(left))
        case "releasing" if machine.is_lost:
            yield changed(world, who, at="ended", renewing=None)
        case "releasing" if machine.renewing is None:
            for next_, (sort, _) in at_s3(world, who, "release", machine.answers):
                yield next_ if sort == "asks" else changed(next_, who, at="ended", answers=())


def renewed(world: World, who: int, machine: Machine) -> Iterator[World]:
    """The thread that keeps the lock alive, beside the work."""
    if machine.renewing is None and (machine.renewals or machine.is_lost):
        return
    begun = changed(world, who, renewing=machine.renewing or (), renewals=1)
    for next_, (sort, tag) in at_s3(begun, who, "renew", machine.renewing or ()):
        if sort == "asks":
            yield next_
        elif sort == "refused":
            yield changed(next_, who, renewing=None)
        else:
            yield changed(next_, who, renewing=None, tag=tag or machine.tag, is_lost=tag is None)


def at_s3(world: World, who: int, verb: str, answers: tuple[Answer, ...]) -> Iterator[tuple[World, tuple[str, Any]]]:
    """The next request of the lock with each answer that it may get, and how the lock's work ends by it, if it does."""
    machine = world.machines[who]
    asks = asked(verb, who, answers, machine.tag, f"renewed {machine.renewals}")
    assert isinstance(asks, Asks)
    once, answer = served(asks.operation, asks.params, world.lock)
    twice, echo = served(asks.operation, asks.params, once)
    may_be = [(once, answer, 0)]
    if world.mishaps:
        may_be += [(twice, echo, 1), (once, ("no answer", ""), 1), (world.lock, ("no answer", ""), 1)]
    for there, told, mishap in may_be:
        more = (*answers, told)
        field = "renewing" if verb == "renew" else "answers"
        next_ = replace(changed(world, who, **{field: more}), lock=there, mishaps=world.mishaps - mishap)
        end = asked(verb, who, more, machine.tag, f"renewed {machine.renewals}")
        yield next_, ("asks", None) if isinstance(end, Asks) else end


def changed(world: World, who: int, **fields: Any) -> World:
    machines = tuple(replace(each, **fields) if n == who else each for n, each in enumerate(world.machines))
    return replace(world, machines=machines)  # type: ignore[arg-type]


def explored(first: World) -> Iterator[tuple[World, World]]:
    """Every step from one world to the next that can be reached."""
    seen, waiting = {first}, [first]
    while waiting:
        world = waiting.pop()
        for next_ in after(world):
            yield world, next_
            if next_ not in seen:
                seen.add(next_)
                waiting.append(next_)


REVIEWED = tuple(frozenset(steps_of(who, frozenset(REVIEWED_ON[who].items()))) for who in (0, 1))


def test_in_every_order_one_machine_writes_and_what_was_reviewed_and_noted() -> None:
    count, ends = 0, set()
    for before, now in explored(World()):
        count += 1
        for who, step in now.written - before.written:
            assert before.lock is not None
            assert json.loads(before.lock)["id"] == holder(who).id, "it writes without the lock"
            assert before.machines[1 - who].at not in WORKING, "two are at work"
            assert step in REVIEWED[who], "nobody has reviewed it"
            assert (who, step) in before.noted, "no evidence was kept first"
        if all(machine.at == "ended" for machine in now.machines):
            ends.add(now.aws)
    assert count > 10_000, "the world is smaller than it should be"
    assert frozenset({("a", 1), ("b", 2), ("c", 1)}) in ends, "one after the other they get everything done"
    assert frozenset({("a", 1), ("b", 1)}) in ends, "the second was there too early"


def test_what_heals_by_a_plan_of_its_own_beside_an_apply_and_a_hand_makes_no_step_that_its_plan_had_not() -> None:
    """Its plan is made without the lock, so that it may be overtaken by the apply, by the hand, and by both."""
    first = World((Machine(), Machine(at="planning")), mishaps=1, hands=1)
    count, overtaken = 0, 0
    for before, now in explored(first):
        count += 1
        for who, step in now.written - before.written:
            machine = before.machines[who]
            assert json.loads(before.lock or "{}")["id"] == holder(who).id, "it writes without the lock"
            on = frozenset(REVIEWED_ON[who].items()) if machine.reviewed_on is None else machine.reviewed_on
            assert step in steps_of(who, on, on), "nobody has reviewed it"
            assert (who, step) in before.noted, "no evidence was kept first"
        healing = now.machines[1]
        overtaken += healing.at == "releasing" and not healing.steps and healing.reviewed_on != now.aws
    assert count > 10_000, "the world is smaller than it should be"
    assert overtaken, "nothing ever overtakes it"


def test_who_loses_the_lock_to_a_hand_writes_no_step_more_than_the_one_under_way_once_it_knows() -> None:
    """Nobody takes a lock from a living run but a person, against what `unlock` says."""
    for before, now in explored(World(mishaps=1, unlocked_alive=1)):
        for who, step in now.written - before.written:
            assert not before.machines[who].is_lost or before.machines[who].at == "writing"
            assert (who, step) in before.noted
            assert step in REVIEWED[who]
        for who, machine in enumerate(now.machines):
            noted = now.noted - before.noted
            assert not (machine.is_lost and any(each == who for each, _ in noted)), "it begins a step all the same"
            gone = before.lock is not None and now.lock is None
            if gone and before.machines[who] != machine and machine.at == "ended":
                assert json.loads(before.lock or "{}")["id"] == holder(who).id, "it lets go of somebody else's lock"
