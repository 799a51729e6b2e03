"""How long fifty policies take over a large mesh and a large change of access, and how much memory that is.

    python -m bench.policies

Writes docs/performance/policies.json. The mesh has 10,000 products, 120,000 columns and 8,000 subscriptions; the change
is the access difference of bench/access_difference.py at its full size. What is measured is the policies alone: the
objects, the evaluation, and the findings; the mesh and the difference are there before.
"""

from __future__ import annotations

import json
import resource as usage
import tempfile
import time
from datetime import date
from pathlib import Path

from bench.access_difference import LEVELS, state
from bench.machine import machine
from bench.meshes import Size, write
from reconciler.access import PrincipalDirectory, difference, evaluate
from reconciler.garbage import no_garbage_collection
from reconciler.pipeline import load_folder
from reconciler.policy.access_objects import change_objects
from reconciler.policy.compiled import Compiled, compiled
from reconciler.policy.judged import of_access, of_documents
from reconciler.policy.loading import wanted_of
from reconciler.spec.documents.policy import Policy, Validation
from reconciler.spec.mesh import Mesh

SIZE = Size(
    producers=40, domains=100, products=10_000, tables=1, columns=12, consumers=200, principals=2, subscriptions=8_000
)
TODAY = date(2026, 11, 22)
RULES = {
    "product": ("product.owner != ''", "product.description.size() > 3", "product.rank <= 4", "product.columns < 500"),
    "column": ("column.sensitivity != ''", "column.rank < 4 || column.labels['sensitivity'] != ''"),
    "table": ("table.columns > 0", "!table.partition_keys.exists(k, k.contains('name'))"),
    "subscription": (
        "subscription.purpose.split(' ').size() >= 2",
        "subscription.permissions.all(p, p in ['SELECT', 'DESCRIBE'])",
        "!('restricted' in subscription.sensitivities) || subscription.expires != ''",
        "subscription.principals.size() <= 20",
    ),
    "consumer": ("consumer.organization == ''", "consumer.principals.size() > 0"),
    "change": (
        "!(change.gained && 'restricted' in change.sensitivities) || change.same_account",
        "!(change.gained && change.new_account && change.rank >= 3)",
        "change.gained || change.columns.size() < 100",
    ),
}


def policies(mesh: Mesh) -> list[Compiled]:
    """Fifty policies, the rules above again and again under other names."""
    rules = [(word, expression) for word, expressions in RULES.items() for expression in expressions]
    found = []
    for number in range(50):
        word, expression = rules[number % len(rules)]
        policy = Policy(
            name=f"policy-{number}",
            description="It holds.",
            owner="governance",
            object=word,  # type: ignore[arg-type]
            validations=(Validation(expression=expression),),
        )
        made, wrong = compiled(policy, mesh)
        assert made is not None, wrong
        found.append(made)
    return found


def main() -> None:
    """Measure, print, and keep the result."""
    with tempfile.TemporaryDirectory(prefix="meshform-policies-") as folder:
        write(SIZE, Path(folder))
        mesh = load_folder(folder).mesh
    assert mesh is not None
    directory = PrincipalDirectory(sensitivity_order=LEVELS)
    access = difference(evaluate(state(1.0, changed=False), directory), evaluate(state(1.0, changed=True), directory))
    before = usage.getrusage(usage.RUSAGE_SELF).ru_maxrss
    started, worked = time.perf_counter(), time.process_time()
    with no_garbage_collection():  # as in the commands
        asked = policies(mesh)
        of_mesh = sum(1 for _ in of_documents(asked, mesh, TODAY))
        documents = time.process_time() - worked
        of_changes = [each for each in asked if each.policy.object == "change"]
        objects = list(change_objects(access, mesh, wanted=wanted_of(of_changes, mesh)))
        of_change = sum(1 for _ in of_access(asked, "change", objects, mesh, TODAY))
    result = {
        "policies": len(asked),
        "products": len(mesh.products),
        "columns": sum(len(table.columns) for each in mesh.products.values() for table in each.tables),
        "subscriptions": len(mesh.subscriptions),
        "changes": len(objects),
        "findings": of_mesh + of_change,
        "documents_cpu_seconds": round(documents, 2),
        "cpu_seconds": round(time.process_time() - worked, 2),
        "seconds": round(time.perf_counter() - started, 2),
        "peak_mib": round(usage.getrusage(usage.RUSAGE_SELF).ru_maxrss / 1024),
        "peak_before_mib": round(before / 1024),
    }
    document = {"command": "python -m bench.policies", **machine(), **result}
    text = json.dumps(document, indent=2) + "\n"
    print(text, end="")
    Path("docs/performance/policies.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
