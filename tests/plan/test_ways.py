"""Whoever has all permissions and comes to data by a link that AWS has no more is told, with what he may get back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from reconciler import pipeline
from reconciler.kinds.athena.workgroup import Workgroup
from reconciler.kinds.common.marks import PERMISSIONS_DUE
from reconciler.kinds.glue.resource_link import ResourceLink
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.location import Location
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.kinds.s3.bucket_settings import Bucket
from reconciler.model.lakeformation import Grant, OnDatabase
from reconciler.model.resource import AnyResource, Observation, Snapshot
from reconciler.plan.requested_access import RequestedAccess, requested_in
from reconciler.plan.review import Review
from reconciler.plan.ways import Reopened, reopened
from reconciler.report.json_v1 import plan_json
from reconciler.report.people import People
from reconciler.report.verdict import drift_sentence, sentence, verdict
from reconciler.spec.mesh import Mesh
from tests.estate import bank, variant
from tests.plan.test_gates import review, wanted

ANALYST, SCIENTIST = "analytics-coe/credit-analyst", "analytics-coe/data-scientist"
PROFILE = "domains/consumer-banking/products/credit-profile.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
CONSUMER = "consumers/analytics-coe/consumer.yaml"


def one(sort: type, name: str, mesh: Mesh | None = None) -> AnyResource:
    (found,) = (each for each in wanted(mesh or bank()).of(sort) if name in str(each.address))
    return found


def without(*gone: AnyResource, mesh: Mesh | None = None) -> Snapshot:
    addresses = {each.address for each in gone}
    return Snapshot(each for each in wanted(mesh or bank()).values() if each.address not in addresses)


def instead(other: AnyResource) -> Snapshot:
    return Snapshot(other if each.address == other.address else each for each in wanted().values())


def told(reviewed: Review) -> dict[str, set[str]]:
    """By closed thing who may get something back."""
    return {each.step.address.name: {each.label(who) for who, _ in each.columns} for each in reopened(reviewed)}


def stops(reviewed: Review) -> bool:
    return any(each.rule == "reopens-access" and each.severity == "error" for each in reviewed.findings)


GONE = [
    (ResourceLink, "rl_credit-card", {ANALYST, SCIENTIST}),
    (Location, "consumer-banking", {ANALYST, SCIENTIST}),
    (Role, "register-consumer-banking", {ANALYST, SCIENTIST}),
    (BucketPolicy, "consumer-banking", {ANALYST, SCIENTIST}),
    (Bucket, "consumer-banking", {ANALYST, SCIENTIST}),
    (Bucket, "results", {ANALYST, SCIENTIST}),
    (Workgroup, "credit-analyst", {ANALYST}),
]


def among(sort: type, name: str) -> Iterator[AnyResource]:
    """What is of that name, and in the account of the readers where producers have one of the name, too."""
    found = [each for each in wanted().of(sort) if name in each.address.name]
    yield from (each for each in found if len(found) == 1 or each.address.placement.account == "444444444444")


@pytest.mark.parametrize(("sort", "name", "who"), GONE)
def test_a_link_that_is_gone_is_told_with_whom_it_leads_where(sort: type, name: str, who: set[str]) -> None:
    (gone,) = among(sort, name)
    reviewed = review(bank(), without(gone), bank())
    found = told(reviewed)
    assert set(found) == {gone.address.name}
    assert found[gone.address.name] >= who
    assert found[gone.address.name] & {ANALYST, SCIENTIST} == who
    assert stops(reviewed)
    said = [each.message for each in reviewed.findings if each.rule == "reopens-access"]
    assert any("may get back" in each and "credit-card.credit_card" in each and "is not there" in each for each in said)


@pytest.mark.parametrize(("sort", "name", "who"), GONE)
def test_without_a_base_nothing_is_stopped_and_drift_tells_it(sort: type, name: str, who: set[str]) -> None:
    (gone,) = among(sort, name)
    reviewed = review(bank(), without(gone))
    assert not stops(reviewed)
    assert not reopened(reviewed)
    assert reopened(reviewed, RequestedAccess())
    unasked = replace(reviewed, requested=RequestedAccess())
    found = verdict(unasked, People.of(unasked))
    assert found is not None
    said = drift_sentence(found) or ""
    assert all(each in said for each in who) or said.startswith("3 principals may have lost 21 columns")
    assert "may have lost" in said


def test_the_headline_says_who_may_get_back_what() -> None:
    (gone,) = among(Workgroup, "credit-analyst")
    reviewed = review(bank(), without(gone), bank())
    found = verdict(reviewed, People.of(reviewed))
    assert found is not None
    said = "may get back 14 columns of credit-card.credit_card that somebody closed by hand in AWS."
    assert sentence(found).endswith(f"Besides, {ANALYST} {said}")
    (row,) = plan_json(reviewed)["verdict"]["reopened"]
    assert (row["address"], [each["table"] for each in row["access"]]) == (str(gone.address), ["credit_card"])


def test_a_role_that_lets_less_is_told_and_one_whose_trust_changed_is_told_once() -> None:
    role = one(Role, "credit-analyst")
    assert told(review(bank(), instead(replace(role, spec=replace(role.spec, policy=""))), bank())) == {
        "credit-analyst": {ANALYST}
    }
    denied = replace(role, spec=replace(role.spec, trust=role.spec.trust.replace("Allow", "Deny"), policy=""))
    for found in (instead(denied), without(role)):
        reviewed = review(bank(), found, bank())
        assert stops(reviewed)
        assert not reopened(reviewed), "the gate has a sentence for it already"


def test_a_role_that_a_run_has_begun_was_closed_by_nobody() -> None:
    role = one(Role, "credit-analyst")
    tags = (*role.spec.tags, (PERMISSIONS_DUE, "to be given again"))
    begun = replace(role, spec=replace(role.spec, policy="", tags=tags))
    assert not reopened(review(bank(), instead(begun), bank()))
    narrowed = json.dumps({"Version": "2012-10-17", "Statement": []})
    assert reopened(review(bank(), instead(replace(begun, spec=replace(begun.spec, policy=narrowed))), bank()))


def test_what_the_change_makes_was_closed_by_nobody() -> None:
    """A product or consumer that comes, and a run that was killed before the link but after the permissions."""
    base = variant(without=[REPORT, MODEL])
    link = one(ResourceLink, "444444444444/eu-west-1 rl_credit-card")
    for gone in ((), (link,), tuple(wanted().of(Grant))):
        assert not reopened(review(bank(), without(*gone), base)), gone
    assert not reopened(review(bank(), Snapshot(), bank())), "nobody has anything yet"


def test_who_has_no_permission_gets_nothing_back_by_a_link() -> None:
    """Of him the gate tells by what he is given."""
    link = one(ResourceLink, "444444444444/eu-west-1 rl_credit-card")
    scientist = [each for each in wanted().of(Grant) if each.spec.principal.endswith("data-scientist")]
    (found,) = reopened(review(bank(), without(link, *scientist), bank()))
    assert {found.label(who) for who, _ in found.columns} == {ANALYST}


def test_a_link_that_the_change_asks_for_opens_what_others_had_there() -> None:
    """Somebody deleted it; a change that only alters the documents of its readers does not ask for it."""
    link = one(ResourceLink, "444444444444/eu-west-1 rl_credit-card")
    base = variant((REPORT, "principals: [credit-analyst]", "principals: [credit-analyst, data-scientist]"))
    assert stops(review(bank(), without(link), base))


def wider(*, narrowed: bool) -> tuple[Mesh, Snapshot]:
    """A change that lets fewer bytes be read no more, while somebody has disabled the workgroup or has not."""
    mesh = variant((CONSUMER, "bytesCutoff: ", "bytesCutoff: 9"))
    workgroup = one(Workgroup, "credit-analyst")
    state = replace(workgroup.spec, state="DISABLED") if narrowed else workgroup.spec
    return mesh, instead(replace(workgroup, spec=state))


@pytest.mark.parametrize("narrowed", [False, True])
def test_of_what_the_change_alters_only_what_it_asks_for_is_passed(narrowed: bool) -> None:
    """Also where it is known from a reviewed plan alone what was asked for."""
    head, found = wider(narrowed=narrowed)
    reviewed = review(head, found, bank())
    known = requested_in([plan_json(reviewed)])
    assert known is not None
    later = pipeline.review(head, observation=Observation(found), requested_access=known)
    for each in (reviewed, later):
        assert stops(each) is narrowed
    old = plan_json(reviewed)
    for row in old["asked"]:
        row.pop("opens", None)
    unknown = pipeline.review(head, observation=Observation(found), requested_access=requested_in([old]))
    assert stops(unknown), "a plan of an older version does not say what it opens"


def test_permission_to_see_a_link_is_one() -> None:
    gone = [
        each
        for each in wanted().of(Grant)
        if isinstance(each.spec.target, OnDatabase)
        and each.spec.target.database == "rl_credit-card"
        and each.spec.principal.endswith("credit-analyst")
    ]
    assert gone
    assert set().union(*told(review(bank(), without(*gone), bank())).values()) == {ANALYST}


def test_many_tables_and_columns_are_counted() -> None:
    (gone,) = among(Workgroup, "credit-analyst")
    (way,) = reopened(review(bank(), without(gone), bank()))
    ((who, place),) = way.columns
    columns = tuple(f"c{number}" for number in range(8))
    many = {(who, place._replace(table=f"t{number}")): columns for number in range(5)}
    said = Reopened(way.step, many, way.label).sentence
    assert "8 columns of credit-card.t0 (c0, c1, c2, c3, c4, c5 and 2 more)" in said
    assert said.endswith("; and columns of 2 more tables")
    single = Reopened(way.step, {(who, place): ("c0",)}, way.label).sentence
    assert single == f"{ANALYST} may get back 1 column of {place} (c0)"
