"""Timed: a command as a whole process, with its seconds and the peak of its memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MESHFORM = str(Path(sys.executable).with_name("meshform"))


@dataclass(frozen=True, slots=True)
class Timed:
    """How a process went. `cpu` is what it worked itself, which says more on a busy machine."""

    output: str
    seconds: float
    cpu: float
    peak_mib: int

    def as_json(self) -> dict[str, object]:
        """The numbers, rounded to what they mean."""
        return {"seconds": round(self.seconds, 3), "cpu_seconds": round(self.cpu, 3), "peak_mib": self.peak_mib}


def timed(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Timed:
    """Run a command to its end. Raises CalledProcessError where it fails."""
    began = time.perf_counter()
    # Its own errors go to the terminal.
    around = {**os.environ, **(environment or {})}
    # As an installation has it: modules are compiled once.
    around.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=around)
    assert process.stdout is not None
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Timed(output, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024)
