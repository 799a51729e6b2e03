"""A mesh with other documents in the place of its own is that mesh, or none where they do not fit together."""

from __future__ import annotations

from reconciler.owners.documents import documents
from reconciler.owners.replaced import replaced
from tests.estate import bank, variant

TAG, PRODUCT = ("LFTag", "sensitivity"), ("Product", "fund-prices")


def test_documents_of_another_mesh_make_that_mesh() -> None:
    other = variant(("lf-tags/sensitivity.yaml", "Published or meant", "Published or intended"))
    found = replaced(bank(), {TAG: documents(other)[TAG]})
    assert found is not None
    assert documents(found) == documents(other) != documents(bank())


def test_one_that_others_need_cannot_go_and_one_that_nobody_needs_can() -> None:
    assert replaced(bank(), {TAG: None}) is None
    found = replaced(bank(), {PRODUCT: None})
    assert found is not None
    assert documents(bank()).keys() - documents(found).keys() == {PRODUCT}
