"""LF-tags: keys and values that are used are declared, and Lake Formation's limits hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from reconciler.model.finding import Finding
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.limits import LF_TAG_VALUES, LF_TAGS_ON_RESOURCE
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

KEY = Rule(
    "unknown-tag-key",
    "error",
    "Every LF-tag key that is used is declared.",
    "Keys are declared by documents of kind LFTag in lf-tags/. Correct the key or add the document.",
)
VALUE = Rule(
    "unknown-tag-value",
    "error",
    "Every LF-tag value that is used is declared.",
    "Values are declared in the LFTag document of the key. Correct the value, or add it with a sentence on its use.",
)
RETIRED = Rule(
    "retired-tag",
    "warning",
    "Retired keys and values are not used any more.",
    "A retired value is removed from AWS when nothing carries it. Use one of the values that remain.",
)
RESERVED = Rule(
    "reserved-tag-key",
    "error",
    "The keys under `tagKeys` of the Mesh are set by Meshform alone, and two of them are not the same.",
    "Products and domains receive them by themselves. Use another key, or change `tagKeys`.",
)
MANY = Rule(
    "lf-tag-limit",
    "error",
    f"A resource carries at most {LF_TAGS_ON_RESOURCE} LF-tags.",
    "Lake Formation refuses more. Leave some out.",
)
QUOTA = Rule(
    "lf-tag-quota",
    "warning",
    f"An LF-tag key has at most {LF_TAG_VALUES:,} values.",
    "That is what AWS gives an account at first. Have the quota raised for the central account, or split the key.",
)
ASSOCIATOR = Rule(
    "unknown-associator",
    "error",
    "Those who may associate an LF-tag are domains of the mesh.",
    "Correct the name in `associators`; the stewards of the central account need not be listed.",
)


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about LF-tags."""
    yield from _declared(unchecked)
    reserved = frozenset[str]()
    for settings in unchecked.all(Settings):
        keys = (settings.tag_keys.product, settings.tag_keys.domain)
        reserved |= frozenset(keys)
        if len({*keys, settings.sensitivity_key}) < 3:
            yield RESERVED.broken(settings.at("tagKeys"), "the keys for product, domain and sensitivity must differ")
    for tag in unchecked.all(LFTag):
        if tag.name in reserved:
            yield RESERVED.broken(
                tag.at("name"), f"Meshform sets the key {tag.name} itself; give this tag another name"
            )
    sound: set[tuple[tuple[str, str], ...]] = set()
    for product in unchecked.all(Product):
        yield from _product(unchecked, product, reserved, sound)
    for subscription in unchecked.all(Subscription):
        for field in ("expression", "clearance"):
            asked: Mapping[str, tuple[str, ...]] = getattr(subscription, field) or {}
            for key, values in asked.items():
                yield from _used(unchecked, subscription, (field, key), values, reserved)


def _declared(unchecked: UncheckedMesh) -> Iterator[Finding]:
    for tag in unchecked.all(LFTag):
        if len(tag.values) > LF_TAG_VALUES:
            yield QUOTA.broken(
                tag.at("values"), f"{tag.name} has {len(tag.values):,} values; AWS takes {LF_TAG_VALUES:,} at first"
            )
        for index, name in enumerate(tag.associators):
            if not unchecked.knows(Domain, name):
                near = unchecked.near_document(Domain, name)
                yield ASSOCIATOR.broken(tag.at("associators", index), f"there is no domain {name}{near}")
    for settings in unchecked.all(Settings):
        if len(unchecked.named(Product)) > LF_TAG_VALUES:
            yield QUOTA.broken(
                settings.at("tagKeys"),
                f"the key {settings.tag_keys.product} needs {len(unchecked.named(Product)):,} values, one a product; "
                f"AWS takes {LF_TAG_VALUES:,} at first",
            )


def _product(
    unchecked: UncheckedMesh, product: Product, reserved: frozenset[str], sound: set[tuple[tuple[str, str], ...]]
) -> Iterator[Finding]:
    """Findings about all tags of a product. `sound` are those in which there is nothing to find: most are alike."""
    carried: list[tuple[tuple[str | int, ...], Mapping[str, str]]] = [(("tags",), product.tags)]
    for index, table in enumerate(product.tables):
        carried.append((("tables", index, "tags"), table.tags))
        carried += (
            (("tables", index, "columns", position, "tags"), column.tags)
            for position, column in enumerate(table.columns)
            if tuple(column.tags.items()) not in sound
        )
    for path, tags in carried:
        words = tuple(tags.items())
        if words not in sound:
            found = list(_carried(unchecked, product, path, tags, reserved))
            yield from found
            if not found:
                sound.add(words)


def _carried(
    unchecked: UncheckedMesh,
    product: Product,
    path: tuple[str | int, ...],
    tags: Mapping[str, str],
    reserved: frozenset[str],
) -> Iterator[Finding]:
    """Findings about the tags that are put on something."""
    if len(tags) + len(reserved) > LF_TAGS_ON_RESOURCE:
        yield MANY.broken(
            product.at(*path),
            f"{len(tags)} LF-tags and the {len(reserved)} of the mesh: a resource takes at most {LF_TAGS_ON_RESOURCE}",
        )
    for key, value in tags.items():
        if key in reserved:
            yield RESERVED.broken(product.at(*path, key), f"Meshform sets the LF-tag {key} itself; leave it out")
        else:
            yield from _used(unchecked, product, (*path, key), (value,), reserved)


def _used(
    unchecked: UncheckedMesh,
    document: Document,
    path: tuple[str | int, ...],
    values: Iterable[str],
    reserved: frozenset[str],
) -> Iterator[Finding]:
    """Findings about the key at the end of a path, and its values."""
    key = str(path[-1])
    if key in reserved:
        yield from _names(unchecked, document, path, values)
        return
    tag = unchecked.named(LFTag).get(key)
    if tag is None:
        if not unchecked.knows(LFTag, key):
            near = unchecked.near(key, [*unchecked.named(LFTag), *reserved])
            yield KEY.broken(document.at(*path), f"there is no LF-tag key {key}{near}")
        return
    if tag.retired:
        yield RETIRED.broken(document.at(*path), f"the LF-tag key {key} is retired ({tag.origin})")
        return
    known = {entry.value: entry for entry in tag.values}
    for value in values:
        if value not in known:
            near = unchecked.near(value, tag.value_names)
            there = near or f"; there are {', '.join(tag.value_names[:12])}"
            yield VALUE.broken(document.at(*path), f"the LF-tag {key} has no value {value}{there}")
        elif known[value].retired:
            yield RETIRED.broken(document.at(*path), f"the value {value} of the LF-tag {key} is retired ({tag.origin})")


def _names(
    unchecked: UncheckedMesh, document: Document, path: tuple[str | int, ...], values: Iterable[str]
) -> Iterator[Finding]:
    """Findings about names of products or domains that are asked for by the mesh's own keys."""
    for settings in unchecked.all(Settings)[:1]:
        kind = Product if path[-1] == settings.tag_keys.product else Domain
        for value in values:
            if not unchecked.knows(kind, value):
                near = unchecked.near_document(kind, value)
                yield VALUE.broken(document.at(*path), f"there is no {kind.__name__.lower()} {value}{near}")
