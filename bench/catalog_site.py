"""How long the site of a large mesh takes to build, how large it is, and how fast its first page searches in Chromium.

    python -m bench.catalog_site [--history]

Writes docs/performance/catalog-site.json. The mesh has 10,000 products, 120,000 columns and 8,000 subscriptions; the
site is told what was measured, what became of requests, and when each was last used. With --history it is also told
what happened in 90 days: 20,000 rows and 10,000 changes of columns, a thousand of which broke somebody. Where Chromium
or its driver is missing, the times of the browser are left out. Seconds of the build are those of the processor.
"""

from __future__ import annotations

import gzip
import json
import resource as usage
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.machine import machine
from bench.meshes import write as write_mesh
from bench.policies import SIZE, TODAY
from reconciler.catalog.requests import requests
from reconciler.catalog.site.choices import Choices, Live, Past, Requests
from reconciler.catalog.site.output import write
from reconciler.catalog.site.render import site
from reconciler.history.event import Event
from reconciler.history.schema_changes import SchemaChange, What
from reconciler.kinds import registry
from reconciler.measures.measure import Measure
from reconciler.measures.promises import by_table, promises
from reconciler.model.resource import Observation
from reconciler.pipeline import load_folder, review
from reconciler.plan.compile import compile_mesh
from reconciler.report.drift import Drift
from reconciler.spec.mesh import Mesh
from reconciler.usage import LastRead

OUT = Path("docs/performance/catalog-site.json")
CHANGES = 10_000
WORDS = ("product-0999", "prodcut 99", "column 7", "customer", "zzzz")


def browser(out: Path) -> dict[str, object]:
    """Milliseconds to the first paint of the first page, and from a word that is typed to the list of hits."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        return {}
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    quiet = ("quic", "gpu", "background-networking", "component-update", "sync", "dev-shm-usage", "extensions")
    for word in ("headless=new", "no-sandbox", "no-first-run", *(f"disable-{each}" for each in quiet)):
        options.add_argument(f"--{word}")
    driver = webdriver.Chrome(options=options, service=Service(str(shutil.which("chromedriver"))))
    try:
        driver.get((out / "index.html").as_uri())
        time.sleep(2)
        paint = driver.execute_script("return performance.getEntriesByName('first-contentful-paint')[0].startTime")
        typed = (
            "const field = document.getElementById('search'), times = [];"
            "for (let n = 0; n < 5; n++) { field.value = arguments[0]; const start = performance.now();"
            "field.dispatchEvent(new Event('input')); times.push(performance.now() - start); } return times"
        )
        times = {word: driver.execute_script(typed, word) for word in WORDS}
        return {
            "first_paint_ms": round(paint),
            "first_search_ms": round(times[WORDS[0]][0]),
            "search_ms": {word: round(statistics.median(each), 1) for word, each in times.items()},
        }
    finally:
        driver.quit()


def happened(mesh: Mesh) -> Past:
    """Ninety days: a product changed every quarter of an hour with one of its columns, and as often applied; a
    subscription is asked for and gives something in between."""
    start, by = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC) - timedelta(days=90), "Ann <ann@example.com>"
    names, subscriptions = tuple(mesh.products), tuple(mesh.subscriptions)
    events, changes = list[Event](), list[tuple[SchemaChange, tuple[str, ...]]]()
    for number in range(CHANGES):
        at = f"{start + timedelta(minutes=number * 90 * 1440 / CHANGES):%Y-%m-%dT%H:%M:%SZ}"
        product, subscription = names[number * 7 % len(names)], subscriptions[number % len(subscriptions)]
        table = mesh.products[product].tables[0]
        column = table.columns[number % len(table.columns)].name
        what: What = "type" if number % 10 == 0 else "meaning"
        if number % 2:
            told = (f"Product {product}", f"domains/x/products/{product}.yaml", "changed")
        else:
            told = (f"Subscription {subscription}", f"consumers/x/subscriptions/{subscription}.yaml", "added")
        events.append(Event(at, "asked", *told, number, f"{number:040x}", by, ("bob",), outcome="done", detail="Text."))
        gained = Event(
            at,
            "gained",
            who="consumer-1/reader-0",
            principal_type="reader",
            table=f"{product}.{table.name}",
            columns=tuple(each.name for each in table.columns[:4]),
            subscriptions=(subscription,),
        )
        events.append(gained)
        change = SchemaChange(at, "c", "b", by, product, table.name, column, what, "int", "string")
        changes.append((change, (subscription,) if change.breaks else ()))
    return Past(start.date(), tuple(events), tuple(changes))


def told(mesh: Mesh, *, history: bool) -> Choices:
    """Everything that a site is told: each table measured, each request with its state, the drift of the example."""
    example = load_folder("mesh").mesh
    assert example is not None
    drift = Drift(review(example, observation=Observation(compile_mesh(example, registry()))))
    now = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    tables = (
        (product.database_of(table), table.name) for product in mesh.products.values() for table in product.tables
    )
    found = by_table(Measure(*each, int(now.timestamp()) - 60, "object", whole=True) for each in tables)
    live = Live(now, found, tuple(promises(mesh, found, now)), drift)
    rows = Requests(requests(mesh, TODAY, None, None), has_git=False, has_forge=False)
    used = {name: LastRead(now) for name in mesh.subscriptions}
    past = happened(mesh) if history else None
    return Choices(TODAY, live=live, past=past, requests=rows, used=used)


def main(*, history: bool) -> None:
    """Build, measure, and keep what came out."""
    with tempfile.TemporaryDirectory() as folder:
        write_mesh(SIZE, Path(folder) / "mesh")
        mesh = load_folder(str(Path(folder) / "mesh")).mesh
        assert mesh is not None
        choices = told(mesh, history=history)
        out, start, cpu = Path(folder) / "site", time.perf_counter(), time.process_time()
        count = write(site(mesh, choices), out)
        seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
        data = (out / "data.js").read_bytes()
        found = {
            "command": "python -m bench.catalog_site" + (" --history" if history else ""),
            "date": time.strftime("%Y-%m-%d"),
            **machine(),
            "products": len(mesh.products),
            "subscriptions": len(mesh.subscriptions),
            "events": len(choices.past.events) if choices.past else 0,
            "changes_of_columns": len(choices.past.schema) if choices.past else 0,
            "files": count,
            "build_s": round(seconds, 1),
            "build_cpu_s": round(cpu_seconds, 1),
            "peak_mib": usage.getrusage(usage.RUSAGE_SELF).ru_maxrss // 1024,
            "site_mib": sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) >> 20,
            "data_kib": len(data) // 1024,
            "data_gzip_kib": len(gzip.compress(data)) // 1024,
            **browser(out),
        }
    OUT.write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main(history="--history" in sys.argv)
