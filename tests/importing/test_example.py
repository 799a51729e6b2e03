"""The example mesh, its YAML deleted: what is imported wants the same, and differs in words that AWS does not keep."""

from __future__ import annotations

from reconciler.kinds import registry
from reconciler.plan.compile import compile_mesh
from tests.estate import ANALYTICS, BANKING, MARKETS, Estate, bank
from tests.importing.laws import basis_of, hold_the_laws, import_of


def test_the_imported_example_wants_what_the_example_wants(built: Estate) -> None:
    done, seen = import_of(built, basis_of(BANKING, MARKETS, ANALYTICS))
    hold_the_laws(done, seen)
    assert done.mesh is not None
    wanted, before = compile_mesh(done.mesh, registry()), compile_mesh(bank(), registry())
    adopted = {each for each in wanted if each not in before}
    assert {each.name for each in adopted} == {"CREATE_DATABASE on catalog 111111111111 to IAM_ALLOWED_PRINCIPALS"}
    assert before.keys() <= wanted.keys()
    assert [each for each in before if wanted[each].spec != before[each].spec] == []


def test_the_same_estate_gives_the_same_documents(built: Estate) -> None:
    basis = basis_of(BANKING, MARKETS, ANALYTICS)
    one, other = import_of(built, basis)[0], import_of(built, basis)[0]
    assert [(page.path, page.text) for page in one.pages] == [(page.path, page.text) for page in other.pages]
