"""What became of the mutants: `python -m bench.mutation.results [--changed]` reads .venv/mutants and prints survivors.

Of the rooms it writes docs/performance/mutation.json; `--changed`: of the files that were changed. A survivor is
looked at by somebody: what no test can tell from the original has its reason in looked_at.toml and is counted apart;
the others are what the tests have yet to notice, and end the run with exit code 1.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from bench.machine import commit, machine
from bench.mutation.rooms import PLACE, ROOMS, ROOT, SAMPLE

LOOKED_AT = Path(__file__).with_name("looked_at.toml")
TABLE = ROOT / "docs" / "performance" / "mutation.json"
BECAME = {0: "survived", 33: "no_test", 1: "killed", 3: "killed", -24: "endless", 24: "endless", 152: "endless"}
OPEN = ("survived", "no_test", "broke_off")


class Mutant(NamedTuple):
    """One change, as its lines before and after."""

    where: str
    was: str
    now: str


def codes(place: Path) -> Iterator[tuple[str, str, int | None]]:
    """Every mutant of a folder: its file, mutmut's name of it, and how its tests ended."""
    for meta in sorted((place / "mutants").rglob("*.meta")):
        path = str(meta.relative_to(place / "mutants")).removesuffix(".meta")
        for name, code in json.loads(meta.read_text())["exit_code_by_key"].items():
            yield path, name, code


def mutant(path: str, name: str) -> Mutant:
    """What was changed; read where mutmut wrote it."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    diff = get_diff_for_mutant(name, path=path).splitlines()[3:]
    function = name.rpartition(".")[2].partition("__mutmut_")[0].removeprefix("x_").strip("xǁ").replace("ǁ", ".")
    was, now = ("\n".join(line[1:].strip() for line in diff if line[0] == sign) for sign in "-+")
    return Mutant(f"{path}::{function}", was, now)


def looked_at() -> dict[Mutant, str]:
    """Mutants that are no other program, each with why."""
    listed = tomllib.loads(LOOKED_AT.read_text(encoding="utf-8")).get("mutant", [])
    return {Mutant(each["where"], each["was"], each["now"]): each["why"] for each in listed}


def judged(place: Path) -> tuple[dict[str, object], list[Mutant]]:
    """The numbers of a folder, and which survivors nobody has explained."""
    known, every = looked_at(), [*codes(place)]
    drawn = json.loads((place / SAMPLE).read_text(encoding="utf-8")) if (place / SAMPLE).exists() else None
    became: Counter[str] = Counter()
    unexplained: list[Mutant] = []
    os.chdir(place)
    for path, name, code in every:
        if code is None or (drawn is not None and name not in drawn["mutants"]):
            continue
        what = BECAME.get(code, "broke_off")
        if what in OPEN:
            found = mutant(path, name)
            if found in known:
                what = "equivalent"
            else:
                unexplained.append(found)
        became[what] += 1
    run = became.total()
    told = run - became["equivalent"]
    score = round(100 * (told - len(unexplained)) / told, 1) if told else 100.0
    said = {"sample": drawn["size"], "seed": drawn["seed"]} if drawn is not None else {}
    return {"mutants": len(every), **said, "run": run, **became, "score": score}, unexplained


def main(*, of_changed: bool) -> int:
    rooms, unexplained = {}, []
    for name in [f"changed-{room}" for room in ROOMS] if of_changed else ROOMS:
        if not (PLACE / name).exists():
            continue
        rooms[name], survivors = judged(PLACE / name)
        unexplained += survivors
    for each in unexplained:
        print(f"{each.where}\n- {each.was}\n+ {each.now}\n")
    print(json.dumps(rooms, indent=2))
    if not of_changed:
        written(rooms, [each._asdict() for each in unexplained])
    return 1 if unexplained else 0


def written(rooms: dict[str, dict[str, object]], survivors: list[dict[str, str]]) -> None:
    """The table, in which rooms that were not run here stay as they were."""
    before = json.loads(TABLE.read_text(encoding="utf-8"))
    mine = [pattern for name in rooms for pattern in ROOMS[name].code]
    kept = [each for each in before["survivors"] if not any(fnmatch(each["where"], pattern) for pattern in mine)]
    here = {name: {"commit": commit(), **found} for name, found in rooms.items()}
    said = {"command": "make mutate", **machine(), "rooms": {**before["rooms"], **here}}
    text = json.dumps({**said, "survivors": [*kept, *survivors]}, indent=1, ensure_ascii=False)
    TABLE.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(of_changed="--changed" in sys.argv))
