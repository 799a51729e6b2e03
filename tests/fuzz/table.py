"""Table: what the fuzz campaign has seen, into docs/reliability.md: `python -m tests.fuzz.table found.json COMMIT`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.estate import ROOT
from tests.fuzz.targets import targets

DOCUMENT, KEPT = ROOT / "docs" / "reliability.md", ROOT / "docs" / "performance" / "fuzz.json"
BEGIN, END = "<!-- fuzz: python -m tests.fuzz.table -->\n", "<!-- fuzz ends -->\n"


def table(rows: Mapping[str, Mapping[str, Any]], commit: str) -> Iterator[str]:
    """The table, in Markdown, a target a row."""
    count, broken = sum(row["executions"] for row in rows.values()), sum(len(row["faults"]) for row in rows.values())
    seeds = ", ".join(map(str, sorted({seed for row in rows.values() for seed in row["seeds"]})))
    yield f"{count:,} executions at {commit}, seed {seeds}: {broken} faults."
    yield ""
    yield "| what is read or shown | executions | refused | kinds of answers | longest (s) | faults |"
    yield "|---|---|---|---|---|---|"
    for name, row in sorted(rows.items()):
        about = next(iter((targets()[name].run.__doc__ or name).split(":")[0].splitlines()), name).rstrip(".")
        told = f"{row['executions']:,} | {row['refused']:,} | {row['answers']:,} | {row['longest']}"
        yield f"| `{name}`: {about} | {told} | {len(row['faults']) or 'none'} |"


def main(file: str, commit: str) -> int:
    """Keep the rows without the inputs that broke something, and write the table; 1 where there are such."""
    rows = json.loads(Path(file).read_text(encoding="utf-8"))
    kept = {name: {**row, "faults": sorted(row["faults"])} for name, row in rows.items()}
    KEPT.write_text(json.dumps({"commit": commit, "targets": kept}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text("\n".join([before + BEGIN, *table(kept, commit), "", END + after]), encoding="utf-8")
    return int(any(row["faults"] for row in kept.values()))


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
