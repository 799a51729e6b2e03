"""The number of a release: one in the wheel, the tag and the changelog (docs/releasing.md)."""

from __future__ import annotations

import os
import re

import pytest

from tests.release.conftest import Release

pytestmark = pytest.mark.release


def test_it_is_a_number_of_three_parts(release: Release) -> None:
    assert re.fullmatch(r"meshform-\d+\.\d+\.\d+-py3-none-any\.whl", release.wheel.name)


@pytest.mark.skipif(os.environ.get("GITHUB_REF_TYPE") != "tag", reason="a release only")
def test_a_tag_names_it_and_the_changelog_has_it(release: Release) -> None:
    number = release.wheel.name.split("-")[1]
    assert os.environ["GITHUB_REF_NAME"] == f"v{number}"
    changelog = (release.clone / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## {re.escape(number)} \(\d{{4}}-\d\d-\d\d\)$", changelog, re.MULTILINE)
