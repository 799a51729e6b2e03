"""new product --from a contract or a table of Glue: the document is valid, and nothing in AWS is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Run
from tests.estate import CENTRAL, Estate
from tests.making.test_contract_file import CONTRACT

MINE = ("--domain", "asset-management", "--owner", "asset-management-stewards")


def product(folder: Path, name: str) -> dict[str, object]:
    text = (folder / f"domains/asset-management/products/{name}.yaml").read_text()
    return dict(yaml.safe_load(text))


def test_a_contract_is_a_product_and_says_what_was_not_taken(folder: Path, run: Run) -> None:
    Path("orders.yaml").write_text(CONTRACT)
    ran = run("new", "product", "--from", "orders.yaml", *MINE)
    assert ran.code == 0, ran.err
    made = product(folder, "orders-of-the-shop")
    assert made["database"] == "orders"
    assert str(made["retires"]) == "{'until': datetime.date(2030, 5, 12)}"
    assert made["freshness"] == {"maxAge": "24h"}
    assert "Not taken from the contract: team.members (line 9)" in ran.err
    assert run("fmt", "--check").code == 0
    assert run("validate").code == 0


def test_what_a_contract_says_of_others_is_asked_again(folder: Path, run: Run) -> None:
    Path("orders.yaml").write_text(CONTRACT)
    ran = run("new", "product", "--from", "orders.yaml")
    assert ran.code == 64
    assert "The source says domain 'sales', which is not taken: There is no such domain sales" in ran.err
    assert "Say --domain, --owner. Nothing was written" in ran.err


@pytest.mark.parametrize("said", ["glue:credit-card.credit_card", f"glue:{CENTRAL}/credit-card.credit_card"])
def test_a_table_of_glue_is_read_and_nothing_is_written(said: str, built: Estate, folder: Path, run: Run) -> None:
    built.aws.calls.clear()
    ran = run("new", "product", "--from", said, *MINE, "--name", "copied", "--description", "A copy.")
    assert ran.code == 0, ran.err
    (table,) = product(folder, "copied")["tables"]  # type: ignore[misc]
    assert table["format"] == "csv"
    assert len(table["columns"]) == 21
    assert table["columns"][0]["description"].startswith("Checking account")
    assert "Its files lie in s3://" in ran.err
    assert {each.operation for each in built.aws.calls} <= {"GetTables", "GetCallerIdentity", "AssumeRole"}


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("glue:credit-card.nothing", "shows no table credit-card.nothing"),
        ("glue:credit-card", "names no table"),
        ("glue:nobody/credit-card.credit_card", "no account nobody"),
    ],
)
def test_a_table_that_is_not_there_makes_nothing(said: str, says: str, built: Estate, folder: Path, run: Run) -> None:
    ran = run("new", "product", "--from", said, *MINE, "--name", "copied", "--description", "A copy.")
    assert ran.code == 1
    assert says in ran.err
    assert not (folder / "domains/asset-management/products/copied.yaml").exists()
