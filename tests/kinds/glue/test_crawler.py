"""Crawlers as Glue takes them: one table each in the account of the table; a path from the producer's account."""

from __future__ import annotations

from typing import Any

from reconciler.kinds.glue.crawler import Crawler, CrawlerKind
from reconciler.kinds.glue.crawls import crawls_of, crawls_prefix
from reconciler.model.resource import Resource
from tests.estate import BANKING, CENTRAL, Estate, mesh_of, specs
from tests.kinds.full import CREDIT, full

DECLARED = mesh_of(full())
CRAWLER = 'crawler: {schedule: "cron(0 4 ? * MON *)"}'
BY_PATH = mesh_of(full((CREDIT, CRAWLER, "crawler: {path: credit_card, run: false}")))
TWO = mesh_of(
    full((CREDIT, "\ntables:\n", "\ntables:\n  - name: credit_note\n    columns:\n      - {name: a, type: int}\n"))
)


def test_each_declared_table_has_a_crawler_of_its_own_where_it_is() -> None:
    wanted = specs("crawler", TWO)
    assert {want.address.placement.account for want in wanted.values()} == {CENTRAL}
    assert {want.spec.tables for want in wanted.values()} == {("credit_card",), ("credit_note",)}
    product = TWO.products["credit-profile"]
    assert all(crawl.name.startswith(crawls_prefix(TWO, product)) for crawl in crawls_of(TWO, product))
    for want in wanted.values():
        params = want_of(want)
        assert params["Targets"] == {
            "CatalogTargets": [{"DatabaseName": "credit-card", "Tables": list(want.spec.tables)}]
        }
        assert params["LakeFormationConfiguration"] == {"UseLakeFormationCredentials": True}


def test_a_path_is_crawled_from_the_account_of_its_producer() -> None:
    (want,) = specs("crawler", BY_PATH).values()
    assert want.address.placement.account == BANKING
    params = want_of(want)
    assert params["DatabaseName"] == "rl_credit-card"
    assert params["LakeFormationConfiguration"] == {"UseLakeFormationCredentials": True, "AccountId": CENTRAL}
    assert "Schedule" not in params


def test_from_tables_to_a_path_and_back(estate: Estate) -> None:
    estate.repair(DECLARED)
    estate.repair(BY_PATH)
    names = {
        account: {row["Name"] for row in estate.client("glue", account).get_crawlers()["Crawlers"]}
        for account in (CENTRAL, BANKING)
    }
    assert names == {CENTRAL: set(), BANKING: {"meshform-bank-credit-profile"}}
    estate.repair(DECLARED)


def want_of(want: Resource[Crawler]) -> dict[str, Any]:
    """The parameters with which a crawler is made."""
    return dict(CrawlerKind().create(want)[0].params)
