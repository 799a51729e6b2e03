"""Who may ask for a suspension, who may lift it, and that nobody gets around it: by approvals, or by the gate."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.model.lakeformation import Grant
from reconciler.model.resource import Observation
from reconciler.owners.approval import Demand, demands
from reconciler.owners.history import Merged, approved
from reconciler.plan.accepting import gate_digest, stopping
from reconciler.plan.compile import compile_mesh
from reconciler.plan.requested_access import requested_in
from reconciler.report.json_v1 import plan_json
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import principal_arn
from tests.estate import Files, bank, variant
from tests.life.play import CREDITS, DEALS, RULER, subscription
from tests.owners.changes import HERE
from tests.owners.teams import CREDIT_OWNER, GOVERNANCE, HEAD, MEMBERS, pull_request

MODEL = f"{HERE}/credit-risk-model.yaml"
SUBJECTS = {
    "product": "consumer-banking/credit-profile",
    "subscription": "credit-risk-model",
    "principal": "analytics-coe/data-scientist",
    "consumer": "analytics-coe",
}


def document(subject: str, more: str = "") -> str:
    said = f"{subject}: {SUBJECTS[subject]}\nreason: A key was found.\nby: ciso\n{more}"
    return f"apiVersion: meshform/v1\nkind: Suspension\nname: incident\n{said}"


def suspending(subject: str = "subscription", more: str = "") -> Mesh:
    return variant(more={"suspensions/incident.yaml": document(subject, more)})


def asked(before: Mesh, after: Mesh) -> Demand:
    (found,) = demands(before, after)
    return found


def lets_in(before: Mesh, after: Mesh, *logins: str) -> bool:
    """Whether these approvals are enough."""
    return not approved(before, [Merged(HEAD, after, pull_request(*logins))], MEMBERS.get, "acme").missing


@pytest.mark.parametrize("subject", SUBJECTS)
def test_governance_or_an_owner_suspends_and_governance_lifts(subject: str) -> None:
    mesh = suspending(subject)
    assert (asked(bank(), mesh).who, asked(bank(), mesh).instead) == (GOVERNANCE, (CREDIT_OWNER,))
    assert lets_in(bank(), mesh, RULER)
    assert lets_in(bank(), mesh, CREDITS)
    assert not lets_in(bank(), mesh, DEALS)
    assert not lets_in(bank(), mesh)
    assert lets_in(mesh, bank(), RULER)
    assert not lets_in(mesh, bank(), CREDITS, DEALS)


@pytest.mark.parametrize(
    ("before", "after", "owner_is_enough"),
    [
        ("until: 2026-12-01\n", "until: 2026-12-24\n", True),
        ("until: 2026-12-01\n", "", True),
        ("until: 2026-12-24\n", "until: 2026-12-01\n", False),
        ("", "until: 2026-12-01\n", False),
    ],
)
def test_longer_is_a_suspension_and_shorter_is_a_lift(before: str, after: str, owner_is_enough: bool) -> None:
    one, other = suspending(more=before), suspending(more=after)
    assert lets_in(one, other, CREDITS) is owner_is_enough
    assert lets_in(one, other, RULER)


def test_suspending_something_else_instead_is_a_lift() -> None:
    assert not lets_in(suspending("subscription"), suspending("product"), CREDITS)


def again(name: str, **fields: str) -> Files:
    given = {"product": SUBJECTS["product"], "principals": "[data-scientist]", **fields}
    return {f"{HERE}/{name}.yaml": subscription(name, "internal, confidential", **given)}


def scientist() -> str:
    consumer = bank().consumers["analytics-coe"]
    return principal_arn(bank(), consumer, next(each for each in consumer.principals if each.name == "data-scientist"))


def alias() -> Files:
    """The same role under the name of another consumer."""
    text = subscription("x", "internal", product=SUBJECTS["product"], consumer="alias", principals="[somebody]")
    lines = ["apiVersion: meshform/v1", "kind: Consumer", "name: alias", "description: x", "owner: x"]
    lines += ["account: analytics", f"principals: [{{name: somebody, arn: '{scientist()}'}}]", ""]
    return {"consumers/alias/consumer.yaml": "\n".join(lines), "consumers/alias/subscriptions/x.yaml": text}


AROUND: dict[str, tuple[list[str], Callable[[], Files]]] = {
    "anything else": ([], lambda: again("other", product="investment-banking/deal-pipeline")),
    "the document under another name": ([MODEL], lambda: again("renamed")),
    "another grant of the same": ([], lambda: again("twice")),
    "the same role of another consumer": ([], alias),
}


def test_another_subscription_to_the_same_asks_governance_also_where_nobody_would_be_asked() -> None:
    before, more = suspending(), {"suspensions/incident.yaml": document("subscription"), **again("again")}
    assert not lets_in(before, variant(more=more), CREDITS)
    assert lets_in(before, variant(more=more), CREDITS, RULER)


@pytest.mark.parametrize("way", AROUND)
def test_what_was_suspended_at_once_is_reopened_by_no_merge_though_its_document_is_not_merged(way: str) -> None:
    """`suspend --now` has taken it away in AWS; the mesh still gives it, and so does what is merged."""
    found = Observation(compile_mesh(suspending("principal"), registry()))
    without, more = AROUND[way]
    head = variant(without=without, more=more())
    reviewed = pipeline.review(head, observation=found, base=bank())
    assert "reopens-access" in {each.rule for each in stopping(reviewed)}
    applied = pipeline.review(head, observation=found, requested_access=requested_in([plan_json(reviewed)]))
    assert "reopens-access" in {each.rule for each in stopping(applied)}
    same = {gate_digest(each, "reopens-access", HEAD) for each in (reviewed, applied)}
    assert len(same) == 1, "what was shown is what is accepted"


@pytest.mark.parametrize("way", AROUND)
def test_while_its_document_is_there_nothing_gives_it(way: str) -> None:
    without, more = AROUND[way]
    mesh = variant(without=without, more={**more(), "suspensions/incident.yaml": document("principal")})
    wanted = compile_mesh(mesh, registry())
    assert not [each.address for each in wanted.of(Grant) if each.spec.principal == scientist()]
