"""Vocabulary: the LF-tag keys and values that a mesh speaks of, and the name of the mark that says a key is its own."""

from __future__ import annotations

from reconciler.kinds import addresses
from reconciler.model.address import Address, Placement
from reconciler.model.resource import Mode, Origin
from reconciler.spec.managed import is_managed_key, managed_domains, managed_products
from reconciler.spec.mesh import Mesh


def mark_of(placement: Placement, mesh: Mesh, key: str) -> Address:
    """The mark of a key: see lf_tag_mark."""
    return addresses.tag_mark(placement, f"meshform-{mesh.name}-{key.lower()}")


def key_mode(mesh: Mesh, key: str) -> Mode:
    """Whether a key with its values is made by the mesh, or found there and used as it is."""
    tag = mesh.tags.get(key)
    return "managed" if tag is None or is_managed_key(tag) else "external"


def vocabulary(mesh: Mesh) -> dict[str, tuple[dict[str, Origin], Origin]]:
    """Keys with their values and the line of each: those that documents declare, and products and domains."""
    words: dict[str, tuple[dict[str, Origin], Origin]] = {}
    for tag in mesh.tags.values():
        values = {
            entry.value.lower(): tag.at("values", number)
            for number, entry in enumerate(tag.values)
            if entry.value in tag.value_names and not tag.retired
        }
        words[tag.name.lower()] = (values, tag.origin)
    keys = mesh.settings.tag_keys
    own = {
        keys.product.lower(): {product.name: product.origin for product in managed_products(mesh)},
        keys.domain.lower(): {domain.name: domain.origin for domain in managed_domains(mesh)},
    }
    for key, names in own.items():
        declared = words.get(key, ({}, mesh.settings.origin))
        words[key] = ({**declared[0], **names}, declared[1])
    return words
