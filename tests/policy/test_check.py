"""Wrong expressions are errors at their place, with what was probably meant; examples hold or are told."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from reconciler.model.finding import Finding
from reconciler.policy.check import checked
from tests.estate import TODAY, variant
from tests.policy.handbook import document

PATH = "policies/p.yaml"


def said(body: str) -> list[Finding]:
    """What is wrong with a policy of the example."""
    text = document("p", body)
    mesh = variant(more={PATH: text})
    return list(checked(mesh, lambda file: text if file.endswith(PATH) else "", TODAY)[1])


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        (
            "object: product\nvalidations:\n  - expression: product.ownr == ''",
            (8, 24),
            "no field ownr (did you mean owner?)",
        ),
        ("object: product\nvalidations:\n  - expression: \"product.ownr == ''\"", (8, 25), "did you mean owner"),
        (
            "object: product\nvalidations:\n  - expression: |\n      true &&\n      product.ownr == ''",
            (10, 14),
            "owner",
        ),
        ("object: product\nvalidations:\n  - expression: prodct.owner == ''", (8, 23), "did you mean product"),
        ("object: product\nvalidations:\n  - expression: product.columns > 'a'", (8, 33), "no matching overload"),
        ("object: product\nvalidations:\n  - expression: product.owner", (8, 17), "true or false is needed"),
        ("object: product\nvalidations:\n  - expression: product.owner ==", (8, 33), "Syntax error"),
        (
            "object: column\nvalidations:\n  - expression: column.sensitivity == 'restrictd'",
            (8, 39),
            "did you mean restricted",
        ),
        (
            "object: column\nvalidations:\n  - expression: column.labels['sensitivty'] == 'x'",
            (8, 24),
            "did you mean sensitivity",
        ),
        (
            "object: column\nvalidations:\n  - expression: \"'restrictd' in column.labels\"",
            (8, 18),
            "no LF-tag restrictd",
        ),
        (
            "object: access\nvalidations:\n  - expression: \"!('secret' in access.sensitivities)\"",
            (8, 20),
            "no value secret",
        ),
        (
            "object: product\nvariables:\n  - {name: a, expression: product.x}\nvalidations:\n  - expression: 'true'",
            (8, 34),
            "no field x",
        ),
        ("object: product\nvalidations:\n  - expression: variables.a == 1", (8, 17), "no variable a"),
        (
            "object: product\nvalidations:\n  - {expression: 'true', messageExpression: product.columns}",
            (8, 45),
            "a text is needed",
        ),
    ],
)
def test_a_wrong_expression_is_told_at_its_place(body: str, place: tuple[int, int], words: str) -> None:
    found = said(body)
    assert found, "nothing was found"
    assert words in found[0].message
    assert found[0].origin is not None
    assert (found[0].origin.line, found[0].origin.column) == place


GOOD = "object: subscription\nmatchConditions: [{name: c, expression: subscription.rank >= 3}]\nvalidations: [{expression: \"subscription.purpose != ''\", message: say what for}]\n"


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("{name: a, given: {rank: 3, purpose: x}, expect: allow}", None),
        ("{name: a, given: {rank: 3}, expect: break, message: what for}", None),
        ("{name: a, given: {rank: 1}, expect: skip}", None),
        ("{name: a, given: {rank: 3}, expect: allow}", "allow is expected, and it is break (say what for)"),
        ("{name: a, given: {rank: 3}, expect: break, message: other}", "has to say 'other'"),
        ("{name: a, given: {rnk: 3}, expect: skip}", "no field rnk (did you mean rank?)"),
        ("{name: a, given: {rank: x}, expect: skip}", "rank is a whole number"),
    ],
)
def test_an_example_holds_or_is_told(test: str, words: str | None) -> None:
    found = said(f"{GOOD}tests: [{test}]")
    assert [words in each.message for each in found] == ([True] if words else [])


def test_what_never_ends_is_told_at_once() -> None:
    """Nested quantifiers over a long list: steps are counted, no clock is needed."""
    from reconciler.policy.compiled import compiled
    from reconciler.policy.objects import Subscription

    body = "object: subscription\nvalidations: [{expression: \"subscription.principals.all(a, subscription.principals.all(b, subscription.principals.all(c, a + b + c != '')))\"}]"
    mesh = variant(more={PATH: document("p", body)})
    made, wrong = compiled(mesh.policies["p"], mesh)
    assert made is not None
    assert not wrong
    judged = made.judge(Subscription(principals=tuple(f"p{number}" for number in range(10_000))), "2026-11-22")
    assert judged.outcome == "break"
    assert "steps at once" in judged.messages[0]
