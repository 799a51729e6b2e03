"""What is certain, and what may be: saved expressions, conditions, groups, versions before 3, shares that wait."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.access import AccessDifference, difference
from reconciler.model.lakeformation import OnOther
from reconciler.model.resource import AnyResource
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    OWNER,
    SALES,
    SAVED,
    WORLD,
    T,
    accepted,
    access,
    catalog_policy,
    columns,
    everything,
    give,
    named,
    on,
    opted,
    role,
    saved,
    seen,
    table,
    tag,
    version,
    where,
)
from tests.estate import ANALYTICS, access_of, variant

Parts = list[AnyResource | list[AnyResource]]
GROUP = f"arn:aws:iam::{OWNER}:saml-provider/idp:group/readers"


def changed(before: Parts, after: Parts) -> AccessDifference:
    """The difference of two states."""
    return difference(access(*before), access(*after))


def gains(found: AccessDifference) -> list[tuple[str, str, tuple[str, ...]]]:
    """Who gains, how, which columns."""
    return [(entry.principal, entry.change, entry.columns) for entry in found.gained]


LOW = [*tag("db.t.a", level="low"), *tag("db.t.b", level="low")]


def test_a_saved_expression_is_its_body() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/managing-tag-expressions.html"""
    found = on(ANN, table(), LOW, give(ANN, SAVED), saved(level="low"))
    assert (found.verdict, seen(found)) == ("enforced", everything("a", "b"))


def test_a_saved_expression_whose_body_was_not_seen_may_be_anything() -> None:
    found = on(ANN, table(), LOW, give(ANN, SAVED))
    assert (found.verdict, seen(found)) == ("unknown", {})
    assert "the saved expression mine, whose body was not seen" in found.reasons[0]


def test_tagging_for_a_saved_expression_is_gained() -> None:
    parts: Parts = [table(), give(ANN, SAVED), saved(level="low")]
    assert gains(changed(parts, [*parts, LOW])) == [(ANN, "columns", ("a", "b"))]


def test_another_body_of_a_saved_expression_is_gained_and_lost() -> None:
    parts: Parts = [table(), give(ANN, SAVED), tag("db.t.a", level="low"), tag("db.t.b", level="high")]
    found = changed([*parts, saved(level="low")], [*parts, saved(level="high")])
    assert (gains(found), found.lost[0].columns) == ([(ANN, "columns", ("b",))], ("a",))


def test_a_standing_doubt_does_not_hide_what_a_change_touches() -> None:
    """Whatever the unknown grant is: columns that carry another tag now may have come into its reach."""
    parts: Parts = [table(), table("u"), give(ANN, OnOther(OWNER, "{}"))]
    found = changed(parts, [*parts, LOW])
    assert gains(found) == [(ANN, "unknown", ("a", "b"))]
    assert found.gained[0].place == T
    assert gains(changed(parts, parts)) == []


def test_a_condition_holds_for_the_role_that_carries_the_tag() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/abac-granting-permissions.html"""
    conditional = give(f"{OWNER}:IAMPrincipals", columns("a"), condition=SALES)
    assert seen(on(ANN, table(), conditional, role(ANN, team="sales"))) == everything("a")
    assert on(ANN, table(), conditional, role(ANN, team="hr")).is_nothing
    assert on(ANN, table(), conditional, role(ANN)).is_nothing


@pytest.mark.parametrize("action", ["sts:TagSession", "sts:*", "*"])
def test_a_condition_is_unknown_where_a_session_may_bring_tags_or_no_tags_are_known(action: str) -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html"""
    conditional = give(f"{OWNER}:IAMPrincipals", columns("a"), condition=SALES)
    for parts in ([role(ANN, action, team="hr")], []):
        found = on(ANN, table(), conditional, *parts)
        assert (found.verdict, seen(found), [*found.possible]) == ("unknown", {}, ["a"])


def test_what_a_condition_may_open_is_told_where_the_change_touches_it() -> None:
    """A grant whose condition cannot be judged stands before and after; the new column comes under it."""
    parts: Parts = [give(ANN, named(), condition="who knows")]
    found = changed([table(columns="a"), *parts], [table(columns="a b"), *parts])
    assert gains(found) == [(ANN, "unknown", ("b",))]


def test_another_tag_of_a_role_is_gained() -> None:
    parts: Parts = [table(), give(f"{OWNER}:IAMPrincipals", columns("a"), condition=SALES)]
    found = changed([*parts, role(ANN, team="hr")], [*parts, role(ANN, team="sales")])
    assert gains(found) == [(ANN, "columns", ("a",))]


def test_members_of_a_group_have_what_the_group_has() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering-notes.html"""
    directory = replace(WORLD, groups={ANN: (GROUP,)})
    parts: Parts = [table(), give(GROUP, columns("a")), give(ANN, columns("b"))]
    assert seen(on(ANN, *parts, directory=directory)) == everything("a", "b")
    assert seen(on(ANN, *parts)) == everything("b")
    found = difference(access(*parts[:1], directory=directory), access(*parts[:2], directory=directory))
    assert gains(found) == [(ANN, "columns", ("a",)), (GROUP, "columns", ("a",))]
    joined = difference(access(*parts), access(*parts, directory=directory))
    assert gains(joined) == [(ANN, "columns", ("a",))]


def test_the_mesh_names_the_members_of_a_group() -> None:
    user = f"arn:aws:iam::{ANALYTICS}:saml-provider/idp:user/eva"
    group = f"arn:aws:iam::{ANALYTICS}:saml-provider/idp:group/readers"
    consumer = "consumers/analytics-coe/consumer.yaml"
    mesh = variant(
        (consumer, "principals:\n", f"principals:\n  - {{name: readers, arn: '{group}', members: ['{user}']}}\n"),
        ("consumers/analytics-coe/subscriptions/credit-risk-model.yaml", "[data-scientist]", "[readers]"),
    )
    wanted = access_of(mesh)
    (place,) = [each for each in wanted.tables if each.table == "credit_card"]
    assert wanted.on(user, place).columns == wanted.on(group, place).columns
    assert "amount" in wanted.on(user, place).columns
    assert user in wanted.principals


def shared_by_tags(*more: AnyResource) -> Parts:
    """The table shared with the consumer by tags, passed on to one of his."""
    target = where(level="low")
    return [table(), LOW, give(CONSUMER, target), give(BOB, target, by=CONSUMER), *more]


@pytest.mark.parametrize("number", [1, 2])
def test_before_version_3_tag_policies_arrive_by_the_policy_of_the_catalog(number: int) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/optimize-ram.html"""
    found = on(BOB, *shared_by_tags(version(number), catalog_policy()))
    assert (found.verdict, seen(found)) == ("enforced", everything("a", "b"))
    assert on(BOB, *shared_by_tags(version(number))).is_nothing
    assert on(BOB, *shared_by_tags(version(number), catalog_policy(Principal={"AWS": "999999999999"}))).is_nothing


GLUE = f"arn:aws:glue:eu-west-1:{OWNER}"


@pytest.mark.parametrize(
    "other",
    [
        {"Resource": "*"},
        {"Resource": f"{GLUE}:*"},
        {"Resource": [f"{GLUE}:table/*/*", f"{GLUE}:database/*", f"{GLUE}:catalog", f"{GLUE}:userDefinedFunction/x/y"]},
        {"Action": "*"},
        {"Action": ["glue:Get*", "lakeformation:GetDataAccess"]},
        {"Principal": {"AWS": CONSUMER}},
        {"Principal": {"AWS": [f"arn:aws-cn:iam::{CONSUMER}:root", "999999999999"]}},
        {"Condition": {"bool": {"Glue:EvaluatedByLakeFormationTags": ["True"]}}},
    ],
)
def test_what_a_policy_opens_by_tags_may_be_said_in_a_few_ways(other: dict[str, object]) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/cross-account-prereqs.html"""
    found = on(BOB, *shared_by_tags(version(2), catalog_policy(**other)))
    assert (found.verdict, seen(found)) == ("enforced", everything("a", "b"))


@pytest.mark.parametrize(
    "other",
    [
        {"Resource": [f"{GLUE}:table/*", f"{GLUE}:database/*"]},
        {"Resource": [f"{GLUE}:table/*", f"{GLUE}:catalog"]},
        {"Resource": [f"{GLUE}:table/*", f"{GLUE}:database/db", f"{GLUE}:catalog"]},
        {"Resource": [f"{GLUE}:database/*", f"{GLUE}:catalog"]},
        {"Resource": []},
        {"Action": ["glue:GetTable", "glue:GetTables"]},
        {"Principal": {"AWS": [CONSUMER, f"arn:aws:iam::{CONSUMER}:role/x"]}},
        {"Principal": {"AWS": "*"}},
        {"Condition": {"Bool": {"glue:EvaluatedByLakeFormationTags": "false"}}},
        {"Condition": {"StringEquals": {"glue:EvaluatedByLakeFormationTags": "true"}}},
        {"Effect": "Deny"},
        {"Principal": "*"},
        {"Principal": {"AWS": f"arn:aws:iam::{CONSUMER}:role/x"}},
        {"Action": "glue:GetTable"},
        {"Resource": f"arn:aws:glue:eu-west-1:{OWNER}:table/db/*"},
        {
            "Condition": {
                "Bool": {"glue:EvaluatedByLakeFormationTags": "true"},
                "StringEquals": {"aws:PrincipalOrgID": "o-1"},
            }
        },
    ],
)
def test_a_policy_in_other_words_than_the_guides_is_unknown(other: dict[str, object]) -> None:
    found = on(BOB, *shared_by_tags(version(2), catalog_policy(**other)))
    assert (found.verdict, seen(found), [*found.possible]) == ("unknown", {}, ["a", "b"])


def test_a_policy_that_says_nothing_of_tags_opens_nothing() -> None:
    for other in ({"Condition": {}}, {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}):
        assert on(BOB, *shared_by_tags(version(2), catalog_policy(**other))).is_nothing


def test_before_version_3_named_tables_arrive_by_ram() -> None:
    parts: Parts = [
        table(),
        version(1),
        catalog_policy(),
        give(CONSUMER, columns("a")),
        give(BOB, named(), by=CONSUMER),
    ]
    assert on(BOB, *parts).is_nothing
    assert seen(on(BOB, *parts, accepted())) == everything("a")


def test_from_version_3_on_the_policy_alone_may_be_from_before() -> None:
    found = on(BOB, *shared_by_tags(version(4), catalog_policy()))
    assert (found.verdict, seen(found), [*found.possible]) == ("unknown", {}, ["a", "b"])
    assert seen(on(BOB, *shared_by_tags(version(4), catalog_policy(), accepted()))) == everything("a", "b")


def test_before_version_3_nothing_is_granted_straight_to_principals_abroad() -> None:
    found = on(BOB, table(), version(2), accepted(), give(BOB, columns("a")))
    assert (found.verdict, seen(found), [*found.possible]) == ("unknown", {}, ["a"])


def test_a_policy_that_opens_the_catalog_is_gained() -> None:
    parts = shared_by_tags(version(1))
    assert gains(changed(parts, [*parts, catalog_policy()])) == [(BOB, "columns", ("a", "b"))]
    assert gains(changed([*parts, catalog_policy()], parts)) == []


def test_a_share_that_waits_gives_nothing_yet() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/accepting-ram-invite.html"""
    found = on(BOB, *shared_by_tags(accepted(pending=True)))
    assert (found.verdict, seen(found), [*found.possible]) == ("unknown", {}, ["a", "b"])


def test_what_is_uncertain_of_somebody_who_has_it_anyway_is_no_doubt() -> None:
    found = on(ANN, table(), give(ANN, named()), give(ANN, columns("a"), condition="who knows"))
    assert (found.verdict, seen(found)) == ("enforced", everything("a", "b", "c"))


@pytest.mark.parametrize("target", [named("*"), named()])
def test_an_opt_in_taken_back_opens_while_everybody_is_let_in(target: object) -> None:
    """An opt-in on all tables counts as one on the table; the table stays open to IAM all the time."""
    parts: Parts = [table(), give("IAM_ALLOWED_PRINCIPALS", named(), "ALL"), give(ANN, columns("a"))]
    found = changed([*parts, opted(ANN, target)], parts)  # type: ignore[arg-type]
    assert [(entry.principal, entry.change) for entry in found.gained] == [(ANN, "opened")]
