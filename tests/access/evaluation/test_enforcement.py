"""Who decides: Lake Formation, IAM, or nobody knows. Nothing is ever guessed."""

from __future__ import annotations

import pytest

from reconciler.access import TableId, difference, evaluate
from reconciler.kinds import addresses
from reconciler.model.lakeformation import (
    IAM_ALLOWED_PRINCIPALS,
    OnCatalog,
    OnDatabase,
    OnOther,
    OnSavedExpression,
    OnTable,
)
from reconciler.model.resource import AnyResource, Gap, Observation
from tests.access.building import (
    ANN,
    BOB,
    CONSUMER,
    OWNER,
    WORLD,
    T,
    accepted,
    access,
    columns,
    everything,
    give,
    named,
    on,
    opted,
    placement,
    registered,
    role,
    seen,
    state,
    table,
    tag,
    where,
)

OPEN = give(IAM_ALLOWED_PRINCIPALS, named(), "ALL")


def test_without_iam_allowed_principals_lake_formation_decides() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-workflow.html"""
    assert on(ANN, table(), give(ANN, named())).verdict == "enforced"


@pytest.mark.parametrize("target", [named(), named("*"), where(level="low")])
def test_with_iam_allowed_principals_on_a_table_iam_decides(target: OnTable) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-workflow.html"""
    found = access(
        table(), tag("db", level="low"), give(IAM_ALLOWED_PRINCIPALS, target, "ALL"), give(ANN, columns("a"))
    )
    assert found.on(ANN, T).verdict == "open"
    assert [each.principal for each in found.readers(T)] == [IAM_ALLOWED_PRINCIPALS, ANN]


def test_iam_allowed_principals_on_the_database_do_not_open_its_tables() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-workflow.html"""
    group = give(IAM_ALLOWED_PRINCIPALS, OnDatabase(OWNER, "db"), "ALL")
    assert on(ANN, table(), group, give(ANN, named())).verdict == "enforced"


@pytest.mark.parametrize("target", [named(), OnDatabase(OWNER, "db"), named("*")])
def test_for_who_is_opted_in_lake_formation_decides(target: OnTable) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-workflow.html"""
    found = on(ANN, table(), OPEN, give(ANN, columns("a")), opted(ANN, target))
    assert (found.verdict, seen(found)) == ("enforced", everything("a"))
    assert on(ANN, table(), OPEN, give(ANN, columns("a")), opted(BOB, target)).verdict == "open"


def test_across_accounts_the_owner_opts_in_the_account_and_the_account_its_principal() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode-cross-account.html"""
    parts = [table(), OPEN, give(BOB, columns("a")), accepted()]
    assert on(BOB, *parts, opted(CONSUMER, named()), opted(BOB, named(), by=CONSUMER)).verdict == "enforced"
    assert on(BOB, *parts, opted(BOB, named())).verdict == "enforced"
    assert on(BOB, *parts).verdict == "open"


@pytest.mark.parametrize("step", [opted(CONSUMER, named()), opted(BOB, named(), by=CONSUMER)], ids=["owner", "own"])
def test_what_half_an_opt_in_comes_to_is_unknown(step: AnyResource) -> None:
    """The page has both steps, and does not say what one of them does.

    https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode-cross-account.html
    """
    found = on(BOB, table(), OPEN, give(BOB, columns("a")), accepted(), step)
    assert found.verdict == "unknown"
    assert found.reasons == ("db.t is open to IAM, and only one of two accounts has opted in consumer/bob",)


def test_a_role_of_a_project_counts_as_opted_in_everywhere() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/abac-considerations.html"""
    parts = [table(), *OPEN, give(ANN, columns("a"))]
    assert on(ANN, *parts).verdict == "open"
    found = on(ANN, *parts, role(ANN, "sts:*", AmazonDataZoneProject="p"))
    assert (found.verdict, seen(found)) == ("enforced", everything("a"))
    (entry,) = difference(access(*parts, role(ANN, AmazonDataZoneProject="p")), access(*parts, role(ANN))).gained
    assert (entry.principal, entry.change) == (ANN, "opened")


def test_an_opt_in_for_another_table_does_not_count() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/notes-hybrid.html"""
    assert on(ANN, table(), OPEN, opted(ANN, named("u")), opted(ANN, named("*", "other"))).verdict == "open"


def test_an_opt_in_under_a_condition_protects_nobody_surely() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/abac-considerations.html"""
    assert on(ANN, table(), OPEN, opted(ANN, named(), condition="context.iam...")).verdict == "open"


def test_across_accounts_all_tables_count_only_beside_the_database() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/notes-hybrid.html"""
    assert on(BOB, table(), OPEN, opted(BOB, named("*"))).verdict == "open"
    both = [opted(BOB, named("*")), opted(BOB, OnDatabase(OWNER, "db"))]
    assert on(BOB, table(), OPEN, *both).verdict == "enforced"


def test_files_at_a_place_that_is_not_registered_make_the_answer_unknown() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-workflow.html"""
    stored = table(uri="s3://lake/db/t/")
    assert on(ANN, stored, give(ANN, named())).verdict == "unknown"
    assert on(ANN, stored, give(ANN, named()), registered("arn:aws:s3:::lake/other")).verdict == "unknown"
    assert on(ANN, stored, give(ANN, named()), registered("arn:aws:s3:::lake/d")).verdict == "unknown"
    for arn in ("arn:aws:s3:::lake", "arn:aws:s3:::lake/db", "arn:aws:s3:::lake/db/t"):
        assert on(ANN, stored, give(ANN, named()), registered(arn)).verdict == "enforced"


@pytest.mark.parametrize(
    ("uri", "places", "found"),
    [
        ("s3://lake/t/", {}, (False, False)),
        ("s3://lake/t/", {"lake": False}, (True, False)),
        ("s3://lake/t/", {"lake": True}, (True, True)),
        ("s3://lake/t/", {"lake/*": True}, (True, True)),
        ("s3://lake/t/", {"lake/t": True, "lake": False}, (True, True)),
        ("s3://lake/t/", {"lake/t/": False, "lake": True}, (True, False)),
        ("s3://lake/t/", {"lake/tt": True}, (False, False)),
        ("s3://lake/t/", {"lake/t/u": True}, (False, False)),
        ("s3://lake/t/u", {"lake/t": True}, (True, True)),
        ("s3://lake/X/X/", {"lake/X": True}, (True, True)),
        ("s3://lake/X/", {"lake/X/X": True}, (False, False)),
        ("s3://lake/t/", {"sea": True}, (False, False)),
        ("s3://lake", {"lake": True}, (True, True)),
        ("", {"lake": True}, (True, False)),
    ],
)
def test_of_places_around_the_files_the_nearest_says_who_serves_them(
    uri: str, places: dict[str, bool], found: tuple[bool, bool]
) -> None:
    made = [registered(f"arn:aws:s3:::{place}", hybrid=hybrid) for place, hybrid in places.items()]
    view = access(table(uri=uri), made).tables[T]
    assert (view.registered, view.hybrid) == found


@pytest.mark.parametrize(
    ("location", "verdict"),
    [
        ("arn:aws:s3tables:eu-west-1:1:bucket/lake", "enforced"),
        ("arn:aws:s3tables:eu-west-1:1:bucket/*", "enforced"),
        ("arn:aws:s3tables:eu-west-1:1:bucket/other", "unknown"),
    ],
)
def test_files_in_a_table_bucket_are_served_where_the_bucket_is_registered(location: str, verdict: str) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/create-s3-tables-catalog.html"""
    for within, expected in (("s3tablescatalog/lake/ns", verdict), ("other/lake/ns", "enforced")):
        place, grant = TableId(OWNER, within, "t"), give(ANN, OnTable(OWNER, within, "t"))
        assert on(ANN, table(database=within), registered(location), grant, place=place).verdict == expected


def test_row_level_security_makes_rows_unknown() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/rls-policies.html"""
    found = on(ANN, table(rest={"RLSProperties": {"DefaultRLSPolicy": "p"}}), give(ANN, columns("a")))
    assert (found.verdict, seen(found)) == ("unknown", everything("a"))


def test_a_grant_under_a_condition_is_unknown_and_gives_nothing_surely() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/abac-considerations.html"""
    group = f"{OWNER}:IAMPrincipals"
    found = on(ANN, table(), give(group, named(), condition="context.iam..."))
    assert (found.verdict, seen(found), found.permissions) == ("unknown", {}, ())
    assert on(ANN, table(), table("u"), give(group, named("u"), condition="context.iam...")).is_nothing


@pytest.mark.parametrize("right", ["ALL", "ALTER", "DESCRIBE", "DROP", "GRANT_WITH_LF_TAG_EXPRESSION"])
def test_rights_on_a_saved_expression_give_no_data(right: str) -> None:
    """What is granted by the expression is a grant of its own.

    https://docs.aws.amazon.com/lake-formation/latest/dg/managing-tag-expressions.html
    """
    saved = OnOther(OWNER, '{"LFTagExpression": {"CatalogId": "111111111111", "Name": "meshform-bank-domain"}}')
    assert on(ANN, table(), give(ANN, saved, right)).is_nothing


@pytest.mark.parametrize(
    "target",
    [
        OnOther(OWNER, '{"AnyResource": {}}'),
        OnSavedExpression(OWNER, "TABLE", "saved"),
        OnSavedExpression(OWNER, "DATABASE", "saved"),
    ],
)
def test_what_is_not_understood_is_unknown_on_every_table_of_the_catalog(target: OnOther) -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/TBAC-creating-tag-expressions.html"""
    found = access(table(), give(ANN, target), give(BOB, named()), accepted())
    assert found.on(ANN, T).verdict == "unknown"
    assert found.on(BOB, T).verdict == "enforced"


def test_super_user_on_a_catalog_is_unknown() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    assert on(ANN, table(), give(ANN, OnCatalog(OWNER), "SUPER_USER")).verdict == "unknown"
    assert on(ANN, table(), give(ANN, OnCatalog(OWNER), "CREATE_DATABASE")).is_nothing


def test_a_permission_that_we_do_not_know_is_unknown() -> None:
    """https://docs.aws.amazon.com/lake-formation/latest/dg/lf-permissions-reference.html"""
    assert on(ANN, table(), give(ANN, named(), "TELEPORT")).verdict == "unknown"


@pytest.mark.parametrize(
    ("kind", "account", "verdict"),
    [
        (addresses.GRANT, CONSUMER, "unknown"),
        (addresses.TABLE, OWNER, "unknown"),
        (addresses.RAM_ACCEPTANCE, CONSUMER, "unknown"),
        (addresses.GRANT, "999999999999", "enforced"),
        ("bucket", OWNER, "enforced"),
    ],
)
def test_a_gap_is_not_an_absence(kind: str, account: str, verdict: str) -> None:
    """What could not be read makes the answers about its account unknown."""
    found = state(table(), give(CONSUMER, named()), give(BOB, named(), by=CONSUMER), accepted())
    observed = Observation(found, (Gap(kind, placement(account), "AccessDenied"),))
    assert evaluate(observed, WORLD).on(BOB, T).verdict == verdict


def test_a_table_that_is_not_there_is_an_error() -> None:
    """Not an empty answer."""
    with pytest.raises(KeyError):
        on(ANN, table(), place=TableId(OWNER, "db", "nothing"))
