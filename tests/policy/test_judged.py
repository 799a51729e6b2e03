"""A domain's policy judges its own data only; an exception covers what it names, as long as it runs, and no more."""

# ruff: noqa: E501

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.kinds import registry
from reconciler.model.resource import Observation
from reconciler.plan.accepting import stopping
from reconciler.plan.compile import compile_mesh
from reconciler.policy import objects
from reconciler.policy.check import checked
from reconciler.policy.judged import covers, of_documents
from reconciler.policy.loading import policies_over, with_policies
from reconciler.report.drift import Drift, broken_invariants
from reconciler.report.drift_text import drift_text
from reconciler.spec.load import Loaded, load
from reconciler.spec.mesh import Mesh
from reconciler.spec.yaml.source import Source
from tests.estate import TODAY, edited, mesh_of, variant
from tests.policy.handbook import document

EVERY = "object: product\nvalidations: [{expression: 'false'}]"
NO_SCIENTIST = "object: access\nvalidations: [{expression: \"!access.principal.endsWith('/data-scientist')\"}]"
MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"


def exception(**fields: str) -> str:
    said = {"policy": "p", "until": "2026-12-31", "for": "{name: credit-profile}", **fields}
    lines = "".join(f"{name}: {value}\n" for name, value in said.items())
    return f"apiVersion: meshform/v1\nkind: Exception\nname: e\nreason: x\nowner: governance\n{lines}"


def broken(mesh: Mesh) -> set[str]:
    """The products that break a policy."""
    return {breach.thing.name for breach in of_documents(policies_over(mesh, "product"), mesh, TODAY)}


def with_(policy: str, exception_: str | None = None) -> Mesh:
    more = {"policies/p.yaml": document("p", policy)}
    return variant(more={**more, **({"exceptions/e.yaml": exception_} if exception_ else {})})


def test_a_policy_of_a_domain_is_about_its_data_alone() -> None:
    own = variant(
        more={"domains/consumer-banking/policies/p.yaml": document("p", f"domain: consumer-banking\n{EVERY}")}
    )
    assert broken(own) == {"credit-profile"}
    assert broken(with_(EVERY)) == {"credit-profile", "fund-prices", "deal-pipeline"}


def test_below_a_domain_a_policy_names_it() -> None:
    files = edited(more={"domains/consumer-banking/policies/p.yaml": document("p", EVERY)})
    loaded = load([Source(path, text.encode(), "mesh") for path, text in files.items()], TODAY)
    assert loaded.mesh is None
    assert {finding.rule for finding in loaded.findings} == {"wrong-folder"}


@pytest.mark.parametrize(
    ("fields", "covered"),
    [
        ({}, {"credit-profile"}),
        ({"until": TODAY.isoformat()}, {"credit-profile"}),
        ({"until": "2026-11-21"}, set()),
        ({"for": "{name: credit-profile, domain: asset-management}"}, set()),
        ({"for": "{name: credit}"}, set()),
        ({"for": "{name: '*'}"}, set()),
        ({"for": "{domain: consumer-banking}"}, {"credit-profile"}),
        ({"for": "{name: ''}"}, None),
    ],
)
def test_an_exception_covers_what_it_names_as_long_as_it_runs(fields: dict[str, str], covered: set[str] | None) -> None:
    if covered is None:
        with pytest.raises(AssertionError, match="empty-text"):
            with_(EVERY, exception(**fields))
        return
    assert broken(with_(EVERY)) - broken(with_(EVERY, exception(**fields))) == covered


@settings(max_examples=20)
@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_after_its_last_day_it_covers_nothing(until: date) -> None:
    left = broken(with_(EVERY, exception(until=until.isoformat())))
    assert ("credit-profile" in left) == (until < TODAY)


def test_what_is_denied_of_documents_is_an_error_and_of_a_base_a_remark() -> None:
    files = edited(more={"policies/p.yaml": document("p", EVERY)})
    loaded: Loaded = load([Source(path, text.encode(), "mesh") for path, text in files.items()], TODAY)
    assert with_policies(loaded, lambda _: "", TODAY).mesh is None
    base = with_policies(loaded, lambda _: "", TODAY, is_standing=True)
    assert base.mesh is not None
    assert {finding.rule for finding in base.findings if finding.severity == "error"} == {"policy/p"}


def test_an_invariant_that_a_plan_would_break_stops_it_and_one_that_is_broken_is_drift() -> None:
    mesh = with_(NO_SCIENTIST)
    without = Observation(compile_mesh(variant(without=[MODEL]), registry()))
    opened = pipeline.review(mesh, observation=without)
    assert {each.severity for each in opened.findings if each.rule == "policy/p"} == {"error"}
    assert broken_invariants(opened) == ()
    standing = pipeline.review(mesh, observation=Observation(compile_mesh(mesh, registry())))
    assert {each.severity for each in standing.findings if each.rule == "policy/p"} == {"warning"}
    assert "data-scientist reads credit-card.credit_card" in broken_invariants(standing)[0].message


@pytest.mark.parametrize(("until", "covered"), [("2026-11-20", False), ("2999-12-31", True)])
def test_an_exception_that_is_over_covers_nothing_in_plan_and_drift_either(until: str, covered: bool) -> None:
    excepted = exception(until=until, **{"for": "{name: analytics-coe/data-scientist}"})
    mesh = with_(NO_SCIENTIST, excepted)
    before = compile_mesh(variant(without=[MODEL]), registry())
    asked = pipeline.review(mesh, base=variant(without=[MODEL]), base_name="main")
    planned = pipeline.review(mesh, observation=Observation(before))
    for reviewed in (asked, planned):
        assert ("policy/p" in {each.rule for each in reviewed.findings}) == (not covered)
    standing = pipeline.review(mesh, observation=Observation(compile_mesh(mesh, registry())))
    assert bool(broken_invariants(standing)) == (not covered)


def test_policies_of_a_domain_take_nothing_back() -> None:
    """Whatever a domain writes, what the mesh's policies say stays said."""
    alone = {
        (each.policy.name, each.thing.name)
        for each in of_documents(policies_over(with_(EVERY), "product"), with_(EVERY), TODAY)
    }
    for body in (
        "validations: [{expression: 'true'}]",
        EVERY.partition("\n")[2],
        "validations: [{expression: 'product.rank / 0 > 1'}]",
    ):
        own = document("q", f"domain: consumer-banking\nobject: product\n{body}\naction: audit")
        both = variant(more={"policies/p.yaml": document("p", EVERY), "domains/consumer-banking/policies/q.yaml": own})
        said = {
            (each.policy.name, each.thing.name) for each in of_documents(policies_over(both, "product"), both, TODAY)
        }
        assert alone <= said


def test_access_by_a_hand_is_judged_as_any_other() -> None:
    """The mesh asks for nothing; AWS has it: drift says which policy is broken."""
    mesh = variant(without=[MODEL], more={"policies/p.yaml": document("p", NO_SCIENTIST)})
    by_hand = Observation(compile_mesh(mesh_of(edited()), registry()))
    assert broken_invariants(pipeline.review(mesh, observation=by_hand))


KNOWN = "object: access\nmatchConditions: [{name: people, expression: \"access.principal_type != 'machinery'\"}]\n"
KNOWN += "validations: [{expression: \"access.account_name != ''\", message: nobody of the mesh}]"
OUTSIDE = {
    "accounts/elsewhere.yaml": "apiVersion: meshform/v1\nkind: Account\nname: elsewhere\nid: '666666666666'\nparts: [consumer]\n",
    "consumers/elsewhere/consumer.yaml": "apiVersion: meshform/v1\nkind: Consumer\nname: elsewhere\ndescription: x\nowner: y\n"
    "account: elsewhere\nprincipals: [{name: reader, role: reader}]\n",
    "consumers/elsewhere/subscriptions/s.yaml": "apiVersion: meshform/v1\nkind: Subscription\nname: s\nconsumer: elsewhere\n"
    "product: consumer-banking/credit-profile\nclearance: {sensitivity: [internal]}\nprincipals: [reader]\npurpose: x\n",
}


@pytest.mark.parametrize("territory", ["revoke", "report"])
def test_grants_by_a_hand_to_an_account_outside_of_the_mesh_break_an_invariant(territory: str) -> None:
    """Also where the mesh leaves them alone, so that no step of a plan would tell of them."""
    report = ("mesh.yaml", "undeclaredGrants: revoke", f"undeclaredGrants: {territory}")
    mesh = variant(report, more={"policies/p.yaml": document("p", KNOWN)})
    assert broken_invariants(pipeline.review(mesh, observation=Observation(compile_mesh(mesh, registry())))) == ()
    live = Observation(compile_mesh(variant(more=OUTSIDE), registry()))
    found = Drift(pipeline.review(mesh, observation=live))
    assert found.is_there
    assert any("666666666666" in each.message and "nobody of the mesh" in each.message for each in found.broken)


def test_while_an_invariant_is_broken_there_is_drift_though_a_plan_has_no_step() -> None:
    """The issue of `drift --issue` goes by that: it stays open, and names the policy."""
    mesh = with_(NO_SCIENTIST)
    found = Drift(pipeline.review(mesh, observation=Observation(compile_mesh(mesh, registry()))))
    assert found.plan.is_empty
    assert found.is_there
    assert "policy/p" in "\n".join(drift_text(found))


def test_a_role_that_is_called_like_one_of_the_mesh_is_not_excepted_with_it() -> None:
    """An account has the name of a consumer; in it a hand has made a role with the name of a principal."""
    mesh = with_("object: access\nvalidations: [{expression: 'false'}]", exception(**{"for": "{name: lab/analyst}"}))
    (made,) = policies_over(mesh, "access")
    (excepted,) = mesh.exceptions.values()
    mine, theirs = (objects.Access(name="lab/analyst", principal_type=each) for each in ("reader", "other"))
    assert covers(excepted, made.policy, mine, TODAY)
    assert not covers(excepted, made.policy, theirs, TODAY)


@pytest.mark.parametrize("field", ["nothing", "labels", "tables"])
def test_an_exception_names_texts_of_the_object(field: str) -> None:
    mesh = with_(EVERY, exception(**{"for": f"{{{field}: x}}"}))
    (finding,) = checked(mesh, lambda _: "", TODAY)[1]
    assert finding.rule == "exception-of-nothing"
    assert f"product has no text {field}" in finding.message


@pytest.mark.parametrize(
    "limit", ["reconciler.policy.budget.AT_ONCE", "reconciler.policy.budget.TOGETHER", "reconciler.policy.asked.MOST"]
)
@pytest.mark.parametrize("given", [{}, {"principal_type": "reader"}])
def test_a_policy_that_is_given_up_is_an_error_though_nothing_changes(
    limit: str, given: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not judged before is not what was so before: nobody knows what it would have said."""
    more = "variables: [{name: who, expression: access.principal}]\n"
    if given:
        more += "matchConditions: [{name: people, expression: \"access.principal_type == 'reader'\"}]\n"
    mesh = with_(f"object: access\n{more}validations: [{{expression: \"variables.who != ''\"}}]")
    standing = Observation(compile_mesh(mesh, registry()))
    assert not [each for each in pipeline.review(mesh, observation=standing).findings if each.rule == "policy/p"]
    monkeypatch.setattr("reconciler.policy.budget.FREE", 0)
    monkeypatch.setattr(limit, -1)
    reviewed = pipeline.review(mesh, observation=standing)
    assert reviewed.plan is not None
    assert reviewed.plan.is_empty
    (finding,) = [each for each in reviewed.findings if each.rule == "policy/p"]
    assert finding.severity == "error"
    assert "nothing further was asked" in finding.message
    assert "so already" not in finding.message
    assert finding in stopping(reviewed)


NO_GAIN = "object: change\nvalidations: [{expression: '!(change.gained && change.rank >= 3)'}]"


def test_without_aws_policies_judge_what_the_documents_ask_for() -> None:
    """A plan offline knows who would gain what: it is told as asked, and the same stops the plan against AWS."""
    policies = {"policies/p.yaml": document("p", NO_GAIN), "policies/q.yaml": document("q", NO_SCIENTIST)}
    head, base = variant(more=policies), variant(without=[MODEL], more=policies)
    offline = pipeline.review(head, base=base, base_name="main")
    found = {each.rule: each for each in offline.findings}
    assert set(found) == {"policy/p", "policy/q"}
    assert all(
        each.severity == "error" and each.message.endswith(" As asked; AWS was not read.") for each in found.values()
    )
    assert {each.severity for each in pipeline.review(head, base=head, base_name="main").findings} == {"warning"}
    assert pipeline.review(base, base=head, base_name="main").findings == ()
    planned = pipeline.review(head, base=base, observation=Observation(compile_mesh(base, registry())))
    assert {each.rule for each in planned.findings if each.severity == "error"} >= {"policy/p", "policy/q"}
    assert not any("As asked" in each.message for each in planned.findings)
