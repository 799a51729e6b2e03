"""request: what is written is right and gives what it says; a wrong answer writes nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciler.catalog.asking import Wish, asked
from reconciler.errors import MeshformError
from reconciler.spec.documents.table import Column, Table
from reconciler.spec.tags import readable_columns
from tests.cli.conftest import Run
from tests.cli.snapshot import snapshot
from tests.estate import bank, variant

SCIENTIST = ("--for", "analytics-coe/data-scientist")
WHY = ("--why", "Compare funds with credits.")


def test_what_people_read(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    made = "mesh/consumers/analytics-coe/subscriptions/fund-prices-data-scientist.yaml"
    snapshot("request", run, monkeypatch, "request", "fund-prices", *SCIENTIST, "--up-to", "public", *WHY, makes=made)


def test_it_asks_for_columns_by_name(folder: Path, run: Run) -> None:
    ran = run("request", "fund-prices", *SCIENTIST, "--columns", "isin,net_inflow", *WHY, "--until", "2027-01-31")
    assert ran.code == 0, ran.err
    made = folder / "consumers/analytics-coe/subscriptions/fund-prices-data-scientist.yaml"
    document = yaml.safe_load(made.read_text())
    assert document["tables"] == [{"name": "fund_price", "columns": ["isin", "net_inflow"]}]
    assert str(document["expires"]) == "2027-01-31"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("fund-price", *SCIENTIST, *WHY), "did you mean fund-prices"),
        (("markets/fund-prices", *SCIENTIST, *WHY), "no product markets/fund-prices"),
        (("fund-prices", "--for", "analytics/data-scientist", *WHY), "no consumer analytics"),
        (("fund-prices", "--for", "analytics-coe/data-scientists", *WHY), "did you mean data-scientist"),
        (("fund-prices", *SCIENTIST, "--why", "work"), "in a few words"),
        (("fund-prices", *SCIENTIST), "--why"),
        (("fund-prices", *WHY), "--for"),
        (("fund-prices", "--for", "credit-analyst", *WHY), "did you mean analytics-coe/credit-analyst"),
        (
            ("credit-profile", *SCIENTIST, *WHY, "--up-to", "public"),
            "no column up to public: the least sensitive ones are",
        ),
        (("fund-prices", *SCIENTIST, *WHY, "--propose"), "Set GITHUB_REPOSITORY"),
        (("fund-prices", *SCIENTIST, *WHY, "--up-to", "publik"), "did you mean public"),
        (("fund-prices", *SCIENTIST, *WHY, "--columns", "isn"), "did you mean isin"),
        (("fund-prices", *SCIENTIST, *WHY, "--columns", "isin,trading_day"), "is a partition key of fund_price"),
        (("fund-prices", *SCIENTIST, *WHY, "--rows", "isin = 'x'"), "say which columns"),
        (("fund-prices", *SCIENTIST, *WHY, "--until", "2026-01-01"), "is over already"),
        (("fund-prices", *SCIENTIST, *WHY, "--name", "No Name"), "1 error"),
    ],
)
def test_a_wrong_answer_writes_nothing(arguments: tuple[str, ...], words: str, folder: Path, run: Run) -> None:
    before = sorted(folder.rglob("*.yaml"))
    ran = run("request", *arguments)
    assert ran.code != 0
    assert words in ran.err
    assert sorted(folder.rglob("*.yaml")) == before


def test_without_a_label_it_asks_for_the_least_sensitive_that_there_is(folder: Path, run: Run) -> None:
    ran = run("request", "credit-profile", *SCIENTIST, *WHY)
    assert ran.code == 0, ran.err
    made = folder / "consumers/analytics-coe/subscriptions/credit-profile-data-scientist.yaml"
    assert yaml.safe_load(made.read_text())["clearance"] == {"sensitivity": ["public", "internal"]}


DOTTED = st.sets(st.sampled_from(["a", "b", "a.b", "b.c", "a.b.c", "a.a"]), min_size=1, max_size=3)


@settings(max_examples=60, deadline=None)
@given(tables=st.dictionaries(st.sampled_from(["a", "a.b", "b"]), DOTTED, min_size=1), short=st.booleans())
def test_names_with_dots_mean_the_column_that_is_called_so(tables: dict[str, set[str]], short: bool) -> None:
    """By table.column, and by the column alone where there is one table; what means several is refused."""
    mesh = bank()
    made = tuple(
        Table(name=table, columns=tuple(Column(name=name, type="int") for name in sorted(names)))
        for table, names in tables.items()
    )
    product = mesh.products["fund-prices"].model_copy(update={"tables": made})
    full = [(f"{table}.{name}", table, name) for table, names in tables.items() for name in names]
    alone = [(name, table, name) for table, names in tables.items() for name in names] if len(tables) == 1 else []
    for said, table, name in alone if short else full:
        wish = Wish(product, mesh.consumers["analytics-coe"], ("data-scientist",), "To learn of it.", columns=(said,))
        if len({(table, name) for each, table, name in (*full, *alone) if each == said}) > 1:
            with pytest.raises(MeshformError, match="several columns"):
                asked(mesh, wish)
        else:
            assert yaml.safe_load(asked(mesh, wish).text)["tables"] == [{"name": table, "columns": [name]}]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_asked_for_is_what_it_gives(data: st.DataObject) -> None:
    mesh = bank()
    product = data.draw(st.sampled_from(sorted(mesh.products.values(), key=lambda each: each.name)))
    names = [f"{table.name}.{column.name}" for table in product.tables for column in table.columns]
    columns = tuple(data.draw(st.lists(st.sampled_from(names), max_size=4, unique=True)))
    up_to = None if columns else data.draw(st.sampled_from(["public", "internal", "confidential", "restricted"]))
    consumer = mesh.consumers["analytics-coe"]
    wish = Wish(product, consumer, ("data-scientist",), "To learn of it.", None, up_to, columns)
    order = ["public", "internal", "confidential", "restricted"]
    wanted = set(columns) or {
        f"{table.name}.{column.name}"
        for table in product.tables
        for column in table.columns
        if order.index(column.tags.get("sensitivity") or table.tags.get("sensitivity") or product.tags["sensitivity"])
        <= order.index(up_to or "")
    }
    if not wanted:
        with pytest.raises(MeshformError, match="no column up to"):
            asked(mesh, wish)
        return
    document = asked(mesh, wish)
    after = variant(more={document.path: document.text})
    made = after.subscriptions[document.name]
    product = after.products[product.name]
    gives = {
        f"{table.name}.{name}" for table in product.tables for name in readable_columns(after, made, product, table)
    }
    assert gives == wanted


def test_what_a_request_does_is_told_as_a_plan_tells_it_without_machinery(folder: Path, run: Run) -> None:
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@x"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *words], cwd=folder.parent, check=True)
    ran = run("request", "fund-prices", "--for", "analytics-coe/data-scientist", "--why", "Compare funds with credits.")
    assert ran.code == 0, ran.err
    said = ran.out.partition("\n")[0]
    assert said == "analytics-coe/data-scientist gains 4 columns of fund-prices.fund_price (up to public)."
    assert run("plan", "--offline", "--base", "HEAD").out.startswith(said)
    assert "as a whole" not in ran.out
