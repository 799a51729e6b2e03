"""The fuzz campaign: `python -m tests.fuzz --target all --executions 100000 --seed 1 --json found.json`.

What is in the JSON file goes on: run it again with more executions, and only what is missing is run.
"""

from __future__ import annotations

import argparse
import base64
import json
import resource
import sys
from pathlib import Path
from typing import Any

from tests.fuzz.corpus import corpus_of, kept
from tests.fuzz.engine import Campaign, begun
from tests.fuzz.targets import targets

_BATCH = 2_000


def main(arguments: list[str]) -> int:
    """Run what is asked for; 1 where the law was broken."""
    said = _parser().parse_args(arguments)
    every = targets()
    chosen = [*every] if said.target == "all" else said.target.split(",")
    shares = sum(every[name].share for name in chosen)
    results: dict[str, Any] = json.loads(said.json.read_text()) if said.json and said.json.is_file() else {}
    for name in chosen:
        before = results.get(name, {})
        left = said.executions * every[name].share // shares - before.get("executions", 0)
        campaign = begun(every[name], corpus_of(name))
        # Further executions, not the same ones again.
        campaign.executions = before.get("executions", 0)
        while left > 0:
            campaign.run(min(left, _BATCH), said.seed)
            left -= _BATCH
            results[name] = _row(campaign, before, said.seed)
            if said.json:
                said.json.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n")
        if said.keep:
            kept(campaign)
        sys.stdout.write(_line(name, results.get(name, before)) + "\n")
        for fault in campaign.faults.values():
            sys.stdout.write(f"--- {fault.where}\n{fault.text}\n    input: {fault.data[:400]!r}\n")
    return int(any(row["faults"] for row in results.values()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--target", default="all", help=f"all, or names: {', '.join(targets())}")
    parser.add_argument("--executions", type=int, default=100_000, help="over all targets together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="where what was found is kept, and goes on from")
    parser.add_argument("--keep", action="store_true", help="put inputs with new answers into the corpus, made small")
    return parser


def _row(campaign: Campaign, before: dict[str, Any], seed: int) -> dict[str, Any]:
    faults = {
        each.where: {"text": each.text, "input": base64.b64encode(each.data).decode()}
        for each in campaign.faults.values()
    }
    return {
        "executions": campaign.executions,
        "refused": campaign.refused + before.get("refused", 0),
        "answers": max(len(campaign.answers), before.get("answers", 0)),
        "seconds": round(campaign.seconds + before.get("seconds", 0.0), 1),
        "longest": round(max(campaign.longest, before.get("longest", 0.0)), 3),
        "seeds": sorted({seed, *before.get("seeds", ())}),
        "faults": {**before.get("faults", {}), **faults},
    }


def _line(name: str, row: dict[str, Any]) -> str:
    if not row:
        return f"{name}: nothing run"
    rate = row["executions"] / row["seconds"] if row["seconds"] else 0
    return (
        f"{name}: {row['executions']} executions, {rate:.0f} a second of processor time, longest {row['longest']} s, "
        f"{row['answers']} answers, {len(row['faults'])} faults"
    )


if __name__ == "__main__":
    # Of this process alone: a browser that a test starts could not live with it.
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, resource.RLIM_INFINITY))
    sys.exit(main(sys.argv[1:]))
