"""README.md where an index shows it, away from the repository."""

from __future__ import annotations

import re
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from hatch_build import away_from_home
from tests.estate import ROOT
from tests.release.conftest import Release, built, ran

LINK = re.compile(r"\[[^\]]*\]\(([^)]*)\)")


def test_its_links_lead_to_files_of_the_version() -> None:
    base = "https://example.com/acme/meshform/blob/v1.2.3"
    home = (ROOT / "README.md").read_text(encoding="utf-8")
    away = away_from_home(home, base)
    assert len(LINK.findall(away)) == len(LINK.findall(home)) > 10
    for each in LINK.findall(away):
        assert each.startswith(("https://", "http://"))
        if each.startswith(base):
            assert (ROOT / each.removeprefix(f"{base}/").partition("#")[0]).exists(), each


def test_where_there_is_no_address_no_link_leads_nowhere() -> None:
    away = away_from_home("[a](docs/a.md), [b](https://b.example), [c](#c), `[d](e)`", None)
    assert away == "a, [b](https://b.example), [c](#c), `d`"


def told(path: Path) -> tuple[str, list[str]]:
    """The description and the addresses in the metadata of a wheel or an archive."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            data = wheel.read(next(name for name in wheel.namelist() if name.endswith("/METADATA")))
    else:
        with tarfile.open(path) as archive:
            file = archive.extractfile(next(name for name in archive.getnames() if name.endswith("/PKG-INFO")))
            assert file is not None
            data = file.read()
    found = message_from_bytes(data)
    text = found.get_payload(decode=True)
    assert isinstance(text, bytes)
    return text.decode(), found.get_all("Project-URL", [])


@pytest.mark.release
def test_wheel_and_archive_show_it_so(release: Release, tmp_path: Path) -> None:
    for path in (release.wheel, release.archive):
        text, urls = told(path)
        assert text.startswith("# Meshform\n")
        assert [each for each in LINK.findall(text) if not re.match("https?:", each)] == []
        assert urls == []
    clone = tmp_path / "clone"
    ran("git", "clone", "--quiet", release.clone, clone, where=tmp_path)
    settings = clone / "pyproject.toml"
    said = settings.read_text().replace('repository = ""', 'repository = "https://example.com/acme/meshform"')
    settings.write_text(said)
    (wheel,) = built(clone, tmp_path / "dist").glob("*.whl")
    text, urls = told(wheel)
    version = wheel.name.split("-")[1]
    assert f"](https://example.com/acme/meshform/blob/v{version}/docs/github.md)" in text
    assert urls == ["Repository, https://example.com/acme/meshform"]
