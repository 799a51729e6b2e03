"""init: no answer is lost, nothing that is there is touched, and nothing is written without a word."""

from __future__ import annotations

import shlex
from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.terminal import CTRL_C, Person


def test_without_a_terminal_and_without_yes_nothing_is_written(run: Run, tmp_path: Path) -> None:
    before = {*tmp_path.rglob("*")}
    for words in (("init", "shop"), ("new", "mesh", "shop", "--organization", "acme"), ("init", "new")):
        ran = run(*words)
        assert ran.code == 64
        assert "Say --yes to take the defaults for --name" in ran.err
    assert {*tmp_path.rglob("*")} == before


def test_into_a_repository_with_files_of_its_own(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "ours"
    place.mkdir()
    (place / "README.md").write_text("Ours.")
    ran = run("init", "ours", "--organization", "acme", "--yes")
    assert ran.code == 0, ran.err
    assert "README.md is there already and was left as it is." in ran.err
    assert (place / "README.md").read_text() == "Ours."
    assert run("validate", "--mesh", "ours/mesh").code == 0
    again = run("init", "ours", "--organization", "acme", "--yes")
    assert again.code == 1
    assert "this is a mesh" in again.err


def test_wrong_answers_of_options_write_nothing(run: Run, tmp_path: Path) -> None:
    before = {*tmp_path.rglob("*")}
    for option, said in (("--central", "12"), ("--region", "eu-wst-1"), ("--name", "!"), ("--organization", "a b")):
        assert run("init", "shop", option, said, "--yes").code == 1
    assert {*tmp_path.rglob("*")} == before


def test_at_a_terminal_wrong_answers_are_asked_again_and_none_is_lost(run: Run, tmp_path: Path) -> None:
    person = Person(tmp_path, "init", "shop", "--product", "orders", "--consumer", "analytics")
    for asked, said in (
        ("Name of the mesh", "Northwind Energy"),
        ("Organization at GitHub, or group at GitLab", "not one; at all"),
        ("Must be the name of an organization", ""),
        ("Organization at GitHub, or group at GitLab", "north-wind"),
        ("Home region", "eu-wst-1"),
        ("did you mean eu-west-1", ""),
    ):
        person.sees(asked)
        if said:
            person.types(said)
    person.sees("Home region")
    person.presses(CTRL_C)
    code, end = person.ends()
    assert code != 0
    assert not (tmp_path / "shop").exists()
    told = end.split("To go on where you stopped: ")[1].splitlines()[0]
    words = shlex.split(told)
    assert words[0] == "meshform"
    assert words[-4:] == ["--name", "Northwind Energy", "--organization", "north-wind"]
    again = run(*words[1:], "--yes")
    assert again.code == 0, again.err
    assert "name: northwind-energy\n" in (tmp_path / "shop/mesh/mesh.yaml").read_text()
    assert "@north-wind/" in (tmp_path / "shop/.github/CODEOWNERS").read_text()
