"""Mutants of a room, told to its tests: `python -m bench.mutation ROOM [--sample N] [--changed REF] [--again]`.

mutmut makes the mutants and runs each in a fork of a process that has the tests already; here it is told which to make,
to run the quickest tests first, and to stop what takes too much processor time (not time: machines are busy). What was
run is kept in .venv/mutants/ROOM and not run again; `--again` runs survivors again, after tests were written. A
`--sample` is drawn uniformly by its seed, run anew, and to its end, or it is none. With `--changed` only files that
differ from a commit are mutated.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from fnmatch import fnmatch
from pathlib import Path
from random import Random
from typing import Any

from bench.mutation.rooms import PLACE, ROOMS, ROOT, SAMPLE, Room

LONGEST = 60
"""Seconds of processor time after which a mutant is taken for one that never ends."""
KILLED = (1, 3, None)
"""How mutmut writes that tests have failed, or that a mutant was not run."""
EXAMPLES = 40
"""Of a law. A survivor is looked at, and may be told to all of them."""


def laid_out(place: Path, code: Iterable[str], room: Room) -> None:
    """A folder that is this repository to mutmut, which takes what it shall do from pyproject.toml alone."""
    place.mkdir(parents=True, exist_ok=True)
    beside = [path for path in ROOT.iterdir() if path.name not in (".git", ".venv", "pyproject.toml")]
    beside = [path for path in beside if not path.name.endswith("_cache")]
    for path in beside:
        if not (place / path.name).exists():
            (place / path.name).symlink_to(path)
    settings = {
        "source_paths": ["reconciler"],
        "only_mutate": list(code),
        "also_copy": [path.name for path in beside if path.name not in ("reconciler", "tests")],
        "pytest_add_cli_args": ["-p", "no:xdist", "-p", "no:cov"],
        "pytest_add_cli_args_test_selection": list(room.tests),
        "track_dependencies": False,
        "use_git_change_detection": False,
        "process_isolation": "forkserver",
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    text = "\n".join([(ROOT / "pyproject.toml").read_text(encoding="utf-8"), "[tool.mutmut]", *lines, ""])
    if not (written := place / "pyproject.toml").exists() or written.read_text(encoding="utf-8") != text:
        written.write_text(text, encoding="utf-8")


def changed(reference: str, room: Room) -> list[str]:
    """The files of a room that differ from where this branch left another one."""
    words = ["git", "-C", str(ROOT), "diff", "--name-only", "--diff-filter=d", "--merge-base", reference]
    names = subprocess.run(words, capture_output=True, check=True, text=True).stdout.splitlines()
    return [name for name in names if any(fnmatch(name, pattern) for pattern in room.code)]


def forget(which: Callable[[str, int | None], bool]) -> set[str]:
    """The mutants that shall be run from now on as if they had not been: those of which it holds, by name and end."""
    found: set[str] = set()
    for meta in Path("mutants").rglob("*.meta"):
        data = json.loads(meta.read_text())
        codes = data["exit_code_by_key"]
        mine = {key for key, code in codes.items() if which(key, code)}
        data["exit_code_by_key"] = {**codes, **dict.fromkeys(mine)}
        meta.write_text(json.dumps(data))
        found |= mine
    return found


def drawn(names: Iterable[str], size: int, seed: int) -> set[str]:
    """The mutants of a sample. One that is new is kept in a file, and how its mutants ended before is forgotten."""
    every = sorted(names)
    chosen = Random(seed).sample(every, min(size, len(every)))
    said = json.dumps({"size": size, "seed": seed, "mutants": sorted(chosen)}, indent=0)
    if not SAMPLE.exists() or SAMPLE.read_text(encoding="utf-8") != said:
        forget(lambda name, _: name in chosen)
        SAMPLE.write_text(said, encoding="utf-8")
    return set(chosen)


def mutmut(choose: Callable[[list[str]], set[str]]) -> Any:
    """mutmut's program, changed: our operators, those of the mutants that are chosen, quickest tests first, processor
    time.
    """
    from hypothesis import settings
    from mutmut import __main__ as program
    from mutmut.mutation import file_mutation
    from mutmut.state import state
    from mutmut.workers import isolation

    from bench.mutation.operators import OPERATORS

    collected, submit = program.collect_source_file_mutation_data, isolation.ForkServerRunner.submit

    def sample(**names: Any) -> Any:
        mutants, _ = collected(**names)
        chosen = choose([name for _, name, _ in mutants])
        # Once more: to choose may have been to forget how some of them ended.
        mutants, files = collected(**names)
        return [each for each in mutants if each[1] in chosen and each[2] is None], files

    def ordered(self: Any, name: str, tests: Iterable[str], _limit: int, estimate: float) -> None:
        quickest = sorted(tests, key=lambda test: (state().duration_by_test[test], test))
        submit(self, name, quickest, min(LONGEST, 10 + math.ceil(4 * estimate)), estimate)

    type.__setattr__(settings, "max_examples", property(lambda each: min(each._max_examples, EXAMPLES)))
    file_mutation.mutation_operators = OPERATORS
    program.collect_source_file_mutation_data = sample
    isolation.ForkServerRunner.submit = ordered
    isolation.ForkServerRunner.run_clean_tests = lambda _self, _tests=(), **_: 0  # they passed when they were timed
    isolation.register_timeout = lambda *_, **__: None
    return program


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("room", choices=ROOMS)
    parser.add_argument("--every", type=int, default=1, help="one mutant of so many")
    parser.add_argument("--sample", type=int, metavar="N", help="so many mutants, drawn uniformly")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--changed", metavar="REF", help="only files that differ from this commit")
    parser.add_argument("--again", action="store_true", help="run survivors again")
    parser.add_argument("--jobs", type=int, default=1, help="so many at once")
    options = parser.parse_args(arguments)
    room, place = ROOMS[options.room], PLACE / options.room
    code: Iterable[str] = room.code
    if options.changed:
        place = PLACE / f"changed-{options.room}"
        shutil.rmtree(place, ignore_errors=True)
        if not (code := changed(options.changed, room)):
            return
    laid_out(place, code, room)
    os.chdir(place)

    def choose(names: list[str]) -> set[str]:
        if options.sample:
            chosen = drawn(names, options.sample, options.seed)
        else:
            SAMPLE.unlink(missing_ok=True)
            chosen = set(names[:: options.every])
        if not options.again:
            return chosen
        return forget(lambda name, code: code not in KILLED and (name in chosen or not options.sample))

    mutmut(choose)._run((), options.jobs)


if __name__ == "__main__":
    main(sys.argv[1:])
