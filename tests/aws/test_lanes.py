"""Steps begin when what they need is done, one batch an account at a time; one is finished before the next begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from reconciler.aws.crew import Crew
from reconciler.aws.lanes import Lanes, lane_of
from reconciler.aws.retry import Interrupted
from reconciler.aws.stepping import send_steps
from reconciler.model.address import Address, Placement
from reconciler.model.call import Call
from reconciler.model.change import Create
from reconciler.model.plan import Plan, Step
from reconciler.model.resource import Resource

ACCOUNTS = ("1", "2", "3")


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Steps of three accounts that wait for steps before them."""
    steps: list[Step] = []
    for number in range(draw(st.integers(1, 25))):
        address = Address("x", Placement(draw(st.sampled_from(ACCOUNTS)), "r"), str(number))
        firsts = draw(st.lists(st.sampled_from(steps), max_size=3, unique_by=id)) if steps else []
        waits = tuple(sorted({first.address for first in firsts}))
        steps.append(Step(Create(Resource(address, None)), (), waits))
    return Plan(tuple((step,) for step in steps))


@given(plans(), st.integers())
def test_each_step_is_given_once_and_never_before_what_it_waits_for(plan: Plan, seed: int) -> None:
    lanes, chance = Lanes(plan), Random(seed)
    running: dict[object, list[Step]] = {}
    done: set[Address] = set()
    given_: list[Address] = []
    while True:
        for lane in lanes.ready():
            if lane not in running:
                running[lane] = lanes.take(lane)
                assert all(lane_of(step) == lane for step in running[lane])
                assert all(set(step.waits_for) <= done for step in running[lane])
                given_ += [step.address for step in running[lane]]
        if not running:
            break
        ended = chance.choice(sorted(running, key=str))
        for step in running.pop(ended):
            done.add(step.address)
            lanes.finish(step.address)
    assert sorted(given_) == sorted(step.address for step in plan.steps)


class Recording:
    """A sender that notes what it sends, refuses some of it, and is told to stop after so many requests."""

    def __init__(self, refused: set[int], stop_after: int = 10**6) -> None:
        self.sent: list[Call] = []
        self.crew = Crew()
        self._refused, self._stop_after = refused, stop_after

    def stop(self) -> str | None:
        return "enough" if len(self.sent) >= self._stop_after else None

    def send_call(self, call: Call) -> str | None:
        self.sent.append(call)
        return "no" if int(str(call.params["id"])) in self._refused else None

    def sending(
        self, calls: Sequence[Call], stop: Callable[[], str | None], touches: object
    ) -> Iterator[tuple[int, str | None]]:
        assert callable(touches)
        for number, call in enumerate(calls):
            if reason := stop():
                raise Interrupted(reason)
            yield number, self.send_call(call)


@st.composite
def steps_of_calls(draw: st.DrawFn) -> list[Step]:
    """Steps with calls that travel alone and calls that travel together."""
    found, count = [], 0
    for number in range(draw(st.integers(1, 8))):
        address = Address("x", Placement("1", "r"), str(number))
        calls = []
        for operation in draw(st.lists(st.sampled_from(["CreateThing", "TellThing", "GrantPermissions"]), max_size=4)):
            calls.append(Call(address.placement, "s", operation, {"id": count}))
            count += 1
        found.append(Step(Create(Resource(address, None)), tuple(calls)))
    return found


@given(steps_of_calls(), st.sets(st.integers(0, 30)), st.integers(0, 40))
def test_every_step_is_told_once_and_truly(steps: list[Step], refused: set[int], stop_after: int) -> None:
    sender = Recording(refused, stop_after)
    outcomes = list(send_steps(steps, sender, sender.stop))  # type: ignore[arg-type]
    assert sorted(each.step.address for each in outcomes) == sorted(step.address for step in steps)
    sent = {int(str(call.params["id"])) for call in sender.sent}
    for outcome in outcomes:
        ids = [int(str(call.params["id"])) for call in outcome.step.calls]
        match outcome.result:
            case "done":
                assert set(ids) <= sent - refused
            case "skipped":
                assert not set(ids) & sent
            case "failed":
                assert set(ids) & sent, "what failed was tried"


@given(steps_of_calls())
def test_a_step_is_finished_up_to_what_travels_together_before_the_next_begins(steps: list[Step]) -> None:
    sender = Recording(set())
    list(send_steps(steps, sender))  # type: ignore[arg-type]
    alone = [call for call in sender.sent if call.operation != "GrantPermissions"]
    assert alone == [call for step in steps for call in step.calls if call.operation != "GrantPermissions"]
