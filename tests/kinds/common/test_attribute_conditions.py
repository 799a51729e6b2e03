"""Attribute conditions: the forms of the console are judged, everything else is unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.kinds.common.attribute_conditions import holds

HAS = 'context.iam.principalTags.hasTag("{}")'.format
GET = 'context.iam.principalTags.getTag("{}") == "{}"'.format


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        (f"{HAS('team')} && {GET('team', 'sales')}", True),
        (f"{HAS('team')} && {GET('team', 'hr')}", False),
        (f"{HAS('team')} && ({GET('team', 'hr')} || {GET('team', 'sales')})", True),
        (f"{HAS('level')} && {GET('level', '1')}", False),
        (GET("level", "1"), False),
        (f"!{HAS('level')}", True),
        (f"{GET('level', '1')} || {HAS('team')}", False),
        (f"{HAS('team')} || {GET('level', '1')}", True),
        ("true", True),
        (f"{HAS('team')} && {HAS('team')}", True),
        ('context.iam.principalTags.getTag("team") != "hr"', True),
        (HAS("Team"), None),
        (GET("TEAM", "sales"), None),
        ("principal in Group", None),
        (f"{HAS('team')} &&", None),
        (f"({HAS('team')}", None),
        (f"{HAS('team')} {HAS('team')}", None),
        ("", None),
    ],
)
def test_a_condition_about_a_role_of_sales(condition: str, value: bool | None) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/abac-granting-permissions.html"""
    assert holds(condition, {"team": "sales"}) is value


def test_without_known_tags_nothing_is_known() -> None:
    assert holds(HAS("team"), None) is None


@given(st.text(max_size=60))
def test_no_text_is_an_error(condition: str) -> None:
    assert holds(condition, {"team": "sales"}) in (True, False, None)


@given(
    st.recursive(
        st.sampled_from(("team", "level")).map(HAS),
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(("&&", "||")), inner).map(lambda parts: f"({' '.join(parts)})"),
            inner.map(lambda part: f"!{part}"),
        ),
    )
)
def test_every_condition_without_errors_is_what_python_makes_of_it(condition: str) -> None:
    said = condition.replace(HAS("team"), "True").replace(HAS("level"), "False")
    said = said.replace("&&", " and ").replace("||", " or ").replace("!", " not ")
    assert holds(condition, {"team": "sales"}) is eval(said)
