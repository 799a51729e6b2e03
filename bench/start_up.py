"""How long a command takes that has hardly anything to do: what one waits for is Python and its imports.

    python -m bench.start_up

Writes docs/performance/start-up.json: for each command the median, the quickest and the slowest of its runs as a whole
process, after one that does not count. The example mesh has fewer documents than the cache begins with. `plan` is the
first plan of the example on an empty sandbox without latency, `demo` the whole story of the demo.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median

from bench.machine import commit, machine
from bench.served import served
from bench.timed import MESHFORM, timed

RUNS, LONG_RUNS = 15, 5
COMMANDS = (("--help",), ("validate",), ("fmt", "--check"), ("plan", "--help"))
RESULT = Path("docs/performance/start-up.json")


def main() -> None:
    """Measure every command, and write what was measured."""
    around = machine()
    runs = [measured(words, RUNS) for words in COMMANDS]
    with served(0):
        runs.append(measured(("plan", "--quiet"), LONG_RUNS))
    runs.append(measured(("demo",), LONG_RUNS))
    result = {"command": "python -m bench.start_up", "commit": commit(), **around, "runs": runs}
    text = json.dumps(result, indent=2) + "\n"
    RESULT.write_text(text, encoding="utf-8")
    print(text)


def measured(words: tuple[str, ...], times: int) -> dict[str, object]:
    """One command, run several times."""
    runs = [timed((MESHFORM, *words)) for _ in range(times + 1)][1:]
    seconds = sorted(run.seconds for run in runs)
    return {
        "command": f"meshform {' '.join(words)}",
        "median_seconds": round(median(seconds), 3),
        "quickest_seconds": round(seconds[0], 3),
        "slowest_seconds": round(seconds[-1], 3),
        "median_cpu_seconds": round(median(run.cpu for run in runs), 3),
        "peak_mib": max(run.peak_mib for run in runs),
    }


if __name__ == "__main__":
    main()
