"""opens-most-sensitive: the most sensitive columns leave their domain only when somebody says so."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.access import AccessFact
from reconciler.access.differences.assumed import outsiders
from reconciler.kinds.glue.crawls import crawler_role_arn
from reconciler.model.finding import Finding
from reconciler.plan.labels import known_orders
from reconciler.plan.review import Review
from reconciler.spec.rule import Rule

OPENS_MOST_SENSITIVE = Rule(
    "opens-most-sensitive",
    "error",
    "Columns of the highest sensitivity are opened to another account only when somebody says so.",
    "Look at who gains them. Narrow the clearance, or accept by name when governance has agreed.",
)


def findings(reviewed: Review) -> Iterable[Finding]:
    """One finding for each principal and table that would gain columns of the highest sensitivity, by the order of the
    labels as it was and as it is."""
    for highest in dict.fromkeys(order[-1] for order in known_orders(reviewed)):
        yield from _opened(reviewed, highest)


def _opened(reviewed: Review, highest: str) -> Iterable[Finding]:
    mesh = reviewed.mesh
    # What stays with the owner: his account, and the roles of his crawlers, which only Glue takes.
    own = {(each.name, crawler_role_arn(mesh, each)) for each in mesh.products.values() if each.crawler}
    gained: dict[tuple[str, str, str], dict[str, None]] = {}
    for each in reviewed.gained_facts(sensitivity=highest):
        fact = each.fact
        if fact.path != "lake-formation" and each.readable_before:
            continue  # He reads the same values today, and loses that way to them.
        if not _is_reader(fact) or (fact.product, fact.principal) in own:
            continue
        behind = outsiders(reviewed.access.after, fact.principal) if reviewed.access is not None else ()
        if fact.account != fact.producer or behind:
            column = f"{each.values_of} (under the name {fact.column})" if each.values_of else fact.column
            name = f"{fact.name} (as which {', '.join(behind)} may act)" if behind else fact.name
            gained.setdefault((fact.principal, name, fact.where), {})[column] = None
    for (_, name, where), columns in gained.items():
        yield Finding(
            OPENS_MOST_SENSITIVE.id,
            OPENS_MOST_SENSITIVE.severity,
            f"{name} would read the {highest} columns {', '.join(columns)} of {where}.",
        )
    passed: dict[tuple[str, str, str], dict[str, None]] = {}
    for fact in reviewed.passed_on_facts():
        if fact.is_reading and fact.sensitivity == highest and fact.account != fact.producer:
            passed.setdefault((fact.principal, fact.name, fact.where), {})[fact.column] = None
    for (_, name, where), columns in passed.items():
        message = f"{name} could let others read the {highest} columns {', '.join(columns)} of {where}."
        yield Finding(OPENS_MOST_SENSITIVE.id, OPENS_MOST_SENSITIVE.severity, message)


def _is_reader(fact: AccessFact) -> bool:
    """Whether somebody reads by it. What an account as a whole may pass on is told apart."""
    return fact.is_reading and fact.principal_type not in ("account", "organization")
