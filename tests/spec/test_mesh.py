"""What follows from a mesh: who is who, where files lie, which LF-tags are put, what a subscription opens."""

from __future__ import annotations

import pytest

from reconciler.spec import data_places, names, results, tags
from reconciler.spec.approval import is_automatic
from reconciler.spec.mesh import Mesh
from tests.spec.small import DOMAIN, LAB, PRODUCT, STUDY, changed, loaded

GROUP = "906769f4-1061-7024-a12b-abcdef123456"

SAML = "arn:aws:iam::444444444444:saml-provider/P:group/g"


def mesh(*changes: tuple[str, str, str]) -> Mesh:
    found = loaded(changed(*changes))
    assert found.mesh is not None, found.findings
    return found.mesh


def test_documents_find_each_other() -> None:
    whole = mesh()
    study, orders, lab = whole.subscriptions["study"], whole.products["orders"], whole.consumers["lab"]
    assert whole.product(study) is orders
    assert whole.consumer(study) is lab
    assert whole.domain(orders).name == "sales"
    assert whole.producer(whole.domain(orders)).id == "222222222222"
    assert whole.reader_account(lab) == whole.account_by_id("444444444444")
    assert whole.products_of(whole.domains["sales"]) == (orders,)
    assert whole.subscriptions_of(lab) == (study,)
    assert whole.central.id == "111111111111"


def test_names_follow_from_mesh_domain_and_account() -> None:
    whole = mesh((DOMAIN, "", "prefix: data\n"), (LAB, "", "workgroup: {}\n"))
    sales, lab = whole.domains["sales"], whole.consumers["lab"]
    orders = whole.products["orders"]
    assert names.domain_bucket(whole, sales) == "demo-sales-222222222222-eu-west-1"
    assert names.domain_location(whole, sales) == "s3://demo-sales-222222222222-eu-west-1/data/"
    assert data_places.table_location(whole, orders, orders.tables[0]).endswith("/data/order/")
    bucket = "demo-lab-results-444444444444-eu-west-1"
    assert [(each.name, each.location) for each in results.workgroups_of(whole, lab)] == [
        (f"demo-lab-{principal.name}", f"s3://{bucket}/{principal.name}/") for principal in lab.principals
    ]
    assert names.reader(whole, lab) == "444444444444"


@pytest.mark.parametrize(
    ("written", "arn"),
    [
        ("role: analyst", "arn:aws:iam::444444444444:role/analyst"),
        ("user: ann", "arn:aws:iam::444444444444:user/ann"),
        (f"group: {GROUP}", f"arn:aws:identitystore:::group/{GROUP}"),
        (f"arn: '{SAML}'", SAML),
    ],
)  # fmt: skip
def test_principals_are_what_lake_formation_calls_them(written: str, arn: str) -> None:
    whole = mesh((LAB, "role: analyst", written))
    assert names.principal_arns(whole, whole.subscriptions["study"]) == (arn,)


def test_people_of_an_account_are_sorted_arns() -> None:
    whole = mesh(
        ("accounts/lab.yaml", "", "admins: [zoe, 'arn:aws:iam::999999999999:role/guest']\n"),
        ("accounts/data.yaml", "", "stewards: [team/steward]\n"),
        (DOMAIN, "", "stewards: [curator]\n"),
        (LAB, "", "admins: [amy]\n"),
    )
    lab, data = whole.accounts["lab"], whole.accounts["data"]
    assert names.admin_arns(whole, lab) == (
        "arn:aws:iam::444444444444:role/amy",
        "arn:aws:iam::444444444444:role/zoe",
        "arn:aws:iam::999999999999:role/guest",
    )
    assert all(arn.startswith("arn:aws:iam::222222222222:role/") for arn in names.steward_arns(whole, data))
    assert names.steward_arns(whole, data)[0].endswith("/steward")
    assert names.domain_steward_arns(whole, whole.domains["sales"])[0].endswith("/curator")


@pytest.mark.parametrize(
    ("region", "word"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_a_region_belongs_to_a_partition(region: str, word: str) -> None:
    assert names.partition(region) == word
    whole = mesh(("mesh.yaml", "eu-west-1", region))
    assert names.principal_arns(whole, whole.subscriptions["study"]) == (f"arn:{word}:iam::444444444444:role/analyst",)


def test_an_organization_is_a_reader_as_a_whole() -> None:
    arn = "arn:aws:organizations::111111111111:organization/o-abcdefghij"
    whole = mesh(
        (LAB, "account: lab\nprincipals:\n  - {name: analyst, role: analyst}\n", f"organization: {arn}\n"),
        (STUDY, "principals: [analyst]\n", ""),
    )
    assert names.reader(whole, whole.consumers["lab"]) == arn
    assert whole.reader_account(whole.consumers["lab"]) is None


def test_the_sensitivity_is_put_on_declared_columns_and_nowhere_else() -> None:
    whole = mesh((PRODUCT, "tags: {subject: trade}", "tags: {subject: trade, sensitivity: public}"))
    product = whole.products["orders"]
    table = product.tables[0]
    assert tags.database_tags(whole, product) == {"subject": "trade", "product": "orders", "domain": "sales"}
    assert tags.table_tags(whole, product, table) == {}
    put = {column.name: tags.column_tags(whole, product, table, column) for column in table.columns}
    assert put == {
        "id": {"sensitivity": "internal"},
        "amount": {"sensitivity": "internal"},
        "email": {"sensitivity": "secret"},
    }


def test_a_key_for_columns_only_behaves_like_the_sensitivity() -> None:
    whole = mesh(
        ("lf-tags/subject.yaml", "", "columnsOnly: true\n"),
        (STUDY, "{sensitivity: [internal]}", "{subject: [trade]}"),
    )
    product = whole.products["orders"]
    assert tags.database_tags(whole, product) == {"product": "orders", "domain": "sales"}
    assert tags.column_tags(whole, product, product.tables[0], product.tables[0].columns[0]) == {
        "subject": "trade",
        "sensitivity": "internal",
    }


def test_other_keys_stay_where_they_are_written() -> None:
    whole = mesh((PRODUCT, "    tags: {sensitivity: internal}", "    tags: {sensitivity: internal, subject: people}"))
    product = whole.products["orders"]
    assert tags.table_tags(whole, product, product.tables[0]) == {"subject": "people"}
    column = product.tables[0].columns[0]
    assert "subject" not in tags.column_tags(whole, product, product.tables[0], column)
    assert tags.effective_tags(whole, product, product.tables[0], column)["subject"] == "people"


def opened(whole: Mesh) -> dict[str, tuple[str, ...]]:
    study = whole.subscriptions["study"]
    return {
        product.name: tags.readable_columns(whole, study, product, table)
        for product in tags.subscribed_products(whole, study)
        for table in product.tables
    }


def test_a_clearance_opens_the_columns_that_match() -> None:
    assert opened(mesh()) == {"orders": ("id", "amount")}
    assert opened(mesh((STUDY, "[internal]", "[internal, secret]"))) == {"orders": ("id", "amount", "email")}
    whole = mesh()
    study = whole.subscriptions["study"]
    assert tags.table_expression(whole, study) == {"product": ("orders",), "sensitivity": ("internal",)}
    assert tags.database_expression(whole, study) == {"product": ("orders",)}


def test_an_expression_opens_every_product_that_matches() -> None:
    whole = mesh((STUDY, "product: sales/orders", "expression: {subject: [trade, people]}"))
    assert opened(whole) == {"orders": ("id", "amount")}
    assert tags.database_expression(whole, whole.subscriptions["study"]) == {"subject": ("people", "trade")}
    elsewhere = mesh((STUDY, "product: sales/orders", "expression: {subject: [people]}"))
    assert opened(elsewhere) == {}


def test_tables_by_name_open_their_columns() -> None:
    named = mesh((STUDY, "clearance: {sensitivity: [internal]}", "tables: [{name: order, columns: [id, email]}]"))
    assert opened(named) == {"orders": ("id", "email")}
    assert tags.table_expression(named, named.subscriptions["study"]) == {}
    whole = mesh((STUDY, "clearance: {sensitivity: [internal]}", "tables: [{name: order}]"))
    assert opened(whole) == {"orders": ("id", "amount", "email")}


def test_approval_is_asked_for_as_the_product_says() -> None:
    for rule, automatic in (
        ("mode: automatic", True),
        ("automaticUpTo: internal", True),
        ("automaticUpTo: public", False),
    ):
        whole = mesh((PRODUCT, "", f"approval: {{{rule}}}\n"))
        assert is_automatic(whole, whole.subscriptions["study"], whole.products["orders"]) is automatic


def test_everybody_in_an_account_is_nobody_who_is_named() -> None:
    whole = mesh((PRODUCT, "", "approval: {mode: automatic}\n"), (LAB, "role: analyst", "wholeAccount: true"))
    assert not is_automatic(whole, whole.subscriptions["study"], whole.products["orders"])
