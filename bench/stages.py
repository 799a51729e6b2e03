"""How long each pure stage takes, and how much memory, at 1k, 10k, 100k and 1M grants: nothing here asks AWS.

    python -m bench.stages [GRANTS ...]

Writes docs/performance/stages.json and two plots of it. For each size a mesh is written and committed, a hundredth of
it is changed, and then, each in a process of its own: every stage one after another (bench/stage.py), and up to 100k
the commands `validate` for the first time (it fills its cache) and again, and `plan --offline --base HEAD` without a
cache. At 1M the stages alone take some minutes, and a plan is all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.machine import commit, machine
from bench.meshes import Size, write
from bench.plot import Points, chart
from bench.timed import MESHFORM, timed

SIZES = (1_000, 10_000, 100_000, 1_000_000)
BY_COMMAND = 100_000
"""Up to this size the commands are measured as well."""
RESULTS = Path("docs/performance")


def of_grants(grants: int) -> Size:
    """A mesh with about so many permissions, in a tenth as many files."""
    tenth = grants // 1_000
    return Size(
        producers=max(tenth // 2, 2),
        domains=tenth,
        products=10 * tenth,
        tables=5,
        columns=20,
        consumers=max(2 * tenth, 10),
        principals=2,
        subscriptions=80 * tenth,
    )


def main() -> None:
    """Measure the sizes that are named, or all of them; results are kept only of all."""
    chosen, around = tuple(int(size) for size in sys.argv[1:]) or SIZES, machine()
    with tempfile.TemporaryDirectory(prefix="meshform-stages-") as folder:
        runs = [measured(size, Path(folder) / str(size)) for size in chosen]
    text = (
        json.dumps({"command": "python -m bench.stages", "commit": commit(), **around, "runs": runs}, indent=2) + "\n"
    )
    print(text)
    if chosen == SIZES:
        (RESULTS / "stages.json").write_text(text, encoding="utf-8")
        for name, svg in plots(runs).items():
            (RESULTS / name).write_text(svg, encoding="utf-8")


def measured(grants: int, folder: Path) -> dict[str, Any]:
    """One size: its stages and its commands."""
    size, mesh = of_grants(grants), folder / "mesh"
    write(size, mesh)
    committed(folder)
    changed(mesh)
    stages = json.loads(timed((sys.executable, "-m", "bench.stage", str(mesh))).output)
    commands = by_command(mesh, folder / "cache") if grants <= BY_COMMAND else {}
    return {"files": size.files, **stages, "commands": commands}


def by_command(mesh: Path, parse_cache: Path) -> dict[str, Any]:
    """The commands that need no AWS."""
    cache, none = {"MESHFORM_CACHE": str(parse_cache)}, {"MESHFORM_CACHE": ""}
    where = ("--mesh", str(mesh), "--quiet")
    validate = (MESHFORM, "validate", *where)
    offline = (MESHFORM, "plan", *where, "--offline", "--base", "HEAD", "--format", "json")
    return {
        "validate": timed(validate, cache).as_json(),
        "validate, cached": timed(validate, cache).as_json(),
        "plan --offline --base": timed(offline, none).as_json(),
    }


def committed(folder: Path) -> None:
    """The mesh as a commit of a repository of its own."""
    git = ("git", "-C", str(folder), "-c", "user.name=bench", "-c", "user.email=bench@example.com")
    for arguments in (("init", "--quiet"), ("add", "mesh"), ("commit", "--quiet", "--message", "The base")):
        subprocess.run((*git, *arguments), check=True)


def changed(mesh: Path) -> None:
    """A hundredth of the products gets another table, of the subscriptions a wider clearance; a hundredth goes."""
    for file in mesh.glob("domains/*/products/*.yaml"):
        if _number(file) % 100 == 0:
            text = file.read_text(encoding="utf-8")
            more = f"- {{name: added_{_number(file)}, columns: [{{name: column_0, type: string}}]}}\n"
            file.write_text(text + more, encoding="utf-8")
    for file in mesh.glob("consumers/*/subscriptions/*.yaml"):
        if _number(file) % 100 == 1:
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace("[internal]", "[internal, public]"), encoding="utf-8")
        elif _number(file) % 100 == 2:
            file.unlink()


def _number(file: Path) -> int:
    return int(file.stem.rpartition("-")[2])


def plots(runs: list[dict[str, Any]]) -> dict[str, str]:
    """The curves of time and of memory, by the name of the file."""

    def curve(rows: str, what: str) -> dict[str, Points]:
        names = dict.fromkeys(name for run in runs for name in run[rows])
        # What is quicker than the clock is written tells still has a place on the axis.
        return {
            name: [(run["grants"], max(run[rows][name][what], 0.001)) for run in runs if name in run[rows]]
            for name in names
        }

    whole = {"all stages": [(run["grants"], run["peak_mib"]) for run in runs]}
    return {
        "stages-time.svg": chart(
            "Time of the pure stages", "grants in the mesh", "seconds", curve("stages", "seconds")
        ),
        "stages-memory.svg": chart(
            "Peak memory of a process", "grants in the mesh", "MiB", {**curve("commands", "peak_mib"), **whole}
        ),
    }


if __name__ == "__main__":
    main()
