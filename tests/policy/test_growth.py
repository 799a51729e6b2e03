"""What would take for ever, or all memory, is refused at its place, or given up at the first object and said."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from reconciler.policy import judge
from reconciler.policy.compiled import compiled
from reconciler.policy.growth import growing
from reconciler.policy.judged import Breach, of_access
from reconciler.policy.objects import Change
from reconciler.spec.documents.policy import Policy, PolicyVariable, Validation
from tests.estate import TODAY, bank

C = "change.columns"
COLUMNS = tuple(f"column_{number}" for number in range(300))
DOUBLING = [
    ("v0", "'aaaaaaaaaaaaaaaaaaaa'"),
    *((f"v{n}", f"variables.v{n - 1} + variables.v{n - 1}") for n in range(1, 30)),
]
NESTING = [("v0", C), *((f"v{n}", f"{C}.map(a, variables.v{n - 1})") for n in range(1, 5))]
REFUSED = [
    ("change.name.replace('', 'aaaaaaaa').replace('', 'aaaaaaaa') == ''", [], "no longer than the first"),
    ("change.name.replace('n', change.principal) == ''", [], "replace takes two texts"),
    ("change.name.split('').join('aaaaaaaa') == ''", [], "at most 5 signs"),
    ("change.name.split('').join(change.name) == ''", [], "at most 5 signs"),
    ("'%1000000000d'.format([1]) == ''", [], "format is not used"),
    ("['a']" + "".join(f".map(x{n}, x{n} + x{n})" for n in range(9)) + " == []", [], "map more than 2 times"),
    ("'a' + 'a'" + " + 'a'" * 20 + " == ''", [], "+ more than 20 times"),
    ("true" + " || true" * 600, [], "longer than 4,000"),
    ("variables.v4.size() > 0", NESTING, "a list or map of those"),
    ("dyn(variables.x) == 1", [("x", f"dyn({C})")], "a list or map of those"),
]
GIVEN_UP = [
    (f"{C}.all(a, {C}.all(b, a != b + 'x'))", []),
    (f"{C}.filter(a, {C}.filter(b, {C}.filter(c, a + b != c).size() > 0).size() > 0).size() > 0", []),
    (f"{C}.exists_one(a, {C}.exists_one(b, {C}.exists_one(c, a == b && b == c)))", []),
    (f"{C}.map(a, {C}.map(b, a + b)).size() > 0", []),
    ("variables.v29.size() > 0", DOUBLING),
    ("size(variables.v29) > 0", [("v0", C), *DOUBLING[1:]]),
]


def policy(expression: str, variables: list[tuple[str, str]]) -> Policy:
    return Policy(
        name="p",
        description="It holds.",
        owner="governance",
        object="change",
        variables=tuple(PolicyVariable(name=name, expression=said) for name, said in variables),
        validations=(Validation(expression=expression),),
    )


def asked(expression: str, variables: list[tuple[str, str]], most: int = 200) -> tuple[list[Breach], int]:
    """What a policy says of so many changes, and of how many it was asked."""
    made, wrong = compiled(policy(expression, variables), bank())
    assert made is not None, wrong
    calls = count()

    def things() -> Iterator[Change]:
        for number in range(most):
            yield Change(principal=f"p{number}", name=f"n{number}", columns=COLUMNS, table=f"t{number}")

    class Counted:
        def __getattr__(self, name: str) -> object:
            return getattr(made, name)

        def judge(self, *arguments: object) -> object:
            next(calls)
            return made.judge(*arguments)  # type: ignore[arg-type]

    return [*of_access([Counted()], "change", things(), bank(), TODAY)], next(calls)  # type: ignore[list-item]


@pytest.mark.parametrize(("expression", "variables", "words"), REFUSED)
def test_what_grows_without_end_is_refused(expression: str, variables: list[tuple[str, str]], words: str) -> None:
    made, wrong = compiled(policy(expression, variables), bank())
    assert made is None
    assert any(words in each.mistake.text for each in wrong), wrong


@pytest.mark.parametrize(("expression", "variables"), GIVEN_UP)
def test_what_takes_too_many_steps_is_asked_once(expression: str, variables: list[tuple[str, str]]) -> None:
    (breach,), times = asked(expression, variables)
    assert times == 1
    assert breach.gave_up
    assert "it cannot be judged" in breach.finding.message
    assert breach.finding.message.endswith("nothing further was asked")
    assert breach.finding.severity == "error"


def test_what_takes_long_for_each_object_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two milliseconds an object, by a clock that goes with each look at it: some hundred objects, not all."""
    clock = (number * 0.002 for number in count())
    monkeypatch.setattr(judge, "process_time", lambda: next(clock))
    breaches, times = asked("change.name != ''", [], most=5_000)
    assert 100 < times < 1_000
    (breach,) = breaches
    assert breach.gave_up
    assert "2.0 ms an object" in breach.finding.message


@pytest.mark.parametrize(
    "expression",
    [
        "change.name.replace('a', '') == 'x' + change.columns.join(', ')",
        "change.columns.filter(c, c.matches('(?i)email')).map(c, c + '!').size() > 0",
    ],
)
def test_what_people_write_is_none_of_it(expression: str) -> None:
    assert [*growing(expression)] == []
