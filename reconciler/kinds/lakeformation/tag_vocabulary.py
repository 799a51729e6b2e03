"""Vocabulary: the LF-tag keys and values that a mesh speaks of, and by what a key is known as its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.kinds import addresses
from reconciler.kinds.common.marks import MARK
from reconciler.kinds.common.taken_over import takes_over
from reconciler.model.address import Address, Placement
from reconciler.model.origin import Origin
from reconciler.model.resource import Mode
from reconciler.spec import placements
from reconciler.spec.limits import LF_TAG_TEXT
from reconciler.spec.managed import is_managed_key, managed_domains, managed_products
from reconciler.spec.memo import memo
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import fitted


def mark_of(placement: Placement, mesh: str, key: str) -> Address:
    """The mark by which a key is that mesh's: see lf_tag_mark."""
    return addresses.tag_mark(placement, f"meshform-{mesh}-{key.lower()}")


def claim_of(mesh: str) -> str:
    """The value that a new key has until its mark is there, and that says the same."""
    return fitted(f"{MARK}={mesh}", LF_TAG_TEXT)


def key_mode(mesh: Mesh, key: str) -> Mode:
    """Whether a key with its values is made by the mesh, or found there and used as it is."""
    tag = mesh.tags.get(key)
    return "managed" if tag is None or is_managed_key(tag) else "external"


@memo
def vocabulary(mesh: Mesh) -> Mapping[str, tuple[Mapping[str, Origin], Origin]]:
    """Keys with their values and the line of each: those that documents declare, and products and domains."""
    words: dict[str, tuple[Mapping[str, Origin], Origin]] = {}
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


def own_words(mesh: Mesh) -> frozenset[str]:
    """The keys that the mesh makes where they are not there."""
    return frozenset(key for key in vocabulary(mesh) if key_mode(mesh, key) == "managed")


def made_keys(mesh: Mesh, marked: Iterable[str], there: Iterable[str]) -> frozenset[str]:
    """The keys that are the mesh's: marked, still to be made, or taken over by name. What others made is theirs."""
    catalog, others = placements.of_catalog(mesh), frozenset(there)
    return frozenset(marked) | {
        key for key in own_words(mesh) if key not in others or takes_over(mesh, addresses.lf_tag(catalog, key))
    }
