"""Subscriptions: permissions that are there, said in as few documents as say exactly them and nothing more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from reconciler.importing.asking import Asking, Rights
from reconciler.importing.page import Data, Page, counted
from reconciler.kinds.sharing.wanted_grant import WantedGrant
from reconciler.model.lakeformation import (
    ALL_TABLES,
    Expression,
    OnColumns,
    OnFilter,
    OnTable,
    OnTagPolicy,
    Target,
)
from reconciler.spec.documents.base import API_VERSION
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.extents import product_at
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import is_columns_only
from reconciler.spec.terms import latest_end

_Made = tuple[dict[str, Data], Subscription, list[WantedGrant]]
PURPOSE = "Imported; to be written."


def subscription_pages(asking: Asking) -> Iterator[Page]:
    """Pages of one consumer: first what its account passes on, then what its principals have directly.

    Of several consumers of an account none says what nobody of it has: that is for `pages_of_nobody`.
    """
    yield from _pages(asking, (*_shared(asking, need_people=not asking.is_alone), *_direct(asking)))


def pages_of_nobody(asking: Asking) -> Iterator[Page]:
    """What is shared with an account of several consumers, and what none of them has said."""
    if asking.reader.is_first and not asking.is_alone:
        yield from _pages(asking, (*_shared(asking, need_people=False),))


def _pages(asking: Asking, proposed: Iterable[dict[str, Data]]) -> Iterator[Page]:
    for fields in proposed:
        made = _fitted(asking, fields)
        if made is not None:
            whole, subscription, asked = made
            if asking.living.explain((each.address.placement, each.spec) for each in asked):
                end = latest_end(asking.mesh, subscription, asking.today)
                yield _page(asking, whole, len(asked), _reached(whole), end)


def _shared(asking: Asking, *, need_people: bool) -> Iterator[dict[str, Data]]:
    """Subscriptions by which the account receives what its principals have."""
    yield from _bundles(asking, asking.to_account, asking.to_people, {}, need_people=need_people)


def _direct(asking: Asking) -> Iterator[dict[str, Data]]:
    """Subscriptions by which principals receive what they have from the central account itself."""
    whole: Rights = {}
    for rights in asking.directly.values():
        for target, permissions in rights.items():
            whole.setdefault(target, set()).update(permissions)
    is_local = asking.reader.account == asking.mesh.central.id
    yield from _bundles(asking, whole, asking.directly, {} if is_local else {"share": "principals"}, need_people=True)


def _bundles(
    asking: Asking, whole: Rights, people: Mapping[str, Rights], how: Mapping[str, Data], *, need_people: bool = False
) -> Iterator[dict[str, Data]]:
    """One for each expression, or database of named tables, with each set of permissions and those who have it."""
    named: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Target]] = {}
    mesh = asking.mesh
    for target in sorted(whole, key=str):
        held = {name: frozenset(rights[target]) for name, rights in people.items() if target in rights}
        sets = {frozenset(whole[target]) if not need_people else frozenset[str](), *held.values()} - {frozenset()}
        for permissions in sorted(sets, key=lambda each: (-len(each), sorted(each))):
            who = tuple(sorted(name for name, has in held.items() if has == permissions))
            if need_people and not who:
                continue
            match target:
                case OnTagPolicy(of="TABLE", terms=terms) if not target.saved_as:
                    fields = _by_tags(asking.mesh, terms)
                    yield {**fields, **how, "principals": list(who), "permissions": list(_listed(permissions))}
                case OnTable(database=database, table=table) if table != ALL_TABLES:
                    if (product := product_at(mesh, database, table)) is not None:
                        named.setdefault((product.name, who, _listed(permissions)), []).append(target)
                case OnColumns(database=database, table=table) | OnFilter(database=database, table=table):
                    if (product := product_at(mesh, database, table)) is not None and permissions == {"SELECT"}:
                        named.setdefault((product.name, who, ("SELECT",)), []).append(target)
    for (name, who, listed), targets in named.items():
        product, entries = mesh.products[name], [entry for target in targets if (entry := _table(asking, target))]
        # What is new in its database no document declares yet.
        known = {table.name for table in product.tables}
        tables = [entry for entry in entries if entry["name"] in known]
        for part in _apart(tables):
            yield {
                **how,
                "product": f"{product.domain}/{product.name}",
                "tables": part,
                "principals": list(who),
                "permissions": list(listed),
            }


def _by_tags(mesh: Mesh, terms: Expression) -> dict[str, Data]:
    """An expression as a product with a clearance, or as an expression with one."""
    asked = dict(terms)
    names = asked.get(mesh.settings.tag_keys.product, ())
    if len(names) == 1 and names[0] in mesh.products:
        del asked[mesh.settings.tag_keys.product]
        product = mesh.products[names[0]]
        clearance: dict[str, Data] = {key: list(values) for key, values in asked.items()}
        return {"product": f"{product.domain}/{product.name}", "clearance": clearance}
    expression: dict[str, Data] = {}
    rest: dict[str, Data] = {}
    for key, values in asked.items():
        (rest if is_columns_only(mesh, key) else expression)[key] = list(values)
    return {"expression": expression, "clearance": rest} if expression else {"expression": rest}


def _table(asking: Asking, target: Target) -> dict[str, Data] | None:
    """A table that is shared by its name."""
    match target:
        case OnTable(table=table):
            return {"name": table}
        case OnColumns(table=table, columns=columns, excluded=excluded):
            return {"name": table, "exclude" if excluded else "columns": list(columns)}
        case OnFilter(database=database, table=table, name=name):
            where = asking.filters.get((database, table, name))
            if where is None or target.own or not where.spec.rows:
                return None
            shown = "exclude" if where.spec.excluded else "columns"
            return {"name": table, shown: list(where.spec.columns), "filter": name, "rows": where.spec.rows}
        case _:
            return None


def _apart(tables: list[dict[str, Data]]) -> list[list[Data]]:
    """A subscription names a table once: what is there of it in several ways goes into several."""
    parts: list[list[Data]] = []
    seen: list[set[Data]] = []
    for entry in tables:
        at = next((number for number, names in enumerate(seen) if entry["name"] not in names), len(parts))
        if at == len(parts):
            parts.append([])
            seen.append(set())
        parts[at].append(entry)
        seen[at].add(entry["name"])
    return parts


def _listed(permissions: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(permissions))


def _fitted(asking: Asking, fields: dict[str, Data]) -> _Made | None:
    """The subscription with all of its principals, with those who have everything of it, or with none; None for none.

    Whoever lacks something would be given it, and whoever has more would lose it.
    """
    people = list(map(str, _list(fields["principals"])))
    made = _made(asking, fields, people)
    if made is None and len(people) > 1:
        made = _made(asking, fields, [name for name in people if _made(asking, fields, [name])])
    if made is None and people and "share" not in fields:
        made = _made(asking, fields, [])
    return made


def _made(asking: Asking, fields: dict[str, Data], people: list[str]) -> _Made | None:
    if not people and (fields.get("share") or asking.reader.account == asking.mesh.central.id):
        return None
    whole: dict[str, Data] = {
        "apiVersion": API_VERSION,
        "kind": "Subscription",
        "name": "x",
        "consumer": asking.reader.name,
        **fields,
        "principals": list(people),
        "purpose": PURPOSE,
    }
    try:
        subscription = Subscription.model_validate(whole, by_alias=True, by_name=False)
    except ValueError:
        return None
    asked = asking.living.asked(asking.mesh, subscription)
    return None if asked is None else (whole, subscription, asked)


def _page(asking: Asking, whole: Mapping[str, Data], asked: int, product: str, end: date | None) -> Page:
    permissions = set(map(str, _list(whole["permissions"])))
    tables = _list(whole.get("tables") or [])
    only_parts = bool(tables) and not any(isinstance(each, Mapping) and set(each) == {"name"} for each in tables)
    usual = permissions == {"SELECT", "DESCRIBE"} or (only_parts and permissions == {"SELECT"})
    name = asking.names.taken(f"subscription {_signature(whole)}", _hint(whole, product))
    order = (
        "consumer",
        "product",
        "expression",
        "clearance",
        "tables",
        "principals",
        "permissions",
        "purpose",
        "share",
    )
    fields: dict[str, Data] = {"kind": "Subscription", "name": name}
    fields.update({key: whole[key] for key in order if key in whole})
    if usual:
        del fields["permissions"]
    said = [f"From {counted(asked, 'permission')}: exactly what it says."]
    if end is not None:
        fields["expires"] = str(end)
        said.append("In AWS they have no end; `expires` is the last day that the terms of its labels allow.")
    return Page(f"consumers/{asking.reader.name}/subscriptions/{name}.yaml", fields, tuple(said))


def _hint(whole: Mapping[str, Data], product: str) -> str:
    people = _list(whole["principals"])
    return f"{product}-{people[0] if len(people) == 1 else whole['consumer']}"


def _reached(whole: Mapping[str, Data]) -> str:
    """What a name says of the data: the product, or the values of the expression."""
    if whole.get("product"):
        return str(whole["product"]).rpartition("/")[2]
    expression = whole.get("expression")
    values = (
        [str(value) for each in expression.values() for value in _list(each)] if isinstance(expression, Mapping) else []
    )
    return "-".join(values[:2])


def _signature(whole: Mapping[str, Data]) -> str:
    return json.dumps(whole, sort_keys=True)


def _list(value: Data) -> list[Data]:
    return list(value) if isinstance(value, list) else []
