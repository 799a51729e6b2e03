"""What a subscription, a product and a steward are given: just what the documents say, in the account that gives it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from reconciler.kinds.sharing import wanted_grants
from reconciler.model.lakeformation import OnColumns, OnFilter, OnTable, OnTag, OnTagPolicy
from reconciler.spec.mesh import Mesh
from tests.estate import ANALYTICS, BANKING, CENTRAL, bank, variant
from tests.story.test_main_law import MODEL, named

SCIENTIST = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"
BY_PRINCIPALS = (MODEL, "purpose:", "share: principals\npurpose:")


def given(mesh: Mesh, account: str, to: str) -> set[tuple[str, str, bool]]:
    """Permission, target and grant option of what an account gives to somebody."""
    return {
        (each.spec.permission, str(each.spec.target), each.spec.grantable)
        for each in wanted_grants(mesh)
        if each.address.placement.account == account and each.spec.principal == to
    }


def targets(mesh: Mesh, to: str) -> Iterable[object]:
    return [each.spec.target for each in wanted_grants(mesh) if each.spec.principal == to]


def test_an_account_receives_to_pass_on_and_a_principal_receives_to_use() -> None:
    for each in wanted_grants(bank()):
        if each.spec.principal.isdigit():
            assert each.spec.grantable, each
            assert each.address.placement.account == CENTRAL
        else:
            assert not each.spec.grantable, each


def test_a_principal_is_given_no_more_than_his_account() -> None:
    for each in wanted_grants(bank()):
        account = each.address.placement.account
        if account != CENTRAL and each.spec.target.catalog == CENTRAL:
            assert (each.spec.permission, str(each.spec.target), True) in given(bank(), CENTRAL, account), each


def test_a_subscription_opens_only_its_clearance() -> None:
    expressions = {
        dict(target.terms).get("sensitivity")
        for target in targets(bank(), SCIENTIST)
        if isinstance(target, OnTagPolicy) and target.of == "TABLE"
    }
    assert expressions == {("confidential", "internal")}


def test_without_the_account_in_between_principals_are_granted_directly() -> None:
    mesh = variant(BY_PRINCIPALS)
    assert any(permission == "SELECT" for permission, _, _ in given(mesh, CENTRAL, SCIENTIST))
    links = given(mesh, ANALYTICS, SCIENTIST)
    assert {target for _, target, _ in links} == {f"database {ANALYTICS}:rl_credit-card"}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("{name: credit_card}", OnTable),
        ("{name: credit_card, columns: [amount]}", OnColumns),
        ("{name: credit_card, rows: 'amount > 1'}", OnFilter),
        ("{name: credit_card, columns: [amount], rows: 'amount > 1'}", OnFilter),
    ],
)
def test_a_named_table_is_shared_as_narrowly_as_it_is_asked_for(words: str, kind: type) -> None:
    mesh = variant(named(words))
    shared = [
        each.spec
        for each in wanted_grants(mesh)
        if each.spec.principal == ANALYTICS and each.spec.permission == "SELECT"
        if not isinstance(each.spec.target, OnTagPolicy)
    ]
    assert [type(grant.target) for grant in shared] == [kind]
    filtered_reader = {
        each.spec.permission for each in wanted_grants(mesh) if isinstance(each.spec.target, OnColumns | OnFilter)
    }
    assert filtered_reader <= {"SELECT"}


def test_a_domain_may_use_the_tags_that_it_was_given_and_no_others() -> None:
    keys = {
        each.spec.target.key
        for each in wanted_grants(bank())
        if each.spec.principal == BANKING
        and each.spec.permission == "ASSOCIATE"
        and isinstance(each.spec.target, OnTag)
    }
    assert keys == {"subject"}


def test_stewards_do_not_drop_or_alter_what_the_mesh_makes() -> None:
    steward = f"arn:aws:iam::{BANKING}:role/meshform/bank/consumer-banking-steward"
    permissions = {permission for permission, _, _ in given(bank(), BANKING, steward)}
    assert permissions == {"DELETE", "DESCRIBE", "INSERT", "SELECT"}


def test_nothing_is_given_to_everybody() -> None:
    assert not [each for each in wanted_grants(bank()) if "IAM" in each.spec.principal.upper().replace(":IAM:", "")]


def test_a_product_without_subscriptions_is_read_by_its_own_account_only() -> None:
    mesh = variant(without=["consumers/analytics-coe/subscriptions"])
    readers = {each.spec.principal for each in wanted_grants(mesh) if each.spec.permission == "SELECT"}
    assert not any(ANALYTICS in reader for reader in readers)


def test_tags_are_shown_to_an_account_before_it_can_pass_on_an_expression() -> None:
    seen = {target.value for target in targets(bank(), ANALYTICS) if isinstance(target, OnTag)}
    assert {"internal", "confidential", "credit-profile"} <= seen
    assert "restricted" not in seen
