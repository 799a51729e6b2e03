"""Policies of others: what they let, what in them denies, and what nobody can tell."""

# A case is a line, however long, so that the table can be read down the page.
# ruff: noqa: E501

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.kinds.common.policy_coverage import Coverage, coverage

ROLE = "arn:aws:iam::111111111111:role/meshform/bank/register"
BUCKET = "arn:aws:s3:::lake"
READ = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "s3:GetObject", "Resource": f"{BUCKET}/sales/*"}
LIST: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"AWS": ROLE},
    "Action": "s3:ListBucket",
    "Resource": BUCKET,
    "Condition": {"StringLike": {"s3:prefix": ["sales/", "sales/*"]}},
}
LET = [READ, LIST]
ROOT = "arn:aws:iam::111111111111:root"


def deny(**more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [BUCKET, f"{BUCKET}/*"], **more}


def judged(*statements: dict[str, Any], needed: list[dict[str, Any]] = LET) -> str:
    found = coverage(map(json.dumps, needed), map(json.dumps, statements))
    words = [name for name in ("lacks", "denies", "unsure") if getattr(found, name)]
    return " ".join(words) or "lets"


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values)}}}


CASES: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "nothing there": ("lacks", []),
    "the statements": ("lets", LET),
    "the whole account": ("lets", [{**READ, "Principal": {"AWS": ROOT}, "Action": "s3:*", "Resource": "*"}]),
    "only under another prefix": ("lacks", [READ, {**LIST, **when("StringLike", "s3:prefix", "other/*")}]),
    "another action": ("lacks", [{**READ, "Action": "s3:PutObject"}, LIST]),
    "all actions but one": ("lets", [{**READ, "NotAction": "s3:DeleteObject", "Action": None}, LIST]),
    "all actions but this one": ("lacks", [{**READ, "NotAction": "s3:Get*", "Action": None}, LIST]),
    "all but this resource": ("lacks", [{**READ, "NotResource": f"{BUCKET}/sales/*", "Resource": None}, LIST]),
    "only the organization": ("unsure", [{**each, "Principal": "*", **ORG} for each in LET for ORG in [when("StringEquals", "aws:PrincipalOrgID", "o-1")]]),
    "only by an endpoint": ("unsure", [*({**each, **when("StringEquals", "aws:SourceVpce", "vpce-1")} for each in [READ]), LIST]),
    "only of this account": ("lets", [{**READ, **when("StringEquals", "aws:PrincipalAccount", "111111111111")}, LIST]),
    "only of another account": ("lacks", [{**READ, **when("StringEquals", "aws:PrincipalAccount", "9")}, LIST]),
    "only for a service's resource": ("lacks", [{**READ, **when("ArnLike", "aws:SourceArn", "arn:*")}, LIST]),
    "no plain HTTP": ("lets", [*LET, deny(**when("Bool", "aws:SecureTransport", "false"))]),
    "all others denied": ("denies", [*LET, deny(**when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/etl*"))]),
    "all others denied but it": ("lets", [*LET, deny(**when("ArnNotLike", "aws:PrincipalArn", "*/meshform/*"))]),
    "another network denied": ("unsure", [*LET, deny(**when("StringNotEquals", "aws:SourceVpce", "vpce-1"))]),
    "another network denied, and nothing let": ("lacks unsure", [deny(**when("StringNotEquals", "aws:SourceVpc", "v"))]),
    "another network denied to others (opg-digideps#2920)": ("lets", [*LET, deny(Condition={"StringNotEquals": {"aws:SourceVpce": "v"}, "ArnNotLike": {"aws:PrincipalArn": [ROLE]}})]),
    "another network denied to all but others": ("unsure", [*LET, deny(Condition={"StringNotEquals": {"aws:SourceVpce": "v"}, "ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/operator"]}})]),
    "another organization denied": ("unsure", [*LET, deny(**when("StringNotEquals", "aws:PrincipalOrgID", "o-1"))]),
    "services denied": ("lets", [*LET, deny(**when("Bool", "aws:PrincipalIsAWSService", "true"))]),
    "everybody else denied": ("denies", [*LET, {**deny(NotPrincipal={"AWS": "arn:aws:iam::111111111111:role/etl"}), "Principal": None}]),
    "everybody but it denied": ("lets", [*LET, {**deny(NotPrincipal={"AWS": [ROLE, ROOT]}), "Principal": None}]),
    "everybody but it denied, its account not named": ("unsure", [*LET, {**deny(NotPrincipal={"AWS": ROLE}), "Principal": None}]),
    "deletes denied": ("lets", [*LET, deny(Action="s3:Delete*")]),
    "all but reading denied": ("lets", [*LET, {**deny(NotAction=["s3:Get*", "s3:List*"]), "Action": None}]),
    "a part denied": ("unsure", [*LET, deny(Resource=f"{BUCKET}/sales/secret/*")]),
    "another part denied": ("lets", [*LET, deny(Resource=f"{BUCKET}/hr/*")]),
    "listing elsewhere denied": ("lets", [*LET, deny(Action="s3:ListBucket", **when("StringNotLike", "s3:prefix", "sales/*", "sales/"))]),
    "somebody else denied": ("lets", [*LET, deny(Principal={"AWS": "arn:aws:iam::9:role/x"})]),
    "the account denied": ("denies", [*LET, deny(Principal={"AWS": ROOT})]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_policy_is_judged(case: str) -> None:
    said, statements = CASES[case]
    assert judged(*({k: v for k, v in each.items() if v is not None} for each in statements)) == said


def test_what_is_printed_can_be_pasted_and_then_lets() -> None:
    found = coverage(map(json.dumps, [{**READ, "Sid": "Meshform1"}]), [])
    (text,) = found.lacks
    assert "Sid" not in json.loads(text)
    assert judged(json.loads(text), needed=[READ]) == "lets"


def test_a_denial_is_told_with_what_it_depends_on() -> None:
    stands = deny(Sid="OnlyOurs", **when("StringNotEquals", "aws:SourceVpce", "vpce-1"))
    found = coverage(map(json.dumps, LET), map(json.dumps, [*LET, stands]))
    (told,) = found.unsure
    assert "OnlyOurs" in told
    assert "depends on aws:SourceVpce" in told
    surely = coverage(map(json.dumps, LET), map(json.dumps, [*LET, deny(Sid="Nobody")]))
    (held,) = surely.shortfalls("the policy of lake")
    assert held.startswith("the policy of lake denies what the mesh needs; make an exception in ")


def test_an_organization_that_is_known_decides() -> None:
    only = [{**each, "Principal": "*", **when("StringEquals", "aws:PrincipalOrgID", "o-1")} for each in LET]
    only[1]["Condition"]["StringLike"] = LIST["Condition"]["StringLike"]
    needed = [json.dumps(each) for each in LET]
    there = [json.dumps(each) for each in only]
    assert coverage(needed, there, {"aws:principalorgid": "o-1"}) == Coverage()
    assert len(coverage(needed, there, {"aws:principalorgid": "o-2"}).lacks) == len(LET)
