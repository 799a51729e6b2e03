"""Grants on the central catalog are found whatever an account is told of it as a whole, and parsed once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.kinds.lakeformation import grant_reader, lf_codec
from reconciler.model.lakeformation import (
    ALL_TABLES,
    Grant,
    OnCatalog,
    OnColumns,
    OnDatabase,
    OnFilter,
    OnLocation,
    OnTable,
    OnTag,
    OnTagPolicy,
    Target,
)
from reconciler.model.last_change import LastChange
from reconciler.sandbox import sandbox
from reconciler.sandbox.core.beliefs import BELIEFS
from tests.estate import ANALYTICS, CENTRAL, Estate, actions, bank, placement, variant

(ABROAD,) = (belief for belief in BELIEFS if belief.id == "listing-abroad")
SUBSCRIPTION = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"
READER = f"arn:aws:iam::{ANALYTICS}:role/meshform/bank/data-scientist"
BY_NAME = variant(
    (
        SUBSCRIPTION,
        "clearance: {sensitivity: [internal, confidential]}",
        "tables: [{name: credit_card, columns: [status, duration]}]",
    )
)
BY_ROWS = variant(
    (
        SUBSCRIPTION,
        "clearance: {sensitivity: [internal, confidential]}",
        "tables: [{name: credit_card, rows: duration > 12, columns: [status, duration]}]",
    )
)


@pytest.fixture(scope="module", params=ABROAD.answers)
def shared(request: pytest.FixtureRequest) -> Iterator[Estate]:
    with sandbox(beliefs={ABROAD.id: request.param}) as aws:
        yield Estate(aws)


@pytest.fixture
def estate(shared: Estate) -> Estate:
    shared.built()
    return shared


def columns(estate: Estate) -> set[str]:
    return set(estate.aws.world.lakeformation.read_access(READER, CENTRAL, "credit-card", "credit_card").columns)


def test_what_is_passed_on_is_found_changed_and_taken_back(estate: Estate) -> None:
    assert len(columns(estate)) == 17
    for mesh in (BY_NAME, BY_ROWS, bank()):
        estate.repair(mesh)
        assert len(columns(estate)) == (17 if mesh is bank() else 2)


def test_what_somebody_passes_on_by_hand_is_taken_back(estate: Estate) -> None:
    policy = {
        "CatalogId": CENTRAL,
        "ResourceType": "TABLE",
        "Expression": [
            {"TagKey": "product", "TagValues": ["credit-profile"]},
            {"TagKey": "sensitivity", "TagValues": ["confidential", "internal"]},
        ],
    }
    other = READER.replace("data-scientist", "credit-analyst")
    estate.client("lakeformation", ANALYTICS).grant_permissions(
        Principal={"DataLakePrincipalIdentifier": other}, Resource={"LFTagPolicy": policy}, Permissions=["SELECT"]
    )
    estate.fresh_sessions()
    (taken,) = actions(estate.plan())
    assert taken.startswith("delete grant SELECT")
    assert other in taken
    estate.repair()


@pytest.mark.parametrize("giver", [CENTRAL, ANALYTICS])
def test_what_all_of_an_account_receive_is_their_givers(estate: Estate, giver: str) -> None:
    """Who reads in an account is one of all in it, and so is shown what the central account gives them."""
    policy = {
        "CatalogId": CENTRAL,
        "ResourceType": "TABLE",
        "Expression": [
            {"TagKey": "product", "TagValues": ["credit-profile"]},
            {"TagKey": "sensitivity", "TagValues": ["internal"]},
        ],
    }
    everybody = {"DataLakePrincipalIdentifier": f"{ANALYTICS}:IAMPrincipals"}
    estate.client("lakeformation", giver).grant_permissions(
        Principal=everybody, Resource={"LFTagPolicy": policy}, Permissions=["SELECT"]
    )
    for _ in range(3):  # What has been accepted takes its time to arrive.
        estate.accept_shares(ANALYTICS)
        estate.client("ram", ANALYTICS).get_resource_shares(resourceOwner="OTHER-ACCOUNTS")
    estate.fresh_sessions()
    taken = [step.address for step in estate.plan().steps if step.address.kind != "notice"]
    assert [(each.kind, each.placement.account) for each in taken] == [("grant", giver)]
    assert "IAMPrincipals" in taken[0].name
    estate.repair()


def test_no_row_is_parsed_twice(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many accounts want to know what the central one gives them, once there are filters."""
    estate.repair(BY_ROWS)
    estate.fresh_sessions()
    parsed: list[Any] = []
    decode = lf_codec.decode
    monkeypatch.setattr(lf_codec, "decode", lambda row, catalog: (parsed.append(row), decode(row, catalog))[1])
    assert estate.plan(BY_ROWS).is_empty
    assert parsed
    assert len({id(row) for row in parsed}) == len(parsed)
    monkeypatch.undo()
    estate.repair()


HERE = (CENTRAL, "d", "t")
WORDS = {"sensitivity": {"public", "internal"}, "product": {"p"}}


@pytest.mark.parametrize(
    ("target", "may"),
    [
        (OnTable(*HERE), True),
        (OnTable(CENTRAL, "d", ALL_TABLES), True),
        (OnTable(CENTRAL, "d", "other"), False),
        (OnTable(CENTRAL, "other", "t"), False),
        (OnColumns(*HERE, ("a",)), True),
        (OnFilter(*HERE, "f"), True),
        (OnFilter(CENTRAL, "d", "other", "f"), False),
        (OnTagPolicy(CENTRAL, "TABLE", (("sensitivity", ("public", "x")),)), True),
        (OnTagPolicy(CENTRAL, "TABLE", (("sensitivity", ("*",)),)), True),
        (OnTagPolicy(CENTRAL, "TABLE", (("season", ("*",)),)), False),
        (OnTagPolicy(CENTRAL, "TABLE", (("sensitivity", ("x",)),)), False),
        (OnTagPolicy(CENTRAL, "TABLE", (("product", ("p",)), ("sensitivity", ("internal",)))), True),
        (OnTagPolicy(CENTRAL, "TABLE", (("product", ("q",)), ("sensitivity", ("internal",)))), False),
        (OnTagPolicy(CENTRAL, "DATABASE", (("product", ("p",)),)), False),
        (OnDatabase(CENTRAL, "d"), False),
        (OnTag(CENTRAL, "product", "p"), False),
        (OnLocation(CENTRAL, "arn:aws:s3:::b"), False),
        (OnCatalog(CENTRAL), True),
    ],
    ids=str,
)
def test_what_may_give_something_on_a_table_that_has_filters(target: Target, may: bool) -> None:
    """Whatever cannot be told may."""
    assert grant_reader._may_reach(target, ("d", "t"), WORDS) == may


def test_a_table_is_asked_for_once_and_a_key_for_all_of_its_values() -> None:
    targets: list[Target] = [
        OnTag(CENTRAL, "k", "b"),
        OnColumns(*HERE, ("a",)),
        OnTag(CENTRAL, "k", "a"),
        OnFilter(*HERE, "f"),
        OnTable(*HERE),
        OnDatabase(CENTRAL, "d"),
    ]
    assert grant_reader._resources(targets) == [
        lf_codec.encode(OnDatabase(CENTRAL, "d")),
        {"LFTag": {"CatalogId": CENTRAL, "TagKey": "k", "TagValues": ["a", "b"]}},
        lf_codec.encode(OnTable(*HERE)),
    ]


def test_somebody_of_an_account_is_not_the_account() -> None:
    assert grant_reader._is_of(CENTRAL, f"arn:aws:iam::{CENTRAL}:role/x")
    assert not grant_reader._is_of(CENTRAL, CENTRAL)
    assert not grant_reader._is_of(CENTRAL, f"arn:aws:iam::{ANALYTICS}:role/x")


def test_a_filter_of_the_accounts_own_making_is_noted() -> None:
    mine, theirs = OnFilter(*HERE, "mine"), OnFilter(*HERE, "theirs")
    for target, is_own in ((mine, True), (theirs, False), (OnTable(*HERE), False)):
        grant = Grant("x", target, "SELECT")
        noted = grant_reader._noting_own_filter(grant, frozenset({mine}))
        assert noted == grant
        assert getattr(noted.target, "own", False) == is_own


def test_who_changed_a_row_last_is_told_as_far_as_aws_tells_it() -> None:
    hour = datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert grant_reader._changed({}) is None
    assert grant_reader._changed({"LastUpdatedBy": "a", "LastUpdated": hour}) == LastChange("a", hour)
    assert grant_reader._changed({"LastUpdatedBy": "", "LastUpdated": hour}) == LastChange(None, hour)
    assert grant_reader._changed({"LastUpdatedBy": "a"}) == LastChange("a", None)


class Answers:
    """A reader of one answer to each operation, or of one that is refused, or not there."""

    role = "reads"

    def __init__(self, **answers: Any) -> None:
        self.answers, self.asked = answers, list[dict[str, Any]]()

    def read(self, place: Any, service: str, operation: str, params: Any = None, absent: tuple[str, ...] = ()) -> Any:
        self.asked.append({**(params or {}), "absent": absent})
        found = self.answers.get(operation)
        assert not isinstance(found, str) or found in absent, "any other refusal is told as a gap"
        return None if isinstance(found, str) else found

    def pages(self, place: Any, service: str, operation: str, params: Any = None, *, items: str) -> Iterator[Any]:
        self.asked.append(dict(params or {}))
        yield from self.answers[operation][items]

    def once(self, key: str, make: Any) -> Any:
        return make()


def test_the_words_of_a_table_are_those_of_its_database_and_columns_too() -> None:
    def tag(key: str, *values: str) -> dict[str, Any]:
        return {"TagKey": key, "TagValues": [*values]}

    row = {
        "LFTagOnDatabase": [tag("Domain", "Sales")],
        "LFTagsOnTable": [tag("sensitivity", "public")],
        "LFTagsOnColumns": [{"Name": "a", "LFTags": [tag("sensitivity", "secret")]}, {"Name": "b"}],
    }
    aws = Answers(GetResourceLFTags=row)
    found = grant_reader._words(aws, placement(CENTRAL), ("d", "t"))
    assert found == {"domain": {"sales"}, "sensitivity": {"public", "secret"}}
    assert aws.asked[0]["Resource"]["Table"]["Name"] == "t"
    assert (
        grant_reader._words(Answers(GetResourceLFTags="EntityNotFoundException"), placement(CENTRAL), ("d", "t")) == {}
    )


@pytest.mark.parametrize("account", [CENTRAL, ANALYTICS])
def test_what_is_not_there_gives_nothing_and_only_anothers_may_be_hidden(account: str) -> None:
    on = {"Resource": {"Table": {"Name": "t"}}}
    refused = Answers(ListPermissions="EntityNotFoundException")
    assert grant_reader._related(refused, placement(account), CENTRAL, on) == []
    hidden = Answers(ListPermissions="AccessDeniedException")
    if account == ANALYTICS:
        assert grant_reader._related(hidden, placement(account), CENTRAL, on) == []
    else:
        with pytest.raises(AssertionError):
            grant_reader._related(hidden, placement(account), CENTRAL, on)


def test_filters_that_an_account_made_for_others_tables_are_its_own() -> None:
    rows = [
        {"TableCatalogId": catalog, "DatabaseName": "D", "TableName": "T", "Name": "F"}
        for catalog in (CENTRAL, ANALYTICS)
    ]
    aws = Answers(ListDataCellsFilter={"DataCellsFilters": rows})
    assert grant_reader._own_filters(aws, placement(ANALYTICS), CENTRAL) == {OnFilter(*HERE, "F")}
    for code in ("EntityNotFoundException", "InvalidInputException"):
        assert not grant_reader._own_filters(Answers(ListDataCellsFilter=code), placement(ANALYTICS), CENTRAL)


def test_tables_that_an_account_reads_by_a_filter_are_wanted() -> None:
    assert grant_reader._wanted(BY_ROWS, ANALYTICS) == {("credit-card", "credit_card")}
    assert not grant_reader._wanted(BY_ROWS, CENTRAL)
    assert not grant_reader._wanted(BY_NAME, ANALYTICS)
    assert not grant_reader._wanted(bank(), ANALYTICS)
