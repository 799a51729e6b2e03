"""A year of history: 10,000 commits and 2,000 runs; the index made from nothing, and questions asked of it.

`python -m bench.history [FOLDER]`. Processor seconds and the peak of memory, each in a process of its own.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

COMMITS, RUNS = 10_000, 2_000
PRODUCTS, CONSUMERS = 1_000, 200
START = datetime(2025, 11, 26, tzinfo=UTC)
QUESTIONS = (
    ("", ""),
    ("product", "p7"),
    ("table", "p7.facts"),
    ("column", "p7.facts.amount3"),
    ("subscription", "s77"),
    ("consumer", "c7"),
    ("principal", "c7/reader"),
)


def product(number: int, label: str) -> str:
    columns = [f"      - {{name: amount{each}, type: int, tags: {{sensitivity: {label}}}}}" for each in range(40)]
    head = f"apiVersion: meshform/v1\nkind: Product\nname: p{number}\ndomain: d{number % 50}\nowner: o\n"
    return "\n".join([f"{head}database: p{number}\ntables:\n  - name: facts\n    columns:", *columns, ""])


def write_repository(folder: Path) -> list[str]:
    """A repository by one `git fast-import`; its commits, oldest first."""
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    chance = random.Random(1)
    feed = subprocess.Popen(["git", "-C", str(folder), "fast-import", "--quiet"], stdin=subprocess.PIPE)
    assert feed.stdin is not None
    write = feed.stdin.write
    for number in range(COMMITS):
        at = int((START + timedelta(minutes=52 * number)).timestamp())
        title = f"Change {number} (#{number})".encode()
        write(
            b"commit refs/heads/main\ncommitter Ann <ann@example.com> %d +0000\ndata %d\n%s\n" % (at, len(title), title)
        )
        files: dict[str, str] = {}
        if number == 0:
            files |= {
                f"domains/d{each % 50}/products/p{each}.yaml": product(each, "internal") for each in range(PRODUCTS)
            }
        one = chance.randrange(PRODUCTS)
        if number % 3 == 0:
            files[f"domains/d{one % 50}/products/p{one}.yaml"] = product(one, chance.choice(["internal", "restricted"]))
        reader = chance.randrange(CONSUMERS)
        text = f"apiVersion: meshform/v1\nkind: Subscription\nname: s{number}\nconsumer: c{reader}\n"
        text += f"product: d{one % 50}/p{one}\npurpose: x\n"
        files[f"consumers/c{reader}/subscriptions/s{number}.yaml"] = text
        for path, body in files.items():
            data = body.encode()
            write(b"M 100644 inline mesh/%s\ndata %d\n%s\n" % (path.encode(), len(data), data))
    feed.stdin.close()
    assert feed.wait() == 0
    listed = subprocess.run(
        ["git", "-C", str(folder), "rev-list", "--first-parent", "--reverse", "main"],
        capture_output=True,
        text=True,
        check=True,
    )
    return listed.stdout.split()


def write_journal(folder: Path, commits: list[str]) -> None:
    """An entry for every fifth commit, of 40 steps and 20 rows of access each."""
    where = folder / ".meshform" / "journal"
    where.mkdir(parents=True)
    for number in range(RUNS):
        seq = number * COMMITS // RUNS
        at = START + timedelta(minutes=52 * seq + 5)
        request = {"service": "lakeformation", "operation": "GrantPermissions", "request": {"text": "x" * 400}}
        steps = [
            {
                "address": f"grant 1/eu {number}-{each}",
                "action": "create",
                "origin": f"mesh/domains/d{each % 50}/products/p{each}.yaml:1:1",
                "calls": [request],
                "result": "done",
                "message": "",
            }
            for each in range(40)
        ]
        access = [
            {
                "gained": True,
                "principal": f"arn:aws:iam::1:role/c{each}",
                "name": f"c{each}/reader",
                "consumer": f"c{each}",
                "product": f"p{number % PRODUCTS}",
                "table": f"p{number % PRODUCTS}.facts",
                "columns": [f"amount{column}" for column in range(40)],
                "subscriptions": [f"s{seq}"],
            }
            for each in range(20)
        ]
        data = {
            "version": 1,
            "by": "arn",
            "started": at.isoformat(),
            "ended": at.isoformat(),
            "outcome": "done",
            "commit": commits[seq],
            "steps": steps,
            "access": access,
        }
        (where / f"{at:%Y-%m-%dT%H%M%SZ}-{number:06x}.json").write_text(json.dumps(data, indent=2))


def ask(folder: str, kind: str, name: str) -> None:
    """One question, and what it took: processor seconds of this process and of git, seconds, megabytes."""
    from reconciler.aws.evidence_store import FolderStore
    from reconciler.history.matter import Matter
    from reconciler.history.recorded import line_of, recorded

    began = time.monotonic()
    store = FolderStore(f"{folder}/.meshform", "journal/")
    with recorded(line_of(f"{folder}/mesh"), "mesh", store, f"{folder}/index") as known:
        found = known.history(Matter(kind, name))  # type: ignore[arg-type]
    own, git = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = own.ru_utime + own.ru_stime + git.ru_utime + git.ru_stime
    told = f"{kind} {name}".strip() or "everything"
    seconds, memory = time.monotonic() - began, max(own.ru_maxrss, git.ru_maxrss) // 1024
    print(f"{told:28} {len(found):7} rows {spent:6.1f} s of processor {seconds:6.1f} s {memory:5} MB")


def main(folder: Path) -> None:
    write_journal(folder, write_repository(folder))
    for kind, name in (QUESTIONS[3], *QUESTIONS):
        if not (folder / "index").exists():
            print("The index from nothing, with the first question:")
        subprocess.run([sys.executable, "-m", "bench.history", "ask", str(folder), kind, name], check=True)
    print(f"index: {(folder / 'index').stat().st_size >> 20} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["ask"]:
        ask(*sys.argv[2:5])
    elif len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made))
