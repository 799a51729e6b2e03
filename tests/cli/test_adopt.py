"""adopt: a permission that no document asks for is listed, explained by a document, or revoked; only that one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Run
from tests.estate import CENTRAL, Estate

READER = f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-owner"
STEWARD = f"arn:aws:iam::{CENTRAL}:role/meshform/bank/data-mesh-steward"
TABLE = {"Table": {"CatalogId": CENTRAL, "DatabaseName": "fund-prices", "Name": "fund_price"}}


@pytest.fixture
def clicked(built: Estate) -> Iterator[Estate]:
    """The example with two permissions that somebody has clicked."""
    lake = built.client("lakeformation")
    rows = [(STEWARD, {"Database": {"Name": "credit-card"}}, ["DESCRIBE"]), (READER, TABLE, ["DESCRIBE", "SELECT"])]
    for who, place, rights in rows:
        lake.grant_permissions(Principal={"DataLakePrincipalIdentifier": who}, Resource=place, Permissions=rights)
    yield built
    for who, place, rights in rows:
        try:
            lake.revoke_permissions(Principal={"DataLakePrincipalIdentifier": who}, Resource=place, Permissions=rights)
        except lake.exceptions.InvalidInputException:
            continue


def listed(run: Run) -> dict[str, str]:
    lines = [line.partition("  ") for line in run("adopt").out.splitlines() if not line.startswith(" ")]
    return {text: name for name, _, text in lines if text}


def id_of(run: Run, part: str) -> str:
    (found,) = [name for text, name in listed(run).items() if part in text]
    return found


def plan(run: Run) -> Ran:
    return run("plan", "--detailed-exitcode")


def test_one_is_kept_word_for_word_and_the_other_still_asked_about(clicked: Estate, run: Run, folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    assert len(listed(run)) == 3
    made = run("adopt", id_of(run, "DESCRIBE on database"))
    assert made.code == 0, made.err
    assert len(listed(run)) == 2
    text = (folder / "adopted/central.yaml").read_text()
    assert f"principal: {STEWARD}" in text
    assert "by: arn:aws:iam::111111111111:role/OrganizationAccountAccessRole" in text
    assert {path: path.read_bytes() for path in before} == before


def test_all_are_kept_and_the_plan_is_empty(clicked: Estate, run: Run, folder: Path) -> None:
    made = run("adopt", "--all")
    assert made.code == 0, made.err
    assert listed(run) == {}
    assert plan(run).code == 0, plan(run).out
    nothing = run("adopt", "--all", "--revoke")
    assert (nothing.code, "no permission that no document asks for" in nothing.out) == (0, True)


def test_where_nobody_answers_nothing_is_revoked(clicked: Estate, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    clicked.aws.calls.clear()
    ended = run("adopt", id_of(run, "DESCRIBE on database"), "--revoke")
    assert (ended.code, clicked.writes()) == (1, [])
    assert "Nobody answered, so nothing was changed." in ended.err


def test_one_is_revoked_and_nothing_else(clicked: Estate, run: Run) -> None:
    clicked.aws.calls.clear()
    ended = run("adopt", id_of(run, "DESCRIBE on database"), "--revoke", "--auto-approve")
    assert ended.code == 0, (ended.out, ended.err)
    assert {operation for _, operation in clicked.writes()} <= {"RevokePermissions", "BatchRevokePermissions"}
    assert [text for text in listed(run) if "DESCRIBE on database" in text] == []
    assert len(listed(run)) == 2


def test_an_id_that_is_none_does_nothing(built: Estate, run: Run, folder: Path) -> None:
    ended = run("adopt", "12345678")
    assert ended.code == 1
    assert "nothing was done" in ended.err
    assert not (folder / "adopted").exists()
