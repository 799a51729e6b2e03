"""The handbook's rules can be written, and say of the example what is so."""

from __future__ import annotations

import re
from functools import cache

import pytest

from reconciler.access import evaluate, facts_of, principal_directory
from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from reconciler.policy.access_objects import access_objects
from reconciler.policy.check import checked
from reconciler.policy.compiled import compiled
from reconciler.policy.judged import Breach, of_access, of_documents
from reconciler.spec.mesh import Mesh
from tests.estate import ROOT, TODAY, variant
from tests.policy.handbook import HANDBOOK, handbook

PAGE = (ROOT / "docs/policies.md").read_text(encoding="utf-8")
MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"


@cache
def mesh() -> Mesh:
    return variant(
        (MODEL, ", ticket: DATA-101", ""),
        (MODEL, "expires: 2027-06-30\n", ""),
        (MODEL, "[internal, confidential]", "[internal, confidential, restricted]"),
        more={f"policies/{name}.yaml": handbook(name) for name in HANDBOOK},
    )


@cache
def breaches() -> tuple[Breach, ...]:
    """What the documents of the example, and the access that they ask for, break."""
    policies = [made for each in mesh().policies.values() if (made := compiled(each, mesh())[0]) is not None]
    access = evaluate(compile_mesh(mesh(), registry()), principal_directory(mesh()))
    things = list(access_objects(facts_of(access, mesh()), mesh()))
    return (*of_documents(policies, mesh(), TODAY), *of_access(policies, "access", things, mesh(), TODAY))


def test_there_are_thirty() -> None:
    assert len(HANDBOOK) >= 30


@pytest.mark.parametrize("name", HANDBOOK)
def test_each_is_right(name: str) -> None:
    made, wrong = compiled(mesh().policies[name], mesh())
    assert not wrong
    assert made is not None


def test_nothing_is_wrong_with_them() -> None:
    """Their expressions fit, and each says of its two examples what they expect."""
    assert checked(mesh(), lambda _: "", TODAY)[1] == ()
    assert all({test.expect for test in each.tests} == {"allow", "break"} for each in mesh().policies.values())


def test_the_page_lists_each_with_its_source() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| (.+) \|$", PAGE.partition("## Thirty rules")[2], re.MULTILINE)
    assert {name: word for name, word, _ in rows} == {name: each.object for name, each in mesh().policies.items()}
    assert all(len(source) > 10 for _, _, source in rows)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("restricted-stays-at-home", "analytics-coe/data-scientist reads credit-card.credit_card"),
        ("nobody-reads-age-and-sex", "analytics-coe/data-scientist reads credit-card.credit_card"),
        ("restricted-has-an-end", "subscription credit-risk-model"),
        ("confidential-ends-within-a-year", "subscription credit-risk-model"),
        ("approval-has-a-ticket", "subscription credit-risk-model"),
        ("sources-are-named", "product deal-pipeline"),
        ("every-column-is-classified", None),
        ("no-open-tables", None),
        ("consumers-only-read", None),
    ],
)
def test_what_they_say_of_the_example(name: str, words: str | None) -> None:
    said = [breach.finding.message for breach in breaches() if breach.policy.name == name]
    assert bool(said) == (words is not None), said
    assert words is None or any(words in message for message in said)


def test_a_breach_has_the_place_of_its_document_and_the_severity_of_its_policy() -> None:
    (breach,) = [each for each in breaches() if each.policy.name == "approval-has-a-ticket"][:1]
    assert breach.finding.severity == "warning"
    assert breach.finding.rule == "policy/approval-has-a-ticket"
    assert breach.finding.origin is not None
