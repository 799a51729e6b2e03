"""A snapshot in the place of AWS gives the same documents, whichever role took it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import MeshformError
from reconciler.importing.importing import import_estate
from reconciler.importing.looking import Kept, Looking
from reconciler.importing.naming import given_names, text_of
from reconciler.importing.survey import survey
from reconciler.kinds import registry
from reconciler.snapshots.file import read
from reconciler.snapshots.take import take
from tests.estate import Estate
from tests.importing.laws import basis_of, hold_the_laws
from tests.importing.random_estates import OTHERS, RandomEstate


@pytest.mark.parametrize("seed", [41, 44])
def test_a_file_gives_the_documents_that_aws_gives(estate: Estate, tmp_path: Path, seed: int) -> None:
    RandomEstate(estate, seed).build()
    # Whoever takes a snapshot names one role; who will apply is said at the import.
    taken, asked = basis_of(*OTHERS), basis_of(*OTHERS, apply_role="meshform-apply")
    looking = Looking(estate.sessions)
    take(survey(taken, looking.databases(taken)), estate.sessions, tmp_path / "all.gz")
    kept = read(tmp_path / "all.gz", registry()).observation
    done, live = import_estate(Kept(kept), asked, named=True), import_estate(looking, asked, named=True)
    assert done.mesh is not None
    assert {page.path: page.text for page in done.pages} == {page.path: page.text for page in live.pages}
    hold_the_laws(done, looking.of(done.mesh))


def test_what_is_named_and_not_found_is_told(estate: Estate, tmp_path: Path) -> None:
    file = tmp_path / "names.yaml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(MeshformError, match=r"names\.yaml is no text in UTF-8"):
        text_of(file)
    file.write_text("database nowhere: sales\naccount 111111111111: head\n")
    named = given_names(text_of(file), str(file))
    done = import_estate(Looking(estate.sessions), replace(basis_of(), names=named), named=True)
    assert done.unused == ("database nowhere",)
