"""What a pull request changes in the documents of the mesh, in words, by domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.owners.documents import Changed, changed
from reconciler.report.lines import MARKS, Line
from reconciler.report.plain import differing, plain, shortened
from reconciler.spec.documents.base import Document
from reconciler.spec.documents.domain import Domain
from reconciler.spec.documents.product import Product
from reconciler.spec.documents.subscription import Subscription
from reconciler.spec.mesh import Mesh
from reconciler.spec.tags import subscribed_products

WHOLE = ""
"""The heading of what belongs to no domain."""
_FIELDS, _LONGEST, _LINE = 12, 120, 800

Value = str | list[str]
"""What a field says: one thing, or several."""


def by_domain(before: Mesh, after: Mesh) -> Iterator[tuple[str, tuple[Line, ...]]]:
    """For every domain that a change touches its lines; at the end, under `WHOLE`, what belongs to none."""
    found: dict[str, list[Line]] = {}
    for change in changed(before, after):
        found.setdefault(_domain(change, before, after), []).extend(_lines(change))
    for domain in sorted(found, key=lambda name: (name == WHOLE, name)):
        yield domain, tuple(found[domain])


def _domain(change: Changed, before: Mesh, after: Mesh) -> str:
    """The domain to whose data a document belongs: a subscription belongs to what is read."""
    document = change.document
    if isinstance(document, Domain):
        return document.name
    if isinstance(document, Product):
        return document.domain
    if isinstance(document, Subscription):
        reached = subscribed_products(after if change.after is not None else before, document)
        domains = {product.domain for product in reached}
        return domains.pop() if len(domains) == 1 else WHOLE
    return WHOLE


def _lines(change: Changed) -> Iterator[Line]:
    """One line, or as many as are needed so that nothing of what differs is cut."""
    document = change.document
    what = f"{document.kind.lower()} {document.name}"
    if change.before is not None and change.after is not None:
        rows = _differences(_plain_data(change.before), _plain_data(change.after))
        left = ", ".join(row.partition(":")[0] for row in rows[_FIELDS:])
        more = f"; and {len(rows) - _FIELDS} more fields: {left}" if left else ""
        said = f"{'; '.join(rows[:_FIELDS])}{more}" if rows else "its parts stand in another order"
        for number, part in enumerate(_parts(said)):
            yield Line(MARKS["update"], f"{what}{', further' if number else ''}: {part}")
        return
    yield Line(MARKS[change.action], f"{what}{_about(document)}")


def _parts(text: str) -> Iterator[str]:
    """A text in parts that no voice cuts, after commas and semicolons."""
    while len(text) > _LINE:
        end = max(text.rfind(sign, 0, _LINE) for sign in (", ", "; ")) + 1 or _LINE
        yield text[:end]
        text = text[end:].lstrip()
    yield text


def _about(document: Document) -> str:
    """What a new or removed document is about."""
    if isinstance(document, Subscription):
        who = f"{document.consumer} ({', '.join(document.principals)})" if document.principals else document.consumer
        of = document.product or _terms(document.expression or {})
        clearance = f", {_terms(document.clearance)}" if document.clearance else ""
        tables = f", {', '.join(table.name for table in document.tables)}" if document.tables else ""
        until = f", until {document.expires}" if document.expires else ", without an end"
        purpose = shortened(plain(document.purpose), _LONGEST)
        return f": {who} reads {plain(of)}{clearance}{tables}{until}. Purpose: {purpose}"
    if isinstance(document, Product):
        return f": {shortened(plain(document.description), _LONGEST)} Tables: {', '.join(_names(document.tables))}"
    description = getattr(document, "description", None)
    return f": {shortened(plain(description), _LONGEST)}" if isinstance(description, str) else ""


def _names(parts: Sequence[object]) -> list[str]:
    return [str(getattr(part, "name", part)) for part in parts]


def _terms(terms: Mapping[str, tuple[str, ...]]) -> str:
    return " and ".join(f"{key} {', '.join(values)}" for key, values in terms.items())


def _differences(before: Mapping[str, Value], after: Mapping[str, Value]) -> list[str]:
    """Fields that differ, each as `field: before → after`; of a long list what comes and what goes."""
    rows = []
    for field in sorted(before.keys() | after.keys()):
        one, other = before.get(field), after.get(field)
        if one != other:
            rows.append(f"{field}: {_change(one, other)}")
    return rows


def _change(one: Value | None, other: Value | None) -> str:
    """What was and what is; no list is cut, since the last of it may be what matters."""
    if isinstance(one, list) and isinstance(other, list) and max(len(_value(one)), len(_value(other))) > _LONGEST:
        come, gone = ([each for each in more if each not in less] for more, less in ((other, one), (one, other)))
        if come or gone:
            return ", ".join(f"{sign}{plain(each)}" for sign, those in (("+", come), ("-", gone)) for each in those)
    if isinstance(one, str) and isinstance(other, str):
        return " → ".join(differing(plain(one), plain(other), _LONGEST))
    return f"{_value(one)} → {_value(other)}"


def _value(value: Value | None) -> str:
    if isinstance(value, list):
        return plain(", ".join(value))
    return "nothing" if value is None else shortened(plain(value), _LONGEST)


def _plain_data(document: Document) -> dict[str, Value]:
    """The fields of a document as they are named in YAML, flat: `tables.credit_card.columns.age.tags.sensitivity`."""
    found: dict[str, Value] = {}
    _flatten(document.model_dump(mode="json", by_alias=True, exclude_defaults=True), "", found)
    return found


def _flatten(value: object, path: str, found: dict[str, Value]) -> None:
    if isinstance(value, Mapping):
        for key, part in value.items():
            _flatten(part, f"{path}.{key}" if path else str(key), found)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        names = [_identity(part) for part in value]
        if value and all(names):
            for name, part in zip(names, value, strict=True):
                _flatten(part, f"{path}.{name}", found)
        else:
            found[path] = [str(part) for part in value]
    else:
        found[path] = str(value)


def _identity(part: object) -> str:
    """By what an entry of a list is known; empty when by nothing."""
    return str(part.get("name") or part.get("value") or "") if isinstance(part, Mapping) else ""
