"""Names in other scripts than ASCII: letters and digits that are stored as they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from reconciler.model.finding import Finding
from reconciler.spec.documents.adopted import AS_STORED, Adopted
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.lftag import LFTag
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.settings import Settings
from reconciler.spec.documents.texts import GLUE_NAME, LF_TAG_TEXT, RESOURCE_TAG
from reconciler.spec.limits import TAGS
from reconciler.spec.rule import Rule
from reconciler.spec.unchecked_mesh import UncheckedMesh

Path = tuple[str | int, ...]

QUOTED = Rule(
    "quoted-name",
    "note",
    "Names of tables and columns are letters, digits and _.",
    "Whoever queries another name in Athena must write it in double quotes. That is right for what exists already; "
    "give new tables and columns plain names.",
    when_sound=True,
)

# https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_LFTag.html: letters, digits and separators
_LETTERS = frozenset({"Ll", "Lo", "Lm", "Nd", "Nl", "No"})
_OF_TAGS = _LETTERS | {"Zs"}
_OF_RESOURCE_TAGS = _OF_TAGS | {"Lu", "Lt"}
_PLAIN = re.compile(r"[a-z0-9_]+")
_OF_NAMES = _LETTERS | {"Mn", "Mc"}


def check(unchecked: UncheckedMesh) -> Iterator[Finding]:
    """Findings about names of tables and columns, LF-tags, and tags of resources."""
    for product in unchecked.all(Product):
        yield from _tables(product)
    for tag in unchecked.all(LFTag):
        for value, path in [
            (tag.name, ("name",)),
            *((v.value, ("values", i, "value")) for i, v in enumerate(tag.values)),
        ]:
            yield from _of_script(LF_TAG_TEXT, tag, path, value, _OF_TAGS)
    for adopted in unchecked.all(Adopted):
        for path, text in _adopted(adopted):
            yield from _of_script(AS_STORED, adopted, path, text, _OF_RESOURCE_TAGS)
    for settings in unchecked.all(Settings):
        for key, path in (
            (settings.tag_keys.product, ("tagKeys", "product")),
            (settings.tag_keys.domain, ("tagKeys", "domain")),
            (settings.sensitivity_key, ("sensitivityKey",)),
        ):
            yield from _of_script(LF_TAG_TEXT, settings, path, key, _OF_TAGS)
        # A role bears two more, the mark and for a while PERMISSIONS_DUE.
        if len(settings.tags) + 2 > TAGS:
            yield RESOURCE_TAG.broken(
                settings.at("tags"), f"{len(settings.tags)} tags and two of Meshform: AWS takes {TAGS}"
            )
        for key, value in settings.tags.items():
            path = ("tags", key)
            if key.lower().startswith(("aws:", "meshform:")):
                yield RESOURCE_TAG.broken(settings.at(*path), f"the key {key} is AWS's own or ours; take another")
            yield from _of_script(RESOURCE_TAG, settings, path, key + value, _OF_RESOURCE_TAGS)


def _adopted(document: Adopted) -> Iterator[tuple[Path, str]]:
    """The keys and values of LF-tags in adopted permissions."""
    for number, tag in enumerate(document.tags):
        yield ("tags", number), tag.key + tag.value
    resources = [(("grants", number), each.resource) for number, each in enumerate(document.grants)]
    resources += [(("optIns", number), each.resource) for number, each in enumerate(document.opt_ins)]
    for where, resource in resources:
        for key, values in resource.tags.items():
            yield (*where, "resource", "tags", key), key + "".join(values).replace("*", "")


def _tables(product: Product) -> Iterator[Finding]:
    for index, table in enumerate(product.tables):
        names = [table.name, *[each.name for each in table.columns], *[each.name for each in table.partition_keys]]
        if _PLAIN.fullmatch("".join(names)):
            continue  # Nearly every table: in none of its names there is anything to find.
        here: Path = ("tables", index)
        named: list[tuple[str, Path]] = [(table.name, (*here, "name"))]
        named += [(each.name, (*here, "columns", at, "name")) for at, each in enumerate(table.columns)]
        named += [(each.name, (*here, "partitionKeys", at, "name")) for at, each in enumerate(table.partition_keys)]
        quoted = [(name, path) for name, path in named if not _PLAIN.fullmatch(name)]
        for name, path in quoted:
            yield from _of_script(GLUE_NAME, product, path, name, _OF_NAMES)
        for name, path in quoted[:1]:
            yield QUOTED.broken(product.at(*path), f'Athena reads {name} only as "{name}", in double quotes')


def _of_script(rule: Rule, document: Document, path: Path, text: str, kinds: frozenset[str]) -> Iterator[Finding]:
    if text.isascii():
        return
    if "Lu" not in kinds and text != text.lower():
        yield rule.broken(document.at(*path), f"{text} is not in lower case, as AWS stores it; write {text.lower()}")
        return
    for sign in text:
        if not sign.isascii() and unicodedata.category(sign) not in kinds:
            name = unicodedata.name(sign, f"U+{ord(sign):04X}").lower()
            yield rule.broken(document.at(*path), f"{text} holds {sign} ({name}), which is no letter or digit")
            return
