"""Forked: a trial in a copy of this process, simulated AWS and all, which is thrown away afterwards."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any


def forked(trial: Callable[[], Any]) -> Any:
    """What a trial gives, as plain data. RuntimeError with its traceback where it raised."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(read)
            try:
                told = {"gave": trial()}
            except BaseException:
                told = {"raised": traceback.format_exc()}
            with os.fdopen(write, "w") as pipe:
                json.dump(told, pipe, default=str)
            code = 0
        finally:
            sys.stdout.flush()
            os._exit(code)
    os.close(write)
    with os.fdopen(read) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    told = json.loads(text) if text else {"raised": "it died without a word"}
    if "raised" in told:
        raise RuntimeError(told["raised"])
    return told["gave"]
