"""What a new product can be made from: a file of data, or a data contract."""

from __future__ import annotations

from pathlib import Path

from reconciler.making.contract_file import contract_product
from reconciler.making.found import FoundProduct
from reconciler.making.read import read_table
from reconciler.spec.contracts.classification import scale_of
from reconciler.spec.mesh import Mesh


def found_in(said: str, encoding: str, mesh: Mesh) -> FoundProduct:
    """What a file tells of a product. Raises MeshformError."""
    path = Path(said)
    if path.suffix.lower() in (".yaml", ".yml"):
        return contract_product(path, scale_of(mesh.settings.sensitivity_key, mesh.tags.values()))
    return FoundProduct((read_table(said, encoding),))
