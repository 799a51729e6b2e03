"""Whoever may let anybody read, or grant himself everything, stands in the first line and stops the plan."""

from __future__ import annotations

import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.model.resource import AnyResource
from reconciler.owners.approval import demands
from reconciler.plan.passing_on import founds, passing_on
from reconciler.plan.review import Review
from reconciler.report.json_v1 import plan_json
from reconciler.report.people import People
from reconciler.report.verdict import sentence, verdict
from reconciler.spec.mesh import Mesh
from tests.estate import Files, bank, edited, load_files, variant
from tests.life.play import subscription
from tests.plan.test_gates import altered, changed, review, wanted

LABELS = ("public", "internal", "confidential", "restricted")
PRODUCTS = {
    "consumer-banking/credit-profile": "credit-card.credit_card",
    "investment-banking/deal-pipeline": "deal-pipeline.deal",
    "asset-management/fund-prices": "fund-prices.fund_price",
}
ORGANIZATION = "arn:aws:organizations::111111111111:organization/o-abcdefghij"
PARTNER = (
    "apiVersion: meshform/v1\nkind: Account\nname: partner\n"
    "id: '999999999999'\nparts: [consumer]\nresources: external\n"
)
WHOLES = {"partner": "account: partner\n", "everybody": f"organization: {ORGANIZATION}\n"}
OTHERS: Files = {
    "accounts/partner.yaml": PARTNER,
    **{
        f"consumers/{name}/consumer.yaml": "apiVersion: meshform/v1\nkind: Consumer\n"
        f"name: {name}\ndescription: x\nowner: analytics-coe-leads\n{said}"
        for name, said in WHOLES.items()
    },
}


@cache
def base() -> Mesh:
    return variant(more=OTHERS)


def of_a_whole(consumer: str, product: str, labels: str, **fields: str) -> Mesh:
    text = subscription("all-of-it", labels, consumer=consumer, product=product, principals="[]", **fields)
    return variant(more={**OTHERS, f"consumers/{consumer}/subscriptions/all-of-it.yaml": text})


def first_line(reviewed: Review) -> str:
    found = verdict(reviewed, People.of(reviewed))
    assert found is not None
    return sentence(found)


def stops(reviewed: Review) -> set[str]:
    return {each.rule for each in reviewed.findings if each.severity == "error"}


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(sorted(WHOLES)),
    st.sampled_from(sorted(PRODUCTS)),
    st.sets(st.sampled_from(LABELS), min_size=1),
)
def test_every_share_of_a_whole_stands_in_the_first_line_and_stops(who: str, product: str, labels: set[str]) -> None:
    mesh = of_a_whole(who, product, ", ".join(sorted(labels)))
    reviewed = review(mesh, wanted(base()), base=base())
    assert reviewed.access is not None
    shared = {column for each in reviewed.access.shared for column in each.columns}
    assert (PRODUCTS[product] in first_line(reviewed)) == bool(shared)
    assert (f"{who} as a whole may pass on" in first_line(reviewed)) == bool(shared)
    labelled = {label for each in reviewed.access.shared for _, label in each.sensitivity}
    assert ("more-than-reading" in stops(reviewed)) == bool(shared)
    assert ("opens-most-sensitive" in stops(reviewed)) == ("restricted" in labelled)
    (demand,) = demands(base(), mesh)
    assert demand.way != "automatic"


def test_a_subscription_that_names_somebody_is_as_it_was() -> None:
    text = subscription("one", "confidential")
    mesh = variant(more={"consumers/analytics-coe/subscriptions/one.yaml": text})
    reviewed = review(mesh, wanted(), base=bank())
    assert reviewed.access is not None
    assert reviewed.access.shared
    assert passing_on(reviewed.access, mesh).is_empty
    assert "pass on" not in first_line(reviewed)
    assert "more-than-reading" not in stops(reviewed)


def test_what_nobody_is_named_for_is_never_automatic() -> None:
    text = subscription("free", "internal", consumer="partner", product="asset-management/fund-prices", principals="[]")
    path = "consumers/partner/subscriptions/fund-prices/automatic/free.yaml"
    found = load_files(edited(more={**OTHERS, path: text}))
    assert [each.rule for each in found.findings if each.severity == "error"] == ["asks-somebody"]


def with_admin(account: str, arn: str) -> Mesh:
    path = f"accounts/{account}.yaml"
    text = edited()[path]
    if "admins: [" in text:
        return variant((path, "admins: [", f'admins: ["{arn}", '))
    return variant((path, "parts:", f'admins: ["{arn}"]\nparts:'))


ACCOUNTS = sorted((each.name, each.id) for each in bank().accounts.values())


@pytest.mark.parametrize(("account", "number"), ACCOUNTS)
@pytest.mark.parametrize("sort", ["role/intern", "role/a/b/intern", "user/intern"])
def test_every_new_administrator_stands_in_the_first_line_and_stops(account: str, number: str, sort: str) -> None:
    mesh = with_admin(account, f"arn:aws:iam::{number}:{sort}")
    reviewed = review(mesh, wanted(), base=bank())
    assert f"{account}/intern can grant itself everything in {account}" in first_line(reviewed)
    (found,) = [each for each in reviewed.findings if each.rule == "more-than-reading"]
    assert found.severity == "error"
    assert not found.databases, "governance accepts it"
    assert found.origin is not None
    assert found.origin.file.endswith(f"accounts/{account}.yaml")
    assert "more-than-reading" not in stops(review(mesh, wanted(mesh), base=bank())), "he is one already"


def test_what_the_mesh_begins_with_is_told_and_stops_nothing() -> None:
    def nobody(each: AnyResource) -> AnyResource:
        return altered(each, LakeSettings, lambda spec: type(spec)(frozenset(), frozenset(), "[]", "[]", spec.version))

    reviewed = review(bank(), changed(nobody))
    assert reviewed.access is not None
    assert founds(reviewed.access, bank())
    assert "central/data-mesh-owner can grant itself everything in central" in first_line(reviewed)
    assert "OrganizationAccountAccessRole" not in first_line(reviewed)
    assert "more-than-reading" not in stops(reviewed)


def test_an_administrator_who_was_taken_out_by_hand_comes_besides() -> None:
    def without_its_maker(spec: LakeSettings) -> LakeSettings:
        admins = frozenset(arn for arn in spec.admins if "data-mesh-owner" not in arn)
        return LakeSettings(admins, spec.read_only_admins, "[]", "[]", spec.version)

    def without(each: AnyResource) -> AnyResource:
        return altered(each, LakeSettings, without_its_maker)

    reviewed = review(bank(), changed(without), base=bank())
    assert "Besides, central/data-mesh-owner can grant itself everything in central" in first_line(reviewed)
    assert {"more-than-reading", "reopens-access"} <= stops(reviewed)


@pytest.mark.parametrize("limit", ["principalsGaining: 0", "columnsOpened: {confidential: 2}"])
def test_limits_count_an_account_that_may_let_anybody_read(limit: str) -> None:
    text = subscription(
        "all-of-it", "confidential", consumer="partner", product="consumer-banking/credit-profile", principals="[]"
    )
    more = {**OTHERS, "consumers/partner/subscriptions/all-of-it.yaml": text}
    assert "beyond-limits" not in stops(review(variant(more=more), wanted(base()), base=base()))
    limited = ("mesh.yaml", "limits: {deletes: 10,", f"limits: {{{limit}, deletes: 10,")
    assert "beyond-limits" in stops(review(variant(limited, more=more), wanted(base()), base=base()))


def test_json_has_it() -> None:
    mesh = of_a_whole("partner", "consumer-banking/credit-profile", "confidential")
    told = json.loads(json.dumps(plan_json(review(mesh, wanted(base()), base=base()))))
    (entry,) = told["access"]["passed_on"]
    assert entry["principal"] == "999999999999"
    assert entry["columns"] == ["credit_history", "amount", "credit_risk"]


def test_a_steward_who_comes_stops_as_a_writer_does_and_governance_is_asked() -> None:
    path = "domains/consumer-banking/domain.yaml"
    intern = "arn:aws:iam::222222222222:role/interns"
    mesh = variant((path, "[consumer-banking-steward]", f'[consumer-banking-steward, "{intern}"]'))
    reviewed = review(mesh, wanted(), base=bank())
    found = [each for each in reviewed.findings if each.rule == "more-than-reading"]
    assert [each.severity for each in found] == ["error"]
    assert found[0].message.startswith("consumer-banking/interns could read, INSERT and DELETE")
    assert "governance" in {each.way for each in demands(bank(), mesh)}
    assert "more-than-reading" not in stops(review(bank(), wanted(mesh), base=mesh)), "who goes stops nothing"
