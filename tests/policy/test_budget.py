"""What would take for ever, or all memory, is refused at its place, or given up at the first object and said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import pytest

from reconciler.policy import budget
from reconciler.policy.compiled import compiled
from reconciler.policy.judged import Breach, of_access, of_documents
from reconciler.policy.objects import Change
from reconciler.spec.documents.policy import MatchCondition, Policy, PolicyVariable, Validation
from tests.estate import TODAY, bank, variant
from tests.policy.handbook import document

C = "change.columns"
COLUMNS = tuple(f"column_{number}" for number in range(300))
DOUBLING = [
    ("v0", "'aaaaaaaaaaaaaaaaaaaa'"),
    *((f"v{n}", f"variables.v{n - 1} + variables.v{n - 1}") for n in range(1, 30)),
]
NESTING = [("v0", C), *((f"v{n}", f"{C}.map(a, variables.v{n - 1})") for n in range(1, 5))]
MANY = f"[{', '.join(map(str, range(40)))}]"
GROWING = (".replace('', 'aaaaaaaa')", ".split('').join('aaaaaaaa')")
REFUSED = [
    ("'%1000000000d'.format([1]) == ''", [], "format is not used"),
    ("true" + " || true" * 600, [], "longer than 4,000"),
    ("variables.v4.size() > 0", NESTING, "a list or map of those"),
    ("dyn(variables.x) == 1", [("x", f"dyn({C})")], "a list or map of those"),
    (f"{MANY}.all(a, {MANY}.all(b, {MANY}.all(c, {MANY}.all(d, true))))", [], "whatever it looks at"),
    ("change.name" + GROWING[0] * 9 + " == ''", [], "whatever it looks at"),
    ("change.name" + GROWING[1] * 9 + " == ''", [], "whatever it looks at"),
    ("change.name.matches('((a{0,200}){0,200}){0,9}')", [], "whatever it looks at"),
    (
        "change.name.matches(variables.x)",
        [("x", "'(' + 'a{0,200}){0,400}b{0,1000}(?i)\\\\pL{9}'")],
        "whatever it looks at",
    ),
]
GIVEN_UP = [
    (f"{C}.all(a, {C}.all(b, a != b + 'x'))", []),
    (f"{C}.filter(a, {C}.filter(b, {C}.filter(c, a + b != c).size() > 0).size() > 0).size() > 0", []),
    (f"{C}.exists_one(a, {C}.exists_one(b, {C}.exists_one(c, a == b && b == c)))", []),
    (f"{C}.map(a, {C}.map(b, a + b)).size() > 0", []),
    ("variables.v29.size() > 0", DOUBLING),
    ("size(variables.v29) > 0", [("v0", C), *DOUBLING[1:]]),
    (f"{C}.all(a, {C}.all(b, {C}.all(c, a + b + c != '')))", []),
    (f"{C}.all(a, a.matches('(?i)([a-z]{{0,50}}_){{0,50}}x'))", []),
    (f"{C}.all(a, change.name.matches(change.verdict))", []),
    (f"{C}.all(a, a{GROWING[0] * 3} != a{GROWING[1] * 2})", []),
    (f"[{C}].map(x, x + x).map(x, x + x).map(x, x + x).all(x, x.all(y, {C}.all(z, y != z + 'x')))", []),
]
MESSAGES = [f"string({C}.map(a, {C}.map(b, a + b)).size())", f"{C}.map(a, a{GROWING[0] * 4}).join()"]


def policy(expression: str, variables: Sequence[tuple[str, str]] = (), **more: Any) -> Policy:
    validation = {"expression": expression, **more.pop("said", {})}
    variables_ = tuple(PolicyVariable(name=name, expression=said) for name, said in variables)
    fields = {"variables": variables_, "validations": (Validation(**validation),), **more}
    return Policy(name="p", description="It holds.", owner="governance", object="change", **fields)


def asked(of: Policy, most: int = 200) -> tuple[list[Breach], int]:
    """What a policy says of so many changes, and of how many it was asked."""
    made, wrong = compiled(of, bank())
    assert made is not None, wrong
    calls = count()

    def things() -> Iterator[Change]:
        for number in range(most):
            yield Change(principal=f"p{number}", name=f"n{number}", columns=COLUMNS, table=f"t{number}", verdict="a{9}")

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


def given_up(of: Policy) -> Breach:
    (breach,), times = asked(of)
    assert times == 1
    assert "it cannot be judged" in breach.finding.message
    assert breach.finding.message.endswith("nothing further was asked")
    assert breach.finding.severity == "error"
    return breach


@pytest.mark.parametrize(("expression", "variables"), GIVEN_UP)
def test_what_takes_too_many_steps_is_asked_once(expression: str, variables: list[tuple[str, str]]) -> None:
    assert given_up(policy(expression, variables)).gave_up[0] in ("validations", "variables")


@pytest.mark.parametrize("words", MESSAGES)
def test_a_message_that_takes_too_many_steps_is_no_way_round(words: str) -> None:
    breach = given_up(policy("false", said={"message_expression": words}))
    assert breach.gave_up == ("validations", 0, "messageExpression")


def test_a_condition_that_takes_too_many_steps_is_no_way_round_and_one_that_does_not_hold_saves_the_rest() -> None:
    dear = f"{C}.all(a, {C}.all(b, {C}.all(c, a + b + c != '')))"
    condition = (MatchCondition(name="c", expression=dear),)
    assert given_up(policy("true", match_conditions=condition)).gave_up == ("matchConditions", 0, "expression")
    lost = (MatchCondition(name="lost", expression="change.name == 'x'"),)
    assert asked(policy(dear, match_conditions=lost)) == ([], 200)


def test_what_is_a_little_dear_for_each_is_given_up_after_some_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is dear for each object is stopped by its sum, the sooner the dearer; what is not dear, never."""
    said = "change.name != '' && change.columns.filter(c, c != '').size() > 0"
    monkeypatch.setattr(budget, "TOGETHER", 1_000_000)
    (breach,), times = asked(policy(said))
    assert 5 < times < 50
    assert "over all objects" in breach.finding.message
    assert "in change.columns" in breach.finding.message
    assert asked(policy("change.name != '' && change.columns.all(c, c != '')"), most=300) == ([], 300)
    monkeypatch.setattr(budget, "TOGETHER", 3_000_000)
    assert 2 * times < asked(policy(said))[1] < 4 * times


def test_it_is_told_at_the_place_of_the_expression() -> None:
    text = document(
        "p", f"object: column\nvalidations:\n  - expression: '{MANY}.all(a, {MANY}.all(b, {MANY}.all(c, c < 41)))'"
    )
    mesh = variant(more={"policies/p.yaml": text})
    (breach,) = of_documents([compiled(mesh.policies["p"], mesh)[0]], mesh, TODAY)  # type: ignore[list-item]
    line = next(number for number, each in enumerate(text.splitlines(), 1) if "- expression" in each)
    assert str(breach.finding.origin) == f"mesh/policies/p.yaml:{line}:5"


@pytest.mark.parametrize(
    "expression",
    [
        "change.name.replace('a', '') == 'x' + change.columns.join(', ')",
        "change.columns.filter(c, c.matches('(?i)email')).map(c, c + '!').size() > 0",
        "change.name.replace('_', ' - ').split(' ').join('xxxxxxxxx') != ''",
        "change.name.matches('^' + change.table + '-')",
        "change.principal.matches('^arn:aws:iam::[0-9]{12}:role/[a-z-]+$')",
        "change.columns.all(c, change.columns.exists(d, c == d))",
    ],
)
def test_what_people_write_is_none_of_it(expression: str) -> None:
    made, wrong = compiled(policy(expression), bank())
    assert made is not None, wrong
    thing = Change(
        columns=COLUMNS[:20], name="customer_email", table="customers", principal="arn:aws:iam::444444444444:role/x"
    )
    assert not made.judge(thing, "2026-11-22").gave_up
