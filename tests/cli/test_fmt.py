"""fmt: canonical form of a mesh or of one file; what is broken or cannot be found is left as it is, and said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run, edit

DOMAIN = "domains/asset-management/domain.yaml"


def messed_up(mesh: Path) -> str:
    """A document whose fields are in another order; its canonical form."""
    file = mesh / DOMAIN
    before = file.read_text()
    head, kind = "apiVersion: meshform/v1\n", "kind: Domain\n"
    assert head + kind in before
    edit(mesh, DOMAIN, head + kind, kind + head)
    return before


def test_a_mesh_in_canonical_form_is_left_alone(run: Run) -> None:
    ran = run("fmt", "--check")
    assert (ran.code, ran.out) == (0, "Every file is in canonical form.\n")


def test_a_mesh_is_brought_into_canonical_form(run: Run, folder: Path) -> None:
    before = messed_up(folder)
    checked = run("fmt", "--check")
    assert checked.code == 1
    assert f"would change: mesh/{DOMAIN}" in checked.out
    assert (folder / DOMAIN).read_text() != before, "--check changes nothing"
    assert run("fmt").out == f"changed: mesh/{DOMAIN}\n"
    assert (folder / DOMAIN).read_text() == before


def test_a_single_file_is_formatted_alone(run: Run, folder: Path) -> None:
    before = messed_up(folder)
    assert run("fmt", "mesh/mesh.yaml").code == 0
    assert (folder / DOMAIN).read_text() != before
    assert run("fmt", f"mesh/{DOMAIN}").out == f"changed: mesh/{DOMAIN}\n"
    assert (folder / DOMAIN).read_text() == before


def test_a_broken_file_is_left_as_it_is(run: Run, folder: Path) -> None:
    edit(folder, DOMAIN, "owner: ", "owner: [")
    before = (folder / DOMAIN).read_text()
    ran = run("fmt", f"mesh/{DOMAIN}")
    assert ran.code == 1
    assert f"mesh/{DOMAIN}" in ran.err
    assert (folder / DOMAIN).read_text() == before


def test_a_missing_file_and_a_link_are_told(run: Run, folder: Path) -> None:
    (folder / "link.yaml").symlink_to(folder / "mesh.yaml")
    before = (folder / "mesh.yaml").read_text()
    for name in ("nothing.yaml", "link.yaml"):
        ran = run("fmt", f"mesh/{name}")
        assert ran.code == 1
        assert f"mesh/{name}" in ran.err
    assert (folder / "mesh.yaml").read_text() == before


def test_a_file_is_replaced_wholly_or_not_at_all(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    messed_up(folder)
    before, names = (folder / DOMAIN).read_text(), sorted((folder / DOMAIN).parent.iterdir())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    run("fmt", f"mesh/{DOMAIN}")
    assert (folder / DOMAIN).read_text() == before
    assert sorted((folder / DOMAIN).parent.iterdir()) == names


def test_an_older_mesh_gets_its_teams(run: Run, folder: Path) -> None:
    shutil.rmtree(folder / "teams")
    edit(folder, "domains/consumer-banking/products/credit-profile.yaml", "  owners: [consumer-banking-stewards]", "")
    edit(folder, "consumers/analytics-coe/consumer.yaml", "owner: analytics-coe-leads", "owner: Ada Lovelace")
    checked = run("fmt", "--teams", "example-bank", "--check")
    assert (checked.code, checked.out.count("would write: ")) == (1, 5)
    assert not (folder / "teams").exists()
    assert run("fmt", "--teams", "example-bank").code == 0
    text = (folder / "teams" / "consumer-banking-stewards.yaml").read_text()
    assert "github: example-bank/consumer-banking-stewards" in text
    assert run("validate").code == 0
    assert "owner Ada Lovelace is no Team" in run("validate").err
    assert run("fmt", "--teams", "example-bank").out.startswith("Every owner")
    assert run("fmt", "--check", "mesh/teams").code == 0
