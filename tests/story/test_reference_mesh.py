"""docs/reference-mesh.md is true: its addresses are asked for by the example mesh, and what it names exists."""

from __future__ import annotations

import re
from functools import cache

import pytest

import reconciler.plan.gates
import reconciler.spec
from reconciler.kinds import registry
from reconciler.model.address import Address
from reconciler.model.resource import Snapshot
from reconciler.plan.compile import compile_mesh
from reconciler.spec.rule import rules_in
from tests.estate import ROOT, bank, example

PAGE = (ROOT / "docs" / "reference-mesh.md").read_text(encoding="utf-8")
MARKS = re.findall(r"`([^`\n]+)`", PAGE)
ADDRESSES = sorted({mark for mark in MARKS if re.match(r"\S+ \d{12}/", mark)})
FOLDERS = ("docs/", "mesh/", "reconciler/", "tests/")


@cache
def wanted() -> Snapshot:
    """All that the example mesh asks for."""
    return compile_mesh(bank(), registry())


def rows(heading: str) -> list[list[str]]:
    """The cells of the rows of the table below a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if re.match(r"\| C?\d+ \|", line)]
    return [[placement.strip() for placement in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("text", ADDRESSES)
def test_every_address_on_the_page_is_asked_for_by_the_example(text: str) -> None:
    assert Address.parse(text) in wanted()


def test_the_page_says_of_every_permission_whether_it_may_be_passed_on() -> None:
    grants = re.findall(r"`(grant [^`]+)`( \(\+\))?", PAGE)
    assert grants
    for text, plus in grants:
        assert wanted()[Address.parse(text)].spec.grantable == bool(plus), text


def test_no_step_defect_or_capability_is_left_out() -> None:
    steps, defects, capabilities = rows("The 30 steps"), rows("The 17 defects"), rows("Capabilities")
    assert [row[0] for row in steps] == [str(number) for number in range(1, 31)]
    assert [row[0] for row in defects] == [str(number) for number in range(1, 18)]
    assert [row[0] for row in capabilities] == [f"C{number}" for number in range(1, 32)]


def test_every_step_has_its_address_and_every_defect_what_avoids_it() -> None:
    for number, _, where, better in rows("The 30 steps"):
        marks = where.replace(" (+)", "").split("<br>")
        assert all(mark.strip("`") in ADDRESSES for mark in marks), number
        assert better, number
    for number, _, avoided in rows("The 17 defects"):
        assert "`" in avoided, number


def test_every_test_on_the_page_exists() -> None:
    named = {mark for mark in MARKS if mark.startswith("test_")}
    files = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    there = {name for text in files for name in re.findall(r"^def (test_\w+)\(", text, re.MULTILINE)}
    assert named
    assert named <= there, named - there


def test_every_rule_and_kind_on_the_page_exists() -> None:
    """Words with a hyphen are rules, gates, kinds, or names of the example mesh."""
    rules = {**rules_in(reconciler.spec), **rules_in(reconciler.plan.gates)}
    names = set(re.findall(r"[\w-]+", "\n".join(example().values())))
    words = {mark for mark in MARKS if re.fullmatch(r"[a-z]+(-[a-z]+)+", mark)}
    assert words <= {*rules, *registry(), *names}, words - {*rules, *registry(), *names}
    called = set(re.findall(r"(?:[Rr]ules?|[Gg]ates?) ((?:`[a-z-]+`(?:, | and )?)+)", PAGE))
    assert called
    for each in called:
        assert set(re.findall(r"`([a-z-]+)`", each)) <= set(rules), each


def test_every_command_and_file_on_the_page_exists() -> None:
    commands = {mark.split()[1] for mark in MARKS if mark.startswith("meshform ")}
    assert commands
    for command in commands:
        assert (ROOT / "reconciler" / "cli" / f"{command}.py").is_file(), command
    files = [mark for mark in MARKS if mark.startswith(FOLDERS)]
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", PAGE) if "://" not in link]
    assert files
    assert links
    assert all((ROOT / file).exists() for file in files), files
    assert all((ROOT / "docs" / link).exists() for link in links), links
