"""One verdict: whatever somebody did in AWS by hand and whatever a change asks for, headline, gate and plan agree."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import pipeline
from reconciler.access import Access, difference, evaluate, principal_directory, project_changes
from reconciler.kinds import addresses, registry
from reconciler.kinds.common.policy_document import canonical, listed
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.lakeformation.opt_in import OptIn
from reconciler.kinds.lakeformation.tag_assignment import TagAssignment
from reconciler.kinds.ram.acceptance_reader import Outside
from reconciler.kinds.ram.ram_acceptance import Acceptance
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.model.lakeformation import IAM_ALLOWED_PRINCIPALS, Grant, OnTable
from reconciler.model.last_change import LastChange
from reconciler.model.resource import AnyResource, Observation, Resource, Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.plan.requested_access import requested_in
from reconciler.plan.review import Review
from reconciler.report.comment import comment
from reconciler.report.json_v1 import plan_json
from reconciler.report.text import plan_text
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, CENTRAL, bank, placement, variant
from tests.grants import atom

MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
REPORT = "consumers/analytics-coe/subscriptions/portfolio-report.yaml"
PROFILE = "domains/consumer-banking/products/credit-profile.yaml"
CONSUMER = "consumers/analytics-coe/consumer.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"
SCIENTIST = "role/meshform/bank/data-scientist"

Fact = tuple[str, str, str]


@cache
def changes() -> tuple[Mesh, ...]:
    """What pull requests ask for; the first ones have nothing to do with anybody's access."""
    age = '        description: "Age in years"\n        tags: {sensitivity: restricted}'
    return (
        variant((FUNDS, "Published the next morning.", "Published in the morning.")),
        variant((PROFILE, "One row per credit applicant with", "A row per credit applicant with")),
        variant((REPORT, "sensitivity: [internal]", "sensitivity: [internal, confidential]")),
        variant((MODEL, "[internal, confidential]", "[internal]")),
        variant(without=[MODEL]),
        variant((PROFILE, age, age.replace("restricted", "internal"))),
    )


@cache
def wanted() -> Snapshot:
    return compile_mesh(bank(), registry())


@cache
def touchable() -> tuple[AnyResource, ...]:
    """What somebody may take away by hand: grants on tables, and tags of columns."""
    return (*wanted().of(Grant), *wanted().of(TagAssignment))


def by_hand(gone: set[int], opened: bool) -> Snapshot:
    """AWS as the base wants it, without some things; `opened`: and one who reads what is confidential given more."""
    away = {touchable()[number].address for number in gone}
    found = [resource for resource in wanted().values() if resource.address not in away]
    if opened:
        scientist = next(each for each in found if reads_by_tags(each))
        target = replace(
            scientist.spec.target, terms=(("product", ("credit-profile",)), ("sensitivity", ("restricted",)))
        )
        spec = replace(scientist.spec, target=target)
        found.append(replace(scientist, address=addresses.grant(scientist.address.placement, spec), spec=spec))
    return Snapshot(found)


Hand = Callable[[Snapshot], Snapshot]


@cache
def hands() -> dict[str, Hand]:
    """What else somebody does in AWS by hand."""
    table = OnTable(CENTRAL, "credit-card", "credit_card")
    scientist = f"arn:aws:iam::{ANALYTICS}:{SCIENTIST}"
    sts = {"Version": "2012-10-17", "Statement": []}
    allow = {"Effect": "Allow", "Principal": {"AWS": scientist}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::*"}
    return {
        "opened to iam": lambda found: with_grant(found, Grant(IAM_ALLOWED_PRINCIPALS, table, "ALL")),
        "given more": lambda found: with_grant(found, Grant(scientist, table, "INSERT")),
        "opted in": lambda found: Snapshot(
            (*found.values(), Resource(addresses.opt_in(placement(CENTRAL), scientist, table), OptIn(scientist, table)))
        ),
        "administrators gone": _spec(LakeSettings, lambda spec: replace(spec, admins=frozenset())),
        "administrator come": _spec(LakeSettings, lambda spec: replace(spec, admins=spec.admins | {scientist})),
        "share waits": _spec(Acceptance, lambda spec: replace(spec, pending=True)),
        "share rejected": _spec(Acceptance, _rejected),
        "shares unaccepted": lambda found: Snapshot(
            each for each in found.values() if not isinstance(each.spec, Acceptance)
        ),
        "tags raised": _spec(TagAssignment, _raised),
        "trust narrowed": _spec(Role, lambda spec: replace(spec, trust=canonical(sts)), SCIENTIST.rpartition("/")[2]),
        "trust widened": _spec(Role, _trusting_all, SCIENTIST.rpartition("/")[2]),
        "bucket opened": _spec(BucketPolicy, lambda spec: replace(spec, others=(*spec.others, json.dumps(allow)))),
    }


def with_grant(found: Snapshot, spec: Grant) -> Snapshot:
    return Snapshot((*found.values(), atom(spec)))


def _spec(sort: type, work: Callable[[Any], Any], name: str = "") -> Hand:
    """Every resource of a sort (and name) with a changed spec."""
    return lambda found: Snapshot(
        replace(each, spec=work(each.spec)) if type(each.spec) is sort and name in each.address.name else each
        for each in found.values()
    )


def _rejected(spec: Acceptance) -> Acceptance:
    return replace(spec, pending=True, outside=(Outside("arn:share", ANALYTICS, "rejected"),))


def _raised(spec: TagAssignment) -> TagAssignment:
    return replace(spec, value="restricted") if spec.place.column in ("duration", "age") else spec


def _trusting_all(spec: Role) -> Role:
    document = json.loads(spec.trust)
    more = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    return replace(spec, trust=canonical({**document, "Statement": [*listed(document["Statement"]), more]}))


def reads_by_tags(each: AnyResource) -> bool:
    spec = each.spec
    if not isinstance(spec, Grant):
        return False
    return SCIENTIST in spec.principal and spec.permission == "SELECT" and hasattr(spec.target, "terms")


def facts(access: Access) -> set[Fact]:
    """Who reads which column, without the machinery of differences between two real states."""
    nothing = evaluate(Snapshot(), access.directory)
    return {
        (entry.principal, str(entry.place), column)
        for entry in difference(nothing, access).gained
        for column in entry.columns
    }


def reviewed(found: Snapshot, head: Mesh) -> Review:
    return pipeline.review(head, observation=Observation(found), base=bank(), base_name="main")


HANDS = st.lists(st.sampled_from(sorted(hands())), max_size=3, unique=True)


@settings(max_examples=25)
@given(st.sets(st.integers(0, len(touchable()) - 1), max_size=3), HANDS, st.sampled_from(range(6)))
def test_headline_and_gate_follow_the_plan_whatever_was_done_by_hand(
    gone: set[int], done: list[str], which: int
) -> None:
    head = changes()[which]
    found = by_hand(gone, opened=False)
    for hand in done:
        found = hands()[hand](found)
    review = reviewed(found, head)
    assert review.plan is not None
    assert review.access is not None
    directory = principal_directory(head)
    live, after = (
        facts(evaluate(state, directory))
        for state in (found, project_changes(found, (step.change for step in review.steps)))
    )
    base, asked = (facts(evaluate(compile_mesh(mesh, registry()), directory)) for mesh in (bank(), head))

    headline = plan_json(review)["verdict"]["sentence"]
    assert next(iter(plan_text(review))).startswith(headline)
    if live != after or review.access.gained or review.access.lost or assumable(found) != assumable(bank_after(review)):
        assert "obody" not in headline
    elif review.access.is_empty:
        assert headline.startswith("Nobody gains or loses access")

    extra = (after - live) - (asked - base)
    stopped = " ".join(each.message for each in review.findings if each.rule == "reopens-access")
    for principal, table, _ in extra:
        assert f"{directory.label(principal)} would get back" in stopped or "may get back" in stopped
        assert table in stopped
    assert ("could be assumed" in stopped) == ("trust narrowed" in done)
    if not extra and not review.unrequested_gains and not review.unrequested_admins and "trust narrowed" not in done:
        assert not stopped or "shares" in stopped
    # What apply is held to says the same: reviewed plans carry what was asked for.
    assert requested_in([plan_json(review)]) == review.requested


def bank_after(review: Review) -> Snapshot:
    assert review.observation is not None
    return project_changes(review.observation.found, (step.change for step in review.steps))


def assumable(found: Snapshot) -> dict[str, str]:
    """The trust policies of the readers' roles."""
    return {each.address.name: each.spec.trust for each in found.of(Role) if SCIENTIST.endswith(each.address.name)}


def revoked() -> Snapshot:
    gone = next(number for number, each in enumerate(touchable()) if reads_by_tags(each))
    return by_hand({gone}, opened=False)


def test_what_somebody_revoked_comes_back_only_by_name_and_is_not_the_changes() -> None:
    review = reviewed(revoked(), changes()[0])
    body = comment(review)
    back = "Besides, analytics-coe/data-scientist gets back 17 columns of credit-card.credit&#95;card"
    assert f"{back} &#40;up to confidential&#41; that somebody revoked by hand in AWS." in body
    assert "Apply will be refused until reopens-access is accepted." in body
    assert "no: revoked by hand" in body
    assert [each.severity for each in review.findings if each.rule == "reopens-access"] == ["error"]


def test_where_aws_tells_who_did_it_the_gate_says_so() -> None:
    hand = LastChange("arn:aws:iam::444444444444:role/on-call", datetime(2026, 11, 21, 4, 5, tzinfo=UTC))
    found = Snapshot(
        replace(each, changed=hand) if SCIENTIST in getattr(each.spec, "principal", "") else each
        for each in revoked().values()
    )
    (message,) = [each.message for each in reviewed(found, changes()[0]).findings if each.rule == "reopens-access"]
    assert "last changed by arn:aws:iam::444444444444:role/on-call at 2026-11-21 04:05 UTC" in message
    (unknown,) = [each for each in reviewed(revoked(), changes()[0]).findings if each.rule == "reopens-access"]
    assert "is not known" in unknown.message
    assert "lookup-events" in unknown.hints[0]


def test_a_change_that_asks_for_what_was_revoked_is_told_as_asking() -> None:
    found = compile_mesh(variant(without=[MODEL]), registry())
    review = pipeline.review(bank(), observation=Observation(found), base=variant(without=[MODEL]), base_name="main")
    assert not [each for each in review.findings if each.rule == "reopens-access"]
    assert "Besides" not in comment(review)


def test_a_label_that_goes_down_says_what_it_was_and_has_its_gate() -> None:
    review = reviewed(wanted(), changes()[5])
    (finding,) = [each for each in review.findings if each.rule == "lowers-label"]
    assert finding.severity == "error"
    assert finding.message == "age of credit-card.credit_card would be internal: was restricted."
    assert "age &#40;was restricted&#41;" in comment(review)


def test_a_label_below_the_highest_that_goes_down_is_a_warning() -> None:
    amount = '"Amount of the credit in DM"\n        tags: {sensitivity: confidential}'
    head = variant((PROFILE, amount, amount.replace("confidential", "internal")))
    (finding,) = [each for each in reviewed(wanted(), head).findings if each.rule == "lowers-label"]
    assert finding.severity == "warning"


def test_a_label_that_was_raised_by_hand_is_not_lowered_in_silence() -> None:
    number = next(
        number
        for number, each in enumerate(touchable())
        if isinstance(each.spec, TagAssignment) and each.spec.place.column == "duration"
    )
    raised = touchable()[number]
    found = Snapshot(
        replace(each, spec=replace(each.spec, value="restricted")) if each.address == raised.address else each
        for each in wanted().values()
    )
    rules = {each.rule for each in reviewed(found, changes()[0]).findings if each.severity == "error"}
    assert rules == {"lowers-label", "reopens-access"}


def test_a_readers_role_that_somebody_deleted_comes_back_only_by_name() -> None:
    scientist = next(each for each in wanted().of(Role) if each.address.name == "data-scientist")
    found = Snapshot(each for each in wanted().values() if each.address != scientist.address)
    (finding,) = [each for each in reviewed(found, changes()[0]).findings if each.rule == "reopens-access"]
    assert "The role data-scientist, as which somebody reads, would be made again" in finding.message
    # Whoever is new is made by the change that asks for him.
    new = "{name: newcomer, role: newcomer, create: true}"
    head = variant((CONSUMER, "principals:\n", f"principals:\n  - {new}\n"))
    assert not [each for each in reviewed(wanted(), head).findings if each.rule == "reopens-access"]


def test_rights_of_meshforms_own_roles_are_a_warning_and_their_reading_is_not() -> None:
    reads = {each.address for each in wanted().of(Grant) if "crawl-credit-profile" in each.spec.principal}
    own = {each.address for each in wanted().of(Grant) if each.spec.own}
    for gone, severity in ((reads, "error"), (own, "warning")):
        assert gone
        found = Snapshot(each for each in wanted().values() if each.address not in gone)
        severities = {each.severity for each in reviewed(found, changes()[0]).findings if each.rule == "reopens-access"}
        assert severities == {severity}


def test_what_was_never_applied_is_not_told_as_revoked_and_needs_a_word_all_the_same() -> None:
    review = reviewed(Snapshot(), changes()[0])
    body = comment(review)
    assert "that AWS does not have yet" in body
    assert "revoked by hand" not in body
    assert "obody" not in body.splitlines()[3]
    found = [each for each in review.findings if each.rule == "reopens-access" and each.severity == "error"]
    assert any("which AWS does not have yet and this change does not ask for" in each.message for each in found)


def test_who_may_assume_a_readers_role_is_told_and_comes_back_only_by_name() -> None:
    """Somebody who cannot assume the role reads nothing, whatever it was granted."""
    narrowed = reviewed(hands()["trust narrowed"](wanted()), changes()[0])
    headline = plan_json(narrowed)["verdict"]["sentence"]
    assert "who may assume the role data-scientist was changed by hand in AWS." in headline
    said = {
        "The role data-scientist, as which somebody reads, could be assumed as the mesh says again",
        "anybody of analytics as analytics-coe/data-scientist would get back 17 columns of credit-card.credit_card",
        "sagemaker.amazonaws.com as analytics-coe/data-scientist would get back 17 columns of credit-card.credit_card",
    }
    found = [each for each in narrowed.findings if each.rule == "reopens-access"]
    assert {words for words in said for each in found if each.message.startswith(words)} == said
    assert len(found) == len(said)
    assert all("UpdateAssumeRolePolicy" in each.hints[0] for each in found)
    assert plan_json(narrowed)["verdict"]["roles"][0]["gives"]
    # Whom somebody let in by hand is put out again, which nobody must accept.
    widened = reviewed(hands()["trust widened"](wanted()), changes()[0])
    assert "who may assume the role data-scientist was changed" in plan_json(widened)["verdict"]["sentence"]
    assert not [each for each in widened.findings if each.rule == "reopens-access"]


def test_who_may_assume_a_readers_role_by_a_change_is_told_as_asked() -> None:
    head = variant((CONSUMER, '"arn:aws:iam::444444444444:root"]', '"arn:aws:iam::444444444444:role/on-call"]'))
    asked = reviewed(wanted(), head)
    headline = plan_json(asked)["verdict"]["sentence"]
    assert "on-call as analytics-coe/data-scientist may gain access" in headline
    assert "anybody of analytics as analytics-coe/data-scientist loses 17 columns" in headline
    assert "; who may assume the role data-scientist changes." in headline
    assert not [each for each in asked.findings if each.rule == "reopens-access"]


@pytest.mark.parametrize("by_hand", ["status = 9", "status = 1 AND duration = 6", "status = 3 OR status = 4"])
def test_rows_that_a_hand_has_narrowed_are_not_told_as_readable_already(by_hand: str) -> None:
    """The change asks for more rows than the base has; AWS shows others, and the plan gives what is asked for."""
    base, there, head = (some_rows(rows) for rows in ("status = 1", by_hand, "status = 1 OR status = 2"))
    observation = Observation(compile_mesh(there, registry()))
    review = pipeline.review(head, observation=observation, base=base, base_name="main")
    told = comment(review)
    assert "gets back rows" in told
    assert "already" not in told


def test_rows_that_aws_shows_already_are_told_as_such() -> None:
    base, head = some_rows("status = 1"), some_rows("status = 1 OR status = 2")
    review = pipeline.review(head, observation=Observation(compile_mesh(head, registry())), base=base, base_name="main")
    assert "can read them in AWS already" in comment(review)


def some_rows(rows: str) -> Mesh:
    """The report's readers see some rows of two columns."""
    clearance = "clearance: {sensitivity: [internal]}"
    columns = f"tables:\n  - {{name: credit_card, columns: [status, duration], rows: {rows!r}}}"
    return variant((REPORT, clearance, columns))
