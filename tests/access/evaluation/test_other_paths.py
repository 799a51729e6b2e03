"""Paths past Lake Formation: results, copies, raw files, engines outside; each by its name, and none in the example."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from reconciler.access import Access, changed_facts, difference, evaluate, facts_of, principal_directory
from reconciler.access.evaluation.other_paths import other_paths
from reconciler.access.queries.ask import who_can
from reconciler.kinds import addresses, registry
from reconciler.kinds.athena.workgroup import Workgroup
from reconciler.kinds.iam.iam_role import Role
from reconciler.kinds.lakeformation.lake_settings import LakeSettings
from reconciler.kinds.s3.bucket_policy import BucketPolicy
from reconciler.model.address import Address
from reconciler.model.resource import AnyResource, Resource, Snapshot
from reconciler.plan.compile import compile_mesh
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    OWNER,
    accepted,
    access,
    columns,
    give,
    named,
    placement,
    registered,
    state,
    table,
)
from tests.estate import ANALYTICS, bank

EVA = f"arn:aws:iam::{CONSUMER}:role/eva"
TOGETHER = f"arn:aws:athena:eu-west-1:{CONSUMER}:workgroup/shared"
RESULTS = {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::results/*"}
QUERY = {"Action": "athena:*", "Resource": TOGETHER}


def role(arn: str, *statements: Mapping[str, Any]) -> AnyResource:
    """A role whose policy allows this."""
    allowed = [{"Effect": "Allow", **each} for each in statements]
    spec = Role("/", "{}", json.dumps({"Statement": allowed}))
    return Resource(addresses.iam_role(placement(arn.split(":")[4]), arn.rpartition("/")[2]), spec, handle=arn)


def policy(bucket: str, owner: str, *statements: Mapping[str, Any]) -> AnyResource:
    """A bucket's policy."""
    texts = tuple(json.dumps(each) for each in statements)
    return Resource(Address(addresses.BUCKET_POLICY, placement(owner), bucket), BucketPolicy((), texts))


def allow(who: str, resource: str = "arn:aws:s3:::lake/*", **more: Any) -> dict[str, Any]:
    """A statement that lets somebody get objects."""
    return {"Effect": "Allow", "Principal": {"AWS": who}, "Action": "s3:GetObject", "Resource": resource, **more}


def workgroup(output: str = "s3://results/", name: str = "shared") -> AnyResource:
    """A workgroup of the consumer."""
    return Resource(
        Address(addresses.WORKGROUP, placement(CONSUMER), name),
        Workgroup(output, enforced=True, encryption="", cutoff=0),
    )


def told(*parts: AnyResource | list[AnyResource]) -> dict[tuple[str, str], tuple[tuple[str, ...], bool]]:
    """Who, by which path: which columns, and whether that is certain."""
    found: Access = access(*parts)
    return {
        (each.principal, each.name): (found.tables[each.place].names(each.columns), each.certain)
        for each in other_paths(found)
        if each.place in found.tables
    }


SHARED = [
    table(),
    accepted(),
    *give(CONSUMER, named()),
    *give(BOB, named(), by=CONSUMER),
    *give(EVA, columns("a"), by=CONSUMER),
]
STORED = [table(uri="s3://lake/t/"), registered()]


def test_results_in_one_place_are_read_by_who_has_less() -> None:
    """https://docs.aws.amazon.com/athena/latest/ug/querying.html"""
    found = told(*SHARED, workgroup(), role(BOB, QUERY, RESULTS), role(EVA, QUERY, RESULTS))
    assert found == {
        (EVA, "query-results"): (("b", "c"), True),
        (EVA, "overwriting"): ((), False),
        (BOB, "overwriting"): ((), False),
    }


PUT = {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::results/*"}
COPIES = {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::work/copies/*"}
ANYWHERE = {"Action": "s3:PutObject", "Resource": "*"}


@pytest.mark.parametrize(
    ("bob", "eva", "found"),
    [
        ((QUERY, RESULTS), (PUT,), {(EVA, "overwriting"): ((), True)}),
        ((QUERY, RESULTS), ({**PUT, "Resource": "arn:aws:s3:::results/own/*"},), {(EVA, "overwriting"): ((), True)}),
        ((QUERY, RESULTS), ({**PUT, "Resource": "arn:aws:s3:::elsewhere/*"},), {}),
        ((COPIES,), ({**COPIES, "Condition": {"Bool": {"x": "y"}}},), {(EVA, "overwriting"): ((), False)}),
        ((COPIES,), ({"Action": "s3:*", "NotResource": "arn:aws:s3:::results/*"},), {(EVA, "overwriting"): ((), True)}),
    ],
)
def test_who_may_put_something_else_in_the_place_of_answers_and_copies(
    bob: tuple[Mapping[str, Any], ...], eva: tuple[Mapping[str, Any], ...], found: object
) -> None:
    """An answer that somebody else wrote: results of Athena and targets of CREATE TABLE AS are objects like others.

    https://docs.aws.amazon.com/athena/latest/ug/querying.html
    """
    owned = [policy("results", CONSUMER), policy("work", CONSUMER)]
    every = told(*SHARED, *owned, workgroup(), role(BOB, *bob), role(EVA, *eva))
    assert {key: value for key, value in every.items() if key == (EVA, "overwriting")} == found


def test_who_may_put_objects_among_the_files_of_a_table() -> None:
    parts = [*STORED, role(ANN, {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::lake/t/*"}), policy("lake", OWNER)]
    assert told(*parts) == {(ANN, "overwriting"): ((), True)}
    (entry,) = difference(access(*STORED), access(*parts)).gained
    assert (entry.columns, entry.permissions) == ((), ("WRITE_FILES",))
    (fact,) = (each.fact for each in changed_facts(difference(access(*STORED), access(*parts)), bank()))
    assert (fact.path, fact.permission, fact.is_reading) == ("overwriting", "WRITE_FILES", False)
    assert not [*changed_facts(difference(access(*parts), access(*parts)), bank())]


def test_who_may_write_anywhere_writes_wherever_others_read() -> None:
    """A pattern of whole buckets names no place: every bucket that is known is one."""
    read = {"Action": "s3:Get*", "Resource": "arn:aws:s3:::work/*"}
    found = told(*SHARED, role(BOB, ANYWHERE), role(EVA, read), policy("work", CONSUMER), policy("own", CONSUMER))
    assert found == {(EVA, "copies"): (("b", "c"), True)}


def test_results_may_be_fetched_through_athena() -> None:
    fetch = {"Action": "athena:GetQueryResults", "Resource": "*"}
    found = told(*SHARED, workgroup(), role(BOB, QUERY), role(EVA, fetch))
    assert found == {(EVA, "query-results"): (("b", "c"), True)}
    away = fetch | {"Resource": TOGETHER.replace("shared", "own")}
    assert told(*SHARED, workgroup(), role(BOB, QUERY), role(EVA, away)) == {}


def test_what_is_surely_read_in_s3_is_so_though_athena_asks_for_a_condition() -> None:
    fetch = {"Action": "athena:GetQueryResults", "Resource": "*", "Condition": {"Bool": {"x": "y"}}}
    owned = [policy("results", CONSUMER), workgroup(), role(BOB, QUERY, RESULTS)]
    read = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::results/*"}
    assert told(*SHARED, *owned, role(EVA, fetch))[EVA, "query-results"] == (("b", "c"), False)
    assert told(*SHARED, *owned, role(EVA, fetch, read))[EVA, "query-results"] == (("b", "c"), True)


def test_who_may_ask_on_a_condition_may_have_left_results() -> None:
    ask = QUERY | {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "risk"}}}
    fetch = {"Action": "athena:GetQueryResults", "Resource": "*"}
    for said, certain in ((ask, False), (QUERY, True)):
        found = told(*SHARED, workgroup(), role(BOB, said), role(EVA, fetch))
        assert found == {(EVA, "query-results"): (("b", "c"), certain)}
    put = {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::work/*"}
    read = {"Action": "s3:Get*", "Resource": "arn:aws:s3:::work/*"}
    for said, certain in ((put | {"Condition": ask["Condition"]}, False), (put, True)):
        found = told(*SHARED, role(BOB, said), role(EVA, read), policy("work", CONSUMER))
        assert found[EVA, "copies"] == (("b", "c"), certain)


def test_who_may_ask_in_no_workgroup_of_his_account_has_no_results() -> None:
    """A role of the owner that may ask wherever it likes asks in its own account."""
    ask, fetch = ({"Action": action, "Resource": "*"} for action in ("athena:StartQuery*", "athena:GetQueryResults"))
    parts = [table(), give(ANN, named()), accepted(), workgroup(), role(ANN, ask), role(EVA, fetch)]
    assert told(*parts) == {}
    assert told(*SHARED, workgroup(), role(BOB, QUERY), role(ANN, fetch)) == {}


def test_of_a_path_only_the_columns_are_told_that_were_asked_for() -> None:
    found = access(*STORED, give(ANN, columns("a")), policy("lake", OWNER, allow(ANN)))
    (place,) = found.tables
    for chosen, told_ in ((0b001, set()), (0b011, {"b"}), (0b111, {"b", "c"}), (None, {"b", "c"})):
        facts = who_can(found, bank(), found.readers(place), {place: chosen})
        assert {each.column for each in facts if each.path == "files-by-policy"} == told_


def test_a_place_of_ones_own_is_no_path() -> None:
    mine = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::results/bob/*"}
    own = {"Action": "s3:GetObject", "Resource": "arn:aws:s3:::results/eva/*"}
    parts = [*SHARED, workgroup("s3://results/bob/"), role(BOB, QUERY, mine)]
    assert told(*parts, role(EVA, own)) == {}
    assert told(*parts, role(EVA, mine), policy("results", CONSUMER)) == {(EVA, "query-results"): (("b", "c"), True)}
    bob = allow(EVA, "arn:aws:s3:::results/bob/*")
    assert told(*parts, role(EVA), policy("results", CONSUMER, bob)) == {(EVA, "query-results"): (("b", "c"), True)}


def test_copies_that_a_role_may_write_are_read_by_others() -> None:
    """CREATE TABLE AS, UNLOAD and jobs write what they read wherever the role may write."""
    write = {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::work/copies/*"}
    read = {"Action": "s3:Get*", "Resource": "arn:aws:s3:::work/*"}
    assert told(*SHARED, role(BOB, write), role(EVA, read)) == {(EVA, "copies"): (("b", "c"), False)}
    assert told(*SHARED, role(BOB, write), role(EVA, read), policy("work", CONSUMER)) == {
        (EVA, "copies"): (("b", "c"), True)
    }


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (allow(ANN), {(ANN, "files-by-policy"): (("a", "b", "c"), True)}),
        (allow(ANN, "arn:aws:s3:::lake/u/*"), {}),
        (allow(ANN, "arn:aws:s3:::lake/t/part-1"), {(ANN, "files-by-policy"): (("a", "b", "c"), True)}),
        (allow(f"arn:aws:iam::{CONSUMER}:root"), {(CONSUMER, "files-by-policy"): (("a", "b", "c"), True)}),
        (allow("*", Condition={"StringEquals": {}}), {("*", "files-by-policy"): (("a", "b", "c"), False)}),
        (allow(BOB), {(BOB, "files-by-policy"): (("a", "b", "c"), False)}),
        (allow(ANN, Action="s3:PutObject"), {(ANN, "overwriting"): ((), True)}),
    ],
)
def test_raw_files_by_a_buckets_policy(statement: Mapping[str, Any], found: object) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html"""
    assert told(*STORED, policy("lake", OWNER, statement)) == found


ALL = ("a", "b", "c")


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (allow(ANN, Action="s3:GetObjectVersion"), {(ANN, "files-by-policy"): (ALL, True)}),
        (allow(ANN, Principal={"CanonicalUser": "79a59df900b949e5"}), {("*", "files-by-policy"): (ALL, False)}),
        (allow(ANN, Principal={"CanonicalUser": "7", "AWS": ANN}), {(ANN, "files-by-policy"): (ALL, True)}),
        (
            allow(f"arn:aws:sts::{OWNER}:assumed-role/ann/anything"),
            {(ANN, "files-by-policy"): (ALL, True)},
        ),
        (allow(f"arn:aws:iam::{OWNER}:user/zed"), {(f"arn:aws:iam::{OWNER}:user/zed", "files-by-policy"): (ALL, True)}),
        (
            {**allow("*"), "Principal": (), "NotPrincipal": {"AWS": BOB}},
            {("*", "files-by-policy"): (ALL, False)},
        ),
        (
            {**allow("*"), "Principal": "*", "NotAction": "s3:Put*", "Action": ()},
            {("*", "files-by-policy"): (ALL, True)},
        ),
    ],
)
def test_other_words_for_reading_files(statement: dict[str, Any], found: Mapping[tuple[str, str], object]) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html"""
    said = {key: value for key, value in statement.items() if value != ()}
    every = told(*STORED, policy("lake", OWNER, said))
    assert found.items() <= every.items()


@pytest.mark.parametrize("whom", [{"Service": "config.amazonaws.com"}, {"CanonicalUser": "79a59df900b949e5"}])
def test_a_denial_to_somebody_else_hides_no_path(whom: Mapping[str, str]) -> None:
    deny = {"Effect": "Deny", "Principal": whom, "Action": "s3:*", "Resource": "arn:aws:s3:::lake/*"}
    assert told(*STORED, policy("lake", OWNER, allow(ANN), deny)) == {(ANN, "files-by-policy"): (ALL, True)}


def test_results_may_be_fetched_as_a_stream() -> None:
    fetch = {"Action": "athena:GetQueryResultsStream", "Resource": TOGETHER}
    assert told(*SHARED, workgroup(), role(BOB, QUERY), role(EVA, fetch)) == {
        (EVA, "query-results"): (("b", "c"), True)
    }


def test_a_session_stands_for_its_role_whatever_the_path() -> None:
    deep = ANN.replace("role/", "role/some/path/")
    session = allow(f"arn:aws:sts::{OWNER}:assumed-role/ann/anything")
    found = told(*STORED, role(deep), policy("lake", OWNER, session))
    assert found == {(deep, "files-by-policy"): (ALL, True)}


def test_raw_files_by_a_roles_policy() -> None:
    read = {"Action": "s3:Get*", "Resource": "*"}
    assert told(*STORED, role(ANN, read), policy("lake", OWNER)) == {(ANN, "files-by-policy"): (("a", "b", "c"), True)}
    abroad = told(*STORED, role(BOB, read), policy("lake", OWNER))
    assert abroad == {}
    both = told(*STORED, role(BOB, read), policy("lake", OWNER, allow(BOB)))
    assert both == {(BOB, "files-by-policy"): (("a", "b", "c"), True)}


def test_what_is_denied_is_no_path() -> None:
    read, deny = {"Action": "s3:*", "Resource": "*"}, allow("*") | {"Effect": "Deny", "Action": "s3:*"}
    assert told(*STORED, role(ANN, read), policy("lake", OWNER, deny)) == {}


@pytest.mark.parametrize(
    "denied",
    [
        {"Resource": "arn:aws:s3:::lake/t/private/*"},
        {"Resource": "arn:aws:s3:::lake/${aws:userid}/*"},
        {"Principal": {"AWS": f"arn:aws:sts::{OWNER}:assumed-role/ann/monday"}},
    ],
)
def test_what_is_denied_in_part_is_a_path_to_the_rest(denied: Mapping[str, Any]) -> None:
    deny = {**allow("*"), "Effect": "Deny", **denied}
    assert told(*STORED, policy("lake", OWNER, allow(ANN), deny)) == {(ANN, "files-by-policy"): (ALL, True)}


@pytest.mark.parametrize(
    "allowed",
    [
        {"NotResource": "arn:aws:s3:::lake/t/private/*"},
        {"Resource": "arn:aws:s3:::lake/*/year=2026/*"},
        {"Resource": "arn:aws:s3:::lake/*.csv"},
    ],
)
def test_what_is_allowed_in_part_is_a_path(allowed: Mapping[str, Any]) -> None:
    """Whichever objects those are: there may be some among the files of the table."""
    assert told(*STORED, role(ANN, {"Action": "s3:GetObject", **allowed}), policy("lake", OWNER)) == {
        (ANN, "files-by-policy"): (ALL, True)
    }


def test_the_role_by_which_lake_formation_serves_files_is_no_reader() -> None:
    serving = "arn:aws:iam::1:role/r"
    assert told(*STORED, policy("lake", OWNER, allow(serving))) == {}


def test_who_reads_everything_anyway_gains_nothing_by_the_files() -> None:
    assert told(*STORED, give(ANN, named()), policy("lake", OWNER, allow(ANN))) == {}


def test_files_at_a_place_that_is_not_registered() -> None:
    assert told(table(uri="s3://lake/t")) == {("IAM_ALLOWED_PRINCIPALS", "not-registered"): (("a", "b", "c"), False)}


def test_engines_outside_are_told_by_the_settings() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataLakeSettings.html"""
    document = {
        "AllowFullTableExternalDataAccess": True,
        "AllowExternalDataFiltering": True,
        "ExternalDataFilteringAllowList": [{"DataLakePrincipalIdentifier": CONSUMER}],
    }
    settings = LakeSettings(frozenset(), frozenset(), "[]", "[]", 4, document=document)
    found = access(Resource(addresses.lake_settings(placement(OWNER)), settings))
    assert {(each.principal, each.name) for each in other_paths(found)} == {
        (OWNER, "engines-outside"),
        (CONSUMER, "engines-outside"),
    }


def test_engines_outside_are_gained_by_whom_they_are_left_to() -> None:
    """Only where filtering is allowed at all does the list count."""
    row = {"DataLakePrincipalIdentifier": CONSUMER}
    for document, told_ in (
        ({}, []),
        ({"ExternalDataFilteringAllowList": [row]}, []),
        ({"AllowExternalDataFiltering": True}, []),
        ({"AllowExternalDataFiltering": True, "ExternalDataFilteringAllowList": [row]}, [CONSUMER]),
        ({"AllowFullTableExternalDataAccess": True}, [OWNER]),
    ):
        settings = LakeSettings(frozenset(), frozenset(), "[]", "[]", 4, document=document)
        after = access(table(), Resource(addresses.lake_settings(placement(OWNER)), settings))
        entries = difference(access(table()), after).shared
        assert [each.principal for each in entries] == told_
        for each in entries:
            assert (each.path, each.columns, each.rank, each.width, each.new_account) == (
                "engines-outside",
                (),
                0,
                0,
                False,
            )
            assert (each.verdict, each.place.table, each.readable) == ("unknown", "*", 0)
            facts = [one.fact for one in changed_facts(difference(access(table()), after), bank())]
            assert [(one.principal, one.path, one.certain) for one in facts] == [(each.principal, each.path, False)]


def test_whoever_iam_lets_is_of_no_account_that_read_the_table_before() -> None:
    parts = [table(uri="s3://lake/t"), give(ANN, columns("a"))]
    (path,) = [each for each in difference(access(*parts, registered()), access(*parts)).gained if each.path]
    assert (path.principal, path.new_account) == ("IAM_ALLOWED_PRINCIPALS", True)
    known = [*STORED, give(ANN, columns("a"))]
    (more,) = difference(access(*known), access(*known, policy("lake", OWNER, allow(ANN)))).gained
    assert (more.principal, more.columns, more.new_account) == (ANN, ("b", "c"), False)
    (first,) = difference(access(*STORED), access(*STORED, policy("lake", OWNER, allow(ANN)))).gained
    assert first.new_account


def test_a_path_that_opens_is_gained_and_a_fact() -> None:
    before, after = access(*STORED), access(*STORED, policy("lake", OWNER, allow(ANN)))
    (entry,) = difference(before, after).gained
    assert (entry.principal, entry.change, entry.path, entry.columns) == (
        ANN,
        "path",
        "files-by-policy",
        ("a", "b", "c"),
    )
    assert {(fact.column, fact.permission) for fact in facts_of(after, bank()) if fact.path == "files-by-policy"} == {
        (name, "READ_FILES") for name in ("a", "b", "c")
    }
    assert {fact.reasons for fact in facts_of(after, bank()) if fact.path == "files-by-policy"} == {()}
    assert difference(after, before).lost[0].path == "files-by-policy"


def asked(snapshot: Snapshot) -> Access:
    """The access that the example asks for, in a state."""
    return evaluate(snapshot, principal_directory(bank()))


def test_in_the_example_nobody_reads_past_lake_formation_but_the_jobs_that_write_the_files() -> None:
    found = other_paths(asked(compile_mesh(bank(), registry())))
    assert {each.principal.rpartition("/")[2] for each in found} == {"curate-credit-profile.bank"}


def test_a_policy_widened_by_hand_is_found_again_in_the_example() -> None:
    """T2: the analyst reads the results of the data scientist."""
    wanted = compile_mesh(bank(), registry())
    widened = []
    for each in wanted.values():
        if isinstance(each.spec, Role) and each.address.name == "credit-analyst":
            hand = json.dumps({"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}})
            each = replace(each, spec=replace(each.spec, others=(hand,)))
        widened.append(each)
    opened = difference(asked(wanted), asked(state(widened))).gained
    assert {(entry.path, entry.place.table) for entry in opened} == {("query-results", "credit_card")}
    assert "amount" in opened[0].columns
    assert ANALYTICS in opened[0].principal


def test_a_path_to_what_lake_formation_showed_before_says_that_it_was_readable() -> None:
    """A role that loses SELECT and could get the files all the time comes to read nothing that it did not read."""
    let = (*STORED, role(ANN, {"Action": "s3:*", "Resource": "*"}), policy("lake", OWNER))
    before, after = access(*let, give(ANN, named())), access(*let)
    found = [each for each in changed_facts(difference(before, after), bank()) if each.gained]
    assert {each.fact.column for each in found} == {"a", "b", "c"}
    assert all(each.readable_before and each.rows_before is None for each in found)
