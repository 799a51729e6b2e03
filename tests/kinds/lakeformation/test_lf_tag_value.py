"""A value comes with its key, and goes only after nothing carries it and nobody is granted it."""

from __future__ import annotations

from reconciler.kinds.lakeformation.lf_tag_value import LFTagValueKind
from tests.estate import CENTRAL, Estate, specs, step_of, variant, wave_of

KIND = LFTagValueKind()
PRICES = "domains/asset-management/products/fund-prices.yaml"


def test_a_value_comes_with_its_key() -> None:
    for want in specs("lf-tag-value").values():
        made_with = KIND.implied_by(want)
        assert made_with is not None
        assert (made_with.kind, made_with.name) == ("lf-tag", want.spec.key)


def test_a_value_goes_after_its_assignments_and_grants(built: Estate) -> None:
    plan = built.plan(variant(without=[PRICES]))
    waves = wave_of(plan)
    value = waves[step_of(plan, "lf-tag-value", "product=fund-prices").address]
    users = [
        waves[step.address]
        for step in plan.steps
        if step.address.placement.account == CENTRAL
        and (step.address.name == "fund-prices product" or "product=fund-prices" in step.address.name)
        and step.address.kind in ("tag-assignment", "grant")
    ]
    assert len(users) > 4
    assert max(users) < value


def test_a_value_that_is_gone_already_is_no_failure() -> None:
    (call,) = KIND.delete(specs("lf-tag-value")["subject=funds"])
    assert call.success_errors == {"EntityNotFoundException"}
    (call,) = KIND.create(specs("lf-tag-value")["subject=funds"])
    assert call.success_errors == frozenset()
