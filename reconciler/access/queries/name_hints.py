"""Name hints: what a word is in the mesh that is no principal, or no table."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.spec.mesh import Mesh


def no_table(mesh: Mesh, word: str) -> str | None:
    """What a word is that is no table, and what to ask about instead; None where it is nothing."""
    for product in mesh.products.values():
        if word in (product.name, f"{product.domain}/{product.name}", *product.databases):
            return f"{word} is a product; ask about one of its tables: {_listed(each.name for each in product.tables)}."
    has_it = [
        table.name
        for product in mesh.products.values()
        for table in product.tables
        if word in table.types or any(word == key.name for key in table.partition_keys)
    ]
    if has_it and word not in mesh.domains:
        return f"{word} is a column; ask about it in its table: {_listed(f'{table}.{word}' for table in has_it)}."
    if word in mesh.domains:
        mine = (each.name for each in mesh.products.values() if each.domain == word)
        return f"{word} is a domain; ask about a table of its products: {_listed(mine)}."
    keys = mesh.settings.tag_keys
    if word.partition("=")[0] in {*mesh.tags, keys.product, keys.domain}:
        return f"{word} is an LF-tag; ask about a table or column that carries it."
    if word in mesh.consumers or word in mesh.accounts:
        return f"{word} is no table but reads them; ask what it can read: `meshform access what-can`."
    return None


def no_principal(mesh: Mesh, word: str) -> str | None:
    """What a word is that is no principal, and whom to ask about instead; None where it is nothing."""
    consumer = mesh.consumers.get(word)
    if consumer is not None and consumer.principals:
        names = _listed(f"{word}/{each.name}" for each in consumer.principals)
        return f"{word} is a consumer; ask about one of its principals: {names}."
    if consumer is not None:
        return f"{word} is a consumer without principals: what it got is given to a whole organization."
    if word in mesh.domains:
        return f"{word} is a domain; ask about its stewards, or who can read its tables: `meshform access who-can`."
    if word in mesh.products:
        return f"{word} is a product; ask who can read its tables: `meshform access who-can {word}`."
    return None


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
