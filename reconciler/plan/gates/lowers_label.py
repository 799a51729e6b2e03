"""lowers-label: a column becomes less sensitive in name, and with that readable by more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from reconciler.kinds.databrew.curation import curation_name
from reconciler.kinds.databrew.databrew_recipe import BrewRecipe
from reconciler.model.finding import Finding
from reconciler.plan.labels import Relabelled, known_orders, lowered_by_plan
from reconciler.plan.review import Review
from reconciler.spec.approval import levels
from reconciler.spec.copied_columns import Copied, copied_columns
from reconciler.spec.rule import Rule
from reconciler.spec.tags import sensitivity

LOWERS_LABEL = Rule(
    "lowers-label",
    "error",
    "A column loses the most sensitive label only when somebody says so.",
    "Whoever reads up to the new label reads the column from then on, and later subscriptions to it need fewer "
    "approvals. The values in it stay what they were: look at them, and accept by name when whoever governs the old "
    "label has agreed. From any other label down it is a warning. A column that a recipe makes of another one of its "
    "product loses the label of that one. It goes by the order of the labels before as well as after: a change of the "
    "order, by which the most sensitive label is so no longer, stops by itself while columns bear it.",
)
_NAMED = 6


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each table and label, by what AWS has now and what the plan would write."""
    highest = {order[-1].lower() for order in known_orders(reviewed)}
    groups: dict[tuple[str, str, str, str], list[Relabelled]] = defaultdict(list)
    for each in lowered_by_plan(reviewed).values():
        groups[(*each.column[:2], each.old, each.new)].append(each)
    for (database, table, old, new), columns in sorted(groups.items(), key=lambda item: item[0]):
        yield Finding(
            LOWERS_LABEL.id,
            "error" if old.lower() in highest else "warning",
            f"{_few([each.column[2] for each in columns])} of {database}.{table} would be {new}: was {old}.",
            columns[0].origin,
        )
    yield from _copied(reviewed, highest)
    yield from _unordered(reviewed)


def _unordered(reviewed: Review) -> Iterable[Finding]:
    """The label that was the most sensitive one and would be so no longer, though columns bear it: what later changes
    do with those nobody would be asked."""
    mesh, before = reviewed.mesh, reviewed.known_before
    was, now = (levels(each) if each is not None else () for each in (before, mesh))
    if not was or (now and now[-1].lower() == was[-1].lower()):
        return
    top, tag = was[-1], mesh.tags.get(mesh.settings.sensitivity_key)
    borne = [
        f"{product.name}.{table.name}.{column.name}"
        for product in mesh.products.values()
        for table in product.tables
        for column in table.columns
        if (sensitivity(mesh, product, table, column) or "").lower() == top.lower()
    ]
    if borne:
        why = f"{now[-1]} would be" if now else "the key would have no order"
        yield Finding(
            LOWERS_LABEL.id,
            LOWERS_LABEL.severity,
            f"{top} would be the most sensitive label no more ({why}): {_few(borne)} are {top}.",
            tag.at("ordered") if tag is not None else None,
        )


def _few(names: list[str]) -> str:
    """The first of some names, and how many more there are."""
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def _copied(reviewed: Review, highest: set[str]) -> Iterable[Finding]:
    """Columns that a recipe newly makes of others of its product, which keep the higher label."""
    mesh, before = reviewed.mesh, reviewed.known_before
    orders = known_orders(reviewed)
    written = {step.address.name for step in reviewed.steps if isinstance(step.change.resource.spec, BrewRecipe)}
    for product in mesh.products.values():
        old = before.products.get(product.name) if before is not None else None
        known = {*copied_columns(before, old)} if before is not None and old is not None else set[Copied]()
        is_written = curation_name(mesh, product) in written
        for each in dict.fromkeys(each for order in orders for each in copied_columns(mesh, product, order)):
            if is_written or (before is not None and each not in known):
                makes = "makes" if each.is_sure else "may make"
                said = f"{each.column} of {product.name} is {each.label}: its recipe {makes} it of {each.source}"
                yield Finding(
                    LOWERS_LABEL.id,
                    "error" if each.was.lower() in highest else "warning",
                    f"{said}, {each.was}.",
                    product.at("curation", "dataBrew"),
                )
