"""Whose acceptance counts, of what: every way to have one that nobody has given is tried on two gates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.model.finding import Finding
from reconciler.model.resource import Observation
from reconciler.owners.acceptance import Acceptance
from reconciler.owners.accepting import Brought, _of, accepted, acceptors, how_to_accept
from reconciler.owners.given import Given
from reconciler.plan.accepting import gate_digest, stopping
from reconciler.plan.compile import compile_mesh
from reconciler.plan.review import Review
from reconciler.spec.mesh import Mesh
from tests.estate import bank, variant
from tests.kinds.full import FUNDS
from tests.life.play import CREDITS, DEALS, RULER, subscription
from tests.owners.teams import CREDIT_OWNER, DEAL_OWNER, FUND_OWNER, GOVERNANCE, HEAD, MEMBERS, pull_request

OLD = "b" * 40
SENSITIVE, WRITING = "opens-most-sensitive", "more-than-reading"
FILE = "consumers/analytics-coe/subscriptions/both.yaml"


@cache
def review() -> Review:
    """Somebody would read what is most sensitive, and write."""
    fields = {"permissions": "[SELECT, DESCRIBE, INSERT]"}
    head = variant(more={FILE: subscription("both", "restricted", **fields)})
    found = compile_mesh(bank(), registry())
    reviewed = pipeline.review(head, observation=Observation(found), base=bank())
    assert {each.rule for each in stopping(reviewed)} == {SENSITIVE, WRITING}
    return reviewed


def word(rule: str, by: str, head: str = HEAD, reviewed: Review | None = None) -> Acceptance:
    return Acceptance(rule, gate_digest(reviewed or review(), rule, head), "why", by, "2026-11-22T10:00:00Z", "url")


def brought(*words: Acceptance, approving: tuple[str, ...] = (RULER, DEALS)) -> Brought:
    return Brought(replace(pull_request(*approving), acceptances=words), bank())


def rules(found: Brought, reviewed: Review | None = None) -> frozenset[str]:
    return accepted(reviewed or review(), (found,), MEMBERS.get, "acme").rules


def test_each_gate_is_accepted_by_whom_it_names() -> None:
    assert acceptors(review(), SENSITIVE, bank()) == (GOVERNANCE,)
    assert acceptors(review(), WRITING, bank()) == (DEAL_OWNER,)
    both = brought(word(SENSITIVE, RULER), word(WRITING, DEALS))
    assert rules(both) == {SENSITIVE, WRITING}
    assert rules(brought(word(SENSITIVE, RULER))) == {SENSITIVE}, "one of two"
    assert rules(brought(word(SENSITIVE, DEALS), word(WRITING, RULER))) == set(), "each the other's"


LAST = "dora does not approve the pull request at its last commit"
OTHER_PLAN = "it is about another plan; since then something changed in AWS or in the mesh"
GIVENS: dict[str, tuple[Callable[[Given], Given], str]] = {
    "its giver has not approved": (lambda given: replace(given, approvals=()), LAST),
    "he approved an older commit": (
        lambda given: replace(given, approvals=tuple(replace(each, commit=OLD) for each in given.approvals)),
        "dora approved an older commit",
    ),
    "he is the author": (lambda given: replace(given, author=RULER.upper()), "dora is its author"),
    "he pushed to it": (lambda given: replace(given, pushed_by=frozenset({RULER.title()})), "dora pushed to it"),
    "he asked for it": (lambda given: replace(given, asked_by=frozenset({RULER.title()})), "dora asked for it"),
    "nobody knows who pushed (a fork)": (
        lambda given: replace(given, pushed_by=None),
        "who pushed its last commit is not known",
    ),
    "something else was merged": (
        lambda given: replace(given, as_approved=False),
        "what was merged is not what its reviewers saw",
    ),
    "another commit was merged": (lambda given: replace(given, head=OLD), "dora approved an older commit"),
    "it was edited": (
        lambda given: replace(given, acceptances=(replace(word(SENSITIVE, RULER), edited=True),)),
        "the comment was edited; write a new one",
    ),
    "the digest has one other sign": (
        lambda given: replace(
            given, acceptances=(replace(word(SENSITIVE, RULER), digest=_turned(word(SENSITIVE, RULER).digest)),)
        ),
        OTHER_PLAN,
    ),
    "it is of the other gate": (
        lambda given: replace(given, acceptances=(replace(word(WRITING, RULER), rule=SENSITIVE),)),
        OTHER_PLAN,
    ),
    "it is of an older commit": (
        lambda given: replace(given, acceptances=(word(SENSITIVE, RULER, OLD),)),
        OTHER_PLAN,
    ),
    "it is somebody else's": (
        lambda given: replace(given, acceptances=(word(SENSITIVE, CREDITS),)),
        "carl does not approve the pull request at its last commit",
    ),
}


def _turned(digest: str) -> str:
    return f"{'0' if digest[0] != '0' else '1'}{digest[1:]}"


@pytest.mark.parametrize("case", GIVENS)
def test_nothing_else_counts_and_it_is_said_why(case: str) -> None:
    good = brought(word(SENSITIVE, RULER))
    assert rules(good) == {SENSITIVE}
    spoil, why = GIVENS[case]
    found = accepted(review(), (replace(good, given=spoil(good.given)),), MEMBERS.get, "acme")
    assert (found.rules, found.by) == (set(), ())
    by = "carl" if "carl" in why else "dora"
    assert found.refused == (f"`{SENSITIVE}` was accepted by {by} on #7, which does not count: {why}",)


def test_what_counts_on_any_pull_request_is_kept_and_whatever_does_not_is_said_of_each_gate() -> None:
    """Also beside pull requests on which nobody has said anything, and where there was no mesh before."""
    silent, good = brought(), brought(word(SENSITIVE, RULER))
    first = replace(good, before=None)
    for many in ((silent, good), (good, silent), (first,)):
        found = accepted(review(), many, MEMBERS.get, "acme")
        assert (found.rules, found.refused) == ({SENSITIVE}, ())
        assert [(each.number, each.acceptance) for each in found.by] == [(7, word(SENSITIVE, RULER))]
        assert found.by[0].as_json()["pull_request"] == 7
    bad = brought(*(replace(word(rule, RULER), edited=True) for rule in (SENSITIVE, WRITING)))
    told = accepted(review(), (bad,), MEMBERS.get, "acme").refused
    assert [rule for rule in (SENSITIVE, WRITING) if any(rule in each for each in told)] == [SENSITIVE, WRITING]


def test_a_policy_is_accepted_by_its_owner_by_the_mesh_before() -> None:
    head = "apiVersion: meshform/v1\nkind: Policy\nname: ends\ndescription: x\nobject: product\n"
    text = f"{head}owner: somebody\nvalidations: [{{expression: 'true'}}]\n"
    with_policy = variant(more={"policies/ends.yaml": text})
    assert acceptors(review(), "policy/ends", with_policy) == ("somebody",)
    assert acceptors(replace(review(), mesh=with_policy), "policy/ends", None) == ("somebody",)
    assert acceptors(review(), "policy/ends", bank()) == ()


def test_a_plan_access_or_finding_that_differs_at_all_is_something_else() -> None:
    reviewed, word_ = review(), brought(word(SENSITIVE, RULER))
    assert reviewed.plan is not None
    assert reviewed.access is not None
    fewer = replace(reviewed, plan=replace(reviewed.plan, waves=reviewed.plan.waves[1:]))
    told = tuple(replace(each, message=f"{each.message}.") for each in reviewed.findings)
    others = replace(reviewed, findings=told)
    readers = replace(reviewed, access=replace(reviewed.access, gained=reviewed.access.gained[1:]))
    for different in (fewer, others, readers):
        assert rules(word_, different) == set()
    assert rules(word_, replace(reviewed, before=None, head=HEAD)) == {SENSITIVE}, "apply knows no base"


def test_who_may_accept_is_said_by_the_mesh_before_the_change() -> None:
    """A change that makes its author's team the owner does not let that team accept what it does."""
    taken = variant(
        (
            "domains/investment-banking/products/deal-pipeline.yaml",
            "owner: investment-banking-stewards",
            "owner: analytics-coe-leads",
        ),
        more={FILE: subscription("both", "internal", permissions="[SELECT, DESCRIBE, INSERT]")},
    )
    found = compile_mesh(bank(), registry())
    reviewed = pipeline.review(taken, observation=Observation(found), base=bank())
    assert acceptors(reviewed, WRITING, bank()) == ("investment-banking-stewards",)
    own = brought(word(WRITING, "lea", reviewed=reviewed), approving=("lea",))
    members = {**MEMBERS, "example-bank/analytics-coe-leads": frozenset({"lea"})}
    assert accepted(reviewed, (own,), members.get, "acme").rules == set()


def test_of_several_owners_all_accept() -> None:
    both = {"product": "~", "expression": "{domain: [investment-banking, consumer-banking]}"}
    fields = {"permissions": "[SELECT, DESCRIBE, INSERT]", **both}
    head = variant(more={FILE: subscription("both", "internal", **fields)})
    reviewed = pipeline.review(head, observation=Observation(compile_mesh(bank(), registry())), base=bank())
    assert set(acceptors(reviewed, WRITING, bank())) == {"investment-banking-stewards", "consumer-banking-stewards"}
    one, other = (word(WRITING, login, reviewed=reviewed) for login in (DEALS, CREDITS))
    approving = (DEALS, CREDITS)
    found = accepted(reviewed, (brought(one, approving=approving),), MEMBERS.get, "acme")
    assert found.rules == set()
    assert "waits for consumer-banking-stewards" in found.refused[0]
    assert rules(brought(one, other, approving=approving), reviewed) == {WRITING}


def test_whom_nobody_knows_cannot_accept() -> None:
    found = accepted(review(), (brought(word(SENSITIVE, RULER)),), {}.get, "acme")
    assert found.rules == set()
    assert "who that is, is not known" in found.refused[0]


def test_it_is_said_how_to_accept() -> None:
    told = how_to_accept(review(), SENSITIVE, HEAD, bank())
    digest = gate_digest(review(), SENSITIVE, HEAD)
    assert told == (
        "data-protection-office approves the pull request and comments there: "
        f"`meshform accept {SENSITIVE} {digest} WHY`"
    )


LAKE = "database: lake\nexternal: [database]\nextent: tables\n"
PARTS = {"marts": ("consumer-banking", "credit-desk"), "fresh": ("investment-banking", "anybody")}


def shared(*names: str, funds: bool = True) -> Mesh:
    """The example with these products in one database, of which the funds are a part, too, or have one of their own."""
    edits = [
        (FUNDS, "database: fund-prices\n", LAKE),
        (FUNDS, "  - name: fund_price\n", "  - name: fund_price\n    definition: external\n"),
    ]
    more = {
        f"domains/{domain}/products/{name}.yaml": f"apiVersion: meshform/v1\nkind: Product\nname: {name}\n"
        f"domain: {domain}\nowner: {owner}\ndescription: x\n{LAKE}"
        f"tables:\n  - {{name: {name}, definition: external, columns: [{{name: a, type: int}}]}}\n"
        for name, (domain, owner) in PARTS.items()
        if name in names
    }
    return variant(*(edits if funds else ()), more=more)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (variant((FUNDS, "database: fund-prices\n", "database: other\n")), bank(), {GOVERNANCE}),
        (bank(), variant((FUNDS, "database: fund-prices\n", "database: lake\n")), {FUND_OWNER}),
        (shared("marts"), shared("marts"), {FUND_OWNER, "credit-desk"}),
        (shared("marts"), shared("marts", "fresh"), {FUND_OWNER, "credit-desk", DEAL_OWNER}),
        (shared("marts"), shared(funds=False), {FUND_OWNER, "credit-desk"}),
        (shared(funds=False), shared("marts", "fresh", funds=False), {CREDIT_OWNER, DEAL_OWNER}),
        (shared(funds=False), shared(funds=False), {GOVERNANCE}),
    ],
)
def test_of_a_shared_database_all_owners_accept_and_whose_part_is_new_by_his_domain(
    before: Mesh, after: Mesh, expected: set[str]
) -> None:
    reviewed = replace(review(), mesh=after)
    assert set(_of(Finding("r", "error", "m", databases=("lake",)), reviewed, before)) == expected
    by_both = Finding("r", "error", "m", databases=("lake",), by_governance=True)
    assert set(_of(by_both, reviewed, before)) == {*expected, GOVERNANCE}
    assert set(_of(Finding("r", "error", "m"), reviewed, before)) == {GOVERNANCE}
