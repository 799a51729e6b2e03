"""Where a request is opened."""

from __future__ import annotations

import pytest

from reconciler.catalog.site.forges import new_file_page
from reconciler.errors import MeshformError


def test_github_fills_in_path_and_text_and_gitlab_the_path() -> None:
    assert (
        new_file_page("https://github.com/bank/mesh.git", "main", "mesh")
        == "https://github.com/bank/mesh/new/main?filename=mesh/{path}&value={text}"
    )
    assert (
        new_file_page("https://gitlab.bank.example/data/mesh", "trunk", ".")
        == "https://gitlab.bank.example/data/mesh/-/new/trunk?file_name={path}"
    )


@pytest.mark.parametrize(
    "said", ["javascript:alert(1)", "http://github.com/bank/mesh", "bank/mesh", "https://user:pw@github.com/a/b", ""]
)
def test_what_is_no_address_of_a_repository_is_refused(said: str) -> None:
    with pytest.raises(MeshformError, match="--repository takes an address"):
        new_file_page(said, "main", "mesh")


def test_signs_of_a_branch_are_escaped() -> None:
    assert "new/feature%3Fx?" in new_file_page("https://github.com/a/b", "feature?x", "mesh")
