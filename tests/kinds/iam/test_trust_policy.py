"""Trust policies: whom each way to write one lets act as its role."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.kinds.iam.trust_policy import Trust, is_outside, is_service, told, trust_of

HOME, AWAY = "111111111111", "222222222222"
ROLE = f"arn:aws:iam::{HOME}:role/loader"
OWN, OTHER = f"arn:aws:iam::{HOME}:root", f"arn:aws:iam::{AWAY}:root"
ANN = f"arn:aws:iam::{HOME}:user/ann"
WORD = {"StringEquals": {"sts:ExternalId": "word"}}


def said(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [*statements]})


def lets(principal: Any, action: Any = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": principal, "Action": action, **more}


@pytest.mark.parametrize(
    ("principal", "names"),
    [
        ("*", {"*"}),
        ({"AWS": "*"}, {"*"}),
        ({"AWS": AWAY}, {OTHER}),
        ({"AWS": [OWN, ANN]}, {OWN, ANN}),
        ({"Service": "glue.amazonaws.com"}, {"glue.amazonaws.com"}),
        ({"Federated": "cognito-identity.amazonaws.com"}, {"federated:cognito-identity.amazonaws.com"}),
        ({"Federated": f"arn:aws:iam::{HOME}:saml-provider/idp"}, {f"arn:aws:iam::{HOME}:saml-provider/idp"}),
        ({"AWS": ANN, "Service": ["glue.amazonaws.com"]}, {ANN, "glue.amazonaws.com"}),
    ],
)
def test_everybody_whom_a_policy_names_is_let_in(principal: Any, names: set[str]) -> None:
    assert trust_of(said(lets(principal))) == Trust(dict.fromkeys(names, frozenset({""})))


@pytest.mark.parametrize(
    ("action", "is_about"),
    [
        ("sts:AssumeRole", True),
        ("sts:assume*", True),
        ("*", True),
        (["sts:TagSession", "sts:AssumeRoleWithSAML"], True),
        ("sts:AssumeRoleWithWebIdentity", True),
        (["sts:TagSession", "sts:SetSourceIdentity"], False),
    ],
)
def test_only_what_lets_somebody_act_as_the_role_counts(action: Any, is_about: bool) -> None:
    assert bool(trust_of(said(lets("*", action))).lets) is is_about
    but = {"Effect": "Allow", "Principal": "*", "NotAction": action}
    every = action in ("*", "sts:assume*")
    assert bool(trust_of(said(but)).lets) is not every


def test_whoever_is_not_excluded_may_be_anybody() -> None:
    found = trust_of(said({"Effect": "Allow", "NotPrincipal": {"AWS": ANN}, "Action": "sts:AssumeRole"}))
    assert found.lets.keys() == {"*"}
    assert all(ANN in test for test in found.lets["*"]), "it is no plain leave"


def test_each_condition_under_which_somebody_is_let_in_is_kept_apart() -> None:
    found = trust_of(said(lets({"AWS": ANN}, Condition=WORD), lets({"AWS": [ANN, OTHER]})))
    assert found.lets == {ANN: {"", "sts:ExternalId StringEquals word"}, OTHER: {""}}


def test_what_denies_is_kept_word_for_word() -> None:
    denied = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
    found = trust_of(said(lets("*"), denied, {**denied, "Action": "sts:TagSession"}))
    assert found.refuses == {json.dumps(denied, sort_keys=True)}


@pytest.mark.parametrize(
    ("there", "who", "is_covered"),
    [
        (OWN, ANN, True),
        (OWN, "glue.amazonaws.com", True),
        (OTHER, ANN, False),
        (OTHER, "glue.amazonaws.com", False),
        ("*", OTHER, True),
        (OWN, OWN, False),
        (f"arn:aws:iam::{AWAY}:role/x", f"arn:aws:sts::{AWAY}:assumed-role/x/run", True),
        (f"arn:aws:iam::{AWAY}:role/y", f"arn:aws:sts::{AWAY}:assumed-role/x/run", False),
        (f"arn:aws-cn:iam::{HOME}:root", ANN.replace("aws", "aws-cn", 1), True),
    ],
)
def test_an_account_a_role_and_anybody_stand_for_others(there: str, who: str, is_covered: bool) -> None:
    assert trust_of(said(lets({"AWS": there}))).covers(who, ROLE) is is_covered


@pytest.mark.parametrize(
    ("who", "outside"),
    [
        (OWN, False),
        (ANN, False),
        ("glue.amazonaws.com", False),
        (OTHER, True),
        ("*", True),
        ("federated:accounts.google.com", True),
        ("federated:cognito-identity.amazonaws.com", True),
        (f"arn:aws:iam::{HOME}:saml-provider/idp", False),
    ],
)
def test_whoever_is_neither_of_the_account_nor_a_service_is_outside(who: str, outside: bool) -> None:
    assert is_outside(who, ROLE) is outside
    assert is_service(who) is (who == "glue.amazonaws.com")


def test_another_policy_is_told_by_who_comes_and_who_goes() -> None:
    denied = {"Effect": "Deny", "Principal": {"AWS": ANN}, "Action": "sts:AssumeRole"}
    old, new = said(lets({"AWS": [OWN, ANN]})), said(lets({"AWS": OTHER}), lets({"AWS": OWN}, Condition=WORD), denied)
    assert told(old, new) == (
        f"{OTHER} may act as it; {ANN} may no longer act as it; {OWN} may act as it on other conditions; "
        "it is denied to others than before"
    )
    assert told(old, old) == ""
