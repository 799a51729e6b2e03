"""Table: what campaigns have seen, as the tables of docs/reliability.md.

    python -m tests.campaigns.crashes --json seen.jsonl && python -m tests.campaigns.table seen.jsonl

Rows are kept in docs/performance/reliability.json; one of the same campaign and scene takes the place of an older one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.estate import ROOT

DOCUMENT, KEPT = ROOT / "docs" / "reliability.md", ROOT / "docs" / "performance" / "reliability.json"
MARK = "<!-- tables: python -m tests.campaigns.table -->\n"
TITLES = {
    "crashes": "Killed at a write, in process",
    "process": "Killed by SIGKILL, a process over HTTP",
    "ends": "Stopped at a write, as a command",
    "faults": "AWS failing, one way and two ways at once",
}


def tables(rows: list[dict[str, Any]]) -> Iterator[str]:
    """The tables, in Markdown: a campaign each, a scene a row."""
    for campaign, of_it in groupby(sorted(rows, key=lambda row: list(TITLES).index(row["campaign"])), _campaign):
        chosen = list(of_it)
        trials, wrong = sum(row["trials"] for row in chosen), sum(bool(row["wrong"]) for row in chosen)
        yield f"\n### {TITLES[campaign]}\n"
        yield f"`python -m tests.campaigns.{campaign}`: {trials:,} trials, {wrong} rows that did not hold.\n"
        yield "| what | writes | trials | did not hold | commit |\n|---|---|---|---|---|"
        lines: dict[str, list[dict[str, Any]]] = {}
        for row in chosen:
            for name in _names(row):
                lines.setdefault(name, []).append(row)
        for name, of_line in lines.items():
            writes, commits = (", ".join(sorted({str(row[each]) for row in of_line})) for each in ("writes", "commit"))
            held = "; ".join(each for row in of_line for each in row["wrong"][:2]) or "none"
            yield f"| {name} | {writes} | {sum(row['trials'] for row in of_line)} | {held} | {commits} |"


def _names(row: dict[str, Any]) -> list[str]:
    """The lines in which a row is told: a pair of faults in those of both."""
    if row["campaign"] != "faults":
        return [str(row["scene"])]
    return [f"{each}, alone and with each other one" for each in str(row["scene"]).partition(":")[0].split(" and ")]


def _campaign(row: dict[str, Any]) -> str:
    return str(row["campaign"])


def main(files: list[str]) -> int:
    """Take in the rows of these files, and write the document anew; 1 where a row does not hold."""
    rows = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    new = [json.loads(line) for file in files for line in Path(file).read_text(encoding="utf-8").splitlines()]
    by_name = {(row["campaign"], row["scene"]): row for row in [*rows, *new]}
    KEPT.write_text(json.dumps(list(by_name.values()), indent=1) + "\n", encoding="utf-8")
    before, _, _ = DOCUMENT.read_text(encoding="utf-8").partition(MARK)
    DOCUMENT.write_text("\n".join([before + MARK, *tables(list(by_name.values()))]) + "\n", encoding="utf-8")
    return 1 if any(row["wrong"] for row in by_name.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
