"""dbt makes a table of a mesh anew, every night: the next run puts back what was on it, and nobody is asked."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.conftest import PRODUCER, SCRIPTS, Served, command
from tests.clients.mesh import PLACE, WRITER, Shop

pytestmark = pytest.mark.clients

TAGGED = {"id": "open", "name": "secret", "land": "open"}


class Dbt:
    """The project in a folder of its own, run by the writer's role through its account's link."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self._shop, self._folder = shop, shutil.copytree(SCRIPTS.parent / "dbt", folder)

    def run(self, **environment: str) -> None:
        keys = self._shop.keys_of(PRODUCER, WRITER) | {"DBT_PROFILES_DIR": str(self._folder), "DO_NOT_TRACK": "1"}
        given = keys | {"SHOP_DATA": f"{PLACE}/"} | environment
        words = [command("dbt", "dbt"), "run", "--no-partial-parse"]
        done = subprocess.run(words, env=given, cwd=self._folder, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr


def findings(shop: Shop, rule: str) -> list[str]:
    return [each["message"] for each in shop.plan()["findings"] if each["rule"] == rule]


@pytest.fixture
def shop(served: Served, tmp_path: Path) -> Shop:
    (tmp_path / "mesh").mkdir()
    made = Shop(served, tmp_path / "mesh")
    made.write("parquet")
    made.make_writer()
    made.meshform("apply", "--auto-approve", "--accept", "more-than-reading", code=5)
    return made


def test_a_table_that_is_dropped_and_made_anew_gets_its_tags_back_and_is_told(shop: Shop, tmp_path: Path) -> None:
    dbt = Dbt(shop, tmp_path / "dbt")
    dbt.run()
    shop.meshform("apply", "--auto-approve")
    assert shop.labels() == TAGGED
    assert shop.rows("SELECT * FROM order_line") == [["id", "land"], ["1", "de"]]

    dbt.run(SHOP_MORE=", 'new' as note")
    assert shop.labels() == {}
    (told,) = findings(shop, "remade-table")
    assert f"orders.order_line was made by arn:aws:sts::{PRODUCER}:assumed-role/{WRITER}/" in told
    assert "It is read by bi/analyst and sales/writer." in told
    drifted = shop.meshform("drift", code=2)
    assert "since its writer made the table anew; apply gives it back" in drifted
    assert "by hand" not in drifted
    assert any("a column note (string) that is not declared" in each for each in findings(shop, "schema-drift"))

    shop.meshform("apply", "--auto-approve")
    assert shop.labels() == TAGGED
    assert shop.rows("SELECT * FROM order_line") == [["id", "land"], ["1", "de"]]
    assert findings(shop, "remade-table") == []


def test_a_table_that_is_swapped_under_its_name_keeps_its_tags(shop: Shop, tmp_path: Path) -> None:
    """dbt's `ha`: a table beside it is written, and its place is put into the old one by UpdateTable."""
    dbt = Dbt(shop, tmp_path / "dbt")
    dbt.run(SHOP_HA="1")
    shop.meshform("apply", "--auto-approve")
    dbt.run(SHOP_HA="1", SHOP_MORE=", 'new' as note")
    assert shop.labels() == TAGGED
    assert findings(shop, "remade-table") == []
    assert shop.plan()["steps"] == []
    assert shop.rows("SELECT * FROM order_line") == [["id", "land"], ["1", "de"]]
