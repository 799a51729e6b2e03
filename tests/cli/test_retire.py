"""retire and rename-column: what goes is announced, its readers are named, and wrong answers change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run, contents, edit

PRICES = "domains/asset-management/products/fund-prices.yaml"
CREDITS = "domains/consumer-banking/products/credit-profile.yaml"


def added(folder: Path, file: str, before: str) -> list[str]:
    return [line.strip() for line in (folder / file).read_text().splitlines() if line not in before.splitlines()]


def test_a_product_is_announced_and_whoever_reads_it_is_warned(folder: Path, run: Run) -> None:
    before = (folder / CREDITS).read_text()
    ran = run(
        "retire", "credit-profile", "--until", "2027-06-30", "--instead", "fund-prices", "--why", "no: it's old #1"
    )
    assert ran.code == 0, ran.err
    assert "analytics-coe/credit-analyst: portfolio-report" in ran.out
    assert "Nobody gains or loses access." in ran.out
    assert added(folder, CREDITS, before) == [
        'retires: {until: 2027-06-30, instead: fund-prices, reason: "no: it\'s old #1"}'
    ]
    assert run("fmt", "--check").code == 0
    told = run("validate")
    assert told.code == 0
    assert told.err.count("reads-what-retires") == 2
    due = run("expire", "--days", "300")
    assert "Going within 300 days" in due.out
    assert "read fund-prices instead" in due.out


def test_a_column_of_a_format_with_names_has_both(folder: Path, run: Run) -> None:
    before = (folder / PRICES).read_text()
    ran = run("rename-column", "fund_price.net_asset_value", "value", "--until", "2027-03-01")
    assert ran.code == 0, ran.err
    assert "write both until 2027-03-01" in ran.out
    lines = added(folder, PRICES, before)
    assert [line for line in lines if line.startswith("- {name: value,")]
    assert "- {rule: 'ColumnValues \"net_asset_value\" > 0', promise: 1.0}" in before
    assert "- {rule: 'ColumnValues \"value\" > 0'}" in lines


def test_a_column_of_a_format_without_names_is_called_otherwise_later(folder: Path, run: Run) -> None:
    ran = run("rename-column", "credit_card.amount", "sum", "--until", "2027-03-01")
    assert ran.code == 0, ran.err
    assert "there cannot be both names" in ran.out
    assert "name: sum" not in (folder / CREDITS).read_text()


def test_what_is_over_exits_with_two_and_tells(folder: Path, run: Run) -> None:
    edit(folder, PRICES, "approval:", "retires: {until: 2026-11-01}\napproval:")
    ran = run("expire")
    assert ran.code == 2
    assert "Past their last day, and still there" in ran.out
    assert "product fund-prices" in ran.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("retire", "fund-price", "--until", "2027-06-30"), "did you mean fund-prices"),
        (("retire", "fund-prices", "--until", "2026-06-30"), "is over already"),
        (("retire", "fund-prices", "--until", "tomorrow"), "is no day"),
        (("retire", "fund-prices"), "--until"),
        (("retire", "fund-prices", "--until", "2027-06-30", "--instead", "nothing"), "there is no product nothing"),
        (("retire", "fund-prices", "--until", "2027-06-30", "--why", ""), "must say something"),
        (("rename-column", "fund_price", "x", "--until", "2027-06-30"), "Only columns are renamed"),
        (("rename-column", "fund_price.isin", "currency", "--until", "2027-06-30"), "has a column currency already"),
        (("rename-column", "fund_price.isin", "trading_day", "--until", "2027-06-30"), "already"),
        (("rename-column", "fund_price.isin", "ISIN Code", "--until", "2027-06-30"), "lower"),
        (("rename-column", "fund_price.isin", "ctid", "--until", "2027-06-30"), "ctid"),
    ],
)
def test_a_wrong_answer_changes_nothing(folder: Path, run: Run, words: tuple[str, ...], says: str) -> None:
    before = contents(folder)
    ran = run(*words)
    assert ran.code != 0
    assert says in " ".join(ran.err.split())
    assert contents(folder) == before


def changed(folder: Path, before: dict[str, bytes]) -> dict[str, list[str]]:
    """The lines that are new, by file; a file that is gone has none."""
    found, after = {}, contents(folder)
    for name in {*before, *after}:
        old, new = before.get(name, b"").decode(), after.get(name, b"").decode()
        if old != new:
            found[name] = [line.strip() for line in new.splitlines() if line not in old.splitlines()]
    return found


def test_a_domain_goes_with_its_products_and_says_what_is_left_to_do(folder: Path, run: Run) -> None:
    before = contents(folder)
    ran = run("retire", "consumer-banking", "--until", "2027-06-30", "--instead", "fund-prices")
    assert ran.code == 0, ran.err
    assert changed(folder, before) == {CREDITS: ["retires: {until: 2027-06-30, instead: fund-prices}"]}
    assert "remove domains/consumer-banking/domain.yaml" in ran.out
    assert "Nobody gains or loses access." in ran.out
    again = run("retire", "consumer-banking", "--until", "2027-06-30")
    assert again.code == 1
    assert "remove domains/consumer-banking/domain.yaml" in again.err


def test_a_consumer_goes_with_its_subscriptions_and_none_of_them_is_made_longer(folder: Path, run: Run) -> None:
    report, risk = (
        f"consumers/analytics-coe/subscriptions/{name}.yaml" for name in ("portfolio-report", "credit-risk-model")
    )
    edit(folder, report, "expires: 2027-12-31", "expires: 2027-01-31")
    before = contents(folder)
    ran = run("retire", "analytics-coe", "--until", "2027-05-31")
    assert ran.code == 0, ran.err
    assert changed(folder, before) == {risk: ["expires: 2027-05-31"]}
    assert "remove consumers/analytics-coe/consumer.yaml" in ran.out


def test_a_subscription_ends_on_the_day(folder: Path, run: Run) -> None:
    assert run("retire", "portfolio-report", "--until", "2027-06-30").code == 0
    assert "expires: 2027-06-30" in (folder / "consumers/analytics-coe/subscriptions/portfolio-report.yaml").read_text()


def test_a_team_hands_over_what_it_answers_for(folder: Path, run: Run) -> None:
    before = contents(folder)
    alone = run("retire", "consumer-banking-stewards")
    assert alone.code == 1
    assert "Say who is in its place" in alone.err
    assert "mesh/domains/consumer-banking/domain.yaml:" in alone.err
    assert run("retire", "consumer-banking-stewards", "--instead", "nobody").code == 1
    assert contents(folder) == before
    ran = run("retire", "consumer-banking-stewards", "--instead", "asset-management-stewards")
    assert ran.code == 0, ran.err
    owned = changed(folder, before)
    assert owned.pop("teams/consumer-banking-stewards.yaml") == []
    assert owned.keys() == {CREDITS, "domains/consumer-banking/domain.yaml"}
    assert {line for lines in owned.values() for line in lines} == {
        "owner: asset-management-stewards",
        "owners: [asset-management-stewards]",
    }
    assert run("validate").code == 0


def test_a_value_goes_when_nothing_carries_it(folder: Path, run: Run) -> None:
    before = contents(folder)
    ran = run("retire", "subject=deals")
    assert ran.code == 0, ran.err
    assert changed(folder, before).keys() == {"lf-tags/subject.yaml"}
    assert (
        "{value: deals, description: Mergers and issues that the bank advises on., retired: true}"
        in (folder / "lf-tags/subject.yaml").read_text()
    )
    told = run("validate")
    assert told.code == 0
    assert "deal-pipeline.yaml:10:8  retired-tag" in told.err
    assert run("retire", "subject=deals").code == 1


def test_what_has_several_meanings_is_asked_for(folder: Path, run: Run) -> None:
    (folder / "teams/credit-profile.yaml").write_text(
        "apiVersion: meshform/v1\nkind: Team\nname: credit-profile\ndescription: Credit.\nmembers: [ada]\n"
    )
    ran = run("retire", "credit-profile", "--until", "2027-06-30")
    assert ran.code == 1
    assert "Write product:credit-profile or team:credit-profile" in ran.err
    assert run("retire", "product:credit-profile", "--until", "2027-06-30").code == 0
    assert "retires:" in (folder / CREDITS).read_text()
    assert run("retire", "team:credit-profile").code == 0
    assert not (folder / "teams/credit-profile.yaml").exists()


def test_of_a_contract_s_column_it_says_what_to_edit_where(folder: Path, run: Run) -> None:
    (folder / "domains/asset-management/prices.odcs.yaml").write_text(
        "apiVersion: v3.0.2\nkind: DataContract\nid: p\nversion: 1.0.0\nstatus: active\nschema:\n  - name: price\n"
        "    properties:\n      - {name: isin, logicalType: string}\n      - {name: value, logicalType: string}\n"
    )
    table = "tables:\n  - {name: price, contract: ../prices.odcs.yaml, tags: {sensitivity: public}}"
    edit(folder, PRICES, "tables:", table)
    before = contents(folder)
    ran = run("retire", "price.value", "--until", "2027-06-30")
    assert ran.code == 1
    assert "take out what stands at mesh/domains/asset-management/prices.odcs.yaml:10:9 then" in ran.err
    ran = run("rename-column", "price.value", "amount", "--until", "2027-06-30")
    assert "what stands at mesh/domains/asset-management/prices.odcs.yaml:10:9 write the same once more" in ran.err
    assert contents(folder) == before
