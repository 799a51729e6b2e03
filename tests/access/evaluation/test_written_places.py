"""Where a role writes what it reads: results of its queries, and wherever else it may put objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.access.evaluation.written_places import written_places
from reconciler.access.state.iam_policies import iam_policies
from reconciler.model.resource import AnyResource
from tests.access.building import ANN, BOB, CONSUMER, state
from tests.access.evaluation.test_other_paths import QUERY, policy, role, workgroup

BUCKETS = [policy("work", CONSUMER), policy("own", CONSUMER), policy("other", CONSUMER)]


def written(principal: str, *parts: AnyResource) -> list[tuple[str, str]]:
    snapshot = state(*parts)
    found = written_places(snapshot, iam_policies(snapshot))[principal]
    for each in found:
        assert each.parts == tuple(each.uri.removeprefix("s3://").split("/", 1)) if each.uri else ("", "")
    return [(str(each), each.name) for each in found]


def copies(*places: str) -> list[tuple[str, str]]:
    return [(f"s3://{place}", "copies") for place in places]


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ({"Resource": "arn:aws:s3:::work/copies/*"}, ["work/copies/"]),
        ({"Resource": "arn:aws:s3:::work/copies/one.csv"}, ["work/copies/one.csv"]),
        ({"Resource": ["arn:aws:s3:::work/a/*", "arn:aws:s3:::unseen/b/*"]}, ["work/a/", "unseen/b/"]),
        ({"Resource": "arn:aws:s3:::o*"}, ["other/", "own/"]),
        ({"Resource": "*"}, ["other/", "own/", "results/", "work/"]),
        ({"NotResource": "arn:aws:s3:::o*"}, ["results/", "work/"]),
        ({"NotAction": "s3:Get*", "Resource": "arn:aws:s3:::work/*"}, ["work/"]),
        ({"Action": "s3:GetObject", "Resource": "*"}, []),
        ({"Effect": "Deny", "Resource": "*"}, []),
        ({"Resource": "arn:aws:s3:::work"}, []),
    ],
)
def test_copies_are_written_wherever_objects_may_be_put(statement: Mapping[str, Any], places: list[str]) -> None:
    said = {**({} if "NotAction" in statement else {"Action": "s3:PutObject"}), **statement}
    assert written(BOB, *BUCKETS, workgroup(), role(BOB, said)) == copies(*places)


def test_results_are_written_where_the_workgroup_has_them_and_are_no_copies() -> None:
    put = {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::*"}
    results = ("s3://results/", "query-results")
    assert written(BOB, workgroup(), role(BOB, QUERY)) == [results]
    assert written(BOB, *BUCKETS, workgroup(), role(BOB, QUERY, put)) == [
        results,
        *copies("other/", "own/", "work/"),
    ]
    assert written(BOB, workgroup(), workgroup("s3://more/", "more"), role(BOB, QUERY)) == [results]
    kept = workgroup("")
    assert written(BOB, kept, role(BOB, QUERY)) == [(QUERY["Resource"], "query-results")]


def test_somebody_asks_in_workgroups_of_his_own_account() -> None:
    everywhere = {"Action": "athena:StartQueryExecution", "Resource": "*"}
    assert written(ANN, workgroup(), role(ANN, everywhere)) == []
    assert written(BOB, workgroup(), role(BOB, {**everywhere, "Action": "athena:GetQueryResults"})) == []
