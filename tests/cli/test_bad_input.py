"""Bad input: every mistake gets its place and a sentence, exit 1, no traceback, and AWS is never called."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from reconciler.cli import cli
from tests.cli.conftest import Run, edit
from tests.cli.test_logged import commands
from tests.estate import Estate

PRODUCT = "domains/consumer-banking/products/credit-profile.yaml"
FUNDS = "domains/asset-management/products/fund-prices.yaml"
DOMAIN = "domains/asset-management/domain.yaml"
MODEL = "consumers/analytics-coe/subscriptions/credit-risk-model.yaml"


def place(mesh: Path, file: str, text: str) -> str:
    """Where a text begins: the pattern of `file:line:column`."""
    for number, line in enumerate((mesh / file).read_text().split("\n"), 1):
        if text in line:
            return re.escape(f"{file}:{number}:{line.index(text) + 1}  ")
    raise AssertionError(f"{text!r} is not in {file}")


def syntax_error(mesh: Path) -> str:
    edit(mesh, FUNDS, "tags: {subject: funds}", "tags: {subject: funds")
    return r"fund-prices\.yaml:\d+:\d+  \S+  "


def wrong_type(mesh: Path) -> str:
    edit(mesh, FUNDS, "tables:\n", "tables: 3\nignored:\n")
    return place(mesh, FUNDS, "tables: 3") + "wrong-type  `tables` must be a list"


def unknown_field(mesh: Path) -> str:
    edit(mesh, FUNDS, "owner: asset", "ownr: asset")
    return place(mesh, FUNDS, "ownr:") + "unknown-field  .*did you mean owner"


def misspelt_column(mesh: Path) -> str:
    edit(
        mesh,
        MODEL,
        "clearance: {sensitivity: [internal, confidential]}",
        "tables:\n  - {name: credit_card, columns: [amonut]}",
    )
    return place(mesh, MODEL, "amonut") + "unknown-column  .*amonut.*did you mean amount"


def misspelt_value(mesh: Path) -> str:
    edit(mesh, FUNDS, "sensitivity: public", "sensitivity: pubic")
    return place(mesh, FUNDS, "sensitivity: pubic") + "unknown-tag-value  .*did you mean public"


def duplicate_document(mesh: Path) -> str:
    (mesh / "lf-tags/again.yaml").write_text((mesh / "lf-tags/subject.yaml").read_text())
    return r"subject\.yaml:\d+:\d+  \S+  .*again\.yaml"


def duplicate_key(mesh: Path) -> str:
    edit(mesh, FUNDS, "database: fund-prices\n", "database: fund-prices\ndatabase: other\n")
    return place(mesh, FUNDS, "database: other") + "duplicate-key  .*database"


def empty_folder(mesh: Path) -> str:
    for path in sorted(mesh.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    return r"mesh\.yaml:1:1  no-mesh-document  "


def missing_folder(mesh: Path) -> str:
    mesh.rename(mesh.with_name("elsewhere"))
    return r"mesh:1:1  mesh-folder  there is no such folder"


def missing_account(mesh: Path) -> str:
    edit(mesh, DOMAIN, "account: banking-data", "account: bankin-data")
    return place(mesh, DOMAIN, "account: bankin-data") + "unknown-account  .*did you mean banking-data"


def hundred_megabytes(mesh: Path) -> str:
    with open(mesh / "lf-tags/huge.yaml", "wb") as file:
        file.truncate(100 * 1024 * 1024)
    return r"huge\.yaml:1:1  file-too-large  is 100\.0 MiB long"


def alias_bomb(mesh: Path) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (mesh / "lf-tags/bomb.yaml").write_text("\n".join(lines) + "\n")
    return r"bomb\.yaml:\d+:\d+  \S+  "


def link_out_of_the_mesh(mesh: Path) -> str:
    (mesh / "lf-tags/passwd.yaml").symlink_to("/etc/passwd")
    return r"passwd\.yaml:1:1  symbolic-link  "


def latin_1(mesh: Path) -> str:
    path = mesh / FUNDS
    where = place(mesh, FUNDS, "ue of one share")
    path.write_bytes(path.read_bytes().replace(b"Value of one share", b"Val\xfce of one share"))
    return where + "not-utf-8  byte 0xFC"


def one_resource_asked_for_twice(mesh: Path) -> str:
    edit(mesh, "accounts/analytics.yaml", "parts:", "manageRoles: true\nadmins: [credit-analyst]\nparts:")
    return r"consumer\.yaml:\d+:5  duplicate-role  the role credit-analyst is already made in .*analytics\.yaml:8:10"


CASES = [
    syntax_error,
    wrong_type,
    unknown_field,
    misspelt_column,
    misspelt_value,
    duplicate_document,
    duplicate_key,
    empty_folder,
    missing_folder,
    missing_account,
    hundred_megabytes,
    alias_bomb,
    link_out_of_the_mesh,
    latin_1,
    one_resource_asked_for_twice,
]


@pytest.mark.parametrize("spoil", CASES, ids=lambda case: case.__name__)
def test_each_mistake_has_its_place_and_aws_is_never_called(
    estate: Estate, folder: Path, run: Run, spoil: Callable[[Path], str]
) -> None:
    pattern = spoil(folder)
    estate.aws.calls.clear()
    ran = run("plan")
    assert re.search(pattern, ran.err), ran.err[:1500]
    assert ran.code == 1
    assert ran.out == ""
    assert "Traceback" not in ran.err
    if spoil is not one_resource_asked_for_twice:
        assert len(estate.aws.calls) == 0
        assert "AWS was not called." in ran.err


@pytest.mark.parametrize("command", ["validate", "plan", "apply", "drift"])
def test_every_command_refuses_a_broken_mesh(estate: Estate, folder: Path, run: Run, command: str) -> None:
    unknown_field(folder)
    estate.aws.calls.clear()
    ran = run(command)
    assert ran.code == 1
    assert "unknown-field" in ran.err
    assert len(estate.aws.calls) == 0


def test_all_mistakes_are_told_at_once(folder: Path, run: Run) -> None:
    unknown_field(folder)
    missing_account(folder)
    misspelt_column(folder)
    ran = run("validate")
    assert {"fund-prices.yaml", "domain.yaml", "credit-risk-model.yaml"} <= set(re.findall(r"[a-z-]+\.yaml", ran.err))
    assert re.search(r"The mesh has \d+ errors\.", ran.err)


def test_a_process_ends_with_exit_1_and_a_paragraph(folder: Path) -> None:
    """The same through the installed command, as people run it."""
    unknown_field(folder)
    command = [os.path.join(os.path.dirname(os.sys.executable), "meshform"), "plan"]  # type: ignore[attr-defined]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder.parent)
    assert ran.returncode == 1
    assert "unknown-field" in ran.stderr
    assert "Traceback" not in ran.stderr


def placed() -> list[tuple[str, str]]:
    """Every option of every command that takes a commit, a branch, a file or a folder as text."""
    return [
        (words, option.opts[0])
        for words, each in commands(cli).items()
        for option in each.params
        if isinstance(option, click.Option)
        and words != "sandbox serve"  # which takes none of the common options
        and option.metavar in ("REF", "SHA", "BRANCH", "DIR", "FILE", "PATH")
        and isinstance(option.type, click.types.StringParamType)
    ]


@pytest.mark.parametrize(("words", "option"), placed())
def test_what_is_empty_is_wrong_usage_and_no_other_question(run: Run, folder: Path, words: str, option: str) -> None:
    """`--base "$BASE"` of a variable that nobody has set."""
    needed: list[str] = []
    for each in commands(cli)[words].params:
        if each.required and option not in each.opts:
            some = each.type.choices[0] if isinstance(each.type, click.Choice) else str(folder / "mesh.yaml")
            needed += [some] if isinstance(each, click.Argument) else [each.opts[0], some]
    ran = run(*words.split(), *needed, option, "")
    assert (ran.code, ran.out) == (64, "")
    assert f"{option} is empty: give it a " in ran.err
